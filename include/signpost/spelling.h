// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Nearest words: for a query that found nothing, what its words might have been meant to be.
 *
 * A word of the query that no document has, neither by its stem nor as it is, is compared with the
 * words of the index. Near are those at a distance of 1, for words of more than five characters of
 * 2: a character left out, put in or taken for another, or two neighbours swapped, counts 1.
 * Stop words, words with fewer than three letters, prefixes, two known words written as one, words
 * looked for in a field and what must not match are left as they are. It walks over the vocabulary,
 * so ask it only when there is need.
 */
#ifndef SIGNPOST_SPELLING_H
#define SIGNPOST_SPELLING_H

#include <signpost/reader.h>
#include <signpost/search.h>

#define SP_CORRECTIONS_PER_WORD_MAX 3 /* near words that are told of each word */
#define SP_CORRECTED_WORDS_MAX 8      /* words of a query, the first that no document has */

typedef struct sp_misspelt_word {
    sp_bytes typed;      /* as the reader wrote it */
    uint32_t start, end; /* where it stands in sp_corrections.text */
    sp_bytes near
        [SP_CORRECTIONS_PER_WORD_MAX]; /* folded; the smallest distance first, then in most documents */
    uint32_t near_count;               /* may be 0 */
} sp_misspelt_word;

typedef struct sp_corrections {
    sp_bytes text;           /* what was read of the query */
    sp_misspelt_word *words; /* those that no document has, in the order typed */
    uint32_t count;
    sp_bytes instead; /* text with the first near word in place of each that has one; data NULL:
                         none has */
} sp_corrections;

/* Of the request counts the text, the language that its filters name, and the time: SP_TIMEOUT when
   that is up. What *out points to is the arena's. */
enum sp_status sp_corrections_find(sp_reader *reader, const sp_request *request, sp_arena *arena,
                                   sp_corrections *out, sp_error *err) SP_MUST_CHECK;

/* The query as `instead` has it, but with near[choice] in place of words[chosen], which must have
   so many; from the arena. data NULL where `instead` is none. */
sp_bytes sp_corrections_text(const sp_corrections *nearest, uint32_t chosen, uint32_t choice,
                             sp_arena *arena);

#endif
