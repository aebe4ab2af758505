// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The messages of `indexer`: errors on standard error, results on standard output, or on standard
 * error if the JSON report is written to standard output. Text from files is made printable.
 */
#ifndef SIGNPOST_INDEXER_CONSOLE_H
#define SIGNPOST_INDEXER_CONSOLE_H

#include "options.h"

/* Runs, and shows progress as the options say. */
enum sp_status sp_console_run(const sp_indexer_options *options, sp_run_progress *progress,
                              sp_run_report *report, sp_error *err) SP_MUST_CHECK;

/* Print parts of a report: the files that could not be indexed, those that were left out and why
   (-v), the warnings, and, if a requirement is not met, the queries that score lower. */
void sp_console_errors(const sp_run_report *report);
void sp_console_left_out(const sp_run_report *report);
void sp_console_warnings(const sp_indexer_options *options, const sp_run_report *report);
void sp_console_drops(const sp_indexer_options *options, const sp_run_report *report);

/* Prints why a run, or something else, has failed. */
void sp_console_failure(const sp_error *err);

/* Print what a dry run would change, and what a run did, except with -q. */
void sp_console_preview(const sp_indexer_options *options, const sp_run_report *report);
void sp_console_summary(const sp_indexer_options *options, const sp_run_report *report);

/* Check, before anything is changed, that the report can be written; and write it, so that readers
   of the file see the old report or the new one. On failure they print why and return false. */
bool sp_console_can_report(const sp_indexer_options *options);
bool sp_console_report(const sp_indexer_options *options, const sp_run_report *report);

/* The exit code of a run with this status and report. */
int sp_console_exit_code(enum sp_status status, const sp_run_report *report);

#endif
