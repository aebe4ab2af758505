// SPDX-License-Identifier: GPL-2.0-or-later
#include "expansion.h"

#include "engine/index/xapian.h"

_Static_assert(SP_EXPANSION_WORDS_MAX >= SP_QUERY_WORDS_MAX, "each prefix needs room for a word");

/* The most frequent terms so far, in descending order. */
struct commonest {
    const xc_term *items[SP_EXPANSION_WORDS_MAX];
    uint32_t count, most;
};

static void
keep_commonest(struct commonest *commonest, const xc_term *term)
{
    uint32_t place = commonest->count;
    if (place == commonest->most && commonest->items[place - 1]->freq >= term->freq)
        return;
    if (place == commonest->most)
        place--;
    else
        commonest->count++;
    for (; place > 0 && commonest->items[place - 1]->freq < term->freq; place--)
        commonest->items[place] = commonest->items[place - 1];
    commonest->items[place] = term;
}

static enum sp_status
add_word(const sp_plan_input *input, const xc_term *term, sp_expansion *out, sp_error *err)
{
    sp_tokens tokens;
    sp_query_word *word = &out->words[out->count++];
    uint32_t remaining = input->doc_count > out->freq ? input->doc_count - out->freq : 0;
    word->word = word->stem = sp_arena_copy(input->arena, from_xc(term->term));
    out->freq += term->freq < remaining ? term->freq : remaining;
    enum sp_status status = sp_analyze(input->analyzer, word->word, &tokens, err);
    if (status == SP_OK && tokens.count > 0)
        word->stem = sp_arena_copy(input->arena, tokens.items[0].stem);
    return status;
}

static enum sp_status
take_commonest(const sp_plan_input *input, sp_bytes prefix, const xc_terms *terms, uint32_t most,
               sp_expansion *out, sp_error *err)
{
    struct commonest commonest = {.most = most};
    enum sp_status status = SP_OK;
    size_t next = 0;
    *out = (sp_expansion){.words = sp_arena_array(input->arena, most, sizeof *out->words)};
    if (!out->words)
        return sp_arena_check(input->arena, err);
    if (terms->count > 0 && sp_bytes_equal(from_xc(terms->items[0].term), prefix)) {
        out->known = true;
        status = add_word(input, &terms->items[next++], out, err);
        commonest.most--;
    }
    for (; commonest.most > 0 && next < terms->count; next++)
        keep_commonest(&commonest, &terms->items[next]);
    for (uint32_t i = 0; status == SP_OK && i < commonest.count; i++)
        status = add_word(input, commonest.items[i], out, err);
    return status;
}

enum sp_status
sp_expansion_make(const sp_plan_input *input, sp_bytes prefix, uint32_t prefix_count,
                  sp_expansion *out, sp_error *err)
{
    xc_terms *terms;
    xc_error cause;
    xc_status listed =
        xc_reader_vocabulary(input->reader, to_xc(prefix), (xc_bytes){0},
                             SP_EXPANSION_COMPARED_MAX / prefix_count, &terms, &cause);
    if (listed != XC_OK)
        return sp_fail_xapian(err, listed, &cause, NULL);
    enum sp_status status =
        take_commonest(input, prefix, terms, SP_EXPANSION_WORDS_MAX / prefix_count, out, err);
    xc_terms_free(terms);
    return status;
}
