// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/comparison.h>

#include <math.h>
#include <stdlib.h>

/* A difference of two metrics, or of two sums of metrics, is a rounding error unless it is greater
   than this. */
#define ROUNDING 1e-9

static bool
is_difference(double difference)
{
    return fabs(difference) > ROUNDING;
}

/* Returns the share of all assignments of signs whose sum is at least `least` away from 0. Keeps
   the sign of the last difference, because the other half of the assignments has the same sums with
   the opposite sign. Each step changes one sign (Gray code). */
static double
try_all_signs(double *signed_differences, size_t count, double least)
{
    double sum = 0;
    size_t far = 0, choices = (size_t)1 << (count - 1);
    for (size_t i = 0; i < count; i++)
        sum += signed_differences[i];
    for (size_t choice = 1;; choice++) {
        far += fabs(sum) >= least;
        if (choice == choices)
            return (double)far / (double)choices;
        size_t change = 0;
        while ((choice >> change & 1) == 0)
            change++;
        sum -= 2 * signed_differences[change];
        signed_differences[change] = -signed_differences[change];
    }
}

/* splitmix64 (Steele, Lea and Flood 2014). */
static uint64_t
next_random(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static double
sample_signs(const double *differences, size_t count, double least)
{
    uint64_t state = 1, bits = 0;
    size_t far = 0;
    for (size_t sample = 0; sample < SP_SIGNS_SAMPLES; sample++) {
        double sum = 0;
        for (size_t i = 0; i < count; i++, bits >>= 1) {
            if (i % 64 == 0)
                bits = next_random(&state);
            sum += bits & 1 ? differences[i] : -differences[i];
        }
        far += fabs(sum) >= least;
    }
    return (1 + (double)far) / (1 + (double)SP_SIGNS_SAMPLES);
}

/* Removes zeros, which change no sum. */
static size_t
keep_differences(double *differences, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (is_difference(differences[i]))
            differences[kept++] = differences[i];
    }
    return kept;
}

double
sp_paired_test(double *differences, size_t count, bool *exact)
{
    double sum = 0;
    size_t kept = keep_differences(differences, count);
    for (size_t i = 0; i < kept; i++)
        sum += differences[i];
    *exact = kept <= SP_SIGNS_EXACT;
    if (kept == 0)
        return 1;
    double least = fabs(sum) - ROUNDING;
    return *exact ? try_all_signs(differences, kept, least)
                  : sample_signs(differences, kept, least);
}

enum sp_status
sp_evaluations_compare(const sp_evaluation *first, const sp_evaluation *second, size_t metric,
                       sp_comparison *out, sp_error *err)
{
    double *differences = calloc(first->count + 1, sizeof *differences);
    if (!differences)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    *out = (sp_comparison){.first = first->means[metric], .second = second->means[metric]};
    for (size_t i = 0; i < first->count; i++) {
        differences[i] = second->queries[i].values[metric] - first->queries[i].values[metric];
        out->same += !is_difference(differences[i]);
        out->better += is_difference(differences[i]) && differences[i] > 0;
    }
    out->worse = first->count - out->same - out->better;
    out->p = sp_paired_test(differences, first->count, &out->exact);
    free(differences);
    return SP_OK;
}
