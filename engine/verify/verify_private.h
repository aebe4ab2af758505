// SPDX-License-Identifier: GPL-2.0-or-later
/* Shared by the files in this folder only: verifying all files of a database. */
#ifndef SIGNPOST_ENGINE_VERIFY_VERIFY_PRIVATE_H
#define SIGNPOST_ENGINE_VERIFY_VERIFY_PRIVATE_H

#include <signpost/verify.h>

/* How often something that looks damaged is read again: a run may be writing it. */
#define SP_LOOKS_MAX 4

/* Like sp_verify_database, but goes on after a file that is damaged or cannot be verified, and
   calls `fault` for each of them. Their statuses are SP_DAMAGED, SP_STALE and SP_IO. `err` is
   filled for other statuses only. */
enum sp_status sp_verify_files(int folder, const char *database, const atomic_bool *cancel,
                               sp_verify_fault fault, void *context, sp_error *err) SP_MUST_CHECK;

#endif
