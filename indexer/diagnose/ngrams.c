// SPDX-License-Identifier: GPL-2.0-or-later
#include "ngrams.h"

#define LETTERS 27
#define RUN 4

/* The letter's number at `at`, the word's ends being 0; -1 for what is none. */
static int
letter_at(sp_bytes word, size_t at)
{
    if (at == 0 || at > word.len)
        return 0;
    char c = word.data[at - 1];
    return c >= 'a' && c <= 'z' ? c - 'a' + 1 : -1;
}

/* The number of the run that begins at `at`, an end being at 0; -1 for none. */
static long
run_at(sp_bytes word, size_t at)
{
    long number = 0;
    for (size_t i = at; i < at + RUN; i++) {
        int letter = letter_at(word, i);
        if (letter < 0)
            return -1;
        number = number * LETTERS + letter;
    }
    return number;
}

void
sp_ngrams_add(sp_ngrams *runs, sp_bytes word)
{
    for (size_t at = 0; at + RUN <= word.len + 2; at++) {
        long run = run_at(word, at);
        if (run >= 0)
            runs->bits[run / 64] |= UINT64_C(1) << (run % 64);
    }
}

void
sp_ngrams_join(sp_ngrams *runs, const sp_ngrams *others)
{
    for (size_t i = 0; i < SP_LETTER_RUNS_SIZE; i++)
        runs->bits[i] |= others->bits[i];
}

bool
sp_ngrams_missing(const sp_ngrams *runs, sp_bytes word)
{
    for (size_t at = 0; at + RUN <= word.len + 2; at++) {
        long run = run_at(word, at);
        if (run >= 0 && !(runs->bits[run / 64] >> (run % 64) & 1))
            return true;
    }
    return false;
}
