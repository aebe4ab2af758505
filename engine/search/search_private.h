// SPDX-License-Identifier: GPL-2.0-or-later
/* What the files share that ask the index a query: search.c answers it, similar.c asks by a
   document, why_not.c asks why a document is not in the answer. Not for others. */
#ifndef SIGNPOST_ENGINE_SEARCH_SEARCH_PRIVATE_H
#define SIGNPOST_ENGINE_SEARCH_SEARCH_PRIVATE_H

#include "semantic.h"

#include <signpost/search.h>

/* The count of hits is exact up to here. */
#define COUNT_EXACT 1000

/* Documents that several indexes may have under one unique term or address. */
#define SAME_MAX 16

struct sp_search_state {
    sp_reader *reader;
    const sp_request *request;
    sp_answer *answer;
    sp_analyzer *analyzer;
    sp_query query;
    sp_plan_input input;
    sp_plan plan;
    sp_pinned pinned;
    sp_bytes words;    /* of the query, folded as a title is; empty: it cannot be one */
    sp_scores scores;  /* of all documents; none where meaning is not asked for */
    uint64_t deadline; /* of sp_now_us(); 0: none */
    sp_error *err;
};

/* What the page wants of one of the two groups of documents. */
struct stretch {
    uint32_t offset, limit;
    uint32_t count_to; /* the count of hits is exact up to here */
    unsigned fetch;
    bool facets;
    bool words_only; /* weighed without meaning */
};

/* One of the two groups of documents, as far as the page wants it. */
struct group {
    xc_page *page;
    uint32_t total;
    bool exact; /* total is */
};

/* Makes the answer an empty one to the request; keeps its arena's memory. */
void sp_answer_begin(sp_answer *answer, const sp_request *request);

/* at->query from the request's text, corrected unless it is to be exact, and its filters. */
enum sp_status sp_search_read_query(struct sp_search_state *at) SP_MUST_CHECK;

/* at->plan from at->query and the request's dates; free it with sp_plan_done. */
enum sp_status sp_search_plan_query(struct sp_search_state *at) SP_MUST_CHECK;

/* Puts what is pinned first among the trees of at->plan, as the answer has it. */
enum sp_status sp_search_place_pinned(struct sp_search_state *at) SP_MUST_CHECK;

/* Runs one tree; out->page is the caller's, also after a failure (NULL then). */
enum sp_status sp_search_run(struct sp_search_state *at, const xc_query *tree,
                             const struct stretch *wanted, struct group *out) SP_MUST_CHECK;

/* Whether a document is among those of a tree. `term`: of the document and of hardly another. */
enum sp_status sp_search_tree_matches(struct sp_search_state *at, const xc_query *tree,
                                      sp_bytes term, uint32_t docid, bool *out) SP_MUST_CHECK;

/* What nearness in meaning adds to a document's weight. */
double sp_search_semantic_weight(const struct sp_search_state *at, uint32_t docid);

/* What of a hit does not depend on the query: kind, address, date, tags, mentions. */
void sp_hit_copy(const sp_record *record, sp_bytes base_url, sp_arena *arena, sp_hit *hit);

#endif
