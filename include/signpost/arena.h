// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Arena: memory that is freed all at once.
 *
 * A post read from a file is dozens of small strings and arrays that live and die together; they
 * are taken from one arena and never freed one by one. Failure is sticky as with sp_str: every
 * function returns NULL (or empty bytes) from the first failure on, and sp_arena_check says so
 * once. One arena belongs to one thread at a time.
 */
#ifndef SIGNPOST_ARENA_H
#define SIGNPOST_ARENA_H

#include <signpost/text.h>

typedef struct sp_arena {
    struct sp_arena_block *blocks; /* newest first */
    bool failed;
} sp_arena;

void sp_arena_done(sp_arena *arena);

/* Forgets all allocations but keeps the newest block for reuse. */
void sp_arena_clear(sp_arena *arena);

/* Makes the next allocations, up to `size` bytes of them, come from one block of just that size:
   for what is kept long. sp_arena_used tells how much that is of an arena with the same content. */
void sp_arena_reserve(sp_arena *arena, size_t size);

/* Bytes that have been allocated, with what aligning them took. */
size_t sp_arena_used(const sp_arena *arena);

/* Zeroed, aligned for any type; NULL when memory is out. size 0 gives a unique pointer. */
void *sp_arena_alloc(sp_arena *arena, size_t size);

/* `count` zeroed elements of `size` bytes, NULL also when the product overflows. */
void *sp_arena_array(sp_arena *arena, size_t count, size_t size);

/* A grown copy of an arena array for `*capacity` elements or more: use as
   items = sp_arena_grow(arena, items, &capacity, count + 1, sizeof *items). The old one stays valid
   until the arena is done. NULL when memory is out. */
void *sp_arena_grow(sp_arena *arena, void *items, size_t *capacity, size_t needed, size_t size);

/* A NUL-terminated copy. */
sp_bytes sp_arena_copy(sp_arena *arena, sp_bytes bytes);

/* A copy of what str holds; marks the arena failed when str is. */
sp_bytes sp_arena_copy_str(sp_arena *arena, const sp_str *str);

enum sp_status sp_arena_check(const sp_arena *arena, sp_error *err) SP_MUST_CHECK;

#endif
