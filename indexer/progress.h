// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Shows the progress of a run on standard error, from a separate thread.
 *
 * A terminal gets one line with a bar, at most as wide as the terminal, redrawn at most ten times a
 * second and cleared at the end; a run shorter than SP_PROGRESS_DELAY_MS shows nothing. A file, a
 * pipe, or a terminal that cannot clear a line gets plain lines: one at the end of each phase, and
 * one every SP_PROGRESS_LINE_SECONDS in between.
 */
#ifndef SIGNPOST_INDEXER_PROGRESS_H
#define SIGNPOST_INDEXER_PROGRESS_H

#include "indexer/run/run.h"

#define SP_PROGRESS_DELAY_MS 300
#define SP_PROGRESS_LINE_SECONDS 5

typedef struct sp_progress_bar sp_progress_bar;

/* Whether standard error is a terminal that a bar can be drawn on. */
bool sp_progress_has_terminal(void);

/* Starts the thread that shows `progress`. Call this before the run, because it sets
   progress->begin. Returns NULL if progress cannot be shown; the run can start all the same. */
sp_progress_bar *sp_progress_bar_start(sp_run_progress *progress);

/* Clears the line and ends the thread. Accepts NULL. */
void sp_progress_bar_stop(sp_progress_bar *bar);

#endif
