// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The rate limit, and the address of the client that a request counts for.
 *
 * The client of a request is the peer, or, if the peer is a trusted proxy, the last address in
 * X-Forwarded-For that is not a trusted proxy. Each client may send `rate` requests a second, and
 * `burst` requests at once. A client with IPv6 is a /64 network. A site that has a /48 network
 * has 65,536 of these, so all clients of a /48 network together may send four times as much as one.
 * The limit uses the generic cell rate algorithm (ITU-T I.371, annex A), which stores one time per
 * client. The times are in a table of fixed size, indexed by a keyed hash of the address. The
 * table needs no lock and does not grow. Two clients with the same index share a limit; an attacker
 * who does not know the key cannot cause this. Any thread may use an sp_rates.
 */
#ifndef SIGNPOST_SEARCHD_RATES_H
#define SIGNPOST_SEARCHD_RATES_H

#include "address.h"
#include "options.h"

typedef struct sp_rates sp_rates;

/* Borrows options until sp_rates_free. Returns NULL when out of memory. */
sp_rates *sp_rates_new(const sp_searchd_options *options);
void sp_rates_free(sp_rates *rates);

bool sp_rates_is_proxy(const sp_rates *rates, const sp_address *address);

/* Returns the client of a request. `forwarded` contains the values of all X-Forwarded-For fields in
   their order, joined by commas. */
sp_address sp_rates_client(const sp_rates *rates, const sp_address *peer, sp_bytes forwarded);

/* Counts a request of a client at `now`, in microseconds. Returns 0 if the request is within the
   limit, else the number of seconds until another request would be within the limit. */
uint32_t sp_rates_count(sp_rates *rates, const sp_address *client, uint64_t now);

#endif
