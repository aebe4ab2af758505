// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Replies: a status and a response of libmicrohttpd's, headers and all.
 *
 * A body that is large enough is also made gzip (zlib) for who accepts it; the two are different
 * representations, each with an entity tag of its own (RFC 9110, 8.8.3). A reply owns its response
 * unless it is borrowed from a cache.
 */
#ifndef SIGNPOST_SEARCHD_REPLY_H
#define SIGNPOST_SEARCHD_REPLY_H

#include "problem.h"

#include <microhttpd.h>

typedef struct sp_reply {
    unsigned status;
    struct MHD_Response *response; /* NULL: memory was out */
    uint64_t bytes;                /* of the body */
    bool borrowed;
} sp_reply;

/* What headers a body gets; NULL: none. */
typedef struct sp_head {
    const char *type;
    const char *cache_control;
    const char *vary;
    sp_bytes tag;       /* entity tag without its quotes; empty: none */
    const char *origin; /* allowed by CORS: an origin or "*" */
    bool gzip;          /* the body is; its tag says so */
    bool page;          /* the body is a page: browsers are told what it may do */
} sp_head;

/* A response with a body of which it takes hold (also on failure); NULL when memory is out. */
struct MHD_Response *sp_response_new(sp_str *take, const sp_head *head);

/* The same body gzipped, or empty where that makes it no smaller. False when memory is out. */
bool sp_gzip(sp_bytes body, sp_str *out);

/* Bodies below this are not worth compressing. */
#define SP_GZIP_MIN 512

/* 304, with the headers that 200 would have (RFC 9110, 15.4.5). */
sp_reply sp_reply_not_modified(const sp_head *head);

sp_reply sp_reply_problem(const sp_problem *problem, const char *origin);

/* The same in another form; takes the body. */
sp_reply sp_reply_refusal(const sp_problem *problem, sp_str *take, const sp_head *head);

/* 204 with the methods, and what CORS wants of a preflight if origin is one (Fetch, 4.8). */
sp_reply sp_reply_options(const char *origin);

/* An answer to a connection that libmicrohttpd has not got or must not answer: all that can be
   sent without waiting, then the end of the stream. */
void sp_reply_raw(int fd, const sp_problem *problem);

/* Whether the client accepts gzip (Accept-Encoding; NULL if not sent). */
bool sp_accepts_gzip(const char *field);

/* Whether If-None-Match (NULL if not sent) lists the tag, by the weak comparison that it asks for;
   "*" lists every tag. */
bool sp_tag_is_listed(const char *field, sp_bytes tag);

#define SP_ALLOWED_METHODS "GET, HEAD, OPTIONS"

#endif
