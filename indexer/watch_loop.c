// SPDX-License-Identifier: GPL-2.0-or-later
#include "watch_loop.h"

#include "engine/base/bound.h"
#include "console.h"

#include <signpost/clock.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <xxhash.h>

/* Milliseconds after which a run that could not be made is tried again. A failure that lasts (a
   full disk costs as much as a full run) is tried ever more rarely. */
#define STALE_MS 1000
#define LOCKED_MS 1000
#define FAILED_MS 2000
#define FAILED_MOST_MS 64000
/* A run while files are being saved is made again, for a post may have been away for the instant in
   which it was looked for: unless it was a long one, or there has been no rest for so long. */
#define LONG_RUN_MS 2000
#define RESTLESS_MS 5000
/* Seconds between looks where nothing tells of changes. */
#define POLL_SECONDS 2

struct stay {
    sp_indexer_options options; /* of the next run */
    sp_run_progress *progress;
    sp_watch *watch;
    bool begun;        /* a run has succeeded */
    bool announced;    /* it has been said how changes are noticed */
    unsigned failures; /* in a row */
    int64_t began_ms;  /* the run that goes on, by the monotonic clock */
    int64_t stale_ms;  /* the first of those that were dropped since the last that was not; or 0 */
    enum sp_status status;
    sp_error failure; /* the last, while status is not SP_OK */
    uint64_t *told;   /* problems of the last run that came to its end, ascending hashes */
    size_t told_count;
};

/* Problems that were told of */

static uint64_t
hash_error(const sp_run_error *error)
{
    unsigned place[] = {error->line, error->column};
    uint64_t hash = XXH64(error->path.data, error->path.len, 0);
    hash = XXH64(error->text.data, error->text.len, hash);
    return XXH64(place, sizeof place, hash);
}

/* Leaves only what is new in *news, a copy of the report's head. Where memory is out, all is. */
static void
leave_new_errors(const struct stay *stay, sp_run_report *report, sp_run_report *news)
{
    *news = *report;
    sp_run_error *errors = sp_arena_array(&report->arena, report->error_count, sizeof *errors);
    if (!errors)
        return;
    news->errors = errors;
    news->error_count = 0;
    for (size_t i = 0; i < report->error_count; i++) {
        uint64_t hash = hash_error(&report->errors[i]);
        if (!sp_has_hash(stay->told, stay->told_count, hash))
            errors[news->error_count++] = report->errors[i];
    }
}

/* True when one that was told of is no more. */
static bool
remember_errors(struct stay *stay, const sp_run_report *report)
{
    bool mended = false;
    uint64_t *told = calloc(report->error_count + 1, sizeof *told);
    if (!told)
        return false;
    for (size_t i = 0; i < report->error_count; i++)
        told[i] = hash_error(&report->errors[i]);
    qsort(told, report->error_count, sizeof *told, sp_compare_hashes);
    for (size_t i = 0; i < stay->told_count; i++)
        mended |= !sp_has_hash(told, report->error_count, stay->told[i]);
    free(stay->told);
    stay->told = told;
    stay->told_count = report->error_count;
    return mended;
}

/* What a run has to say */

static void
print_time_of_day(void)
{
    char text[16];
    struct tm local;
    time_t now = time(NULL);
    if (localtime_r(&now, &local) && strftime(text, sizeof text, "%H:%M:%S ", &local) > 0)
        fputs(text, stdout);
}

static void
say_failure(const struct stay *stay, enum sp_status status, const sp_error *err)
{
    sp_error waiting = *err;
    bool same = stay->status == status && strcmp(stay->failure.path, err->path) == 0 &&
                strcmp(stay->failure.text, err->text) == 0;
    if (status == SP_LOCKED && stay->status != SP_LOCKED) {
        snprintf(waiting.text, sizeof waiting.text, "%.450s; waiting for its end", err->text);
        sp_console_failure(&waiting);
    } else if (status != SP_LOCKED && !same) {
        sp_console_failure(err);
    }
}

/* Who saw a failure or a broken post wants to see that it is over, though the index may be as it
   was. */
static void
say_success(const struct stay *stay, const sp_run_report *report, bool mended)
{
    const sp_indexer_options *options = &stay->options;
    bool over = stay->status != SP_OK && stay->status != SP_LOCKED;
    bool news = report->published || !stay->begun || over || mended;
    if (options->verbosity < 0 || (!news && options->verbosity == 0))
        return;
    print_time_of_day();
    sp_console_summary(options, report);
    fflush(stdout);
}

static void
say(struct stay *stay, enum sp_status status, sp_run_report *report, const sp_error *err)
{
    bool complete = status == SP_OK || (status == SP_BAD_INPUT && report->revision.data);
    bool mended = false;
    if (complete) {
        sp_run_report news;
        leave_new_errors(stay, report, &news);
        sp_console_errors(&news);
        sp_console_warnings(&stay->options, report);
        mended = remember_errors(stay, report);
    }
    if (status == SP_OK)
        say_success(stay, report, mended);
    else
        say_failure(stay, status, err);
    sp_console_fallen(&stay->options, report);
    sp_console_report(&stay->options, report);
}

/* How changes are noticed */

static void
announce(struct stay *stay, const char *why)
{
    unsigned seconds = stay->options.poll;
    if (stay->options.verbosity >= 0 && why)
        fprintf(stderr, "indexer: %s; looking for changes every %u s\n", why, seconds);
    else if (stay->options.verbosity >= 0 && seconds > 0)
        fprintf(stderr, "indexer: looking for changes every %u s\n", seconds);
    else if (stay->options.verbosity >= 0)
        fputs("indexer: watching for changes\n", stderr);
    stay->announced = true;
}

static void
set_watch(struct stay *stay, const sp_run_report *report)
{
    sp_error err;
    if (stay->options.poll == 0 && report->watchlist.count > 0 &&
        sp_watch_set(stay->watch, &report->watchlist, &err) != SP_OK) {
        stay->options.poll = POLL_SECONDS;
        announce(stay, err.text);
    }
    if (!stay->announced)
        announce(stay, NULL);
}

/* The runs */

static bool
is_still(void *context, bool half_saved)
{
    struct stay *stay = context;
    int64_t now = sp_now_ms();
    if (now - stay->began_ms > LONG_RUN_MS ||
        (stay->stale_ms > 0 && now - stay->stale_ms > RESTLESS_MS))
        return true;
    return !half_saved && sp_watch_is_still(stay->watch);
}

/* Not time(), which may still show the second before the one that the watch has waited for. */
static int64_t
seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec;
}

static int64_t
milliseconds_until_next(const struct stay *stay)
{
    if (stay->stale_ms > 0)
        return STALE_MS; /* if not sooner, for what has changed */
    if (stay->status == SP_LOCKED)
        return LOCKED_MS;
    if (stay->status != SP_OK) {
        unsigned shift = stay->failures < 6 ? stay->failures - 1 : 5;
        int64_t wait = (int64_t)FAILED_MS << shift;
        return wait < FAILED_MOST_MS ? wait : FAILED_MOST_MS;
    }
    return stay->options.poll > 0 ? (int64_t)stay->options.poll * 1000 : -1;
}

static void
note_outcome(struct stay *stay, enum sp_status status, const sp_error *err)
{
    if (status == SP_STALE && stay->stale_ms == 0)
        stay->stale_ms = stay->began_ms;
    if (status == SP_STALE)
        return; /* as if it had not been */
    stay->stale_ms = 0;
    stay->status = status;
    stay->failures = status == SP_OK || status == SP_LOCKED ? 0 : stay->failures + 1;
    stay->failure = *err;
    if (status != SP_OK)
        return;
    stay->begun = true;
    stay->options.run.full = false; /* asked for once */
    if (stay->options.progress == SP_AUTOMATIC)
        stay->options.progress = SP_NEVER; /* a bar for milliseconds would only flicker */
}

/* One run, and waiting for the next. False when that was the last. */
static bool
go_round(struct stay *stay, int *exit_code)
{
    sp_run_report report = {0};
    sp_error err = {0};
    stay->options.run.site.now = seconds_now();
    stay->began_ms = sp_now_ms();
    enum sp_status status = sp_console_run(&stay->options, stay->progress, &report, &err);
    bool goes_on = !atomic_load(&stay->progress->cancel);
    *exit_code = 0;
    if ((goes_on && status != SP_STALE) || status == SP_OK)
        say(stay, status, &report, &err);
    bool may_begin = status == SP_OK || status == SP_LOCKED || status == SP_STALE;
    if (goes_on && !stay->begun && !may_begin) {
        *exit_code = sp_console_exit_code(status, &report);
        goes_on = false;
    }
    note_outcome(stay, status, &err);
    if (goes_on)
        set_watch(stay, &report);
    int64_t due = status == SP_OK ? report.due : 0;
    sp_run_report_done(&report);
    if (goes_on)
        sp_watch_wait(stay->watch, milliseconds_until_next(stay), due, &stay->progress->cancel);
    return goes_on && !atomic_load(&stay->progress->cancel);
}

int
sp_watch_loop(const sp_indexer_options *options, sp_run_progress *progress)
{
    int exit_code;
    sp_error err;
    struct stay stay = {.options = *options, .progress = progress};
    stay.options.run.is_still = is_still;
    stay.options.run.context = &stay;
    enum sp_status status = sp_watch_open(&stay.watch, &err);
    if (status != SP_OK) {
        sp_console_failure(&err);
        return sp_status_exit_code(status);
    }
    while (go_round(&stay, &exit_code)) {
    }
    sp_watch_close(stay.watch);
    free(stay.told);
    return exit_code;
}
