// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An exchange: one request and its response.
 *
 * A connection contains its exchange, and has only one at a time. The exchange belongs to the
 * thread that serves the connection.
 */
#ifndef SIGNPOST_SEARCHD_EXCHANGE_H
#define SIGNPOST_SEARCHD_EXCHANGE_H

#include "address.h"

struct MHD_Connection;
struct sp_connection;
struct sp_problem;
struct sp_route;

typedef struct sp_exchange {
    struct MHD_Connection *http;
    const char *method, *version;     /* as sent; NULL until the head is complete */
    sp_str target;                    /* of the request line, as sent; if refused, the whole line */
    sp_bytes path, query;             /* parts of the target, not decoded */
    sp_address peer;                  /* of the connection */
    sp_address client;                /* the peer or, behind a trusted proxy, the client */
    const struct sp_route *route;     /* NULL: no such path */
    uint64_t began;                   /* sp_now_us when the request line had arrived */
    unsigned status;                  /* of the response; 0: none yet */
    uint64_t bytes;                   /* of the response body */
    const struct sp_problem *refusal; /* the response to an invalid head; NULL: the head is valid */
} sp_exchange;

#endif
