// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Problems: error responses, sent as application/problem+json (RFC 9457).
 *
 * The client reads the texts. A text says what the client sent and what is allowed; it never names
 * a path, a file or an internal fault of the server. Plain data.
 */
#ifndef SIGNPOST_SEARCHD_PROBLEM_H
#define SIGNPOST_SEARCHD_PROBLEM_H

#include <signpost/text.h>

typedef struct sp_problem {
    unsigned status;      /* HTTP status code */
    unsigned retry_after; /* seconds; 0: no Retry-After */
    bool close;           /* end the connection, because the next bytes may not be a request */
    char detail[240];     /* UTF-8 */
    char parameter[64];   /* the invalid parameter, or "" */
} sp_problem;

/* Fills *out and returns false, so that a check can return the result of this call. If the text is
   too long, cuts it between two characters. */
bool sp_problem_set(sp_problem *out, unsigned status, const char *format, ...) SP_PRINTF(3, 4);

/* Like sp_problem_set, with status 503 and the advice to ask again in a second. */
bool sp_problem_busy(sp_problem *out, const char *text);

/* Like sp_problem_set, with status 400 and the name of the invalid parameter. */
bool sp_problem_parameter(sp_problem *out, sp_bytes parameter, const char *format, ...)
    SP_PRINTF(3, 4);

/* Fills *out for an engine call that failed; returns false. The client gets the text of *err only
   if the status is SP_BAD_ARGUMENT. */
bool sp_problem_from_status(enum sp_status status, const sp_error *err, sp_problem *out);

/* Returns the reason phrase of a status, such as "Bad Request". */
const char *sp_problem_title(unsigned status);

/* Appends the problem as JSON, with a newline at the end. */
void sp_problem_print(const sp_problem *problem, sp_str *out);

#endif
