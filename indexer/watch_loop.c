// SPDX-License-Identifier: GPL-2.0-or-later
#include "watch_loop.h"

#include "engine/base/bound.h"
#include "console.h"

#include <signpost/clock.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <xxhash.h>

/* Milliseconds after which a run is tried again if its files changed, if it failed, or if the index
   was locked. If runs keep failing, the time doubles up to FAILED_MAX_MS, because a run that fails
   on a full disk costs as much as a full run. */
#define STALE_MS 1000
#define LOCKED_MS 1000
#define FAILED_MS 2000
#define FAILED_MAX_MS 64000
/* If files are saved during a run, the run is repeated, because a post may have been missing at the
   instant when the run listed the files. It is not repeated if it took longer than LONG_RUN_MS, or
   if runs have been repeated for UNSTABLE_MS. */
#define LONG_RUN_MS 2000
#define UNSTABLE_MS 5000
/* Seconds between two polls where inotify cannot be used. */
#define POLL_SECONDS 2

struct watch_loop_state {
    sp_indexer_options options; /* of the next run */
    sp_run_progress *progress;
    sp_watch *watch;
    bool succeeded;        /* at least one run has succeeded */
    bool printed_watching; /* the message about watching or polling was printed */
    unsigned failures;     /* since the last success */
    int64_t began_ms;      /* start of the current run, by the monotonic clock */
    int64_t stale_ms;      /* start of the current series of stale runs; 0: no such series */
    enum sp_status status;
    sp_error failure;   /* of the last run, unless status is SP_OK */
    uint64_t *reported; /* hashes of the errors of the last complete run, ascending */
    size_t reported_count;
};

/* Errors that were printed before */

static uint64_t
hash_error(const sp_run_error *error)
{
    unsigned place[] = {error->line, error->column};
    uint64_t hash = XXH64(error->path.data, error->path.len, 0);
    hash = XXH64(error->text.data, error->text.len, hash);
    return XXH64(place, sizeof place, hash);
}

/* Sets *new_errors to a shallow copy of the report with only the errors that were not printed
   before, or with all errors if memory is out. */
static void
keep_new_errors(const struct watch_loop_state *loop, sp_run_report *report,
                sp_run_report *new_errors)
{
    *new_errors = *report;
    sp_run_error *errors = sp_arena_array(&report->arena, report->error_count, sizeof *errors);
    if (!errors)
        return;
    new_errors->errors = errors;
    new_errors->error_count = 0;
    for (size_t i = 0; i < report->error_count; i++) {
        uint64_t hash = hash_error(&report->errors[i]);
        if (!sp_has_hash(loop->reported, loop->reported_count, hash))
            errors[new_errors->error_count++] = report->errors[i];
    }
}

/* Remembers the errors of the report as printed. Returns true if an error that was printed before
   is fixed. */
static bool
remember_errors(struct watch_loop_state *loop, const sp_run_report *report)
{
    bool fixed = false;
    uint64_t *reported = calloc(report->error_count + 1, sizeof *reported);
    if (!reported)
        return false;
    for (size_t i = 0; i < report->error_count; i++)
        reported[i] = hash_error(&report->errors[i]);
    qsort(reported, report->error_count, sizeof *reported, sp_compare_hashes);
    for (size_t i = 0; i < loop->reported_count; i++)
        fixed |= !sp_has_hash(reported, report->error_count, loop->reported[i]);
    free(loop->reported);
    loop->reported = reported;
    loop->reported_count = report->error_count;
    return fixed;
}

/* Printing the outcome of a run */

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
print_failure(const struct watch_loop_state *loop, enum sp_status status, const sp_error *err)
{
    sp_error waiting = *err;
    bool same = loop->status == status && strcmp(loop->failure.path, err->path) == 0 &&
                strcmp(loop->failure.text, err->text) == 0;
    if (status == SP_LOCKED && loop->status != SP_LOCKED) {
        snprintf(waiting.text, sizeof waiting.text, "%.450s; waiting for it to finish", err->text);
        sp_console_failure(&waiting);
    } else if (status != SP_LOCKED && !same) {
        sp_console_failure(err);
    }
}

/* Prints the summary if the index changed, or to show that a failure or an error in a post is
   over. */
static void
print_success(const struct watch_loop_state *loop, const sp_run_report *report, bool fixed)
{
    const sp_indexer_options *options = &loop->options;
    bool over = loop->status != SP_OK && loop->status != SP_LOCKED;
    bool is_news = report->published || !loop->succeeded || over || fixed;
    if (options->verbosity < 0 || (!is_news && options->verbosity == 0))
        return;
    print_time_of_day();
    sp_console_summary(options, report);
    fflush(stdout);
}

static void
print_outcome(struct watch_loop_state *loop, enum sp_status status, sp_run_report *report,
              const sp_error *err)
{
    bool complete = status == SP_OK || (status == SP_BAD_INPUT && report->revision.data);
    bool fixed = false;
    if (complete) {
        sp_run_report new_errors;
        keep_new_errors(loop, report, &new_errors);
        sp_console_errors(&new_errors);
        sp_console_left_out(report);
        sp_console_warnings(&loop->options, report);
        fixed = remember_errors(loop, report);
    }
    if (status == SP_OK)
        print_success(loop, report, fixed);
    else
        print_failure(loop, status, err);
    sp_console_drops(&loop->options, report);
    sp_console_report(&loop->options, report);
}

/* Watching */

static void
print_watching(struct watch_loop_state *loop, const char *why)
{
    unsigned seconds = loop->options.poll;
    if (loop->options.verbosity >= 0 && why)
        fprintf(stderr, "indexer: %s; looking for changes every %u s\n", why, seconds);
    else if (loop->options.verbosity >= 0 && seconds > 0)
        fprintf(stderr, "indexer: looking for changes every %u s\n", seconds);
    else if (loop->options.verbosity >= 0)
        fputs("indexer: watching for changes\n", stderr);
    loop->printed_watching = true;
}

static void
set_watch(struct watch_loop_state *loop, const sp_run_report *report)
{
    sp_error err;
    if (loop->options.poll == 0 && report->watchlist.count > 0 &&
        sp_watch_set(loop->watch, &report->watchlist, &err) != SP_OK) {
        loop->options.poll = POLL_SECONDS;
        print_watching(loop, err.text);
    }
    if (!loop->printed_watching)
        print_watching(loop, NULL);
}

/* The runs */

static bool
is_stable(void *context, bool partially_written)
{
    struct watch_loop_state *loop = context;
    int64_t now = sp_now_ms();
    if (now - loop->began_ms > LONG_RUN_MS ||
        (loop->stale_ms > 0 && now - loop->stale_ms > UNSTABLE_MS))
        return true;
    return !partially_written && sp_watch_is_quiet(loop->watch);
}

/* Not time(): it may be behind CLOCK_REALTIME, which the watch waits for, by up to a second. */
static int64_t
seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec;
}

static int64_t
milliseconds_until_next(const struct watch_loop_state *loop)
{
    if (loop->stale_ms > 0)
        return STALE_MS; /* or sooner, at the next change */
    if (loop->status == SP_LOCKED)
        return LOCKED_MS;
    if (loop->status != SP_OK) {
        unsigned shift = loop->failures < 6 ? loop->failures - 1 : 5;
        int64_t wait = (int64_t)FAILED_MS << shift;
        return wait < FAILED_MAX_MS ? wait : FAILED_MAX_MS;
    }
    return loop->options.poll > 0 ? (int64_t)loop->options.poll * 1000 : -1;
}

static void
note_outcome(struct watch_loop_state *loop, enum sp_status status, const sp_error *err)
{
    if (status == SP_STALE && loop->stale_ms == 0)
        loop->stale_ms = loop->began_ms;
    if (status == SP_STALE)
        return; /* the run will be repeated */
    loop->stale_ms = 0;
    loop->status = status;
    loop->failures = status == SP_OK || status == SP_LOCKED ? 0 : loop->failures + 1;
    loop->failure = *err;
    if (status != SP_OK)
        return;
    loop->succeeded = true;
    loop->options.run.full = false; /* only the first run rebuilds */
    if (loop->options.progress == SP_AUTOMATIC)
        loop->options.progress = SP_NEVER; /* later runs take milliseconds */
}

/* Does one run, and waits until the next run is due. Returns false after the last run. */
static bool
run_and_wait(struct watch_loop_state *loop, int *exit_code)
{
    sp_run_report report = {0};
    sp_error err = {0};
    loop->options.run.site.now = seconds_now();
    loop->began_ms = sp_now_ms();
    enum sp_status status = sp_console_run(&loop->options, loop->progress, &report, &err);
    bool goes_on = !atomic_load(&loop->progress->cancel);
    *exit_code = 0;
    if ((goes_on && status != SP_STALE) || status == SP_OK)
        print_outcome(loop, status, &report, &err);
    bool may_begin = status == SP_OK || status == SP_LOCKED || status == SP_STALE;
    if (goes_on && !loop->succeeded && !may_begin) {
        *exit_code = sp_console_exit_code(status, &report);
        goes_on = false;
    }
    note_outcome(loop, status, &err);
    if (goes_on)
        set_watch(loop, &report);
    int64_t due = status == SP_OK ? report.due : 0;
    sp_run_report_done(&report);
    if (goes_on)
        sp_watch_wait(loop->watch, milliseconds_until_next(loop), due, &loop->progress->cancel);
    return goes_on && !atomic_load(&loop->progress->cancel);
}

int
sp_watch_loop(const sp_indexer_options *options, sp_run_progress *progress)
{
    int exit_code;
    sp_error err;
    struct watch_loop_state loop = {.options = *options, .progress = progress};
    loop.options.run.is_stable = is_stable;
    loop.options.run.context = &loop;
    enum sp_status status = sp_watch_open(&loop.watch, &err);
    if (status != SP_OK) {
        sp_console_failure(&err);
        return sp_status_exit_code(status);
    }
    while (run_and_wait(&loop, &exit_code)) {
    }
    sp_watch_close(loop.watch);
    free(loop.reported);
    return exit_code;
}
