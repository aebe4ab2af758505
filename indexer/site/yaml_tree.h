// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * YAML, as much of it as settings and front matter need: text to an immutable tree in an arena.
 *
 * Read by libyaml's events, never by its documents, because a document expands aliases without
 * bound; size and depth are bounded too, and what exceeds them is refused before it costs time. The
 * tree keeps what was written: a scalar is text and whether it was quoted, and the functions below
 * read it as Ruby does (`yes` and `On` are true, `~` is nothing, a quoted "true" is a string),
 * because that is what Jekyll's sites are written for. NUL bytes that escapes bring in become
 * U+FFFD: they must not reach a URL or a term. Nodes belong to the arena and may be read by any
 * number of threads.
 */
#ifndef SIGNPOST_INDEXER_SITE_YAML_TREE_H
#define SIGNPOST_INDEXER_SITE_YAML_TREE_H

#include <signpost/arena.h>

enum sp_yaml_kind { SP_YAML_SCALAR, SP_YAML_LIST, SP_YAML_MAP };

typedef struct sp_yaml sp_yaml;
struct sp_yaml {
    enum sp_yaml_kind kind;
    bool quoted;           /* scalar: written with quotes or as a block, so always a string */
    uint32_t line, column; /* 1-based, in the file */
    sp_bytes text;         /* scalar: valid UTF-8 without NUL */
    size_t count;          /* list: items; map: pairs */
    sp_bytes *keys;        /* map: `count` of them, as written, repeated ones too */
    const sp_yaml **items; /* list: items; map: values */
};

typedef struct sp_yaml_limits {
    size_t bytes;   /* a longer text is refused */
    unsigned depth; /* lists and maps inside each other */
    bool aliases;   /* `*name` is followed; else it is refused */
} sp_yaml_limits;

/* Reads the first document of `text`, which begins on line `first_line` of the file `path` (for
   messages). *out is NULL when the document is empty. SP_BAD_INPUT with line and column. */
enum sp_status sp_yaml_read(sp_bytes text, const char *path, uint32_t first_line,
                            const sp_yaml_limits *limits, sp_arena *arena, const sp_yaml **out,
                            sp_error *err) SP_MUST_CHECK;

/* In all that follows, node may be NULL, which reads as nothing. */

/* The value of a map's key, the last one if it is repeated, `<<` looked through; NULL if there is
   none or node is no map. */
const sp_yaml *sp_yaml_get(const sp_yaml *node, const char *key);

/* Nothing: NULL, `~`, `null` or an empty plain scalar. */
bool sp_yaml_is_null(const sp_yaml *node);

/* A scalar's text; "" for nothing, lists and maps. */
sp_bytes sp_yaml_text(const sp_yaml *node);

/* As Ruby's to_s of what Psych makes of it: `yes` is "true". Else as sp_yaml_text. */
sp_bytes sp_yaml_string(const sp_yaml *node);

bool sp_yaml_is_true(const sp_yaml *node);  /* plain true, yes, on */
bool sp_yaml_is_false(const sp_yaml *node); /* plain false, no, off */

/* What Ruby's `if` takes for true: all but nothing and false. */
bool sp_yaml_is_truthy(const sp_yaml *node);

#endif
