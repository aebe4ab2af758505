// SPDX-License-Identifier: GPL-2.0-or-later
/* Words that a reader writes as one and the site as two, or the other way round. */
#include "plan_private.h"

#include "forms.h"

/* `fulltime` also finds `full time` if both halves are words of the index. */
#define HALF_MIN 2
#define SPLIT_WORD_MIN 6
#define SPLIT_FREQ_MAX                                                                             \
    100 /* if more documents than this have the word, it is written joined on purpose */

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

/* The most words of a query whose other forms are searched for. */
#define FORMS_LISTED_MAX 8

/* Lists the word if the index has it, and the words of the index with the same stem: `bootcamps`
   finds `boot camp`. */
static void
find_forms(struct sp_plan_state *state, sp_bytes word, sp_forms *out)
{
    const sp_plan_input *input = state->input;
    sp_bytes stem = make_word(state, word).stem;
    uint32_t freq = sp_plan_term_freq(state, "", word);
    *out = (sp_forms){0};
    if (freq > 0)
        out->items[out->count++] = (sp_form){word, freq};
    if (stem.len >= HALF_MIN && state->forms_listed < FORMS_LISTED_MAX &&
        sp_plan_term_freq(state, SP_PREFIX_STEM, stem) > 0) {
        state->forms_listed++;
        state->status =
            sp_forms_add(input->reader, input->analyzer, stem, input->arena, out, state->err);
    }
}

/* Whether the word can be split at `at`. */
static bool
may_split(struct sp_plan_state *state, const char *prefix, sp_bytes text, size_t at, uint32_t *freq)
{
    if (sp_utf8_is_continuation(text.data[at]))
        return false;
    *freq = sp_plan_term_freq(state, prefix, sp_bytes_slice(text, 0, at));
    return *freq > 0;
}

/* Adds the word split before each of the forms that its right half has. The tree matches the halves
   as written; passages need their stems. */
static void
add_split(struct sp_plan_state *state, const sp_query_word *word, uint32_t freq, size_t at,
          struct sp_plan_parts *parts)
{
    xc_query *phrases[SP_FORMS_MAX];
    sp_forms forms = {0};
    uint32_t left, count = 0;
    sp_bytes right = sp_bytes_slice(word->word, at, word->word.len);
    if (!may_split(state, "", word->word, at, &left))
        return;
    if (freq == 0)
        find_forms(state, right, &forms); /* no document has the word: it is worth a closer look */
    else if ((forms.items[0].freq = sp_plan_term_freq(state, "", right)) > 0)
        forms.items[forms.count++].word = right;
    sp_query_word half = make_word(state, sp_bytes_slice(word->word, 0, at));
    for (; count < forms.count; count++) {
        sp_query_word *halves = sp_arena_array(state->input->arena, 2, sizeof *halves);
        if (!halves)
            break;
        halves[0] = half;
        halves[1] = make_word(state, forms.items[count].word);
        double idf = sp_plan_idf(state, left) + sp_plan_idf(state, forms.items[count].freq);
        phrases[count] =
            limit_weight(sp_plan_idf(state, freq), idf, sp_plan_phrase(state, "", halves, 2));
        sp_plan_add_pattern(state, halves, 2, true);
    }
    if (count > 0)
        sp_plan_add_part(parts, xc_query_or(phrases, count));
}

/* Adds `full time` for `fulltime` if the index has both halves. */
static void
add_splits(struct sp_plan_state *state, const sp_query_word *word, uint32_t freq,
           struct sp_plan_parts *parts)
{
    size_t most = parts->count + SP_PLAN_SPELLINGS_MAX;
    if (word->word.len < SPLIT_WORD_MIN || freq > SPLIT_FREQ_MAX)
        return;
    for (size_t i = HALF_MIN; i + HALF_MIN <= word->word.len && parts->count < most; i++)
        add_split(state, word, freq, i, parts);
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

/* Adds the clause's words with `take` words from `at` replaced by others. */
static void
add_phrase(struct sp_plan_state *state, const sp_clause *clause, uint32_t at, uint32_t take,
           const sp_query_word *others, uint32_t other_count, struct sp_plan_phrases *out)
{
    uint32_t count = clause->word_count - take + other_count, after = at + take;
    sp_query_word *words = sp_arena_array(state->input->arena, count, sizeof *words);
    if (!words || count > SP_QUERY_WORDS_MAX || out->count == SP_PLAN_SPELLINGS_MAX)
        return;
    for (uint32_t i = 0; i < at; i++)
        words[i] = clause->words[i];
    for (uint32_t i = 0; i < other_count; i++)
        words[at + i] = others[i];
    for (uint32_t i = after; i < clause->word_count; i++)
        words[at + other_count + i - after] = clause->words[i];
    out->items[out->count++] = (struct sp_plan_phrase){words, count};
}

/* Whether the field has two neighbouring words of the clause as one. */
static bool
find_joined(struct sp_plan_state *state, const char *prefix, const sp_clause *clause, uint32_t at,
            sp_query_word *out)
{
    sp_bytes word = join(state, clause->words[at].word, clause->words[at + 1].word);
    if (sp_plan_term_freq(state, prefix, word) == 0)
        return false;
    *out = make_word(state, word);
    return true;
}

/* Splits a word that the field does not have. */
static void
add_phrase_splits(struct sp_plan_state *state, const char *prefix, const sp_clause *clause,
                  uint32_t at, struct sp_plan_phrases *out)
{
    sp_bytes text = clause->words[at].word;
    uint32_t left;
    if (text.len < SPLIT_WORD_MIN || sp_plan_term_freq(state, prefix, text) > 0)
        return;
    for (size_t i = HALF_MIN; i + HALF_MIN <= text.len; i++) {
        sp_bytes right = sp_bytes_slice(text, i, text.len);
        if (!may_split(state, prefix, text, i, &left) ||
            sp_plan_term_freq(state, prefix, right) == 0)
            continue;
        sp_query_word halves[2] = {make_word(state, sp_bytes_slice(text, 0, i)),
                                   make_word(state, right)};
        add_phrase(state, clause, at, 1, halves, 2, out);
    }
}

void
sp_plan_find_phrases(struct sp_plan_state *state, const char *prefix, const sp_clause *clause,
                     struct sp_plan_phrases *out)
{
    bool looked = false;
    *out = (struct sp_plan_phrases){0};
    if (clause->sentences > 0)
        return;
    for (uint32_t i = 0; i < clause->word_count && out->count < SP_PLAN_SPELLINGS_MAX; i++) {
        sp_query_word joined;
        if (i + 1 < clause->word_count && find_joined(state, prefix, clause, i, &joined)) {
            if (!looked && sp_plan_finds(state, sp_plan_clause_phrase(state, prefix, clause)))
                return;
            looked = true;
            add_phrase(state, clause, i, 2, &joined, 1, out);
        }
        add_phrase_splits(state, prefix, clause, i, out);
    }
}

void
sp_plan_add_hyphenated(struct sp_plan_state *state, const sp_clause *clause,
                       struct sp_plan_parts *parts)
{
    xc_query *trees[SP_FORMS_MAX];
    uint32_t last = clause->word_count - 1, count = 0;
    sp_bytes typed = clause->words[last].word;
    double idf = sp_plan_idf(state, sp_plan_term_freq(state, "", typed));
    struct sp_plan_phrases phrases = {0};
    sp_forms forms;
    find_forms(state, typed, &forms);
    for (uint32_t i = 0; i < forms.count; i++) {
        sp_query_word form = make_word(state, forms.items[i].word);
        if (sp_bytes_equal(form.word, typed))
            continue;
        add_phrase(state, clause, last, 1, &form, 1, &phrases);
        if (phrases.count == count)
            break;
        const sp_query_word *words = phrases.items[count].words;
        sp_plan_add_pattern(state, words, last + 1, true);
        trees[count++] = limit_weight(idf, sp_plan_idf(state, forms.items[i].freq),
                                      sp_plan_phrase(state, "", words, last + 1));
    }
    if (count == 0)
        return;
    xc_query *other = xc_query_or(trees, count);
    for (size_t i = 1; i < parts->count; i++)
        other = xc_query_and_not(other, xc_query_copy(parts->items[i]));
    sp_plan_add_part(parts, other);
}
