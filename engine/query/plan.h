// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The plan of a query for one index: the trees that libxapian matches, and the patterns that
 * passages use to find the matches in a record. Both are made from the same words in one place, so
 * they agree.
 */
#ifndef SIGNPOST_ENGINE_QUERY_PLAN_H
#define SIGNPOST_ENGINE_QUERY_PLAN_H

#include "synonyms.h"

#include <signpost/query.h>
#include <signpost/ranking.h>
#include <signpost/schema.h>

#include <xapian-c.h>

/* One word, or several consecutive words, which are found in a record by the hashes of their
   stems. */
typedef struct sp_pattern {
    const sp_query_word *words;
    uint32_t *hashes;
    uint32_t count;
    uint32_t clause; /* index into plan.clauses: the part of the query that a match shows */
    bool exact;      /* the words must match as typed, not only by their stems */
    bool foreign;    /* only for records in another language than the query's */
    bool across;     /* the words may be in several sentences of a block, as in the query */
    bool synonym;    /* of what was typed */
    bool character;  /* only the first character of the word was typed */
    bool unshown;    /* the word says nothing alone: `l` */
} sp_pattern;

/* A part of the query that is not excluded. Parts are in the order typed. */
typedef struct sp_plan_clause {
    const sp_clause *words; /* NULL if the part is made by an operator or a field with a scope */
    const sp_node *part;    /* borrowed from the query, as are `words` and `typed` */
    sp_bytes typed;
    double weight; /* inverse document frequency */
    bool required; /* every document must match it */
    bool checked;  /* its words do not show whether a document matches, so its tree is searched */
} sp_plan_clause;

/* The bonus for words next to each other: two clauses, with the stop words that were dropped
   between them, or such stop words before the first clause or after the last. */
typedef struct sp_plan_pair {
    uint32_t gap;         /* the clause to the right, as index into plan.clauses */
    sp_bytes left, right; /* the words before the last one, and the last one, as typed */
    xc_query *tree;
} sp_plan_pair;

/* The targets that the site pins for the query, in their order. */
typedef struct sp_pinned {
    sp_bytes *targets;
    uint32_t count;
} sp_pinned;

/* Owns its trees; the arrays and strings are the arena's. */
typedef struct sp_plan {
    sp_plan_clause *clauses; /* those that are neither excluded nor dropped stop words */
    uint32_t clause_count;
    sp_pattern *patterns;
    uint32_t pattern_count;

    /* One order for the documents with every word and those that lack some: `any` ranks both, and
       `all` only counts. */
    bool mixed;
    xc_query *all;  /* documents that match every clause */
    xc_query *any;  /* documents that match some clause, used if `mixed` or if none match all; NULL
                         if there are fewer than two clauses */
    xc_query *rest; /* documents that match some clauses but not all, used if some match all; NULL
                         if `any` is or if `mixed` */
    xc_query *lacking;     /* the documents of `rest`, to be counted: without bonuses */
    xc_query *titled;      /* documents whose whole title is the query; NULL if there are none */
    uint32_t titled_count; /* estimated */
    xc_query *words; /* documents with any word of the query, without filters; NULL unless scored */
    xc_query **trees; /* one per clause; NULL unless `explain` was set or the clause is checked */
    sp_plan_pair *pairs;
    uint32_t pair_count;
    xc_query *coverage; /* the bonus for titles that are much of the query; NULL unless `explain` */
    xc_query *pinned;   /* the pinned documents that pass the filters; NULL if there are no pins */

    bool scored;   /* there are words to rank by */
    sp_bytes lang; /* the language of the words' stems; borrowed from the input */
} sp_plan;

/* Added to the weight of a document if the query equals its whole title. No sum of word weights is
   as great. */
#define SP_BONUS_TITLE 1000.0

/* From this many words on, a query of plain words has one order for all documents: a page whose
   title and best section have two telling words of three is often better than one whose words are
   scattered over distant sections. The weight of a word is then SP_PRESENT_SHARE of its greatest
   weight higher in each document that has it, so a document without the word falls behind. */
#define SP_MIXED_WORDS 3
#define SP_PRESENT_SHARE 0.05

/* A title that is the query adds this much, see xc_query_coverage; titles with less than
   SP_COVERAGE_LEAST of the query's words add nothing. */
#define SP_BONUS_COVERAGE 4.0
#define SP_COVERAGE_LEAST 0.34

/* Added to the weight of the last pinned document; the one before it gets twice this, and so on. */
#define SP_BONUS_PIN 1000000.0

typedef struct sp_plan_input {
    xc_reader *reader;
    uint32_t doc_count;
    sp_analyzer *analyzer; /* that the query was read with */
    sp_bytes lang;         /* of the analyzer */
    const sp_query *query;
    const sp_ranking *ranking;
    sp_bytes date_low, date_high; /* "YYYYMMDD" or a prefix of it; empty: no bound */
    sp_bytes base_url;            /* of the site */
    sp_pinned pinned;
    uint32_t newest;      /* date of the newest document, YYYYMMDD; 0: unknown or not needed */
    uint64_t deadline_us; /* in the time of sp_now_us(); 0: none */
    bool exact;
    bool by_relevance;           /* else the answer is sorted by date */
    bool explain;                /* keep the trees of the parts */
    const sp_synonyms *synonyms; /* made with the same analyzer, or NULL; not used if exact */
    sp_synonym_matches acronyms; /* used where no written synonym is; not used if exact */
    sp_arena *arena;
} sp_plan_input;

/* Makes *out, to be freed with sp_plan_done even after a failure. */
enum sp_status sp_plan_make(const sp_plan_input *input, sp_plan *out, sp_error *err) SP_MUST_CHECK;
void sp_plan_done(sp_plan *plan);

/* Sets *found to whether a document matches the clause at an index, in any way that sp_plan_make
   would search for it: as typed, by its stem, joined, split, by a synonym. The clause is matched as
   if it were not excluded. */
enum sp_status sp_plan_finds_clause(const sp_plan_input *input, size_t clause, bool *found,
                                    sp_error *err) SP_MUST_CHECK;

/* Makes the tree of the documents that `take` matches, that pass the filters and dates of the
   input, and that contain no word of the query. Takes ownership of `take`. */
enum sp_status sp_plan_without_words(const sp_plan_input *input, const sp_plan *plan,
                                     xc_query *take, xc_query **out, sp_error *err) SP_MUST_CHECK;

/* Adds `weight` to the weights of those documents of the tree that `documents` matches. Takes
   ownership of both. */
xc_query *sp_plan_add_weight(xc_query *tree, xc_query *documents, double weight);

#endif
