// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Inlines: the text of Markdown's inline nodes, with what kramdown adds to CommonMark inside
 * paragraphs.
 *
 * Span attribute lists (`{:target="_blank"}`), footnote marks (`[^1]`) and the marks of
 * strikethrough, mathematics, definitions and task boxes give no words; a bare http(s) URL in
 * running text is a link.
 */
#ifndef SIGNPOST_INDEXER_MARKDOWN_INLINES_H
#define SIGNPOST_INDEXER_MARKDOWN_INLINES_H

#include "compose.h"

typedef struct sp_inlines {
    sp_compose *compose;
    sp_str *raw;     /* in a heading: receives the words from which its id is made; else NULL */
    bool line_start; /* the next text begins a line of its paragraph */
    unsigned image;  /* open images: their alt text is no part of an id */
    bool table;      /* the paragraph is a table: '|' parts cells */
} sp_inlines;

void sp_inlines_text(sp_inlines *inlines, sp_bytes text);
void sp_inlines_code(sp_inlines *inlines, sp_bytes text);

#endif
