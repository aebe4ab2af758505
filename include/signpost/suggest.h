// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Suggestions: completions of an unfinished query from the titles of posts, the names of resources,
 * headings and labels, and frequent pairs of words.
 *
 * Suggestions are found by terms of the documents themselves (schema.h, XG), so changing a document
 * also changes its suggestions.
 */
#ifndef SIGNPOST_SUGGEST_H
#define SIGNPOST_SUGGEST_H

#include <signpost/arena.h>
#include <signpost/reader.h>

enum sp_suggestion_kind {
    SP_SUGGESTION_POST,
    SP_SUGGESTION_RESOURCE,
    SP_SUGGESTION_HEADING,
    SP_SUGGESTION_QUERY /* words to search for, with no URL */
};

typedef struct sp_suggestion {
    sp_bytes text; /* as readers see it */
    sp_bytes url;  /* of the post or resource; heading: with the anchor; query: empty */
    enum sp_suggestion_kind kind;
} sp_suggestion;

typedef struct sp_suggestions {
    sp_bytes query;       /* the whole text, with U+FFFD for bytes that are not UTF-8 */
    sp_suggestion *items; /* best first; their folded texts all differ */
    uint32_t count;
    sp_bytes revision;
    sp_arena arena; /* owns all of the above */
} sp_suggestions;

#define SP_SUGGESTIONS_MAX 20

/* Only this many bytes at the end of the query are completed; the text before them is kept as
   typed. */
#define SP_SUGGEST_BYTES_MAX 256

/* Finds at most `limit` suggestions for the text, which can be any bytes. base_url is put before
   site-relative URLs. */
enum sp_status sp_suggest(sp_reader *reader, sp_bytes text, uint32_t limit, sp_bytes base_url,
                          sp_suggestions **out, sp_error *err) SP_MUST_CHECK;
void sp_suggestions_free(sp_suggestions *suggestions);

#endif
