// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Synonyms: what the words of a query may be called otherwise.
 *
 * The index has them as text (schema.h). A reader takes that apart once with each analyzer that it
 * reads queries with, so that both sides are folded and stemmed as queries are; then the runs of
 * words of a query that have synonyms are found by their stems. Immutable once made.
 */
#ifndef SIGNPOST_ENGINE_QUERY_SYNONYMS_H
#define SIGNPOST_ENGINE_QUERY_SYNONYMS_H

#include <signpost/query.h>

/* What is said of one run of words at most, and how much is looked through for it. */
#define SP_SYNONYMS_OTHERS_MAX 16
#define SP_SYNONYMS_LOOKED_MAX 256

typedef struct sp_synonyms sp_synonyms;

/* Words that follow each other, or one. */
typedef struct sp_synonym {
    sp_query_word *words; /* `start` and `end` are 0 */
    uint32_t count;
    bool stop; /* a stop word, which is not looked for: `information technology` finds no `it` */
} sp_synonym;

/* A run of words of the query that may be called otherwise. */
typedef struct sp_synonym_match {
    uint64_t clauses; /* bit i: query->clauses[i] is of it, or stands for one that is */
    const sp_synonym *others[SP_SYNONYMS_OTHERS_MAX]; /* borrowed from the synonyms */
    uint32_t other_count;                             /* at least one */
} sp_synonym_match;

typedef struct sp_synonym_matches {
    sp_synonym_match *items;
    size_t count, capacity;
} sp_synonym_matches;

/* text: as SP_META_SYNONYMS has it; what is not of that form is passed over. The analyzer is used
   now and not kept. */
enum sp_status sp_synonyms_new(sp_analyzer *analyzer, sp_bytes text, sp_synonyms **out,
                               sp_error *err) SP_MUST_CHECK;
void sp_synonyms_free(sp_synonyms *synonyms);

/* Fills *out, which is the arena's. Only plain words count: no phrases in quotes, prefixes, words
   to leave out or to be found in a field. Of runs that overlap the one that begins first counts,
   and of those the longest. synonyms: NULL for none. */
enum sp_status sp_synonyms_match(const sp_synonyms *synonyms, const sp_query *query,
                                 sp_arena *arena, sp_synonym_matches *out,
                                 sp_error *err) SP_MUST_CHECK;

#endif
