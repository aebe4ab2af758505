// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The index directory as `indexer` keeps it (schema.h): one run at a time, generations, and
 * publishing a new one so that readers see the old or the new and nothing between.
 */
#ifndef SIGNPOST_INDEXER_STORE_STORE_H
#define SIGNPOST_INDEXER_STORE_STORE_H

#include <signpost/text.h>

typedef struct sp_store sp_store;

/* Creates the directory if need be, takes its lock and removes what an interrupted run left.
   SP_LOCKED, naming the holder, when another run has it; SP_BAD_ARGUMENT for a directory that holds
   other things than an index, SP_DAMAGED when it does not say which generation holds. The lock goes
   when the store is closed or the process ends, however it ends. */
enum sp_status sp_store_open(const char *directory, sp_store **out, sp_error *err) SP_MUST_CHECK;
void sp_store_close(sp_store *store);

/* Whether an index is there to be compared with. */
bool sp_store_has_index(const sp_store *store);

/* The folder of the index, open; borrowed. */
int sp_store_folder(const sp_store *store);

/* Beside the databases: what the last run knew of the files, and what the next will (manifest.h).
 */
#define SP_MANIFEST "manifest"
#define SP_NEW_MANIFEST "manifest.new"

/* The new manifest takes the other's name, or goes. Where it cannot it stays, which does no harm:
   which of the two holds is told by the revision that it names. */
void sp_store_commit_manifest(sp_store *store);
void sp_store_drop_new_manifest(sp_store *store);

/* Whether the directory is still what goes by its name: if not, what is written by that name would
   be written to another index. SP_IO. */
enum sp_status sp_store_check_place(const sp_store *store, sp_error *err) SP_MUST_CHECK;

/* Appends the path of the database that readers see. */
void sp_store_database(const sp_store *store, sp_str *out);

/* The same of an index that this program does not hold: it may change at any time. SP_NOT_FOUND, or
   SP_BAD_ARGUMENT for what indexer did not make. */
enum sp_status sp_store_find_database(const char *directory, sp_str *out,
                                      sp_error *err) SP_MUST_CHECK;

/* Removes a tree below the folder `at`. Follows no link. What cannot be removed stays. */
void sp_store_remove_tree(int at, const char *name);

/* Bytes of the files in a database's folder; 0 where it cannot be read. */
uint64_t sp_store_size(const char *database);

/* Directory for a run's files, empty and on the index's file system, created at the first call;
   borrowed. Removed by sp_store_publish and sp_store_close. */
enum sp_status sp_store_workspace(sp_store *store, const char **out, sp_error *err) SP_MUST_CHECK;

/* Makes `database`, a complete database in the workspace, the index. All is on the disk when it
   returns SP_OK; when it fails the old index is as it was, unless the error says that the new one
   is in place but may not survive a power cut. The generation before stays for readers that are
   still at it; older ones go. */
enum sp_status sp_store_publish(sp_store *store, const char *database, sp_error *err) SP_MUST_CHECK;

#endif
