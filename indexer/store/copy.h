// SPDX-License-Identifier: GPL-2.0-or-later
/* Copies of databases, for changes that are to be looked at before readers see them. */
#ifndef SIGNPOST_INDEXER_STORE_COPY_H
#define SIGNPOST_INDEXER_STORE_COPY_H

#include <signpost/error.h>

/* Copies the files of a database's folder to the folder `to`, which must not exist, and syncs them.
   The database may be committed to meanwhile: SP_STALE when it was, and SP_NOT_FOUND when it went
   away; then the copy is of no use. What was begun stays for the caller to remove. */
enum sp_status sp_database_copy(const char *from, const char *to, sp_error *err) SP_MUST_CHECK;

/* Syncs the names in a folder. */
enum sp_status sp_folder_sync(const char *folder, sp_error *err) SP_MUST_CHECK;

#endif
