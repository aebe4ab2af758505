// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Computes from vectors (engine/semantic/vectors.h) how close each document is to a query in
 * meaning.
 *
 * The document vectors of an index are loaded once per process, however many readers it has. They
 * are loaded by the first search that needs them and freed when the last reader that uses them
 * moves to another revision or is closed.
 */
#ifndef SIGNPOST_ENGINE_SEARCH_SEMANTIC_H
#define SIGNPOST_ENGINE_SEARCH_SEMANTIC_H

#include "reader.h"

#include <signpost/query.h>

/* If the index has SP_SEMANTIC_DOCUMENTS documents or more, a cosine of 1 adds this share of the
   greatest weight (approximately) that the query's words can give a document. In a smaller index,
   whose vectors are less informative, the cosine adds proportionally less. docs/ranking.md has the
   measurements; judged sites of 400 to 650 documents were better with the full share. */
#define SP_SEMANTIC_SHARE 0.3
#define SP_SEMANTIC_DOCUMENTS 400

/* A document that contains no word of the query is related to the query if their cosine is at least
   SP_SEMANTIC_NEAR. An answer has at most SP_RELATED_MAX related documents. */
#define SP_SEMANTIC_NEAR 0.55F
#define SP_RELATED_MAX 5

typedef struct sp_scores {
    float *items;      /* by document id, from 1: the cosine, or 0 if it is negative */
    const bool *posts; /* by document id, from 1: not a resource; the reader's */
    uint32_t count;    /* 0: no scores are known */
} sp_scores;

/* Allocates the scores from arena. There are none if the index has no vectors, several indexes are
   opened as one, a shard is remote, or no word of the query has a vector. */
enum sp_status sp_semantic_scores(sp_reader *reader, const sp_query *query, sp_arena *arena,
                                  sp_scores *out, sp_error *err) SP_MUST_CHECK;

/* Ends the reader's use of the shared vectors, and frees them if no other reader uses them. */
void sp_semantic_release(sp_reader *reader);

#endif
