// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Spelling correction: finds, for query words that the index does not contain, the words of the
 * index that were probably meant.
 *
 * A query word is compared with the vocabulary of the index only if no document is found by it in
 * any way that a search would try: as written, by its stem, joined with a neighbour, split in two,
 * by a synonym. engine/search/likeness.h says which words may be corrected, and how like another
 * word must be. Stop words, words with fewer than four letters or with a digit, short words in
 * capitals, ordinary English words, prefixes, words in a field and excluded words are never
 * corrected, and nothing is corrected to a stop word. Comparing takes time proportional to the
 * vocabulary, so call this only if a query found nothing.
 */
#ifndef SIGNPOST_SPELLING_H
#define SIGNPOST_SPELLING_H

#include <signpost/reader.h>
#include <signpost/search.h>

#define SP_CORRECTIONS_PER_WORD_MAX 3
#define SP_CORRECTED_WORDS_MAX 8 /* only the first unknown words of a query are compared */

typedef struct sp_misspelt_word {
    sp_bytes typed;      /* as the reader wrote it */
    uint32_t start, end; /* byte range in sp_corrections.text */

    /* Candidates, folded; the most probable first. */
    sp_bytes near[SP_CORRECTIONS_PER_WORD_MAX];
    uint32_t near_count; /* may be 0 */
} sp_misspelt_word;

typedef struct sp_corrections {
    sp_bytes text;           /* sp_query.text */
    sp_misspelt_word *words; /* those that no document contains, in the order typed */
    uint32_t count;
    sp_bytes instead; /* text with the first candidate in place of each word that has one; data
                         NULL: no word has one */
} sp_corrections;

/* Only the text, the language filter and the timeout of the request are used. SP_TIMEOUT when the
   time is up. *out points into the arena. */
enum sp_status sp_corrections_find(sp_reader *reader, const sp_request *request, sp_arena *arena,
                                   sp_corrections *out, sp_error *err) SP_MUST_CHECK;

/* Returns sp_corrections.instead, but with near[choice] as the correction of words[chosen]; both
   must exist. Allocated from the arena; data is NULL if that of `instead` is. */
sp_bytes sp_corrections_text(const sp_corrections *corrections, uint32_t chosen, uint32_t choice,
                             sp_arena *arena);

#endif
