// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The lock of an index: one run at a time.
 *
 * It is a POSIX record lock on the file `lock` of the folder, which the kernel releases however the
 * process ends, so that a lock file that lies about means nothing. The folder itself is locked too
 * (flock), for people remove lock files. Locks of local disks; one process takes a lock once.
 */
#ifndef SIGNPOST_INDEXER_STORE_LOCK_H
#define SIGNPOST_INDEXER_STORE_LOCK_H

#include <signpost/error.h>

#define SP_LOCK_FILE "lock"

/* Takes it. folder: of the index, open, borrowed, and locked until it is closed; directory: its
   name, for messages. *out: descriptor of the lock file, to be closed when the run is over.
   SP_LOCKED, naming the holder and when it began where that can be told, when another process has
   it. */
enum sp_status sp_lock_acquire(int folder, const char *directory, int *out,
                               sp_error *err) SP_MUST_CHECK;

#endif
