// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Arena: memory that is freed all at once.
 *
 * A post read from a file is dozens of small strings and arrays with the same lifetime. They are
 * allocated from one arena and never freed one by one. Failure is sticky, as with sp_str: after the
 * first failure every function returns NULL (or empty bytes), and sp_arena_check reports it. An
 * arena belongs to one thread at a time. Zero-initialise it; sp_arena_done frees it.
 */
#ifndef SIGNPOST_ARENA_H
#define SIGNPOST_ARENA_H

#include <signpost/text.h>

typedef struct sp_arena {
    struct sp_arena_block *blocks; /* newest first */
    bool failed;
} sp_arena;

void sp_arena_done(sp_arena *arena);

/* Frees all allocations, but keeps the newest block for reuse. */
void sp_arena_clear(sp_arena *arena);

/* Allocates a block of exactly `size` bytes for the next allocations, so that a long-lived arena
   wastes no memory. sp_arena_used of an arena with the same content gives the size. */
void sp_arena_reserve(sp_arena *arena, size_t size);

/* Bytes allocated so far, including padding for alignment. */
size_t sp_arena_used(const sp_arena *arena);

/* Zeroed memory, aligned for any type; NULL when memory is out. size 0 gives a unique pointer. */
void *sp_arena_alloc(sp_arena *arena, size_t size);

/* Allocates `count` zeroed elements of `size` bytes; NULL when memory is out or the product
   overflows. */
void *sp_arena_array(sp_arena *arena, size_t count, size_t size);

/* Returns the array if *capacity is at least `needed` elements, otherwise a larger copy of it:
       items = sp_arena_grow(arena, items, &capacity, count + 1, sizeof *items)
   The old array stays valid until the arena is freed. NULL when memory is out. */
void *sp_arena_grow(sp_arena *arena, void *items, size_t *capacity, size_t needed, size_t size);

/* A NUL-terminated copy. */
sp_bytes sp_arena_copy(sp_arena *arena, sp_bytes bytes);

/* A NUL-terminated copy of the content. If str has failed, the arena fails too. */
sp_bytes sp_arena_copy_str(sp_arena *arena, const sp_str *str);

/* Marks the arena failed, because there was no memory for what belongs with its content. Returns
   NULL. */
void *sp_arena_fail(sp_arena *arena);

enum sp_status sp_arena_check(const sp_arena *arena, sp_error *err) SP_MUST_CHECK;

#endif
