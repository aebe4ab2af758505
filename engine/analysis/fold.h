// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One character of the source, folded: what the splitter of words reads text by.
 *
 * A character here is a code point with the marks that follow it (and a Hangul syllable with its
 * jamo), so that no range made of characters cuts a mark off. Folding is NFKC and case fold with
 * the marks of alphabets stripped, strokes and ligatures (ø, œ) too; marks that are letters of
 * their script (vowel signs of Indic scripts and Thai, voicing of kana, the breve of й) stay. Pure
 * functions, for any thread.
 */
#ifndef SIGNPOST_ENGINE_ANALYSIS_FOLD_H
#define SIGNPOST_ENGINE_ANALYSIS_FOLD_H

#include <signpost/text.h>

enum sp_char_kind {
    SP_CHAR_BREAK,  /* no part of words; `code` tells which */
    SP_CHAR_SILENT, /* soft hyphen, joiners, direction marks: nothing inside a word */
    SP_CHAR_LETTER,
    SP_CHAR_DIGIT, /* 0 to 9, in whatever width they were written */
    SP_CHAR_CJK    /* Han, kana, bopomofo: words are not spaced */
};

/* Code points of the longest decomposition (U+FDFA, 18) with what marks are kept after it. */
#define SP_FOLDED_MAX 32

struct sp_folded {
    enum sp_char_kind kind;
    size_t end;                   /* offset in the source after the character */
    uint32_t code;                /* first of codes; all apostrophes are ', all hyphens - */
    size_t count;                 /* of codes */
    int32_t codes[SP_FOLDED_MAX]; /* folded code points */
};

static inline bool
sp_char_in_word(const struct sp_folded *c)
{
    return c->kind == SP_CHAR_LETTER || c->kind == SP_CHAR_DIGIT;
}

/* For each byte: the folded byte of an ASCII letter or digit, 0 for all others. */
extern const unsigned char sp_ascii_folded[256];

/* Folds the character at `at`; at the end of text and on what is not UTF-8 it is a break. */
void sp_fold_char(sp_bytes text, size_t at, struct sp_folded *out);

/* Whether the code point at `at` belongs to the character before it. */
bool sp_fold_continues(sp_bytes text, size_t at);

/* Writes one code point (valid) as UTF-8 and returns its length, 1 to 4. */
size_t sp_fold_encode(int32_t code, char out[4]);

#endif
