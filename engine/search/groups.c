// SPDX-License-Identifier: GPL-2.0-or-later
#include "search_private.h"

static uint32_t
smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* The number up to which documents with every word are counted. */
static uint32_t
count_to(const struct sp_search_state *state)
{
    return state->request->facets ? SP_COUNT_FACETS : SP_COUNT;
}

/* Sets the totals of an answer in which documents lack words. some: the number of documents with
   some of the words, or of those that lack some. Large numbers are estimates, which may exceed the
   number of documents that are left. */
static void
set_partial(struct sp_search_state *state, const struct sp_group *some, uint32_t complete)
{
    sp_answer *answer = state->answer;
    uint32_t partial = some->total > complete ? some->total - complete : 0;
    answer->total_partial_exact = some->exact && partial <= SP_COUNT;
    answer->total_partial = smaller(partial, state->reader->doc_count - answer->total);
}

/* Ranks the documents with every word and those that lack some in one order. */
static enum sp_status
run_mixed(struct sp_search_state *state, struct sp_groups *out)
{
    const sp_plan *plan = &state->plan;
    sp_answer *answer = state->answer;
    bool facets = state->request->facets;
    const struct sp_group_request counted = {.count_to = count_to(state), .facets = facets};
    enum sp_status status = sp_search_run(state, plan->all, &counted, &out->all);
    if (status != SP_OK)
        return status;
    answer->total = out->all.total;
    answer->total_exact = out->all.exact;
    const struct sp_group_request shown = {.offset = answer->offset,
                                           .limit = answer->limit,
                                           .count_to =
                                               smaller(answer->total, count_to(state)) + SP_COUNT,
                                           .facets = facets && answer->total == 0};
    status = sp_search_run(state, plan->any, &shown, &out->any);
    if (status == SP_OK)
        set_partial(state, &out->any, answer->total);
    answer->relaxed = answer->total == 0 && answer->total_partial > 0;
    return status;
}

/* Documents with some of the words, because none has every word. */
static enum sp_status
run_relaxed(struct sp_search_state *state, struct sp_groups *out)
{
    sp_answer *answer = state->answer;
    const struct sp_group_request shown = {.offset = answer->offset,
                                           .limit = answer->limit,
                                           .count_to = count_to(state),
                                           .facets = state->request->facets};
    enum sp_status status = sp_search_run(state, state->plan.any, &shown, &out->any);
    if (status == SP_OK)
        set_partial(state, &out->any, 0);
    answer->relaxed = answer->total_partial > 0;
    return status;
}

/* Documents that lack a word, if those with every word do not fill the page; else only their
   number. */
static enum sp_status
run_rest(struct sp_search_state *state, struct sp_groups *out)
{
    const sp_answer *answer = state->answer;
    uint32_t offset = answer->offset, complete = answer->total;
    struct sp_group counted = {0};
    struct sp_group_request rest = {.count_to = SP_COUNT};
    bool full = out->all.page->hit_count == answer->limit;
    if (!full) {
        rest.offset = offset > complete ? offset - complete : 0;
        rest.limit = answer->limit - (uint32_t)out->all.page->hit_count;
    }
    enum sp_status status = sp_search_run(state, full ? state->plan.lacking : state->plan.rest,
                                          &rest, full ? &counted : &out->any);
    if (status == SP_OK)
        set_partial(state, full ? &counted : &out->any, 0);
    xc_page_free(counted.page);
    return status;
}

enum sp_status
sp_groups_run(struct sp_search_state *state, struct sp_groups *out)
{
    sp_answer *answer = state->answer;
    const struct sp_group_request first = {.offset = answer->offset,
                                           .limit = answer->limit,
                                           .count_to = count_to(state),
                                           .facets = state->request->facets};
    answer->mixed = state->plan.mixed;
    answer->total_partial_exact = true;
    if (state->plan.mixed)
        return run_mixed(state, out);
    enum sp_status status = sp_search_run(state, state->plan.all, &first, &out->all);
    if (status != SP_OK)
        return status;
    answer->total = out->all.total;
    answer->total_exact = out->all.exact;
    if (!state->plan.any)
        return SP_OK;
    return answer->total > 0 ? run_rest(state, out) : run_relaxed(state, out);
}

void
sp_groups_done(struct sp_groups *groups)
{
    xc_page_free(groups->all.page);
    xc_page_free(groups->any.page);
    *groups = (struct sp_groups){0};
}
