// SPDX-License-Identifier: GPL-2.0-or-later
/* A loop whose steps are run by several threads. */
#ifndef SIGNPOST_INDEXER_RUN_PARALLEL_H
#define SIGNPOST_INDEXER_RUN_PARALLEL_H

#include <signpost/error.h>

#include <stddef.h>

/* Runs one step, on any thread. A failure ends the loop. */
typedef enum sp_status (*sp_parallel_step)(void *context, size_t index, sp_error *err);

/* Runs steps 0 to count - 1 on at most `jobs` threads and returns when all are done. After a
   failure no further step begins, and the first failure is returned. If threads cannot be created,
   uses fewer, at least the caller's own. */
enum sp_status sp_parallel(size_t jobs, size_t count, sp_parallel_step step, void *context,
                           sp_error *err) SP_MUST_CHECK;

#endif
