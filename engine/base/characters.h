// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where text can be divided between characters: grapheme clusters (Unicode Standard Annex #29), and
 * scripts that put no blanks between words.
 *
 * Texts are valid UTF-8; `at` is an offset in the text. Pure functions, for any thread.
 */
#ifndef SIGNPOST_ENGINE_BASE_CHARACTERS_H
#define SIGNPOST_ENGINE_BASE_CHARACTERS_H

#include <signpost/text.h>

/* Whether the character's script puts no blanks between words: Han, kana, Thai, Lao, Khmer,
   Myanmar, Tibetan and their punctuation. */
bool sp_is_unspaced(uint32_t code_point);

/* The code point before `at` (> 0); sets *start to where it begins. */
uint32_t sp_code_before(sp_bytes text, size_t at, size_t *start);

/* Whether a grapheme cluster begins at `at`; also true at both ends of the text. */
bool sp_is_cluster_start(sp_bytes text, size_t at);

/* The last beginning of a grapheme cluster at or before `at`. */
size_t sp_cluster_floor(sp_bytes text, size_t at);

/* Whether a line can end at `at` although no blank is there: between two characters of which one is
   of an unspaced script, but not before a mark that closes and not after one that opens (a part of
   JIS X 4051's rules). */
bool sp_can_divide_at(sp_bytes text, size_t at);

#endif
