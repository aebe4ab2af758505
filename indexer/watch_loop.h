// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * --watch: runs once and then after each change of the sites' files, until a signal arrives. An
 * error that several runs find is printed once.
 */
#ifndef SIGNPOST_INDEXER_WATCH_LOOP_H
#define SIGNPOST_INDEXER_WATCH_LOOP_H

#include "options.h"

/* Runs until a signal has set progress->cancel, and returns the exit code 0. If the first run
   fails, returns its exit code at once; but if another run has the lock, waits for that run to
   finish. If a later run fails, prints why, and tries again at the next change or after some
   seconds. */
int sp_watch_loop(const sp_indexer_options *options, sp_run_progress *progress);

#endif
