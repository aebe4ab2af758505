// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Successful responses: an answer from the cache or a new one, plain or gzipped, or 304 for a
 * client that has the current version (RFC 9110, 12 and 13). Call the functions only in the
 * worker's thread.
 */
#ifndef SIGNPOST_SEARCHD_CONTENT_H
#define SIGNPOST_SEARCHD_CONTENT_H

#include "route.h"

/* Appends the response body to *body. worker->reader is open. Sets *revision to the revision of the
   index that the body was made from; the revision is borrowed until the handler ends. On failure
   returns false and fills *problem. */
typedef bool (*sp_content_writer)(sp_worker *worker, const void *context, sp_str *body,
                                  sp_bytes *revision, sp_query_entry *entry, sp_problem *problem);

/* A response body that depends on the index, and the function that writes the body. All pointers
   are borrowed. */
typedef struct sp_content {
    const sp_str *canonical; /* the request; equal exactly for equivalent requests */
    sp_bytes logged;         /* for the query log; data NULL: not logged */
    const char *type;        /* Content-Type */
    const char *vary;
    bool page;  /* an HTML page */
    bool query; /* costs so much that queries.h decides when it runs */
    bool facets;
    uint32_t effort; /* bytes of the query */
    sp_content_writer write;
    const void *context;
} sp_content;

/* Responds with the content. Takes the body from the worker's cache if the cache has it, else calls
   content->write, once queries.h lets it: the response can be parked. */
sp_response sp_content_response(sp_worker *worker, sp_exchange *exchange, const char *origin,
                                const sp_content *content);

/* Responds with a body that does not depend on the index; takes the body. */
sp_response sp_static_response(const sp_exchange *exchange, const char *origin, const char *type,
                               const char *vary, sp_str *take);

#endif
