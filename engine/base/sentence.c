// SPDX-License-Identifier: GPL-2.0-or-later
#include "sentence.h"

#include "characters.h"

#include <signpost/ascii.h>
#include <utf8proc.h>

/* The most bytes of marks, quotation marks and brackets at the end of a sentence, and of blanks,
   quotation marks and brackets before the next one. */
#define MARKS_MAX 24
#define ABBREVIATION_MAX 6 /* bytes, without the full stop */

enum mark {
    MARK_NONE,
    MARK_STOP,  /* a full stop */
    MARK_LOUD,  /* another mark that needs a blank after it */
    MARK_OWN,   /* a mark of a script that needs no blank after it */
    MARK_CLOSER /* a closing quotation mark or bracket */
};

#define EIGHT(byte)                                                                                \
    [byte] = true, [(byte) + 1] = true, [(byte) + 2] = true, [(byte) + 3] = true,                  \
    [(byte) + 4] = true, [(byte) + 5] = true, [(byte) + 6] = true, [(byte) + 7] = true

/* Of other scripts, any byte that ends a character in UTF-8. */
const bool sp_sentence_last_bytes[256] = {
    ['.'] = true, ['!'] = true, ['?'] = true, ['"'] = true, ['\''] = true, [')'] = true,
    [']'] = true, ['}'] = true, EIGHT(0x80),  EIGHT(0x88),  EIGHT(0x90),   EIGHT(0x98),
    EIGHT(0xA0),  EIGHT(0xA8),  EIGHT(0xB0),  EIGHT(0xB8),
};

/* Ascending by code. */
static const struct {
    uint16_t code;
    unsigned char mark;
} marks[] = {
    {0x00BB, MARK_CLOSER}, {0x0589, MARK_OWN},    {0x061F, MARK_OWN},    {0x06D4, MARK_OWN},
    {0x0964, MARK_OWN},    {0x0965, MARK_OWN},    {0x0F0D, MARK_OWN},    {0x104B, MARK_OWN},
    {0x1362, MARK_OWN},    {0x1367, MARK_OWN},    {0x17D4, MARK_OWN},    {0x17D5, MARK_OWN},
    {0x2018, MARK_CLOSER}, {0x2019, MARK_CLOSER}, {0x201C, MARK_CLOSER}, {0x201D, MARK_CLOSER},
    {0x2026, MARK_LOUD},   {0x203A, MARK_CLOSER}, {0x203C, MARK_LOUD},   {0x2047, MARK_LOUD},
    {0x2048, MARK_LOUD},   {0x2049, MARK_LOUD},   {0x3002, MARK_OWN},    {0x3009, MARK_CLOSER},
    {0x300B, MARK_CLOSER}, {0x300D, MARK_CLOSER}, {0x300F, MARK_CLOSER}, {0x3011, MARK_CLOSER},
    {0xFF01, MARK_OWN},    {0xFF09, MARK_CLOSER}, {0xFF0E, MARK_OWN},    {0xFF1F, MARK_OWN},
    {0xFF61, MARK_OWN},    {0xFF63, MARK_CLOSER},
};

static enum mark
mark_of(uint32_t code)
{
    if (code < 0x80) {
        char c = (char)code;
        if (c == '.')
            return MARK_STOP;
        if (c == '!' || c == '?')
            return MARK_LOUD;
        return c == '"' || c == '\'' || c == ')' || c == ']' || c == '}' ? MARK_CLOSER : MARK_NONE;
    }
    for (size_t i = 0; i < sizeof marks / sizeof *marks && marks[i].code <= code; i++) {
        if (marks[i].code == code)
            return (enum mark)marks[i].mark;
    }
    return MARK_NONE;
}

static size_t
blank_length(sp_bytes text, size_t at)
{
    char c = text.data[at];
    if (c == ' ' || (c >= '\t' && c <= '\r'))
        return 1;
    uint32_t code;
    size_t len = (unsigned char)c >= 0x80 ? sp_utf8_decode(text, at, &code) : 0;
    return len > 0 && (code == 0xA0 || code == 0x202F || code == 0x3000) ? len : 0;
}

static bool
is_opener(uint32_t code)
{
    return code == '"' || code == '\'' || code == '(' || code == '[' || code == 0xAB ||
           code == 0x2018 || code == 0x201C || code == 0x201E || code == 0x2039;
}

/* The next sentence's first letter or digit, or 0 at the end of the text or block. */
static uint32_t
next_letter(sp_bytes text, size_t at)
{
    for (size_t end = at + MARKS_MAX; at < text.len && at < end;) {
        uint32_t code;
        size_t blank = blank_length(text, at), len = sp_utf8_decode(text, at, &code);
        if (code == '\n')
            return 0;
        if (blank == 0 && !is_opener(code))
            return code;
        at += len;
    }
    return 0;
}

static bool
is_lower(uint32_t code)
{
    return code < 0x80 ? sp_ascii_is_lower((char)code)
                       : utf8proc_category((utf8proc_int32_t)code) == UTF8PROC_CATEGORY_LL;
}

/* words: in alphabetical order. */
static bool
is_one_of(sp_bytes word, const char *const *words, size_t count)
{
    char first = word.len > 0 ? sp_ascii_lower(word.data[0]) : '\0';
    for (size_t i = 0; i < count && words[i][0] <= first; i++) {
        if (words[i][0] == first && sp_bytes_equal_ascii_case(word, sp_bytes_of(words[i])))
            return true;
    }
    return false;
}

static bool
is_abbreviation(sp_bytes word, uint32_t next)
{
    static const char *const any[] = {
        "approx", "avv", "bspw", "bzw",  "ca",  "cf",   "co",   "corp", "dhr", "dipl",
        "dott",   "dr",  "dra",  "drs",  "etc", "evtl", "exkl", "ggf",  "inc", "ing",
        "inkl",   "jr",  "ltd",  "mevr", "mr",  "mrs",  "ms",   "prof", "sig", "sog",
        "sr",     "sra", "srta", "st",   "vgl", "vs",   "zzgl"};
    static const char *const before_number[] = {"abb", "abs", "apr", "art", "aug",  "bd",  "ch",
                                                "dec", "dez", "feb", "fig", "jan",  "jul", "jun",
                                                "mar", "no",  "nos", "nov", "nr",   "oct", "okt",
                                                "pag", "pp",  "sec", "sep", "sept", "tel", "vol"};
    bool number = next < 0x80 && sp_ascii_is_digit((char)next);
    return is_one_of(word, any, sizeof any / sizeof *any) ||
           (number && is_one_of(word, before_number, sizeof before_number / sizeof *before_number));
}

/* Whether the number at `start` can be an ordinal before a noun: it is the first of its line, no
   blank or a comma is before it, or a German word that ordinals follow. */
static bool
can_be_ordinal(sp_bytes text, size_t start)
{
    static const char *const before[] = {"ab",  "am", "bis", "das",  "dem", "den", "der", "des",
                                         "die", "im", "ins", "seit", "und", "vom", "zum", "zur"};
    size_t end = start;
    if (start == 0 || text.data[start - 1] != ' ')
        return true;
    while (end > 0 && text.data[end - 1] == ' ')
        end--;
    size_t from = end;
    while (from > 0 && end - from <= ABBREVIATION_MAX &&
           sp_ascii_is_alphanumeric(text.data[from - 1]))
        from--;
    return from == end ||
           is_one_of(sp_bytes_slice(text, from, end), before, sizeof before / sizeof *before);
}

/* Whether the full stop after the word that ends at `end` is part of the word. */
static bool
is_part_of_word(sp_bytes text, size_t end, uint32_t next)
{
    size_t start = end, digits = 0, letters = 0;
    while (start > 0 && end - start <= ABBREVIATION_MAX) {
        size_t from;
        uint32_t code = sp_code_before(text, start, &from);
        if (code < 0x80 && !sp_ascii_is_alphanumeric((char)code))
            break;
        if (code >= 0x80 && (blank_length(text, from) > 0 || is_opener(code)))
            break;
        digits += code < 0x80 && sp_ascii_is_digit((char)code);
        letters++;
        start = from;
    }
    bool decimal =
        start > 0 && digits > 0 && (text.data[start - 1] == '.' || text.data[start - 1] == ',');
    if (digits == letters)
        return digits > 0 && digits <= 2 && !decimal && can_be_ordinal(text, start);
    return letters == 1 || (end - start <= ABBREVIATION_MAX &&
                            is_abbreviation(sp_bytes_slice(text, start, end), next));
}

bool
sp_sentence_ends_after_mark(sp_bytes text, size_t at)
{
    bool own = false;
    size_t count = 0, start = at, first = at;
    uint32_t here = 0;
    if (at >= text.len)
        return true;
    sp_utf8_decode(text, at, &here);
    if (sp_utf8_is_continuation(text.data[at]) || mark_of(here) != MARK_NONE)
        return false;
    while (start > 0 && at - start < MARKS_MAX) {
        size_t from;
        enum mark mark = mark_of(sp_code_before(text, start, &from));
        if (mark == MARK_NONE)
            break;
        start = from;
        if (mark == MARK_CLOSER)
            continue;
        first = from;
        count++;
        own |= mark == MARK_OWN;
    }
    if (count == 0 || own)
        return own;
    if (blank_length(text, at) == 0)
        return false;
    uint32_t next = next_letter(text, at);
    if (is_lower(next))
        return false;
    return count > 1 || text.data[first] != '.' || !is_part_of_word(text, first, next);
}

bool
sp_sentence_ends_in(sp_bytes text, size_t from, size_t to)
{
    for (size_t at = from; at < to; at++) {
        if (text.data[at] == '\n' ||
            (text.data[at] == ' ' && at + 1 < to && text.data[at + 1] == ' ') ||
            (at > from && sp_sentence_last_bytes[(unsigned char)text.data[at - 1]] &&
             sp_sentence_ends_after_mark(text, at)))
            return true;
    }
    return sp_sentence_last_bytes[(unsigned char)text.data[to - 1]] &&
           sp_sentence_ends_after_mark(text, to);
}
