// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Misspellings: which word another one was probably meant to be.
 *
 * A rare word that is one typing error away from a frequent one is its misspelling, unless the two
 * are probably two words: forms of one word, or words that differ as words of a language do (in
 * their first letter, in one consonant for another, in an ending). Words are lower-case letters of
 * ASCII. The rules are English's; measured on English sites.
 */
#ifndef SIGNPOST_INDEXER_DIAGNOSE_MISSPELLING_H
#define SIGNPOST_INDEXER_DIAGNOSE_MISSPELLING_H

#include <signpost/text.h>

/* In how many posts a word is. */
typedef uint32_t (*sp_word_frequency)(void *context, sp_bytes word);

/* The most frequent word, in at least `least` posts, that `word` may be a misspelling of, into
   *meant (an empty string before); and its frequency, 0 when there is none. Asks for the frequency
   of some hundred words. */
uint32_t sp_misspelling_of(sp_bytes word, uint32_t least, sp_word_frequency frequency,
                           void *context, sp_str *meant);

#endif
