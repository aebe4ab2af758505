// SPDX-License-Identifier: GPL-2.0-or-later
/* Copies a database, so that a change can be evaluated before readers see it. */
#ifndef SIGNPOST_INDEXER_STORE_COPY_H
#define SIGNPOST_INDEXER_STORE_COPY_H

#include <signpost/error.h>

/* Copies the files of a database's folder to the folder `to`, which must not exist, and syncs them.
   SP_STALE if a commit changed the database meanwhile, SP_NOT_FOUND if the database was removed.
   cancel: see sp_check_cancel. After a failure the caller has to remove `to`. */
enum sp_status sp_database_copy(const char *from, const char *to, const atomic_bool *cancel,
                                sp_error *err) SP_MUST_CHECK;

/* Syncs the names of the files in a folder. */
enum sp_status sp_folder_sync(const char *folder, sp_error *err) SP_MUST_CHECK;

#endif
