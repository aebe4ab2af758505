// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Problems: error responses, sent as application/problem+json (RFC 9457).
 *
 * The client reads the texts. They name what it sent and what is allowed, never a path, a file or
 * an internal fault of the server. Plain data.
 */
#ifndef SIGNPOST_SEARCHD_PROBLEM_H
#define SIGNPOST_SEARCHD_PROBLEM_H

#include <signpost/text.h>

typedef struct sp_problem {
    unsigned status;      /* HTTP status code */
    unsigned retry_after; /* seconds; 0: no Retry-After */
    bool close;           /* end the connection: the bytes that follow cannot be trusted */
    char detail[240];     /* UTF-8 */
    char parameter[64];   /* at fault, or "" */
} sp_problem;

/* Fills *out and returns false, so that a check can return the call. Cuts text that does not fit,
   at a character. */
bool sp_problem_set(sp_problem *out, unsigned status, const char *format, ...) SP_PRINTF(3, 4);

/* Like sp_problem_set, with status 400 and the parameter at fault. */
bool sp_problem_parameter(sp_problem *out, sp_bytes parameter, const char *format, ...)
    SP_PRINTF(3, 4);

/* Fills *out for an engine call that failed; returns false. Only the text of SP_BAD_ARGUMENT goes
   to the client. */
bool sp_problem_from_status(enum sp_status status, const sp_error *err, sp_problem *out);

/* The reason phrase of a status: "Bad Request". */
const char *sp_problem_title(unsigned status);

/* Appends the problem as JSON, with a newline at the end. */
void sp_problem_print(const sp_problem *problem, sp_str *out);

#endif
