#include "progress.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define CELLS 30
#define INTERVAL_NS 100000000L

struct sp_progress_bar {
    sp_run_progress *progress;
    pthread_t thread;
    pthread_mutex_t mutex; /* guards stop */
    pthread_cond_t wake;
    bool stop;
    struct timespec began;
};

static double
seconds_since(const struct timespec *began)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - began->tv_sec) + (double)(now.tv_nsec - began->tv_nsec) / 1e9;
}

static void
draw(const sp_progress_bar *bar)
{
    char cells[CELLS + 1];
    size_t files = atomic_load(&bar->progress->total);
    size_t done = atomic_load(&bar->progress->done);
    double seconds = seconds_since(&bar->began);
    size_t filled = files > 0 ? done * CELLS / files : 0;
    for (size_t i = 0; i < CELLS; i++)
        cells[i] = i < filled ? '#' : '.';
    cells[CELLS] = '\0';
    fprintf(stderr, "\r[%s] %zu/%zu files", cells, done, files);
    if (done > 0 && seconds > 0.5)
        fprintf(stderr, ", %.0f/s, %.0f s left", (double)done / seconds,
                (double)(files - done) * seconds / (double)done);
    fputs("\033[K", stderr);
    fflush(stderr);
}

static void *
keep_drawing(void *argument)
{
    sp_progress_bar *bar = argument;
    pthread_mutex_lock(&bar->mutex);
    while (!bar->stop) {
        struct timespec until;
        draw(bar);
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += INTERVAL_NS;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        pthread_cond_timedwait(&bar->wake, &bar->mutex, &until);
    }
    pthread_mutex_unlock(&bar->mutex);
    fputs("\r\033[K", stderr);
    return NULL;
}

sp_progress_bar *
sp_progress_bar_start(sp_run_progress *progress)
{
    sp_progress_bar *bar = calloc(1, sizeof *bar);
    if (!bar)
        return NULL;
    bar->progress = progress;
    clock_gettime(CLOCK_MONOTONIC, &bar->began);
    pthread_mutex_init(&bar->mutex, NULL);
    pthread_cond_init(&bar->wake, NULL);
    if (pthread_create(&bar->thread, NULL, keep_drawing, bar) == 0)
        return bar;
    free(bar);
    return NULL;
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
    pthread_cond_destroy(&bar->wake);
    pthread_mutex_destroy(&bar->mutex);
    free(bar);
}
