// SPDX-License-Identifier: GPL-2.0-or-later
#include "explain.h"

#include "engine/base/language.h"
#include "engine/base/bound.h"
#include "find_by_url.h"
#include "engine/index/xapian.h"

#include <math.h>

/* A difference below this share of a score is a rounding error. */
#define NOISE 1e-9
/* The same for scores that include the weight of a pin, which may be 100 million. */
#define NOISE_OF_PINS 1e-6

struct explain_state {
    struct sp_search_state *search;
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
in_range(sp_range range, uint32_t offset)
{
    return offset >= range.start && offset < range.end;
}

static enum sp_place
place_of(const sp_record *record, uint32_t offset)
{
    bool post = record->kind == SP_KIND_POST;
    if (in_range(sp_record_name(record), offset))
        return SP_PLACE_TITLE;
    if (!post && in_range(record->description, offset))
        return SP_PLACE_DESCRIPTION;
    for (uint32_t i = 0; i < record->section_count; i++) {
        if (in_range(record->sections[i].heading, offset))
            return SP_PLACE_HEADING;
    }
    return post ? SP_PLACE_TEXT : SP_PLACE_INHERITED;
}

/* Multiplies the matches in each place by the weight of the field, as the index was built.
   description: the weight to use for the description of a resource. */
static void
weigh_units(const struct explain_state *state, const uint32_t counts[SP_PLACE_COUNT],
            enum sp_weight description, uint32_t units[SP_PLACE_COUNT])
{
    const uint32_t *wdf = state->search->reader->ranking.weights.wdf;
    const uint32_t of_posts[SP_PLACE_COUNT] = {[SP_PLACE_TITLE] = wdf[SP_WEIGHT_TITLE],
                                               [SP_PLACE_HEADING] = wdf[SP_WEIGHT_HEADING],
                                               [SP_PLACE_TEXT] = wdf[SP_WEIGHT_BODY]};
    const uint32_t of_resources[SP_PLACE_COUNT] = {[SP_PLACE_TITLE] = wdf[SP_WEIGHT_NAME],
                                                   [SP_PLACE_HEADING] = wdf[SP_WEIGHT_CONTEXT],
                                                   [SP_PLACE_DESCRIPTION] = wdf[description],
                                                   [SP_PLACE_INHERITED] = wdf[SP_WEIGHT_INHERITED]};
    bool post = state->record->kind == SP_KIND_POST;
    for (int i = 0; i < SP_PLACE_COUNT; i++)
        units[i] = counts[i] * (post ? of_posts[i] : of_resources[i]);
}

static uint32_t
sum_places(const uint32_t numbers[SP_PLACE_COUNT])
{
    uint32_t sum = 0;
    for (int i = 0; i < SP_PLACE_COUNT; i++)
        sum += numbers[i];
    return sum;
}

/* Divides the word's weight among places. The part of wdf that is not found in the text belongs to
   words without positions, but only if one term matched and the record is in the index's language:
   words of other languages are stemmed twice. */
static void
share_by_place(struct explain_state *state, uint32_t clause, sp_explained_word *word)
{
    enum sp_place rest = state->record->kind == SP_KIND_POST ? SP_PLACE_TAGS : SP_PLACE_MENTIONS;
    uint32_t counts[SP_PLACE_COUNT] = {0}, units[SP_PLACE_COUNT];
    for (uint32_t i = 0; i < state->matches->count; i++) {
        const sp_match *match = &state->matches->items[i];
        if (match->clause == clause)
            counts[place_of(state->record, match->start)]++;
    }
    weigh_units(state, counts, SP_WEIGHT_DESCRIPTION, units);
    uint32_t wdf = word->term_count == 1 ? word->terms[0].wdf : 0;
    if (!sp_language_equal(state->record->lang, sp_str_bytes(&state->search->reader->language)))
        wdf = 0;
    if (wdf > 0 && sum_places(units) > wdf) /* the description is the sentence around a link */
        weigh_units(state, counts, SP_WEIGHT_SENTENCE, units);
    sp_explain_share(word->weight, counts, units, wdf, rest, word->places);
}

static bool
is_term_before(const void *items, size_t index, const void *key)
{
    const xc_term *terms = items;
    return sp_bytes_compare(from_xc(terms[index].term), *(const sp_bytes *)key) < 0;
}

static uint32_t
wdf_of(const struct explain_state *state, sp_bytes term)
{
    const xc_record *document = state->document;
    size_t found = sp_lower_bound(document->terms, document->term_count, is_term_before, &term);
    bool has_term =
        found < document->term_count && sp_bytes_equal(from_xc(document->terms[found].term), term);
    return has_term ? document->terms[found].freq : 0;
}

/* Terms without weight, those of fields and the unique term, are not explained. */
static enum sp_status
add_term(struct explain_state *state, sp_bytes term, sp_explained_word *word)
{
    xc_term_stats stats;
    xc_error cause;
    uint32_t wdf = wdf_of(state, term);
    if (wdf == 0)
        return SP_OK;
    xc_status asked = xc_reader_term(state->search->reader->xapian, to_xc(term), &stats, &cause);
    if (asked != XC_OK)
        return sp_fail_xapian(state->err, asked, &cause, NULL);
    bool stem = term.data[0] == 'Z';
    SP_AUTO(sp_str_done) sp_str shown = {0};
    sp_word_append_shown(&shown, sp_bytes_slice(term, stem, term.len));
    word->terms[word->term_count++] =
        (sp_explained_term){.text = sp_arena_copy_str(state->arena, &shown),
                            .stem = stem,
                            .documents = stats.term_freq,
                            .wdf = wdf};
    return SP_OK;
}

/* Sets *weight to what the tree adds to the hit's score. If word is given, also adds the terms that
   matched. */
static enum sp_status
find_weight(struct explain_state *state, const xc_query *tree, double *weight,
            sp_explained_word *word)
{
    struct sp_group group = {0};
    const struct sp_group_request wanted = {
        .limit = SP_SAME_TERM_MAX, .fetch = word ? XC_FETCH_TERMS : 0, .words_only = true};
    xc_query *query = xc_query_filter(xc_query_copy(tree), xc_query_term(to_xc(state->unique), 0));
    enum sp_status status = sp_search_run(state->search, query, &wanted, &group);
    xc_query_free(query);
    *weight = 0;
    for (size_t i = 0; status == SP_OK && i < group.page->hit_count; i++) {
        const xc_hit *hit = &group.page->hits[i];
        if (hit->docid != state->found->docid)
            continue;
        *weight = hit->weight;
        if (word)
            word->terms = sp_arena_array(state->arena, hit->term_count, sizeof *word->terms);
        for (size_t k = 0; status == SP_OK && word && word->terms && k < hit->term_count; k++)
            status = add_term(state, from_xc(hit->terms[k]), word);
    }
    xc_page_free(group.page);
    return status;
}

static enum sp_status
explain_words(struct explain_state *state)
{
    const sp_plan *plan = &state->search->plan;
    enum sp_status status = SP_OK;
    state->out->words = sp_arena_array(state->arena, plan->clause_count, sizeof *state->out->words);
    for (uint32_t i = 0; state->out->words && status == SP_OK && i < plan->clause_count; i++) {
        sp_explained_word *word = &state->out->words[state->out->word_count++];
        word->typed = plan->clauses[i].typed;
        status = find_weight(state, plan->trees[i], &word->weight, word);
        if (status == SP_OK)
            share_by_place(state, i, word);
    }
    return status;
}

static enum sp_status
explain_pairs(struct explain_state *state)
{
    const sp_plan *plan = &state->search->plan;
    enum sp_status status = SP_OK;
    state->out->pairs = sp_arena_array(state->arena, plan->pair_count, sizeof *state->out->pairs);
    for (uint32_t i = 0; state->out->pairs && status == SP_OK && i < plan->pair_count; i++) {
        sp_explained_pair *pair = &state->out->pairs[state->out->pair_count];
        *pair = (sp_explained_pair){.left = plan->pairs[i].left, .right = plan->pairs[i].right};
        status = find_weight(state, plan->pairs[i].tree, &pair->weight, NULL);
        state->out->pair_count += pair->weight > 0;
    }
    return status;
}

static enum sp_status
explain_coverage(struct explain_state *state)
{
    const xc_query *coverage = state->search->plan.coverage;
    return coverage ? find_weight(state, coverage, &state->out->coverage, NULL) : SP_OK;
}

static double
words_weight(const sp_explanation *explanation)
{
    double sum = 0;
    for (uint32_t i = 0; i < explanation->word_count; i++)
        sum += explanation->words[i].weight;
    return sum;
}

static double
pairs_weight(const sp_explanation *explanation)
{
    double sum = 0;
    for (uint32_t i = 0; i < explanation->pair_count; i++)
        sum += explanation->pairs[i].weight;
    return sum;
}

static enum sp_status
read_document(struct explain_state *state)
{
    xc_info info;
    xc_error cause;
    sp_reader *reader = state->search->reader;
    xc_status got = xc_reader_get(reader->xapian, state->found->docid, XC_FETCH_TERMS,
                                  &state->document, &cause);
    if (got == XC_OK)
        got = xc_reader_info(reader->xapian, &info, &cause);
    if (got != XC_OK)
        return sp_fail_xapian(state->err, got, &cause, NULL);
    state->unique = sp_unique_term(state->document, state->arena);
    state->out->documents = info.doc_count;
    state->out->length =
        info.average_length > 0 ? state->document->length / info.average_length : 0;
    return SP_OK;
}

/* Sets the weights of words to 0, for a pinned hit that does not contain every word: only its pin
   finds it, so its words add nothing. */
static void
clear_words(sp_explanation *explanation)
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
set_other(struct explain_state *state, const sp_hit *hit)
{
    sp_explanation *out = state->out;
    double noise = hit->pinned ? NOISE_OF_PINS : NOISE * out->score;
    out->pinned = hit->pinned;
    out->exact_title = hit->whole_title;
    out->meaning = sp_search_semantic_weight(state->search, state->found->docid);
    double rest = out->score - out->meaning - out->coverage - words_weight(out) - pairs_weight(out);
    if (hit->pinned && rest < -noise) {
        clear_words(out);
        out->coverage = 0;
        rest = out->score - out->meaning;
    }
    out->other = fabs(rest) < noise ? 0 : rest;
}

enum sp_status
sp_explain_hit(struct sp_search_state *search, const xc_hit *found, const sp_record *record,
               const sp_matches *matches, bool pairs, sp_hit *hit, sp_error *err)
{
    sp_arena *arena = &search->answer->arena;
    struct explain_state state = {.search = search,
                                  .found = found,
                                  .record = record,
                                  .matches = matches,
                                  .out = sp_arena_alloc(arena, sizeof *state.out),
                                  .arena = arena,
                                  .err = err};
    if (!state.out)
        return sp_arena_check(arena, err);
    state.out->score = hit->score;
    enum sp_status status = read_document(&state);
    if (status == SP_OK)
        status = explain_words(&state);
    if (status == SP_OK && pairs)
        status = explain_pairs(&state);
    if (status == SP_OK)
        status = explain_coverage(&state);
    set_other(&state, hit);
    xc_record_free(state.document);
    hit->explanation = state.out;
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

/* Replaces the reason in `to` if the new difference is larger. */
static bool
take_reason(sp_explanation *to, enum sp_above reason, double here, double there)
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
        if (!take_reason(to, SP_ABOVE_WORD, here->weight, there->weight))
            continue;
        to->above_word = i;
        to->above_place = place_that_differs(here, there);
    }
    take_reason(to, SP_ABOVE_PAIRS, pairs_weight(to), pairs_weight(next));
    take_reason(to, SP_ABOVE_COVERAGE, to->coverage, next->coverage);
    take_reason(to, SP_ABOVE_MEANING, to->meaning, next->meaning);
    take_reason(to, SP_ABOVE_OTHER, to->other, next->other);
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
        else if (next->moved && !hit->moved)
            hit->explanation->above = SP_ABOVE_PAGE;
        else if (hit->missing_count == 0 && next->missing_count > 0 && !answer->mixed)
            hit->explanation->above = SP_ABOVE_COMPLETE;
        else if (by_date)
            hit->explanation->above = SP_ABOVE_DATE;
        else if (hit->whole_title && !next->whole_title)
            hit->explanation->above = SP_ABOVE_TITLE;
        else
            compare(hit->explanation, next->explanation);
    }
}
