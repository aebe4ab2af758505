// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/arena.h>
#include <signpost/memory.h>

#include <stdalign.h>
#include <stdlib.h>

#define BLOCK_SIZE ((size_t)16 * 1024)

struct sp_arena_block {
    struct sp_arena_block *older;
    size_t used, size;
    alignas(max_align_t) char data[];
};

static void
free_blocks(struct sp_arena_block *block)
{
    while (block) {
        struct sp_arena_block *older = block->older;
        free(block);
        block = older;
    }
}

void
sp_arena_done(sp_arena *arena)
{
    free_blocks(arena->blocks);
    *arena = (sp_arena){0};
}

void
sp_arena_clear(sp_arena *arena)
{
    if (arena->blocks) {
        free_blocks(arena->blocks->older);
        arena->blocks->older = NULL;
        arena->blocks->used = 0;
    }
    arena->failed = false;
}

void *
sp_arena_fail(sp_arena *arena)
{
    arena->failed = true;
    sp_memory_failed();
    return NULL;
}

/* Large zeroed blocks come from calloc, because the system provides zeroed pages that cost nothing
   until they are used. Arrays that grow by doubling use only a part of their blocks at first, so
   this saves much. */
static struct sp_arena_block *
add_block(sp_arena *arena, size_t room, bool zeroed)
{
    struct sp_arena_block *block = NULL;
    if (room <= SIZE_MAX - sizeof *block)
        block = zeroed ? calloc(1, sizeof *block + room) : malloc(sizeof *block + room);
    if (!block)
        return sp_arena_fail(arena);
    block->older = arena->blocks;
    block->used = 0;
    block->size = room;
    arena->blocks = block;
    return block;
}

void
sp_arena_reserve(sp_arena *arena, size_t size)
{
    if (!arena->failed)
        add_block(arena, size, false);
}

size_t
sp_arena_used(const sp_arena *arena)
{
    size_t used = 0;
    for (const struct sp_arena_block *block = arena->blocks; block; block = block->older)
        used += block->used;
    return used;
}

void *
sp_arena_alloc(sp_arena *arena, size_t size)
{
    if (arena->failed)
        return NULL;
    size_t rounded = (size ? size : 1) + alignof(max_align_t) - 1;
    if (rounded < size)
        return sp_arena_fail(arena);
    rounded -= rounded % alignof(max_align_t);
    struct sp_arena_block *block = arena->blocks;
    bool zeroed = false;
    if (!block || block->size - block->used < rounded) {
        zeroed = rounded > BLOCK_SIZE;
        block = add_block(arena, zeroed ? rounded : BLOCK_SIZE, zeroed);
    }
    if (!block)
        return NULL;
    void *memory = block->data + block->used;
    block->used += rounded;
    return zeroed ? memory : memset(memory, 0, rounded);
}

void *
sp_arena_array(sp_arena *arena, size_t count, size_t size)
{
    return size > 0 && count > SIZE_MAX / size ? sp_arena_fail(arena)
                                               : sp_arena_alloc(arena, count * size);
}

void *
sp_arena_grow(sp_arena *arena, void *items, size_t *capacity, size_t needed, size_t size)
{
    if (needed <= *capacity)
        return arena->failed ? NULL : items;
    size_t wanted = *capacity ? *capacity * 2 : 8;
    if (wanted < needed)
        wanted = needed;
    void *grown = sp_arena_array(arena, wanted, size);
    if (!grown)
        return NULL;
    if (*capacity > 0)
        memcpy(grown, items, *capacity * size);
    *capacity = wanted;
    return grown;
}

sp_bytes
sp_arena_copy(sp_arena *arena, sp_bytes bytes)
{
    char *copy = bytes.len < SIZE_MAX ? sp_arena_alloc(arena, bytes.len + 1) : sp_arena_fail(arena);
    if (!copy)
        return SP_LITERAL("");
    if (bytes.len > 0)
        memcpy(copy, bytes.data, bytes.len);
    return (sp_bytes){copy, bytes.len};
}

sp_bytes
sp_arena_copy_str(sp_arena *arena, const sp_str *str)
{
    if (str->failed)
        arena->failed = true;
    return sp_arena_copy(arena, sp_str_bytes(str));
}

enum sp_status
sp_arena_check(const sp_arena *arena, sp_error *err)
{
    return arena->failed ? sp_fail(err, SP_NO_MEMORY, "out of memory") : SP_OK;
}
