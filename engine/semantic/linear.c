// SPDX-License-Identifier: GPL-2.0-or-later
#include "linear.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define STRIDE SP_LINEAR_STRIDE
#define WIDTH_MAX SP_LINEAR_WIDTH_MAX
#define BLOCK 56 /* numbers that a loop keeps in registers; a divisor of the stride */
#define SWEEPS_MAX 30
/* Singular values smaller than the greatest one by this factor are rounding errors. */
#define NEGLIGIBLE 1e-5

/* Twice as fast on processors that handle eight numbers at once. The arithmetic is the same, number
   by number and without fused operations, so the results are identical bit for bit. Sanitizers do
   not support the function multiversioning that chooses between the two. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) &&                             \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define VECTORISED __attribute__((target_clones("avx2", "default")))
#else
#define VECTORISED
#endif

void
sp_sparse_done(sp_sparse *matrix)
{
    free(matrix->starts);
    free(matrix->indices);
    free(matrix->values);
    *matrix = (sp_sparse){0};
}

static bool
sparse_init(sp_sparse *out, size_t rows, size_t columns, size_t entries)
{
    *out = (sp_sparse){.rows = rows, .columns = columns};
    out->starts = calloc(rows + 2, sizeof *out->starts);
    out->indices = malloc((entries + 1) * sizeof *out->indices);
    out->values = malloc((entries + 1) * sizeof *out->values);
    return out->starts && out->indices && out->values;
}

enum sp_status
sp_sparse_transpose(const sp_sparse *matrix, sp_sparse *out, sp_error *err)
{
    size_t entries = matrix->starts[matrix->rows];
    if (!sparse_init(out, matrix->columns, matrix->rows, entries)) {
        sp_sparse_done(out);
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    }
    /* next[r] is where row r begins, one place later than in `starts`. Filling a row advances its
       entry to the end of the row, which is the start of the next row, so `starts` is correct
       afterwards. */
    size_t *next = out->starts + 1;
    for (size_t i = 0; i < entries; i++)
        next[matrix->indices[i] + 1]++;
    for (size_t i = 0; i < out->rows; i++)
        next[i + 1] += next[i];
    for (size_t row = 0; row < matrix->rows; row++) {
        for (size_t i = matrix->starts[row]; i < matrix->starts[row + 1]; i++) {
            size_t place = next[matrix->indices[i]]++;
            out->indices[place] = (uint32_t)row;
            out->values[place] = matrix->values[i];
        }
    }
    return SP_OK;
}

void
sp_sparse_normalise(sp_sparse *matrix)
{
    for (size_t row = 0; row < matrix->rows; row++) {
        double sum = 0;
        for (size_t i = matrix->starts[row]; i < matrix->starts[row + 1]; i++)
            sum += (double)matrix->values[i] * (double)matrix->values[i];
        float factor = sum > 0 ? (float)(1 / sqrt(sum)) : 0;
        for (size_t i = matrix->starts[row]; i < matrix->starts[row + 1]; i++)
            matrix->values[i] *= factor;
    }
}

static inline void
add_block(float *restrict sum, float factor, const float *restrict x)
{
    for (size_t i = 0; i < BLOCK; i++)
        sum[i] += factor * x[i];
}

/* out = matrix * x, in blocks, so that the part of x that is read repeatedly stays in the cache. */
VECTORISED static void
multiply(const sp_sparse *matrix, const float *x, float *out)
{
    for (size_t block = 0; block < STRIDE; block += BLOCK) {
        for (size_t row = 0; row < matrix->rows; row++) {
            float sum[BLOCK] = {0};
            for (size_t i = matrix->starts[row]; i < matrix->starts[row + 1]; i++)
                add_block(sum, matrix->values[i], x + matrix->indices[i] * STRIDE + block);
            memcpy(out + row * STRIDE + block, sum, sizeof sum);
        }
    }
}

/* Square matrices of doubles, WIDTH_MAX wide. */
typedef double square[WIDTH_MAX][STRIDE];

static inline void
add_products(double *restrict sums, const double *restrict a, const float *restrict b,
             const float *restrict c)
{
    for (size_t i = 0; i < STRIDE; i++)
        sums[i] += a[0] * (double)b[i] + a[1] * (double)c[i];
}

/* matrix' * matrix, two rows at a time. */
VECTORISED static void
gram(const float *matrix, size_t rows, size_t width, square out)
{
    static const float nothing[STRIDE];
    memset(out, 0, sizeof(square));
    for (size_t row = 0; row < rows; row += 2) {
        const float *first = matrix + row * STRIDE;
        const float *second = row + 1 < rows ? first + STRIDE : nothing;
        for (size_t i = 0; i < width; i++) {
            const double both[2] = {(double)first[i], (double)second[i]};
            add_products(out[i], both, first, second);
        }
    }
}

static inline void
rotate(double *restrict left, double *restrict right, double c, double s)
{
    for (size_t i = 0; i < STRIDE; i++) {
        double a = left[i], b = right[i];
        left[i] = c * a - s * b;
        right[i] = s * a + c * b;
    }
}

/* A Jacobi rotation that makes a[p][q] zero. vectors has the eigenvectors as rows. */
static inline void
annihilate(square a, square vectors, size_t width, size_t p, size_t q)
{
    double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
    double t = (theta >= 0 ? 1 : -1) / (fabs(theta) + sqrt(theta * theta + 1));
    double c = 1 / sqrt(t * t + 1), s = t * c;
    rotate(a[p], a[q], c, s);
    for (size_t i = 0; i < width; i++) {
        double x = a[i][p], y = a[i][q];
        a[i][p] = c * x - s * y;
        a[i][q] = s * x + c * y;
    }
    rotate(vectors[p], vectors[q], c, s);
}

/* Diagonalises a symmetric matrix (cyclic Jacobi; Golub & Van Loan, Matrix Computations, 8.5), down
   to rounding errors. */
VECTORISED static void
diagonalise(square a, square vectors, size_t width)
{
    double trace = 0;
    memset(vectors, 0, sizeof(square));
    for (size_t i = 0; i < width; i++) {
        vectors[i][i] = 1;
        trace += a[i][i];
    }
    bool rotated = true;
    for (int sweep = 0; rotated && sweep < SWEEPS_MAX; sweep++) {
        rotated = false;
        for (size_t p = 0; p < width; p++) {
            for (size_t q = p + 1; q < width; q++) {
                if (fabs(a[p][q]) <= 1e-9 * sqrt(fabs(a[p][p] * a[q][q])) + 1e-16 * trace)
                    continue;
                annihilate(a, vectors, width, p, q);
                rotated = true;
            }
        }
    }
}

/* Sets order to the indices of the eigenvalues, the greatest first. */
static void
sort_eigenvalues(square a, size_t width, size_t *order)
{
    for (size_t i = 0; i < width; i++) {
        size_t place = i;
        for (; place > 0 && a[order[place - 1]][order[place - 1]] < a[i][i]; place--)
            order[place] = order[place - 1];
        order[place] = i;
    }
}

/* Multiplies each row of the matrix by `by`, in place. */
VECTORISED static void
multiply_dense(float *matrix, size_t rows, size_t width, const float *by)
{
    for (size_t row = 0; row < rows; row++) {
        float *numbers = matrix + row * STRIDE, sums[STRIDE];
        for (size_t block = 0; block < STRIDE; block += BLOCK) {
            float sum[BLOCK] = {0};
            for (size_t i = 0; i < width; i++)
                add_block(sum, numbers[i], by + i * STRIDE + block);
            memcpy(sums + block, sum, sizeof sum);
        }
        memcpy(numbers, sums, sizeof sums);
    }
}

struct workspace {
    square products, vectors;
    float rotation[WIDTH_MAX * STRIDE];
};

/* Replaces the columns of a dense matrix by its left singular vectors, the greatest singular value
   first. Columns for singular values of 0 become 0. values: `width` of them. */
static enum sp_status
principal_vectors(float *matrix, size_t rows, size_t width, double *values, sp_error *err)
{
    size_t order[WIDTH_MAX];
    struct workspace *workspace = calloc(1, sizeof *workspace);
    if (!workspace)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    gram(matrix, rows, width, workspace->products);
    diagonalise(workspace->products, workspace->vectors, width);
    sort_eigenvalues(workspace->products, width, order);
    for (size_t k = 0; k < width; k++) {
        double square_of = workspace->products[order[k]][order[k]];
        values[k] = square_of > 0 ? sqrt(square_of) : 0;
        if (values[k] <= NEGLIGIBLE * values[0])
            values[k] = 0;
        for (size_t i = 0; i < width && values[k] > 0; i++)
            workspace->rotation[i * STRIDE + k] =
                (float)(workspace->vectors[order[k]][i] / values[k]);
    }
    multiply_dense(matrix, rows, width, workspace->rotation);
    free(workspace);
    return SP_OK;
}

/* SplitMix64 (Steele, Lea & Flood 2014). */
static uint64_t
next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* Approximately normal: the sum of four 16-bit numbers. */
static float
random_number(uint64_t *state)
{
    uint64_t bits = next_random(state);
    int32_t sum = (int32_t)(bits & 0xFFFF) + (int32_t)(bits >> 16 & 0xFFFF) +
                  (int32_t)(bits >> 32 & 0xFFFF) + (int32_t)(bits >> 48);
    return (float)(sum - 2 * 0xFFFF) / 0xFFFF;
}

enum sp_status
sp_linear_svd(const sp_sparse *matrix, const sp_sparse *transposed, size_t dimensions,
              const atomic_bool *cancel, float **out, double *values, sp_error *err)
{
    uint64_t state = SP_LINEAR_SEED;
    double found[WIDTH_MAX];
    size_t rows = matrix->rows, columns = matrix->columns;
    size_t width = dimensions + SP_LINEAR_OVERSAMPLING;
    float *left = calloc(rows + 1, STRIDE * sizeof *left);
    float *right = calloc(columns + 1, STRIDE * sizeof *right);
    enum sp_status status = SP_OK;
    if (!left || !right)
        status = sp_fail(err, SP_NO_MEMORY, "out of memory");
    for (size_t i = 0; status == SP_OK && i < columns * width; i++)
        right[i / width * STRIDE + i % width] = random_number(&state);
    for (int i = 0; status == SP_OK && i <= SP_LINEAR_ITERATIONS; i++) {
        status = sp_check_cancel(cancel, err);
        if (status != SP_OK)
            break;
        multiply(matrix, right, left);
        status = principal_vectors(left, rows, width, found, err);
        if (status == SP_OK)
            multiply(transposed, left, right);
    }
    /* The left side now spans the dominant part of the matrix; the right side is the matrix
       projected onto it. */
    if (status == SP_OK)
        status = principal_vectors(right, columns, width, found, err);
    free(left);
    if (status != SP_OK) {
        free(right);
        return status;
    }
    memcpy(values, found, dimensions * sizeof *values);
    *out = right;
    return SP_OK;
}
