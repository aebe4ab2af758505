// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Corrects the spelling of a query: words that no document contains are replaced by similar words
 * of the index (signpost/spelling.h). Words that some document contains are never changed.
 */
#ifndef SIGNPOST_ENGINE_SEARCH_SPELLING_PRIVATE_H
#define SIGNPOST_ENGINE_SEARCH_SPELLING_PRIVATE_H

#include "likeness.h"
#include "reader.h"

#include <signpost/spelling.h>

typedef struct sp_correction_context {
    sp_reader *reader;
    const sp_request *request; /* names the query's language */
    sp_analyzer *analyzer;     /* that the query was read with */
    sp_arena *arena;
    uint64_t deadline_us; /* in the time of sp_now_us(); 0: none */
} sp_correction_context;

/* A frequent word is offered instead of a rare one only if it is this many times as frequent. */
#define SP_RARER_TIMES 100

/* A word of the query that a few documents have, but that may be misspelt. */
typedef struct sp_doubtful_word {
    const sp_query_word *word;
    sp_suspect suspect;
    uint32_t freq; /* documents with the word or its stem */
    bool english;  /* the query is read as English */
} sp_doubtful_word;

/* did_you_mean.c: sets *out to a word that is a hundred times as frequent as the rare word, begins
   with the same two letters and is one edit away from it. data NULL: there is none. */
enum sp_status sp_find_meant(const sp_correction_context *context, const sp_doubtful_word *rare,
                             sp_bytes *out, sp_error *err) SP_MUST_CHECK;

/* Corrects *query and sets *corrected to its new text, or leaves both as they are if there is
   nothing to correct. query->text stays as typed; the offsets of its words are those in *corrected.
   Then *did_you_mean may become the text of another query to offer. SP_TIMEOUT when the time is up.
   */
enum sp_status sp_spelling_correct(const sp_correction_context *context, sp_query *query,
                                   sp_bytes *corrected, sp_bytes *did_you_mean,
                                   sp_error *err) SP_MUST_CHECK;

#endif
