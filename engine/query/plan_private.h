// SPDX-License-Identifier: GPL-2.0-or-later
/* What the files that plan a query share: plan.c puts the whole together, plan_words.c plans words
   and phrases, plan_nodes.c what operators and fields bind. Not for others. */
#ifndef SIGNPOST_ENGINE_QUERY_PLAN_PRIVATE_H
#define SIGNPOST_ENGINE_QUERY_PLAN_PRIVATE_H

#include "plan.h"

struct sp_plan_state {
    const sp_plan_input *input;
    sp_plan *plan;
    uint32_t checked;      /* clauses so far whose trees are to be asked */
    uint32_t prefix_count; /* different prefixes of the query, which share what it may expand to */
    size_t clause_capacity, pattern_capacity;
    bool other_languages; /* some documents are in another than the query's */
    sp_synonym_matches synonyms;
    uint32_t synonym_cost; /* of those that the plan looks for so far */
    sp_str term;
    enum sp_status status;
    sp_error *err;
};

/* Documents that have the term; 0 after a failure, which state->status keeps. */
uint32_t sp_plan_term_freq(struct sp_plan_state *state, const char *prefix, sp_bytes text);

xc_query *sp_plan_term(struct sp_plan_state *state, const char *prefix, sp_bytes text,
                       uint32_t wqf);

/* The words one after the other, in the text (prefix "") or another field that has positions. */
xc_query *sp_plan_phrase(struct sp_plan_state *state, const char *prefix,
                         const sp_query_word *words, uint32_t count);

/* How much a word of that many documents tells. */
double sp_plan_idf(const struct sp_plan_state *state, uint32_t freq);

bool sp_clause_is_plain_word(const sp_clause *clause);

/* A single word by its stem, or as it is where only that is known; its pattern is added. *freq: how
   many documents have it. */
xc_query *sp_plan_word(struct sp_plan_state *state, const sp_query_word *word, uint32_t wqf,
                       uint32_t *freq);

/* The clause's tree with what else its words are called: a document that has only that has the
   clause, for less. Patterns are added on the way. freq: documents with its one word. */
xc_query *sp_plan_with_synonyms(struct sp_plan_state *state, const sp_clause *clause, uint32_t wqf,
                                uint32_t freq, xc_query *take);

/* The tree of a clause of words; its patterns are added on the way. around: the clause between
   those that stand beside it, or NULL. wqf: how often the query says it. */
xc_query *sp_plan_words(struct sp_plan_state *state, const sp_clause *const *around, uint32_t wqf,
                        double *weight);

/* The tree of a part of the query that is no such clause alone, as if it were not excluded. */
xc_query *sp_plan_node(struct sp_plan_state *state, const sp_node *node, double *weight);

void sp_plan_add_pattern(struct sp_plan_state *state, const sp_query_word *words, uint32_t count,
                         bool exact);

/* The tree, its documents weighed by more than their words: priors of resources, and recency. */
xc_query *sp_plan_with_bonuses(struct sp_plan_state *state, xc_query *tree);

/* The tree, with what has the whole query for its title above all others. */
xc_query *sp_plan_with_title(struct sp_plan_state *state, xc_query *tree);

/* The documents that are pinned, by weight in their order, or NULL. */
xc_query *sp_plan_pinned(struct sp_plan_state *state);

/* Documents of these dates, both ends included; empty: no bound. */
xc_query *sp_plan_dates(sp_bytes low, sp_bytes high);

/* The tree of a filter, as if it were not excluded; it weighs nothing. */
xc_query *sp_plan_filter(struct sp_plan_state *state, const sp_filter *filter);

/* Whether it is made of filters alone, which rank nothing. */
bool sp_node_only_filters(const sp_node *node);

#endif
