// SPDX-License-Identifier: GPL-2.0-or-later
#include "rate.h"

#define SAMPLE_SECONDS 0.5
#define FIRST_SECONDS 1.0 /* before that a rate is a guess */
#define TELL_SECONDS 1.0
#define DAY_SECONDS (24 * 60 * 60.0)

static void
add_sample(sp_rate *pace, double now, size_t done)
{
    pace->samples[pace->next].at = now;
    pace->samples[pace->next].done = done;
    pace->next = (pace->next + 1) % SP_RATE_SAMPLES;
    pace->count += pace->count < SP_RATE_SAMPLES;
}

void
sp_rate_start(sp_rate *pace, double now)
{
    *pace = (sp_rate){0};
    add_sample(pace, now, 0);
}

bool
sp_rate_estimate(sp_rate *pace, double now, size_t done, size_t total, double *rate, double *left)
{
    size_t newest = (pace->next + SP_RATE_SAMPLES - 1) % SP_RATE_SAMPLES;
    size_t oldest = pace->count < SP_RATE_SAMPLES ? 0 : pace->next;
    double seconds = now - pace->samples[oldest].at;
    size_t steps = done > pace->samples[oldest].done ? done - pace->samples[oldest].done : 0;
    bool due = pace->rate <= 0 || now - pace->told_at >= TELL_SECONDS;
    if (seconds >= FIRST_SECONDS && due) {
        pace->rate = (double)steps / seconds;
        pace->left = steps > 0 && total >= done ? (double)(total - done) / pace->rate : 0;
        pace->told_at = now;
    }
    if (now - pace->samples[newest].at >= SAMPLE_SECONDS)
        add_sample(pace, now, done);
    *rate = pace->rate;
    *left = pace->left;
    return total > 0 && pace->rate > 0;
}

void
sp_rate_append_time(sp_str *out, double seconds)
{
    if (seconds < 1)
        sp_str_append_text(out, "1 s");
    else if (seconds < 60)
        sp_str_append_format(out, "%d s", (int)seconds);
    else if (seconds < 10 * 60)
        sp_str_append_format(out, "%d min %d s", (int)seconds / 60, (int)seconds % 60 / 10 * 10);
    else if (seconds < 60 * 60)
        sp_str_append_format(out, "%d min", (int)seconds / 60);
    else if (seconds < 100 * DAY_SECONDS)
        sp_str_append_format(out, "%d h %d min", (int)seconds / 3600, (int)seconds % 3600 / 60);
    else
        sp_str_append_text(out, "months");
}
