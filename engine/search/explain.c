// SPDX-License-Identifier: GPL-2.0-or-later
#include "explain.h"

#include "engine/base/bound.h"
#include "find_by_url.h"
#include "engine/index/xapian.h"

#include <math.h>

/* Below this share of a score a difference is of the arithmetic. */
#define NOISE 1e-9
/* The same of a score that a pin's weight, up to 100 millions, was added to. */
#define NOISE_OF_PINS 1e-6

struct explaining {
    struct sp_search_state *sp_search_state;
    const xc_hit *found;
    const sp_record *record;
    const sp_matches *matches;
    xc_record *document; /* with its terms, in byte order */
    sp_bytes unique;
    sp_explanation *out;
    sp_arena *arena;
    sp_error *err;
};

const char *
sp_place_name(enum sp_place place)
{
    static const char *const names[SP_PLACE_COUNT] = {"title",       "heading",   "text",    "tags",
                                                      "description", "inherited", "mentions"};
    return names[place];
}

void
sp_explain_share(double weight, const uint32_t counts[SP_PLACE_COUNT],
                 const uint32_t units[SP_PLACE_COUNT], uint32_t wdf, enum sp_place rest,
                 sp_explained_place out[SP_PLACE_COUNT])
{
    uint32_t sum = 0;
    for (int i = 0; i < SP_PLACE_COUNT; i++)
        sum += units[i];
    uint32_t lacking = wdf > sum ? wdf - sum : 0, all = sum + lacking;
    for (int i = 0; i < SP_PLACE_COUNT; i++)
        out[i] = (sp_explained_place){.count = counts[i],
                                      .weight = all > 0 ? weight * units[i] / all : 0};
    out[rest].weight += all > 0 ? weight * lacking / all : weight;
}

static bool
is_in(sp_range range, uint32_t offset)
{
    return offset >= range.start && offset < range.end;
}

static enum sp_place
place_of(const sp_record *record, uint32_t offset)
{
    bool post = record->kind == SP_KIND_POST;
    if (is_in(record->title, offset))
        return SP_PLACE_TITLE;
    if (!post && is_in(record->description, offset))
        return SP_PLACE_DESCRIPTION;
    for (uint32_t i = 0; i < record->section_count; i++) {
        if (is_in(record->sections[i].heading, offset))
            return SP_PLACE_HEADING;
    }
    return post ? SP_PLACE_TEXT : SP_PLACE_INHERITED;
}

/* By the weights that the index was built with. */
static void
weigh_units(const struct explaining *at, const uint32_t counts[SP_PLACE_COUNT],
            enum sp_weight description, uint32_t units[SP_PLACE_COUNT])
{
    const uint32_t *wdf = at->sp_search_state->reader->ranking.weights.wdf;
    const uint32_t of_posts[SP_PLACE_COUNT] = {[SP_PLACE_TITLE] = wdf[SP_WEIGHT_TITLE],
                                               [SP_PLACE_HEADING] = wdf[SP_WEIGHT_HEADING],
                                               [SP_PLACE_TEXT] = wdf[SP_WEIGHT_BODY]};
    const uint32_t of_resources[SP_PLACE_COUNT] = {[SP_PLACE_TITLE] = wdf[SP_WEIGHT_NAME],
                                                   [SP_PLACE_HEADING] = wdf[SP_WEIGHT_CONTEXT],
                                                   [SP_PLACE_DESCRIPTION] = wdf[description],
                                                   [SP_PLACE_INHERITED] = wdf[SP_WEIGHT_INHERITED]};
    bool post = at->record->kind == SP_KIND_POST;
    for (int i = 0; i < SP_PLACE_COUNT; i++)
        units[i] = counts[i] * (post ? of_posts[i] : of_resources[i]);
}

static uint32_t
sum_of(const uint32_t numbers[SP_PLACE_COUNT])
{
    uint32_t sum = 0;
    for (int i = 0; i < SP_PLACE_COUNT; i++)
        sum += numbers[i];
    return sum;
}

/* What of the word's wdf is not in the text is in words without positions, if the term is one and
   of the record's own language: words of other languages are stemmed twice. */
static void
share_out(struct explaining *at, uint32_t clause, sp_explained_word *word)
{
    enum sp_place rest = at->record->kind == SP_KIND_POST ? SP_PLACE_TAGS : SP_PLACE_MENTIONS;
    uint32_t counts[SP_PLACE_COUNT] = {0}, units[SP_PLACE_COUNT];
    for (uint32_t i = 0; i < at->matches->count; i++) {
        const sp_match *match = &at->matches->items[i];
        if (match->clause == clause)
            counts[place_of(at->record, match->start)]++;
    }
    weigh_units(at, counts, SP_WEIGHT_DESCRIPTION, units);
    uint32_t wdf = word->term_count == 1 ? word->terms[0].wdf : 0;
    if (!sp_bytes_equal(at->record->lang, sp_str_bytes(&at->sp_search_state->reader->language)))
        wdf = 0;
    if (wdf > 0 && sum_of(units) > wdf) /* a sentence around a link, not a list's description */
        weigh_units(at, counts, SP_WEIGHT_SENTENCE, units);
    sp_explain_share(word->weight, counts, units, wdf, rest, word->places);
}

static bool
is_term_before(const void *items, size_t index, const void *key)
{
    const xc_term *terms = items;
    return sp_bytes_compare(from_xc(terms[index].term), *(const sp_bytes *)key) < 0;
}

static uint32_t
wdf_of(const struct explaining *at, sp_bytes term)
{
    const xc_record *document = at->document;
    size_t found = sp_lower_bound(document->terms, document->term_count, is_term_before, &term);
    bool has_term =
        found < document->term_count && sp_bytes_equal(from_xc(document->terms[found].term), term);
    return has_term ? document->terms[found].freq : 0;
}

/* Terms without weight (of a field, of the unique id) show nothing. */
static enum sp_status
add_term(struct explaining *at, sp_bytes term, sp_explained_word *word)
{
    xc_term_stats stats;
    xc_error cause;
    uint32_t wdf = wdf_of(at, term);
    if (wdf == 0)
        return SP_OK;
    xc_status asked =
        xc_reader_term(at->sp_search_state->reader->xapian, to_xc(term), &stats, &cause);
    if (asked != XC_OK)
        return sp_fail_xapian(at->err, asked, &cause, NULL);
    bool stem = term.data[0] == 'Z';
    word->terms[word->term_count++] =
        (sp_explained_term){.text = sp_arena_copy(at->arena, sp_bytes_slice(term, stem, term.len)),
                            .stem = stem,
                            .documents = stats.term_freq,
                            .wdf = wdf};
    return SP_OK;
}

/* What the tree adds to the hit's score; with the terms that it has of it where word is given. */
static enum sp_status
weigh(struct explaining *at, const xc_query *tree, double *weight, sp_explained_word *word)
{
    struct group group = {0};
    const struct stretch wanted = {
        .limit = SAME_MAX, .fetch = word ? XC_FETCH_TERMS : 0, .words_only = true};
    xc_query *query = xc_query_filter(xc_query_copy(tree), xc_query_term(to_xc(at->unique), 0));
    enum sp_status status = sp_search_run(at->sp_search_state, query, &wanted, &group);
    xc_query_free(query);
    *weight = 0;
    for (size_t i = 0; status == SP_OK && i < group.page->hit_count; i++) {
        const xc_hit *hit = &group.page->hits[i];
        if (hit->docid != at->found->docid)
            continue;
        *weight = hit->weight;
        if (word)
            word->terms = sp_arena_array(at->arena, hit->term_count, sizeof *word->terms);
        for (size_t k = 0; status == SP_OK && word && word->terms && k < hit->term_count; k++)
            status = add_term(at, from_xc(hit->terms[k]), word);
    }
    xc_page_free(group.page);
    return status;
}

static enum sp_status
explain_words(struct explaining *at)
{
    const sp_plan *plan = &at->sp_search_state->plan;
    enum sp_status status = SP_OK;
    at->out->words = sp_arena_array(at->arena, plan->clause_count, sizeof *at->out->words);
    for (uint32_t i = 0; at->out->words && status == SP_OK && i < plan->clause_count; i++) {
        sp_explained_word *word = &at->out->words[at->out->word_count++];
        word->typed = plan->clauses[i].typed;
        status = weigh(at, plan->trees[i], &word->weight, word);
        if (status == SP_OK)
            share_out(at, i, word);
    }
    return status;
}

static enum sp_status
explain_pairs(struct explaining *at)
{
    const sp_plan *plan = &at->sp_search_state->plan;
    enum sp_status status = SP_OK;
    at->out->pairs = sp_arena_array(at->arena, plan->pair_count, sizeof *at->out->pairs);
    for (uint32_t i = 0; at->out->pairs && status == SP_OK && i < plan->pair_count; i++) {
        sp_explained_pair *pair = &at->out->pairs[at->out->pair_count];
        const sp_plan_clause *left = &plan->clauses[plan->pairs[i].left];
        *pair = (sp_explained_pair){.left = left->typed, .right = left[1].typed};
        status = weigh(at, plan->pairs[i].tree, &pair->weight, NULL);
        at->out->pair_count += pair->weight > 0;
    }
    return status;
}

static double
of_words(const sp_explanation *explanation)
{
    double sum = 0;
    for (uint32_t i = 0; i < explanation->word_count; i++)
        sum += explanation->words[i].weight;
    return sum;
}

static double
of_pairs(const sp_explanation *explanation)
{
    double sum = 0;
    for (uint32_t i = 0; i < explanation->pair_count; i++)
        sum += explanation->pairs[i].weight;
    return sum;
}

static enum sp_status
measure(struct explaining *at)
{
    xc_info info;
    xc_error cause;
    sp_reader *reader = at->sp_search_state->reader;
    xc_status told =
        xc_reader_get(reader->xapian, at->found->docid, XC_FETCH_TERMS, &at->document, &cause);
    if (told == XC_OK)
        told = xc_reader_info(reader->xapian, &info, &cause);
    if (told != XC_OK)
        return sp_fail_xapian(at->err, told, &cause, NULL);
    at->unique = sp_unique_term(at->document, at->arena);
    at->out->documents = info.doc_count;
    at->out->length = info.average_length > 0 ? at->document->length / info.average_length : 0;
    return SP_OK;
}

/* A pinned hit that lacks words is found by its pin alone, so that those it has add nothing. */
static void
forget_words(sp_explanation *explanation)
{
    explanation->pair_count = 0;
    for (uint32_t i = 0; i < explanation->word_count; i++) {
        sp_explained_word *word = &explanation->words[i];
        word->weight = 0;
        for (int k = 0; k < SP_PLACE_COUNT; k++)
            word->places[k].weight = 0;
    }
}

static void
take_rest(struct explaining *at, const sp_hit *hit)
{
    sp_explanation *out = at->out;
    double noise = hit->pinned ? NOISE_OF_PINS : NOISE * out->score;
    out->pinned = hit->pinned;
    out->exact_title = hit->whole_title;
    out->meaning = sp_search_semantic_weight(at->sp_search_state, at->found->docid);
    double rest = out->score - out->meaning - of_words(out) - of_pairs(out);
    if (hit->pinned && rest < -noise) {
        forget_words(out);
        rest = out->score - out->meaning;
    }
    out->other = fabs(rest) < noise ? 0 : rest;
}

enum sp_status
sp_explain_hit(struct sp_search_state *sp_search_state, const xc_hit *found,
               const sp_record *record, const sp_matches *matches, bool pairs, sp_hit *hit,
               sp_error *err)
{
    sp_arena *arena = &sp_search_state->answer->arena;
    struct explaining at = {.sp_search_state = sp_search_state,
                            .found = found,
                            .record = record,
                            .matches = matches,
                            .out = sp_arena_alloc(arena, sizeof *at.out),
                            .arena = arena,
                            .err = err};
    if (!at.out)
        return sp_arena_check(arena, err);
    at.out->score = hit->score;
    enum sp_status status = measure(&at);
    if (status == SP_OK)
        status = explain_words(&at);
    if (status == SP_OK && pairs)
        status = explain_pairs(&at);
    take_rest(&at, hit);
    xc_record_free(at.document);
    hit->explanation = at.out;
    return status == SP_OK ? sp_arena_check(arena, err) : status;
}

static enum sp_place
place_that_differs(const sp_explained_word *here, const sp_explained_word *there)
{
    enum sp_place best = SP_PLACE_TITLE;
    double most = 0;
    for (int i = 0; i < SP_PLACE_COUNT; i++) {
        double difference = here->places[i].weight - there->places[i].weight;
        if (difference <= most)
            continue;
        most = difference;
        best = (enum sp_place)i;
    }
    return best;
}

/* Takes the reason if it makes a larger difference than those before. */
static bool
weighs_more(sp_explanation *to, enum sp_above reason, double here, double there)
{
    if (here - there <= to->here - to->there)
        return false;
    to->above = reason;
    to->here = here;
    to->there = there;
    return true;
}

static void
compare(sp_explanation *to, const sp_explanation *next)
{
    to->above = SP_ABOVE_EQUAL;
    to->here = to->there = 0;
    if (fabs(to->score - next->score) <= NOISE * to->score)
        return;
    for (uint32_t i = 0; i < to->word_count && i < next->word_count; i++) {
        const sp_explained_word *here = &to->words[i], *there = &next->words[i];
        if (!weighs_more(to, SP_ABOVE_WORD, here->weight, there->weight))
            continue;
        to->above_word = i;
        to->above_place = place_that_differs(here, there);
    }
    weighs_more(to, SP_ABOVE_PAIRS, of_pairs(to), of_pairs(next));
    weighs_more(to, SP_ABOVE_MEANING, to->meaning, next->meaning);
    weighs_more(to, SP_ABOVE_OTHER, to->other, next->other);
}

void
sp_explain_order(const sp_answer *answer, bool by_date)
{
    for (uint32_t i = 0; i + 1 < answer->hit_count; i++) {
        const sp_hit *hit = &answer->hits[i], *next = hit + 1;
        if (!hit->explanation || !next->explanation)
            continue;
        if (hit->pinned)
            hit->explanation->above = SP_ABOVE_PINNED;
        else if (hit->missing_count == 0 && next->missing_count > 0)
            hit->explanation->above = SP_ABOVE_COMPLETE;
        else if (by_date)
            hit->explanation->above = SP_ABOVE_DATE;
        else if (hit->whole_title && !next->whole_title)
            hit->explanation->above = SP_ABOVE_TITLE;
        else
            compare(hit->explanation, next->explanation);
    }
}
