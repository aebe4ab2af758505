// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Gathering: the mentions of all posts of a run, made into resources.
 *
 * A batch takes the mentions of the posts that one thread reads; sp_gather puts the batches
 * together. What a batch keeps of a post (names, descriptions, the prose of sections with links) is
 * copied, so the post can go.
 */
#ifndef SIGNPOST_INDEXER_RUN_GATHER_H
#define SIGNPOST_INDEXER_RUN_GATHER_H

#include <signpost/resource.h>

/* Of a section's prose at most so much is inherited by the resources in it; bytes, whole blocks. */
#define SP_PROSE_MAX 8192

typedef struct sp_batch_mention {
    sp_bytes canonical, url;
    sp_resource_mention mention;
} sp_batch_mention;

typedef struct sp_batch {
    sp_arena arena;
    sp_batch_mention *mentions;
    size_t count, capacity;
} sp_batch;

/* Adds the post's mentions: all, or with `only` not NULL those of these resources (canonical URLs,
   ascending). Links to the post's own URLs have been left out before. */
enum sp_status sp_batch_add(sp_batch *batch, const sp_post *post, const sp_bytes *only,
                            size_t only_count, sp_error *err) SP_MUST_CHECK;
void sp_batch_done(sp_batch *batch);

typedef struct sp_resources {
    sp_resource *items; /* ascending by canonical URL */
    size_t count;
    sp_arena arena; /* holds the list; names and prose stay the batches' */
} sp_resources;

/* Mentions of a resource keep the order of the batches and of the posts in them. */
enum sp_status sp_gather(const sp_batch *batches, size_t count, sp_resources *out,
                         sp_error *err) SP_MUST_CHECK;

#endif
