// SPDX-License-Identifier: GPL-2.0-or-later
/* A word that exists, but may be a misspelling that a page has too: a very frequent word is very
   like it. The frequent word is offered, never applied. */
#include "spelling_private.h"

#include "engine/index/xapian.h"

#define COST_MAX 100 /* one edit, see likeness.c */

/* Without a list of ordinary words, most short words have such a neighbour. */
#define LETTERS_MIN_ELSEWHERE 7

/* Only words with the same first two letters are compared, at most COMPARED_MAX of them, because
   listing words takes most of the time. */
#define SAME_BEGINNING 2
#define COMPARED_MAX 1000

static bool
may_be_rare_mistake(const sp_doubtful_word *rare, uint32_t doc_count)
{
    return rare->freq > 0 && (uint64_t)rare->freq * SP_RARER_TIMES <= doc_count &&
           rare->word->word.len > SAME_BEGINNING &&
           (rare->english || rare->suspect.spelling.len >= LETTERS_MIN_ELSEWHERE);
}

/* Whether the words have one stem, or one is a form of the other that the stemmer does not know. */
static enum sp_status
are_forms(sp_analyzer *analyzer, const sp_query_word *a, sp_bytes b, bool *out, sp_error *err)
{
    sp_tokens tokens;
    sp_bytes longer = a->word.len > b.len ? a->word : b,
             shorter = a->word.len > b.len ? b : a->word;
    enum sp_status status = sp_analyze(analyzer, b, &tokens, err);
    *out = status != SP_OK || tokens.count == 0 || sp_bytes_equal(tokens.items[0].stem, a->stem) ||
           sp_bytes_starts_with(longer, shorter);
    return status;
}

/* Whether the word is worth a comparison; then sets *spelling. */
static bool
may_be_meant(const sp_correction_context *context, const sp_suspect *suspect, const xc_term *term,
             sp_spelling *spelling)
{
    if (!sp_spell(from_xc(term->term), spelling) || spelling->len < SP_LIKENESS_LETTERS_MIN)
        return false;
    const sp_vocabulary_word word = {.set = spelling->set,
                                     .freq = term->freq,
                                     .len = (uint16_t)spelling->len,
                                     .letters = (uint16_t)spelling->letters};
    return sp_suspect_may_mean(suspect, &word, context->reader->doc_count);
}

static enum sp_status
choose(const sp_correction_context *context, const sp_doubtful_word *rare, const xc_terms *terms,
       sp_bytes *out, sp_error *err)
{
    double best = 0;
    enum sp_status status = SP_OK;
    for (size_t i = 0; status == SP_OK && i < terms->count; i++) {
        sp_spelling spelling;
        sp_bytes other = from_xc(terms->items[i].term);
        bool forms;
        if (terms->items[i].freq / SP_RARER_TIMES < rare->freq ||
            !may_be_meant(context, &rare->suspect, &terms->items[i], &spelling) ||
            sp_analyzer_is_stop_word(context->analyzer, other))
            continue;
        uint32_t cost = sp_suspect_cost(&rare->suspect, &spelling);
        double score = cost > COST_MAX ? 0 : sp_likeness_score(cost, terms->items[i].freq);
        if (cost > COST_MAX || (out->data && score >= best))
            continue;
        status = are_forms(context->analyzer, rare->word, other, &forms, err);
        if (status != SP_OK || forms)
            continue;
        best = score;
        *out = sp_arena_copy(context->arena, other);
    }
    return status;
}

enum sp_status
sp_find_meant(const sp_correction_context *context, const sp_doubtful_word *rare, sp_bytes *out,
              sp_error *err)
{
    xc_terms *terms;
    xc_error cause;
    *out = (sp_bytes){0};
    if (!may_be_rare_mistake(rare, context->reader->doc_count))
        return SP_OK;
    sp_bytes word = rare->word->word;
    size_t beginning = SAME_BEGINNING;
    while (beginning < word.len && sp_utf8_is_continuation(word.data[beginning]))
        beginning++;
    xc_status listed =
        xc_reader_vocabulary(context->reader->xapian, to_xc(sp_bytes_slice(word, 0, beginning)),
                             (xc_bytes){0}, COMPARED_MAX, &terms, &cause);
    if (listed != XC_OK)
        return sp_fail_xapian(err, listed, &cause, NULL);
    enum sp_status status = choose(context, rare, terms, out, err);
    xc_terms_free(terms);
    return status == SP_OK ? sp_arena_check(context->arena, err) : status;
}
