// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The allocator of a test: it takes the place of malloc and its relatives for the whole process,
 * libraries and operator new included, and makes allocations fail. It also counts the allocations
 * that are not freed, and can record the call stack of each. All threads share it.
 */
#ifndef SIGNPOST_TESTS_SUPPORT_FAILING_MEMORY_H
#define SIGNPOST_TESTS_SUPPORT_FAILING_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#define FAILING_FRAMES 40

struct failing_stack {
    void *frames[FAILING_FRAMES];
    int depth;
};

/* Counts allocations from now on, and makes the nth of them fail (from 1; 0: none), or with `stays`
   also all that follow. */
void failing_start(long nth, bool stays);

/* No allocation fails any more. Returns the number of allocations since failing_start. */
long failing_stop(void);

/* The stack of the first allocation that failed; depth 0 if none did. */
const struct failing_stack *failing_stack(void);

/* The number of blocks that are allocated now, less those that were when the program started. */
long failing_live(void);

/* Records the stack of each allocation from now on. */
void failing_record(void);

/* Calls `each` with the stack of every block that was allocated since failing_record and is not
   freed. */
void failing_each_live(void (*each)(const struct failing_stack *stack, void *context),
                       void *context);

#endif
