// SPDX-License-Identifier: GPL-2.0-or-later
/* Tells users what to do when a program crashes: libxapian 1.4 crashes on some damaged databases.
   Call from the main thread before other threads start; other threads have no stack of their own
   for the handler. */
#ifndef SIGNPOST_CRASH_H
#define SIGNPOST_CRASH_H

/* From now on, a signal that means a crash (such as SIGSEGV) prints the message, a line that is
   borrowed for ever, to standard error and ends the program with the exit code. In a build with a
   sanitizer, which reports crashes itself, this does nothing. */
void sp_on_crash(const char *message, int exit_code);

#endif
