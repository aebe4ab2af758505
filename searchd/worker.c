// SPDX-License-Identifier: GPL-2.0-or-later
#include "worker.h"

#include <signpost/clock.h>
#include <signpost/printable.h>
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

_Static_assert(SP_CHOICE_MAX == SP_DATABASE_NAME_MAX, "sp_verifier_choose is a reader's `choose`");

/* Microseconds between two checks for a new revision. Clients must see a new revision within a
   second; a check takes only microseconds. */
#define CHECK_INTERVAL 100000

/* Microseconds for which no thread asks the remote databases after one did not answer: each attempt
   can hold a thread for as long as a query may take. */
#define RETRY_INTERVAL 1000000

#define MEBIBYTE ((size_t)1024 * 1024)
/* Bytes of unpacked records that the caches of libmicrohttpd's threads contain together, at most,
   and those of query_threads.h. */
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
    sp_worker_share_records(worker, server->options->threads);
    worker->cache.max = server->options->cache * MEBIBYTE / server->options->threads;
    return worker;
}

void
sp_worker_share_records(sp_worker *worker, uint32_t sharers)
{
    worker->records = RECORDS / sharers;
}

void
sp_worker_drop(sp_server *server)
{
    sp_worker *worker = pthread_getspecific(server->worker);
    if (worker && pthread_setspecific(server->worker, NULL) == 0)
        free_worker(worker);
}

void
sp_worker_note_revision(sp_worker *worker, sp_bytes revision)
{
    if (sp_bytes_equal(sp_str_bytes(&worker->revision), revision))
        return;
    sp_cache_clear(&worker->cache);
    sp_str_restart(&worker->revision);
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
    char line[SP_ERROR_LINE_MAX];
    if (atomic_exchange(&server->index_status, (int)status) == (int)status)
        return;
    if (status == SP_OK)
        fputs("searchd: the index is available again\n", stderr);
    else
        fprintf(stderr, "searchd: %s\n", sp_error_line(err, line));
}

static enum sp_status
open_reader(sp_worker *worker, sp_error *err)
{
    const sp_server *server = worker->server;
    uint64_t began = sp_now_us();
    const sp_databases databases = {.paths = server->options->sources.indexes.items,
                                    .count = server->options->sources.indexes.count,
                                    .remotes = server->remotes.items,
                                    .remote_count = server->remotes.count,
                                    .timeout_us = (uint64_t)server->options->query_timeout * 1000,
                                    .choose = server->verifier ? sp_verifier_choose : NULL,
                                    .choose_context = server->verifier};
    enum sp_status status = sp_reader_open_databases(&databases, &worker->reader, err);
    if (status != SP_OK)
        return status;
    sp_reader_set_cache(worker->reader, worker->records);
    sp_reader_set_timeout(worker->reader, sp_time_left(databases.timeout_us, began));
    return SP_OK;
}

static enum sp_status
refresh(sp_worker *worker, sp_error *err)
{
    bool changed;
    enum sp_status status = worker->reader ? sp_reader_refresh(worker->reader, &changed, err)
                                           : open_reader(worker, err);
    if (status == SP_NOT_FOUND || status == SP_DAMAGED) { /* the index was removed or replaced */
        sp_reader_close(worker->reader);
        worker->reader = NULL;
        sp_cache_clear(&worker->cache);
        sp_str_restart(&worker->revision);
    }
    if (status == SP_OK)
        sp_worker_note_revision(worker, sp_reader_revision(worker->reader));
    return status;
}

/* Whether this thread must not ask the remote databases now. After the interval one thread asks,
   and the others wait for its result. */
static bool
must_wait(sp_server *server, uint64_t now)
{
    uint64_t retry_at = atomic_load(&server->retry_at);
    if (retry_at == 0)
        return false;
    return retry_at > now ||
           !atomic_compare_exchange_strong(&server->retry_at, &retry_at, now + RETRY_INTERVAL);
}

static void
check_index(sp_worker *worker)
{
    sp_error err = {0};
    sp_server *server = worker->server;
    enum sp_status status = refresh(worker, &err);
    bool remote = server->remotes.count > 0;
    worker->cut_off = remote && (status == SP_IO || status == SP_TIMEOUT);
    if (worker->cut_off)
        atomic_store(&server->retry_at, sp_now_us() + RETRY_INTERVAL);
    else if (remote)
        atomic_store(&server->retry_at, 0);
    report(server, status, &err);
}

bool
sp_worker_ready(sp_worker *worker, sp_problem *problem)
{
    uint64_t now = sp_now_us();
    uint64_t generation = atomic_load(&worker->server->generation);
    bool due = worker->checked == 0 || worker->revision.failed ||
               now - worker->checked >= CHECK_INTERVAL || worker->generation != generation ||
               worker->cut_off;
    if (must_wait(worker->server, now))
        return sp_problem_busy(problem, "a remote database does not answer");
    if (worker->reader)
        sp_reader_set_timeout(worker->reader,
                              (uint64_t)worker->server->options->query_timeout * 1000);
    if (due) {
        if (worker->reader && worker->generation != generation)
            sp_reader_doubt(worker->reader);
        worker->checked = now;
        worker->generation = generation;
        check_index(worker);
    }
    if (worker->cut_off)
        return sp_problem_busy(problem, "a remote database does not answer");
    if (sp_verifier_found_damage(worker->server->verifier))
        return sp_problem_busy(problem, "the index is damaged");
    if (worker->revision.failed)
        return sp_problem_busy(problem, "out of memory");
    return worker->reader || sp_problem_busy(problem, "no index is available yet");
}

sp_bytes
sp_worker_title(const sp_worker *worker)
{
    const char *given = worker->server->options->title;
    if (*given)
        return sp_bytes_of(given);
    return worker->reader ? sp_reader_title(worker->reader) : SP_LITERAL("");
}

void
sp_worker_doubt(sp_worker *worker)
{
    worker->checked = 0;
}
