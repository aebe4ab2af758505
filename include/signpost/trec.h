// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * TREC's forms of judged queries and rankings, as trec_eval reads them.
 *
 *   qrels   `query iteration document grade`, apart by spaces or tabs; or without the iteration, as
 *           `query TAB document TAB grade`. The grade is a whole number, at most
 *           SP_QRELS_GRADE_MAX; below 0 it counts as 0
 *   topics  `query TAB text`
 *   run     `query Q0 document rank score name`. As in trec_eval it is the score that ranks, the
 *           greater first, and of equal scores the document whose id is the greater by its bytes;
 *           the rank is not looked at, and scores are compared as floats
 *
 * All are UTF-8; blank lines mean nothing, and lines that begin with '#' are comments but in a run.
 * A document may be judged once a query and stand once in its ranking. A query that is judged and
 * stands in no run counts, with nothing found (trec_eval -c); a query with nothing above 0 is left
 * out, which trec_eval counts as 0.
 *
 * A document is what sp_target_of makes of an id that begins with '/' or has "://", else the id. In
 * a set of judgments in which no id begins with '/' pages are documents by their name
 * (sp_judged_target): collections name their documents, and a file of that name is one's post.
 *
 * Nothing here is shared between threads.
 */
#ifndef SIGNPOST_TREC_H
#define SIGNPOST_TREC_H

#include <signpost/evaluate.h>

#define SP_QRELS_GRADE_MAX 1000

/* Whether the first judgment of the file is one of qrels: four fields, or a document that is
   neither a page's URL nor another. False for a file without any; errors as of sp_judgments_read.
 */
enum sp_status sp_qrels_are_in(const char *path, bool *out, sp_error *err) SP_MUST_CHECK;

/* As sp_judgments_read, of files of qrels. topics: the file with the queries' texts; NULL: they
   have none. */
enum sp_status sp_qrels_read(const char *const *paths, size_t count, const char *topics,
                             sp_judgments *out, sp_error *err) SP_MUST_CHECK;

/* Appends judgments as qrels, one query after the other, each with its id. */
void sp_qrels_append(const sp_judgments *judgments, sp_str *out);

/* Appends the ids and texts of the queries, as topics. */
void sp_topics_append(const sp_judgments *judgments, sp_str *out);

typedef struct sp_trec_hit {
    sp_bytes query, document;
    float score;
    size_t order;
} sp_trec_hit;

typedef struct sp_trec_run {
    sp_arena arena;
    sp_trec_hit *hits; /* ascending by query, and of one query as they rank */
    size_t count;
} sp_trec_run;

/* SP_BAD_INPUT, with its place, for a line that is none of a run, and for a document that stands a
   second time. *out must be zeroed, and is for sp_trec_run_done also after a failure. */
enum sp_status sp_trec_run_read(const char *path, sp_trec_run *out, sp_error *err) SP_MUST_CHECK;
void sp_trec_run_done(sp_trec_run *run);

/* The hits of a query, and how many; borrowed. */
const sp_trec_hit *sp_trec_run_find(const sp_trec_run *run, sp_bytes query, size_t *count);

/* As sp_evaluate, of the rankings of a run, to any depth. *out borrows from the run. */
enum sp_status sp_evaluate_run(const sp_trec_run *run, const sp_judgments *judgments,
                               const sp_evaluation_options *options, sp_evaluation *out,
                               sp_error *err) SP_MUST_CHECK;

/* Appends what was evaluated as a run of that name. The score is how many hits follow, and one: it
   falls with every rank, whatever an order is by. A hit of a target that stands above keeps its
   rank, under a name that is not judged, "TARGET=RANK". */
void sp_trec_run_append(const sp_evaluation *evaluation, const char *name, sp_str *out);

#endif
