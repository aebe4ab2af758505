// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Memory: the failed allocations of a thread.
 *
 * sp_str and sp_arena remember their own failures. But a function that returns a truth or a number,
 * and has a string of its own, cannot report the string's failure: its result is then a guess. So
 * failures are also counted for each thread. A task that gives an answer or writes an index
 * compares the count before and after, and gives nothing if the count has changed.
 */
#ifndef SIGNPOST_MEMORY_H
#define SIGNPOST_MEMORY_H

#include <signpost/error.h>

/* The number of allocations of this thread that have failed so far: those of sp_str and sp_arena,
   and those of libraries that make the content of one. */
size_t sp_memory_failures(void);

/* Counts a failure. */
void sp_memory_failed(void);

/* SP_NO_MEMORY if an allocation of this thread failed since the count was `before`, else SP_OK. */
enum sp_status sp_memory_check(size_t before, sp_error *err) SP_MUST_CHECK;

#endif
