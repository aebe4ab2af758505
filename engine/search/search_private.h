// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Declarations shared by the files that run queries: search.c answers a query, similar.c searches
 * for a document's stems, why_not.c finds out why a document is not in the answer.
 *
 * An answer consists of two groups: documents with every word, then, if there is room, documents
 * with some words.
 */
#ifndef SIGNPOST_ENGINE_SEARCH_SEARCH_PRIVATE_H
#define SIGNPOST_ENGINE_SEARCH_SEARCH_PRIVATE_H

#include "semantic.h"

#include <signpost/search.h>

/* A unique term or URL has one document in each index. At most this many are looked at when several
   indexes are searched together. */
#define SP_SAME_TERM_MAX 16

/* A part of the ranked hits. */
struct sp_shown {
    uint32_t offset, limit;
};

struct sp_search_state {
    sp_reader *reader;
    const sp_request *request;
    sp_answer *answer;
    sp_analyzer *analyzer;
    sp_query query;
    sp_plan_input input;
    sp_plan plan;
    sp_pinned pinned;
    sp_bytes words;   /* of the query, folded like a title; empty: the query cannot be a title */
    sp_scores scores; /* of all documents; empty if meaning is not used */
    struct sp_shown shown; /* what the request asked for, see placing.h */
    uint64_t deadline;     /* in the time of sp_now_us(); 0: none */
    bool as_typed;         /* the query is not corrected */
    sp_error *err;
};

/* The part of a group that a page needs. */
struct sp_group_request {
    uint32_t offset, limit; /* a limit of 0 only counts */
    uint32_t count_to;      /* counts up to this number are exact */
    unsigned fetch;
    bool facets;
    bool words_only; /* leave meaning out of the weights */
};

struct sp_group {
    xc_page *page;
    uint32_t total;
    bool exact; /* total is exact, not an estimate */
};

/* The groups of an answer. The first page has the documents with every word, or both if the plan is
   mixed; the second has documents that lack some. */
struct sp_groups {
    struct sp_group all, any;
};

/* answer.c */

/* Empties the answer and sets its offset and limit from the request; the arena keeps its memory. */
void sp_answer_begin(sp_answer *answer, const sp_request *request);

/* Copies what does not depend on the query: kind, URL, date, tags, mentions. */
void sp_hit_copy(const sp_record *record, sp_bytes base_url, sp_arena *arena, sp_hit *hit);

/* search.c */

/* Sets state->query from the request's text and filters, corrected unless the request is exact. */
enum sp_status sp_search_read_query(struct sp_search_state *state) SP_MUST_CHECK;

/* Sets state->plan from state->query and the request's dates; free it with sp_plan_done. */
enum sp_status sp_search_plan_query(struct sp_search_state *state) SP_MUST_CHECK;

/* Adds the pinned documents to the trees of state->plan, so that the answer begins with them. */
enum sp_status sp_search_place_pinned(struct sp_search_state *state) SP_MUST_CHECK;

/* groups.c */

/* Searches the groups of the answer and sets its totals. Free with sp_groups_done, even after a
   failure. */
enum sp_status sp_groups_run(struct sp_search_state *state, struct sp_groups *out) SP_MUST_CHECK;
void sp_groups_done(struct sp_groups *groups);

/* titles.c */

/* Adds SP_BONUS_TITLE to the best document whose whole title is the query, so that one result of
   that name comes first and the others are ranked by their scores. */
enum sp_status sp_titles_place(struct sp_search_state *state) SP_MUST_CHECK;

/* search.c */

/* Searches one tree. The caller owns out->page, which is NULL after a failure. */
enum sp_status sp_search_run(struct sp_search_state *state, const xc_query *tree,
                             const struct sp_group_request *wanted,
                             struct sp_group *out) SP_MUST_CHECK;

/* Whether a document matches a tree. `term`: one that the document contains, and few others. */
enum sp_status sp_search_tree_matches(struct sp_search_state *state, const xc_query *tree,
                                      sp_bytes term, uint32_t docid, bool *out) SP_MUST_CHECK;

/* The weight that closeness in meaning adds to a document. */
double sp_search_semantic_weight(const struct sp_search_state *state, uint32_t docid);

#endif
