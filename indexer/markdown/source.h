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
#ifndef SIGNPOST_INDEXER_SOURCE_H
#define SIGNPOST_INDEXER_SOURCE_H

#include <signpost/arena.h>

/* An id given by hand: `{#id}` at a heading's end, or `{: #id}` on a line of its own. */
typedef struct sp_source_id {
    uint32_t line; /* 1-based in text */
    bool own;      /* stands on the heading's own line */
    bool next;     /* an attribute list that belongs to the block after it */
    sp_bytes id;   /* empty: the attribute list names none */
} sp_source_id;

/* Which rule gives the headings on a line their ids. */
enum sp_source_rule {
    SP_RULE_NEW, /* GFM's */
    SP_RULE_OLD, /* kramdown's own: inside raw HTML marked markdown="1" */
    SP_RULE_NONE /* inside other raw HTML, where kramdown sees no heading */
};

typedef struct sp_source_row {
    uint32_t start;  /* offset in text */
    uint32_t origin; /* line of the body, 1-based */
    enum sp_source_rule rule;
} sp_source_row;

typedef struct sp_source {
    sp_str text;
    sp_source_row *rows; /* one a line of text */
    size_t row_count, row_capacity;
    sp_source_id *ids; /* by line */
    size_t id_count;
} sp_source;

enum sp_status sp_source_read(sp_source *source, sp_bytes body, sp_arena *arena,
                              sp_error *err) SP_MUST_CHECK;
void sp_source_done(sp_source *source);

/* Line `line` without its '\n'; empty when there is none. */
sp_bytes sp_source_line(const sp_source *source, uint32_t line);

/* The id given by hand to the heading on lines first to last, or empty. */
sp_bytes sp_source_id_of(const sp_source *source, uint32_t first, uint32_t last);

#endif
