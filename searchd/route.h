// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The routes of the daemon, in one table, and the way of a request through them.
 */
#ifndef SIGNPOST_SEARCHD_ROUTE_H
#define SIGNPOST_SEARCHD_ROUTE_H

#include "request.h"
#include "worker.h"

/* Makes the answer to a GET or HEAD of the route. `origin` is what CORS allows of the request, or
   NULL. */
typedef sp_reply (*sp_handler)(sp_worker *worker, sp_exchange *exchange, const char *origin);

typedef struct sp_route {
    const char *path;
    const char *name; /* in metrics */
    sp_handler handle;
    bool limited; /* counts against the rate limit */
    bool shared;  /* other origins may ask, if --cors lists them */
    bool page;    /* for readers: they get pages, also when something is wrong */
} sp_route;

/* The name that a route has in the metrics, by its number there; NULL: none has that number. */
const char *sp_route_name(size_t number);

/* Checks the head of the request that the exchange has begun; queues a reply that ends the
   connection if it is no good. The arguments are libmicrohttpd's. */
enum MHD_Result sp_route_check(sp_server *server, sp_exchange *exchange, const char *url,
                               const char *method, const char *version);

/* Queues the reply to a request whose head is good. */
enum MHD_Result sp_route_answer(sp_server *server, sp_exchange *exchange);

/* Counts and logs an exchange that has ended. */
void sp_route_ended(sp_server *server, sp_exchange *exchange);

#endif
