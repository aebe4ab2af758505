// SPDX-License-Identifier: GPL-2.0-or-later
// Statuses: their names, and how exceptions are mapped to them.
#include "guard.hh"

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <exception>
#include <new>
#include <stdexcept>

void
xc::set_text(xc_error *err, const char *text, size_t len) noexcept
{
    size_t n = len < sizeof err->text ? len : sizeof err->text - 1;
    if (n < len)
        while (n > 0 && (static_cast<unsigned char>(text[n]) & 0xC0) == 0x80)
            n--;
    for (size_t i = 0; i < n; i++)
        err->text[i] = static_cast<unsigned char>(text[i]) < ' ' ? ' ' : text[i];
    err->text[n] = '\0';
}

namespace
{

xc_status
report(xc_error *err, xc_status status, const char *text, size_t len)
{
    if (err) {
        err->status = status;
        xc::set_text(err, text, len);
    }
    return status;
}

xc_status
report(xc_error *err, xc_status status, const char *text)
{
    return report(err, status, text, std::strlen(text));
}

// get_msg() returns a reference; get_description() would allocate memory, and an allocation may
// have just failed. Adding the operating system's reason allocates memory too; if that fails, the
// text stays without the reason. An allocation that fails inside libc, when a file is opened,
// arrives here as an error of that file.
xc_status
report(xc_error *err, xc_status status, const Xapian::Error &error)
{
    const std::string &text = error.get_msg();
    const char *reason = nullptr;
    xc_status read = xc::guard(nullptr, [&] { reason = error.get_error_string(); });
    if (read == XC_NO_MEMORY || (reason && std::strcmp(reason, std::strerror(ENOMEM)) == 0))
        status = XC_NO_MEMORY;
    report(err, status, text.data(), text.size());
    if (!err || !reason)
        return status;
    xc::guard(nullptr, [&] {
        std::string both = text + ": " + reason;
        xc::set_text(err, both.data(), both.size());
    });
    return status;
}

// The context names the server.
xc_status
report_network(xc_error *err, const Xapian::Error &error)
{
    xc_status status = report(err, XC_NETWORK, error);
    if (!err)
        return status;
    xc::guard(nullptr, [&] {
        std::string text = err->text;
        if (!error.get_context().empty())
            text = error.get_context() + ": " + text;
        xc::set_text(err, text.data(), text.size());
    });
    return status;
}

} // namespace

void
xc::refuse(xc_status status, const char *format, ...)
{
    Failure failure;
    char text[sizeof failure.error.text + 8];
    va_list arguments;
    va_start(arguments, format);
    int n = std::vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    report(&failure.error, status, n < 0 ? format : text);
    throw failure;
}

void
xc::refuse_system(const char *what, const std::string &path)
{
    refuse(errno == ENOMEM ? XC_NO_MEMORY : XC_IO, "cannot %s %.150s: %s", what, path.c_str(),
           std::strerror(errno));
}

// Matches by type, the most derived type first: subclasses of one base map to different statuses.
// DatabaseClosedError means a lost connection, because the binding never closes a database itself.
xc_status
xc::translate(xc_error *err) noexcept
{
    try {
        throw;
    } catch (const Failure &e) {
        return report(err, e.error.status, e.error.text);
    } catch (const Xapian::DatabaseModifiedError &e) {
        return report(err, XC_STALE, e);
    } catch (const Xapian::DatabaseCorruptError &e) {
        return report(err, XC_CORRUPT, e);
    } catch (const Xapian::DatabaseLockError &e) {
        return report(err, XC_LOCKED, e);
    } catch (const Xapian::DatabaseNotFoundError &e) {
        return report(err, XC_NOT_FOUND, e);
    } catch (const Xapian::DatabaseVersionError &e) {
        return report(err, XC_UNSUPPORTED, e);
    } catch (const Xapian::DatabaseClosedError &e) {
        return report(err, XC_NETWORK, e);
    } catch (const Xapian::DatabaseError &e) {
        return report(err, XC_IO, e);
    } catch (const Xapian::DocNotFoundError &e) {
        return report(err, XC_NOT_FOUND, e);
    } catch (const Xapian::NetworkError &e) {
        return report_network(err, e);
    } catch (const Xapian::UnimplementedError &e) {
        return report(err, XC_UNSUPPORTED, e);
    } catch (const Xapian::FeatureUnavailableError &e) {
        return report(err, XC_UNSUPPORTED, e);
    } catch (const Xapian::InvalidArgumentError &e) {
        return report(err, XC_BAD_ARGUMENT, e);
    } catch (const Xapian::WildcardError &e) {
        return report(err, XC_BAD_ARGUMENT, e);
    } catch (const Xapian::Error &e) {
        return report(err, XC_INTERNAL, e);
    } catch (const std::bad_alloc &) {
        return report(err, XC_NO_MEMORY, "out of memory");
    } catch (const std::length_error &) {
        return report(err, XC_NO_MEMORY, "string too long");
    } catch (const std::exception &e) {
        return report(err, XC_INTERNAL, e.what());
    } catch (...) {
        return report(err, XC_INTERNAL, "unknown exception");
    }
}

const char *
xc_status_name(xc_status status)
{
    switch (xc::raw(status)) {
    case XC_OK:
        return "ok";
    case XC_NO_MEMORY:
        return "no memory";
    case XC_BAD_ARGUMENT:
        return "bad argument";
    case XC_NOT_FOUND:
        return "not found";
    case XC_LOCKED:
        return "locked";
    case XC_STALE:
        return "stale";
    case XC_CORRUPT:
        return "corrupt";
    case XC_UNSUPPORTED:
        return "unsupported";
    case XC_NETWORK:
        return "network";
    case XC_TIMEOUT:
        return "timeout";
    case XC_CANCELLED:
        return "cancelled";
    case XC_IO:
        return "io";
    case XC_INTERNAL:
        return "internal";
    }
    return "unknown";
}

const char *
xc_version(void)
{
    return XC_VERSION;
}

const char *
xc_xapian_version(void)
{
    return Xapian::version_string();
}
