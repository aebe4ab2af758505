// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The index directory (schema.h): its lock, its generations, and the publishing of a new
 * generation, so that readers see either the old index or the new one. A store belongs to one
 * thread.
 */
#ifndef SIGNPOST_INDEXER_STORE_STORE_H
#define SIGNPOST_INDEXER_STORE_STORE_H

#include <signpost/sums.h>

typedef struct sp_store sp_store;

/* Creates the directory if it does not exist, locks it and removes what an interrupted run has left
   (leftovers.h). SP_LOCKED, naming the holder, if another run has the lock; SP_BAD_ARGUMENT if the
   directory has no index and is not empty; SP_DAMAGED if its stub file does not name a generation.
   rebuild: an index that indexer made, but whose stub file is damaged, counts as missing, unless
   the stub file is a folder, which cannot be replaced. cancel: see sp_check_cancel; ends the
   reading of a whole database, and must last as long as the store. The lock is released when the
   store is closed or the process ends in any way. */
enum sp_status sp_store_open(const char *directory, bool rebuild, const atomic_bool *cancel,
                             sp_store **out, sp_error *err) SP_MUST_CHECK;
void sp_store_close(sp_store *store);

/* Whether there is an index. */
bool sp_store_has_index(const sp_store *store);

/* Returns the descriptor of the directory; borrowed. */
int sp_store_folder(const sp_store *store);

/* The first function renames the new manifest over the old one; the second removes the new
   manifest. Failures do no harm: of two manifests, the one that names the revision of the index is
   valid. */
void sp_store_commit_manifest(sp_store *store);
void sp_store_drop_new_manifest(sp_store *store);

/* Returns SP_IO if the directory's path now leads to another directory, so that writing there would
   change another index. */
enum sp_status sp_store_check_place(const sp_store *store, sp_error *err) SP_MUST_CHECK;

/* Appends the path of the database that readers see. */
void sp_store_database(const sp_store *store, sp_str *out);

/* Appends the path of the database of an index that is not locked and may change at any time.
   SP_NOT_FOUND if there is no index; SP_DAMAGED if indexer did not make it. */
enum sp_status sp_store_find_database(const char *directory, sp_str *out,
                                      sp_error *err) SP_MUST_CHECK;

/* Returns the number of bytes in the files of a database's folder, or 0 if the folder cannot be
   read. */
uint64_t sp_store_size(const char *database);

/* Sets *out to the folder for a run's files, which is on the file system of the index; borrowed.
   The first call creates the folder; sp_store_publish, sp_store_remove_workspace and sp_store_close
   remove it. */
enum sp_status sp_store_workspace(sp_store *store, const char **out, sp_error *err) SP_MUST_CHECK;
void sp_store_remove_workspace(sp_store *store);

/* The checksums of the current generation (sums.h). sp_store_settle reads them at the beginning of
   a run, makes them if they are missing, and completes them if a run was killed while it changed
   the database. SP_DAMAGED if they or the database are damaged; SP_IO if a file cannot be read or
   written; SP_CANCELLED if the caller of sp_store_open cancelled the reading of a whole database.
   revision: of the index. */
enum sp_status sp_store_settle(sp_store *store, sp_bytes revision, sp_error *err) SP_MUST_CHECK;

/* The first function must be called before the database of the current generation is opened for
   writing, and the second after the commit, or after the database was closed without a commit.
   written: what was written in between. revision: of the index after the change. */
enum sp_status sp_store_begin_change(sp_store *store, sp_error *err) SP_MUST_CHECK;
enum sp_status sp_store_end_change(sp_store *store, const sp_written_list *written,
                                   sp_bytes revision, sp_error *err) SP_MUST_CHECK;

/* A complete database in the workspace. */
struct sp_new_database {
    const char *path;
    sp_bytes revision;              /* of the index */
    const sp_written_list *written; /* if it is a copy of the current one: what was changed */
};

/* Publishes a database as the index, with checksums. After SP_OK everything is on the disk. After a
   failure the old index stays, unless the error says that the new one is in place but can be lost
   in a power cut. Keeps the previous generation for readers that still use it and removes older
   ones. */
enum sp_status sp_store_publish(sp_store *store, const struct sp_new_database *database,
                                sp_error *err) SP_MUST_CHECK;

#endif
