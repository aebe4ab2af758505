// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The counters of the daemon, and their output for Prometheus (text format 0.0.4).
 *
 * Any thread may count: all counters are atomic and relaxed, so threads never wait for each other.
 * The output can miss events that happen while it is written.
 */
#ifndef SIGNPOST_SEARCHD_METRICS_H
#define SIGNPOST_SEARCHD_METRICS_H

#include <signpost/text.h>

#include <pthread.h>
#include <stdatomic.h>

#define SP_METRIC_ROUTES 20 /* maximum number of routes; the last counts requests without a route */

/* The upper bounds of the histogram buckets go from 100 us to 10 s: each is 2.5, 2 and 2 times the
   bound before it, in turn. */
#define SP_METRIC_BUCKETS 16

enum sp_rejection { SP_REJECTED_FULL, SP_REJECTED_ADDRESS, SP_REJECTED_FILES, SP_REJECTED_SLOW };

#define SP_METRIC_REJECTIONS 4

enum sp_query_refusal { SP_REFUSED_FULL, SP_REFUSED_ADDRESS, SP_REFUSED_LATE, SP_REFUSED_GONE };

#define SP_METRIC_REFUSALS 4
#define SP_METRIC_STATUSES 16

typedef _Atomic uint64_t sp_counter;

typedef struct sp_metrics {
    sp_counter requests[SP_METRIC_ROUTES][SP_METRIC_STATUSES];
    sp_counter durations[SP_METRIC_ROUTES][SP_METRIC_BUCKETS + 1]; /* the last: above 10 s */
    sp_counter microseconds[SP_METRIC_ROUTES];
    sp_counter cache_hits, cache_misses, cache_bytes, cache_entries;
    sp_counter connections, rejected[SP_METRIC_REJECTIONS];
    sp_counter rate_limited;
    sp_counter queries_running, queries_waiting, queries_shared,
        queries_refused[SP_METRIC_REFUSALS];
    sp_counter index_changes;
} sp_metrics;

/* Where the figures of the process itself are read. The files are opened early, because a confined
   process may not open them later. */
typedef struct sp_process {
    int stat, files;      /* /proc/self/stat, /proc/self/fd; -1: not readable */
    pthread_mutex_t lock; /* guards the position in `files` */
} sp_process;

void sp_process_open(sp_process *process);
void sp_process_close(sp_process *process);

/* Values that the caller reads when the output is written. */
typedef struct sp_metrics_now {
    const char *(*route_name)(size_t route); /* returns NULL for an unused number */
    sp_process *process;
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

/* Counts an answered request. */
void sp_metrics_request(sp_metrics *metrics, size_t route, unsigned status, uint64_t took_us);

/* Appends all metrics. */
void sp_metrics_print(const sp_metrics *metrics, const sp_metrics_now *now, sp_str *out);

#endif
