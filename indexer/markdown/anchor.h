// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Anchors: the ids that Jekyll gives headings.
 *
 * The rules are those of kramdown with GFM input (`auto_ids`), found by experiment and recorded in
 * tests: lower case, letters, marks, digits, connector punctuation, '-' and spaces stay, the rest
 * goes, spaces become '-'; the second heading of a name gets "-1". Headings inside raw HTML marked
 * `markdown="1"` follow kramdown's older rule.
 */
#ifndef SIGNPOST_INDEXER_MARKDOWN_ANCHOR_H
#define SIGNPOST_INDEXER_MARKDOWN_ANCHOR_H

#include <signpost/arena.h>

/* Ids given so far in one post, with how often each was wanted. */
typedef struct sp_anchors {
    struct sp_anchor_count *slots; /* open addressing; in the arena */
    size_t capacity, count;
} sp_anchors;

/* The id of the next heading, whose text (words without markup) is raw. May be empty: then Jekyll
   writes no id. Allocated in arena; empty when memory is out. */
sp_bytes sp_anchors_next(sp_anchors *anchors, sp_arena *arena, sp_bytes raw);

/* The same by the older rule: ASCII only, from the first letter on, "section" if nothing is left.
   It counts apart, so give it an sp_anchors of its own. */
sp_bytes sp_anchors_next_old(sp_anchors *anchors, sp_arena *arena, sp_bytes raw);

#endif
