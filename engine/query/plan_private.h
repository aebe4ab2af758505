// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the files that plan a query share. plan.c puts the plan together. The caller owns the trees
 * that functions return; functions take ownership of the trees passed to them.
 */
#ifndef SIGNPOST_ENGINE_QUERY_PLAN_PRIVATE_H
#define SIGNPOST_ENGINE_QUERY_PLAN_PRIVATE_H

#include "plan.h"

struct sp_plan_state {
    const sp_plan_input *input;
    sp_plan *plan;
    uint32_t checked;      /* number of checked clauses so far */
    uint32_t prefix_count; /* different prefixes of the query, which share sp_expansion's bounds */
    size_t clause_capacity, pattern_capacity;
    bool other_languages; /* some documents are in another language than the query's */
    sp_synonym_matches synonyms;
    uint32_t synonym_cost; /* of the synonyms planned so far */
    sp_str term;
    enum sp_status status;
    sp_error *err;
};

/* plan_words.c: words and phrases */

/* The number of documents with the term; 0 after a failure, which is in state->status. */
uint32_t sp_plan_term_freq(struct sp_plan_state *state, const char *prefix, sp_bytes text);

xc_query *sp_plan_term(struct sp_plan_state *state, const char *prefix, sp_bytes text,
                       uint32_t wqf);

/* A phrase: the words one after the other, in the text (prefix "") or in another field with
   positions. */
xc_query *sp_plan_phrase(struct sp_plan_state *state, const char *prefix,
                         const sp_query_word *words, uint32_t count);

/* The inverse document frequency of a word in `freq` documents. */
double sp_plan_idf(const struct sp_plan_state *state, uint32_t freq);

bool sp_clause_is_plain_word(const sp_clause *clause);

/* A single word: by its stem, or as written if the index contains the word but not its stem. Adds
   its pattern. *freq is set to the number of documents with it. */
xc_query *sp_plan_word(struct sp_plan_state *state, const sp_query_word *word, uint32_t wqf,
                       uint32_t *freq);

/* The tree of a clause; adds its patterns. around: the clause before it or NULL, the clause, and
   the clause after it or NULL. wqf: how often the query contains it. */
xc_query *sp_plan_words(struct sp_plan_state *state, const sp_clause *const *around, uint32_t wqf,
                        double *weight);

void sp_plan_add_pattern(struct sp_plan_state *state, const sp_query_word *words, uint32_t count,
                         bool exact);

/* plan_synonyms.c */

/* The clause's tree extended by the synonyms of its words, which weigh less; adds their patterns.
   freq: documents with the clause's one word. */
xc_query *sp_plan_with_synonyms(struct sp_plan_state *state, const sp_clause *clause, uint32_t wqf,
                                uint32_t freq, xc_query *take);

/* plan_nodes.c: operators, fields and filters */

/* The tree of a part of the query that is not a plain clause, as if it were not excluded. */
xc_query *sp_plan_node(struct sp_plan_state *state, const sp_node *node, double *weight);

/* Documents between two dates, inclusive; empty: no bound. */
xc_query *sp_plan_dates(sp_bytes low, sp_bytes high);

/* The tree of a filter, as if it were not excluded; it adds no weight. */
xc_query *sp_plan_filter(struct sp_plan_state *state, const sp_filter *filter);

/* Whether the node consists of filters only, so that it ranks nothing. */
bool sp_node_only_filters(const sp_node *node);

/* plan_bonus.c: weights that do not come from words */

/* The tree with the priors of resources and with recency added to its weights. */
xc_query *sp_plan_with_bonuses(struct sp_plan_state *state, xc_query *tree);

/* The tree with SP_BONUS_TITLE for documents whose whole title is the query. */
xc_query *sp_plan_with_title(struct sp_plan_state *state, xc_query *tree);

/* The pinned documents, weighted by their order, or NULL. */
xc_query *sp_plan_pinned(struct sp_plan_state *state);

#endif
