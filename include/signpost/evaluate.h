// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Evaluation: how good the answers of an index are, by queries that people have judged.
 *
 * Judgments are a file of lines `query TAB target TAB grade`, in UTF-8. The grade is a whole number
 * from 0 (not wanted) to SP_GRADE_MAX; what is not listed counts as 0. A target that begins with
 * '/' is a page of the site, any other the URL of a resource. Lines that begin with '#' are
 * comments; the comment "held out" parts the queries that a ranking is tuned by from those that
 * only check it. White space around the three and blank lines mean nothing. A query with nothing
 * above 0 cannot be measured and is left out; of two grades for one target the later holds.
 *
 * A hit is a target by its URL: a page without its anchor, a resource without scheme, "www." and
 * last slashes. A target counts where it first stands in the answer, and
 * not again.
 *
 * The same in TREC's forms, and rankings that are read from files: <signpost/trec.h>. Two indexes
 * beside each other: <signpost/comparison.h>.
 *
 * The measures are those of trec_eval (ndcg_cut, P, recall, recip_rank, map, map_cut) and, of
 * success, a hit that is at least good. With g(i) the grade of the hit at rank i, from 1, and R the
 * targets above 0:
 *
 *   nDCG@k     DCG / that of the best order, DCG = sum of g(i) / log2(i + 1), i <= k
 *              (Järvelin & Kekäläinen 2002, with linear gain as trec_eval has it)
 *   P@k        hits above 0 among the first k, divided by k also where there are fewer hits
 *   success@k  1 with a hit of SP_GRADE_GOOD or more among the first k, else 0
 *   MRR@k      1 / rank of the first hit above 0, 0 where it is not among the first k
 *   recall@k   hits above 0 among the first k, divided by R
 *   MAP@k      sum of P@i over the ranks i <= k of hits above 0, divided by R: average precision,
 *              whose mean is MAP (Buckley & Voorhees 2000); MAP alone has no k
 *
 * All lie between 0 and 1. The mean over queries is the plain one. Nothing here is shared between
 * threads.
 */
#ifndef SIGNPOST_EVALUATE_H
#define SIGNPOST_EVALUATE_H

#include <signpost/arena.h>
#include <signpost/reader.h>
#include <signpost/schema.h>
#include <signpost/search.h>

#define SP_GRADE_MAX 9
#define SP_GRADE_GOOD 2

typedef struct sp_judgment {
    sp_bytes target; /* as sp_target_of has it */
    unsigned grade;
} sp_judgment;

typedef struct sp_judged_query {
    sp_bytes id;   /* its number among the queries, from 1; in TREC's form as that has it */
    sp_bytes text; /* empty: not known, which only TREC's form leads to */
    bool held_out;
    size_t order;         /* where it first stands */
    sp_judgment *targets; /* ascending by target */
    size_t target_count;
    unsigned *grades; /* those above 0, the best first */
    size_t relevant;  /* how many; at least one */
} sp_judged_query;

typedef struct sp_judgments {
    sp_arena arena;           /* holds all of it */
    sp_judged_query *queries; /* as the files have them */
    size_t count;             /* 0: nothing can be measured */
    bool by_name;             /* pages are targets by their name: see sp_judged_target */
} sp_judgments;

/* Reads files as if they were one, but that each begins with queries to tune by. SP_BAD_INPUT, with
   its place, for a line that is none of the above; SP_NOT_FOUND or SP_IO for a file that cannot be
   read. *out must be zeroed, and is for sp_judgments_done also after a failure. */
enum sp_status sp_judgments_read(const char *const *paths, size_t count, sp_judgments *out,
                                 sp_error *err) SP_MUST_CHECK;
void sp_judgments_done(sp_judgments *judgments);

/* What a hit is called among the targets: sp_target_of it, or where by_name is set, and it is a
   page, the last part of that without ".html" ("/2020/MED-10/" is MED-10). Borrowed from url. */
sp_bytes sp_judged_target(const sp_judgments *judgments, sp_bytes url);

/* 0 for what is not listed. */
unsigned sp_judged_grade(const sp_judged_query *query, sp_bytes target);

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
#define SP_DEPTH_ALL 0x7FFFFFFFu /* of an index: SP_DEPTH_MAX; of a file: whatever there is */

typedef struct sp_metric {
    enum sp_measure measure;
    unsigned depth; /* k, from 1 to SP_DEPTH_MAX, or SP_DEPTH_ALL */
} sp_metric;

/* Reads "nDCG@10"; the name without case (RR is MRR, AP is MAP). "@k" left out is SP_DEPTH_DEFAULT,
   of MAP SP_DEPTH_ALL. False for anything else. */
bool sp_metric_read(sp_bytes text, sp_metric *out);

/* Appends its name: "nDCG@10", "MAP". */
void sp_metric_append(sp_str *out, const sp_metric *metric);

/* The metric of one answer. grades: of its hits by rank, as many as there are. */
double sp_metric_of(const sp_metric *metric, const sp_judged_query *query, const unsigned *grades,
                    size_t count);

enum sp_part { SP_PART_TUNING = 1, SP_PART_HELD_OUT = 2, SP_PART_ALL = 3 };

typedef struct sp_evaluation_options {
    const sp_metric *metrics;
    size_t metric_count;
    enum sp_part part;
    unsigned depth;            /* hits asked for; 0: the greatest depth of a metric */
    const sp_request *request; /* all but text, offset and limit; NULL: nothing special */
    /* Called before each query, and ends the evaluation when it fails. May be NULL. */
    enum sp_status (*step)(void *context, sp_error *err);
    void *context;
} sp_evaluation_options;

typedef struct sp_evaluated {
    const sp_judged_query *query; /* borrowed from the judgments */
    double *values;               /* of each metric */
    sp_bytes *urls;               /* of the hits by rank, then of what is related to them */
    sp_bytes *targets;            /* what each is called among the targets */
    size_t url_count;
} sp_evaluated;

typedef struct sp_evaluation {
    sp_arena arena;        /* holds all but the queries */
    sp_evaluated *queries; /* those of the part, in the order of the judgments */
    size_t count;
    double *means; /* of each metric; 0 without a query */
} sp_evaluation;

/* Asks the queries, each as `search` would be asked with that limit, and measures what they answer.
   A query without text is not asked and has no hits. *out must be zeroed, and is for
   sp_evaluation_done also after a failure. */
enum sp_status sp_evaluate(sp_reader *reader, const sp_judgments *judgments,
                           const sp_evaluation_options *options, sp_evaluation *out,
                           sp_error *err) SP_MUST_CHECK;
void sp_evaluation_done(sp_evaluation *evaluation);

/* The mean of a metric, by its number, over the queries of a part; *count: how many those are. 0
   without any. */
double sp_evaluation_mean(const sp_evaluation *evaluation, size_t metric, enum sp_part part,
                          size_t *count);

#endif
