// SPDX-License-Identifier: GPL-2.0-or-later
// The one place where an exception of libxapian's cannot be caught: its destructors.
#include "guard.hh"

#include <atomic>
#include <exception>

using namespace xc;

namespace
{

std::atomic<void (*)(const xc_error *)> handler;
std::terminate_handler before; // set once

// Rethrows what was thrown, which translate() takes apart.
void
tell()
{
    xc_error cause = {XC_INTERNAL, "ended without an exception"};
    if (auto thrown = std::current_exception())
        guard(&cause, [&] { std::rethrow_exception(thrown); });
    if (auto told = handler.load())
        told(&cause);
    before();
}

} // namespace

void
xc_on_terminate(void (*told)(const xc_error *cause))
{
    static const bool first = (before = std::set_terminate(tell), true);
    (void)first;
    handler = told;
}
