// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Addresses of clients and networks of them. Limits are counted per address, and trusted proxies
 * are given as networks.
 *
 * IPv4 addresses are stored as IPv4-mapped IPv6 addresses (RFC 4291, 2.5.5.2), so that both kinds
 * have 16 bytes. All clients of Unix sockets share one address. Plain data; any thread may use it.
 */
#ifndef SIGNPOST_SEARCHD_ADDRESS_H
#define SIGNPOST_SEARCHD_ADDRESS_H

#include <signpost/text.h>

#include <sys/socket.h>

enum sp_address_family { SP_ADDRESS_UNIX, SP_ADDRESS_IPV4, SP_ADDRESS_IPV6 };

typedef struct sp_address {
    enum sp_address_family family;
    uint8_t bytes[16]; /* network byte order; all zero for a Unix socket */
} sp_address;

typedef struct sp_network {
    sp_address address;
    unsigned bits; /* prefix length, of 128 */
} sp_network;

#define SP_ADDRESS_TEXT_MAX 48 /* bytes of a printed address, with the NUL */

sp_address sp_address_of(const struct sockaddr *from);

/* Reads "192.0.2.1" or "2001:db8::1". An IPv6 address may be in brackets, and a ":port" may follow,
   as in X-Forwarded-For. Returns false for anything else and leaves *out untouched. */
bool sp_address_read(sp_bytes text, sp_address *out);

/* Writes "192.0.2.1", "2001:db8::1" or "unix:", NUL-terminated. */
void sp_address_print(const sp_address *address, char out[SP_ADDRESS_TEXT_MAX]);

/* Whether the client is on this machine: a Unix socket, 127.0.0.0/8 or ::1. */
bool sp_address_is_local(const sp_address *address);

/* Returns the address that limits are counted for: an IPv6 address is reduced to its /64 network,
   because a client usually has at least a whole /64. */
sp_address sp_address_limit_key(const sp_address *address);

/* Returns the network that shares a higher limit: an IPv6 address is reduced to its /48 network,
   the most that a site usually gets. */
sp_address sp_address_site_key(const sp_address *address);

/* How many times the limit of a client an IPv6 /48 network has. */
#define SP_SITE_SHARE 4

bool sp_address_equal(const sp_address *a, const sp_address *b);

/* Reads an address, "unix", or an address and "/bits". Returns false for anything else. */
bool sp_network_read(sp_bytes text, sp_network *out);

bool sp_network_has(const sp_network *network, const sp_address *address);

#endif
