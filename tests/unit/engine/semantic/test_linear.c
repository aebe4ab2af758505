// SPDX-License-Identifier: GPL-2.0-or-later
/* Linear algebra, tested with matrices whose singular vectors are known. */

#include "harness.h"

#include "engine/semantic/linear.h"
#include "engine/semantic/vectors.h"

#include <math.h>
#include <stdlib.h>

#define STRIDE SP_LINEAR_STRIDE

static sp_sparse
sparse_of(size_t rows, size_t columns, const float *dense)
{
    sp_sparse out = {.rows = rows, .columns = columns};
    size_t count = 0;
    out.starts = calloc(rows + 1, sizeof *out.starts);
    out.indices = calloc(rows * columns, sizeof *out.indices);
    out.values = calloc(rows * columns, sizeof *out.values);
    assert_true(out.starts && out.indices && out.values);
    for (size_t row = 0; row < rows; row++) {
        for (size_t column = 0; column < columns; column++) {
            if (dense[row * columns + column] == 0)
                continue;
            out.indices[count] = (uint32_t)column;
            out.values[count++] = dense[row * columns + column];
        }
        out.starts[row + 1] = count;
    }
    return out;
}

static float *
svd(const sp_sparse *matrix, size_t dimensions, double *values)
{
    sp_sparse transposed;
    float *vectors = NULL;
    assert_int_equal(sp_sparse_transpose(matrix, &transposed, NULL), SP_OK);
    assert_int_equal(sp_linear_svd(matrix, &transposed, dimensions, NULL, &vectors, values, NULL),
                     SP_OK);
    sp_sparse_done(&transposed);
    return vectors;
}

/* A'A = (25 -15; -15 25), so the singular values are the square roots of 40 and 10. */
static void
test_singular_vectors_of_known_matrices_are_found(void **state)
{
    const float dense[] = {4, 0, 3, -5};
    sp_sparse matrix = sparse_of(2, 2, dense);
    double values[2];
    (void)state;
    float *vectors = svd(&matrix, 2, values);
    assert_near(values[0], sqrt(40), 1e-5);
    assert_near(values[1], sqrt(10), 1e-5);
    for (size_t row = 0; row < 2; row++) {
        assert_near(fabs((double)vectors[row * STRIDE]), sqrt(.5), 1e-5);
        assert_near(fabs((double)vectors[row * STRIDE + 1]), sqrt(.5), 1e-5);
    }
    assert_true(vectors[0] * vectors[STRIDE] < 0);
    assert_true(vectors[1] * vectors[STRIDE + 1] > 0);
    free(vectors);
    sp_sparse_done(&matrix);
}

/* The matrix has rank 2, so the third direction must be 0, not noise. */
static void
test_directions_beyond_the_rank_are_zero(void **state)
{
    const float dense[] = {3, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0};
    sp_sparse matrix = sparse_of(3, 4, dense);
    double values[3];
    (void)state;
    float *vectors = svd(&matrix, 3, values);
    assert_near(values[0], 3, 1e-5);
    assert_near(values[1], 2, 1e-5);
    assert_near(values[2], 0, 0);
    for (size_t row = 0; row < 4; row++) {
        assert_near(fabs((double)vectors[row * STRIDE]), row == 0, 1e-5);
        assert_near(fabs((double)vectors[row * STRIDE + 1]), row == 1, 1e-5);
        assert_near((double)vectors[row * STRIDE + 2], 0, 0);
    }
    free(vectors);
    sp_sparse_done(&matrix);
}

#define ROWS 300
#define COLUMNS 200
#define DIMENSIONS 20

/* Makes a matrix of thirty topics with decreasing weights, and some noise. */
static sp_sparse
topics(void)
{
    static float dense[ROWS * COLUMNS];
    uint32_t seed = 7;
    for (size_t row = 0; row < ROWS; row++) {
        for (size_t column = 0; column < COLUMNS; column++) {
            seed = seed * 1664525 + 1013904223;
            float noise = (float)(seed >> 24) / 2560;
            size_t topic = row % 30;
            dense[row * COLUMNS + column] = column % 30 == topic ? (float)(30 - topic) + noise
                                            : seed >> 30         ? 0
                                                                 : noise;
        }
    }
    return sparse_of(ROWS, COLUMNS, dense);
}

/* Checks properties that hold for all singular vectors V and values s: V'V = 1, |Av| = s, and the
   Av are orthogonal. */
static void
test_large_matrices_are_decomposed(void **state)
{
    sp_sparse matrix = topics();
    double values[DIMENSIONS];
    static double images[DIMENSIONS][ROWS];
    (void)state;
    float *vectors = svd(&matrix, DIMENSIONS, values);
    for (size_t k = 0; k < DIMENSIONS; k++) {
        for (size_t row = 0; row < ROWS; row++) {
            images[k][row] = 0;
            for (size_t i = matrix.starts[row]; i < matrix.starts[row + 1]; i++)
                images[k][row] +=
                    (double)matrix.values[i] * (double)vectors[matrix.indices[i] * STRIDE + k];
        }
    }
    for (size_t a = 0; a < DIMENSIONS; a++) {
        assert_true(a == 0 || values[a] <= values[a - 1]);
        for (size_t b = 0; b < DIMENSIONS; b++) {
            double product = 0, of_images = 0;
            for (size_t i = 0; i < COLUMNS; i++)
                product += (double)vectors[i * STRIDE + a] * (double)vectors[i * STRIDE + b];
            for (size_t i = 0; i < ROWS; i++)
                of_images += images[a][i] * images[b][i];
            assert_near(product, a == b, 1e-4);
            assert_near(of_images / values[0] / values[0],
                        a == b ? pow(values[a] / values[0], 2) : 0, 1e-3);
        }
    }
    free(vectors);
    sp_sparse_done(&matrix);
}

static void
test_results_are_the_same_bits_each_time(void **state)
{
    sp_sparse matrix = topics();
    double values[DIMENSIONS], again[DIMENSIONS];
    (void)state;
    float *first = svd(&matrix, DIMENSIONS, values), *second = svd(&matrix, DIMENSIONS, again);
    assert_memory_equal(first, second, COLUMNS * STRIDE * sizeof *first);
    assert_memory_equal(values, again, sizeof values);
    free(first);
    free(second);
    sp_sparse_done(&matrix);
}

/* Transposing sorts the entries of each row, whatever order they had. */
static void
test_a_transposed_matrix_has_ascending_rows(void **state)
{
    const float dense[] = {1, 2, 0, 3, 0, 4};
    sp_sparse matrix = sparse_of(2, 3, dense), transposed, back;
    (void)state;
    uint32_t index = matrix.indices[2];
    float value = matrix.values[2];
    matrix.indices[2] = matrix.indices[3];
    matrix.values[2] = matrix.values[3];
    matrix.indices[3] = index;
    matrix.values[3] = value;
    assert_int_equal(sp_sparse_transpose(&matrix, &transposed, NULL), SP_OK);
    assert_int_equal(transposed.rows, 3);
    assert_int_equal(sp_sparse_transpose(&transposed, &back, NULL), SP_OK);
    const uint32_t indices[] = {0, 1, 0, 2};
    const float sorted[] = {1, 2, 3, 4};
    assert_memory_equal(back.indices, indices, sizeof indices);
    assert_memory_equal(back.values, sorted, sizeof sorted);
    sp_sparse_normalise(&back);
    assert_near((double)back.values[2], .6, 1e-6);
    assert_near((double)back.values[3], .8, 1e-6);
    sp_sparse_done(&matrix);
    sp_sparse_done(&transposed);
    sp_sparse_done(&back);
}

static void
test_vectors_are_rounded_to_signed_bytes(void **state)
{
    const float numbers[] = {.5F, -1, .25F, 0, .003F};
    int8_t rounded[5];
    (void)state;
    float scale = sp_vector_round(numbers, 5, rounded);
    assert_int_equal(rounded[1], -127);
    for (size_t i = 0; i < 5; i++)
        assert_near((double)(scale * rounded[i]), (double)numbers[i], (double)scale / 2 + 1e-7);
    const float none[5] = {0};
    assert_near((double)sp_vector_round(none, 5, rounded), 0, 0);
    assert_int_equal(rounded[0], 0);
}

static void
test_stems_are_read_back_from_their_block(void **state)
{
    SP_AUTO(sp_str_done) sp_str block = {0};
    const int8_t numbers[] = {1, -2, 127};
    const sp_stem_vector made = {SP_LITERAL("resid"), 2.5F, .125F, numbers};
    const sp_stem_vector other = {SP_LITERAL("r"), 1, 1, numbers};
    sp_stem_vector read;
    (void)state;
    sp_stem_vector_append(&block, &made, 3);
    sp_stem_vector_append(&block, &other, 3);
    sp_bytes rest = sp_str_bytes(&block);
    assert_int_equal(sp_stem_vector_next(&rest, 3, &read), 1);
    assert_bytes(read.stem, "resid");
    assert_near((double)read.weight, 2.5, 0);
    assert_near((double)read.scale, .125, 0);
    assert_memory_equal(read.numbers, numbers, 3);
    assert_int_equal(sp_stem_vector_next(&rest, 3, &read), 1);
    assert_int_equal(sp_stem_vector_next(&rest, 3, &read), 0);
    rest = sp_bytes_slice(sp_str_bytes(&block), 0, block.len - 1);
    assert_int_equal(sp_stem_vector_next(&rest, 3, &read), 1);
    assert_int_equal(sp_stem_vector_next(&rest, 3, &read), -1);
}

static void
test_invalid_headers_are_refused(void **state)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    const sp_vectors_header made = {100, 5000, 157, 4000, 3, UINT64_C(0xFEDCBA9876543210)};
    sp_vectors_header read;
    (void)state;
    sp_vectors_header_append(&text, &made);
    assert_true(sp_vectors_header_read(sp_str_bytes(&text), &read));
    assert_int_equal(read.dimensions, 100);
    assert_int_equal(read.stems, 5000);
    assert_int_equal(read.blocks, 157);
    assert_int_equal(read.documents, 4000);
    assert_int_equal(read.changed, 3);
    assert_true(read.trained == made.trained);
    assert_false(sp_vectors_header_read(SP_LITERAL(""), &read));
    assert_false(sp_vectors_header_read(SP_LITERAL("2 100 1 1 1 1 0"), &read));
    assert_false(sp_vectors_header_read(SP_LITERAL("1 101 1 1 1 1 0"), &read));
    assert_false(sp_vectors_header_read(SP_LITERAL("1 100 1 1"), &read));
    assert_false(sp_vectors_header_read(SP_LITERAL("1 100 1 2 1 1 0"), &read));
    assert_false(sp_vectors_header_read(SP_LITERAL("1 100 4294967295 4294967295 1 1 0"), &read));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_singular_vectors_of_known_matrices_are_found),
        cmocka_unit_test(test_directions_beyond_the_rank_are_zero),
        cmocka_unit_test(test_large_matrices_are_decomposed),
        cmocka_unit_test(test_results_are_the_same_bits_each_time),
        cmocka_unit_test(test_a_transposed_matrix_has_ascending_rows),
        cmocka_unit_test(test_vectors_are_rounded_to_signed_bytes),
        cmocka_unit_test(test_stems_are_read_back_from_their_block),
        cmocka_unit_test(test_invalid_headers_are_refused),
    };
    return cmocka_run_group_tests_name("linear", tests, NULL, NULL);
}
