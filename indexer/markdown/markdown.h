// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Markdown to the text, sections and mentions of a post.
 *
 * cmark parses; raw HTML goes through libxml2's HTML parser; kramdown's and Liquid's own marks give
 * no words. Linear in the input: what would make cmark quadratic (deep nesting, unclosed raw HTML
 * or images) is read as plain text. NUL and bytes that are not UTF-8 become U+FFFD. Any number of
 * threads may read at once, each with an arena of its own.
 */
#ifndef SIGNPOST_INDEXER_MARKDOWN_MARKDOWN_H
#define SIGNPOST_INDEXER_MARKDOWN_MARKDOWN_H

#include "notes.h"

typedef struct sp_markdown_input {
    sp_bytes path;       /* for messages */
    sp_bytes body;       /* the file without its front matter; any bytes */
    uint32_t first_line; /* of body in the file, 1-based */
    sp_bytes title; /* becomes the first block of the text; empty: first level-1 heading, if any */
    sp_bytes fallback_title; /* the title where both are missing; may be empty */
    sp_bytes site_host;      /* links to it are the site's own and no resources; may be empty */
    sp_notes *notes;         /* NULL, or filled */
} sp_markdown_input;

/* Fills text, title, sections, lines and mentions of *post from arena; the rest of *post is left
   alone. A heading that Jekyll does not see (indented, or inside raw HTML) is a section without an
   anchor. SP_BAD_INPUT with line and column for more than a GiB of text, else only SP_NO_MEMORY. */
enum sp_status sp_markdown_read(const sp_markdown_input *input, sp_arena *arena, sp_post *post,
                                sp_error *err) SP_MUST_CHECK;

#endif
