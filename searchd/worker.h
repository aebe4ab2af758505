// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A worker: the state of one thread of the daemon, so that answering needs no lock (with the two
 * exceptions that docs/architecture.md names).
 *
 * The threads are those of libmicrohttpd, and those of query_threads.h, which do not use the cache
 * of answers. A worker is created for the first request of its thread and freed with the thread.
 * The worker looks for a new revision of the index at intervals, and at once when another worker
 * has seen a new revision, so that no client gets an older answer after a newer one.
 */
#ifndef SIGNPOST_SEARCHD_WORKER_H
#define SIGNPOST_SEARCHD_WORKER_H

#include "cache.h"
#include "server.h"

#include <signpost/reader.h>

typedef struct sp_worker {
    sp_server *server;
    sp_reader *reader;   /* NULL while there is no index */
    sp_str revision;     /* of the answers in the cache */
    uint64_t generation; /* server->generation when the reader was last refreshed */
    size_t records;      /* bytes of unpacked records that the reader may cache */
    uint64_t checked;    /* sp_now_us of the last refresh; 0: never, or it must be repeated */
    bool cut_off;        /* a remote database did not answer at the last refresh */
    sp_answer_cache cache;
    sp_arena arena;         /* for the current request */
    sp_str key, text, body; /* buffers for the current request */
} sp_worker;

/* Creates server->worker. Returns 0 or an errno. Call this before other threads start. */
int sp_worker_key_create(sp_server *server);

/* Returns this thread's worker, with an empty arena, or NULL when out of memory. */
sp_worker *sp_worker_get(sp_server *server);

/* Gives the reader its share of the memory for unpacked records, if `sharers` threads have readers;
   by default these are the threads of libmicrohttpd. Takes effect when the reader is opened. */
void sp_worker_share_records(sp_worker *worker, uint32_t sharers);

/* Frees this thread's worker, if it has one; the next sp_worker_get makes another. */
void sp_worker_drop(sp_server *server);

/* Refreshes the reader if a refresh is due. Returns false and fills *problem (503) while no index
   can be read, or one of the remote databases does not answer. The time for the query begins. */
bool sp_worker_ready(sp_worker *worker, sp_problem *problem);

/* The title of the site: of --title, else of the index; can be empty. Borrowed until the reader is
   refreshed. */
sp_bytes sp_worker_title(const sp_worker *worker);

/* Has the next request refresh the reader, because a query failed: a remote database may be
   gone. */
void sp_worker_doubt(sp_worker *worker);

/* Stores the revision of an answer in the worker. Call this after each search, because a search may
   refresh the reader by itself. */
void sp_worker_note_revision(sp_worker *worker, sp_bytes revision);

#endif
