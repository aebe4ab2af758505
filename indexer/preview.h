// SPDX-License-Identifier: GPL-2.0-or-later
/* What `indexer` prints of a dry run's changes and of the judged queries. */
#ifndef SIGNPOST_INDEXER_PREVIEW_H
#define SIGNPOST_INDEXER_PREVIEW_H

#include "indexer/run/run.h"

#include <stdio.h>

/* Lines of one kind that are shown; -v shows all. */
#define SP_PREVIEW_LINES 50

/* "A path" for each post and resource that would be added, M changed, D removed; then the judged
   queries whose first hits would be others. */
void sp_preview_print(FILE *out, const sp_run_report *report, bool all);

/* The queries that fell, of a run that was refused: "indexer: query: nDCG@10 0.9000 -> 0.4000". */
void sp_preview_print_drops(FILE *out, const sp_gate_report *judged, bool all);

#endif
