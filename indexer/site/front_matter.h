// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Front matter: the YAML between `---` lines that a post begins with, found as Jekyll finds it.
 */
#ifndef SIGNPOST_INDEXER_SITE_FRONT_MATTER_H
#define SIGNPOST_INDEXER_SITE_FRONT_MATTER_H

#include "yaml_tree.h"

typedef struct sp_front_matter {
    bool opened;         /* the first line is `---`: what makes a page of a file, for Jekyll */
    bool has_mark;       /* a byte order mark stands before everything */
    sp_bytes yaml;       /* between the lines; empty when it is never closed */
    uint32_t yaml_line;  /* of yaml, 1-based */
    sp_bytes body;       /* all but the block; all of it when it is never closed */
    uint32_t first_line; /* of body */
} sp_front_matter;

/* Takes content apart; everything points into it. Closed by a line of `---` or `...`. */
sp_front_matter sp_front_matter_find(sp_bytes content);

/* Reads it, with the bounds of front matter (64 KB, 8 levels, no aliases). *out is NULL when there
   is none; SP_BAD_INPUT when it is broken or no map. */
enum sp_status sp_front_matter_read(const sp_front_matter *found, const char *path, sp_arena *arena,
                                    const sp_yaml **out, sp_error *err) SP_MUST_CHECK;

#endif
