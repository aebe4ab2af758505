// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * N-grams: the set of four-letter sequences that occur in the words of a site.
 *
 * A typing error usually makes an n-gram that no other word has: `deisgn` contains `isgn`. A rare
 * but correct word usually has no such n-gram. Words are lower-case ASCII letters; the beginning
 * and the end of a word count as a 27th letter. An n-gram that contains any other character is
 * ignored.
 */
#ifndef SIGNPOST_INDEXER_DIAGNOSE_NGRAMS_H
#define SIGNPOST_INDEXER_DIAGNOSE_NGRAMS_H

#include <signpost/text.h>

#define SP_NGRAM_SET_WORDS (27 * 27 * 27 * 27 / 64 + 1)

typedef struct sp_ngrams {
    uint64_t bits[SP_NGRAM_SET_WORDS];
} sp_ngrams;

void sp_ngrams_add(sp_ngrams *ngrams, sp_bytes word);
void sp_ngrams_join(sp_ngrams *ngrams, const sp_ngrams *other);

/* Whether the word has an n-gram that is not in the set. */
bool sp_ngrams_missing(const sp_ngrams *ngrams, sp_bytes word);

#endif
