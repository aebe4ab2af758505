// SPDX-License-Identifier: GPL-2.0-or-later
#include "progress.h"

#include "rate.h"
#include "progress_text.h"

#include <signpost/clock.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define INTERVAL_MS 100
#define COLUMNS_UNKNOWN 80
#define CLEAR_LINE "\r\033[K"

struct sp_progress_bar {
    sp_run_progress *progress;
    bool lines; /* plain lines instead of a bar */
    pthread_t thread;
    pthread_cond_t wake;
    pthread_mutex_t mutex; /* guards all below and standard error */
    bool stop, drawn;
    enum sp_phase phase;
    size_t total;
    double began_s;   /* start of the phase */
    double printed_s; /* when the last plain line was printed */
    sp_rate rate;
    sp_str text;
};

/* Leaves one column free, because some terminals wrap after the last one. */
static size_t
columns(void)
{
    struct winsize size;
    int known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
    return (size_t)(known > 0 ? known : COLUMNS_UNKNOWN) - 1;
}

bool
sp_progress_has_terminal(void)
{
    const char *terminal = getenv("TERM");
    return isatty(STDERR_FILENO) && !(terminal && strcmp(terminal, "dumb") == 0);
}

/* The caller holds the mutex. */

static sp_progress_state
current_state(sp_progress_bar *bar, double now)
{
    sp_progress_state state = {.phase = bar->phase, .total = bar->total};
    state.done = atomic_load(&bar->progress->done);
    state.seconds = now - bar->began_s;
    state.has_rate =
        sp_rate_estimate(&bar->rate, now, state.done, state.total, &state.rate, &state.left);
    return state;
}

static void
draw(sp_progress_bar *bar)
{
    double now = sp_now_s();
    sp_progress_state state = current_state(bar, now);
    sp_progress_text_bar(&state, columns(), &bar->text);
    if (bar->text.failed)
        return;
    fprintf(stderr, "\r%s\033[K", bar->text.data);
    bar->drawn = true;
}

static void
print_line(sp_progress_bar *bar)
{
    double now = sp_now_s();
    sp_progress_state state = current_state(bar, now);
    if (now - bar->printed_s < SP_PROGRESS_LINE_SECONDS)
        return;
    sp_progress_text_line(&state, &bar->text);
    if (!bar->text.failed)
        fprintf(stderr, "indexer: %s\n", bar->text.data);
    bar->printed_s = now;
}

static void
print_end(sp_progress_bar *bar)
{
    bar->printed_s = sp_now_s();
    sp_progress_state state = current_state(bar, bar->printed_s);
    sp_progress_text_end(&state, &bar->text);
    if (bar->lines && !bar->text.failed)
        fprintf(stderr, "indexer: %s\n", bar->text.data);
}

static void
enter_phase(sp_progress_bar *bar, enum sp_phase phase, size_t total)
{
    double now = sp_now_s();
    if (phase != bar->phase || bar->began_s == 0)
        bar->began_s = now;
    bar->phase = phase;
    bar->total = total;
    atomic_store(&bar->progress->done, 0);
    sp_rate_start(&bar->rate, now);
}

/* Called in the run's thread. A phase that begins a second time continues. */
static void
begin(void *context, enum sp_phase phase, size_t total)
{
    sp_progress_bar *bar = context;
    pthread_mutex_lock(&bar->mutex);
    if (phase != bar->phase)
        print_end(bar);
    enter_phase(bar, phase, total);
    pthread_mutex_unlock(&bar->mutex);
}

static void
wait_for(sp_progress_bar *bar, int milliseconds)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += milliseconds * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    while (!bar->stop && pthread_cond_timedwait(&bar->wake, &bar->mutex, &until) == 0)
        continue;
}

static void *
show_until_stopped(void *argument)
{
    sp_progress_bar *bar = argument;
    pthread_mutex_lock(&bar->mutex);
    wait_for(bar, SP_PROGRESS_DELAY_MS);
    while (!bar->stop) {
        if (bar->lines)
            print_line(bar);
        else
            draw(bar);
        wait_for(bar, INTERVAL_MS);
    }
    if (bar->drawn)
        fputs(CLEAR_LINE, stderr);
    pthread_mutex_unlock(&bar->mutex);
    return NULL;
}

static void
make_condition(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
}

static void
bar_free(sp_progress_bar *bar)
{
    pthread_cond_destroy(&bar->wake);
    pthread_mutex_destroy(&bar->mutex);
    sp_str_done(&bar->text);
    free(bar);
}

sp_progress_bar *
sp_progress_bar_start(sp_run_progress *progress)
{
    sp_progress_bar *bar = calloc(1, sizeof *bar);
    if (!bar)
        return NULL;
    bar->progress = progress;
    bar->lines = !sp_progress_has_terminal();
    bar->printed_s = sp_now_s();
    pthread_mutex_init(&bar->mutex, NULL);
    make_condition(&bar->wake);
    enter_phase(bar, SP_PHASE_START, 0);
    if (pthread_create(&bar->thread, NULL, show_until_stopped, bar) != 0) {
        bar_free(bar);
        return NULL;
    }
    progress->begin = begin;
    progress->context = bar;
    return bar;
}

void
sp_progress_bar_stop(sp_progress_bar *bar)
{
    if (!bar)
        return;
    pthread_mutex_lock(&bar->mutex);
    bar->stop = true;
    pthread_cond_signal(&bar->wake);
    pthread_mutex_unlock(&bar->mutex);
    pthread_join(bar->thread, NULL);
    print_end(bar);
    bar->progress->begin = NULL;
    bar_free(bar);
}
