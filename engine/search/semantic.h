// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Queries and vectors: how near each document is to a query in meaning (vectors.h says how vectors
 * are made).
 *
 * The documents' vectors of an index are held once for the whole process, whatever the number of
 * its readers, from the first search that needs them until the last reader has moved on.
 */
#ifndef SIGNPOST_ENGINE_SEARCH_SEMANTIC_H
#define SIGNPOST_ENGINE_SEARCH_SEMANTIC_H

#include "reader.h"

#include <signpost/query.h>

/* Of about the most that the query's words could give a document, a cosine of 1 adds so much, in an
   index of so many documents or more; in a smaller one, whose vectors tell less, in proportion
   less. From 0.15 to 0.3 each step was better on three collections of that size; on the corpus,
   which is half as large, what some queries gained others lost. */
#define SP_SEMANTIC_SHARE 0.3
#define SP_SEMANTIC_DOCUMENTS 1400

/* What lacks every word of the query and is not as near as this says is not near. */
#define SP_SEMANTIC_NEAR 0.55F
#define SP_RELATED_MAX 5

typedef struct sp_scores {
    float *items;   /* of document ids from 1: the cosine, or 0 where it is negative */
    uint32_t count; /* 0: nothing is known */
} sp_scores;

/* Scores, from arena. None where the index has no vectors, several are opened as one, a shard is
   remote, or no word of the query has a vector. */
enum sp_status sp_semantic_scores(sp_reader *reader, const sp_query *query, sp_arena *arena,
                                  sp_scores *out, sp_error *err) SP_MUST_CHECK;

/* Gives back what the reader holds of it. */
void sp_semantic_release(sp_reader *reader);

#endif
