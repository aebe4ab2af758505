// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Word counts: the number of posts that contain each word, in a table of the words' hashes.
 *
 * Two words with the same hash would be counted as one, but among the words of one site this is too
 * unlikely to matter. A table belongs to one thread.
 */
#ifndef SIGNPOST_INDEXER_DIAGNOSE_WORD_COUNTS_H
#define SIGNPOST_INDEXER_DIAGNOSE_WORD_COUNTS_H

#include "engine/base/table.h"

#include <signpost/text.h>

/* Maximum length of a counted word, in bytes; longer words are not counted. */
#define SP_COUNTED_WORD_MAX 64

/* Maximum number of distinct words. When the table is full, new words are not counted. */
#define SP_WORD_COUNTS_MAX ((size_t)2 << 20)

typedef struct sp_word_count {
    uint64_t hash;
    uint32_t posts;
    uint32_t last; /* the last post that was counted */
    uint32_t rare; /* the caller's number for a word that occurs in one post; 0: none */
} sp_word_count;

typedef struct sp_word_counts {
    sp_word_count *items; /* in the order of their first occurrence */
    size_t capacity, count;
    sp_table table; /* of the counts, by hash */
    bool failed;    /* an allocation failed */
} sp_word_counts;

void sp_word_counts_done(sp_word_counts *counts);

/* Returns the hash of a lower-case word, which is never 0. */
uint64_t sp_word_hash(sp_bytes word);

/* Returns the count of the word with this hash; a new word is added with 0 posts. Returns NULL if
   the table is full or memory is out. The result is valid until the next call. */
sp_word_count *sp_word_counts_entry(sp_word_counts *counts, uint64_t hash);

/* Returns the number of posts with the word, or 0 if the word was not counted. */
uint32_t sp_word_counts_posts(const sp_word_counts *counts, uint64_t hash);

#endif
