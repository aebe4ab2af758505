// SPDX-License-Identifier: GPL-2.0-or-later
#include "rate.h"

#define SAMPLE_SECONDS 0.5
#define FIRST_SECONDS 1.0 /* an earlier estimate would be a guess */
#define RENEW_SECONDS 1.0
#define DAY_SECONDS (24 * 60 * 60.0)

static void
add_sample(sp_rate *rate, double now, size_t done)
{
    rate->samples[rate->next].time_s = now;
    rate->samples[rate->next].done = done;
    rate->next = (rate->next + 1) % SP_RATE_SAMPLES;
    rate->count += rate->count < SP_RATE_SAMPLES;
}

void
sp_rate_start(sp_rate *rate, double now)
{
    *rate = (sp_rate){0};
    add_sample(rate, now, 0);
}

bool
sp_rate_estimate(sp_rate *rate, double now, size_t done, size_t total, double *per_second,
                 double *left_s)
{
    size_t newest = (rate->next + SP_RATE_SAMPLES - 1) % SP_RATE_SAMPLES;
    size_t oldest = rate->count < SP_RATE_SAMPLES ? 0 : rate->next;
    double seconds = now - rate->samples[oldest].time_s;
    size_t steps = done > rate->samples[oldest].done ? done - rate->samples[oldest].done : 0;
    bool due = rate->per_second <= 0 || now - rate->estimated_s >= RENEW_SECONDS;
    if (seconds >= FIRST_SECONDS && due) {
        rate->per_second = (double)steps / seconds;
        rate->left_s = steps > 0 && total >= done ? (double)(total - done) / rate->per_second : 0;
        rate->estimated_s = now;
    }
    if (now - rate->samples[newest].time_s >= SAMPLE_SECONDS)
        add_sample(rate, now, done);
    *per_second = rate->per_second;
    *left_s = rate->left_s;
    return total > 0 && rate->per_second > 0;
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
