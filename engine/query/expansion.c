// SPDX-License-Identifier: GPL-2.0-or-later
#include "expansion.h"

#include "engine/index/xapian.h"

_Static_assert(SP_EXPANSION_WORDS_MAX >= SP_QUERY_WORDS_MAX, "each prefix may stand for a word");

/* The commonest so far, commonest first. */
struct taken {
    const xc_term *items[SP_EXPANSION_WORDS_MAX];
    uint32_t count, most;
};

static void
consider(struct taken *taken, const xc_term *term)
{
    uint32_t place = taken->count;
    if (place == taken->most && taken->items[place - 1]->freq >= term->freq)
        return;
    if (place == taken->most)
        place--;
    else
        taken->count++;
    for (; place > 0 && taken->items[place - 1]->freq < term->freq; place--)
        taken->items[place] = taken->items[place - 1];
    taken->items[place] = term;
}

static enum sp_status
add_word(const sp_plan_input *input, const xc_term *term, sp_expansion *out, sp_error *err)
{
    sp_tokens tokens;
    sp_query_word *word = &out->words[out->count++];
    uint32_t unsaid = input->doc_count > out->freq ? input->doc_count - out->freq : 0;
    word->word = word->stem = sp_arena_copy(input->arena, from_xc(term->term));
    out->freq += term->freq < unsaid ? term->freq : unsaid;
    enum sp_status status = sp_analyze(input->analyzer, word->word, &tokens, err);
    if (status == SP_OK && tokens.count > 0)
        word->stem = sp_arena_copy(input->arena, tokens.items[0].stem);
    return status;
}

static enum sp_status
take(const sp_plan_input *input, sp_bytes prefix, const xc_terms *terms, uint32_t most,
     sp_expansion *out, sp_error *err)
{
    struct taken taken = {.most = most};
    enum sp_status status = SP_OK;
    size_t at = 0;
    *out = (sp_expansion){.words = sp_arena_array(input->arena, most, sizeof *out->words)};
    if (!out->words)
        return sp_arena_check(input->arena, err);
    if (terms->count > 0 && sp_bytes_equal(from_xc(terms->items[0].term), prefix)) {
        out->known = true;
        status = add_word(input, &terms->items[at++], out, err);
        taken.most--;
    }
    for (; taken.most > 0 && at < terms->count; at++)
        consider(&taken, &terms->items[at]);
    for (uint32_t i = 0; status == SP_OK && i < taken.count; i++)
        status = add_word(input, taken.items[i], out, err);
    return status;
}

enum sp_status
sp_expansion_make(const sp_plan_input *input, sp_bytes prefix, uint32_t prefix_count,
                  sp_expansion *out, sp_error *err)
{
    xc_terms *terms;
    xc_error cause;
    xc_status listed = xc_reader_vocabulary(input->reader, to_xc(prefix), (xc_bytes){0},
                                            SP_EXPANSION_LOOKED_MAX / prefix_count, &terms, &cause);
    if (listed != XC_OK)
        return sp_fail_xapian(err, listed, &cause, NULL);
    enum sp_status status =
        take(input, prefix, terms, SP_EXPANSION_WORDS_MAX / prefix_count, out, err);
    xc_terms_free(terms);
    return status;
}
