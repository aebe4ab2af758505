// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The lock of an index, which admits one run at a time.
 *
 * The lock is a POSIX record lock on the file `lock` in the index directory, which only its owner
 * can open: anyone who can open a file for reading can lock it. The kernel releases the lock when
 * the process ends in any way, so a leftover lock file locks nothing. If somebody removes the lock
 * file, the next run takes a new lock, and the run that had the old one ends without a change. The
 * lock works on local disks; a process must not take the same lock twice.
 *
 * The lock file's content shows that indexer made the directory, and lists the folders that runs
 * have made for their own files, so that the next run can remove those of a killed run and no
 * others.
 */
#ifndef SIGNPOST_INDEXER_STORE_LOCK_H
#define SIGNPOST_INDEXER_STORE_LOCK_H

#include <signpost/text.h>

/* folder: descriptor of the index directory, borrowed. directory: the name of the index directory,
   for messages. *out: descriptor of the lock file, which the caller closes after the run. SP_LOCKED
   if another process has the lock; the message names that process and its start, if known. */
enum sp_status sp_lock_acquire(int folder, const char *directory, int *out,
                               sp_error *err) SP_MUST_CHECK;

/* libxapian, too, locks a file of each database that it writes to, and creates it for everybody to
   read. If the file does not exist, or others can open it, puts a new one in its place that only
   its owner can open. Nobody may have the database open for writing. Returns false, with errno set,
   if that is not possible. */
bool sp_lock_close_to_others(int folder, const char *database);

/* Whether the lock file of the directory is still the one that is locked. */
bool sp_lock_is_in_place(int folder, int lock);

/* Adds a folder's name to the list, before the folder is made. Returns false, with errno set, if
   that is not possible. */
bool sp_lock_list_folder(int lock, const char *name);

/* Calls `visit` for each name in the list. Returns false if the list cannot be read. */
bool sp_lock_each_folder(int lock, void (*visit)(void *context, const char *name), void *context);

/* Makes the list empty. A failure is ignored: the next run clears the list. */
void sp_lock_clear(int lock);

#endif
