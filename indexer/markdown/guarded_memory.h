// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The memory of libraries that do not survive a failed allocation: cmark ends the process, and
 * libxml2 leaves out text, or reads the same bytes for ever.
 *
 * An sp_guarded owns all that a library allocates between sp_guarded_begin and sp_guarded_leave.
 * If an allocation fails there, or a function that the library calls uses sp_guarded_fail, control
 * returns to the setjmp, and the library's objects must not be used any more. Only functions that
 * own nothing else may be on the stack then: sp_guarded_done frees what these functions leave
 * behind, and nothing else is freed.
 *
 *     sp_guarded_begin(&memory);
 *     if (setjmp(memory.failed) == 0) {
 *         ... calls of the library ...
 *         sp_guarded_leave(&memory);
 *     } else {
 *         out of memory
 *     }
 *
 * One thread at a time uses an sp_guarded. Zero-initialise it; sp_guarded_done frees all its
 * memory.
 */
#ifndef SIGNPOST_INDEXER_MARKDOWN_GUARDED_MEMORY_H
#define SIGNPOST_INDEXER_MARKDOWN_GUARDED_MEMORY_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct sp_guarded {
    jmp_buf failed;
    struct sp_guarded_block *blocks;
    struct sp_guarded *outer; /* that the thread was in before */
} sp_guarded;

void sp_guarded_begin(sp_guarded *memory);
void sp_guarded_leave(sp_guarded *memory);
void sp_guarded_done(sp_guarded *memory);

/* Leaves the library as if an allocation had failed. Returns NULL outside of an sp_guarded. */
void *sp_guarded_fail(void);

/* What the libraries call. Outside of an sp_guarded, these are ordinary allocations. */
void *sp_guarded_malloc(size_t size);
void *sp_guarded_calloc(size_t count, size_t size);
void *sp_guarded_realloc(void *memory, size_t size);
char *sp_guarded_strdup(const char *text);
void sp_guarded_free(void *memory);

#endif
