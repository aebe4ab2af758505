// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes resources from the mentions in all posts of a run.
 *
 * A batch collects the mentions in the posts that one thread reads, and sp_gather joins the
 * batches. A batch copies the parts of a post that it needs (names, descriptions, the prose of
 * sections with links), so that the post can be freed. A batch belongs to one thread.
 */
#ifndef SIGNPOST_INDEXER_RUN_GATHER_H
#define SIGNPOST_INDEXER_RUN_GATHER_H

#include <signpost/resource.h>

/* The most bytes of headings that one mention copies from its post; likewise of tags and titles. */
#define SP_PROSE_MAX 8192

/* The most bytes that all mentions of a post copy together. Each mention gets an equal share, but
   at most SP_PROSE_MAX. */
#define SP_INHERITED_MAX (3 << 18)

typedef struct sp_batch_mention {
    sp_bytes canonical, url;
    sp_resource_mention mention;
} sp_batch_mention;

typedef struct sp_batch {
    sp_arena arena;
    sp_batch_mention *mentions;
    size_t count, capacity;
} sp_batch;

/* Adds the post's mentions: all if `only` is NULL, else only those of the resources in `only`
   (canonical URLs, ascending). */
enum sp_status sp_batch_add(sp_batch *batch, const sp_post *post, const sp_bytes *only,
                            size_t only_count, sp_error *err) SP_MUST_CHECK;
void sp_batch_done(sp_batch *batch);

typedef struct sp_resources {
    sp_resource *items; /* ascending by canonical URL */
    size_t count;
    sp_arena arena; /* holds the list; names and prose belong to the batches */
} sp_resources;

/* Makes the resources from the mentions in all batches. Each resource lists its mentions in the
   order of the batches and of the posts in each batch. */
enum sp_status sp_gather(const sp_batch *batches, size_t count, sp_resources *out,
                         sp_error *err) SP_MUST_CHECK;

#endif
