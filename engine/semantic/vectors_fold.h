// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Vectors for incremental runs: gives changed documents vectors from the stem vectors that the
 * index has, without learning again. Belongs to the thread of the writer.
 */
#ifndef SIGNPOST_ENGINE_SEMANTIC_VECTORS_FOLD_H
#define SIGNPOST_ENGINE_SEMANTIC_VECTORS_FOLD_H

#include "vectors.h"

typedef struct sp_folding sp_folding;

/* database: the writer's, as it was when the writer was opened. */
enum sp_status sp_folding_new(const char *database, sp_folding **out, sp_error *err) SP_MUST_CHECK;
void sp_folding_free(sp_folding *folding);

/* Records a new or changed document. */
enum sp_status sp_folding_put(sp_folding *folding, const xc_doc *doc, uint32_t docid,
                              sp_error *err) SP_MUST_CHECK;

/* Records that the document with this unique term is removed. */
enum sp_status sp_folding_remove(sp_folding *folding, sp_bytes unique_term,
                                 sp_error *err) SP_MUST_CHECK;

/* Writes the changed blocks without committing. */
xc_status sp_folding_write(sp_folding *folding, xc_writer *writer, xc_error *cause);

#endif
