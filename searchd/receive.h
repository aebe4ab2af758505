// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Receives for libmicrohttpd, so that it gets only checked heads (incoming.h).
 *
 * libmicrohttpd has no callback between the socket and its parser, which changes heads before the
 * daemon sees them and answers some invalid ones itself. Therefore searchd defines recv(), and the
 * dynamic linker binds libmicrohttpd's calls to this definition, because the program comes before
 * its libraries. For sockets that are not connections of the daemon, recv() does what it does in
 * libc.
 */
#ifndef SIGNPOST_SEARCHD_RECEIVE_H
#define SIGNPOST_SEARCHD_RECEIVE_H

#include "connections.h"

/* From now on checks what arrives on these connections. A client has head_us microseconds to send
   the rest of a head that has begun to arrive. Call this before any thread receives, and with NULL
   after the last has ended. */
void sp_receive_set(sp_connections *connections, uint64_t head_us);

/* Sets the deadline of a connection whose last exchange has ended: idle_us from now, or head_us if
   the next head has begun to arrive. */
void sp_receive_next(sp_connection *connection, uint64_t idle_us);

#endif
