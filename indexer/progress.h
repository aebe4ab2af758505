/* A progress bar on standard error while a run goes on, drawn by a thread of its own. */
#ifndef SIGNPOST_INDEXER_PROGRESS_H
#define SIGNPOST_INDEXER_PROGRESS_H

#include "run.h"

typedef struct sp_progress_bar sp_progress_bar;

/* NULL when it cannot be drawn, which is no reason not to run. */
sp_progress_bar *sp_progress_bar_start(sp_run_progress *progress);

/* Clears the line and ends the thread. NULL is fine. */
void sp_progress_bar_stop(sp_progress_bar *bar);

#endif
