// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Estimates how fast work proceeds and how long the rest will take, from the steps of the last ten
 * seconds. Plain arithmetic on times that the caller passes; a rate belongs to one thread at a
 * time.
 */
#ifndef SIGNPOST_INDEXER_RATE_H
#define SIGNPOST_INDEXER_RATE_H

#include <signpost/text.h>

#define SP_RATE_SAMPLES 21 /* half a second apart: the window is ten seconds */

typedef struct sp_rate {
    struct {
        double time_s;
        size_t done;
    } samples[SP_RATE_SAMPLES]; /* a ring; `next` is the oldest once it is full */
    size_t count, next;
    double per_second,
        left_s;         /* the current estimate, renewed once a second so that it is readable */
    double estimated_s; /* when the estimate was renewed */
} sp_rate;

/* Starts over, with no step done. now: seconds, here and below. */
void sp_rate_start(sp_rate *rate, double now);

/* Notes that `done` of `total` steps are done; total 0: unknown. Returns true if there is an
   estimate: *per_second in steps a second, *left_s in seconds. Returns false in the first second,
   if no step was done in the last ten seconds, and if the total is unknown. */
bool sp_rate_estimate(sp_rate *rate, double now, size_t done, size_t total, double *per_second,
                      double *left_s);

/* Appends a duration: "8 s", "2 min 40 s", "1 h 5 min". Long durations are rounded. */
void sp_rate_append_time(sp_str *out, double seconds);

#endif
