// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Verifying an index: reading all its files and comparing them with their checksums (sums.h).
 *
 * Verifying takes no lock. A run may change the index meanwhile; then the verification goes on with
 * the new checksums, or begins again with the new database. For any thread.
 */
#ifndef SIGNPOST_VERIFY_H
#define SIGNPOST_VERIFY_H

#include <signpost/index_directory.h>

#include <stdatomic.h>
#include <stdbool.h>

/* Verifies the database of an index: the files of place->folder, whatever its name leads to by now.
   SP_DAMAGED, with the first damaged file, if a file differs from its checksums; SP_STALE if the
   database cannot be verified, because it has no checksums or those of an earlier commit, or is a
   single file; SP_IO if a file cannot be read; SP_NOT_FOUND if the database was removed or replaced
   meanwhile, so that its checksums are no longer there. cancel: see sp_check_cancel. */
enum sp_status sp_verify_place(const sp_index_place *place, const atomic_bool *cancel,
                               sp_error *err) SP_MUST_CHECK;

typedef void (*sp_verify_fault)(void *context, const sp_error *fault);

/* Verifies the index at a path: its stub file, the database that readers see, the previous one, and
   the manifest; or, if the path is that of a database, that database. Calls `fault` for each file
   and folder that is damaged or cannot be verified, also because it cannot be read. SP_OK: the
   index is whole. SP_DAMAGED: `fault` was called. Other statuses: the index is missing, or memory
   is out. */
enum sp_status sp_verify_index(const char *path, sp_verify_fault fault, void *context,
                               sp_error *err) SP_MUST_CHECK;

#endif
