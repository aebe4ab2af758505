// SPDX-License-Identifier: GPL-2.0-or-later
/* The CPU time of this process. */
#ifndef SIGNPOST_TESTS_SUPPORT_CPU_TIME_H
#define SIGNPOST_TESTS_SUPPORT_CPU_TIME_H

#include <time.h>

/* Microseconds. */
static inline double
cpu_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

#endif
