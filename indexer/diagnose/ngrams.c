// SPDX-License-Identifier: GPL-2.0-or-later
#include "ngrams.h"

#define LETTERS 27
#define NGRAM 4

/* The number of the letter at `at`, from 1; 0 at either end of the word (its beginning is at 0, its
   first letter at 1); -1 for any other character. */
static int
letter_at(sp_bytes word, size_t at)
{
    if (at == 0 || at > word.len)
        return 0;
    char c = word.data[at - 1];
    return c >= 'a' && c <= 'z' ? c - 'a' + 1 : -1;
}

/* The number of the n-gram that begins at `at`, or -1 if it contains a character that is not a
   letter. */
static long
ngram_at(sp_bytes word, size_t at)
{
    long number = 0;
    for (size_t i = at; i < at + NGRAM; i++) {
        int letter = letter_at(word, i);
        if (letter < 0)
            return -1;
        number = number * LETTERS + letter;
    }
    return number;
}

void
sp_ngrams_add(sp_ngrams *ngrams, sp_bytes word)
{
    for (size_t at = 0; at + NGRAM <= word.len + 2; at++) {
        long ngram = ngram_at(word, at);
        if (ngram >= 0)
            ngrams->bits[ngram / 64] |= UINT64_C(1) << (ngram % 64);
    }
}

void
sp_ngrams_join(sp_ngrams *ngrams, const sp_ngrams *other)
{
    for (size_t i = 0; i < SP_NGRAM_SET_WORDS; i++)
        ngrams->bits[i] |= other->bits[i];
}

bool
sp_ngrams_missing(const sp_ngrams *ngrams, sp_bytes word)
{
    for (size_t at = 0; at + NGRAM <= word.len + 2; at++) {
        long ngram = ngram_at(word, at);
        if (ngram >= 0 && !(ngrams->bits[ngram / 64] >> (ngram % 64) & 1))
            return true;
    }
    return false;
}
