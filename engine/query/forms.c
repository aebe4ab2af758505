// SPDX-License-Identifier: GPL-2.0-or-later
#include "forms.h"

#include "engine/index/xapian.h"

#define COMPARED_MAX 64 /* words that begin with the stem, and as many others */

struct forms_state {
    xc_reader *reader;
    sp_analyzer *analyzer;
    sp_bytes stem;
    sp_arena *arena;
    uint32_t given; /* forms that the caller had */
};

static bool
has_form(const sp_forms *forms, sp_bytes word)
{
    for (uint32_t i = 0; i < forms->count; i++) {
        if (sp_bytes_equal(forms->items[i].word, word))
            return true;
    }
    return false;
}

/* Keeps the word if it is one of the most frequent, after the `given` forms, which stay. */
static void
keep_form(sp_forms *out, uint32_t given, sp_form form, sp_arena *arena)
{
    uint32_t place = out->count;
    out->more |= place == SP_FORMS_MAX;
    if (place == SP_FORMS_MAX && (place == given || out->items[place - 1].freq >= form.freq))
        return;
    if (place == SP_FORMS_MAX)
        place--;
    else
        out->count++;
    form.word = sp_arena_copy(arena, form.word);
    for (; place > given && out->items[place - 1].freq < form.freq; place--)
        out->items[place] = out->items[place - 1];
    out->items[place] = form;
}

/* Compares the words of the index that begin with the prefix. */
static enum sp_status
add_words(const struct forms_state *state, sp_bytes prefix, sp_forms *out, sp_error *err)
{
    xc_terms *terms;
    xc_error cause;
    xc_status listed = xc_reader_vocabulary(state->reader, to_xc(prefix), (xc_bytes){0},
                                            COMPARED_MAX, &terms, &cause);
    if (listed != XC_OK)
        return sp_fail_xapian(err, listed, &cause, NULL);
    enum sp_status status = SP_OK;
    out->more |= terms->more;
    for (size_t i = 0; status == SP_OK && i < terms->count; i++) {
        sp_form form = {from_xc(terms->items[i].term), terms->items[i].freq};
        sp_tokens tokens;
        status = sp_analyze(state->analyzer, form.word, &tokens, err);
        if (status == SP_OK && tokens.count > 0 &&
            sp_bytes_equal(tokens.items[0].stem, state->stem) && !has_form(out, form.word))
            keep_form(out, state->given, form, state->arena);
    }
    xc_terms_free(terms);
    return status == SP_OK ? sp_arena_check(state->arena, err) : status;
}

/* Only the end of a word differs from its stem, and seldom more of the stem than its last letter:
   "study" has the stem `studi`. Most words begin with their stem, so these are compared first. */
enum sp_status
sp_forms_add(xc_reader *reader, sp_analyzer *analyzer, sp_bytes stem, sp_arena *arena,
             sp_forms *out, sp_error *err)
{
    struct forms_state state = {reader, analyzer, stem, arena, out->count};
    size_t most = stem.len > 1 ? stem.len - 1 : stem.len;
    while (most < stem.len && most > 0 && sp_utf8_is_continuation(stem.data[most]))
        most--;
    enum sp_status status = add_words(&state, stem, out, err);
    if (status == SP_OK && most > 0 && most < stem.len)
        status = add_words(&state, sp_bytes_slice(stem, 0, most), out, err);
    return status;
}
