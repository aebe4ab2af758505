// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The linear algebra for latent semantic vectors: computes the leading right singular vectors of a
 * sparse matrix by a randomised method (Halko, Martinsson & Tropp, "Finding structure with
 * randomness", SIAM Review 53, 2011: algorithms 4.4 and 5.1).
 *
 * Sums are made in the order of rows and their entries, on one thread, and random numbers come from
 * a fixed seed, so the same matrix gives the same vectors, bit for bit. No state is shared between
 * threads.
 */
#ifndef SIGNPOST_ENGINE_SEMANTIC_LINEAR_H
#define SIGNPOST_ENGINE_SEMANTIC_LINEAR_H

#include <signpost/error.h>

#include <stddef.h>
#include <stdint.h>

/* Rows of dense matrices have this many numbers; those after the width of the matrix are 0.
   Compilers vectorise loops of a fixed length. */
#define SP_LINEAR_STRIDE 112
#define SP_LINEAR_OVERSAMPLING 10
#define SP_LINEAR_WIDTH_MAX 110 /* dimensions and oversampling */
#define SP_LINEAR_ITERATIONS 2  /* power iterations */
#define SP_LINEAR_SEED UINT64_C(0x5369676E706F7374)

/* The entries of row r are those from starts[r] to starts[r + 1] - 1, ascending by column. */
typedef struct sp_sparse {
    size_t rows, columns;
    size_t *starts; /* rows + 1 of them */
    uint32_t *indices;
    float *values;
} sp_sparse;

void sp_sparse_done(sp_sparse *matrix);

/* Transposes a matrix. The rows of *out are ascending even if those of `matrix` are not. */
enum sp_status sp_sparse_transpose(const sp_sparse *matrix, sp_sparse *out,
                                   sp_error *err) SP_MUST_CHECK;

/* Scales each row to length 1; rows of zeros stay as they are. */
void sp_sparse_normalise(sp_sparse *matrix);

/* Computes the leading right singular vectors of a matrix. *out, which the caller frees, has a row
   of SP_LINEAR_STRIDE numbers for each column of the matrix; the first `dimensions` of them are the
   column's components in the vectors. transposed: the same matrix, transposed. values: `dimensions`
   singular values. dimensions: at most SP_LINEAR_WIDTH_MAX - SP_LINEAR_OVERSAMPLING. cancel: see
   sp_check_cancel; looked at before each iteration. */
enum sp_status sp_linear_svd(const sp_sparse *matrix, const sp_sparse *transposed,
                             size_t dimensions, const atomic_bool *cancel, float **out,
                             double *values, sp_error *err) SP_MUST_CHECK;

#endif
