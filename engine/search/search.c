// SPDX-License-Identifier: GPL-2.0-or-later
#include "spelling_private.h"
#include "engine/query/date_bound.h"
#include "explain.h"
#include "facets.h"
#include "missing.h"
#include "engine/query/pins.h"
#include "search_private.h"
#include "engine/index/xapian.h"

#include <signpost/clock.h>
#include <signpost/ranking.h>
#include <signpost/search.h>

#include <stdlib.h>

static enum sp_status
correct(struct sp_search_state *at)
{
    const sp_correction correction = {.reader = at->reader,
                                      .analyzer = at->analyzer,
                                      .arena = &at->answer->arena,
                                      .deadline_us = at->deadline};
    return sp_spelling_correct(&correction, &at->query, &at->answer->corrected, at->err);
}

/* As it is typed, so that nothing of a query that the site knows is corrected. */
static enum sp_status
find_pinned(struct sp_search_state *at)
{
    at->pinned = (sp_pinned){0};
    if (at->request->exact || at->request->sort != SP_SORT_RELEVANCE)
        return SP_OK;
    return sp_pinned_find(sp_str_bytes(&at->reader->pins), &at->query, &at->answer->arena,
                          &at->pinned, at->err);
}

static enum sp_status
fold_words(struct sp_search_state *at)
{
    SP_AUTO(sp_str_done) sp_str words = {0};
    at->words = SP_LITERAL("");
    if (sp_query_append_words(&at->query, &words))
        at->words = sp_arena_copy_str(&at->answer->arena, &words);
    return sp_arena_check(&at->answer->arena, at->err);
}

enum sp_status
sp_search_read_query(struct sp_search_state *at)
{
    const sp_request *request = at->request;
    sp_arena *arena = &at->answer->arena;
    enum sp_status status =
        sp_reader_analyzer(at->reader, sp_request_language(request), &at->analyzer, at->err);
    if (status == SP_OK)
        status = sp_query_read(at->analyzer, request->text, arena, &at->query, at->err);
    if (status == SP_OK)
        status = find_pinned(at);
    if (status == SP_OK && !request->exact && at->pinned.count == 0)
        status = correct(at);
    if (status == SP_OK && at->answer->corrected.data)
        status = find_pinned(at);
    if (status == SP_OK)
        status = fold_words(at);
    at->scores = (sp_scores){0};
    if (status == SP_OK && sp_query_is_plain(&at->query) && !request->exact &&
        request->sort == SP_SORT_RELEVANCE)
        status = sp_semantic_scores(at->reader, &at->query, arena, &at->scores, at->err);
    for (size_t i = 0; status == SP_OK && i < request->filter_count; i++)
        status = sp_query_add_filter(&at->query, arena, request->filters[i].field,
                                     request->filters[i].value, false, at->err);
    return status;
}

enum sp_status
sp_search_plan_query(struct sp_search_state *at)
{
    sp_arena *arena = &at->answer->arena;
    at->input = (sp_plan_input){.reader = at->reader->xapian,
                                .doc_count = at->reader->doc_count,
                                .analyzer = at->analyzer,
                                .lang = sp_request_language(at->request),
                                .query = &at->query,
                                .ranking = &at->reader->ranking,
                                .base_url = sp_str_bytes(&at->reader->base_url),
                                .pinned = at->pinned,
                                .newest = at->reader->newest,
                                .exact = at->request->exact,
                                .explain = at->request->explain,
                                .arena = arena};
    sp_plan_input *input = &at->input;
    if (input->lang.len == 0)
        input->lang = sp_str_bytes(&at->reader->language);
    enum sp_status status = SP_OK;
    if (!input->exact)
        status = sp_reader_synonyms(at->reader, at->analyzer, &input->synonyms, at->err);
    if (status == SP_OK)
        status = sp_date_bound(at->request->after, "after", arena, &input->date_low, at->err);
    if (status == SP_OK)
        status = sp_date_bound(at->request->before, "before", arena, &input->date_high, at->err);
    input->date_high = sp_date_inclusive(input->date_high, arena);
    return status == SP_OK ? sp_plan_make(input, &at->plan, at->err) : status;
}

static void
set_sort(const struct sp_search_state *at, xc_request *request)
{
    enum sp_sort sort = at->request->sort;
    request->break_ties = true;
    request->tie_slot = SP_SLOT_ORDER;
    if (sort != SP_SORT_OLDEST && !at->plan.scored) { /* nothing to rank by */
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

/* False when no time is left. */
static bool
set_time_limit(const struct sp_search_state *at, xc_request *request)
{
    uint64_t now = at->deadline > 0 ? sp_now_us() : 0;
    if (at->deadline == 0)
        return true;
    request->timeout_us = at->deadline > now ? at->deadline - now : 0;
    return request->timeout_us > 0;
}

enum sp_status
sp_search_place_pinned(struct sp_search_state *at)
{
    xc_request timed = {0};
    if (!set_time_limit(at, &timed))
        return sp_fail(at->err, SP_TIMEOUT, "the time for the query is up");
    return sp_pinned_place(at->reader->xapian, timed.timeout_us, &at->plan, at->err);
}

static enum sp_status
search_tree(struct sp_search_state *at, const xc_query *tree, const struct stretch *wanted,
            xc_page **out)
{
    const sp_ranking *ranking = &at->reader->ranking;
    const xc_bm25 bm25 = {.k1 = ranking->k1, .k3 = ranking->k3, .b = ranking->b, .min_normlen = 0};
    xc_request request = {.query = tree,
                          .offset = wanted->offset,
                          .limit = wanted->limit,
                          .check_at_least = wanted->count_to,
                          .bm25 = &bm25,
                          .fetch = wanted->fetch};
    xc_error cause;
    set_sort(at, &request);
    if (wanted->facets)
        sp_facets_ask(&request);
    if (!set_time_limit(at, &request))
        return sp_fail(at->err, SP_TIMEOUT, "the time for the query is up");
    xc_status searched = xc_search(at->reader->xapian, &request, out, &cause);
    return searched == XC_OK ? SP_OK : sp_fail_xapian(at->err, searched, &cause, NULL);
}

/* About the most that words alone could give a document: what BM25 comes near to as they become
   many. Not libxapian's own bound, which depends on what the index once had. */
static double
most_of_words(const struct sp_search_state *at)
{
    double sum = 0;
    for (uint32_t i = 0; i < at->plan.clause_count; i++)
        sum += at->plan.clauses[i].weight;
    return sum * (at->reader->ranking.k1 + 1);
}

/* What a cosine of 1 adds. */
static double
scale_of_meaning(const struct sp_search_state *at)
{
    double size = (double)at->reader->doc_count / SP_SEMANTIC_DOCUMENTS;
    return most_of_words(at) * SP_SEMANTIC_SHARE * (size < 1 ? size : 1);
}

double
sp_search_semantic_weight(const struct sp_search_state *at, uint32_t docid)
{
    bool known = docid > 0 && docid <= at->scores.count;
    return known ? at->scores.items[docid - 1] * scale_of_meaning(at) : 0;
}

/* The tree with what documents have to do with the query's meaning added to their weight. */
static xc_query *
blend(const struct sp_search_state *at, const xc_query *tree)
{
    double scale = scale_of_meaning(at);
    return xc_query_and_maybe(xc_query_copy(tree),
                              xc_query_scores(at->scores.items, at->scores.count, scale));
}

enum sp_status
sp_search_run(struct sp_search_state *at, const xc_query *tree, const struct stretch *wanted,
              struct group *out)
{
    bool blends = at->scores.count > 0 && wanted->limit > 0 && !wanted->words_only;
    xc_query *blended = blends ? blend(at, tree) : NULL;
    enum sp_status status = search_tree(at, blends ? blended : tree, wanted, &out->page);
    xc_query_free(blended);
    if (status != SP_OK)
        return status;
    bool known = out->page->matches_lower == out->page->matches_upper;
    out->total = known ? out->page->matches_lower : out->page->matches_estimated;
    if (!known && out->total <= COUNT_EXACT)
        out->total = COUNT_EXACT + 1;
    out->exact = known && out->total <= COUNT_EXACT;
    return SP_OK;
}

enum sp_status
sp_search_tree_matches(struct sp_search_state *at, const xc_query *tree, sp_bytes term,
                       uint32_t docid, bool *out)
{
    struct group group = {0};
    const struct stretch wanted = {.limit = SAME_MAX, .words_only = true};
    xc_query *query = xc_query_filter(xc_query_copy(tree), xc_query_term(to_xc(term), 0));
    enum sp_status status = sp_search_run(at, query, &wanted, &group);
    xc_query_free(query);
    *out = false;
    for (size_t i = 0; status == SP_OK && i < group.page->hit_count; i++)
        *out |= group.page->hits[i].docid == docid;
    xc_page_free(group.page);
    return status;
}

static void
copy_mentions(const sp_record *record, sp_bytes base_url, sp_arena *arena, sp_hit *hit)
{
    hit->mentions = sp_arena_array(arena, record->mention_count, sizeof *hit->mentions);
    for (uint32_t i = 0; hit->mentions && i < record->mention_count; i++) {
        const sp_record_mention *mention = &record->mentions[i];
        sp_answer_mention *out = &hit->mentions[hit->mention_count++];
        out->title = sp_arena_copy(arena, mention->title);
        out->url = sp_section_url(record, mention->section, base_url, arena);
        out->heading = sp_section_breadcrumb(record, mention->section, arena, &out->heading_count);
        out->line = mention->line;
    }
}

static sp_bytes *
copy_list(const sp_bytes *items, uint32_t count, sp_arena *arena)
{
    sp_bytes *copies = sp_arena_array(arena, count, sizeof *copies);
    for (uint32_t i = 0; copies && i < count; i++)
        copies[i] = sp_arena_copy(arena, items[i]);
    return copies;
}

void
sp_hit_copy(const sp_record *record, sp_bytes base_url, sp_arena *arena, sp_hit *hit)
{
    SP_AUTO(sp_str_done) sp_str url = {0};
    if (record->kind == SP_KIND_POST)
        sp_str_append(&url, base_url);
    sp_str_append(&url, record->url);
    hit->kind = record->kind;
    hit->url = sp_arena_copy_str(arena, &url);
    hit->date = sp_arena_copy(arena, record->date);
    hit->lang = sp_arena_copy(arena, record->lang);
    hit->path = sp_arena_copy(arena, record->path);
    hit->categories = copy_list(record->categories, record->category_count, arena);
    hit->category_count = record->category_count;
    hit->tags = copy_list(record->tags, record->tag_count, arena);
    hit->tag_count = record->tag_count;
    copy_mentions(record, base_url, arena, hit);
}

/* What the plan weighs by a term of the index is told here by the title that the term is made of.
 */
static bool
is_whole_title(const struct sp_search_state *at, const sp_record *record)
{
    SP_AUTO(sp_str_done) sp_str title = {0};
    sp_fold_append(&title, sp_bytes_slice(record->text, record->title.start, record->title.end));
    at->answer->arena.failed |= title.failed;
    return at->words.len > 0 && sp_bytes_equal(sp_str_bytes(&title), at->words);
}

/* Pin and title are no part of the score that is shown: they say where a hit stands, and the score
   what it says. */
static void
set_score(const struct sp_search_state *at, const sp_record *record, double weight, sp_hit *hit)
{
    *hit = (sp_hit){.score = weight};
    hit->pinned = sp_pinned_weight(&hit->score);
    hit->whole_title = hit->score >= SP_BONUS_TITLE && is_whole_title(at, record);
    hit->score -= hit->whole_title ? SP_BONUS_TITLE : 0;
}

static enum sp_status
add_hit(struct sp_search_state *at, const xc_hit *found, bool lacks, bool explain, sp_hit *hit)
{
    const sp_record *record;
    sp_matches matches;
    sp_arena *arena = &at->answer->arena;
    enum sp_status status = sp_reader_record(at->reader, found->docid, &record, at->err);
    if (status == SP_OK)
        status = sp_matches_find(&at->reader->finder, &at->plan, record, &matches, at->err);
    if (status != SP_OK)
        return status;
    set_score(at, record, found->weight, hit);
    sp_hit_copy(record, at->request->base_url, arena, hit);
    if (lacks || hit->pinned)
        status = sp_missing_list(at, found, record, &matches, hit);
    if (status != SP_OK)
        return status;
    status = sp_hit_show(&at->plan, record, &matches, at->request->base_url, arena, hit, at->err);
    if (status != SP_OK)
        return status;
    if (explain)
        status = sp_explain_hit(at, found, record, &matches, !lacks || at->answer->relaxed, hit,
                                at->err);
    if (status != SP_OK)
        return status;
    hit->line = hit->passage_count > 0 ? hit->passages[0].line : 0;
    return SP_OK;
}

static enum sp_status
add_hits(struct sp_search_state *at, const xc_page *page, bool lacks)
{
    for (size_t i = 0; i < page->hit_count; i++) {
        sp_answer *answer = at->answer;
        enum sp_status status = add_hit(at, &page->hits[i], lacks, at->request->explain,
                                        &answer->hits[answer->hit_count]);
        if (status != SP_OK)
            return status;
        answer->hit_count++;
    }
    return SP_OK;
}

static enum sp_status
fill_answer(struct sp_search_state *at, const struct group *all, const struct group *any)
{
    sp_answer *answer = at->answer;
    size_t count = all->page->hit_count + (any->page ? any->page->hit_count : 0);
    answer->hits = sp_arena_array(&answer->arena, count, sizeof *answer->hits);
    enum sp_status status = sp_arena_check(&answer->arena, at->err);
    answer->relaxed = all->total == 0 && any->total > 0;
    answer->total = answer->relaxed ? any->total : all->total;
    answer->total_exact = answer->relaxed ? any->exact : all->exact;
    if (status == SP_OK)
        status = add_hits(at, all->page, false);
    if (status == SP_OK && any->page)
        status = add_hits(at, any->page, true);
    if (at->request->explain)
        sp_explain_order(answer, at->request->sort != SP_SORT_RELEVANCE || !at->plan.scored);
    if (status == SP_OK && at->request->facets)
        status = sp_facets_count(answer->relaxed ? any->page : all->page, answer, at->err);
    return status;
}

/* Documents with every word first; where they do not fill the page, those that lack some follow. */
static enum sp_status
run_groups(struct sp_search_state *at, struct group *all, struct group *any)
{
    uint32_t offset = at->answer->offset, limit = at->answer->limit;
    const struct stretch first = {.offset = offset,
                                  .limit = limit,
                                  .count_to = COUNT_EXACT + 1,
                                  .fetch = at->plan.pinned ? XC_FETCH_TERMS : 0,
                                  .facets = at->request->facets};
    enum sp_status status = sp_search_run(at, at->plan.all, &first, all);
    if (status != SP_OK || !at->plan.any || (all->total > 0 && all->page->hit_count == limit))
        return status;
    /* The rest is counted only where it is all there is. */
    bool none = all->total == 0;
    const struct stretch rest = {.offset = offset > all->total ? offset - all->total : 0,
                                 .limit = limit - (uint32_t)all->page->hit_count,
                                 .count_to = none ? COUNT_EXACT + 1 : 0,
                                 .fetch = XC_FETCH_TERMS,
                                 .facets = none && at->request->facets};
    return sp_search_run(at, none ? at->plan.any : at->plan.rest, &rest, any);
}

/* What is near without a word of the query, where the hits leave room for it. Its score is a cosine
   and has no parts to explain. */
static enum sp_status
add_related(struct sp_search_state *at)
{
    sp_answer *answer = at->answer;
    xc_page *page = NULL;
    sp_scores *scores = &at->scores;
    uint32_t room = answer->limit - answer->hit_count;
    const struct stretch wanted = {.limit = room < SP_RELATED_MAX ? room : SP_RELATED_MAX};
    if (scores->count == 0 || answer->offset > 0 || room == 0 || !at->plan.words)
        return SP_OK;
    for (uint32_t i = 0; i < scores->count; i++)
        scores->items[i] = scores->items[i] < SP_SEMANTIC_NEAR ? 0 : scores->items[i];
    xc_query *near =
        sp_plan_apart(&at->input, &at->plan, xc_query_scores(scores->items, scores->count, 1));
    enum sp_status status = search_tree(at, near, &wanted, &page);
    xc_query_free(near);
    if (status == SP_OK)
        answer->related = sp_arena_array(&answer->arena, page->hit_count, sizeof *answer->related);
    if (status == SP_OK)
        status = sp_arena_check(&answer->arena, at->err);
    for (size_t i = 0; status == SP_OK && i < page->hit_count; i++) {
        status = add_hit(at, &page->hits[i], false, false, &answer->related[i]);
        answer->related_count += status == SP_OK;
    }
    xc_page_free(page);
    return status;
}

void
sp_answer_begin(sp_answer *answer, const sp_request *request)
{
    sp_arena arena = answer->arena;
    sp_arena_clear(&arena);
    *answer = (sp_answer){
        .arena = arena,
        .offset = request->offset < SP_OFFSET_MAX ? request->offset : SP_OFFSET_MAX,
        .limit = request->limit < SP_LIMIT_MAX ? request->limit : SP_LIMIT_MAX,
    };
}

/* The binding moves on by itself when writers overtake it; an answer that saw two revisions, or a
   document that went away between search and record, is thrown away and made anew. */
static enum sp_status
attempt(void *context)
{
    struct sp_search_state *at = context;
    sp_answer_begin(at->answer, at->request);
    struct group all = {.exact = true}, any = {.exact = true};
    enum sp_status status = sp_search_read_query(at);
    if (status == SP_OK)
        status = sp_search_plan_query(at);
    if (status == SP_OK)
        status = sp_search_place_pinned(at);
    if (status == SP_OK)
        status = run_groups(at, &all, &any);
    if (status == SP_OK)
        status = fill_answer(at, &all, &any);
    if (status == SP_OK)
        status = add_related(at);
    xc_page_free(all.page);
    xc_page_free(any.page);
    sp_plan_done(&at->plan);
    return status;
}

enum sp_status
sp_search(sp_reader *reader, const sp_request *request, sp_answer **out, sp_error *err)
{
    uint64_t began = sp_now_us();
    sp_answer *answer = calloc(1, sizeof *answer);
    if (!answer)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    struct sp_search_state at = {
        .reader = reader, .request = request, .answer = answer, .err = err};
    if (request->timeout_us > 0)
        at.deadline = began + request->timeout_us;
    enum sp_status status = sp_reader_attempt(reader, attempt, &at, err);
    answer->text = at.query.text;
    answer->parsed = at.query.parsed;
    answer->truncated = at.query.truncated;
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

void
sp_answer_free(sp_answer *answer)
{
    if (!answer)
        return;
    sp_arena_done(&answer->arena);
    free(answer);
}
