// SPDX-License-Identifier: GPL-2.0-or-later
// Reports exceptions that libxapian throws in destructors, where nobody can catch them.
#include "guard.hh"

#include <atomic>
#include <exception>

using namespace xc;

namespace
{

std::atomic<void (*)(const xc_error *)> handler;
std::terminate_handler previous; // set once

// Rethrows the exception so that guard() can translate it.
void
call_handler()
{
    xc_error cause = {XC_INTERNAL, "process terminated without an exception"};
    if (auto thrown = std::current_exception())
        guard(&cause, [&] { std::rethrow_exception(thrown); });
    if (auto report = handler.load())
        report(&cause);
    previous();
}

} // namespace

void
xc_on_terminate(void (*new_handler)(const xc_error *cause))
{
    static const bool first = (previous = std::set_terminate(call_handler), true);
    (void)first;
    handler = new_handler;
}
