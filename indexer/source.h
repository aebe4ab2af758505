/*
 * Source: the bytes of a post made fit for a CommonMark parser.
 *
 * UTF-8 is repaired (NUL becomes U+FFFD, as CommonMark has it), line ends become '\n', Liquid and
 * what kramdown adds to Markdown by lines (attribute lists, extensions, abbreviations, footnote
 * marks) go, and what would take the parser more than linear time is cut back: deep indentation,
 * many container marks on a line, many unclosed images. Words are never lost by that. Lines keep
 * their numbers. Memory of `text` is the struct's, the rest the arena's.
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

typedef struct sp_source {
    sp_str text;
    uint32_t *starts; /* offset of each line, and of the end as one more */
    uint32_t line_count;
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
