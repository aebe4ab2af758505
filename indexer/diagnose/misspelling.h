// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Misspellings: finds the word that an author probably meant.
 *
 * A rare word that is one typing error away from a frequent word counts as a misspelling of the
 * frequent word, unless both words are probably correct: forms of one word, or words that differ in
 * the first letter, in a consonant or in an ending. Words are lower-case ASCII letters. The rules
 * are for English and were measured on English sites.
 */
#ifndef SIGNPOST_INDEXER_DIAGNOSE_MISSPELLING_H
#define SIGNPOST_INDEXER_DIAGNOSE_MISSPELLING_H

#include <signpost/text.h>

/* Returns the number of posts that contain a word. */
typedef uint32_t (*sp_word_frequency)(void *context, sp_bytes word);

/* Finds the word that an author who wrote `word` probably meant: of the words that are similar to
   `word` and occur in at least `least` posts, the most frequent. Sets *meant, which must be empty,
   to that word and returns its frequency; returns 0 if there is no such word. Calls `frequency` for
   a few hundred words. */
uint32_t sp_misspelling_of(sp_bytes word, uint32_t least, sp_word_frequency frequency,
                           void *context, sp_str *meant);

#endif
