// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Folding: reads one character of the text in folded form, for the word splitter.
 *
 * A character here is a code point with the combining marks that follow it (and a Hangul syllable
 * with its jamo), so that a range of characters never separates a letter from its marks. Folding is
 * NFKC and case folding. It also removes the marks, strokes and ligatures of alphabets (ø, œ), but
 * keeps marks that are letters of their script (vowel signs of Indic scripts and Thai, voicing of
 * kana, the breve of й). Pure functions, for any thread.
 */
#ifndef SIGNPOST_ENGINE_ANALYSIS_FOLD_H
#define SIGNPOST_ENGINE_ANALYSIS_FOLD_H

#include <signpost/text.h>

enum sp_char_kind {
    SP_CHAR_BREAK,  /* not part of a word; `code` is the character */
    SP_CHAR_SILENT, /* soft hyphen, joiner, direction mark: ignored inside a word */
    SP_CHAR_LETTER,
    SP_CHAR_DIGIT, /* 0 to 9, of any width */
    SP_CHAR_CJK,   /* Han, kana, bopomofo, Hangul: indexed as pairs of characters */
    SP_CHAR_EMOJI  /* a word of its own: with what joins it to others, without its skin tone */
};

/* Room for the longest decomposition (U+FDFA: 18 code points) and the marks after it. */
#define SP_FOLDED_MAX 32

struct sp_folded {
    enum sp_char_kind kind;
    size_t end;                   /* offset in the text after the character */
    uint32_t code;                /* the first of codes; any apostrophe is ', any hyphen is - */
    size_t count;                 /* of codes */
    int32_t codes[SP_FOLDED_MAX]; /* folded code points */
};

static inline bool
sp_char_in_word(const struct sp_folded *c)
{
    return c->kind == SP_CHAR_LETTER || c->kind == SP_CHAR_DIGIT;
}

/* The folded byte of each ASCII letter and digit; 0 for all other bytes. */
extern const unsigned char sp_ascii_folded[256];

/* Folds the character at `at`. The end of the text, and bytes that are not UTF-8, are breaks. */
void sp_fold_char(sp_bytes text, size_t at, struct sp_folded *out);

/* Whether the code point at `at` is part of the character before it. */
bool sp_fold_continues(sp_bytes text, size_t at);

/* Whether the code point is a combining mark. */
bool sp_fold_is_mark(uint32_t code);

/* Writes a valid code point as UTF-8 and returns its length, 1 to 4. */
size_t sp_fold_encode(int32_t code, char out[4]);

#endif
