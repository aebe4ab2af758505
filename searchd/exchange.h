// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An exchange: one request and its response.
 *
 * A connection contains its exchange, and has only one at a time. The exchange belongs to the
 * thread that serves the connection, except while the connection is suspended because its query
 * waits or runs in another thread (query_threads.h).
 */
#ifndef SIGNPOST_SEARCHD_EXCHANGE_H
#define SIGNPOST_SEARCHD_EXCHANGE_H

#include "problem.h"
#include "queries.h"

struct MHD_Connection;
struct sp_cached;
struct sp_connection;
struct sp_route;

enum sp_stage {
    SP_STAGE_NEW,
    SP_STAGE_AGAIN, /* libmicrohttpd calls again at once, to park the exchange */
    SP_STAGE_QUERY, /* a thread of query_threads.h runs the query */
    SP_STAGE_DONE,  /* that thread has set `made` or `problem` */
};

typedef struct sp_exchange {
    struct MHD_Connection *http;
    const char *method, *version; /* as sent; NULL until the head is complete */
    sp_str target;                /* of the request line, as sent; if refused, the whole line */
    sp_bytes path, query;         /* parts of the target, not decoded */
    sp_address peer;              /* of the connection */
    sp_address client;            /* the peer or, behind a trusted proxy, the client */
    const struct sp_route *route; /* NULL: no such path */
    uint64_t began;               /* sp_now_us when the request line had arrived */
    unsigned status;              /* of the response; 0: none yet */
    uint64_t bytes;               /* of the response body */
    const char *origin;           /* that CORS allows, or NULL; borrowed from the options */
    enum sp_stage stage;
    sp_ticket ticket;                 /* while its query runs or waits */
    struct sp_cached *made;           /* a new answer from another thread, or NULL */
    sp_problem problem;               /* if there is no answer */
    const struct sp_problem *refusal; /* the response to an invalid head; NULL: the head is valid */
} sp_exchange;

#endif
