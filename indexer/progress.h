// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Shows on standard error how far a run has come. A thread of its own prints it.
 *
 * On a terminal it is a line with a bar, at most as wide as the terminal, drawn at most ten times a
 * second and cleared at the end; a run shorter than SP_PROGRESS_DELAY_MS shows nothing. Elsewhere,
 * and on a terminal that cannot clear a line, it is plain lines: one at the end of each phase, and
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

/* Call it before the run that has `progress`; it sets progress->begin. NULL if progress cannot be
   shown, which need not keep the run from starting. */
sp_progress_bar *sp_progress_bar_start(sp_run_progress *progress);

/* Clears the line and ends the thread. Accepts NULL. */
void sp_progress_bar_stop(sp_progress_bar *bar);

#endif
