// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Spelling correction: finds, for query words that the index does not contain, the words of the
 * index that were probably meant.
 *
 * A query word that no document contains, neither by its stem nor as written, is compared with the
 * vocabulary of the index. Words within an edit distance of 1, or of 2 if the query word has more
 * than five characters, are candidates; inserting, deleting or replacing a character and swapping
 * two neighbouring ones count 1 each. Stop words, words with fewer than three letters, prefixes,
 * two known words written as one, words in a field and excluded words are not corrected. Comparing
 * takes time proportional to the vocabulary, so call this only if a query found nothing.
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

    /* Candidates, folded: the smallest distance first, then the most frequent. */
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
