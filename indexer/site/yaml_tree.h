// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The part of YAML that settings and front matter need: reads text into an immutable tree in an
 * arena.
 *
 * Uses libyaml's events, not its documents, since a document expands aliases without limit. Size,
 * depth and the number of values are limited, so input beyond the limits is rejected before it
 * costs time. The tree keeps each scalar as written, and whether it was quoted. The functions below
 * interpret scalars as Ruby does, because Jekyll's sites are written for Ruby: `yes` and `On` are
 * true, `~` is null, a quoted "true" is a string. NUL bytes from escapes become U+FFFD, since they
 * must not reach a URL or a term. Nodes belong to the arena; any number of threads may read them.
 */
#ifndef SIGNPOST_INDEXER_SITE_YAML_TREE_H
#define SIGNPOST_INDEXER_SITE_YAML_TREE_H

#include <signpost/arena.h>

enum sp_yaml_kind { SP_YAML_SCALAR, SP_YAML_LIST, SP_YAML_MAP };

typedef struct sp_yaml sp_yaml;
struct sp_yaml {
    enum sp_yaml_kind kind;
    bool quoted;           /* scalar: written in quotes or as a block, so always a string */
    uint32_t line, column; /* 1-based, in the file */
    sp_bytes text;         /* scalar: valid UTF-8 without NUL */
    size_t count;          /* list: items; map: pairs */
    sp_bytes *keys;        /* map: `count` keys as written, including repeated ones */
    const sp_yaml **items; /* list: items; map: values */
};

/* The most values in a text: scalars, lists and maps, but not the keys that are scalars. What an
   alias stands for is counted at each alias, because a walk through the tree visits it there. */
#define SP_YAML_NODES_MAX 100000

typedef struct sp_yaml_limits {
    size_t bytes;   /* maximum length; longer text is rejected */
    unsigned depth; /* maximum depth of nested lists and maps */
    bool aliases;   /* aliases (`*name`) are resolved; if false, they are rejected */
} sp_yaml_limits;

/* Reads the first document of `text`, which begins on line `first_line` of the file `path` (both
   for messages). *out is NULL if the document is empty. Returns SP_BAD_INPUT with line and column
   if the text is invalid. */
enum sp_status sp_yaml_read(sp_bytes text, const char *path, uint32_t first_line,
                            const sp_yaml_limits *limits, sp_arena *arena, const sp_yaml **out,
                            sp_error *err) SP_MUST_CHECK;

/* For all functions below, node may be NULL, which counts as null. */

/* Returns the value of a key in a map or in the maps that it merges with `<<`; the last value if
   the key is repeated. Returns NULL if the key is missing or node is not a map. */
const sp_yaml *sp_yaml_get(const sp_yaml *node, const char *key);

/* Whether node is null: NULL, `~`, `null` or an empty plain scalar. */
bool sp_yaml_is_null(const sp_yaml *node);

/* Returns the text of a scalar, and "" for null, lists and maps. */
sp_bytes sp_yaml_text(const sp_yaml *node);

/* Like sp_yaml_text, but the text of a boolean is "true" or "false", as Ruby's to_s gives it. */
sp_bytes sp_yaml_string(const sp_yaml *node);

bool sp_yaml_is_true(const sp_yaml *node);  /* plain true, yes, on */
bool sp_yaml_is_false(const sp_yaml *node); /* plain false, no, off */

/* Whether Ruby's `if` takes node for true: all values except null and false. */
bool sp_yaml_is_truthy(const sp_yaml *node);

#endif
