// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Knows what indexer has made in a directory, and removes only that. A name alone proves nothing. A
 * generation is ours if its sums file names it. A generation that an earlier version made before
 * the current one is ours if its metadata has our schema. A folder of a run is ours if the lock
 * file lists it. For the run's thread.
 */
#ifndef SIGNPOST_INDEXER_STORE_LEFTOVERS_H
#define SIGNPOST_INDEXER_STORE_LEFTOVERS_H

#include <signpost/error.h>

#include <stdbool.h>

/* The name of a run's folder is this and some letters. */
#define SP_RUN_FOLDER "run."
#define SP_RUN_FOLDER_LETTERS 8

/* Checks that a directory without an index is empty, or that a run of indexer was killed there
   before it published anything. SP_BAD_ARGUMENT otherwise, naming a file. */
enum sp_status sp_check_is_empty(int folder, const char *directory, sp_error *err) SP_MUST_CHECK;

/* Whether the lock file says that indexer made the directory. Like sp_check_is_empty, it is called
   only before the lock is taken: it closes the lock file, which would release the lock. */
bool sp_directory_is_ours(int folder);

/* Returns the highest number of a generation that is ours; 0: there is none. */
unsigned long sp_generation_newest(int folder);

/* Whether a run may use the number for a new generation: nothing else has its names. */
bool sp_generation_is_free(int folder, unsigned long number);

/* Removes a generation and its sums file, if they are ours. current: the generation that readers
   see; 0: none. */
void sp_generation_remove(int folder, const char *directory, unsigned long number,
                          unsigned long current);

/* Removes what runs have left: all generations that are ours, except the current one and the one
   before it, which readers may still use; the folders that the lock file lists; and new files that
   were not renamed. current: 0: none. */
void sp_leftovers_remove(int folder, const char *directory, int lock, unsigned long current);

/* Removes the folders that the lock file lists, and takes them off the list. */
void sp_run_folders_remove(int folder, int lock);

/* Removes a file or folder with all its contents. name: relative to the open folder. Does not
   follow links, and skips files that cannot be removed. */
void sp_remove_tree(int folder, const char *name);

#endif
