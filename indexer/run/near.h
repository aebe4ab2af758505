// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The prose that a resource inherits from a post: the blocks near its link. A link in running text
 * inherits its block, a link in a list the last block before the list, and both the first block of
 * their section, and of the heading above a label.
 *
 * The mentions of a post are visited in their order, so that a post with thousands of links takes
 * linear time.
 */
#ifndef SIGNPOST_INDEXER_RUN_NEAR_H
#define SIGNPOST_INDEXER_RUN_NEAR_H

#include <signpost/resource.h>

/* The most bytes of prose that one mention inherits: some 60 words. In a trial on six judged sites,
   limits from 0 to 8192 bytes gave nearly the same relevance (nDCG@10 .731 to .741), but an index
   that was a third larger at 8192. */
#define SP_NEAR_MAX 400

typedef struct sp_near {
    const sp_post *post;
    uint32_t section;      /* of the last mention visited; SP_NO_SECTION: none yet */
    sp_range first;        /* the first block of that section */
    sp_range block, intro; /* the current block, and the last one before it without listed links */
    bool listed;           /* the current block has a listed link */
} sp_near;

void sp_near_begin(sp_near *near, const sp_post *post);

/* Visits the next mention of the post. If `out` is not NULL, sets out->prose, at most `max` bytes,
   and out->lines, with memory from arena. */
void sp_near_visit(sp_near *near, const sp_mention *mention, size_t max, sp_arena *arena,
                   sp_resource_mention *out);

#endif
