// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads the target and the fields of a request whose head is valid (request_head.h). Used in the
 * thread of the exchange.
 */
#ifndef SIGNPOST_SEARCHD_REQUEST_H
#define SIGNPOST_SEARCHD_REQUEST_H

#include "exchange.h"
#include "problem.h"

/* Stores the target of the request line. */
void sp_request_begin(sp_exchange *exchange, sp_bytes target);

/* Splits the target into path and query. Returns false and fills *problem when out of memory. */
bool sp_request_split(sp_exchange *exchange, sp_problem *problem) SP_MUST_CHECK;

/* Appends all values of a field, joined by commas. */
void sp_request_join(const sp_exchange *exchange, const char *field, sp_str *out);

/* Returns the value of a field as sent, or NULL if the field is missing. The value is borrowed
   until the exchange ends. */
const char *sp_request_field(const sp_exchange *exchange, const char *field);

#endif
