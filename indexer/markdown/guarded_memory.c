// SPDX-License-Identifier: GPL-2.0-or-later
#include "guarded_memory.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Stands before each block. `link` is the place that points to it: in the block before it, or the
   owner's list; NULL if nobody owns the block. */
struct sp_guarded_block {
    alignas(max_align_t) struct sp_guarded_block *next;
    struct sp_guarded_block **link;
};

static _Thread_local sp_guarded *current;

void
sp_guarded_begin(sp_guarded *memory)
{
    memory->outer = current;
    current = memory;
}

void
sp_guarded_leave(sp_guarded *memory)
{
    current = memory->outer;
}

void
sp_guarded_done(sp_guarded *memory)
{
    while (memory->blocks) {
        struct sp_guarded_block *next = memory->blocks->next;
        free(memory->blocks);
        memory->blocks = next;
    }
}

void *
sp_guarded_fail(void)
{
    sp_guarded *memory = current;
    if (!memory)
        return NULL;
    sp_guarded_leave(memory);
    longjmp(memory->failed, 1);
}

static void
put_in(struct sp_guarded_block *block, struct sp_guarded_block **link)
{
    block->link = link;
    if (!link)
        return;
    block->next = *link;
    if (block->next)
        block->next->link = &block->next;
    *link = block;
}

static void
take_out(struct sp_guarded_block *block)
{
    if (!block->link)
        return;
    *block->link = block->next;
    if (block->next)
        block->next->link = block->link;
}

static void *
owned(struct sp_guarded_block *block)
{
    if (!block)
        return sp_guarded_fail();
    put_in(block, current ? &current->blocks : NULL);
    return block + 1;
}

void *
sp_guarded_malloc(size_t size)
{
    bool fits = size <= SIZE_MAX - sizeof(struct sp_guarded_block);
    return owned(fits ? malloc(sizeof(struct sp_guarded_block) + size) : NULL);
}

void *
sp_guarded_calloc(size_t count, size_t size)
{
    bool fits = size == 0 || count <= (SIZE_MAX - sizeof(struct sp_guarded_block)) / size;
    return owned(fits ? calloc(1, sizeof(struct sp_guarded_block) + count * size) : NULL);
}

/* The block stays with the one who owned it. */
void *
sp_guarded_realloc(void *memory, size_t size)
{
    if (!memory)
        return sp_guarded_malloc(size);
    if (size > SIZE_MAX - sizeof(struct sp_guarded_block))
        return sp_guarded_fail();
    struct sp_guarded_block *old = (struct sp_guarded_block *)memory - 1;
    struct sp_guarded_block **link = old->link;
    take_out(old);
    struct sp_guarded_block *grown = realloc(old, sizeof *old + size);
    put_in(grown ? grown : old, link);
    // cppcheck-suppress memleak ; the caller gets the memory behind the block's head
    return grown ? grown + 1 : sp_guarded_fail();
}

char *
sp_guarded_strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = sp_guarded_malloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}

void
sp_guarded_free(void *memory)
{
    if (!memory)
        return;
    struct sp_guarded_block *block = (struct sp_guarded_block *)memory - 1;
    take_out(block);
    free(block);
}
