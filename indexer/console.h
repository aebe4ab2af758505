// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What `indexer` says to who started it: what is wrong to standard error, what was done to standard
 * output, or to standard error too where the report has standard output. Text from files is made
 * printable.
 */
#ifndef SIGNPOST_INDEXER_CONSOLE_H
#define SIGNPOST_INDEXER_CONSOLE_H

#include "options.h"

/* A run, with the progress that the options ask for. */
enum sp_status sp_console_run(const sp_indexer_options *options, sp_run_progress *progress,
                              sp_run_report *report, sp_error *err) SP_MUST_CHECK;

/* Of a report: the files that could not be indexed, warnings, the queries that fell. */
void sp_console_errors(const sp_run_report *report);
void sp_console_warnings(const sp_indexer_options *options, const sp_run_report *report);
void sp_console_fallen(const sp_indexer_options *options, const sp_run_report *report);

/* Why a run, or what else was tried, failed. */
void sp_console_failure(const sp_error *err);

/* What a dry run would change, and what a run did. Nothing when the options say quiet. */
void sp_console_preview(const sp_indexer_options *options, const sp_run_report *report);
void sp_console_summary(const sp_indexer_options *options, const sp_run_report *report);

/* Whether the report can be written where the options want it, found out before anything is
   changed; and its writing, so that a reader of the file sees the old one or the new. False, and
   said, when it cannot be. */
bool sp_console_can_report(const sp_indexer_options *options);
bool sp_console_report(const sp_indexer_options *options, const sp_run_report *report);

/* The exit code of a run that ended so. */
int sp_console_exit_code(enum sp_status status, const sp_run_report *report);

#endif
