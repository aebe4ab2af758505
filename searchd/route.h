// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The table of routes, and the steps of a request: find its route, answer, count and log. The
 * functions run in libmicrohttpd's threads, except sp_route_query.
 */
#ifndef SIGNPOST_SEARCHD_ROUTE_H
#define SIGNPOST_SEARCHD_ROUTE_H

#include "request.h"
#include "worker.h"

/* Answers a GET or HEAD request of the route. `origin` is the origin that CORS allows, or NULL. */
typedef sp_response (*sp_handler)(sp_worker *worker, sp_exchange *exchange, const char *origin);

typedef struct sp_route {
    const char *path;
    const char *name; /* label in the metrics */
    sp_handler handle;
    bool limited; /* counts against the rate limit */
    bool shared;  /* CORS: pages of the origins that --cors lists may use the route */
    bool page;    /* for people: error responses are pages, too */
} sp_route;

/* Returns the label of the route that has this number in the metrics, or NULL if no route has this
   number. */
const char *sp_route_name(size_t number);

enum sp_progress {
    SP_QUEUED,     /* a response is queued */
    SP_ELSEWHERE,  /* another thread answers, or libmicrohttpd will call again; the caller must not
                      use the exchange */
    SP_NOT_QUEUED, /* the connection must end */
};

/* Queues the response to a request, or parks the request. */
enum sp_progress sp_route_answer(sp_server *server, sp_exchange *exchange);

/* Runs the query of a parked request in this thread. Leaves the answer in exchange->made, or else
   fills exchange->problem. */
void sp_route_query(sp_server *server, sp_exchange *exchange);

/* Counts and logs an exchange that has ended. */
void sp_route_ended(sp_server *server, sp_exchange *exchange);

#endif
