// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Anchors: the ids that Jekyll gives headings.
 *
 * The rules are those of kramdown with GFM input (`auto_ids`), found by experiment and recorded in
 * tests: the text is converted to lower case; letters, marks, digits, connector punctuation and '-'
 * stay, spaces become '-', other characters are dropped; the second heading with the same text gets
 * "-1". Headings inside raw HTML marked `markdown="1"` follow kramdown's older rule.
 */
#ifndef SIGNPOST_INDEXER_MARKDOWN_ANCHOR_H
#define SIGNPOST_INDEXER_MARKDOWN_ANCHOR_H

#include "engine/base/table.h"

#include <signpost/arena.h>

/* The ids used so far in one post, each with the number of headings that would have the id if no
   suffix such as "-1" were added. */
typedef struct sp_anchors {
    struct sp_anchor_count *items; /* in the arena */
    size_t capacity, count;
    sp_table table; /* of items, by id */
} sp_anchors;

void sp_anchors_done(sp_anchors *anchors);

/* Returns the id of the next heading, allocated in arena. raw: the heading's text without markup.
   The id is empty if Jekyll writes no id, or if memory is out. */
sp_bytes sp_anchors_next(sp_anchors *anchors, sp_arena *arena, sp_bytes raw);

/* Like sp_anchors_next, but follows kramdown's older rule: the id has only ASCII characters, from
   the first letter on, or is "section" if nothing is left. These ids are counted separately, so
   pass another sp_anchors. */
sp_bytes sp_anchors_next_old(sp_anchors *anchors, sp_arena *arena, sp_bytes raw);

#endif
