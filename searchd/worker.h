// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A worker: what one of the daemon's threads has for itself, so that answering needs no lock.
 *
 * libmicrohttpd makes the threads; a worker comes into being with the first request that its
 * thread serves, and goes with the thread. Its reader follows the index: it looks for a new
 * revision when some time has passed since it last did, and at once when another worker has seen
 * one, so that no client gets a newer answer first and an older one after it.
 */
#ifndef SIGNPOST_SEARCHD_WORKER_H
#define SIGNPOST_SEARCHD_WORKER_H

#include "cache.h"
#include "server.h"

#include <signpost/reader.h>

typedef struct sp_worker {
    sp_server *server;
    sp_reader *reader;   /* NULL while there is no index */
    sp_str revision;     /* that the cache is for */
    uint64_t generation; /* of the server's, when the reader was refreshed */
    uint64_t checked;    /* sp_now_us of the last look at the index; 0: never */
    sp_answer_cache cache;
    sp_arena arena;         /* of the request that is answered */
    sp_str key, text, body; /* likewise */
} sp_worker;

/* Makes server->worker; 0, or an errno. Call it before threads start. */
int sp_worker_key_create(sp_server *server);

/* This thread's worker, its arena empty; NULL when memory is out. */
sp_worker *sp_worker_get(sp_server *server);

/* Brings the reader up to date. False, and *problem (503), while there is no index to be read. */
bool sp_worker_ready(sp_worker *worker, sp_problem *problem);

/* Notes a revision that an answer came from: the reader may have moved on by itself. */
void sp_worker_note_revision(sp_worker *worker, sp_bytes revision);

#endif
