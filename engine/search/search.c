// SPDX-License-Identifier: GPL-2.0-or-later
#include "acronyms.h"
#include "spelling_private.h"
#include "engine/query/capitals.h"
#include "engine/query/date_bound.h"
#include "elsewhere.h"
#include "explain.h"
#include "facets.h"
#include "missing.h"
#include "engine/query/pins.h"
#include "placing.h"
#include "search_private.h"
#include "sharing.h"
#include "engine/index/xapian.h"

#include <signpost/clock.h>
#include <signpost/ranking.h>
#include <signpost/search.h>

#include <xapian-c-scores.h>

#include <stdlib.h>

static enum sp_status
correct(struct sp_search_state *state)
{
    const sp_correction_context context = {.reader = state->reader,
                                           .request = state->request,
                                           .analyzer = state->analyzer,
                                           .arena = &state->answer->arena,
                                           .deadline_us = state->deadline};
    return sp_spelling_correct(&context, &state->query, &state->answer->corrected,
                               &state->answer->did_you_mean, state->err);
}

/* Pins are looked up before spelling correction, so that queries which the site pins are not
   corrected. */
static enum sp_status
find_pinned(struct sp_search_state *state)
{
    state->pinned = (sp_pinned){0};
    if (state->request->exact || state->request->sort != SP_SORT_RELEVANCE)
        return SP_OK;
    return sp_pinned_find(sp_str_bytes(&state->reader->pins), &state->query, &state->answer->arena,
                          &state->pinned, state->err);
}

static enum sp_status
fold_words(struct sp_search_state *state)
{
    SP_AUTO(sp_str_done) sp_str words = {0};
    state->words = SP_LITERAL("");
    if (sp_query_append_words(&state->query, &words))
        state->words = sp_arena_copy_str(&state->answer->arena, &words);
    return sp_arena_check(&state->answer->arena, state->err);
}

enum sp_status
sp_search_read_query(struct sp_search_state *state)
{
    const sp_request *request = state->request;
    sp_arena *arena = &state->answer->arena;
    enum sp_status status = sp_reader_analyzer(state->reader, sp_request_language(request),
                                               &state->analyzer, state->err);
    if (status == SP_OK)
        status = sp_query_read(state->analyzer, request->text, arena, &state->query, state->err);
    if (status == SP_OK)
        status = sp_query_settle_capitals(&state->query, state->reader->xapian, arena, state->err);
    if (status == SP_OK)
        status = find_pinned(state);
    if (status == SP_OK && !request->exact && !state->as_typed && state->pinned.count == 0)
        status = correct(state);
    if (status == SP_OK && state->answer->corrected.data)
        status = find_pinned(state);
    if (status == SP_OK)
        status = fold_words(state);
    state->scores = (sp_scores){0};
    if (status == SP_OK && sp_query_is_plain(&state->query) && !request->exact &&
        request->sort == SP_SORT_RELEVANCE)
        status =
            sp_semantic_scores(state->reader, &state->query, arena, &state->scores, state->err);
    for (size_t i = 0; status == SP_OK && i < request->filter_count; i++)
        status = sp_query_add_filter(&state->query, arena, request->filters[i].field,
                                     request->filters[i].value, false, state->err);
    return status;
}

enum sp_status
sp_search_plan_query(struct sp_search_state *state)
{
    sp_arena *arena = &state->answer->arena;
    state->input = (sp_plan_input){.reader = state->reader->xapian,
                                   .doc_count = state->reader->doc_count,
                                   .analyzer = state->analyzer,
                                   .lang = sp_request_language(state->request),
                                   .query = &state->query,
                                   .ranking = &state->reader->ranking,
                                   .base_url = sp_str_bytes(&state->reader->base_url),
                                   .pinned = state->pinned,
                                   .newest = state->reader->newest,
                                   .deadline_us = state->deadline,
                                   .exact = state->request->exact,
                                   .by_relevance = state->request->sort == SP_SORT_RELEVANCE,
                                   .explain = state->request->explain,
                                   .arena = arena};
    sp_plan_input *input = &state->input;
    if (input->lang.len == 0)
        input->lang = sp_str_bytes(&state->reader->language);
    enum sp_status status = SP_OK;
    if (!input->exact)
        status = sp_reader_synonyms(state->reader, state->analyzer, &input->synonyms, state->err);
    if (status == SP_OK && !input->exact)
        status = sp_acronyms_match(state->reader, state->analyzer, &state->query, arena,
                                   &input->acronyms, state->err);
    if (status == SP_OK)
        status = sp_date_bound(state->request->after, "after", arena, &input->date_low, state->err);
    if (status == SP_OK)
        status =
            sp_date_bound(state->request->before, "before", arena, &input->date_high, state->err);
    input->date_high = sp_date_inclusive(input->date_high, arena);
    return status == SP_OK ? sp_plan_make(input, &state->plan, state->err) : status;
}

static void
set_sort(const struct sp_search_state *state, xc_request *request)
{
    enum sp_sort sort = state->request->sort;
    request->break_ties = true;
    request->tie_slot = SP_SLOT_ORDER;
    if (sort != SP_SORT_OLDEST && !state->plan.scored) { /* there is nothing to rank by */
        request->sort = XC_SORT_VALUE;
        request->sort_slot = SP_SLOT_ORDER;
        request->sort_ascending = true;
        return;
    }
    if (sort == SP_SORT_RELEVANCE)
        return;
    request->sort = XC_SORT_VALUE_THEN_RELEVANCE;
    request->sort_slot = sort == SP_SORT_NEWEST ? SP_SLOT_DATE : SP_SLOT_AGE;
}

/* False if no time is left. */
static bool
set_time_limit(const struct sp_search_state *state, xc_request *request)
{
    uint64_t now = state->deadline > 0 ? sp_now_us() : 0;
    if (state->deadline == 0)
        return true;
    request->timeout_us = state->deadline > now ? state->deadline - now : 0;
    return request->timeout_us > 0;
}

enum sp_status
sp_search_place_pinned(struct sp_search_state *state)
{
    xc_request timed = {0};
    if (!set_time_limit(state, &timed))
        return sp_fail(state->err, SP_TIMEOUT, "the query timed out");
    return sp_pinned_place(state->reader->xapian, timed.timeout_us, &state->plan, state->err);
}

static enum sp_status
search_tree(struct sp_search_state *state, const xc_query *tree,
            const struct sp_group_request *wanted, xc_page **out)
{
    const sp_ranking *ranking = &state->reader->ranking;
    const xc_bm25 bm25 = {.k1 = ranking->k1,
                          .k3 = ranking->k3,
                          .b = ranking->b,
                          .delta = state->plan.mixed ? SP_PRESENT_SHARE * (ranking->k1 + 1) : 0};
    xc_request request = {.query = tree,
                          .offset = wanted->offset,
                          .limit = wanted->limit,
                          .check_at_least = wanted->count_to + (wanted->count_to < UINT32_MAX),
                          .weighting = wanted->limit > 0 ? XC_WEIGHT_BM25 : XC_WEIGHT_BOOLEAN,
                          .bm25 = &bm25,
                          .fetch = wanted->fetch};
    xc_error cause;
    if (wanted->limit > 0)
        set_sort(state, &request);
    if (wanted->facets)
        sp_facets_request(&request);
    if (!set_time_limit(state, &request))
        return sp_fail(state->err, SP_TIMEOUT, "the query timed out");
    xc_status searched = xc_search(state->reader->xapian, &request, out, &cause);
    return searched == XC_OK ? SP_OK : sp_fail_xapian(state->err, searched, &cause, NULL);
}

/* The (approximately) greatest weight that the query's words can give a document: the limit that
   BM25 approaches with many occurrences. libxapian's own bound is not used, because it still
   depends on documents that were removed from the index. */
static double
max_words_weight(const struct sp_search_state *state)
{
    double sum = 0;
    for (uint32_t i = 0; i < state->plan.clause_count; i++)
        sum += state->plan.clauses[i].weight;
    return sum * (state->reader->ranking.k1 + 1);
}

/* The weight that a cosine of 1 adds. */
static double
semantic_scale(const struct sp_search_state *state)
{
    double size = (double)state->reader->doc_count / SP_SEMANTIC_DOCUMENTS;
    return max_words_weight(state) * SP_SEMANTIC_SHARE * (size < 1 ? size : 1);
}

/* A resource gets half of what its meaning would add, because its vector is made of words around
   its links: on judged queries of career guides nDCG@10 rose from .699 to .736. */
static float
share_of(const sp_scores *scores, uint32_t document)
{
    return scores->posts[document] ? 1 : 0.5F;
}

double
sp_search_semantic_weight(const struct sp_search_state *state, uint32_t docid)
{
    bool known = docid > 0 && docid <= state->scores.count;
    return known ? state->scores.items[docid - 1] * share_of(&state->scores, docid - 1) *
                       semantic_scale(state)
                 : 0;
}

/* The tree with closeness in meaning added to its weights; NULL if memory runs out. */
static xc_query *
with_meaning(const struct sp_search_state *state, const xc_query *tree)
{
    const sp_scores *scores = &state->scores;
    float *shares = sp_arena_array(&state->answer->arena, scores->count, sizeof *shares);
    for (uint32_t i = 0; shares && i < scores->count; i++)
        shares[i] = scores->items[i] * share_of(scores, i);
    return shares ? xc_query_and_maybe(xc_query_copy(tree), xc_query_scores(shares, scores->count,
                                                                            semantic_scale(state)))
                  : NULL;
}

enum sp_status
sp_search_run(struct sp_search_state *state, const xc_query *tree,
              const struct sp_group_request *wanted, struct sp_group *out)
{
    bool blends = state->scores.count > 0 && wanted->limit > 0 && !wanted->words_only;
    xc_query *blended = blends ? with_meaning(state, tree) : NULL;
    if (blends && !blended)
        return sp_fail(state->err, SP_NO_MEMORY, "out of memory");
    enum sp_status status = search_tree(state, blends ? blended : tree, wanted, &out->page);
    xc_query_free(blended);
    if (status != SP_OK)
        return status;
    bool known = out->page->matches_lower == out->page->matches_upper;
    out->total = known ? out->page->matches_lower : out->page->matches_estimated;
    if (!known && out->total <= wanted->count_to)
        out->total = wanted->count_to + 1;
    out->exact = known && out->total <= wanted->count_to;
    return SP_OK;
}

enum sp_status
sp_search_tree_matches(struct sp_search_state *state, const xc_query *tree, sp_bytes term,
                       uint32_t docid, bool *out)
{
    struct sp_group group = {0};
    const struct sp_group_request wanted = {.limit = SP_SAME_TERM_MAX, .words_only = true};
    xc_query *query = xc_query_filter(xc_query_copy(tree), xc_query_term(to_xc(term), 0));
    enum sp_status status = sp_search_run(state, query, &wanted, &group);
    xc_query_free(query);
    *out = false;
    for (size_t i = 0; status == SP_OK && i < group.page->hit_count; i++)
        *out |= group.page->hits[i].docid == docid;
    xc_page_free(group.page);
    return status;
}

/* Whether the query is the record's whole title, compared as text. (The plan adds the bonus for it
   by a term.) */
static bool
is_whole_title(const struct sp_search_state *state, const sp_record *record)
{
    SP_AUTO(sp_str_done) sp_str title = {0};
    sp_fold_append(&title, sp_record_name_text(record));
    state->answer->arena.failed |= title.failed;
    return state->words.len > 0 && sp_bytes_equal(sp_str_bytes(&title), state->words);
}

/* The score that is shown leaves out the weights of pin and title, which only determine the
   order. */
static void
set_score(const struct sp_search_state *state, const sp_record *record, double weight, sp_hit *hit)
{
    *hit = (sp_hit){.score = weight};
    hit->pinned = sp_pinned_weight(&hit->score);
    hit->whole_title = hit->score >= SP_BONUS_TITLE && is_whole_title(state, record);
    hit->score -= hit->whole_title ? SP_BONUS_TITLE : 0;
}

/* Which words of the query a hit has. */
enum has_words { HAS_ALL, HAS_SOME, HAS_SOME_OR_ALL, IS_RELATED };

static enum sp_status
add_hit(struct sp_search_state *state, const xc_hit *found, enum has_words has, sp_hit *hit)
{
    const sp_record *record;
    sp_matches matches;
    sp_arena *arena = &state->answer->arena;
    enum sp_status status = sp_reader_record(state->reader, found->docid, &record, state->err);
    if (status == SP_OK)
        status =
            sp_matches_find(&state->reader->finder, &state->plan, record, &matches, state->err);
    if (status != SP_OK)
        return status;
    set_score(state, record, found->weight, hit);
    sp_hit_copy(record, state->request->base_url, arena, hit);
    for (uint32_t i = 0; i < matches.count; i++)
        hit->in_text |= UINT64_C(1) << (matches.items[i].clause % 64);
    if (has == HAS_SOME || has == HAS_SOME_OR_ALL || hit->pinned)
        status = sp_missing_list(state, found->docid, record, &matches,
                                 has == HAS_SOME && !hit->pinned, hit);
    if (status != SP_OK)
        return status;
    status = sp_hit_show(&state->plan, record, &matches, state->request->base_url, arena, hit,
                         state->err);
    if (status != SP_OK)
        return status;
    if (state->request->explain && has != IS_RELATED)
        status = sp_explain_hit(state, found, record, &matches,
                                has != HAS_SOME || state->answer->relaxed, hit, state->err);
    if (status != SP_OK)
        return status;
    hit->line = hit->passage_count > 0 ? hit->passages[0].line : 0;
    return SP_OK;
}

static enum sp_status
add_hits(struct sp_search_state *state, const xc_page *page, enum has_words has)
{
    for (size_t i = 0; i < page->hit_count; i++) {
        sp_answer *answer = state->answer;
        enum sp_status status =
            add_hit(state, &page->hits[i], has, &answer->hits[answer->hit_count]);
        if (status != SP_OK)
            return status;
        answer->hit_count++;
    }
    return SP_OK;
}

static enum sp_status
fill_answer(struct sp_search_state *state, struct sp_groups *groups)
{
    sp_answer *answer = state->answer;
    sp_placing_peek(state, groups);
    const xc_page *first = groups->all.page, *second = groups->any.page;
    size_t count = (first ? first->hit_count : 0) + (second ? second->hit_count : 0);
    answer->hits = sp_arena_array(&answer->arena, count, sizeof *answer->hits);
    enum sp_status status = sp_arena_check(&answer->arena, state->err);
    if (status == SP_OK && first)
        status = add_hits(state, first, HAS_ALL);
    if (status == SP_OK && second)
        status = add_hits(state, second,
                          state->plan.mixed && !answer->relaxed ? HAS_SOME_OR_ALL : HAS_SOME);
    if (status == SP_OK)
        status = sp_placing_finish(state);
    if (state->request->explain)
        sp_explain_order(answer, state->request->sort != SP_SORT_RELEVANCE || !state->plan.scored);
    if (status == SP_OK && state->request->facets)
        status = sp_facets_count(answer->relaxed ? second : first, answer, state->err);
    return status;
}

/* Adds documents that are close in meaning but contain no word of the query, if there is room on
   the page. Their score is a cosine, which has no parts to explain. */
static enum sp_status
add_related(struct sp_search_state *state)
{
    sp_answer *answer = state->answer;
    xc_page *page = NULL;
    sp_scores *scores = &state->scores;
    uint32_t room = answer->limit - answer->hit_count;
    const struct sp_group_request wanted = {.limit = room < SP_RELATED_MAX ? room : SP_RELATED_MAX};
    if (scores->count == 0 || answer->offset > 0 || room == 0 || !state->plan.words)
        return SP_OK;
    for (uint32_t i = 0; i < scores->count; i++)
        scores->items[i] = scores->items[i] < SP_SEMANTIC_NEAR ? 0 : scores->items[i];
    xc_query *near = NULL;
    enum sp_status status =
        sp_plan_without_words(&state->input, &state->plan,
                              xc_query_scores(scores->items, scores->count, 1), &near, state->err);
    if (status == SP_OK)
        status = search_tree(state, near, &wanted, &page);
    xc_query_free(near);
    if (status == SP_OK)
        answer->related = sp_arena_array(&answer->arena, page->hit_count, sizeof *answer->related);
    if (status == SP_OK)
        status = sp_arena_check(&answer->arena, state->err);
    for (size_t i = 0; status == SP_OK && i < page->hit_count; i++) {
        status = add_hit(state, &page->hits[i], IS_RELATED, &answer->related[i]);
        answer->related_count += status == SP_OK;
    }
    xc_page_free(page);
    return status;
}

static enum sp_status
run_query(struct sp_search_state *state, struct sp_groups *groups)
{
    sp_answer_begin(state->answer, state->request);
    enum sp_status status = sp_search_read_query(state);
    if (status == SP_OK)
        status = sp_search_plan_query(state);
    if (status == SP_OK)
        status = sp_search_place_pinned(state);
    if (status == SP_OK)
        status = sp_titles_place(state);
    if (status == SP_OK)
        sp_placing_widen(state);
    return status == SP_OK ? sp_groups_run(state, groups) : status;
}

static enum sp_status
run_again(struct sp_search_state *state, bool as_typed, struct sp_groups *groups)
{
    sp_groups_done(groups);
    sp_plan_done(&state->plan);
    state->as_typed = as_typed;
    return run_query(state, groups);
}

/* No document has every word of the corrected query. Takes the query as typed if the correction
   finds nothing more: filters may exclude every document with the corrected word. */
static enum sp_status
doubt_correction(struct sp_search_state *state, struct sp_groups *groups)
{
    const sp_answer *answer = state->answer;
    uint32_t corrected = answer->total_partial;
    if (!answer->total_partial_exact)
        return SP_OK; /* there are many, and filters leave them */
    enum sp_status status = run_again(state, true, groups);
    if (status == SP_OK && corrected > answer->total + answer->total_partial)
        status = run_again(state, false, groups);
    return status;
}

/* Makes the answer once. If a writer overtakes the reader meanwhile, the reader moves to a newer
   revision; sp_reader_attempt then discards an answer from two revisions, or a failure because a
   document vanished between search and record, and calls this function again. */
static enum sp_status
attempt(void *context)
{
    struct sp_search_state *state = context;
    struct sp_groups groups = {0};
    state->as_typed = false;
    enum sp_status status = run_query(state, &groups);
    if (status == SP_OK && state->answer->corrected.data && state->answer->total == 0)
        status = doubt_correction(state, &groups);
    if (status == SP_OK)
        status = fill_answer(state, &groups);
    if (status == SP_OK)
        status = add_related(state);
    if (status == SP_OK)
        status = sp_elsewhere_find(state);
    if (status == SP_OK)
        sp_sharing_apply(state->answer);
    sp_groups_done(&groups);
    sp_plan_done(&state->plan);
    return status;
}

enum sp_status
sp_search(sp_reader *reader, const sp_request *request, sp_answer **out, sp_error *err)
{
    uint64_t began = sp_now_us();
    sp_answer *answer = calloc(1, sizeof *answer);
    if (!answer)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    struct sp_search_state state = {
        .reader = reader, .request = request, .answer = answer, .err = err};
    if (request->timeout_us > 0)
        state.deadline = began + request->timeout_us;
    enum sp_status status = sp_reader_attempt(reader, attempt, &state, err);
    answer->text = state.query.text;
    answer->parsed = state.query.parsed;
    answer->truncated = state.query.truncated;
    answer->revision = sp_arena_copy(&answer->arena, sp_reader_revision(reader));
    if (status == SP_OK)
        status = sp_arena_check(&answer->arena, err);
    if (status != SP_OK) {
        sp_answer_free(answer);
        return status;
    }
    answer->took_us = sp_now_us() - began;
    *out = answer;
    return SP_OK;
}
