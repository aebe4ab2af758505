// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Likeness: how sure it is that a word was misspelt, and that another word was meant. This is the
 * only place that decides about it; spelling.c asks the questions.
 *
 * Costs are in hundredths of an edit. The more probable an error, the cheaper it is: readers forget
 * letters, double the wrong ones and swap neighbours more often than they type a different letter.
 * The costs and the weight of the frequency are those that gave most of codespell's misspellings
 * the right word on corpus/, 18F's site and the Open Source Guides
 * (bench/relevance/misspellings.py).
 */
#ifndef SIGNPOST_ENGINE_SEARCH_LIKENESS_H
#define SIGNPOST_ENGINE_SEARCH_LIKENESS_H

#include "vocabulary.h"

/* A word of three letters is one edit away from too many others, and is often an acronym. */
#define SP_LIKENESS_LETTERS_MIN 4

/* A word of the query that may be misspelt. */
typedef struct sp_suspect {
    sp_spelling spelling;
    uint32_t cost_max; /* dearer corrections are not trusted */
} sp_suspect;

/* Whether a word of the query that is not found may be corrected at all. typed: as the reader wrote
   it; word: folded. english: the query is read as English. */
bool sp_suspect_init(sp_bytes typed, sp_bytes word, bool english, sp_suspect *out);

/* Whether the word of a vocabulary with doc_count documents may be what was meant. Quick, so that
   few words need a comparison. */
bool sp_suspect_may_mean(const sp_suspect *suspect, const sp_vocabulary_word *word,
                         uint32_t doc_count);

/* The cost of the edits between both, or a greater number than suspect->cost_max. */
uint32_t sp_suspect_cost(const sp_suspect *suspect, const sp_spelling *word);

/* The lower, the more probable is the word. */
double sp_likeness_score(uint32_t cost, uint32_t freq);

#endif
