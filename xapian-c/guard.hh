// SPDX-License-Identifier: GPL-2.0-or-later
// The boundary between C and C++: every entry point that can fail runs its body in guard().
#pragma once

#include "xapian-c.h"

#include <xapian.h>

#include <cstring>
#include <string>

static_assert(XAPIAN_MAJOR_VERSION == 1, "written for libxapian 1.4, whose results are lazy");

namespace xc
{

// How many attempts a read gets when a writer overtakes it. Measured during 170 commits a second:
// 1 % of searches fail with one attempt, 0.01 % with five.
constexpr int attempts = 5;

// Failures that the binding itself throws, inside guard().
struct Failure {
    xc_error error;
};

[[noreturn]] void refuse(xc_status status, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// Refuses with errno as the reason: "cannot WHAT PATH: REASON". The status is XC_NO_MEMORY or
// XC_IO.
[[noreturn]] void refuse_system(const char *what, const std::string &path);

// Sets the text of an error, on one line. Cuts long text between characters. Allocates no memory.
void set_text(xc_error *err, const char *text, size_t len) noexcept;

// Maps the exception that is being handled to a status and, unless err is NULL, fills in err.
xc_status translate(xc_error *err) noexcept;

// The only try block in the library except translate(), which rethrows to find the type.
template <class Body>
xc_status
guard(xc_error *err, Body &&body) noexcept
{
    try {
        body();
        return XC_OK;
    } catch (...) {
        return translate(err);
    }
}

// A read that fails as stale or corrupt may succeed after a reopen.
inline bool
is_transient(xc_status status)
{
    return status == XC_STALE || status == XC_CORRUPT;
}

// Refuses NULL for a required argument.
inline void
need(const void *pointer, const char *what)
{
    if (!pointer)
        refuse(XC_BAD_ARGUMENT, "%s is NULL", what);
}

inline void
assign(std::string &to, xc_bytes from)
{
    if (from.len)
        need(from.data, "data of bytes with a length");
    to.assign(from.len ? from.data : "", from.len);
}

inline std::string
to_string(xc_bytes bytes)
{
    std::string string;
    assign(string, bytes);
    return string;
}

inline xc_bytes
borrow(const std::string &string)
{
    return {string.data(), string.size()};
}

// Refuses terms that Xapian would accept now but reject at the commit, losing the whole batch.
inline void
check_term(xc_bytes term, const char *what = "term")
{
    if (term.len == 0 || term.len > XC_TERM_MAX)
        refuse(XC_BAD_ARGUMENT, "%s must have 1 to %d bytes (got %zu)", what, XC_TERM_MAX,
               term.len);
    need(term.data, what);
    if (std::memchr(term.data, '\0', term.len))
        refuse(XC_BAD_ARGUMENT, "%s contains a NUL byte", what);
}

// The number behind an enumerator. C callers can pass any number, and reading an enumerator that
// C++ does not know would be undefined behaviour.
template <class Enum>
unsigned
raw(const Enum &value)
{
    unsigned number;
    static_assert(sizeof number == sizeof value, "enumerations of C are as wide as int");
    std::memcpy(&number, &value, sizeof number);
    return number;
}

inline void
check_slot(uint32_t slot)
{
    if (slot == Xapian::BAD_VALUENO)
        refuse(XC_BAD_ARGUMENT, "slot must be below %u (got %u)", Xapian::BAD_VALUENO, slot);
}

inline int
checked_block_size(uint32_t size)
{
    if (size && (size < 2048 || size > 65536 || (size & (size - 1))))
        refuse(XC_BAD_ARGUMENT, "block size must be a power of two from 2048 to 65536 (got %u)",
               size);
    return static_cast<int>(size);
}

} // namespace xc
