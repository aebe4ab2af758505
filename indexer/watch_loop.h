// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Staying: run after run, as long as files change, until a signal ends it. Each thing that the runs
 * have to say is said once.
 */
#ifndef SIGNPOST_INDEXER_WATCH_LOOP_H
#define SIGNPOST_INDEXER_WATCH_LOOP_H

#include "options.h"

/* Returns the exit code: 0 when progress->cancel was set by a signal; that of the run when the
   first fails, but for the lock: who stays waits until another run gives it up. Later failures are
   said, and tried again at the next change or after some seconds. */
int sp_watch_loop(const sp_indexer_options *options, sp_run_progress *progress);

#endif
