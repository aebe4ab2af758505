// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/ascii.h>
#include <signpost/search.h>
#include <signpost/similar.h>

#include "find_by_url.h"
#include "search_private.h"
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

struct likening {
    struct sp_search_state sp_search_state;
    sp_url_match located;
    struct stem stems[SP_SIMILAR_STEMS]; /* the best first */
    uint32_t count;
    sp_bytes *apart; /* unique terms of what is no answer: itself, and what it links to */
    size_t apart_count;
};

/* What the request's filters and dates leave: a plan without words. */
static enum sp_status
plan_filters(struct likening *at)
{
    struct sp_search_state *sp_search_state = &at->sp_search_state;
    const sp_request *request = sp_search_state->request;
    sp_arena *arena = &sp_search_state->answer->arena;
    enum sp_status status =
        sp_reader_analyzer(sp_search_state->reader, sp_request_language(request),
                           &sp_search_state->analyzer, sp_search_state->err);
    if (status == SP_OK)
        status = sp_query_read(sp_search_state->analyzer, SP_LITERAL(""), arena,
                               &sp_search_state->query, sp_search_state->err);
    for (size_t i = 0; status == SP_OK && i < request->filter_count; i++)
        status = sp_query_add_filter(&sp_search_state->query, arena, request->filters[i].field,
                                     request->filters[i].value, false, sp_search_state->err);
    return status == SP_OK ? sp_search_plan_query(sp_search_state) : status;
}

static double
worth(const struct stem *stem)
{
    return stem->factor * stem->idf;
}

/* Terms come in byte order, which decides between equals. */
static void
keep(struct likening *at, struct stem stem)
{
    uint32_t place = at->count;
    if (place == SP_SIMILAR_STEMS && worth(&stem) <= worth(&at->stems[place - 1]))
        return;
    if (place == SP_SIMILAR_STEMS)
        place--;
    else
        at->count++;
    for (; place > 0 && worth(&stem) > worth(&at->stems[place - 1]); place--)
        at->stems[place] = at->stems[place - 1];
    at->stems[place] = stem;
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

/* The text of a term that is the stem of a word anywhere; empty for any other term. A folded stem
   begins with no capital, another prefix does. */
static sp_bytes
stem_of(sp_bytes term)
{
    if (term.len < 2 || term.data[0] != 'Z' || sp_ascii_is_upper(term.data[1]))
        return (sp_bytes){0};
    return sp_bytes_slice(term, 1, term.len);
}

static enum sp_status
consider(struct likening *at, const xc_term *term)
{
    struct sp_search_state *sp_search_state = &at->sp_search_state;
    xc_term_stats stats;
    xc_error cause;
    sp_bytes text = stem_of(from_xc(term->term));
    if (text.len < STEM_MIN || term->freq == 0 || is_number(text) ||
        sp_analyzer_is_stop_word(sp_search_state->analyzer, text))
        return SP_OK;
    xc_status asked = xc_reader_term(sp_search_state->reader->xapian, term->term, &stats, &cause);
    if (asked != XC_OK)
        return sp_fail_xapian(sp_search_state->err, asked, &cause, NULL);
    double freq = stats.term_freq, all = sp_search_state->reader->doc_count;
    struct stem stem = {
        .text = text, .factor = 1 + log(term->freq), .idf = log((all - freq + 0.5) / (freq + 0.5))};
    if (stats.term_freq > 1 && stem.idf > 0)
        keep(at, stem);
    return SP_OK;
}

/* A page says what is said of the resources that only it links to, so they would lead, and are on
   the page already. A term that was shortened is shortened alike behind either prefix. */
static void
list_apart(struct likening *at, const xc_record *document)
{
    SP_AUTO(sp_str_done) sp_str unique = {0};
    sp_arena *arena = &at->sp_search_state.answer->arena;
    at->apart = sp_arena_array(arena, document->term_count + 1, sizeof *at->apart);
    at->apart_count = 0;
    if (!at->apart)
        return;
    at->apart[at->apart_count++] = at->located.unique;
    for (size_t i = 0; i < document->term_count; i++) {
        sp_bytes term = from_xc(document->terms[i].term);
        if (!sp_bytes_starts_with(term, SP_LITERAL(SP_PREFIX_MENTION)))
            continue;
        sp_str_clear(&unique);
        sp_str_append_text(&unique, SP_PREFIX_RESOURCE);
        sp_str_append(&unique, sp_bytes_slice(term, sizeof SP_PREFIX_MENTION - 1, term.len));
        at->apart[at->apart_count++] = sp_arena_copy_str(arena, &unique);
    }
}

static enum sp_status
read_document(struct likening *at)
{
    struct sp_search_state *sp_search_state = &at->sp_search_state;
    xc_record *document;
    xc_error cause;
    at->count = 0;
    xc_status got = xc_reader_get(sp_search_state->reader->xapian, at->located.docid,
                                  XC_FETCH_TERMS, &document, &cause);
    if (got != XC_OK)
        return sp_fail_xapian(sp_search_state->err, got, &cause, NULL);
    enum sp_status status = SP_OK;
    for (size_t i = 0; status == SP_OK && i < document->term_count; i++)
        status = consider(at, &document->terms[i]);
    for (uint32_t i = 0; i < at->count; i++)
        at->stems[i].text = sp_arena_copy(&sp_search_state->answer->arena, at->stems[i].text);
    list_apart(at, document);
    xc_record_free(document);
    return status == SP_OK ? sp_arena_check(&sp_search_state->answer->arena, sp_search_state->err)
                           : status;
}

/* The stems as parts of the plan, so that passages show them. */
static enum sp_status
plan_stems(struct likening *at)
{
    sp_arena *arena = &at->sp_search_state.answer->arena;
    sp_plan *plan = &at->sp_search_state.plan;
    sp_query_word *words = sp_arena_array(arena, at->count, sizeof *words);
    uint32_t *hashes = sp_arena_array(arena, at->count, sizeof *hashes);
    plan->clauses = sp_arena_array(arena, at->count, sizeof *plan->clauses);
    plan->patterns = sp_arena_array(arena, at->count, sizeof *plan->patterns);
    if (arena->failed)
        return sp_arena_check(arena, at->sp_search_state.err);
    for (uint32_t i = 0; i < at->count; i++) {
        const struct stem *stem = &at->stems[i];
        words[i] = (sp_query_word){.word = stem->text, .stem = stem->text};
        hashes[i] = sp_stem_hash(stem->text);
        plan->clauses[i] = (sp_plan_clause){.typed = stem->text, .weight = worth(stem)};
        plan->patterns[i] =
            (sp_pattern){.words = &words[i], .hashes = &hashes[i], .count = 1, .clause = i};
    }
    plan->clause_count = plan->pattern_count = at->count;
    plan->scored = true;
    return SP_OK;
}

static enum sp_status
make_query(struct likening *at, xc_query **out)
{
    struct sp_search_state *sp_search_state = &at->sp_search_state;
    const sp_request *request = sp_search_state->request;
    xc_query *parts[SP_SIMILAR_STEMS];
    SP_AUTO(sp_str_done) sp_str term = {0};
    xc_query **apart =
        sp_arena_array(&sp_search_state->answer->arena, at->apart_count, sizeof(xc_query *));
    if (!apart)
        return sp_arena_check(&sp_search_state->answer->arena, sp_search_state->err);
    for (uint32_t i = 0; i < at->count; i++) {
        sp_term_make(&term, SP_PREFIX_STEM, at->stems[i].text);
        parts[i] = xc_query_scale(xc_query_term(str_to_xc(&term), 1), at->stems[i].factor);
    }
    for (size_t i = 0; i < at->apart_count; i++)
        apart[i] = xc_query_term(to_xc(at->apart[i]), 0);
    xc_query *query =
        xc_query_and_not(xc_query_or(parts, at->count), xc_query_or(apart, at->apart_count));
    bool narrowed = request->filter_count > 0 || request->after.len > 0 || request->before.len > 0;
    *out = narrowed ? xc_query_filter(query, xc_query_copy(sp_search_state->plan.all)) : query;
    return sp_str_check(&term, sp_search_state->err);
}

static enum sp_status
add_hit(struct likening *at, const xc_hit *found)
{
    struct sp_search_state *sp_search_state = &at->sp_search_state;
    const sp_record *record;
    sp_matches matches;
    sp_answer *answer = sp_search_state->answer;
    sp_bytes base_url = sp_search_state->request->base_url;
    sp_hit *hit = &answer->hits[answer->hit_count];
    enum sp_status status =
        sp_reader_record(sp_search_state->reader, found->docid, &record, sp_search_state->err);
    if (status == SP_OK)
        status = sp_matches_find(&sp_search_state->reader->finder, &sp_search_state->plan, record,
                                 &matches, sp_search_state->err);
    if (status != SP_OK)
        return status;
    *hit = (sp_hit){.score = found->weight};
    sp_hit_copy(record, base_url, &answer->arena, hit);
    status = sp_hit_show(&sp_search_state->plan, record, &matches, base_url, &answer->arena, hit,
                         sp_search_state->err);
    hit->line = hit->passage_count > 0 ? hit->passages[0].line : 0;
    answer->hit_count += status == SP_OK;
    return status;
}

static enum sp_status
add_hits(struct likening *at)
{
    struct sp_search_state *sp_search_state = &at->sp_search_state;
    sp_answer *answer = sp_search_state->answer;
    struct group group = {0};
    const struct stretch wanted = {
        .offset = answer->offset, .limit = answer->limit, .count_to = COUNT_EXACT + 1};
    xc_query *query = NULL;
    enum sp_status status = make_query(at, &query);
    if (status == SP_OK)
        status = sp_search_run(sp_search_state, query, &wanted, &group);
    xc_query_free(query);
    if (status == SP_OK) {
        answer->total = group.total;
        answer->total_exact = group.exact;
        answer->hits = sp_arena_array(&answer->arena, group.page->hit_count, sizeof *answer->hits);
        status = sp_arena_check(&answer->arena, sp_search_state->err);
    }
    for (size_t i = 0; status == SP_OK && i < group.page->hit_count; i++)
        status = add_hit(at, &group.page->hits[i]);
    xc_page_free(group.page);
    return status;
}

static void
name_query(struct likening *at)
{
    SP_AUTO(sp_str_done) sp_str stems = {0};
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_answer *answer = at->sp_search_state.answer;
    for (uint32_t i = 0; i < at->count; i++) {
        sp_str_append_text(&stems, i > 0 ? " " : "");
        sp_str_append(&stems, at->stems[i].text);
    }
    sp_utf8_append_repaired(&text, at->sp_search_state.request->text);
    answer->text = sp_arena_copy_str(&answer->arena, &text);
    answer->parsed = sp_arena_copy_str(&answer->arena, &stems);
}

static enum sp_status
attempt(void *context)
{
    struct likening *at = context;
    struct sp_search_state *sp_search_state = &at->sp_search_state;
    const sp_request *request = sp_search_state->request;
    sp_answer_begin(sp_search_state->answer, request);
    enum sp_status status =
        sp_find_by_url(sp_search_state->reader, request->text, request->base_url,
                       &sp_search_state->answer->arena, &at->located, sp_search_state->err);
    if (status != SP_OK || at->located.docid == 0)
        return status;
    status = plan_filters(at);
    if (status == SP_OK)
        status = read_document(at);
    if (status == SP_OK)
        status = plan_stems(at);
    if (status == SP_OK)
        status = add_hits(at);
    sp_plan_done(&sp_search_state->plan);
    name_query(at);
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
    struct likening at = {
        .sp_search_state = {.reader = reader, .request = request, .answer = answer, .err = err}};
    if (request->timeout_us > 0)
        at.sp_search_state.deadline = began + request->timeout_us;
    enum sp_status status = sp_reader_attempt(reader, attempt, &at, err);
    answer->revision = sp_arena_copy(&answer->arena, sp_reader_revision(reader));
    if (status == SP_OK)
        status = sp_arena_check(&answer->arena, err);
    sp_str_clear(nearest);
    if (status == SP_OK && at.located.docid == 0) {
        sp_str_append(nearest, at.located.nearest);
        status = sp_str_check(nearest, err);
    }
    if (status != SP_OK || at.located.docid == 0) {
        sp_answer_free(answer);
        answer = NULL;
    } else {
        answer->took_us = sp_now_us() - began;
    }
    if (status == SP_OK)
        *out = answer;
    return status;
}
