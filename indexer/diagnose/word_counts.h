// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Word counts: how many posts have each word, by the words' hashes alone.
 *
 * Two words of one hash would be counted as one, which among the words of a site does not happen.
 * One table belongs to one thread.
 */
#ifndef SIGNPOST_INDEXER_DIAGNOSE_WORD_COUNTS_H
#define SIGNPOST_INDEXER_DIAGNOSE_WORD_COUNTS_H

#include "engine/base/table.h"

#include <signpost/text.h>

/* Longer words are not counted; bytes. */
#define SP_COUNTED_WORD_MAX 64

/* Words of a site; more are not counted. */
#define SP_WORD_COUNTS_MAX ((size_t)2 << 20)

typedef struct sp_word_count {
    uint64_t hash;
    uint32_t posts;
    uint32_t last; /* the post that was counted last */
    uint32_t rare; /* what the caller keeps of a word of one post, by its number; 0: nothing */
} sp_word_count;

typedef struct sp_word_counts {
    sp_word_count *items; /* in the order in which they came */
    size_t capacity, count;
    sp_table table; /* by hash */
    bool failed;    /* an allocation did */
} sp_word_counts;

void sp_word_counts_done(sp_word_counts *counts);

/* Of a word in lower case; never 0. */
uint64_t sp_word_hash(sp_bytes word);

/* The word's count, a new one with no posts if need be. Valid until the next call. NULL when the
   table is full or memory is out. */
sp_word_count *sp_word_counts_at(sp_word_counts *counts, uint64_t hash);

/* In how many posts the word is; 0 for one that was not counted. */
uint32_t sp_word_counts_posts(const sp_word_counts *counts, uint64_t hash);

#endif
