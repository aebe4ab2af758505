// SPDX-License-Identifier: GPL-2.0-or-later
#include "parallel.h"

#include <signpost/memory.h>

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

struct loop {
    sp_parallel_step step;
    void *context;
    size_t count;
    pthread_mutex_t mutex; /* guards all below */
    size_t next;
    enum sp_status status;
    sp_error err;
};

static bool
next_index(struct loop *loop, size_t *index)
{
    pthread_mutex_lock(&loop->mutex);
    bool taken = loop->status == SP_OK && loop->next < loop->count;
    if (taken)
        *index = loop->next++;
    pthread_mutex_unlock(&loop->mutex);
    return taken;
}

static void
record_failure(struct loop *loop, enum sp_status status, const sp_error *err)
{
    pthread_mutex_lock(&loop->mutex);
    if (loop->status == SP_OK) {
        loop->status = status;
        loop->err = *err;
    }
    pthread_mutex_unlock(&loop->mutex);
}

static void *
work(void *argument)
{
    struct loop *loop = argument;
    size_t index;
    while (next_index(loop, &index)) {
        sp_error err = {0};
        size_t failures = sp_memory_failures();
        enum sp_status status = loop->step(loop->context, index, &err);
        if (status == SP_OK)
            status = sp_memory_check(failures, &err);
        if (status != SP_OK)
            record_failure(loop, status, &err);
    }
    return NULL;
}

enum sp_status
sp_parallel(size_t jobs, size_t count, sp_parallel_step step, void *context, sp_error *err)
{
    struct loop loop = {.step = step, .context = context, .count = count};
    size_t started = 0, wanted = (jobs < count ? jobs : count);
    pthread_t *threads = wanted > 1 ? calloc(wanted - 1, sizeof *threads) : NULL;
    pthread_mutex_init(&loop.mutex, NULL);
    while (threads && started + 1 < wanted &&
           pthread_create(&threads[started], NULL, work, &loop) == 0)
        started++;
    work(&loop);
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    pthread_mutex_destroy(&loop.mutex);
    free(threads);
    if (loop.status != SP_OK && err)
        *err = loop.err;
    return loop.status;
}
