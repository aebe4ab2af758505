// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is wrong with a request: what becomes application/problem+json (RFC 9457).
 *
 * The texts are for the client. They name what it sent and what it could send, never a path, a
 * file or an inner fault of the server.
 */
#ifndef SIGNPOST_SEARCHD_PROBLEM_H
#define SIGNPOST_SEARCHD_PROBLEM_H

#include <signpost/text.h>

typedef struct sp_problem {
    unsigned status;      /* of HTTP */
    unsigned retry_after; /* seconds; 0: not said */
    bool close;           /* what follows on the connection cannot be trusted */
    char detail[240];     /* UTF-8 */
    char parameter[64];   /* at fault, or "" */
} sp_problem;

/* Fills *out and returns false, so that a check can end with it. What does not fit is cut, at a
   character. */
bool sp_problem_set(sp_problem *out, unsigned status, const char *format, ...) SP_PRINTF(3, 4);

/* The same about a parameter; status 400. */
bool sp_problem_parameter(sp_problem *out, sp_bytes parameter, const char *format, ...)
    SP_PRINTF(3, 4);

/* "Bad Request". */
const char *sp_problem_title(unsigned status);

void sp_problem_print(const sp_problem *problem, sp_str *out);

#endif
