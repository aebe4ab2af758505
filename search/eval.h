// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * `search --eval`: evaluates an index or a TREC run with judged queries, and prints the metrics.
 *
 * Held-out queries appear only in the means: see evaluate.h. The caller owns an sp_eval; it belongs
 * to one thread.
 */
#ifndef SIGNPOST_SEARCH_EVAL_H
#define SIGNPOST_SEARCH_EVAL_H

#include "options.h"

#include <signpost/comparison.h>
#include <signpost/trec_run.h>

/* Maximum number of changed queries that --compare lists. */
#define SP_CHANGED_MAX 20

typedef struct sp_eval {
    const sp_search_options *options;
    sp_judgments judgments;
    bool qrels; /* the judgments are TREC qrels */
    sp_evaluation_options how;
    sp_trec_run runs[2];          /* with --run */
    sp_evaluation evaluations[2]; /* the second with --compare */
    sp_comparison comparisons[SP_METRICS_MAX];
    sp_unknown_targets unknown; /* judged targets that the first index does not have */
    size_t evaluated; /* judged queries that were evaluated; 0: there is nothing to print */
    size_t unasked;   /* judged queries without a topic, or missing from the run */
    size_t unjudged;  /* queries of the run that have no judgments */
} sp_eval;

/* A part of the judged queries, and the name of the part in the output. */
typedef struct sp_shown_part {
    const char *name;
    enum sp_part part;
} sp_shown_part;

/* eval.c */

/* Evaluates, compares and writes files as eval->options asks. The caller sets eval->options, sets
   all other members to zero, and calls sp_eval_done also after a failure. */
enum sp_status sp_eval_run(sp_eval *eval, sp_error *err) SP_MUST_CHECK;
void sp_eval_done(sp_eval *eval);

/* Fills `parts` with the parts that the judgments have, "all" last; returns their number. */
size_t sp_eval_parts(const sp_eval *eval, sp_shown_part parts[3]);

/* Fills `changed` with the indices of the queries whose first metric differs most between the two
   evaluations, the greatest difference first; returns their number. Leaves out held-out queries. */
size_t sp_eval_changed(const sp_eval *eval, size_t changed[SP_CHANGED_MAX]);

/* eval_table.c */

/* Appends a table for people: with --verbose each query, then the means, and with --compare the
   comparison. */
void sp_eval_print(const sp_eval *eval, sp_str *out);

/* Appends the notes for standard error: how many queries were left out, or why no query was
   evaluated. */
void sp_eval_print_notes(const sp_eval *eval, sp_str *out);

/* eval_json.c */

/* Appends the evaluation as JSON, with a newline at the end. */
void sp_eval_print_json(const sp_eval *eval, sp_str *out);

#endif
