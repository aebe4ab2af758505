// SPDX-License-Identifier: GPL-2.0-or-later
#include "vocabulary.h"

#include "engine/index/xapian.h"

#include <stdlib.h>

#define BATCH 4096

bool
sp_spell(sp_bytes word, sp_spelling *out)
{
    out->len = out->letters = 0;
    out->set = 0;
    for (size_t at = 0; at < word.len;) {
        uint32_t code;
        if (out->len == SP_WORD_MAX)
            return false;
        at += sp_utf8_decode(word, at, &code);
        out->codes[out->len++] = code;
        out->letters += code >= 0x80 || (code >= 'a' && code <= 'z');
        out->set |= UINT64_C(1) << (code & 63);
    }
    return true;
}

/* Enlarges the array of words. The array is not in the arena, because an arena would keep all
   outgrown arrays. */
static bool
grow(sp_vocabulary *vocabulary)
{
    size_t capacity = vocabulary->capacity > 0 ? vocabulary->capacity * 2 : BATCH;
    void *words = realloc(vocabulary->words, capacity * sizeof *vocabulary->words);
    if (!words) {
        sp_arena_fail(&vocabulary->arena);
        return false;
    }
    vocabulary->words = words;
    vocabulary->capacity = capacity;
    return true;
}

static void
add_word(sp_vocabulary *vocabulary, const xc_term *term)
{
    sp_spelling spelling;
    if (vocabulary->count == vocabulary->capacity && !grow(vocabulary))
        return;
    bool is_word = sp_spell(from_xc(term->term), &spelling);
    vocabulary->words[vocabulary->count++] =
        (sp_vocabulary_word){.set = spelling.set,
                             .word = sp_arena_copy(&vocabulary->arena, from_xc(term->term)),
                             .freq = term->freq,
                             .len = is_word ? (uint16_t)spelling.len : 0,
                             .letters = (uint16_t)spelling.letters};
}

xc_status
sp_vocabulary_read(sp_vocabulary *vocabulary, xc_reader *reader, xc_error *err)
{
    xc_terms *terms;
    xc_bytes after = XC_BYTES("["); /* 'Z' + 1: after all terms with prefixes */
    if (vocabulary->count > 0)
        after = to_xc(vocabulary->words[vocabulary->count - 1].word);
    xc_status status = xc_reader_vocabulary(reader, (xc_bytes){NULL, 0}, after, BATCH, &terms, err);
    if (status != XC_OK)
        return status;
    for (size_t i = 0; i < terms->count && vocabulary->count < SP_VOCABULARY_MAX; i++)
        add_word(vocabulary, &terms->items[i]);
    vocabulary->complete =
        !terms->more || terms->count == 0 || vocabulary->count == SP_VOCABULARY_MAX;
    xc_terms_free(terms);
    return vocabulary->arena.failed ? XC_NO_MEMORY : XC_OK;
}

void
sp_vocabulary_done(sp_vocabulary *vocabulary)
{
    sp_arena_done(&vocabulary->arena);
    free(vocabulary->words);
    *vocabulary = (sp_vocabulary){0};
}
