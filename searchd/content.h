// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Successful responses: taken from the cache or produced, plain or gzipped, or 304 for a client
 * that has the current version (RFC 9110, 12 and 13). Belongs to the thread of the worker.
 */
#ifndef SIGNPOST_SEARCHD_CONTENT_H
#define SIGNPOST_SEARCHD_CONTENT_H

#include "route.h"

/* Appends the body to *body, from worker->reader, which is open. Sets *revision to the revision of
   the index that the body is from, borrowed until the handler ends. Returns false and fills
   *problem if it fails. */
typedef bool (*sp_content_writer)(sp_worker *worker, const void *context, sp_str *body,
                                  sp_bytes *revision, sp_query_entry *entry, sp_problem *problem);

/* A response body that depends on the index, and how to write it. Borrows all pointers. */
typedef struct sp_content {
    sp_bytes canonical; /* equal exactly for equivalent requests */
    sp_bytes query;     /* for the query log; data NULL: not logged */
    const char *type;   /* Content-Type */
    const char *vary;
    bool page; /* an HTML page */
    sp_content_writer write;
    const void *context;
} sp_content;

/* Responds with content: from the worker's cache if it is there, else by calling content->write. */
sp_response sp_content_response(sp_worker *worker, const sp_exchange *exchange, const char *origin,
                                const sp_content *content);

/* Responds with a body that does not depend on the index; takes the body. */
sp_response sp_static_response(const sp_exchange *exchange, const char *origin, const char *type,
                               const char *vary, sp_str *take);

#endif
