// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Extents: where kramdown sees a block of raw HTML, from its first tag to the one that closes it.
 *
 * CommonMark ends raw HTML at a blank line, kramdown at the end tag: text right after that tag is
 * Markdown again, and headings before it are none. Linear: after a few elements that nobody closes
 * it gives up looking.
 */
#ifndef SIGNPOST_INDEXER_MARKDOWN_HTML_BLOCK_H
#define SIGNPOST_INDEXER_MARKDOWN_HTML_BLOCK_H

#include <signpost/text.h>

typedef struct sp_html_block_finder {
    sp_bytes text;
    unsigned failures; /* scans that reached the end of the text */
} sp_html_block_finder;

/* Where the block of raw HTML ends that begins at `at` (after white space), or 0 if none does.
   markdown: its first tag asks for its content to be read as Markdown. */
size_t sp_html_block_end(sp_html_block_finder *extents, size_t at, bool *markdown);

#endif
