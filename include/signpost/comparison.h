// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Compares two evaluations of the same judged queries: finds which is better, by how much, and
 * whether the difference can be due to chance.
 *
 * The test is Fisher's paired randomisation test, two-sided, on the difference of the means, as
 * recommended by Smucker, Allan and Carterette ("A comparison of statistical significance tests for
 * information retrieval evaluation", CIKM 2007). If the two were equally good, each query's
 * difference could just as well have the opposite sign; p is the share of all assignments of signs
 * whose mean is at least as far from 0 as the measured one. The test makes no assumption about the
 * distribution of the differences. If at most SP_SIGNS_EXACT queries differ, all assignments are
 * counted. Otherwise SP_SIGNS_SAMPLES are sampled, always the same ones, and p = (1 + samples at
 * least as far from 0) / (1 + samples), which is never 0 (Phipson and Smyth 2010).
 *
 * No state is shared between threads.
 */
#ifndef SIGNPOST_COMPARISON_H
#define SIGNPOST_COMPARISON_H

#include <signpost/evaluate.h>

#define SP_SIGNS_EXACT 20
#define SP_SIGNS_SAMPLES 100000

typedef struct sp_comparison {
    double first, second;       /* means */
    size_t better, worse, same; /* queries for which the second is better, worse, the same */
    double p;                   /* from 0 to 1; 1 if no query differs */
    bool exact;                 /* all assignments of signs were counted */
} sp_comparison;

/* Compares two evaluations of the same judgments with the same options by one metric, given as
   index into options->metrics. Errors: SP_NO_MEMORY. */
enum sp_status sp_evaluations_compare(const sp_evaluation *first, const sp_evaluation *second,
                                      size_t metric, sp_comparison *out,
                                      sp_error *err) SP_MUST_CHECK;

/* Returns p (see above) for these differences, which are overwritten; *exact is
   sp_comparison.exact. Differences of 0 do not count. */
double sp_paired_test(double *differences, size_t count, bool *exact);

#endif
