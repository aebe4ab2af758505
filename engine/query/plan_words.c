// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan_private.h"

#include "expansion.h"
#include "engine/analysis/stem_cache.h"
#include "engine/index/xapian.h"

#include <math.h>

/* `fulltime` is also looked for as `full time`: both parts must be words of the index. */
#define SPLIT_PART_MIN 2
#define SPLIT_WORD_MIN 6
#define SPLIT_FREQ_MAX 100 /* a site that writes it joined often does so throughout */

/* What words that only begin as typed are worth where one is just what was typed. */
#define BEGINNING_SCALE 0.5

/* Alternatives for one clause; each is any document's way to have it: the word, the form of its
   parts, halves, and what it makes with the word before it and the one behind. */
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
sp_plan_term_freq(struct sp_planning *at, const char *prefix, sp_bytes text)
{
    xc_term_stats stats = {0};
    xc_error cause;
    sp_term_make(&at->term, prefix, text);
    if (at->status != SP_OK || at->term.len == 0)
        return 0;
    xc_status status = xc_reader_term(at->input->reader, str_to_xc(&at->term), &stats, &cause);
    if (status != XC_OK)
        at->status = sp_fail_xapian(at->err, status, &cause, NULL);
    return stats.term_freq;
}

xc_query *
sp_plan_term(struct sp_planning *at, const char *prefix, sp_bytes text, uint32_t wqf)
{
    sp_term_make(&at->term, prefix, text);
    return at->term.len > 0 ? xc_query_term(str_to_xc(&at->term), wqf) : xc_query_none();
}

/* AND_MAYBE with all documents, which weigh nothing, changes nothing but how libxapian 1.4 looks
   for the phrase. A bare one that is a part of an OR, of which the right side of an AND_MAYBE
   beside a filter makes one too, may be asked of a document that does not have it and then not be
   moved on; the OR takes its weight for that of the parts that the document has. */
xc_query *
sp_plan_phrase(struct sp_planning *at, const char *prefix, const sp_query_word *words,
               uint32_t count)
{
    xc_bytes terms[SP_QUERY_WORDS_MAX] = {{0}};
    for (uint32_t i = 0; i < count; i++) {
        sp_term_make(&at->term, prefix, words[i].word);
        terms[i] = to_xc(sp_arena_copy_str(at->input->arena, &at->term));
    }
    xc_query *phrase = xc_query_phrase(terms, count, count);
    return count > 1 ? xc_query_and_maybe(phrase, xc_query_all()) : phrase;
}

void
sp_plan_add_pattern(struct sp_planning *at, const sp_query_word *words, uint32_t count, bool exact)
{
    sp_plan *plan = at->plan;
    sp_arena *arena = at->input->arena;
    plan->patterns = sp_arena_grow(arena, plan->patterns, &at->pattern_capacity,
                                   plan->pattern_count + 1, sizeof *plan->patterns);
    uint32_t *hashes = sp_arena_array(arena, count, sizeof *hashes);
    if (!plan->patterns || !hashes)
        return;
    for (uint32_t i = 0; i < count; i++)
        hashes[i] = sp_stem_hash(words[i].stem);
    plan->patterns[plan->pattern_count++] =
        (sp_pattern){words, hashes, count, plan->clause_count, exact, false};
}

double
sp_plan_idf(const struct sp_planning *at, uint32_t freq)
{
    uint32_t count = at->input->doc_count > freq ? at->input->doc_count : freq;
    return log(1 + ((double)count - freq + 0.5) / (freq + 0.5));
}

/* Another way to write a word is worth no more than the word: it is rarer, and by its own rarity a
   page with `high-speed` would stand above all that say `high speed`. */
static xc_query *
no_more_than(double word, double other, xc_query *query)
{
    return other > word ? xc_query_scale(query, word / other) : query;
}

/* A word that the query does not say itself, with its stem. */
static sp_query_word
other_word(struct sp_planning *at, sp_bytes word)
{
    sp_tokens tokens;
    sp_query_word made = {.word = word, .stem = word};
    if (at->status == SP_OK)
        at->status = sp_analyze(at->input->analyzer, word, &tokens, at->err);
    if (at->status == SP_OK && tokens.count > 0)
        made.stem = sp_arena_copy(at->input->arena, tokens.items[0].stem);
    return made;
}

/* `fulltime` as `full time`: where the index knows both halves. A half is matched as it stands, so
   its stem is not needed for the tree; passages compare the words themselves. */
static void
add_splits(struct sp_planning *at, const sp_query_word *word, uint32_t freq, struct parts *parts)
{
    sp_bytes text = word->word;
    size_t most = parts->count + SPLITS_MAX;
    if (text.len < SPLIT_WORD_MIN || freq > SPLIT_FREQ_MAX)
        return;
    for (size_t i = SPLIT_PART_MIN; i + SPLIT_PART_MIN <= text.len && parts->count < most; i++) {
        sp_bytes left = sp_bytes_slice(text, 0, i), right = sp_bytes_slice(text, i, text.len);
        if (sp_utf8_is_continuation(right.data[0]))
            continue;
        uint32_t left_freq = sp_plan_term_freq(at, "", left);
        uint32_t right_freq = left_freq > 0 ? sp_plan_term_freq(at, "", right) : 0;
        if (right_freq == 0)
            continue;
        sp_query_word *halves = sp_arena_array(at->input->arena, 2, sizeof *halves);
        if (!halves)
            return;
        halves[0] = other_word(at, left);
        halves[1] = other_word(at, right);
        add_part(parts, no_more_than(sp_plan_idf(at, freq),
                                     sp_plan_idf(at, left_freq) + sp_plan_idf(at, right_freq),
                                     sp_plan_phrase(at, "", halves, 2)));
        sp_plan_add_pattern(at, halves, 2, true);
    }
}

bool
sp_clause_is_plain_word(const sp_clause *clause)
{
    return clause->word_count == 1 && !clause->phrase && !clause->prefix;
}

/* `full time` as `fulltime`: the joined word serves for both of its parts. */
static void
add_joined(struct sp_planning *at, const sp_clause *left, const sp_clause *right, uint32_t freq,
           struct parts *parts)
{
    if (!left || !right || !sp_clause_is_plain_word(left) || !sp_clause_is_plain_word(right) ||
        left->excluded || right->excluded)
        return;
    SP_AUTO(sp_str_done) sp_str joined = {0};
    sp_str_append(&joined, left->words[0].word);
    sp_str_append(&joined, right->words[0].word);
    uint32_t joined_freq = sp_plan_term_freq(at, "", sp_str_bytes(&joined));
    if (joined_freq == 0)
        return;
    sp_bytes word = sp_arena_copy_str(at->input->arena, &joined);
    sp_query_word *made = sp_arena_alloc(at->input->arena, sizeof *made);
    if (!made)
        return;
    *made = other_word(at, word);
    add_part(parts, no_more_than(sp_plan_idf(at, freq), sp_plan_idf(at, joined_freq),
                                 sp_plan_term(at, "", word, 1)));
    sp_plan_add_pattern(at, made, 1, true);
}

xc_query *
sp_plan_word(struct sp_planning *at, const sp_query_word *word, uint32_t wqf, uint32_t *freq)
{
    uint32_t by_stem = sp_plan_term_freq(at, SP_PREFIX_STEM, word->stem);
    uint32_t as_is = by_stem == 0 ? sp_plan_term_freq(at, "", word->word) : 0;
    sp_plan_add_pattern(at, word, 1, as_is > 0);
    if (as_is == 0 && at->other_languages) { /* whose stems are not the query's */
        sp_plan_add_pattern(at, word, 1, true);
        if (at->plan->pattern_count > 0)
            at->plan->patterns[at->plan->pattern_count - 1].foreign = true;
    }
    *freq = by_stem > 0 ? by_stem : as_is;
    return as_is > 0 ? sp_plan_term(at, "", word->word, wqf)
                     : sp_plan_term(at, SP_PREFIX_STEM, word->stem, wqf);
}

static uint32_t
add_word(struct sp_planning *at, const sp_query_word *word, uint32_t wqf, struct parts *parts)
{
    uint32_t freq;
    add_part(parts, sp_plan_word(at, word, wqf, &freq));
    return freq;
}

/* The first way to have the clause, and the others where a document lacks that. OP_MAX would say so
   better, but libxapian 1.4.22 crashes in it where it leaves out documents that cannot reach the
   page. */
static xc_query *
first_of(const struct parts *parts)
{
    xc_query *first = parts->items[0];
    if (parts->count == 1)
        return first;
    xc_query *others = xc_query_or(parts->items + 1, parts->count - 1);
    xc_query *both[2] = {first, xc_query_and_not(others, xc_query_copy(first))};
    return xc_query_or(both, 2);
}

/* Any word that begins as typed. What has just that word ranks above what has others, and what has
   its stem is found too, as without the asterisk. libxapian counts synonyms once, however often the
   query says them. */
static xc_query *
prefix_query(struct sp_planning *at, const sp_clause *clause, uint32_t wqf, double *weight)
{
    sp_expansion expansion = {0};
    xc_query *words[SP_EXPANSION_WORDS_MAX + 1];
    if (at->status == SP_OK)
        at->status = sp_expansion_make(at->input, clause->words[0].word, at->prefix_count,
                                       &expansion, at->err);
    uint32_t count = 0;
    for (; count < expansion.count; count++) {
        words[count] = sp_plan_term(at, "", expansion.words[count].word, 1);
        sp_plan_add_pattern(at, &expansion.words[count], 1, true);
    }
    *weight = sp_plan_idf(at, expansion.freq);
    if (!expansion.known || clause->excluded)
        return xc_query_scale(xc_query_synonym(words, count), wqf);
    words[count++] = sp_plan_term(at, SP_PREFIX_STEM, clause->words[0].stem, 1);
    sp_plan_add_pattern(at, &clause->words[0], 1, false);
    xc_query *parts[] = {sp_plan_term(at, "", clause->words[0].word, wqf),
                         xc_query_scale(xc_query_synonym(words, count), BEGINNING_SCALE * wqf)};
    return xc_query_or(parts, 2);
}

xc_query *
sp_plan_words(struct sp_planning *at, const sp_clause *const *around, uint32_t wqf, double *weight)
{
    const sp_clause *clause = around[1];
    struct parts parts = {0};
    uint32_t freq = 0;
    if (clause->prefix)
        return prefix_query(at, clause, wqf, weight);
    if (sp_clause_is_plain_word(clause)) {
        freq = add_word(at, &clause->words[0], wqf, &parts);
        if (clause->form.word.len > 0)
            add_word(at, &clause->form, wqf, &parts);
        if (!clause->excluded) { /* what to leave out is taken as it is typed */
            add_splits(at, &clause->words[0], freq, &parts);
            add_joined(at, around[0], clause, freq, &parts);
            add_joined(at, clause, around[2], freq, &parts);
        }
    } else {
        add_part(&parts, sp_plan_phrase(at, "", clause->words, clause->word_count));
        sp_plan_add_pattern(at, clause->words, clause->word_count, clause->phrase);
        if (!clause->phrase && clause->form.word.len > 0)
            freq = add_word(at, &clause->form, wqf, &parts);
    }
    *weight = sp_plan_idf(at, freq);
    return sp_plan_with_synonyms(at, clause, wqf, freq, first_of(&parts));
}
