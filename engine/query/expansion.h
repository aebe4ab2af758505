// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a prefix of the query stands for: the words of the index that begin with it.
 *
 * libxapian's own wildcards read all that begins so, which no deadline interrupts. This looks at a
 * bounded stretch of the vocabulary and takes the commonest words of it, and the bounds are those
 * of a whole query, whatever number of prefixes it has.
 */
#ifndef SIGNPOST_ENGINE_QUERY_EXPANSION_H
#define SIGNPOST_ENGINE_QUERY_EXPANSION_H

#include "plan.h"

/* Words that are looked at and words that are taken, for all prefixes of a query together. */
#define SP_EXPANSION_COMPARED_MAX 2000
#define SP_EXPANSION_WORDS_MAX 64

typedef struct sp_expansion {
    sp_query_word *words; /* as the index has them */
    uint32_t count;
    uint32_t freq; /* documents with any of them: at most so many */
    bool known;    /* the prefix is a word itself, and the first of them */
} sp_expansion;

/* Of the first words in byte order that begin with prefix (folded), the commonest. prefix_count:
   prefixes that share the bounds, this one too; at most SP_QUERY_WORDS_MAX. */
enum sp_status sp_expansion_make(const sp_plan_input *input, sp_bytes prefix, uint32_t prefix_count,
                                 sp_expansion *out, sp_error *err) SP_MUST_CHECK;

#endif
