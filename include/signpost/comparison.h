// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two answers to the same judged queries beside each other: which is better, by how much, and
 * whether that can be chance.
 *
 * The test is Fisher's paired randomisation test, two-sided, on the difference of the means, as
 * Smucker, Allan and Carterette ("A comparison of statistical significance tests for information
 * retrieval evaluation", CIKM 2007) advise it: if the two were alike each query's difference could
 * as well have the other sign, and p is the share of all such choices of signs whose mean is at
 * least as far from 0 as what was measured. It asks nothing of how the differences are distributed.
 * Where at most SP_SIGNS_EXACT queries differ all choices are counted; beyond that
 * SP_SIGNS_SAMPLES are drawn, always the same ones, and p = (1 + as far) / (1 + drawn), so that it
 * is never 0 (Phipson and Smyth 2010).
 *
 * Nothing here is shared between threads.
 */
#ifndef SIGNPOST_COMPARISON_H
#define SIGNPOST_COMPARISON_H

#include <signpost/evaluate.h>

#define SP_SIGNS_EXACT 20
#define SP_SIGNS_SAMPLES 100000

typedef struct sp_comparison {
    double first, second;       /* means */
    size_t better, worse, same; /* queries, of the second */
    double p;                   /* from 0 to 1; 1 where no query differs */
    bool exact;                 /* all choices of signs were counted */
} sp_comparison;

/* Compares by a metric, by its number, two evaluations of the same judgments with the same options.
   Errors: SP_NO_MEMORY. */
enum sp_status sp_evaluations_compare(const sp_evaluation *first, const sp_evaluation *second,
                                      size_t metric, sp_comparison *out,
                                      sp_error *err) SP_MUST_CHECK;

/* The test alone, of the differences, which are used up; *exact as above. Those of 0 have no part
   in it. */
double sp_paired_test(double *differences, size_t count, bool *exact);

#endif
