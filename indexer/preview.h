// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints the changes of a dry run and the results of judged queries. */
#ifndef SIGNPOST_INDEXER_PREVIEW_H
#define SIGNPOST_INDEXER_PREVIEW_H

#include "indexer/run/run.h"

#include <stdio.h>

/* At most this many lines of one kind are shown; -v shows all. */
#define SP_PREVIEW_LINES 50

/* Prints a line for each post and resource that would change: "A path" if it would be added, "M
   path" if updated, "D path" if removed. Then prints the judged queries whose first hits would
   change. */
void sp_preview_print(FILE *out, const sp_run_report *report, bool all);

/* Prints, for a run that was refused, the queries that score too low (sp_gate_drop), such as
   "indexer: query: nDCG@10 0.9000 -> 0.4000". */
void sp_preview_print_drops(FILE *out, const sp_gate_report *gate, bool all);

#endif
