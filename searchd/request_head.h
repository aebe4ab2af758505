// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Checks the head of a request, as the client sent it.
 *
 * The check is stricter than libmicrohttpd, which accepts heads that a proxy in front of it can
 * read differently (request smuggling). The check refuses what RFC 9110 and RFC 9112 require or
 * allow a server to reject, every request that has or seems to have a body, and all methods other
 * than GET, HEAD and OPTIONS. The functions use only their arguments; any thread may use them.
 */
#ifndef SIGNPOST_SEARCHD_REQUEST_HEAD_H
#define SIGNPOST_SEARCHD_REQUEST_HEAD_H

#include "problem.h"

#define SP_TARGET_MAX 8192 /* bytes of the target in the request line */
#define SP_HEAD_MAX 16384  /* bytes of all header fields, with their line ends */
#define SP_FIELDS_MAX 64   /* header fields */

/* What is known of a head while it arrives. A zeroed struct is the beginning of a head. Offsets are
   from the beginning of the head. */
typedef struct sp_request_head {
    size_t checked;      /* end of the last line that is complete and valid */
    size_t looked;       /* end of the bytes that have been searched for control characters */
    size_t line;         /* begin of the request line, after an empty line */
    size_t fields_begin; /* 0: the request line is not complete */
    uint32_t fields;     /* number of header fields */
    bool skipped;        /* an empty line before the request line */
    bool asks;           /* the method is GET, HEAD or OPTIONS */
    bool version_1_0;    /* not 1.1 or later */
    bool host, length;   /* the field has been sent */
    bool body;           /* Content-Length is not 0 */
    bool expects;        /* an Expect field has been sent */
    bool withheld;       /* a field has been sent that sp_request_field_is_withheld names */
} sp_request_head;

enum sp_head_verdict { SP_HEAD_INCOMPLETE, SP_HEAD_VALID, SP_HEAD_REFUSED };

/* Checks the head at the beginning of `bytes`. If the head is incomplete, the caller calls again
   with the same bytes and the bytes after them. If the head is valid, head->checked is its length.
   If the head is refused, *problem is the response to it. */
enum sp_head_verdict sp_request_head_check(sp_request_head *head, sp_bytes bytes,
                                           sp_problem *problem);

/* Removes the first line from *rest and returns it without its end. Returns false if *rest contains
   no line end. */
bool sp_request_line_take(sp_bytes *rest, sp_bytes *line);

/* The parts of a request line, borrowed from it. */
typedef struct sp_request_line {
    sp_bytes method, target, version;
} sp_request_line;

/* Splits a request line. Returns false if it does not have three parts. */
bool sp_request_line_split(sp_bytes line, sp_request_line *out);

/* Whether libmicrohttpd must not see a field of a valid head, because it would interpret the field
   in its own way and could answer by itself. The daemon does not use these fields. */
bool sp_request_field_is_withheld(sp_bytes name);

/* Splits a header field into its name and its value, without the white space around the value.
   Returns false if there is no valid name directly before a colon. */
bool sp_request_field_split(sp_bytes line, sp_bytes *name, sp_bytes *value);

#endif
