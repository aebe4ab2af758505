// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Addresses of clients, and networks of them: what limits are counted by and proxies are known by.
 *
 * IPv4 addresses are kept as IPv4-mapped IPv6 (RFC 4291, 2.5.5.2), so that both are 16 bytes; all
 * clients of Unix sockets are one address of their own. Plain data, any thread.
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
    unsigned bits; /* of the 128 that must agree */
} sp_network;

#define SP_ADDRESS_TEXT_MAX 48

sp_address sp_address_of(const struct sockaddr *from);

/* Reads "192.0.2.1", "2001:db8::1", the latter also in brackets, each also with ":port" behind it
   as X-Forwarded-For has it. False for anything else; *out is untouched then. */
bool sp_address_read(sp_bytes text, sp_address *out);

/* "192.0.2.1", "2001:db8::1" or "unix:", NUL-terminated. */
void sp_address_print(const sp_address *address, char out[SP_ADDRESS_TEXT_MAX]);

/* Whether it is this machine: a Unix socket, 127.0.0.0/8 or ::1. */
bool sp_address_is_local(const sp_address *address);

/* What limits count by: an IPv6 address stands for its /64, the least that a client can have. */
sp_address sp_address_counted(const sp_address *address);

bool sp_address_equal(const sp_address *a, const sp_address *b);

/* Reads an address, "unix", or an address and "/bits". False if it is none. */
bool sp_network_read(sp_bytes text, sp_network *out);

bool sp_network_has(const sp_network *network, const sp_address *address);

#endif
