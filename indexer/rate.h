// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How fast work goes, and how long it will still take: the rate over the last seconds, so that
 * what was quicker or slower long ago counts no more. Plain arithmetic on the caller's clock; one
 * thread at a time.
 */
#ifndef SIGNPOST_INDEXER_RATE_H
#define SIGNPOST_INDEXER_RATE_H

#include <signpost/text.h>

#define SP_RATE_SAMPLES 21 /* half a second apart: the window is ten seconds */

typedef struct sp_rate {
    struct {
        double at; /* seconds */
        size_t done;
    } samples[SP_RATE_SAMPLES]; /* a ring; `next` is the oldest once it is full */
    size_t count, next;
    double rate, left; /* as told; anew each second, so that what is shown can be read */
    double told_at;
} sp_rate;

/* Begins anew; nothing is done at that time. */
void sp_rate_start(sp_rate *pace, double now);

/* Notes that so many steps of the total are done. False while it is too early to tell, or nothing
   moves, or the total is not known (0); else *rate is in steps a second and *left in seconds. */
bool sp_rate_estimate(sp_rate *pace, double now, size_t done, size_t total, double *rate,
                      double *left);

/* Appends a time as people say it: "8 s", "2 min 40 s", "1 h 5 min". Long ones are rounded. */
void sp_rate_append_time(sp_str *out, double seconds);

#endif
