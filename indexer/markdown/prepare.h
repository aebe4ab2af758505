// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Source: the bytes of a post made fit for a CommonMark parser.
 *
 * UTF-8 is repaired (NUL becomes U+FFFD, as CommonMark has it), line ends become '\n', Liquid and
 * what kramdown adds to Markdown by lines (attribute lists, extensions, abbreviations, footnote
 * marks) go, and what would take the parser more than linear time is cut back: deep indentation,
 * many container marks on a line, many unclosed images. Words are never lost by that. Each line
 * knows the line of the body that it came from. Memory of `text` is the struct's, the rest the
 * arena's.
 */
#ifndef SIGNPOST_INDEXER_MARKDOWN_PREPARE_H
#define SIGNPOST_INDEXER_MARKDOWN_PREPARE_H

#include <signpost/arena.h>

/* An id given by hand: `{#id}` at a heading's end, or `{: #id}` on a line of its own. */
typedef struct sp_prepared_id {
    uint32_t line; /* 1-based in text */
    bool own;      /* stands on the heading's own line */
    bool next;     /* an attribute list that belongs to the block after it */
    sp_bytes id;   /* empty: the attribute list names none */
} sp_prepared_id;

/* Which rule gives the headings on a line their ids. */
enum sp_heading_id_rule {
    SP_RULE_NEW, /* GFM's */
    SP_RULE_OLD, /* kramdown's own: inside raw HTML marked markdown="1" */
    SP_RULE_NONE /* inside other raw HTML, where kramdown sees no heading */
};

typedef struct sp_prepared_row {
    uint32_t start;  /* offset in text */
    uint32_t origin; /* line of the body, 1-based */
    enum sp_heading_id_rule rule;
} sp_prepared_row;

typedef struct sp_prepared {
    sp_str text;
    sp_prepared_row *rows; /* one a line of text */
    size_t row_count, row_capacity;
    sp_prepared_id *ids; /* by line */
    size_t id_count;
} sp_prepared;

enum sp_status sp_prepare(sp_prepared *source, sp_bytes body, sp_arena *arena,
                          sp_error *err) SP_MUST_CHECK;
void sp_prepared_done(sp_prepared *source);

/* Line `line` without its '\n'; empty when there is none. */
sp_bytes sp_prepared_line(const sp_prepared *source, uint32_t line);

/* The id given by hand to the heading on lines first to last, or empty. */
sp_bytes sp_prepared_id_of(const sp_prepared *source, uint32_t first, uint32_t last);

#endif
