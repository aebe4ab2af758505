// SPDX-License-Identifier: GPL-2.0-or-later
/* Source lines: the offsets of a file's lines, with which the column of a text is found if its line
   is known. Any number of threads may read an sp_source_lines. */
#ifndef SIGNPOST_INDEXER_DIAGNOSE_SOURCE_LINES_H
#define SIGNPOST_INDEXER_DIAGNOSE_SOURCE_LINES_H

#include <signpost/arena.h>

typedef struct sp_source_lines {
    sp_bytes content;
    uint32_t *starts; /* of each line */
    size_t count;
} sp_source_lines;

/* Finds the lines of `content`, which is borrowed and must be shorter than 4 GiB. The result has no
   lines if memory is out. */
sp_source_lines sp_source_lines_of(sp_bytes content, sp_arena *arena);

/* Returns line `line`, counted from 1, without its line end, or empty bytes if there is no such
   line. */
sp_bytes sp_source_lines_get(const sp_source_lines *lines, uint32_t line);

/* A search covers only this many bytes of a line, which limits the time for many searches in a very
   long line. */
#define SP_COLUMN_WINDOW 8192

/* Returns the column of the first `needle` at or after column `from`; columns are counted in bytes,
   from 1. Returns 0 if the next SP_COLUMN_WINDOW bytes of the line do not contain it. */
uint32_t sp_source_lines_find(const sp_source_lines *lines, uint32_t line, uint32_t from,
                              sp_bytes needle);

#endif
