// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE /* sigaltstack, SA_ONSTACK */

#include <signpost/crash.h>

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_SANITIZER 1
#endif
#endif

#ifdef HAS_SANITIZER

void
sp_on_crash(const char *message, int exit_code)
{
    (void)message, (void)exit_code;
}

#else

static const char *crash_message;
static size_t crash_message_len;
static int crash_code;

static void
end(int signal)
{
    (void)signal;
    (void)!write(STDERR_FILENO, crash_message, crash_message_len);
    _exit(crash_code);
}

/* The handler has a stack of its own, because the program's may be exhausted. */
void
sp_on_crash(const char *message, int exit_code)
{
    static char space[64 * 1024];
    static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    const stack_t stack = {.ss_sp = space, .ss_size = sizeof space};
    struct sigaction action = {.sa_handler = end, .sa_flags = SA_ONSTACK | (int)SA_RESETHAND};
    crash_message = message;
    crash_message_len = strlen(message);
    crash_code = exit_code;
    sigaltstack(&stack, NULL);
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigaction(signals[i], &action, NULL);
}

#endif
