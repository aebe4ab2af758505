// SPDX-License-Identifier: GPL-2.0-or-later
/* What vectors_learn.c learns and vectors_make.c stores. */
#ifndef SIGNPOST_ENGINE_SEMANTIC_VECTORS_LEARN_H
#define SIGNPOST_ENGINE_SEMANTIC_VECTORS_LEARN_H

#include "vectors.h"

/* An index of more documents is learnt from about so many of them, chosen by a hash of their ids,
 */
#define SP_LEARN_DOCUMENTS 20000
/* and from so many that they have about so many entries (8 bytes each, held two or three times). */
#define SP_LEARN_ENTRIES 800000
/* The stems that most documents have. */
#define SP_LEARN_STEMS 50000

typedef struct sp_learnt {
    sp_arena arena;        /* holds all of it */
    sp_stem_vector *stems; /* in byte order */
    uint32_t count, dimensions;
} sp_learnt;

/* The same documents give the same vectors, whatever ids they have. path: for messages. */
enum sp_status sp_vectors_learn(xc_reader *reader, const char *path, sp_learnt *out,
                                sp_error *err) SP_MUST_CHECK;

/* Calls visit for each document after `after` that has the stem (of `term`, from SP_PREFIX_STEM
   on), in rising order, until it says false. */
typedef bool (*sp_posting_visit)(void *context, uint32_t docid, uint32_t wdf);
enum sp_status sp_vectors_each_posting(xc_reader *reader, const char *path, sp_bytes stem,
                                       uint32_t after, sp_posting_visit visit, void *context,
                                       sp_error *err) SP_MUST_CHECK;

#endif
