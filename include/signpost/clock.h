// SPDX-License-Identifier: GPL-2.0-or-later
/* Monotonic time, for deadlines and durations. For any thread. */
#ifndef SIGNPOST_CLOCK_H
#define SIGNPOST_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Microseconds since an arbitrary instant in the past. */
static inline uint64_t
sp_now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* The same time in milliseconds; sp_now_s returns it in seconds. */
static inline int64_t
sp_now_ms(void)
{
    return (int64_t)(sp_now_us() / 1000);
}

/* What is left of a time limit that began at `began`, at least 1. 0, which means no limit, stays
   0. */
static inline uint64_t
sp_time_left(uint64_t limit_us, uint64_t began)
{
    uint64_t passed = sp_now_us() - began;
    return limit_us == 0 ? 0 : passed < limit_us ? limit_us - passed : 1;
}

static inline double
sp_now_s(void)
{
    return (double)sp_now_us() / 1e6;
}

#endif
