// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Raw HTML inside Markdown, through libxml2's HTML parser, to the events of compose.h.
 *
 * Inline tags join their neighbours, block tags split blocks; <a href> gives mentions, <h1> to <h6>
 * sections (kramdown gives them no id of its own), <b> and <strong> count towards labels, <img> its
 * alt text; comments, scripts and styles give nothing. What a piece leaves open ends with it. Time
 * is linear: libxml2's is not for deep nesting, so big pieces go to it in parts.
 */
#ifndef SIGNPOST_INDEXER_MARKDOWN_HTML_H
#define SIGNPOST_INDEXER_MARKDOWN_HTML_H

#include "compose.h"

typedef struct sp_html {
    sp_compose *compose;
    struct _xmlParserCtxt *parser; /* made when first needed, used for every piece */
    bool tag_only;                 /* reading one inline tag: its start counts, nothing else */
    uint32_t line;                 /* of the piece */
    bool failed;
} sp_html;

void sp_html_done(sp_html *html);

/* A block of HTML that begins on `line`. */
void sp_html_block(sp_html *html, sp_bytes piece, uint32_t line);

/* One inline tag, comment or the like. */
void sp_html_inline(sp_html *html, sp_bytes tag);

#endif
