// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * HTML blocks: finds the blocks of raw HTML that kramdown sees, each from its first tag to the end
 * tag that closes it.
 *
 * CommonMark ends raw HTML at a blank line, kramdown at the end tag: text right after that tag is
 * Markdown again, and lines before that tag are never headings. Time is linear, because after a few
 * elements that are never closed no further blocks are found.
 */
#ifndef SIGNPOST_INDEXER_MARKDOWN_HTML_BLOCK_H
#define SIGNPOST_INDEXER_MARKDOWN_HTML_BLOCK_H

#include <signpost/text.h>

typedef struct sp_html_block_finder {
    sp_bytes text;
    unsigned failures; /* scans that reached the end of the text */
} sp_html_block_finder;

/* Returns the end of the block of raw HTML that begins at `at`, or 0 if no block begins there. `at`
   must be after the white space of the line. Sets *markdown to whether the first tag has an
   attribute that makes its content Markdown. */
size_t sp_html_block_end(sp_html_block_finder *blocks, size_t at, bool *markdown);

#endif
