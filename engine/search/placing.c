// SPDX-License-Identifier: GPL-2.0-or-later
#include "placing.h"

#include <signpost/explain.h>

/* Hits that are sorted by date, or not ranked at all, keep their order. */
static bool
is_ranked(const struct sp_search_state *state)
{
    return state->request->sort == SP_SORT_RELEVANCE && state->plan.scored;
}

void
sp_placing_widen(struct sp_search_state *state)
{
    sp_answer *answer = state->answer;
    state->shown = (struct sp_shown){answer->offset, answer->limit};
    if (answer->limit == 0)
        return;
    if (is_ranked(state)) {
        uint32_t end = answer->offset + answer->limit;
        answer->offset -= answer->offset % SP_BLOCK;
        answer->limit = (end + SP_BLOCK - 1) / SP_BLOCK * SP_BLOCK - answer->offset;
    }
    answer->limit++;
}

void
sp_placing_peek(const struct sp_search_state *state, struct sp_groups *groups)
{
    xc_page *first = groups->all.page, *second = groups->any.page;
    size_t count = (first ? first->hit_count : 0) + (second ? second->hit_count : 0);
    state->answer->more = count > 0 && count == state->answer->limit;
    if (state->answer->more && second && second->hit_count > 0)
        second->hit_count--;
    else if (state->answer->more)
        first->hit_count--;
}

static bool
is_page_of(const sp_answer_mention *mention, sp_bytes page)
{
    sp_bytes url = mention->url;
    return sp_bytes_starts_with(url, page) && (url.len == page.len || url.data[page.len] == '#');
}

static bool
mentions(const sp_hit *post, const sp_hit *resource)
{
    if (post->kind != SP_KIND_POST)
        return false;
    for (uint32_t i = 0; i < resource->mention_count; i++) {
        if (is_page_of(&resource->mentions[i], post->url))
            return true;
    }
    return false;
}

/* Whether the resource has every word, the post does not, and such posts come after all documents
   with every word. */
static bool
is_apart(const struct sp_search_state *state, const sp_hit *resource, const sp_hit *post)
{
    return !state->plan.mixed && resource->missing_count == 0 && post->missing_count > 0;
}

static bool
is_query_word(const sp_plan *plan, const sp_token *token)
{
    for (uint32_t i = 0; i < plan->pattern_count; i++) {
        if (plan->patterns[i].count == 1 && !plan->patterns[i].synonym &&
            plan->patterns[i].hashes[0] == token->hash)
            return true;
    }
    return false;
}

/* Whether the address contains a word of the query. Records do not contain the words of addresses,
   so the address is analyzed here, for the few resources that would be moved. */
static enum sp_status
address_says(const struct sp_search_state *state, sp_bytes url, bool *says)
{
    sp_tokens tokens;
    *says = false;
    enum sp_status status = sp_analyze(state->analyzer, url, &tokens, state->err);
    for (size_t i = 0; status == SP_OK && i < tokens.count; i++)
        *says = *says || is_query_word(&state->plan, &tokens.items[i]);
    return status;
}

/* So that scores agree with the order. */
static void
limit_score(sp_hit *hit, double most)
{
    double excess = hit->score - most;
    if (excess <= 0)
        return;
    hit->score = most;
    if (hit->explanation) {
        hit->explanation->score -= excess;
        hit->explanation->other -= excess;
    }
}

/* Moves the resource at `from` below the last page in the block that mentions it. */
static enum sp_status
place(const struct sp_search_state *state, sp_hit *block, uint32_t count, uint32_t from)
{
    sp_hit hit = block[from];
    uint32_t to = count - 1;
    bool says = false;
    if (!hit.inherited || hit.pinned)
        return SP_OK;
    while (to > from && (!mentions(&block[to], &hit) || is_apart(state, &hit, &block[to])))
        to--;
    enum sp_status status = to > from ? address_says(state, hit.url, &says) : SP_OK;
    if (status != SP_OK || says || to == from)
        return status;
    double page = block[to].score;
    memmove(&block[from], &block[from + 1], (to - from) * sizeof *block);
    hit.moved = true;
    limit_score(&hit, page);
    block[to] = hit;
    return SP_OK;
}

/* The hits from `start` on that are in the same block. */
static enum sp_status
place_block(const struct sp_search_state *state, uint32_t start)
{
    sp_answer *answer = state->answer;
    uint32_t left = answer->hit_count - start, count = left < SP_BLOCK ? left : SP_BLOCK;
    enum sp_status status = SP_OK;
    for (uint32_t i = count; status == SP_OK && i-- > 0;)
        status = place(state, &answer->hits[start], count, i);
    return status;
}

enum sp_status
sp_placing_finish(const struct sp_search_state *state)
{
    sp_answer *answer = state->answer;
    struct sp_shown shown = state->shown;
    uint32_t before = shown.offset - answer->offset;
    enum sp_status status = SP_OK;
    for (uint32_t start = 0; is_ranked(state) && status == SP_OK && start < answer->hit_count;
         start += SP_BLOCK)
        status = place_block(state, start);
    answer->offset = shown.offset;
    answer->limit = shown.limit;
    answer->hit_count = answer->hit_count > before ? answer->hit_count - before : 0;
    answer->hits += answer->hit_count > 0 ? before : 0;
    if (answer->hit_count > shown.limit) {
        answer->hit_count = shown.limit;
        answer->more = true;
    }
    return status;
}
