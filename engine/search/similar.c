// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/ascii.h>
#include <signpost/search.h>
#include <signpost/similar.h>

#include "find_by_url.h"
#include "search_private.h"
#include "sharing.h"
#include "engine/analysis/stem_cache.h"
#include "engine/index/xapian.h"

#include <signpost/clock.h>

#include <math.h>
#include <stdlib.h>

#define STEM_MIN 2 /* bytes */

struct stem {
    sp_bytes text;
    double factor; /* 1 + ln wdf */
    double idf;
};

struct similar_state {
    struct sp_search_state search;
    sp_url_match match;
    struct stem stems[SP_SIMILAR_STEMS]; /* the best first */
    uint32_t count;
    /* Unique terms of documents to leave out: the given document, and the resources that it links
       to. */
    sp_bytes *excluded;
    size_t excluded_count;
};

/* Makes a plan without words for the request's filters and dates. */
static enum sp_status
plan_filters(struct similar_state *state)
{
    struct sp_search_state *search = &state->search;
    const sp_request *request = search->request;
    sp_arena *arena = &search->answer->arena;
    enum sp_status status = sp_reader_analyzer(search->reader, sp_request_language(request),
                                               &search->analyzer, search->err);
    if (status == SP_OK)
        status =
            sp_query_read(search->analyzer, SP_LITERAL(""), arena, &search->query, search->err);
    for (size_t i = 0; status == SP_OK && i < request->filter_count; i++)
        status = sp_query_add_filter(&search->query, arena, request->filters[i].field,
                                     request->filters[i].value, false, search->err);
    return status == SP_OK ? sp_search_plan_query(search) : status;
}

static double
stem_weight(const struct stem *stem)
{
    return stem->factor * stem->idf;
}

/* Keeps the stem if it is among the best. Terms come in byte order, so of stems with equal weights
   the first in byte order is better. */
static void
keep_stem(struct similar_state *state, struct stem stem)
{
    uint32_t place = state->count;
    if (place == SP_SIMILAR_STEMS && stem_weight(&stem) <= stem_weight(&state->stems[place - 1]))
        return;
    if (place == SP_SIMILAR_STEMS)
        place--;
    else
        state->count++;
    for (; place > 0 && stem_weight(&stem) > stem_weight(&state->stems[place - 1]); place--)
        state->stems[place] = state->stems[place - 1];
    state->stems[place] = stem;
}

static bool
is_number(sp_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!sp_ascii_is_digit(text.data[i]))
            return false;
    }
    return true;
}

/* The stem of a term without field, or empty for any other term. Folded stems do not begin with a
   capital, prefixes of fields do. A stop word in capitals may only be emphasised. */
static sp_bytes
stem_of(sp_bytes term)
{
    if (term.len < 2 || term.data[0] != 'Z' || sp_ascii_is_upper(term.data[1]) ||
        sp_is_in_capitals(sp_bytes_slice(term, 1, term.len)))
        return (sp_bytes){0};
    return sp_bytes_slice(term, 1, term.len);
}

static enum sp_status
consider_stem(struct similar_state *state, const xc_term *term)
{
    struct sp_search_state *search = &state->search;
    xc_term_stats stats;
    xc_error cause;
    sp_bytes text = stem_of(from_xc(term->term));
    if (text.len < STEM_MIN || term->freq == 0 || is_number(text) ||
        sp_analyzer_is_stop_word(search->analyzer, text))
        return SP_OK;
    xc_status asked = xc_reader_term(search->reader->xapian, term->term, &stats, &cause);
    if (asked != XC_OK)
        return sp_fail_xapian(search->err, asked, &cause, NULL);
    double freq = stats.term_freq, all = search->reader->doc_count;
    struct stem stem = {
        .text = text, .factor = 1 + log(term->freq), .idf = log((all - freq + 0.5) / (freq + 0.5))};
    if (stats.term_freq > 1 && stem.idf > 0)
        keep_stem(state, stem);
    return SP_OK;
}

/* Resources that only this page links to inherit the page's words, so they would come first
   although readers see them on the page. A long term is shortened in the same way after either
   prefix, so replacing the prefix is enough. */
static void
list_excluded(struct similar_state *state, const xc_record *document)
{
    SP_AUTO(sp_str_done) sp_str unique = {0};
    sp_arena *arena = &state->search.answer->arena;
    state->excluded = sp_arena_array(arena, document->term_count + 1, sizeof *state->excluded);
    state->excluded_count = 0;
    if (!state->excluded)
        return;
    state->excluded[state->excluded_count++] = state->match.unique;
    for (size_t i = 0; i < document->term_count; i++) {
        sp_bytes term = from_xc(document->terms[i].term);
        if (!sp_bytes_starts_with(term, SP_LITERAL(SP_PREFIX_MENTION)))
            continue;
        sp_str_clear(&unique);
        sp_str_append_text(&unique, SP_PREFIX_RESOURCE);
        sp_str_append(&unique, sp_bytes_slice(term, sizeof SP_PREFIX_MENTION - 1, term.len));
        state->excluded[state->excluded_count++] = sp_arena_copy_str(arena, &unique);
    }
}

static enum sp_status
read_document(struct similar_state *state)
{
    struct sp_search_state *search = &state->search;
    xc_record *document;
    xc_error cause;
    state->count = 0;
    xc_status got = xc_reader_get(search->reader->xapian, state->match.docid, XC_FETCH_TERMS,
                                  &document, &cause);
    if (got != XC_OK)
        return sp_fail_xapian(search->err, got, &cause, NULL);
    enum sp_status status = SP_OK;
    for (size_t i = 0; status == SP_OK && i < document->term_count; i++)
        status = consider_stem(state, &document->terms[i]);
    for (uint32_t i = 0; i < state->count; i++)
        state->stems[i].text = sp_arena_copy(&search->answer->arena, state->stems[i].text);
    list_excluded(state, document);
    xc_record_free(document);
    return status == SP_OK ? sp_arena_check(&search->answer->arena, search->err) : status;
}

/* Adds the stems to the plan as clauses, so that passages show them. */
static enum sp_status
plan_stems(struct similar_state *state)
{
    sp_arena *arena = &state->search.answer->arena;
    sp_plan *plan = &state->search.plan;
    sp_query_word *words = sp_arena_array(arena, state->count, sizeof *words);
    uint32_t *hashes = sp_arena_array(arena, state->count, sizeof *hashes);
    plan->clauses = sp_arena_array(arena, state->count, sizeof *plan->clauses);
    plan->patterns = sp_arena_array(arena, state->count, sizeof *plan->patterns);
    if (arena->failed)
        return sp_arena_check(arena, state->search.err);
    for (uint32_t i = 0; i < state->count; i++) {
        const struct stem *stem = &state->stems[i];
        words[i] = (sp_query_word){.word = stem->text, .stem = stem->text};
        hashes[i] = sp_stem_hash(stem->text);
        plan->clauses[i] = (sp_plan_clause){.typed = stem->text, .weight = stem_weight(stem)};
        plan->patterns[i] =
            (sp_pattern){.words = &words[i], .hashes = &hashes[i], .count = 1, .clause = i};
    }
    plan->clause_count = plan->pattern_count = state->count;
    plan->scored = true;
    return SP_OK;
}

static enum sp_status
make_query(struct similar_state *state, xc_query **out)
{
    struct sp_search_state *search = &state->search;
    const sp_request *request = search->request;
    xc_query *parts[SP_SIMILAR_STEMS];
    SP_AUTO(sp_str_done) sp_str term = {0};
    xc_query **excluded =
        sp_arena_array(&search->answer->arena, state->excluded_count, sizeof(xc_query *));
    if (!excluded)
        return sp_arena_check(&search->answer->arena, search->err);
    for (uint32_t i = 0; i < state->count; i++) {
        sp_term_make(&term, SP_PREFIX_STEM, state->stems[i].text);
        parts[i] = xc_query_scale(xc_query_term(str_to_xc(&term), 1), state->stems[i].factor);
    }
    for (size_t i = 0; i < state->excluded_count; i++)
        excluded[i] = xc_query_term(to_xc(state->excluded[i]), 0);
    xc_query *query = xc_query_and_not(xc_query_or(parts, state->count),
                                       xc_query_or(excluded, state->excluded_count));
    bool narrowed = request->filter_count > 0 || request->after.len > 0 || request->before.len > 0;
    *out = narrowed ? xc_query_filter(query, xc_query_copy(search->plan.all)) : query;
    return sp_str_check(&term, search->err);
}

static enum sp_status
add_hit(struct similar_state *state, const xc_hit *found)
{
    struct sp_search_state *search = &state->search;
    const sp_record *record;
    sp_matches matches;
    sp_answer *answer = search->answer;
    sp_bytes base_url = search->request->base_url;
    sp_hit *hit = &answer->hits[answer->hit_count];
    enum sp_status status = sp_reader_record(search->reader, found->docid, &record, search->err);
    if (status == SP_OK)
        status =
            sp_matches_find(&search->reader->finder, &search->plan, record, &matches, search->err);
    if (status != SP_OK)
        return status;
    *hit = (sp_hit){.score = found->weight};
    sp_hit_copy(record, base_url, &answer->arena, hit);
    status =
        sp_hit_show(&search->plan, record, &matches, base_url, &answer->arena, hit, search->err);
    hit->line = hit->passage_count > 0 ? hit->passages[0].line : 0;
    answer->hit_count += status == SP_OK;
    return status;
}

static enum sp_status
add_hits(struct similar_state *state)
{
    struct sp_search_state *search = &state->search;
    sp_answer *answer = search->answer;
    struct sp_group group = {0};
    const struct sp_group_request wanted = {
        .offset = answer->offset, .limit = answer->limit, .count_to = SP_COUNT};
    xc_query *query = NULL;
    enum sp_status status = make_query(state, &query);
    if (status == SP_OK)
        status = sp_search_run(search, query, &wanted, &group);
    xc_query_free(query);
    if (status == SP_OK) {
        answer->total = group.total;
        answer->total_exact = group.exact;
        answer->total_partial_exact = true; /* every document has all words */
        answer->hits = sp_arena_array(&answer->arena, group.page->hit_count, sizeof *answer->hits);
        status = sp_arena_check(&answer->arena, search->err);
    }
    for (size_t i = 0; status == SP_OK && i < group.page->hit_count; i++)
        status = add_hit(state, &group.page->hits[i]);
    xc_page_free(group.page);
    return status;
}

static void
set_query_text(struct similar_state *state)
{
    SP_AUTO(sp_str_done) sp_str stems = {0};
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_answer *answer = state->search.answer;
    for (uint32_t i = 0; i < state->count; i++) {
        sp_str_append_text(&stems, i > 0 ? " " : "");
        sp_word_append_shown(&stems, state->stems[i].text);
    }
    sp_utf8_append_repaired(&text, state->search.request->text);
    answer->text = sp_arena_copy_str(&answer->arena, &text);
    answer->parsed = sp_arena_copy_str(&answer->arena, &stems);
}

static enum sp_status
attempt(void *context)
{
    struct similar_state *state = context;
    struct sp_search_state *search = &state->search;
    const sp_request *request = search->request;
    sp_answer_begin(search->answer, request);
    enum sp_status status = sp_find_by_url(search->reader, request->text, request->base_url,
                                           &search->answer->arena, &state->match, search->err);
    if (status != SP_OK || state->match.docid == 0)
        return status;
    status = plan_filters(state);
    if (status == SP_OK)
        status = read_document(state);
    if (status == SP_OK)
        status = plan_stems(state);
    if (status == SP_OK)
        status = add_hits(state);
    sp_sharing_apply(search->answer);
    sp_plan_done(&search->plan);
    set_query_text(state);
    return status;
}

enum sp_status
sp_similar(sp_reader *reader, const sp_request *request, sp_answer **out, sp_str *nearest,
           sp_error *err)
{
    uint64_t began = sp_now_us();
    sp_answer *answer = calloc(1, sizeof *answer);
    if (!answer)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    struct similar_state state = {
        .search = {.reader = reader, .request = request, .answer = answer, .err = err}};
    if (request->timeout_us > 0)
        state.search.deadline = began + request->timeout_us;
    enum sp_status status = sp_reader_attempt(reader, attempt, &state, err);
    answer->revision = sp_arena_copy(&answer->arena, sp_reader_revision(reader));
    if (status == SP_OK)
        status = sp_arena_check(&answer->arena, err);
    sp_str_restart(nearest);
    if (status == SP_OK && state.match.docid == 0) {
        sp_str_append(nearest, state.match.nearest);
        status = sp_str_check(nearest, err);
    }
    if (status != SP_OK || state.match.docid == 0) {
        sp_answer_free(answer);
        answer = NULL;
    } else {
        answer->took_us = sp_now_us() - began;
    }
    if (status == SP_OK)
        *out = answer;
    return status;
}
