// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The connections that are open: how many, from where, and until when each may wait.
 *
 * libmicrohttpd's own time-out starts anew with each byte, so that a client which sends one now and
 * then stays for ever; here each connection has a deadline for what it does next (a complete head,
 * an answer taken), and who misses it is cut off. One thread accepts and reaps; the threads that
 * serve open and close. The lock guards the list of connections, never an exchange.
 */
#ifndef SIGNPOST_SEARCHD_CONNECTIONS_H
#define SIGNPOST_SEARCHD_CONNECTIONS_H

#include "exchange.h"

#include <stdatomic.h>

typedef struct sp_connections sp_connections;

typedef struct sp_connection {
    int fd;
    sp_address address;        /* of the other end */
    _Atomic uint64_t deadline; /* sp_now_us after which it is cut off; UINT64_MAX: none */
    atomic_bool busy;          /* an exchange is under way */
    bool open;                 /* the rest is the list's */
    struct sp_connection *next;
    sp_exchange exchange;
} sp_connection;

typedef struct sp_connection_limits {
    uint32_t max;              /* connections at a time */
    uint32_t max_per_address;  /* 0: no limit */
    bool local_too;            /* the limit holds for this machine's own addresses, too */
    const sp_network *proxies; /* whose connections are many clients'; not limited */
    size_t proxy_count;
} sp_connection_limits;

/* limits is kept by reference. NULL when memory is out. */
sp_connections *sp_connections_new(const sp_connection_limits *limits);
void sp_connections_free(sp_connections *all);

enum sp_admission { SP_ADMITTED, SP_FULL, SP_ADDRESS_FULL };

/* Takes a new socket into the list, to be cut off in `patience` microseconds. */
enum sp_admission sp_connections_admit(sp_connections *all, int fd, const sp_address *address,
                                       uint64_t patience);

/* The connection with that socket, or NULL. */
sp_connection *sp_connections_find(sp_connections *all, int fd);

/* Takes it off the list; to be called before the socket is closed. */
void sp_connections_release(sp_connections *all, sp_connection *connection);

/* Sets the deadline to `patience` microseconds from now; UINT64_MAX: none. */
void sp_connection_allow(sp_connection *connection, uint64_t patience);

/* Cuts off those whose deadline has passed; returns how many. */
uint32_t sp_connections_reap(sp_connections *all);

/* Lets each connection finish what it has asked for, and take nothing new. */
void sp_connections_drain(sp_connections *all);

uint32_t sp_connections_count(const sp_connections *all);

#endif
