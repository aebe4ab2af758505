// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Judged queries in TREC's formats, read as trec_eval reads them.
 *
 *   qrels   `query iteration document grade`, separated by spaces or tabs, or `query TAB document
 *           TAB grade` without the iteration. The grade is an integer of at most
 *           SP_QRELS_GRADE_MAX; negative grades count as 0
 *   topics  `query TAB text`
 *
 * Files are UTF-8; blank lines are ignored, and so are lines that begin with '#', with or without
 * white space before it. A document may be judged
 * only once per query. Queries without a grade above 0 are left out; trec_eval counts them as 0.
 *
 * A document's target is sp_target_of its id if that begins with '/' or a scheme and "://", else
 * the id itself. If no id in a set of judgments begins with '/', pages are identified by their
 * names (sp_judged_target), because such collections give each document a name, and indexer makes a
 * post of the file with that name.
 *
 * No state is shared between threads.
 */
#ifndef SIGNPOST_TREC_H
#define SIGNPOST_TREC_H

#include <signpost/evaluate.h>

#define SP_QRELS_GRADE_MAX 1000

/* Whether the first judgment of the file is in the format of qrels: four fields, or three if the
   document is not a URL. False for a file without judgments; errors as for sp_judgments_read. */
enum sp_status sp_qrels_are_in(const char *path, bool *out, sp_error *err) SP_MUST_CHECK;

/* Like sp_judgments_read, for qrels. topics: the file with the texts of the queries; NULL: they
   have no texts. */
enum sp_status sp_qrels_read(const char *const *paths, size_t count, const char *topics,
                             sp_judgments *out, sp_error *err) SP_MUST_CHECK;

/* Appends the judgments as qrels, with the ids of the queries. */
void sp_qrels_append(const sp_judgments *judgments, sp_str *out);

/* Appends the ids and texts of the queries as topics. */
void sp_topics_append(const sp_judgments *judgments, sp_str *out);

/* Appends the rankings of an evaluation as a run (trec_run.h) of that name. The score of a hit is
   the number of hits from its rank on, so scores fall with every rank, whatever the answer is
   sorted by. A hit whose target already has a rank keeps its own rank, with "TARGET=RANK" as
   document, which is not judged. */
void sp_trec_run_append(const sp_evaluation *evaluation, const char *name, sp_str *out);

#endif
