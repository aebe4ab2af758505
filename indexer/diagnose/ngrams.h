// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Letter runs: which runs of four letters the words of a site have.
 *
 * A typing error mostly makes a run that no word has (`deisgn`: isgn), another word does not. Words
 * are lower-case letters of ASCII, with their beginning and end for a letter of its own; others
 * have no runs.
 */
#ifndef SIGNPOST_INDEXER_DIAGNOSE_NGRAMS_H
#define SIGNPOST_INDEXER_DIAGNOSE_NGRAMS_H

#include <signpost/text.h>

#define SP_LETTER_RUNS_SIZE (27 * 27 * 27 * 27 / 64 + 1)

typedef struct sp_ngrams {
    uint64_t bits[SP_LETTER_RUNS_SIZE];
} sp_ngrams;

void sp_ngrams_add(sp_ngrams *runs, sp_bytes word);
void sp_ngrams_join(sp_ngrams *runs, const sp_ngrams *others);

/* Whether the word has a run that is not there. */
bool sp_ngrams_missing(const sp_ngrams *runs, sp_bytes word);

#endif
