// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The messages of `indexer`: errors on standard error, results on standard output, or on standard
 * error if the JSON report is written to standard output. Text from files is made printable.
 */
#ifndef SIGNPOST_INDEXER_CONSOLE_H
#define SIGNPOST_INDEXER_CONSOLE_H

#include "options.h"

/* Does a run, and shows its progress as the options say. */
enum sp_status sp_console_run(const sp_indexer_options *options, sp_run_progress *progress,
                              sp_run_report *report, sp_error *err) SP_MUST_CHECK;

/* Each prints a part of the report: the files that could not be indexed; the files that were left
   out, and why (-v); the warnings; if a requirement is not met, the queries that score too low
   (sp_gate_drop). */
void sp_console_errors(const sp_run_report *report);
void sp_console_left_out(const sp_run_report *report);
void sp_console_warnings(const sp_indexer_options *options, const sp_run_report *report);
void sp_console_drops(const sp_indexer_options *options, const sp_run_report *report);

/* Prints the message of an error. */
void sp_console_failure(const sp_error *err);

/* Print the changes that a dry run would make, and the summary of a run. With -q, print nothing. */
void sp_console_preview(const sp_indexer_options *options, const sp_run_report *report);
void sp_console_summary(const sp_indexer_options *options, const sp_run_report *report);

/* The first function checks that the JSON report can be written; call it before the run. The second
   writes the report at once, so that readers of the file see either the old report or the new one.
   If a function fails, it prints the reason and returns false. */
bool sp_console_can_report(const sp_indexer_options *options);
bool sp_console_report(const sp_indexer_options *options, const sp_run_report *report);

/* Returns the exit code of a run with this status and report. */
int sp_console_exit_code(enum sp_status status, const sp_run_report *report);

#endif
