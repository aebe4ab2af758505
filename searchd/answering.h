// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Answers that depend on the index: from the cache or made anew, plain or gzipped, or not sent at
 * all to a client that has them (RFC 9110, 12 and 13).
 */
#ifndef SIGNPOST_SEARCHD_ANSWERING_H
#define SIGNPOST_SEARCHD_ANSWERING_H

#include "route.h"

/* Appends the body to *body from worker->reader, which is ready; *revision is what it was made
   from, borrowed until the handler ends. False, and *problem. */
typedef bool (*sp_maker)(sp_worker *worker, const void *context, sp_str *body, sp_bytes *revision,
                         sp_query_entry *entry, sp_problem *problem);

typedef struct sp_question {
    sp_bytes canonical; /* equal for requests that ask the same, and only for them */
    sp_bytes query;     /* for the query log; data NULL: not logged */
    const char *type;   /* of the body */
    const char *vary;
    bool page; /* for browsers to show */
    sp_maker make;
    const void *context;
} sp_question;

sp_reply sp_answer_question(sp_worker *worker, const sp_exchange *exchange, const char *origin,
                            const sp_question *question);

/* The reply with a document that does not depend on the index; takes its body. */
sp_reply sp_answer_document(const sp_exchange *exchange, const char *origin, const char *type,
                            const char *vary, sp_str *take);

/* What a search or a suggestion that failed says to the client. */
bool sp_problem_of(enum sp_status status, const sp_error *err, sp_problem *problem);

#endif
