// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A query put to one index: the trees that libxapian matches, and the patterns by which passages
 * find in a record what matched. Both are made of the same words in one place, so that they agree.
 */
#ifndef SIGNPOST_ENGINE_QUERY_PLAN_H
#define SIGNPOST_ENGINE_QUERY_PLAN_H

#include "synonyms.h"

#include <signpost/query.h>
#include <signpost/ranking.h>
#include <signpost/schema.h>

#include <xapian-c.h>

/* Words that follow each other, or one word, by the hashes of their stems. */
typedef struct sp_pattern {
    const sp_query_word *words;
    uint32_t *hashes;
    uint32_t count;
    uint32_t clause; /* index into plan.clauses: which part of the query this shows */
    bool exact;      /* the words must be as typed, not only their stems */
    bool foreign;    /* only for records of another language than the query's */
} sp_pattern;

/* A part of the query that must or may match, in the order typed. */
typedef struct sp_plan_clause {
    const sp_clause *words; /* NULL for what operators or a field bind */
    const sp_node *part;    /* of the query; borrowed likewise */
    sp_bytes typed;         /* borrowed from the query */
    double weight;          /* how much it tells: its inverse document frequency */
    bool required;          /* no document may lack it */
    bool asked;             /* its words do not tell who has it: its tree is kept, to be asked */
} sp_plan_clause;

/* The bonus for two clauses that stand side by side. */
typedef struct sp_plan_pair {
    uint32_t left; /* index into plan.clauses; the other is the next */
    xc_query *tree;
} sp_plan_pair;

/* What the site pins for the query: targets, the first first. */
typedef struct sp_pinned {
    sp_bytes *targets;
    uint32_t count;
} sp_pinned;

typedef struct sp_plan {
    sp_plan_clause *clauses; /* those that count: neither excluded nor dropped as stop words */
    uint32_t clause_count;
    sp_pattern *patterns;
    uint32_t pattern_count;
    xc_query *all; /* documents with every clause; owned */
    xc_query *any; /* documents with some clause, for when none has all; owned; NULL with fewer than
                      two */
    xc_query *rest;   /* documents with some clause but not all, for when some have all; likewise */
    xc_query *words;  /* documents with any word of the query, whatever the filters; owned; NULL
                         where nothing is ranked */
    xc_query **trees; /* of each clause alone; without `explain` NULL but for those asked; owned */
    sp_plan_pair *pairs;
    uint32_t pair_count;
    xc_query *pinned; /* the documents that are pinned, as the filters leave them; owned; or NULL */
    bool scored;      /* there are words to rank by */
    sp_bytes lang;    /* that the words are stemmed as; borrowed from the input */
} sp_plan;

/* Added to the weight of a document whose whole title the query is. No words weigh as much. */
#define SP_BONUS_TITLE 1000.0

/* Of pinned documents the last has this, the one before it twice as much, and so on. */
#define SP_BONUS_PIN 1000000.0

typedef struct sp_plan_input {
    xc_reader *reader;
    uint32_t doc_count;
    sp_analyzer *analyzer; /* that the query was read with */
    sp_bytes lang;         /* of that */
    const sp_query *query;
    const sp_ranking *ranking;
    sp_bytes date_low, date_high; /* "YYYYMMDD" or a prefix of it; empty: no bound */
    sp_bytes base_url;            /* of the site */
    sp_pinned pinned;
    uint32_t newest; /* date of the newest document, YYYYMMDD; 0: unknown, or not asked for */
    bool exact;
    bool explain;                /* keep the trees of the parts */
    const sp_synonyms *synonyms; /* by the same analyzer; NULL: none. Not asked where it is exact */
    sp_arena *arena;
} sp_plan_input;

/* Fills *out, whose arrays are the arena's; sp_plan_done frees the trees, also after a failure. */
enum sp_status sp_plan_make(const sp_plan_input *input, sp_plan *out, sp_error *err) SP_MUST_CHECK;
void sp_plan_done(sp_plan *plan);

/* What of `take` the filters and dates of the plan's input allow, and has no word of the query. */
xc_query *sp_plan_apart(const sp_plan_input *input, const sp_plan *plan, xc_query *take);

#endif
