// SPDX-License-Identifier: GPL-2.0-or-later
#include "characters.h"

#include <utf8proc.h>

/* How far before an offset the beginning of its cluster is looked for, in bytes. The longest emoji
   sequences in use have some 40 bytes. */
#define LOOK_BACK_MAX 128

bool
sp_is_unspaced(uint32_t code_point)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x0E00, 0x0FFF},   /* Thai, Lao, Tibetan */
        {0x1000, 0x109F},   /* Myanmar */
        {0x1780, 0x17FF},   /* Khmer */
        {0x1950, 0x19FF},   /* Tai Le, New Tai Lue, Khmer symbols */
        {0x1A20, 0x1AAF},   /* Tai Tham */
        {0x2E80, 0x312F},   /* radicals, punctuation, kana, Bopomofo */
        {0x31A0, 0xA4CF},   /* kana, Han, Yi */
        {0xA9E0, 0xA9FF},   /* Myanmar */
        {0xAA60, 0xAADF},   /* Myanmar, Tai Viet */
        {0xF900, 0xFAFF},   /* Han */
        {0xFE30, 0xFE4F},   /* vertical punctuation */
        {0xFF00, 0xFFEF},   /* fullwidth and halfwidth forms */
        {0x1AFF0, 0x1B16F}, /* kana */
        {0x20000, 0x3FFFD}, /* Han */
    };
    for (size_t i = 0; code_point >= ranges[0].first && i < sizeof ranges / sizeof *ranges; i++) {
        if (code_point >= ranges[i].first && code_point <= ranges[i].last)
            return true;
    }
    return false;
}

uint32_t
sp_code_before(sp_bytes text, size_t at, size_t *start)
{
    uint32_t code;
    size_t from = at - 1;
    if ((unsigned char)text.data[from] < 0x80) {
        *start = from;
        return (unsigned char)text.data[from];
    }
    while (from > 0 && at - from < 4 && sp_utf8_is_continuation(text.data[from]))
        from--;
    sp_utf8_decode(text, from, &code);
    *start = from;
    return code;
}

/* Whether what precedes the character decides nothing about the clusters after it. */
static bool
is_independent(uint32_t code)
{
    int class = (int)utf8proc_get_property((utf8proc_int32_t)code)->boundclass;
    return class == UTF8PROC_BOUNDCLASS_OTHER || class == UTF8PROC_BOUNDCLASS_CONTROL ||
           class == UTF8PROC_BOUNDCLASS_CR || class == UTF8PROC_BOUNDCLASS_LF;
}

bool
sp_is_cluster_start(sp_bytes text, size_t at)
{
    if (at == 0 || at >= text.len)
        return true;
    if (sp_utf8_is_continuation(text.data[at]))
        return false;
    size_t from = at;
    uint32_t code = 0, next;
    while (from > 0 && at - from < LOOK_BACK_MAX && (from == at || !is_independent(code)))
        code = sp_code_before(text, from, &from);
    bool start = true;
    utf8proc_int32_t state = 0;
    for (size_t i = from + sp_utf8_decode(text, from, &code); i <= at; code = next) {
        size_t len = sp_utf8_decode(text, i, &next);
        start = utf8proc_grapheme_break_stateful((utf8proc_int32_t)code, (utf8proc_int32_t)next,
                                                 &state);
        i += len;
    }
    return start;
}

size_t
sp_cluster_floor(sp_bytes text, size_t at)
{
    while (!sp_is_cluster_start(text, at))
        at--;
    return at;
}

static bool
is_small_kana(uint32_t code)
{
    static const uint32_t small[] = {0x3041, 0x3043, 0x3045, 0x3047, 0x3049, 0x3063,
                                     0x3083, 0x3085, 0x3087, 0x308E, 0x3095, 0x3096};
    uint32_t hiragana = code >= 0x30A1 && code <= 0x30F6 ? code - 0x60 : code;
    for (size_t i = 0; i < sizeof small / sizeof *small; i++) {
        if (small[i] == hiragana)
            return true;
    }
    return false;
}

static bool
can_begin_line(uint32_t code)
{
    switch (utf8proc_category((utf8proc_int32_t)code)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_PE:
    case UTF8PROC_CATEGORY_PF:
    case UTF8PROC_CATEGORY_PO:
    case UTF8PROC_CATEGORY_PD:
    case UTF8PROC_CATEGORY_ZS:
        return false;
    default:
        return !is_small_kana(code);
    }
}

/* A vowel of Thai and Lao that is written before its consonant belongs to it. */
static bool
can_end_line(uint32_t code)
{
    int category = (int)utf8proc_category((utf8proc_int32_t)code);
    bool leads = (code >= 0x0E40 && code <= 0x0E44) || (code >= 0x0EC0 && code <= 0x0EC4);
    return !leads && category != UTF8PROC_CATEGORY_PS && category != UTF8PROC_CATEGORY_PI;
}

bool
sp_can_divide_at(sp_bytes text, size_t at)
{
    if (at == 0 || at >= text.len || sp_utf8_is_continuation(text.data[at]))
        return false;
    size_t start;
    uint32_t left = sp_code_before(text, at, &start), right;
    sp_utf8_decode(text, at, &right);
    return (sp_is_unspaced(left) || sp_is_unspaced(right)) && right > ' ' &&
           can_begin_line(right) && can_end_line(left) && sp_is_cluster_start(text, at);
}
