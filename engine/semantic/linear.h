// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * As much linear algebra as latent semantic vectors need: the leading right singular vectors of a
 * sparse matrix, by a randomised method (Halko, Martinsson & Tropp, "Finding structure with
 * randomness", SIAM Review 53, 2011: algorithms 4.4 and 5.1).
 *
 * Sums are made in the order of rows and of their entries, on one thread, and what is random comes
 * from a fixed seed: the same matrix gives the same vectors, bit for bit. No state: any thread.
 */
#ifndef SIGNPOST_ENGINE_SEMANTIC_LINEAR_H
#define SIGNPOST_ENGINE_SEMANTIC_LINEAR_H

#include <signpost/error.h>

#include <stddef.h>
#include <stdint.h>

/* A dense matrix has rows of so many numbers, of which the last are 0 where it is narrower: loops
   of a fixed length are what compilers make vector code of. */
#define SP_LINEAR_STRIDE 112
#define SP_LINEAR_OVERSAMPLING 10
#define SP_LINEAR_WIDTH_MAX 110 /* dimensions and oversampling */
#define SP_LINEAR_ITERATIONS 2  /* power iterations */
#define SP_LINEAR_SEED UINT64_C(0x5369676E706F7374)

/* Entries of row r are those from starts[r] to starts[r + 1], in rising order of columns. */
typedef struct sp_sparse {
    size_t rows, columns;
    size_t *starts; /* rows + 1 of them */
    uint32_t *indices;
    float *values;
} sp_sparse;

void sp_sparse_done(sp_sparse *matrix);

/* The transposed matrix, whose rows are in rising order whatever the order of entries in those of
   `matrix` was. */
enum sp_status sp_sparse_transpose(const sp_sparse *matrix, sp_sparse *out,
                                   sp_error *err) SP_MUST_CHECK;

/* Brings each row to length 1; a row of zeros stays one. */
void sp_sparse_normalise(sp_sparse *matrix);

/* Replaces the columns of a dense matrix (rows of SP_LINEAR_STRIDE, `width` of them used) by its
   left singular vectors, greatest singular value first, and says what those values are. Directions
   that the matrix does not have (value 0) become 0. values: width of them. */
enum sp_status sp_linear_principal(float *matrix, size_t rows, size_t width, double *values,
                                   sp_error *err) SP_MUST_CHECK;

/* The leading right singular vectors of a matrix: *out, to be freed, has a row of SP_LINEAR_STRIDE
   for each of its columns, and the `dimensions` first numbers of it are the components in the
   vectors. transposed: of the same matrix. values: `dimensions` singular values. dimensions: at
   most SP_LINEAR_WIDTH_MAX - SP_LINEAR_OVERSAMPLING. */
enum sp_status sp_linear_svd(const sp_sparse *matrix, const sp_sparse *transposed,
                             size_t dimensions, float **out, double *values,
                             sp_error *err) SP_MUST_CHECK;

#endif
