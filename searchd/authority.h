// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The host and port that a request names, in the Host field or in the target (RFC 3986, 3.2).
 * Plain functions; any thread may use them.
 */
#ifndef SIGNPOST_SEARCHD_AUTHORITY_H
#define SIGNPOST_SEARCHD_AUTHORITY_H

#include <signpost/text.h>

/* Whether text is a host with an optional port: a name, an IPv4 address, or an IPv6 address in
   brackets. Stricter than RFC 3986: the host must not be empty, a name must not contain sub-delims
   such as commas, and a port must not exceed 65535. */
bool sp_authority_is_valid(sp_bytes text);

#endif
