// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Expands a prefix of the query to words of the index that begin with it.
 *
 * libxapian's own wildcards read all matching terms, and no deadline interrupts the reading.
 * sp_expansion_make reads a bounded part of the vocabulary and takes the most frequent words of
 * that part. The bounds are for a whole query, however many prefixes it has.
 */
#ifndef SIGNPOST_ENGINE_QUERY_EXPANSION_H
#define SIGNPOST_ENGINE_QUERY_EXPANSION_H

#include "plan.h"

/* For all prefixes of a query together, at most SP_EXPANSION_COMPARED_MAX words of the index are
   read, and at most SP_EXPANSION_WORDS_MAX of them are taken. */
#define SP_EXPANSION_COMPARED_MAX 2000
#define SP_EXPANSION_WORDS_MAX 64

typedef struct sp_expansion {
    sp_query_word *words; /* as written in the index */
    uint32_t count;
    uint32_t freq; /* upper bound of the number of documents that contain any of them */
    bool known;    /* the prefix itself is a word of the index; it is the first of `words` */
} sp_expansion;

/* Reads the first words in byte order that begin with prefix (folded), and takes the most frequent
   of them. prefix_count: the number of prefixes that share the bounds, including this one, at most
   SP_QUERY_WORDS_MAX. */
enum sp_status sp_expansion_make(const sp_plan_input *input, sp_bytes prefix, uint32_t prefix_count,
                                 sp_expansion *out, sp_error *err) SP_MUST_CHECK;

#endif
