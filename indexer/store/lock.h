// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The lock of an index, which admits one run at a time.
 *
 * The lock is a POSIX record lock on the file `lock` in the index directory. The kernel releases
 * the lock when the process ends in any way, so a leftover lock file locks nothing. The directory
 * itself is locked, too (flock), because people remove lock files. The lock works on local disks; a
 * process must not take the same lock twice.
 */
#ifndef SIGNPOST_INDEXER_STORE_LOCK_H
#define SIGNPOST_INDEXER_STORE_LOCK_H

#include <signpost/error.h>

#define SP_LOCK_FILE "lock"

/* folder: descriptor of the index directory, borrowed; the directory stays locked until the
   descriptor is closed. directory: the name of the index directory, for messages. *out: descriptor
   of the lock file, which the caller closes after the run. SP_LOCKED if another process has the
   lock; the message names that process and its start, if known. */
enum sp_status sp_lock_acquire(int folder, const char *directory, int *out,
                               sp_error *err) SP_MUST_CHECK;

#endif
