// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Origins of pages, for --cors. A browser sends the origin of a page in one form only (WHATWG HTML,
 * "ASCII serialization of an origin"; WHATWG URL, "host serializing"), and the daemon compares
 * origins byte by byte, so that an origin in another form would never match. Any thread may use the
 * function.
 */
#ifndef SIGNPOST_SEARCHD_ORIGIN_H
#define SIGNPOST_SEARCHD_ORIGIN_H

#include <signpost/text.h>

/* Whether a browser can send this origin: a scheme and a host in lower case and in ASCII, with a
   port only if it is not that of the scheme, and nothing else. */
bool sp_origin_can_match(sp_bytes origin);

#endif
