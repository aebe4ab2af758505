/* Time that never jumps, for deadlines and durations. */
#ifndef SEARCHD_CLOCK_H
#define SEARCHD_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Microseconds since some instant in the past. */
static inline uint64_t
sp_now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

#endif
