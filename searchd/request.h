// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The head of a request, checked before anything else is done with it.
 *
 * libmicrohttpd 0.9.75 lets through what a proxy before it may read otherwise (two lengths, a
 * length and a transfer coding, two hosts, odd names), from which request smuggling is made; what
 * is not plainly a request without a body is refused here, and its connection ended.
 */
#ifndef SIGNPOST_SEARCHD_REQUEST_H
#define SIGNPOST_SEARCHD_REQUEST_H

#include "exchange.h"
#include "problem.h"

#define SP_TARGET_MAX 8192 /* bytes of the request line's target */
#define SP_HEAD_MAX 16384  /* bytes of all header fields */
#define SP_FIELDS_MAX 64   /* header fields */

/* Takes the target; false, and *problem, for one that is too long or has too many parameters to be
   parsed at all. */
bool sp_request_begin(sp_exchange *exchange, const char *target, sp_problem *problem);

/* Checks version, target and fields, splits the target; false, and *problem. `url` and `version`
   are what libmicrohttpd hands to its handler. */
bool sp_request_check(sp_exchange *exchange, const char *url, const char *version,
                      sp_problem *problem);

/* All values of a field, joined by commas, appended to out. */
void sp_request_join(const sp_exchange *exchange, const char *field, sp_str *out);

/* The field's value as sent, or NULL; borrowed until the exchange ends. */
const char *sp_request_field(const sp_exchange *exchange, const char *field);

#endif
