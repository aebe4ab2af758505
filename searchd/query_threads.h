// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The threads that run queries for which libmicrohttpd's threads have no time (queries.h).
 *
 * libmicrohttpd does not look at a suspended connection. While an exchange is parked, the exchange
 * belongs to admission, and then to the thread that runs its query or that lets it expire. This
 * thread leaves a new answer or a response in the exchange and resumes the connection;
 * libmicrohttpd then calls its handler again, which sends it. A client that has closed its
 * connection while its query waited is not searched for.
 */
#ifndef SIGNPOST_SEARCHD_QUERY_THREADS_H
#define SIGNPOST_SEARCHD_QUERY_THREADS_H

#include "server.h"

typedef struct sp_query_threads sp_query_threads;

/* Starts max_queries threads. Borrows the server until sp_query_threads_stop. Returns NULL if the
   threads cannot be started. */
sp_query_threads *sp_query_threads_start(sp_server *server);

/* Ends the threads after the queries that they run. Queries that wait are answered 503. Accepts
   NULL. */
void sp_query_threads_stop(sp_query_threads *threads);

/* Suspends the connection of an exchange whose ticket must be parked, and parks it. From then on
   the caller must not use the exchange. */
void sp_query_park(sp_server *server, sp_exchange *exchange);

/* Answers the queries that have waited too long. The main thread calls this at intervals. */
void sp_query_expire(sp_server *server);

#endif
