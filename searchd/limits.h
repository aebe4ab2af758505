// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who asks, and whether it asks too often.
 *
 * A client is the address at the other end, or, where that is a trusted proxy, the last address in
 * X-Forwarded-For that is none. Each client may ask `rate` times a second, and `burst` times at
 * once: the generic cell rate algorithm (ITU-T I.371, annex A), which keeps one instant for each
 * client. The instants stand in a table of fixed size, by a keyed hash of the address: no lock, no
 * growth; two clients that fall on one place share it, which who does not know the key cannot
 * arrange.
 */
#ifndef SIGNPOST_SEARCHD_LIMITS_H
#define SIGNPOST_SEARCHD_LIMITS_H

#include "address.h"
#include "options.h"

typedef struct sp_limits sp_limits;

/* options is kept by reference. NULL when memory is out. */
sp_limits *sp_limits_new(const sp_searchd_options *options);
void sp_limits_free(sp_limits *limits);

bool sp_limits_is_proxy(const sp_limits *limits, const sp_address *address);

/* forwarded: the values of all X-Forwarded-For fields, joined by commas in their order. */
sp_address sp_limits_client(const sp_limits *limits, const sp_address *peer, sp_bytes forwarded);

/* Counts one request of a client. Returns 0 if it may pass, else the seconds until one may. `now`
   is in microseconds. */
uint32_t sp_limits_count(sp_limits *limits, const sp_address *client, uint64_t now);

#endif
