// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Inlines: reads the text of Markdown's inline nodes, and the marks that kramdown adds to
 * CommonMark inside paragraphs.
 *
 * Span attribute lists (`{:target="_blank"}`), footnote marks (`[^1]`) and the marks of
 * strikethrough, mathematics, definitions and task boxes are removed; a bare http(s) URL in running
 * text is a link.
 */
#ifndef SIGNPOST_INDEXER_MARKDOWN_INLINES_H
#define SIGNPOST_INDEXER_MARKDOWN_INLINES_H

#include "compose.h"

typedef struct sp_inlines {
    sp_compose *compose;
    sp_str *raw;     /* in a heading: receives the text that its id is made from; else NULL */
    bool line_start; /* the next text begins a line of its paragraph */
    unsigned image;  /* number of open images: their alt text is not part of an id */
    bool table;      /* the paragraph is a table with cells separated by '|' */
} sp_inlines;

void sp_inlines_text(sp_inlines *inlines, sp_bytes text);
void sp_inlines_code(sp_inlines *inlines, sp_bytes text);

#endif
