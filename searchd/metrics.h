// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the daemon counts, and its page for Prometheus (text format 0.0.4).
 *
 * All counters are atomic and relaxed: threads add to them without waiting for each other, and a
 * page that is read meanwhile may be short of what happens while it is made.
 */
#ifndef SIGNPOST_SEARCHD_METRICS_H
#define SIGNPOST_SEARCHD_METRICS_H

#include <signpost/text.h>

#include <stdatomic.h>

#define SP_METRIC_ROUTES 16 /* at most; the last stands for paths that are none */

/* Upper ends of the histogram's buckets are 100 us times 2.5, 2, 2, 2.5 ... up to 10 s. */
#define SP_METRIC_BUCKETS 16

enum sp_rejection { SP_REJECTED_FULL, SP_REJECTED_ADDRESS, SP_REJECTED_FILES, SP_REJECTED_SLOW };

#define SP_METRIC_REJECTIONS 4
#define SP_METRIC_STATUSES 16

typedef _Atomic uint64_t sp_counter;

typedef struct sp_metrics {
    sp_counter requests[SP_METRIC_ROUTES][SP_METRIC_STATUSES];
    sp_counter durations[SP_METRIC_ROUTES][SP_METRIC_BUCKETS + 1]; /* the last: longer */
    sp_counter microseconds[SP_METRIC_ROUTES];
    sp_counter cache_hits, cache_misses, cache_bytes, cache_entries;
    sp_counter connections, rejected[SP_METRIC_REJECTIONS];
    sp_counter rate_limited;
    sp_counter index_changes;
} sp_metrics;

/* What is known only when the page is made. */
typedef struct sp_metrics_now {
    const char *(*route_name)(size_t route); /* NULL where there is none */
    uint64_t open_connections;
    bool ready;
    sp_bytes revision;
    uint32_t posts, resources;
    uint64_t index_bytes;
} sp_metrics_now;

static inline void
sp_count(sp_counter *counter, uint64_t by)
{
    atomic_fetch_add_explicit(counter, by, memory_order_relaxed);
}

static inline void
sp_discount(sp_counter *counter, uint64_t by)
{
    atomic_fetch_sub_explicit(counter, by, memory_order_relaxed);
}

/* One answered request. */
void sp_metrics_request(sp_metrics *metrics, size_t route, unsigned status, uint64_t took_us);

void sp_metrics_print(const sp_metrics *metrics, const sp_metrics_now *now, sp_str *out);

#endif
