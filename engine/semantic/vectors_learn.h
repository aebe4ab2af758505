// SPDX-License-Identifier: GPL-2.0-or-later
/* Learns stem vectors from an index; vectors_make.c stores them. */
#ifndef SIGNPOST_ENGINE_SEMANTIC_VECTORS_LEARN_H
#define SIGNPOST_ENGINE_SEMANTIC_VECTORS_LEARN_H

#include "vectors.h"

/* If an index has more documents than this, vectors are learnt from about this many, chosen by a
   hash of their unique terms, or from fewer if the matrix (signpost/vectors.h) would have more than
   about SP_LEARN_ENTRIES entries (8 bytes each, with two or three copies in memory). */
#define SP_LEARN_DOCUMENTS 20000
#define SP_LEARN_ENTRIES 800000

/* If an index has more stems than this, only this many of them, the most frequent, are used. */
#define SP_LEARN_STEMS 50000

typedef struct sp_learnt {
    sp_arena arena;        /* owns all of the below */
    sp_stem_vector *stems; /* in byte order */
    uint32_t count, dimensions;
} sp_learnt;

/* Learns the vectors of stems. The same documents give the same vectors, whatever their ids. path:
   for messages. cancel: see sp_check_cancel. */
enum sp_status sp_vectors_learn(xc_reader *reader, const char *path, const atomic_bool *cancel,
                                sp_learnt *out, sp_error *err) SP_MUST_CHECK;

/* Returns false to end the visits. */
typedef bool (*sp_posting_visit)(void *context, uint32_t docid, uint32_t wdf);

/* Calls `visit` for each document that contains the stem and has an id greater than `after`, in
   ascending order of ids, until `visit` returns false. */
enum sp_status sp_vectors_each_posting(xc_reader *reader, const char *path, sp_bytes stem,
                                       uint32_t after, sp_posting_visit visit, void *context,
                                       sp_error *err) SP_MUST_CHECK;

#endif
