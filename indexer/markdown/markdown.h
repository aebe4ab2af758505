// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads Markdown into the text, sections and mentions of a post.
 *
 * cmark parses Markdown, libxml2 raw HTML; the marks of kramdown and Liquid leave no words. Time is
 * linear in the input: deep nesting and unclosed raw HTML or images, for which cmark is quadratic,
 * are read as plain text. NUL and bytes that are not UTF-8 become U+FFFD. Any number of threads may
 * read at the same time, each with its own arena.
 */
#ifndef SIGNPOST_INDEXER_MARKDOWN_MARKDOWN_H
#define SIGNPOST_INDEXER_MARKDOWN_MARKDOWN_H

#include "notes.h"

typedef struct sp_markdown_input {
    sp_bytes path;       /* for messages */
    sp_bytes body;       /* the file without its front matter; any bytes */
    uint32_t first_line; /* of body in the file, 1-based */
    sp_bytes title; /* first block of the text; empty: the first level-1 heading is the title */
    sp_bytes fallback_title; /* the title if both are missing; may be empty */
    sp_bytes site_host;      /* the site's own host: links to it are not resources; may be empty */
    sp_notes *notes;         /* filled, unless NULL */
} sp_markdown_input;

/* Sets text, title, sections, lines and mentions of *post, with memory from arena; leaves its other
   members unchanged. A heading that Jekyll does not see (indented, or inside raw HTML) is a section
   without an anchor. Returns SP_BAD_INPUT with line and column for more than 1 GiB of text, else
   SP_OK or SP_NO_MEMORY. */
enum sp_status sp_markdown_read(const sp_markdown_input *input, sp_arena *arena, sp_post *post,
                                sp_error *err) SP_MUST_CHECK;

#endif
