// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The settings `include` and `exclude`: lists of patterns that are compared with every file and
 * folder of a site. A pattern matches a path that begins with the pattern's text, a folder if the
 * pattern is the folder's path and a slash, and what File.fnmatch matches. Patterns and paths begin
 * with a slash, which stands for the site's folder.
 *
 * The texts are borrowed. Once a list is complete, any thread may use it.
 */
#ifndef SIGNPOST_INDEXER_SITE_PATTERNS_H
#define SIGNPOST_INDEXER_SITE_PATTERNS_H

#include "prefixes.h"

#include <signpost/arena.h>

/* Patterns of one list that have special characters: each has to be compared with each path that
   begins like it. */
#define SP_GLOBS_MAX 20000

typedef struct sp_patterns {
    sp_bytes *items;
    size_t count, capacity;
    size_t glob_count;
    sp_prefixes texts; /* numbers of all patterns, by their text */
    sp_prefixes globs; /* numbers of patterns with special characters, by their beginning */
} sp_patterns;

void sp_patterns_done(sp_patterns *patterns); /* the array of items belongs to the arena */

/* Returns false if memory is out. */
bool sp_patterns_add(sp_patterns *patterns, sp_arena *arena, sp_bytes pattern);

/* Whether the list contains this pattern literally. */
bool sp_patterns_have(const sp_patterns *patterns, sp_bytes pattern);

/* Whether a pattern matches the path. `slashed` is the path with a slash after it; folder: the path
   is that of a folder; steps: as in glob.h. */
bool sp_patterns_match(const sp_patterns *patterns, sp_bytes slashed, bool folder, uint64_t *steps);

#endif
