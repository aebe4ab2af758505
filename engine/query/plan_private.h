// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Declarations shared by the files that plan a query. plan.c puts the plan together. The caller
 * owns the trees that functions return; functions take ownership of the trees passed to them.
 */
#ifndef SIGNPOST_ENGINE_QUERY_PLAN_PRIVATE_H
#define SIGNPOST_ENGINE_QUERY_PLAN_PRIVATE_H

#include "plan.h"

/* Two words of a query written as one. */
struct sp_plan_joined {
    const sp_clause *left, *right;
    sp_query_word word; /* its word is empty if the index has no such word */
    uint32_t freq;
    bool by_stem; /* the index has the stem */
};

struct sp_plan_state {
    const sp_plan_input *input;
    sp_plan *plan;
    uint32_t checked;      /* number of checked clauses so far */
    uint32_t prefix_count; /* different prefixes of the query, which share sp_expansion's bounds */
    size_t clause_capacity, pattern_capacity;
    bool other_languages; /* some documents are in another language than the query's */
    sp_synonym_matches synonyms;
    uint32_t synonym_cost;        /* of the synonyms planned so far */
    uint32_t forms_listed;        /* words whose forms were listed so far */
    struct sp_plan_joined joined; /* the last two words that were joined */
    sp_str term;
    enum sp_status status;
    sp_error *err;
};

/* plan_words.c: words and phrases */

/* The number of documents with the term; 0 after a failure, which is in state->status. */
uint32_t sp_plan_term_freq(struct sp_plan_state *state, const char *prefix, sp_bytes text);

xc_query *sp_plan_term(struct sp_plan_state *state, const char *prefix, sp_bytes text,
                       uint32_t wqf);

/* Whether a document matches the tree, which is not kept. False after a failure. */
bool sp_plan_finds(struct sp_plan_state *state, xc_query *take);

/* Returns the tree of a phrase, which matches the words one after the other in the text (prefix "")
   or in another field with positions. */
xc_query *sp_plan_phrase(struct sp_plan_state *state, const char *prefix,
                         const sp_query_word *words, uint32_t count);

/* Returns the tree of a clause of several words. A phrase with the ends of sentences also matches
   where the text has these ends. */
xc_query *sp_plan_clause_phrase(struct sp_plan_state *state, const char *prefix,
                                const sp_clause *clause);

/* The inverse document frequency of a word in `freq` documents. */
double sp_plan_idf(const struct sp_plan_state *state, uint32_t freq);

bool sp_clause_is_plain_word(const sp_clause *clause);

/* Returns the tree of a single word, which matches the word's stem, or the word as written if the
   index contains the word but not its stem. Adds the word's pattern and sets *freq to the number of
   documents that the tree matches. */
xc_query *sp_plan_word(struct sp_plan_state *state, const sp_query_word *word, uint32_t wqf,
                       uint32_t *freq);

/* Returns the tree of a clause and adds the clause's patterns. around: the clause before it or
   NULL, the clause, and the clause after it or NULL. wqf: how often the query contains it. */
xc_query *sp_plan_words(struct sp_plan_state *state, const sp_clause *const *around, uint32_t wqf,
                        double *weight);

void sp_plan_add_pattern(struct sp_plan_state *state, const sp_query_word *words, uint32_t count,
                         bool exact);

/* The pattern of a clause of several words. */
void sp_plan_add_clause_pattern(struct sp_plan_state *state, const sp_clause *clause);

/* plan_spellings.c: words that the site writes joined or split */

/* The most alternatives for one clause: the word, the joined form of its parts, other spellings,
   and the word joined with the one before it and with the one after it. */
#define SP_PLAN_SPELLINGS_MAX 7
#define SP_PLAN_PARTS_MAX (2 + SP_PLAN_SPELLINGS_MAX + 2)

struct sp_plan_parts {
    xc_query *items[SP_PLAN_PARTS_MAX];
    size_t count;
};

void sp_plan_add_part(struct sp_plan_parts *parts, xc_query *query);

/* Adds the other spellings of a plain word, which `freq` documents contain: its halves, and the
   word joined with the words around it, as in sp_plan_words. */
void sp_plan_add_spellings(struct sp_plan_state *state, const sp_clause *const *around,
                           uint32_t freq, struct sp_plan_parts *parts);

struct sp_plan_phrase {
    const sp_query_word *words;
    uint32_t count;
};

struct sp_plan_phrases {
    struct sp_plan_phrase items[SP_PLAN_SPELLINGS_MAX];
    size_t count;
};

/* Lists the other spellings of several words in the text (prefix "") or in another field with
   positions, if no document has the words one after the other there: two of them joined, or one of
   them split. */
void sp_plan_find_phrases(struct sp_plan_state *state, const char *prefix, const sp_clause *clause,
                          struct sp_plan_phrases *out);

/* Adds the words of a clause with other forms of the last one: `case-studies` finds "case study". A
   document that matches a part before it, after the first, gets no weight from it. */
void sp_plan_add_hyphenated(struct sp_plan_state *state, const sp_clause *clause,
                            struct sp_plan_parts *parts);

/* plan_synonyms.c */

/* Finds the synonyms of the query: the written ones, and acronyms for other words. */
enum sp_status sp_plan_match_synonyms(struct sp_plan_state *state);

/* Extends the clause's tree by the synonyms of its words, which weigh less, and adds their
   patterns. freq: the number of documents that contain the clause's only word. */
xc_query *sp_plan_with_synonyms(struct sp_plan_state *state, const sp_clause *clause, uint32_t wqf,
                                uint32_t freq, xc_query *take);

/* plan_nodes.c: operators, fields and filters */

/* Returns the tree of a part of the query, other than a plain clause, as if the part were not
   excluded. */
xc_query *sp_plan_node(struct sp_plan_state *state, const sp_node *node, double *weight);

/* Returns the tree of the documents between two dates, inclusive. An empty date sets no bound. */
xc_query *sp_plan_dates(sp_bytes low, sp_bytes high);

/* Returns the tree of a filter, as if the filter were not excluded; the tree adds no weight. */
xc_query *sp_plan_filter(struct sp_plan_state *state, const sp_filter *filter);

/* Whether the node consists of filters only, so that it ranks nothing. */
bool sp_node_only_filters(const sp_node *node);

/* plan_pairs.c */

/* Adds a bonus for words that are next to each other in the query and in the document. */
xc_query *sp_plan_with_pairs(struct sp_plan_state *state, xc_query *tree);

/* plan_bonus.c: weights that do not come from words */

/* The tree with the weight of the bonus added where it matches. Takes both. An OP_AND_MAYBE would
   have to look at every match (docs/libxapian.md). */
xc_query *sp_plan_add_bonus(xc_query *tree, xc_query *bonus);

/* Adds the bonuses of resources and of recency to the weights of the tree. */
xc_query *sp_plan_with_bonuses(struct sp_plan_state *state, xc_query *tree);

/* Adds the bonus for titles that are much of the query (SP_BONUS_COVERAGE). */
xc_query *sp_plan_with_coverage(struct sp_plan_state *state, xc_query *tree);

/* Sets plan->titled and plan->titled_count. */
void sp_plan_find_titled(struct sp_plan_state *state);

/* Returns the tree of the pinned documents, weighted by their order, or NULL if there are none. */
xc_query *sp_plan_pinned(struct sp_plan_state *state);

#endif
