// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Answers that depend on the index: from the cache or made anew, plain or gzipped, or not sent at
 * all to a client that has them (RFC 9110, 12 and 13).
 */
#ifndef SIGNPOST_SEARCHD_RESPOND_H
#define SIGNPOST_SEARCHD_RESPOND_H

#include "route.h"

/* Appends the body to *body from worker->reader, which is ready; *revision is what it was made
   from, borrowed until the handler ends. False, and *problem. */
typedef bool (*sp_content_writer)(sp_worker *worker, const void *context, sp_str *body,
                                  sp_bytes *revision, sp_query_entry *entry, sp_problem *problem);

typedef struct sp_content {
    sp_bytes canonical; /* equal for requests that ask the same, and only for them */
    sp_bytes query;     /* for the query log; data NULL: not logged */
    const char *type;   /* of the body */
    const char *vary;
    bool page; /* for browsers to show */
    sp_content_writer write;
    const void *context;
} sp_content;

sp_reply sp_respond(sp_worker *worker, const sp_exchange *exchange, const char *origin,
                    const sp_content *content);

/* The reply with a document that does not depend on the index; takes its body. */
sp_reply sp_respond_static(const sp_exchange *exchange, const char *origin, const char *type,
                           const char *vary, sp_str *take);

#endif
