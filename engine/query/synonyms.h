// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Synonyms: other names for the words of a query.
 *
 * The index stores them as text (schema.h). A reader parses that text once for each analyzer, so
 * that synonyms are folded and stemmed like the queries that it reads with that analyzer. Runs of
 * query words that have synonyms are found by their stems. A sp_synonyms does not change once it is
 * made.
 */
#ifndef SIGNPOST_ENGINE_QUERY_SYNONYMS_H
#define SIGNPOST_ENGINE_QUERY_SYNONYMS_H

#include <signpost/query.h>

/* A run of words has at most SP_SYNONYMS_OTHERS_MAX synonyms; at most SP_SYNONYMS_COMPARED_MAX are
   compared to find them. */
#define SP_SYNONYMS_OTHERS_MAX 16
#define SP_SYNONYMS_COMPARED_MAX 256

typedef struct sp_synonyms sp_synonyms;

/* One word, or several consecutive words. */
typedef struct sp_synonym {
    sp_query_word *words; /* `start` and `end` are 0 */
    uint32_t count; /* a single stop word is in capitals, so that `information technology` finds
                       `IT` but not `it` */
} sp_synonym;

/* A run of words of the query that has synonyms. */
typedef struct sp_synonym_match {
    /* Bit i: query->clauses[i] is in the run, or has the same words as one that is. */
    uint64_t clauses;
    const sp_synonym *others[SP_SYNONYMS_OTHERS_MAX]; /* borrowed from the synonyms */
    uint32_t other_count;                             /* at least one */
    bool acronym; /* explained by posts; not a written synonym */
} sp_synonym_match;

typedef struct sp_synonym_matches {
    sp_synonym_match *items;
    size_t count, capacity;
} sp_synonym_matches;

/* A run of words that has synonyms, and these. */
typedef struct sp_synonym_key {
    const sp_synonym *words, *others; /* borrowed; others may contain `words` */
    size_t other_count;
} sp_synonym_key;

/* Sets *out to the key at an index, counted from 0. False if there are no more. */
bool sp_synonyms_key(const sp_synonyms *synonyms, size_t index, sp_synonym_key *out);

/* text: the value of SP_META_SYNONYMS; invalid lines are ignored. The analyzer is not kept. */
enum sp_status sp_synonyms_new(sp_analyzer *analyzer, sp_bytes text, sp_synonyms **out,
                               sp_error *err) SP_MUST_CHECK;
void sp_synonyms_free(sp_synonyms *synonyms);

/* Fills *out with memory from the arena. Only plain words have synonyms: no phrases in quotes,
   prefixes, excluded words or words in a field. Of overlapping runs the one that begins first is
   used, and of those the longest. synonyms: NULL for none. */
enum sp_status sp_synonyms_match(const sp_synonyms *synonyms, const sp_query *query,
                                 sp_arena *arena, sp_synonym_matches *out,
                                 sp_error *err) SP_MUST_CHECK;

/* The clause of a part that is made of plain words, or NULL. */
const sp_clause *sp_clause_of_words(const sp_query *query, const sp_node *part);

#endif
