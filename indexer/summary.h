// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The summary that `indexer` prints after a run: one line, and a second one with -v. Counts of
 * changes that are 0 are left out.
 */
#ifndef SIGNPOST_INDEXER_SUMMARY_H
#define SIGNPOST_INDEXER_SUMMARY_H

#include "indexer/run/run.h"

/* Appends "indexed 60 posts (2 added, 1 updated), 570 resources (3 added) in 0.04 s", or "nothing
   changed: 60 posts, 570 resources in 0.01 s", and how many files could not be indexed. */
void sp_summary_append(const sp_run_report *report, bool dry_run, sp_str *out);

/* Appends the number of files and bytes that were read, and the revision. */
void sp_summary_append_details(const sp_run_report *report, sp_str *out);

#endif
