// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Prepare: turns the bytes of a post into text for a CommonMark parser.
 *
 * UTF-8 is repaired (NUL becomes U+FFFD, as in CommonMark), line ends become '\n', and Liquid and
 * kramdown's additions that take whole lines (attribute lists, extensions, abbreviations, footnote
 * marks) are removed. Deep indentation, many container marks on a line and many unclosed images,
 * for which the parser's time is more than linear, are limited without losing words (nesting.h).
 * Each row of the result has the number of its line in the body. sp_prepared owns `text`; the arena
 * owns the other memory.
 */
#ifndef SIGNPOST_INDEXER_MARKDOWN_PREPARE_H
#define SIGNPOST_INDEXER_MARKDOWN_PREPARE_H

#include <signpost/arena.h>

/* An id that the author wrote: `{#id}` at a heading's end, or `{: #id}` on a separate line. */
typedef struct sp_prepared_id {
    uint32_t line;   /* 1-based in text */
    bool on_heading; /* `{#id}` on the heading's line */
    bool for_next;   /* the id is in an attribute list before its block */
    sp_bytes id;     /* empty: the attribute list has no id */
} sp_prepared_id;

/* The rule by which headings on a line get their ids. */
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
    sp_prepared_row *rows; /* one for each line of text */
    size_t row_count, row_capacity;
    sp_prepared_id *ids; /* by line */
    size_t id_count;
} sp_prepared;

enum sp_status sp_prepare(sp_prepared *prepared, sp_bytes body, sp_arena *arena,
                          sp_error *err) SP_MUST_CHECK;
void sp_prepared_done(sp_prepared *prepared);

/* Returns line `line` of text, without its '\n', or empty bytes if there is no such line. */
sp_bytes sp_prepared_line(const sp_prepared *prepared, uint32_t line);

/* Returns the id that the author gave to the heading on the lines from `first` to `last`, or empty
   bytes if there is no such id. */
sp_bytes sp_prepared_id_of(const sp_prepared *prepared, uint32_t first, uint32_t last);

#endif
