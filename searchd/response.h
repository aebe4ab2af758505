// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Responses: a status and a libmicrohttpd response with its headers.
 *
 * Clients that accept gzip get large enough bodies gzipped (zlib). The plain and the gzipped body
 * are different representations, each with its own entity tag (RFC 9110, 8.8.3). An sp_response
 * owns its libmicrohttpd response, unless `borrowed` says that a cache owns it.
 */
#ifndef SIGNPOST_SEARCHD_RESPONSE_H
#define SIGNPOST_SEARCHD_RESPONSE_H

#include "problem.h"

#include <microhttpd.h>

typedef struct sp_response {
    unsigned status;
    struct MHD_Response *http; /* NULL: out of memory */
    uint64_t bytes;            /* of the body */
    bool borrowed;
    bool parked; /* there is no response yet, because the query waits */
} sp_response;

/* The headers of a response; NULL: the header is not sent. */
typedef struct sp_head {
    const char *type;
    const char *cache_control;
    const char *vary;
    sp_bytes tag;       /* entity tag without quotes; empty: none */
    const char *origin; /* for Access-Control-Allow-Origin: an origin or "*" */
    bool gzip;          /* the body is gzipped; the tag gets a suffix */
    bool page;          /* an HTML page: send a Content-Security-Policy */
} sp_head;

/* Makes a response with a body. Takes the body, also on failure. Returns NULL when out of
   memory. */
struct MHD_Response *sp_response_new(sp_str *take, const sp_head *head);

/* Sets *out to the gzipped body, or leaves *out empty if gzip does not make the body smaller.
   Returns false when out of memory. */
bool sp_gzip(sp_bytes body, sp_str *out);

/* The end of the entity tag of a gzipped body. */
#define SP_GZIP_SUFFIX "-gzip"

/* Bodies of fewer bytes are not compressed. */
#define SP_GZIP_MIN 512

/* Returns a 304 response with the headers that RFC 9110, 15.4.5, requires. */
sp_response sp_response_not_modified(const sp_head *head);

/* Returns an error response with the problem as application/problem+json. */
sp_response sp_response_problem(const sp_problem *problem, const char *origin);

/* Returns an error response with a body that is not problem+json, such as a page. Takes the
   body. */
sp_response sp_response_problem_as(const sp_problem *problem, sp_str *take, const sp_head *head);

/* Returns a 204 response with the allowed methods. If origin is not NULL, the response also has the
   headers of a CORS preflight response (Fetch, 4.8). */
sp_response sp_response_options(const char *origin);

/* Sends a problem to a connection without libmicrohttpd: sends as much as possible without
   blocking, then shuts down writing. */
void sp_response_raw(int fd, const sp_problem *problem);

/* Whether an Accept-Encoding field (NULL if not sent) accepts gzip. */
bool sp_accepts_gzip(const char *field);

/* Whether an If-None-Match field (NULL if not sent) lists the tag, by weak comparison; "*" lists
   every tag. */
bool sp_tag_is_listed(const char *field, sp_bytes tag);

#define SP_ALLOWED_METHODS "GET, HEAD, OPTIONS"

#endif
