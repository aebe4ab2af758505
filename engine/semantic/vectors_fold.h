// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Folding in: gives the documents that an update changes their vectors.
 *
 * A new or changed document gets the sum of the vectors of its stems. What was learnt stays as it
 * is. If the index has no vectors, the functions do nothing. A fold belongs to the thread of the
 * writer.
 */
#ifndef SIGNPOST_ENGINE_SEMANTIC_VECTORS_FOLD_H
#define SIGNPOST_ENGINE_SEMANTIC_VECTORS_FOLD_H

#include "vectors.h"

typedef struct sp_vectors_fold sp_vectors_fold;

/* database: the one that the writer changes, before its commit. */
enum sp_status sp_vectors_fold_new(const char *database, sp_vectors_fold **out,
                                   sp_error *err) SP_MUST_CHECK;
void sp_vectors_fold_free(sp_vectors_fold *fold);

/* Computes the vector of a document that the writer added or replaced under this id. */
enum sp_status sp_vectors_fold_put(sp_vectors_fold *fold, const xc_doc *doc, uint32_t docid,
                                   sp_error *err) SP_MUST_CHECK;

/* Clears the vector of the document with this unique term, which the writer deletes. */
enum sp_status sp_vectors_fold_remove(sp_vectors_fold *fold, sp_bytes unique_term,
                                      sp_error *err) SP_MUST_CHECK;

/* Writes the changed vectors and the header; the caller commits. */
xc_status sp_vectors_fold_write(sp_vectors_fold *fold, xc_writer *writer, xc_error *cause);

#endif
