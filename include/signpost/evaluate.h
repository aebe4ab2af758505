// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Evaluation: how well an index answers judged queries (judgments.h).
 *
 * A hit's target is found by sp_judged_target. A target counts at its first rank in the answer;
 * further hits with the same target count as not relevant. trec_run.h evaluates rankings read from
 * files, comparison.h compares two evaluations.
 *
 * The measures are those of trec_eval (ndcg_cut, P, recall, recip_rank, map, map_cut), and success,
 * which needs a good hit. Let g(i) be the grade of the hit at rank i, counted from 1, and R the
 * number of targets with a grade above 0. A hit is relevant if its grade is above 0:
 *
 *   nDCG@k     DCG divided by that of the best order, DCG = sum of g(i) / log2(i + 1), i <= k
 *              (Järvelin & Kekäläinen 2002, with linear gain as in trec_eval)
 *   P@k        relevant hits among the first k, divided by k even if there are fewer hits
 *   success@k  1 with a hit of SP_GRADE_GOOD or more among the first k, else 0
 *   MRR@k      1 / rank of the first relevant hit, or 0 if it is not among the first k
 *   recall@k   relevant hits among the first k, divided by R
 *   MAP@k      sum of P@i over the ranks i <= k of relevant hits, divided by R: average precision,
 *              whose mean is MAP (Buckley & Voorhees 2000); MAP alone has no k
 *
 * All are between 0 and 1, and means over queries are arithmetic. No state is shared between
 * threads.
 */
#ifndef SIGNPOST_EVALUATE_H
#define SIGNPOST_EVALUATE_H

#include <signpost/judgments.h>
#include <signpost/reader.h>
#include <signpost/search.h>

enum sp_measure {
    SP_NDCG,
    SP_PRECISION,
    SP_SUCCESS,
    SP_RECIPROCAL_RANK,
    SP_RECALL,
    SP_AVERAGE_PRECISION
};

#define SP_DEPTH_DEFAULT 10
#define SP_DEPTH_MAX 1000
#define SP_DEPTH_ALL 0x7FFFFFFFu /* of an index: SP_DEPTH_MAX hits; of a run: the whole ranking */

typedef struct sp_metric {
    enum sp_measure measure;
    unsigned depth; /* k, from 1 to SP_DEPTH_MAX, or SP_DEPTH_ALL */
} sp_metric;

/* Reads "nDCG@10", in upper or lower case; RR means MRR, AP means MAP. Without "@k" the depth is
   SP_DEPTH_DEFAULT, or for MAP SP_DEPTH_ALL. False for any other text. */
bool sp_metric_read(sp_bytes text, sp_metric *out);

/* Appends the metric's name: "nDCG@10", "MAP". */
void sp_metric_append(sp_str *out, const sp_metric *metric);

/* Returns the metric of one ranking. grades: the grades of all hits in the order of their ranks. */
double sp_metric_of(const sp_metric *metric, const sp_judged_query *query, const unsigned *grades,
                    size_t count);

enum sp_part { SP_PART_TUNING = 1, SP_PART_HELD_OUT = 2, SP_PART_ALL = 3 };

typedef struct sp_evaluation_options {
    const sp_metric *metrics;
    size_t metric_count;
    enum sp_part part;
    unsigned depth;            /* limit of the searches; 0: the greatest depth of a metric */
    const sp_request *request; /* all members but text, offset and limit; NULL: defaults */

    /* Called before each query; the evaluation ends with its status unless that is SP_OK. May be
       NULL. */
    enum sp_status (*step)(void *context, sp_error *err);
    void *context;
} sp_evaluation_options;

typedef struct sp_evaluated {
    const sp_judged_query *query; /* borrowed from the judgments */
    double *values;               /* one per metric */
    sp_bytes *urls;    /* of the hits in the order of their ranks, then of related ones */
    sp_bytes *targets; /* one per URL */
    size_t url_count;
} sp_evaluated;

typedef struct sp_evaluation {
    sp_arena arena;        /* owns everything except the judged queries */
    sp_evaluated *queries; /* those of the part, in the order of the judgments */
    size_t count;
    double *means; /* one per metric; 0 if there are no queries */
} sp_evaluation;

/* Searches for each query, with options->depth as the limit, and measures the answers. Queries
   without a text are not searched for and have no hits. *out must be zeroed, and freed with
   sp_evaluation_done even after a failure. */
enum sp_status sp_evaluate(sp_reader *reader, const sp_judgments *judgments,
                           const sp_evaluation_options *options, sp_evaluation *out,
                           sp_error *err) SP_MUST_CHECK;
void sp_evaluation_done(sp_evaluation *evaluation);

/* The mean of a metric, given by its index, over the queries of a part, or 0 if there are none.
   *count is set to their number. */
double sp_evaluation_mean(const sp_evaluation *evaluation, size_t metric, enum sp_part part,
                          size_t *count);

/* unknown_targets.c */

/* Wanted targets that an index does not have, each once, in the order of the files. A zeroed list
   is empty. */
typedef struct sp_unknown_targets {
    sp_judgment *items;
    size_t count;
    sp_arena arena; /* owns the items, not their strings */
} sp_unknown_targets;

/* Finds the targets with a grade above 0 that no document of the index has. The strings are
   borrowed from the judgments. Finds nothing if targets are names (by_name). */
enum sp_status sp_unknown_targets_find(sp_reader *reader, const sp_judgments *judgments,
                                       sp_unknown_targets *out, sp_error *err) SP_MUST_CHECK;
void sp_unknown_targets_done(sp_unknown_targets *targets);

#endif
