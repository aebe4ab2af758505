// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Connections that the daemon has ended while the client may still be sending: after a refusal, or
 * after a request that asked to close the connection and was not the last.
 *
 * If the daemon closed such a socket at once, the kernel would answer the next bytes with a reset,
 * which can destroy the response before the client reads it (RFC 9112, 9.6). Therefore the daemon
 * reads and drops bytes for a moment, until the client closes its end. libmicrohttpd's threads add
 * connections; the main thread reads from them.
 */
#ifndef SIGNPOST_SEARCHD_LINGER_H
#define SIGNPOST_SEARCHD_LINGER_H

#include "connections.h"

/* Returns an epoll descriptor for lingering connections, or -1. It is readable when sp_linger_run
   has something to do. The caller closes it. */
int sp_linger_open(void);

/* Whether closing the socket of the connection now could destroy the last response. */
bool sp_linger_is_needed(const sp_connection *connection);

/* Takes a connection whose socket libmicrohttpd is about to close; keeps a copy of the socket. If
   that is not possible, releases the connection at once. */
void sp_linger_take(int epoll, sp_connections *all, sp_connection *connection);

/* Drops what has arrived, and releases the connections whose client has closed its end or that have
   missed their deadline. */
void sp_linger_run(int epoll, sp_connections *all);

#endif
