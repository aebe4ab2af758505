// SPDX-License-Identifier: GPL-2.0-or-later
#include "cut.h"

#include "engine/base/characters.h"
#include "engine/base/sentence.h"

#include <signpost/ascii.h>

/* A passage is cut between characters if the nearest place between words would make it this many
   bytes shorter. */
#define WORD_MAX 48

#define WIDE_BLANK "\xE3\x80\x80" /* U+3000 */

/* The length of the blank at `at`, 0 if there is none. */
static uint32_t
blank_at(sp_bytes text, uint32_t at)
{
    char c = at < text.len ? text.data[at] : 'x';
    if (c == ' ' || c == '\n')
        return 1;
    return c == WIDE_BLANK[0] && text.len - at >= 3 && memcmp(text.data + at, WIDE_BLANK, 3) == 0
               ? 3
               : 0;
}

/* The length of the blank before `at`. */
static uint32_t
blank_before(sp_bytes text, uint32_t at)
{
    if (at >= 1 && (text.data[at - 1] == ' ' || text.data[at - 1] == '\n'))
        return 1;
    return at >= 3 && text.data[at - 1] == WIDE_BLANK[2] && blank_at(text, at - 3) == 3 ? 3 : 0;
}

static uint32_t
skip_blanks(sp_bytes text, uint32_t at, uint32_t end)
{
    for (uint32_t len; at < end && (len = blank_at(text, at)) > 0;)
        at += len;
    return at < end ? at : end;
}

static uint32_t
without_blanks(sp_bytes text, uint32_t start, uint32_t at)
{
    for (uint32_t len; at > start && (len = blank_before(text, at)) > 0;)
        at -= len;
    return at > start ? at : start;
}

/* Whether the character before `at` is a comma of a script that puts no blank after one, or a mark
   between the words or syllables of such a script. */
static bool
follows_comma(sp_bytes text, uint32_t at)
{
    static const char marks[] = "\u3001\uFF0C\uFF1B\uFF1A\uFF64\u17D6\u104A\u0F0B";
    if (at < 3 || (unsigned char)text.data[at - 1] < 0x80)
        return false;
    for (size_t i = 0; i + 3 < sizeof marks; i += 3) {
        if (memcmp(text.data + at - 3, marks + i, 3) == 0)
            return true;
    }
    return false;
}

static bool
is_between_words(sp_bytes text, uint32_t at)
{
    return blank_before(text, at) > 0 || blank_at(text, at) > 0 || follows_comma(text, at);
}

/* Whether a sentence begins at `at`, where no blank may be. */
static bool
begins_sentence(sp_bytes text, uint32_t at)
{
    uint32_t blank = blank_before(text, at);
    return at == 0 || sp_sentence_ends_at(text, at - blank);
}

/* Whether the text can be divided at `at` although no blank is there. With `in_address`, also after
   the marks that separate the parts of an address. */
static bool
can_divide(sp_bytes text, uint32_t at, bool in_address)
{
    if (!in_address)
        return sp_can_divide_at(text, at);
    return at > 0 && at < text.len && memchr("/?&=", text.data[at - 1], 4) &&
           sp_ascii_is_alphanumeric(text.data[at]);
}

/* The first place in [least, from) where a passage can begin, else `from`. */
static uint32_t
first_place(sp_bytes text, uint32_t from, uint32_t least)
{
    uint32_t word = least;
    while (word < from && (blank_at(text, word) > 0 || !is_between_words(text, word)))
        word++;
    for (int in_address = 0; word - least > WORD_MAX && in_address < 2; in_address++) {
        for (uint32_t at = least; at < word; at++) {
            if (can_divide(text, at, in_address))
                return at;
        }
    }
    return word;
}

uint32_t
sp_cut_begin(sp_bytes text, sp_range body, uint32_t from, uint32_t least)
{
    for (uint32_t at = from; at > least; at--) {
        unsigned char before = (unsigned char)text.data[at - 1];
        if (at == body.start)
            return at;
        if (before > ' ' && before < 0x80) /* most places: inside a word */
            continue;
        if (begins_sentence(text, at) && blank_at(text, at) == 0)
            return at;
    }
    return least == body.start ? skip_blanks(text, least, from) : first_place(text, from, least);
}

/* The last place in (word, most] where a passage can end, else `word`. If this is `start`, where
   the passage begins, even a word is divided. */
static uint32_t
last_place(sp_bytes text, uint32_t start, uint32_t word, uint32_t most)
{
    for (int in_address = 0; most - word > WORD_MAX && in_address < 2; in_address++) {
        for (uint32_t at = most; at > word; at--) {
            if (can_divide(text, at, in_address))
                return at;
        }
    }
    if (word > start)
        return word;
    uint32_t cluster = (uint32_t)sp_cluster_floor(text, most);
    while (cluster <= start && most > start && sp_utf8_is_continuation(text.data[most]))
        most--; /* one cluster is longer than a passage */
    return cluster > start ? cluster : most;
}

uint32_t
sp_cut_end(sp_bytes text, sp_range body, uint32_t start, uint32_t from, uint32_t most)
{
    uint32_t sentence = start, word = from;
    if (most >= body.end)
        most = body.end;
    for (uint32_t at = from; at <= most; at++) {
        bool last = at == body.end;
        unsigned char here = last ? ' ' : (unsigned char)text.data[at];
        unsigned char before = at > 0 ? (unsigned char)text.data[at - 1] : 0;
        if (here > ' ' && here < 0x80 && before < 0x80) /* most places: before a letter */
            continue;
        if (here <= ' ' || is_between_words(text, at))
            word = at;
        if (last || sp_sentence_ends_at(text, at)) {
            sentence = at;
            if (at - start >= SP_CUT_LENGTH_GOOD)
                break;
        }
    }
    if (sentence > from || (sentence == from && sentence - start >= SP_CUT_LENGTH_GOOD))
        return without_blanks(text, start, sentence);
    return without_blanks(text, start, last_place(text, start, word, most));
}

bool
sp_cut_begins_sentence(sp_bytes text, sp_range body, uint32_t at)
{
    return without_blanks(text, body.start, at) == body.start || begins_sentence(text, at);
}

bool
sp_cut_ends_sentence(sp_bytes text, sp_range body, uint32_t at)
{
    return skip_blanks(text, at, body.end) == body.end || sp_sentence_ends_at(text, at);
}
