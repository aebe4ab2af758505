// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An exchange: one request and its answer, while a connection is at it.
 *
 * It lives inside its connection, which is at one exchange at a time, and belongs to the thread
 * that serves the connection.
 */
#ifndef SIGNPOST_SEARCHD_EXCHANGE_H
#define SIGNPOST_SEARCHD_EXCHANGE_H

#include "address.h"

struct MHD_Connection;
struct sp_connection;
struct sp_route;

typedef struct sp_exchange {
    struct MHD_Connection *http;
    const char *method, *version; /* as sent; NULL until the handler has them */
    sp_str target;                /* of the request line, as sent */
    sp_bytes path, query;         /* in the target, escapes and all */
    sp_address peer;              /* at the other end of the connection */
    sp_address client;            /* who asks, a trusted proxy seen through */
    const struct sp_route *route; /* NULL: no such path */
    uint64_t began;               /* sp_now_us when the request line was there */
    unsigned status;              /* 0: no answer made */
    uint64_t bytes;               /* of the answer's body */
    bool checked;                 /* its head is good */
    bool refused;                 /* answered beside libmicrohttpd; the connection is to end */
} sp_exchange;

#endif
