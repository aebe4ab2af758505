// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads raw HTML inside Markdown with libxml2's HTML parser, and sends events to compose.h.
 *
 * Text in inline tags joins the text around it; block tags split blocks; <a href> becomes a
 * mention; <h1> to <h6> become sections (kramdown gives them no ids); <b> and <strong> can become
 * labels; <img> becomes its alt text. Comments, scripts and styles are ignored. Tags left open at
 * the end of a piece are closed. For deep nesting, libxml2 takes more than linear time, so large
 * pieces are read in parts; it compares each attribute of a tag with all others, so a tag with more
 * attributes than real tags have is left out.
 */
#ifndef SIGNPOST_INDEXER_MARKDOWN_HTML_H
#define SIGNPOST_INDEXER_MARKDOWN_HTML_H

#include "compose.h"
#include "guarded_memory.h"

typedef struct sp_html {
    sp_compose *compose;
    struct _xmlParserCtxt *parser; /* made when first needed, then reused for every piece */
    bool tag_only;                 /* the piece is one inline tag: the end that libxml2 adds is
                                      ignored */
    uint32_t line;                 /* line of the current part */
    sp_guarded memory;             /* of libxml2 */
    bool too_many_attributes;      /* libxml2 was left at a tag that has too many */
    bool failed;
} sp_html;

void sp_html_done(sp_html *html);

/* Reads a block of HTML that begins on `line`. */
void sp_html_block(sp_html *html, sp_bytes piece, uint32_t line);

/* Reads one inline tag or comment. */
void sp_html_inline(sp_html *html, sp_bytes tag);

#endif
