// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Front matter: the YAML between two `---` lines at the beginning of a post, found as Jekyll finds
 * it.
 */
#ifndef SIGNPOST_INDEXER_SITE_FRONT_MATTER_PARSER_H
#define SIGNPOST_INDEXER_SITE_FRONT_MATTER_PARSER_H

#include "yaml_tree.h"

typedef struct sp_front_matter {
    bool opened;         /* the first line is `---`, which makes the file a page for Jekyll */
    bool has_mark;       /* the content begins with a byte order mark */
    sp_bytes yaml;       /* between the lines; empty if the second is missing */
    uint32_t yaml_line;  /* line of yaml in the file, 1-based */
    sp_bytes body;       /* after the front matter; all content if the front matter is not closed */
    uint32_t first_line; /* line of body in the file, 1-based */
} sp_front_matter;

/* Splits content; the result points into it. A line of `---` or `...` closes the front matter. */
sp_front_matter sp_front_matter_find(sp_bytes content);

/* Parses the front matter, of at most 64 KB and 8 levels, without aliases. Sets *out to NULL if
   there is no front matter. Returns SP_BAD_INPUT if it is invalid or not a mapping. */
enum sp_status sp_front_matter_read(const sp_front_matter *found, const char *path, sp_arena *arena,
                                    const sp_yaml **out, sp_error *err) SP_MUST_CHECK;

#endif
