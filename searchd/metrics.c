// SPDX-License-Identifier: GPL-2.0-or-later
#include "metrics.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static const uint32_t bucket_ends[SP_METRIC_BUCKETS] = {
    100,   250,    500,    1000,   2500,    5000,    10000,   25000,
    50000, 100000, 250000, 500000, 1000000, 2500000, 5000000, 10000000};

/* The statuses that are counted separately. All other statuses are counted together, as "0". */
static const unsigned statuses[SP_METRIC_STATUSES] = {200, 204, 304, 400, 404, 405, 408, 413,
                                                      414, 417, 429, 431, 500, 503, 505, 0};

void
sp_metrics_request(sp_metrics *metrics, size_t route, unsigned status, uint64_t took_us)
{
    size_t place = 0, bucket = 0;
    while (statuses[place] != 0 && statuses[place] != status)
        place++;
    while (bucket < SP_METRIC_BUCKETS && took_us > bucket_ends[bucket])
        bucket++;
    sp_count(&metrics->requests[route][place], 1);
    sp_count(&metrics->durations[route][bucket], 1);
    sp_count(&metrics->microseconds[route], took_us);
}

static void
put_head(sp_str *out, const char *name, const char *type, const char *help)
{
    sp_str_append_format(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void
put_number(sp_str *out, const char *name, const char *type, const char *help, uint64_t value)
{
    put_head(out, name, type, help);
    sp_str_append_format(out, "%s %llu\n", name, (unsigned long long)value);
}

/* Appends the value of a label, escaped for the text format. */
static void
put_label(sp_str *out, sp_bytes value)
{
    for (size_t i = 0; i < value.len; i++) {
        if (value.data[i] == '\\' || value.data[i] == '"')
            sp_str_append_char(out, '\\');
        if (value.data[i] == '\n')
            sp_str_append_text(out, "\\n");
        else
            sp_str_append_char(out, value.data[i]);
    }
}

static void
put_requests(const sp_metrics *metrics, const sp_metrics_now *now, sp_str *out)
{
    put_head(out, "searchd_requests_total", "counter", "Requests answered, by route and status.");
    for (size_t route = 0; route < SP_METRIC_ROUTES; route++) {
        for (size_t place = 0; place < SP_METRIC_STATUSES; place++) {
            uint64_t count = atomic_load(&metrics->requests[route][place]);
            if (now->route_name(route) && count > 0)
                sp_str_append_format(
                    out, "searchd_requests_total{route=\"%s\",status=\"%u\"} %llu\n",
                    now->route_name(route), statuses[place], (unsigned long long)count);
        }
    }
}

static void
put_durations(const sp_metrics *metrics, const char *name, size_t route, sp_str *out)
{
    uint64_t count = 0;
    for (size_t bucket = 0; bucket < SP_METRIC_BUCKETS; bucket++) {
        count += atomic_load(&metrics->durations[route][bucket]);
        sp_str_append_format(
            out, "searchd_request_duration_seconds_bucket{route=\"%s\",le=\"%g\"} %llu\n", name,
            bucket_ends[bucket] / 1e6, (unsigned long long)count);
    }
    count += atomic_load(&metrics->durations[route][SP_METRIC_BUCKETS]);
    sp_str_append_format(out,
                         "searchd_request_duration_seconds_bucket{route=\"%s\",le=\"+Inf\"} %llu\n"
                         "searchd_request_duration_seconds_sum{route=\"%s\"} %.6f\n"
                         "searchd_request_duration_seconds_count{route=\"%s\"} %llu\n",
                         name, (unsigned long long)count, name,
                         (double)atomic_load(&metrics->microseconds[route]) / 1e6, name,
                         (unsigned long long)count);
}

static void
put_all_durations(const sp_metrics *metrics, const sp_metrics_now *now, sp_str *out)
{
    put_head(out, "searchd_request_duration_seconds", "histogram",
             "Time from the request line to the last byte passed to the kernel, by route.");
    for (size_t route = 0; route < SP_METRIC_ROUTES; route++) {
        if (now->route_name(route))
            put_durations(metrics, now->route_name(route), route, out);
    }
}

static void
put_cache(const sp_metrics *metrics, sp_str *out)
{
    put_number(out, "searchd_cache_hits_total", "counter", "Answers from the cache.",
               atomic_load(&metrics->cache_hits));
    put_number(out, "searchd_cache_misses_total", "counter", "Answers that were not in the cache.",
               atomic_load(&metrics->cache_misses));
    put_number(out, "searchd_cache_bytes", "gauge", "Memory of the cached answers.",
               atomic_load(&metrics->cache_bytes));
    put_number(out, "searchd_cache_entries", "gauge", "Cached answers.",
               atomic_load(&metrics->cache_entries));
}

static void
put_connections(const sp_metrics *metrics, const sp_metrics_now *now, sp_str *out)
{
    static const char *const reasons[SP_METRIC_REJECTIONS] = {"connections", "address", "files",
                                                              "slow"};
    put_number(out, "searchd_connections_open", "gauge", "Open connections.",
               now->open_connections);
    put_number(out, "searchd_connections_total", "counter", "Connections accepted.",
               atomic_load(&metrics->connections));
    put_head(out, "searchd_connections_rejected_total", "counter",
             "Connections refused or cut off, by reason.");
    for (size_t i = 0; i < SP_METRIC_REJECTIONS; i++)
        sp_str_append_format(out, "searchd_connections_rejected_total{reason=\"%s\"} %llu\n",
                             reasons[i], (unsigned long long)atomic_load(&metrics->rejected[i]));
    put_number(out, "searchd_rate_limited_total", "counter", "Requests over the rate limit.",
               atomic_load(&metrics->rate_limited));
}

static void
put_queries(const sp_metrics *metrics, sp_str *out)
{
    static const char *const reasons[SP_METRIC_REFUSALS] = {"queue", "address", "late", "gone"};
    put_number(out, "searchd_queries_running", "gauge", "Queries that are being answered.",
               atomic_load(&metrics->queries_running));
    put_number(out, "searchd_queries_waiting", "gauge", "Queries that wait for others to end.",
               atomic_load(&metrics->queries_waiting));
    put_number(out, "searchd_queries_shared_total", "counter",
               "Queries that were answered with the same query of another client.",
               atomic_load(&metrics->queries_shared));
    put_head(out, "searchd_queries_refused_total", "counter",
             "Queries that were not run, by reason.");
    for (size_t i = 0; i < SP_METRIC_REFUSALS; i++)
        sp_str_append_format(out, "searchd_queries_refused_total{reason=\"%s\"} %llu\n", reasons[i],
                             (unsigned long long)atomic_load(&metrics->queries_refused[i]));
}

static void
put_index(const sp_metrics *metrics, const sp_metrics_now *now, sp_str *out)
{
    put_number(out, "searchd_index_ready", "gauge", "1 if the index can be searched, else 0.",
               now->ready);
    put_number(out, "searchd_index_changes_total", "counter", "Changes of the index revision.",
               atomic_load(&metrics->index_changes));
    if (!now->ready)
        return;
    put_head(out, "searchd_index_info", "gauge", "Revision of the index.");
    sp_str_append_text(out, "searchd_index_info{revision=\"");
    put_label(out, now->revision);
    sp_str_append_text(out, "\"} 1\n");
    put_head(out, "searchd_index_documents", "gauge", "Documents in the index, by kind.");
    sp_str_append_format(out,
                         "searchd_index_documents{kind=\"post\"} %u\n"
                         "searchd_index_documents{kind=\"resource\"} %u\n",
                         now->posts, now->resources);
    put_number(out, "searchd_index_bytes", "gauge",
               "Size of the index files; 0 for remote indexes.", now->index_bytes);
}

/* The open descriptors of this process: its entries in /proc/self/fd. */
static uint64_t
open_files(sp_process *process)
{
    uint64_t count = 0;
    pthread_mutex_lock(&process->lock);
    int copy = process->files >= 0 ? fcntl(process->files, F_DUPFD_CLOEXEC, 3) : -1;
    DIR *entries = copy >= 0 ? fdopendir(copy) : NULL;
    if (entries)
        rewinddir(entries);
    while (entries && readdir(entries))
        count++;
    if (entries)
        closedir(entries);
    else if (copy >= 0)
        close(copy);
    pthread_mutex_unlock(&process->lock);
    return count > 3 ? count - 3 : 0; /* without ".", ".." and `copy` */
}

/* Reads fields of /proc/self/stat (proc(5)). Returns false if it cannot be read. */
static bool
read_stat(const sp_process *process, unsigned long long *start_ticks, long *pages)
{
    char text[1024];
    ssize_t len = process->stat >= 0 ? pread(process->stat, text, sizeof text - 1, 0) : -1;
    text[len > 0 ? len : 0] = '\0';
    const char *rest = strrchr(text, ')'); /* the name before it may contain any character */
    return rest && sscanf(rest + 1,
                          " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d "
                          "%*d %*d %llu %*u %ld",
                          start_ticks, pages) == 2;
}

void
sp_process_open(sp_process *process)
{
    pthread_mutex_init(&process->lock, NULL);
    process->stat = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
    process->files = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

void
sp_process_close(sp_process *process)
{
    if (process->stat >= 0)
        close(process->stat);
    if (process->files >= 0)
        close(process->files);
    pthread_mutex_destroy(&process->lock);
}

static void
put_process(sp_process *process, sp_str *out)
{
    unsigned long long ticks;
    long pages;
    struct timespec wall, up;
    if (!read_stat(process, &ticks, &pages))
        return;
    clock_gettime(CLOCK_REALTIME, &wall);
    clock_gettime(CLOCK_BOOTTIME, &up);
    double started = (double)ticks / (double)sysconf(_SC_CLK_TCK);
    put_head(out, "process_start_time_seconds", "gauge", "Start time of the daemon, in Unix time.");
    sp_str_append_format(out, "process_start_time_seconds %.2f\n",
                         (double)(wall.tv_sec - up.tv_sec) + started);
    put_number(out, "process_resident_memory_bytes", "gauge", "Resident memory.",
               (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE));
    put_number(out, "process_open_fds", "gauge", "Open file descriptors.", open_files(process));
}

void
sp_metrics_print(const sp_metrics *metrics, const sp_metrics_now *now, sp_str *out)
{
    put_requests(metrics, now, out);
    put_all_durations(metrics, now, out);
    put_cache(metrics, out);
    put_connections(metrics, now, out);
    put_queries(metrics, out);
    put_index(metrics, now, out);
    put_process(now->process, out);
}
