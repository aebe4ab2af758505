// SPDX-License-Identifier: GPL-2.0-or-later
/* Where the lines of a file begin, to find the column of what is known by its line. */
#ifndef SIGNPOST_INDEXER_DIAGNOSE_SOURCE_LINES_H
#define SIGNPOST_INDEXER_DIAGNOSE_SOURCE_LINES_H

#include <signpost/arena.h>

typedef struct sp_source_lines {
    sp_bytes content;
    uint32_t *starts; /* of each line */
    size_t count;
} sp_source_lines;

/* content: less than 4 GiB; borrowed. No lines when memory is out. */
sp_source_lines sp_source_lines_of(sp_bytes content, sp_arena *arena);

/* Without its line end; empty when there is no such line. Lines count from 1. */
sp_bytes sp_source_lines_at(const sp_source_lines *lines, uint32_t line);

/* Column (from 1, in bytes) of the first `needle` that begins at or after column `from`; 0 when the
   line has none, or none in the next SP_COLUMN_WINDOW bytes: whoever looks for many things in one
   endless line is to be done in time. */
#define SP_COLUMN_WINDOW 8192
uint32_t sp_source_lines_find(const sp_source_lines *lines, uint32_t line, uint32_t from,
                              sp_bytes needle);

#endif
