// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Ordinary words of English: a Bloom filter of words/english.txt, made at build time, of about
 * 80 kB. Comparing letters alone cannot tell `parole` from a misspelt `purple`.
 */
#ifndef SIGNPOST_ENGINE_SEARCH_ORDINARY_H
#define SIGNPOST_ENGINE_SEARCH_ORDINARY_H

#include <signpost/text.h>

#define SP_ORDINARY_BITS_PER_WORD 14
#define SP_ORDINARY_HASHES                                                                         \
    9 /* bits * ln 2; then 1 of 800 other words is taken for an ordinary one */

extern const unsigned char sp_ordinary_filter[];
extern const size_t sp_ordinary_bits; /* a multiple of 8 */

/* The bit of the filter that a word sets by one of its SP_ORDINARY_HASHES hashes. */
size_t sp_ordinary_bit(sp_bytes word, unsigned hash, size_t bits);

/* Whether a folded word is in the list, or is a regular plural or a form with -ed or -ing of a word
   in the list. */
bool sp_is_ordinary_word(sp_bytes word);

#endif
