// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan_private.h"

#include "expansion.h"
#include "engine/analysis/stem_cache.h"
#include "engine/index/xapian.h"

#include <signpost/clock.h>

#include <math.h>

/* The weight of other words with the prefix, relative to the word that is exactly the prefix. */
#define BEGINNING_SCALE 0.5

uint32_t
sp_plan_term_freq(struct sp_plan_state *state, const char *prefix, sp_bytes text)
{
    xc_term_stats stats = {0};
    xc_error cause;
    sp_term_make(&state->term, prefix, text);
    if (state->status != SP_OK || state->term.len == 0)
        return 0;
    xc_status status =
        xc_reader_term(state->input->reader, str_to_xc(&state->term), &stats, &cause);
    if (status != XC_OK)
        state->status = sp_fail_xapian(state->err, status, &cause, NULL);
    return stats.term_freq;
}

bool
sp_plan_finds(struct sp_plan_state *state, xc_query *take)
{
    const sp_plan_input *input = state->input;
    uint64_t now = input->deadline_us > 0 ? sp_now_us() : 0;
    xc_request request = {.query = take, .limit = 1, .weighting = XC_WEIGHT_BOOLEAN};
    xc_page *page = NULL;
    xc_error cause;
    if (state->status == SP_OK && now > 0 && now >= input->deadline_us)
        state->status = sp_fail(state->err, SP_TIMEOUT, "the query timed out");
    request.timeout_us = now > 0 ? input->deadline_us - now : 0;
    if (state->status == SP_OK) {
        xc_status status = xc_search(input->reader, &request, &page, &cause);
        if (status != XC_OK)
            state->status = sp_fail_xapian(state->err, status, &cause, NULL);
    }
    bool found = state->status == SP_OK && page->hit_count > 0;
    xc_page_free(page);
    xc_query_free(take);
    return found;
}

xc_query *
sp_plan_term(struct sp_plan_state *state, const char *prefix, sp_bytes text, uint32_t wqf)
{
    sp_term_make(&state->term, prefix, text);
    return state->term.len > 0 ? xc_query_term(str_to_xc(&state->term), wqf) : xc_query_none();
}

/* Works around a bug of libxapian 1.4: if a bare phrase in an OR is checked at a document without
   the phrase, libxapian may not move on, and adds the phrase's weight to that document. The same
   happens to the right side of an AND_MAYBE next to a filter, which becomes part of such an OR.
   AND_MAYBE with all documents, which add no weight, prevents this. */
static xc_query *
phrase_within(struct sp_plan_state *state, const char *prefix, const sp_query_word *words,
              uint32_t count, uint32_t window)
{
    xc_bytes terms[SP_QUERY_WORDS_MAX] = {{0}};
    for (uint32_t i = 0; i < count; i++) {
        sp_term_make(&state->term, prefix, words[i].word);
        terms[i] = to_xc(sp_arena_copy_str(state->input->arena, &state->term));
    }
    xc_query *phrase = xc_query_phrase(terms, count, window);
    return count > 1 ? xc_query_and_maybe(phrase, xc_query_all()) : phrase;
}

xc_query *
sp_plan_phrase(struct sp_plan_state *state, const char *prefix, const sp_query_word *words,
               uint32_t count)
{
    return phrase_within(state, prefix, words, count, count);
}

xc_query *
sp_plan_clause_phrase(struct sp_plan_state *state, const char *prefix, const sp_clause *clause)
{
    uint32_t window = clause->word_count + clause->sentences * SP_SENTENCE_GAP;
    return phrase_within(state, prefix, clause->words, clause->word_count, window);
}

void
sp_plan_add_pattern(struct sp_plan_state *state, const sp_query_word *words, uint32_t count,
                    bool exact)
{
    sp_plan *plan = state->plan;
    sp_arena *arena = state->input->arena;
    plan->patterns = sp_arena_grow(arena, plan->patterns, &state->pattern_capacity,
                                   plan->pattern_count + 1, sizeof *plan->patterns);
    uint32_t *hashes = sp_arena_array(arena, count, sizeof *hashes);
    if (!plan->patterns || !hashes)
        return;
    for (uint32_t i = 0; i < count; i++)
        hashes[i] = sp_stem_hash(words[i].stem);
    plan->patterns[plan->pattern_count++] = (sp_pattern){.words = words,
                                                         .hashes = hashes,
                                                         .count = count,
                                                         .clause = plan->clause_count,
                                                         .exact = exact,
                                                         .unshown = count == 1 && words->elided};
}

void
sp_plan_add_clause_pattern(struct sp_plan_state *state, const sp_clause *clause)
{
    uint32_t count = state->plan->pattern_count;
    sp_plan_add_pattern(state, clause->words, clause->word_count, clause->phrase);
    if (clause->sentences > 0 && state->plan->pattern_count > count)
        state->plan->patterns[count].across = true;
}

double
sp_plan_idf(const struct sp_plan_state *state, uint32_t freq)
{
    uint32_t count = state->input->doc_count > freq ? state->input->doc_count : freq;
    return log(1 + ((double)count - freq + 0.5) / (freq + 0.5));
}

bool
sp_clause_is_plain_word(const sp_clause *clause)
{
    return clause->word_count == 1 && !clause->phrase && !clause->prefix;
}

xc_query *
sp_plan_word(struct sp_plan_state *state, const sp_query_word *word, uint32_t wqf, uint32_t *freq)
{
    uint32_t by_stem = sp_plan_term_freq(state, SP_PREFIX_STEM, word->stem);
    uint32_t as_is = by_stem == 0 ? sp_plan_term_freq(state, "", word->word) : 0;
    sp_plan_add_pattern(state, word, 1, as_is > 0);
    if (as_is == 0 && state->other_languages) { /* records in another language have other stems */
        sp_plan_add_pattern(state, word, 1, true);
        if (!state->input->arena->failed && state->plan->pattern_count > 0)
            state->plan->patterns[state->plan->pattern_count - 1].foreign = true;
    }
    *freq = by_stem > 0 ? by_stem : as_is;
    return as_is > 0 ? sp_plan_term(state, "", word->word, wqf)
                     : sp_plan_term(state, SP_PREFIX_STEM, word->stem, wqf);
}

static uint32_t
add_word(struct sp_plan_state *state, const sp_query_word *word, uint32_t wqf,
         struct sp_plan_parts *parts)
{
    uint32_t freq;
    sp_plan_add_part(parts, sp_plan_word(state, word, wqf, &freq));
    return freq;
}

/* Weights a document by the first alternative, or by the others if it does not contain the first.
   OP_MAX would be simpler, but libxapian 1.4.22 crashes in it when it skips documents that cannot
   reach the page. */
static xc_query *
prefer_first(const struct sp_plan_parts *parts)
{
    xc_query *first = parts->items[0];
    if (parts->count == 1)
        return first;
    xc_query *others = xc_query_or(parts->items + 1, parts->count - 1);
    xc_query *both[2] = {first, xc_query_and_not(others, xc_query_copy(first))};
    return xc_query_or(both, 2);
}

/* Any word with the prefix. Documents with exactly the prefix as a word rank above the others, and
   words with its stem match too, as they do without the asterisk. libxapian counts synonyms once,
   however often the query contains them. */
static xc_query *
prefix_query(struct sp_plan_state *state, const sp_clause *clause, uint32_t wqf, double *weight)
{
    sp_expansion expansion = {0};
    xc_query *words[SP_EXPANSION_WORDS_MAX + 1];
    if (state->status == SP_OK)
        state->status = sp_expansion_make(state->input, clause->words[0].word, state->prefix_count,
                                          &expansion, state->err);
    uint32_t count = 0;
    for (; count < expansion.count; count++) {
        words[count] = sp_plan_term(state, "", expansion.words[count].word, 1);
        sp_plan_add_pattern(state, &expansion.words[count], 1, true);
        if (!state->input->arena->failed)
            state->plan->patterns[state->plan->pattern_count - 1].character = clause->character;
    }
    *weight = sp_plan_idf(state, expansion.freq);
    if (!expansion.known || clause->excluded)
        return xc_query_scale(xc_query_synonym(words, count), wqf);
    words[count++] = sp_plan_term(state, SP_PREFIX_STEM, clause->words[0].stem, 1);
    sp_plan_add_pattern(state, &clause->words[0], 1, false);
    xc_query *parts[] = {sp_plan_term(state, "", clause->words[0].word, wqf),
                         xc_query_scale(xc_query_synonym(words, count), BEGINNING_SCALE * wqf)};
    return xc_query_or(parts, 2);
}

/* Adds the other spellings of several words. Excluded words match only as typed, and an excluded
   phrase matches what the phrase would find. */
static void
add_phrases(struct sp_plan_state *state, const sp_clause *clause, struct sp_plan_parts *parts)
{
    struct sp_plan_phrases phrases;
    if (clause->excluded && !clause->phrase)
        return;
    sp_plan_find_phrases(state, "", clause, &phrases);
    for (size_t i = 0; i < phrases.count; i++) {
        const struct sp_plan_phrase *phrase = &phrases.items[i];
        sp_plan_add_part(parts, sp_plan_phrase(state, "", phrase->words, phrase->count));
        sp_plan_add_pattern(state, phrase->words, phrase->count, true);
    }
    if (!clause->phrase)
        sp_plan_add_hyphenated(state, clause, parts);
}

xc_query *
sp_plan_words(struct sp_plan_state *state, const sp_clause *const *around, uint32_t wqf,
              double *weight)
{
    const sp_clause *clause = around[1];
    struct sp_plan_parts parts = {0};
    uint32_t freq = 0;
    if (clause->prefix)
        return prefix_query(state, clause, wqf, weight);
    if (sp_clause_is_plain_word(clause)) {
        freq = add_word(state, &clause->words[0], wqf, &parts);
        if (clause->form.word.len > 0)
            add_word(state, &clause->form, wqf, &parts);
        if (!clause->excluded) /* excluded words match only as typed */
            sp_plan_add_spellings(state, around, freq, &parts);
    } else {
        sp_plan_add_part(&parts, sp_plan_clause_phrase(state, "", clause));
        sp_plan_add_clause_pattern(state, clause);
        if (!clause->phrase && clause->form.word.len > 0)
            freq = add_word(state, &clause->form, wqf, &parts);
        add_phrases(state, clause, &parts);
    }
    *weight = sp_plan_idf(state, freq);
    return sp_plan_with_synonyms(state, clause, wqf, freq, prefer_first(&parts));
}
