// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The bytes that arrive on a connection, on their way from the socket to libmicrohttpd.
 *
 * libmicrohttpd gets only heads that are complete and valid (request_head.h), without the fields
 * that it would interpret (sp_request_field_is_withheld). An incomplete head is held back. In place
 * of a head that is refused, libmicrohttpd gets a request for SP_REFUSED_TARGET, which no client
 * can send; the daemon answers it with the problem, logs it and counts it like any request. Bytes
 * after a refused head are dropped. An sp_incoming belongs to the thread that serves its
 * connection. A zeroed struct is a new connection.
 */
#ifndef SIGNPOST_SEARCHD_INCOMING_H
#define SIGNPOST_SEARCHD_INCOMING_H

#include "request_head.h"

#define SP_REFUSED_TARGET "!"

typedef struct sp_incoming {
    sp_request_head head; /* the head that is arriving */
    sp_str held;          /* bytes that have not been passed on */
    size_t passed;        /* bytes of `held` that have been passed on */
    size_t valid;         /* end of the heads in `held` that may be passed on */
    uint64_t heads;       /* heads that may be passed on, since the connection began */
    bool refused;         /* the last of these heads stands for a refused one */
    sp_problem problem;   /* the response to the refused head */
    sp_str line;          /* the request line of the refused head, or its begin */
} sp_incoming;

/* Frees the memory and makes *incoming a new connection. */
void sp_incoming_done(sp_incoming *incoming);

/* Takes `len` bytes that have arrived, and may change them. Returns how many at their beginning may
   be passed on at once; the others are held or dropped. Must not be called after a head was
   refused. */
size_t sp_incoming_add(sp_incoming *incoming, char *bytes, size_t len);

/* Moves up to `len` of the held bytes that may be passed on to `out`. Returns their number. */
size_t sp_incoming_take(sp_incoming *incoming, char *out, size_t len);

/* Whether the beginning of a head is held. */
bool sp_incoming_has_part(const sp_incoming *incoming);

#endif
