// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Suggestions: how an unfinished query may go on, from the titles of posts, the names of resources,
 * headings and labels, and pairs of words that posts say often.
 *
 * They are found by the terms of the documents themselves (schema.h, XG), so that an index that
 * changes by a document changes its suggestions with it.
 */
#ifndef SIGNPOST_SUGGEST_H
#define SIGNPOST_SUGGEST_H

#include <signpost/arena.h>
#include <signpost/reader.h>

enum sp_suggestion_kind {
    SP_SUGGESTION_POST,
    SP_SUGGESTION_RESOURCE,
    SP_SUGGESTION_HEADING,
    SP_SUGGESTION_QUERY /* words to search for, of no single place */
};

typedef struct sp_suggestion {
    sp_bytes text; /* as readers see it */
    sp_bytes url;  /* post: its own; heading: with the anchor; query: empty */
    enum sp_suggestion_kind kind;
} sp_suggestion;

typedef struct sp_suggestions {
    sp_bytes query;       /* all that was given, what is not UTF-8 as U+FFFD */
    sp_suggestion *items; /* best first; no two texts fold alike */
    uint32_t count;
    sp_bytes revision;
    sp_arena arena; /* holds all of it */
} sp_suggestions;

#define SP_SUGGESTIONS_MAX 20

/* Bytes of the query's end that are completed; what stands before is kept as typed. */
#define SP_SUGGEST_BYTES_MAX 256

/* At most `limit` suggestions for text, any bytes. base_url is put before site-relative URLs. */
enum sp_status sp_suggest(sp_reader *reader, sp_bytes text, uint32_t limit, sp_bytes base_url,
                          sp_suggestions **out, sp_error *err) SP_MUST_CHECK;
void sp_suggestions_free(sp_suggestions *suggestions);

/* {"query","suggestions":[{"text","kind","url"}]}, without a newline at the end. */
void sp_suggestions_print_json(const sp_suggestions *suggestions, sp_str *out);

/* The OpenSearch Suggestions extension 1.1: [query, [texts], [descriptions], [urls]]. site is put
   before URLs that begin with '/'. */
void sp_suggestions_print_opensearch(const sp_suggestions *suggestions, sp_bytes site, sp_str *out);

#endif
