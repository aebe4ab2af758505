// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Checks the head of a request before anything else uses it.
 *
 * libmicrohttpd 0.9.75 accepts heads that a proxy in front of it can read differently (two lengths,
 * a length and a transfer coding, two hosts, invalid field names), which allows request smuggling.
 * The daemon refuses every request that is ambiguous or has a body, and ends its connection.
 */
#ifndef SIGNPOST_SEARCHD_REQUEST_H
#define SIGNPOST_SEARCHD_REQUEST_H

#include "exchange.h"
#include "problem.h"

#define SP_TARGET_MAX 8192 /* bytes of the target in the request line */
#define SP_HEAD_MAX 16384  /* bytes of all header fields */
#define SP_FIELDS_MAX 64   /* header fields */

/* Stores the target of the request line. Returns false and fills *problem if the target is too long
   or has more than 64 parameters. */
bool sp_request_begin(sp_exchange *exchange, const char *target, sp_problem *problem);

/* Checks the version, target and fields, and splits the target. Returns false and fills *problem if
   the head is invalid. `url` and `version` are the arguments of libmicrohttpd's handler. */
bool sp_request_check(sp_exchange *exchange, const char *url, const char *version,
                      sp_problem *problem);

/* Appends all values of a field, joined by commas. */
void sp_request_join(const sp_exchange *exchange, const char *field, sp_str *out);

/* Returns the value of a field as sent, or NULL if the field is missing. The value is borrowed
   until the exchange ends. */
const char *sp_request_field(const sp_exchange *exchange, const char *field);

#endif
