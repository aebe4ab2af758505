// SPDX-License-Identifier: GPL-2.0-or-later
/* Shared by the files in this folder only: verifying all files of a database. */
#ifndef SIGNPOST_ENGINE_VERIFY_VERIFY_PRIVATE_H
#define SIGNPOST_ENGINE_VERIFY_VERIFY_PRIVATE_H

#include <signpost/verify.h>

/* How often something that looks damaged is read again: a run may be writing it. */
#define SP_LOOKS_MAX 4

/* Whether the status is that of a file that is damaged or cannot be verified: SP_DAMAGED, SP_STALE
   or SP_IO. The other files can be verified all the same. */
bool sp_is_fault(enum sp_status status);

/* Verifies a database. files: its open folder. folder, database: where its checksums are (sums.h).
   Calls `fault` for each file that is damaged or cannot be verified, and goes on after it; if
   `fault` is NULL, the first one ends the verification. */
enum sp_status sp_verify_files(int files, int folder, const char *database,
                               const atomic_bool *cancel, sp_verify_fault fault, void *context,
                               sp_error *err) SP_MUST_CHECK;

/* Whether the name of the database still leads to the open folder. */
bool sp_index_place_is_current(const sp_index_place *place);

#endif
