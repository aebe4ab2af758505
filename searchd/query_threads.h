// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The threads that run queries for which libmicrohttpd's threads have no time (queries.h).
 *
 * libmicrohttpd does not look at a suspended connection. A parked exchange belongs to the thread
 * that runs its query or lets it expire. This thread leaves an answer or a problem in the exchange
 * and resumes the connection; libmicrohttpd then calls its handler again, which sends the answer. A
 * client that has closed its connection while its query waited is not searched for.
 */
#ifndef SIGNPOST_SEARCHD_QUERY_THREADS_H
#define SIGNPOST_SEARCHD_QUERY_THREADS_H

#include "cache.h"
#include "server.h"

typedef struct sp_query_threads sp_query_threads;

/* Starts max_queries threads. Borrows the server until sp_query_threads_stop. If not all can be
   started, fails, and *out contains those that were. */
enum sp_status sp_query_threads_start(sp_server *server, sp_query_threads **out,
                                      sp_error *err) SP_MUST_CHECK;

/* Ends the threads after the queries that they run. Queries that wait are answered 503. Accepts
   NULL. */
void sp_query_threads_stop(sp_query_threads *threads);

/* Suspends the connection of a ticket in an exchange; for sp_queries_options. */
void sp_query_park(sp_ticket *ticket);

/* Ends the query of an exchange, and gives its answer, or the problem if there is none, to the
   exchanges that want the same. */
void sp_query_leave(sp_server *server, sp_exchange *exchange, const sp_cached *made,
                    const sp_problem *problem);

/* Answers the queries that have waited too long. The main thread calls this at intervals. */
void sp_query_expire(sp_server *server);

#endif
