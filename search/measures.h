// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * `search --eval`: judged queries put to an index, or to a run, and the measures of it shown.
 *
 * Of queries that are held out nothing is shown but their means: see evaluate.h.
 */
#ifndef SIGNPOST_SEARCH_MEASURES_H
#define SIGNPOST_SEARCH_MEASURES_H

#include "options.h"

#include <signpost/comparison.h>
#include <signpost/trec_run.h>

/* Queries that --compare shows of those that changed. */
#define SP_CHANGED_MAX 20

typedef struct sp_measures {
    const sp_options *options;
    sp_judgments judgments;
    bool qrels; /* the judgments are in TREC's form */
    sp_evaluation_options how;
    sp_trec_run runs[2];          /* with --run */
    sp_evaluation evaluations[2]; /* the second with --compare */
    sp_comparison comparisons[SP_METRICS_MAX];
    size_t evaluated; /* judged queries that were put to anything; 0: there is nothing to show */
    size_t unasked;   /* judged queries without topic, or that are not in the run */
    size_t unjudged;  /* queries of the run that are not judged */
} sp_measures;

/* Does what the options ask for, files included. measures->options must be set and all else zeroed;
   it is for sp_measures_done also after a failure. */
enum sp_status sp_measures_make(sp_measures *measures, sp_error *err) SP_MUST_CHECK;
void sp_measures_done(sp_measures *measures);

/* A table for people: each query with --verbose, then the means, then the comparison. */
void sp_measures_print(const sp_measures *measures, sp_str *out);

/* The same for programs, with a newline at the end. */
void sp_measures_print_json(const sp_measures *measures, sp_str *out);

/* For standard error: what was left out, and why nothing could be evaluated. */
void sp_measures_print_notes(const sp_measures *measures, sp_str *out);

/* A part of the queries as it is shown. */
typedef struct sp_shown_part {
    const char *name;
    enum sp_part part;
} sp_shown_part;

/* The parts of the judgments, "all" last; how many. */
size_t sp_measures_parts(const sp_measures *measures, sp_shown_part parts[3]);

/* Up to SP_CHANGED_MAX queries that --compare found to differ most in the first metric, the
   greatest difference first; their numbers among the queries, and how many. */
size_t sp_measures_changed(const sp_measures *measures, size_t changed[SP_CHANGED_MAX]);

#endif
