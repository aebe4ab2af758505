// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How far a run is, on standard error while it goes on, by a thread of its own.
 *
 * On a terminal it is one line with a bar, as wide as the terminal has room for, drawn at most ten
 * times a second and cleared at the end; a run of less than SP_PROGRESS_DELAY_MS sees none of it.
 * Elsewhere, and on a terminal that cannot clear a line, it is plain lines: one at the end of each
 * phase, and one every SP_PROGRESS_LINE_SECONDS in between.
 */
#ifndef SIGNPOST_INDEXER_PROGRESS_H
#define SIGNPOST_INDEXER_PROGRESS_H

#include "indexer/run/run.h"

#define SP_PROGRESS_DELAY_MS 300
#define SP_PROGRESS_LINE_SECONDS 5

typedef struct sp_progress_bar sp_progress_bar;

/* Whether standard error is a terminal that a bar can be drawn on. */
bool sp_progress_has_terminal(void);

/* To be started before the run that has `progress`, whose `begin` it takes. NULL when it cannot be
   shown, which is no reason not to run. */
sp_progress_bar *sp_progress_bar_start(sp_run_progress *progress);

/* Clears the line and ends the thread. NULL is fine. */
void sp_progress_bar_stop(sp_progress_bar *bar);

#endif
