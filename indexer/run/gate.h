// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The judged queries of a run: what the old index answers, what the new one does before readers see
 * it, and whether that is good enough. One thread.
 */
#ifndef SIGNPOST_INDEXER_RUN_GATE_H
#define SIGNPOST_INDEXER_RUN_GATE_H

#include "run.h"

/* In the folder of a site. */
#define SP_JUDGMENTS_FILE "judgments.tsv"

typedef struct sp_gate sp_gate;

/* Reads the queries that the options name, else those of the sites that have some. *out is NULL
   where there is nothing to judge: neither a requirement nor a dry run of a site with judged
   queries. SP_NOT_FOUND for a requirement without a judged query, SP_BAD_INPUT for a file with a
   mistake. The options are borrowed. */
enum sp_status sp_gate_open(const sp_run_options *options, sp_run_progress *progress, sp_gate **out,
                            sp_error *err) SP_MUST_CHECK;
void sp_gate_close(sp_gate *gate);

/* Asks the old index, which is compared with then. One that cannot answer is none. */
enum sp_status sp_gate_evaluate_old(sp_gate *gate, const char *index, sp_error *err) SP_MUST_CHECK;

/* Asks the new one: an index, or a database to be one. */
enum sp_status sp_gate_evaluate_new(sp_gate *gate, const char *database,
                                    sp_error *err) SP_MUST_CHECK;

/* Asks the index that was there and stays: it is the old one and the new one. */
enum sp_status sp_gate_evaluate_unchanged(sp_gate *gate, const char *index,
                                          sp_error *err) SP_MUST_CHECK;

/* Makes the report of what was asked, in arena. *met: all requirements are met; else SP_OK is
   returned all the same and *err says which requirements are not, and by how much. */
enum sp_status sp_gate_make_report(const sp_gate *gate, sp_arena *arena, const sp_gate_report **out,
                                   bool *met, sp_error *err) SP_MUST_CHECK;

#endif
