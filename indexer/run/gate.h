// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The gate of a run: evaluates judged queries on the old index and, before readers see it, on the
 * new one, and decides whether the new one meets the requirements. A gate belongs to one thread.
 */
#ifndef SIGNPOST_INDEXER_RUN_GATE_H
#define SIGNPOST_INDEXER_RUN_GATE_H

#include "indexer/posts/files.h"
#include "run.h"

/* The name of the file of judged queries in the folder of a site. */
#define SP_JUDGMENTS_FILE "judgments.tsv"

typedef struct sp_gate sp_gate;

/* Reads the judged queries from the file that the options name, else from the files of the sites.
   Sets *out to NULL if there are no requirements, except in a dry run over sites with judged
   queries. Returns SP_NOT_FOUND if there are requirements but no judged queries, and SP_BAD_INPUT
   for a mistake in a file. Borrows options and progress. */
enum sp_status sp_gate_open(const sp_files *files, const sp_run_options *options,
                            sp_run_progress *progress, sp_gate **out, sp_error *err) SP_MUST_CHECK;
void sp_gate_close(sp_gate *gate);

/* Evaluates the queries on the old index, for comparison. An index that cannot be searched is
   treated as missing. */
enum sp_status sp_gate_evaluate_old(sp_gate *gate, const char *index, sp_error *err) SP_MUST_CHECK;

/* Evaluates the queries on the new index. database: an index directory, or the folder of a database
   that is not in one. */
enum sp_status sp_gate_evaluate_new(sp_gate *gate, const char *database,
                                    sp_error *err) SP_MUST_CHECK;

/* For a run whose new index equals the old one: evaluates the queries on the old index. */
enum sp_status sp_gate_evaluate_unchanged(sp_gate *gate, const char *index,
                                          sp_error *err) SP_MUST_CHECK;

/* Makes the report in arena. Sets *met to whether all requirements are met. If a requirement is not
   met, still returns SP_OK, and *err says which requirements are not met. */
enum sp_status sp_gate_make_report(const sp_gate *gate, sp_arena *arena, const sp_gate_report **out,
                                   bool *met, sp_error *err) SP_MUST_CHECK;

#endif
