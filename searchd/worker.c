// SPDX-License-Identifier: GPL-2.0-or-later
#include "worker.h"

#include <signpost/clock.h>
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

/* Microseconds between two checks for a new revision. Clients must see a new revision within a
   second; a check takes only microseconds. */
#define CHECK_INTERVAL 100000

#define MEBIBYTE ((size_t)1024 * 1024)
/* Bytes of unpacked records that the caches of all threads contain together, at most. */
#define RECORDS (7 * MEBIBYTE)

static void
free_worker(void *pointer)
{
    sp_worker *worker = pointer;
    sp_cache_clear(&worker->cache);
    sp_reader_close(worker->reader);
    sp_arena_done(&worker->arena);
    sp_str_done(&worker->revision);
    sp_str_done(&worker->key);
    sp_str_done(&worker->text);
    sp_str_done(&worker->body);
    free(worker);
}

int
sp_worker_key_create(sp_server *server)
{
    return pthread_key_create(&server->worker, free_worker);
}

sp_worker *
sp_worker_get(sp_server *server)
{
    sp_worker *worker = pthread_getspecific(server->worker);
    if (worker) {
        sp_arena_clear(&worker->arena);
        return worker;
    }
    worker = calloc(1, sizeof *worker);
    if (!worker || pthread_setspecific(server->worker, worker) != 0) {
        free(worker);
        return NULL;
    }
    worker->server = server;
    worker->cache.metrics = &server->metrics;
    worker->cache.max = server->options->cache * MEBIBYTE / server->options->threads;
    return worker;
}

void
sp_worker_note_revision(sp_worker *worker, sp_bytes revision)
{
    if (sp_bytes_equal(sp_str_bytes(&worker->revision), revision))
        return;
    sp_cache_clear(&worker->cache);
    sp_str_clear(&worker->revision);
    sp_str_append(&worker->revision, revision);
    uint64_t hash = XXH3_64bits(revision.data, revision.len);
    uint64_t before = atomic_exchange(&worker->server->revision, hash);
    if (before == hash)
        return;
    worker->generation = atomic_fetch_add(&worker->server->generation, 1) + 1;
    if (before != 0)
        sp_count(&worker->server->metrics.index_changes, 1);
}

/* Reports on standard error when the index becomes unusable and when it is available again. */
static void
report(sp_server *server, enum sp_status status, const sp_error *err)
{
    if (atomic_exchange(&server->index_status, (int)status) == (int)status)
        return;
    if (status == SP_OK)
        fputs("searchd: the index is available again\n", stderr);
    else
        fprintf(stderr, "searchd: %s%s%s\n", err->path, err->path[0] != '\0' ? ": " : "",
                err->text);
}

static enum sp_status
refresh(sp_worker *worker, sp_error *err)
{
    bool changed;
    const sp_texts *indexes = &worker->server->options->indexes;
    bool opened = worker->reader != NULL;
    enum sp_status status =
        opened ? sp_reader_refresh(worker->reader, &changed, err)
               : sp_reader_open(indexes->items, indexes->count, &worker->reader, err);
    if (status == SP_OK && !opened)
        sp_reader_set_cache(worker->reader, RECORDS / worker->server->options->threads);
    if (status == SP_NOT_FOUND || status == SP_DAMAGED) { /* the index was removed or replaced */
        sp_reader_close(worker->reader);
        worker->reader = NULL;
        sp_cache_clear(&worker->cache);
        sp_str_clear(&worker->revision);
    }
    if (status == SP_OK)
        sp_worker_note_revision(worker, sp_reader_revision(worker->reader));
    return status;
}

bool
sp_worker_ready(sp_worker *worker, sp_problem *problem)
{
    sp_error err = {0};
    uint64_t now = sp_now_us();
    uint64_t generation = atomic_load(&worker->server->generation);
    bool due = worker->checked == 0 || now - worker->checked >= CHECK_INTERVAL ||
               worker->generation != generation;
    if (due) {
        worker->checked = now;
        worker->generation = generation;
        report(worker->server, refresh(worker, &err), &err);
    }
    bool damaged = sp_verifier_found_damage(worker->server->verifier);
    if (worker->reader && !damaged)
        return true;
    sp_problem_set(problem, 503, damaged ? "the index is damaged" : "no index is available yet");
    problem->retry_after = 1;
    return false;
}
