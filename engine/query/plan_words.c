// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan_private.h"

#include "expansion.h"
#include "engine/analysis/stem_cache.h"
#include "engine/index/xapian.h"

#include <math.h>

/* `fulltime` also finds `full time` if both parts are words of the index. */
#define SPLIT_PART_MIN 2
#define SPLIT_WORD_MIN 6
#define SPLIT_FREQ_MAX                                                                             \
    100 /* if more documents than this have the word, it is written joined on purpose */

/* The weight of other words with the prefix, relative to the word that is exactly the prefix. */
#define BEGINNING_SCALE 0.5

/* The most alternatives for one clause: the word, the joined form of its parts, the ways to split
   it into two halves, and the word joined with the one before it and with the one after it. */
#define SPLITS_MAX 7
#define PARTS_MAX (2 + SPLITS_MAX + 2)

struct parts {
    xc_query *items[PARTS_MAX];
    size_t count;
};

static void
add_part(struct parts *parts, xc_query *query)
{
    parts->items[parts->count++] = query;
}

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
    plan->patterns[plan->pattern_count++] =
        (sp_pattern){words, hashes, count, plan->clause_count, exact, false, false};
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

/* Another spelling of a word must not weigh more than the word itself. The other spelling is rarer,
   so by its own idf a page with `high-speed` would rank above every page with `high speed`. */
static xc_query *
limit_weight(double word, double other, xc_query *query)
{
    return other > word ? xc_query_scale(query, word / other) : query;
}

/* A word that is not in the query, with its stem. */
static sp_query_word
make_word(struct sp_plan_state *state, sp_bytes word)
{
    sp_tokens tokens;
    sp_query_word made = {.word = word, .stem = word};
    if (state->status == SP_OK)
        state->status = sp_analyze(state->input->analyzer, word, &tokens, state->err);
    if (state->status == SP_OK && tokens.count > 0)
        made.stem = sp_arena_copy(state->input->arena, tokens.items[0].stem);
    return made;
}

/* Adds `full time` for `fulltime` if the index has both halves. The tree matches the halves as
   written; passages need their stems. */
static void
add_splits(struct sp_plan_state *state, const sp_query_word *word, uint32_t freq,
           struct parts *parts)
{
    sp_bytes text = word->word;
    size_t most = parts->count + SPLITS_MAX;
    if (text.len < SPLIT_WORD_MIN || freq > SPLIT_FREQ_MAX)
        return;
    for (size_t i = SPLIT_PART_MIN; i + SPLIT_PART_MIN <= text.len && parts->count < most; i++) {
        sp_bytes left = sp_bytes_slice(text, 0, i), right = sp_bytes_slice(text, i, text.len);
        if (sp_utf8_is_continuation(right.data[0]))
            continue;
        uint32_t left_freq = sp_plan_term_freq(state, "", left);
        uint32_t right_freq = left_freq > 0 ? sp_plan_term_freq(state, "", right) : 0;
        if (right_freq == 0)
            continue;
        sp_query_word *halves = sp_arena_array(state->input->arena, 2, sizeof *halves);
        if (!halves)
            return;
        halves[0] = make_word(state, left);
        halves[1] = make_word(state, right);
        add_part(parts, limit_weight(sp_plan_idf(state, freq),
                                     sp_plan_idf(state, left_freq) + sp_plan_idf(state, right_freq),
                                     sp_plan_phrase(state, "", halves, 2)));
        sp_plan_add_pattern(state, halves, 2, true);
    }
}

bool
sp_clause_is_plain_word(const sp_clause *clause)
{
    return clause->word_count == 1 && !clause->phrase && !clause->prefix;
}

/* Adds `fulltime` for `full time`, to the alternatives of both words. */
static void
add_joined(struct sp_plan_state *state, const sp_clause *left, const sp_clause *right,
           uint32_t freq, struct parts *parts)
{
    if (!left || !right || !sp_clause_is_plain_word(left) || !sp_clause_is_plain_word(right) ||
        left->excluded || right->excluded)
        return;
    SP_AUTO(sp_str_done) sp_str joined = {0};
    sp_str_append(&joined, left->words[0].word);
    sp_str_append(&joined, right->words[0].word);
    uint32_t joined_freq = sp_plan_term_freq(state, "", sp_str_bytes(&joined));
    if (joined_freq == 0)
        return;
    sp_bytes word = sp_arena_copy_str(state->input->arena, &joined);
    sp_query_word *made = sp_arena_alloc(state->input->arena, sizeof *made);
    if (!made)
        return;
    *made = make_word(state, word);
    add_part(parts, limit_weight(sp_plan_idf(state, freq), sp_plan_idf(state, joined_freq),
                                 sp_plan_term(state, "", word, 1)));
    sp_plan_add_pattern(state, made, 1, true);
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
add_word(struct sp_plan_state *state, const sp_query_word *word, uint32_t wqf, struct parts *parts)
{
    uint32_t freq;
    add_part(parts, sp_plan_word(state, word, wqf, &freq));
    return freq;
}

/* Weights a document by the first alternative, or by the others if it does not contain the first.
   OP_MAX would be simpler, but libxapian 1.4.22 crashes in it when it skips documents that cannot
   reach the page. */
static xc_query *
prefer_first(const struct parts *parts)
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

xc_query *
sp_plan_words(struct sp_plan_state *state, const sp_clause *const *around, uint32_t wqf,
              double *weight)
{
    const sp_clause *clause = around[1];
    struct parts parts = {0};
    uint32_t freq = 0;
    if (clause->prefix)
        return prefix_query(state, clause, wqf, weight);
    if (sp_clause_is_plain_word(clause)) {
        freq = add_word(state, &clause->words[0], wqf, &parts);
        if (clause->form.word.len > 0)
            add_word(state, &clause->form, wqf, &parts);
        if (!clause->excluded) { /* excluded words match only as typed */
            add_splits(state, &clause->words[0], freq, &parts);
            add_joined(state, around[0], clause, freq, &parts);
            add_joined(state, clause, around[2], freq, &parts);
        }
    } else {
        add_part(&parts, sp_plan_clause_phrase(state, "", clause));
        sp_plan_add_clause_pattern(state, clause);
        if (!clause->phrase && clause->form.word.len > 0)
            freq = add_word(state, &clause->form, wqf, &parts);
    }
    *weight = sp_plan_idf(state, freq);
    return sp_plan_with_synonyms(state, clause, wqf, freq, prefer_first(&parts));
}
