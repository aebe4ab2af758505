// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The open connections: their number, their addresses and their deadlines.
 *
 * libmicrohttpd restarts its own timeout with each byte, so a client that sends a byte now and then
 * could keep its connection open for ever. Here each connection has a deadline for its next step (a
 * complete head, an answer received), and a connection that misses its deadline is cut off. The
 * main thread admits and reaps connections; the threads that serve requests find and release them.
 * The lock guards the list of connections, never an exchange.
 */
#ifndef SIGNPOST_SEARCHD_CONNECTIONS_H
#define SIGNPOST_SEARCHD_CONNECTIONS_H

#include "exchange.h"
#include "incoming.h"

#include <stdatomic.h>

typedef struct sp_connections sp_connections;

typedef struct sp_connection {
    int fd;
    uint64_t inode;            /* of the socket: `fd` may be another one's number by now */
    sp_address address;        /* of the peer */
    _Atomic uint64_t deadline; /* sp_now_us after which it is cut off; UINT64_MAX: never */
    _Atomic bool waits;        /* an exchange has ended since the last look for the stream's end */
    _Atomic bool arrives;      /* its first head, or the rest of another one, has not arrived */
    bool open;    /* `open`, `lingers` and `next` are guarded by the lock of the list */
    bool lingers; /* moved: not slow if it misses its deadline */
    struct sp_connection *next;
    sp_incoming incoming;
    uint64_t exchanges; /* begun */
    bool busy;          /* the exchange has begun and not ended */
    bool ended;         /* the client has closed its end, or the connection has failed */
    sp_exchange exchange;
} sp_connection;

typedef struct sp_connection_limits {
    uint32_t max;              /* open connections */
    uint32_t max_per_address;  /* 0: no limit; a /48 network has SP_SITE_SHARE times as many */
    bool local_too;            /* max_per_address applies to local addresses, too */
    const sp_network *proxies; /* exempt from max_per_address: they connect for many clients */
    size_t proxy_count;
} sp_connection_limits;

/* Borrows limits until sp_connections_free. Returns NULL when out of memory. */
sp_connections *sp_connections_new(const sp_connection_limits *limits);
void sp_connections_free(sp_connections *all);

enum sp_admission { SP_ADMITTED, SP_FULL, SP_ADDRESS_FULL };

/* Adds a new socket to the list and sets *out, if the limits allow another one. The deadline of the
   new connection is timeout_us from now. First releases a stale connection with the same
   descriptor: libmicrohttpd closes a socket without a notification when it has no memory for it. */
enum sp_admission sp_connections_admit(sp_connections *all, int fd, const sp_address *address,
                                       uint64_t timeout_us, sp_connection **out);

/* Returns the connection with this socket, or NULL. Takes no lock. */
sp_connection *sp_connections_find(sp_connections *all, int fd);

/* Removes a connection from the list. Call this before the socket is closed. */
void sp_connections_release(sp_connections *all, sp_connection *connection);

/* Gives a connection another socket and the deadline timeout_us from now. Returns false, and
   changes nothing, if the descriptor is too high. */
bool sp_connections_move(sp_connections *all, sp_connection *connection, int fd,
                         uint64_t timeout_us);

/* Sets the deadline to timeout_us from now; UINT64_MAX: no deadline. */
void sp_connection_set_timeout(sp_connection *connection, uint64_t timeout_us);

/* Like sp_connection_set_timeout, if the deadline is later. */
void sp_connection_shorten_timeout(sp_connection *connection, uint64_t timeout_us);

/* Cuts off the connections whose deadline has passed; returns the number of the slow ones. Also
   wakes the threads of connections that the client has closed for writing: libmicrohttpd does not
   notice the end of a stream that arrives together with a request. */
uint32_t sp_connections_reap(sp_connections *all);

/* Shuts down reading on all connections: requests that have arrived are still answered. If
   `patient`, leaves out those on which a request is arriving. */
void sp_connections_drain(sp_connections *all, bool patient);

uint32_t sp_connections_count(const sp_connections *all);

#endif
