// SPDX-License-Identifier: GPL-2.0-or-later
/* Words that a reader writes as one and the site as two, or the other way round. */
#include "plan_private.h"

#include "engine/index/xapian.h"

/* `fulltime` also finds `full time` if both halves are words of the index. */
#define HALF_MIN 2
#define SPLIT_WORD_MIN 6
#define SPLIT_FREQ_MAX                                                                             \
    100 /* if more documents than this have the word, it is written joined on purpose */

/* Words of the index that are looked at to find one with a given stem. */
#define SAME_STEM_COMPARED_MAX 16

void
sp_plan_add_part(struct sp_plan_parts *parts, xc_query *query)
{
    parts->items[parts->count++] = query;
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

/* Sets *word to the word itself if the index has it, else to a word of the index with the same
   stem: `bootcamps` finds `boot camp`. False if there is none. */
static bool
find_known_form(struct sp_plan_state *state, sp_query_word *word, uint32_t *freq)
{
    xc_terms *terms;
    xc_error cause;
    *freq = sp_plan_term_freq(state, "", word->word);
    if (*freq > 0)
        return true;
    *word = make_word(state, word->word);
    sp_bytes stem = word->stem;
    if (stem.len < HALF_MIN || sp_plan_term_freq(state, SP_PREFIX_STEM, stem) == 0)
        return false;
    xc_status listed = xc_reader_vocabulary(state->input->reader, to_xc(stem), (xc_bytes){0},
                                            SAME_STEM_COMPARED_MAX, &terms, &cause);
    if (listed != XC_OK) {
        state->status = sp_fail_xapian(state->err, listed, &cause, NULL);
        return false;
    }
    for (size_t i = 0; i < terms->count && *freq == 0; i++) {
        sp_query_word other = make_word(state, from_xc(terms->items[i].term));
        if (!sp_bytes_equal(other.stem, stem))
            continue;
        word->word = sp_arena_copy(state->input->arena, other.word);
        *freq = terms->items[i].freq;
    }
    xc_terms_free(terms);
    return *freq > 0;
}

/* Sets halves[0] and halves[1] to the word's parts before and after `at`, if the index has both,
   and *idf to the sum of their weights. unknown: no document has the word, so that it is worth a
   closer look. */
static bool
split_at(struct sp_plan_state *state, sp_bytes text, size_t at, bool unknown, sp_query_word *halves,
         double *idf)
{
    uint32_t left, right;
    halves[0].word = sp_bytes_slice(text, 0, at);
    halves[1].word = sp_bytes_slice(text, at, text.len);
    if (sp_utf8_is_continuation(text.data[at]))
        return false;
    left = sp_plan_term_freq(state, "", halves[0].word);
    if (left == 0)
        return false;
    if (unknown && !find_known_form(state, &halves[1], &right))
        return false;
    if (!unknown)
        right = sp_plan_term_freq(state, "", halves[1].word);
    if (right == 0)
        return false;
    *idf = sp_plan_idf(state, left) + sp_plan_idf(state, right);
    return true;
}

/* Adds `full time` for `fulltime` if the index has both halves. The tree matches the halves as
   written; passages need their stems. */
static void
add_splits(struct sp_plan_state *state, const sp_query_word *word, uint32_t freq,
           struct sp_plan_parts *parts)
{
    sp_bytes text = word->word;
    size_t most = parts->count + SP_PLAN_SPELLINGS_MAX;
    if (text.len < SPLIT_WORD_MIN || freq > SPLIT_FREQ_MAX)
        return;
    for (size_t i = HALF_MIN; i + HALF_MIN <= text.len && parts->count < most; i++) {
        sp_query_word found[2] = {0}, *halves;
        double idf;
        if (!split_at(state, text, i, freq == 0, found, &idf))
            continue;
        halves = sp_arena_array(state->input->arena, 2, sizeof *halves);
        if (!halves)
            return;
        halves[0] = make_word(state, found[0].word);
        halves[1] = make_word(state, found[1].word);
        sp_plan_add_part(parts, limit_weight(sp_plan_idf(state, freq), idf,
                                             sp_plan_phrase(state, "", halves, 2)));
        sp_plan_add_pattern(state, halves, 2, true);
    }
}

static sp_bytes
join(struct sp_plan_state *state, sp_bytes left, sp_bytes right)
{
    SP_AUTO(sp_str_done) sp_str both = {0};
    sp_str_append(&both, left);
    sp_str_append(&both, right);
    return sp_arena_copy_str(state->input->arena, &both);
}

/* Looks up two words as one. Most stems end like the stem of the last part, so the joined word need
   not be analyzed: `boot camps` has the stem of `bootcamp`. */
static void
look_up_joined(struct sp_plan_state *state, const sp_clause *left, const sp_clause *right)
{
    struct sp_plan_joined *joined = &state->joined;
    const sp_query_word *first = &left->words[0], *second = &right->words[0];
    *joined = (struct sp_plan_joined){.left = left, .right = right};
    sp_bytes stem = join(state, first->word, second->stem);
    joined->freq = sp_plan_term_freq(state, SP_PREFIX_STEM, stem);
    joined->by_stem = joined->freq > 0;
    if (joined->by_stem) {
        joined->word =
            (sp_query_word){.word = join(state, first->word, second->word), .stem = stem};
        return;
    }
    sp_bytes word = join(state, first->word, second->word);
    joined->freq = sp_plan_term_freq(state, "", word);
    if (joined->freq > 0)
        joined->word = make_word(state, word);
}

/* Adds `fulltime` for `full time`, to the alternatives of both words. Both are planned one after
   the other, so the joined word is looked up once. */
static void
add_joined(struct sp_plan_state *state, const sp_clause *left, const sp_clause *right,
           uint32_t freq, struct sp_plan_parts *parts)
{
    struct sp_plan_joined *joined = &state->joined;
    if (!left || !right || !sp_clause_is_plain_word(left) || !sp_clause_is_plain_word(right) ||
        left->excluded || right->excluded)
        return;
    if (joined->left != left || joined->right != right)
        look_up_joined(state, left, right);
    if (joined->freq == 0)
        return;
    sp_query_word *word = sp_arena_alloc(state->input->arena, sizeof *word);
    if (!word)
        return;
    *word = joined->word;
    xc_query *tree = joined->by_stem ? sp_plan_term(state, SP_PREFIX_STEM, word->stem, 1)
                                     : sp_plan_term(state, "", word->word, 1);
    sp_plan_add_part(
        parts, limit_weight(sp_plan_idf(state, freq), sp_plan_idf(state, joined->freq), tree));
    sp_plan_add_pattern(state, word, 1, !joined->by_stem);
}

void
sp_plan_add_spellings(struct sp_plan_state *state, const sp_clause *const *around, uint32_t freq,
                      struct sp_plan_parts *parts)
{
    add_splits(state, &around[1]->words[0], freq, parts);
    add_joined(state, around[0], around[1], freq, parts);
    add_joined(state, around[1], around[2], freq, parts);
}

/* Adds the words with `take` words from `at` replaced by others. */
static void
add_phrase(struct sp_plan_state *state, const sp_clause *clause, uint32_t at, uint32_t take,
           const sp_query_word *others, uint32_t other_count, struct sp_plan_parts *parts)
{
    uint32_t count = clause->word_count - take + other_count, after = at + take;
    sp_query_word *words = sp_arena_array(state->input->arena, count, sizeof *words);
    if (!words || count > SP_QUERY_WORDS_MAX)
        return;
    for (uint32_t i = 0; i < at; i++)
        words[i] = clause->words[i];
    for (uint32_t i = 0; i < other_count; i++)
        words[at + i] = others[i];
    for (uint32_t i = after; i < clause->word_count; i++)
        words[at + other_count + i - after] = clause->words[i];
    sp_plan_add_part(parts, sp_plan_phrase(state, "", words, count));
    sp_plan_add_pattern(state, words, count, true);
}

/* Whether the index has two neighbouring words of the clause as one. */
static bool
find_joined(struct sp_plan_state *state, const sp_clause *clause, uint32_t at, sp_query_word *out)
{
    sp_bytes word = join(state, clause->words[at].word, clause->words[at + 1].word);
    if (sp_plan_term_freq(state, "", word) == 0)
        return false;
    *out = make_word(state, word);
    return true;
}

/* Splits a word that no document has. */
static void
add_phrase_splits(struct sp_plan_state *state, const sp_clause *clause, uint32_t at, size_t most,
                  struct sp_plan_parts *parts)
{
    sp_bytes text = clause->words[at].word;
    if (text.len < SPLIT_WORD_MIN || sp_plan_term_freq(state, "", text) > 0)
        return;
    for (size_t i = HALF_MIN; i + HALF_MIN <= text.len && parts->count < most; i++) {
        sp_query_word halves[2] = {0};
        double idf;
        if (!split_at(state, text, i, false, halves, &idf))
            continue;
        halves[0] = make_word(state, halves[0].word);
        halves[1] = make_word(state, halves[1].word);
        add_phrase(state, clause, at, 1, halves, 2, parts);
    }
}

void
sp_plan_add_phrase_spellings(struct sp_plan_state *state, const sp_clause *clause,
                             struct sp_plan_parts *parts)
{
    size_t most = parts->count + SP_PLAN_SPELLINGS_MAX;
    bool looked = false;
    if (clause->sentences > 0)
        return;
    for (uint32_t i = 0; i < clause->word_count && parts->count < most; i++) {
        sp_query_word joined;
        if (i + 1 < clause->word_count && find_joined(state, clause, i, &joined)) {
            if (!looked && sp_plan_finds(state, sp_plan_clause_phrase(state, "", clause)))
                return;
            looked = true;
            add_phrase(state, clause, i, 2, &joined, 1, parts);
        }
        if (parts->count < most)
            add_phrase_splits(state, clause, i, most, parts);
    }
}
