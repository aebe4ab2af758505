// SPDX-License-Identifier: GPL-2.0-or-later
#include "run_private.h"

#include "gather.h"

#include <stdlib.h>

/* Limits for changing the index in place. Up to about two fifths of the files, this is less work
   than a full build by two threads; but the transaction is kept in memory, about 75 KiB for each
   post. */
#define ALWAYS_FEW 50 /* up to this many changed files: always in place */
#define FEW_PART 4    /* up to a quarter of all files: in place, */
#define FEW_MAX 2000  /* unless there are more than this */

/* A post that mentions resources which may have changed. */
struct changed_part {
    sp_bytes id;
    size_t first, count; /* its mentions in the batch: all of a changed post, else only those of
                            `resources` */
};

struct incremental_state {
    struct sp_attempt *attempt;
    sp_old_index *old;
    sp_arena arena;
    sp_post_reader reader;
    sp_post_checks checks;
    sp_bytes *resources; /* canonical URLs that may have changed */
    size_t resource_count, resource_capacity;
    sp_batch batch;             /* for all parts: each batch takes a block of memory */
    struct changed_part *parts; /* the posts that changed (changed_count), then the others */
    size_t part_count, part_capacity, changed_count;
};

bool
sp_run_is_cheaper_incremental(const struct sp_run_inputs *inputs)
{
    size_t changed = 0, files = inputs->files.count;
    size_t before = sp_old_index_count(inputs->old, SP_PREFIX_POST);
    for (size_t i = 0; i < files; i++)
        changed += inputs->files.items[i].changed;
    if (before > files)
        changed += before - files;
    return changed <= ALWAYS_FEW || (changed <= files / FEW_PART && changed <= FEW_MAX);
}

/* Posts */

static void
note_resource(struct incremental_state *state, sp_bytes canonical)
{
    state->resources = sp_arena_grow(&state->arena, state->resources, &state->resource_capacity,
                                     state->resource_count + 1, sizeof *state->resources);
    if (state->resources)
        state->resources[state->resource_count++] = sp_arena_copy(&state->arena, canonical);
}

static enum sp_status
note_mentions(struct incremental_state *state, const sp_post *post, sp_error *err)
{
    for (size_t i = 0; i < post->mention_count; i++)
        note_resource(state, post->mentions[i].canonical);
    return sp_arena_check(&state->arena, err);
}

static enum sp_status
note_old_mentions(struct incremental_state *state, sp_bytes id, sp_error *err)
{
    sp_old_post *old_post;
    enum sp_status status = sp_old_index_post(state->old, id, &old_post, err);
    if (status != SP_OK)
        return status;
    status = note_mentions(state, &old_post->post, err);
    sp_old_post_free(old_post);
    return status;
}

static enum sp_status
add_part(struct incremental_state *state, const sp_post *post, const sp_bytes *only,
         size_t only_count, sp_error *err)
{
    state->parts = sp_arena_grow(&state->arena, state->parts, &state->part_capacity,
                                 state->part_count + 1, sizeof *state->parts);
    if (!state->parts)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    struct changed_part *part = &state->parts[state->part_count++];
    *part = (struct changed_part){sp_arena_copy(&state->arena, post->path), state->batch.count, 0};
    enum sp_status status = sp_batch_add(&state->batch, post, only, only_count, err);
    part->count = state->batch.count - part->first;
    return status;
}

/* Counts a document that was added, updated or removed. */
static void
count(struct incremental_state *state, sp_run_counts *counts, const char *prefix, sp_bytes id,
      const uint64_t *before, const uint64_t *after)
{
    struct sp_attempt *attempt = state->attempt;
    uint64_t *documents = &attempt->counts.documents;
    // NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): both are set, or NULL
    if (before && after && *before == *after)
        return;
    sp_change_list_note(&attempt->changes, prefix, id, before, after);
    if (before)
        *documents -= sp_document_share(prefix, id, *before);
    if (after) // NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): likewise
        *documents += sp_document_share(prefix, id, *after);
    counts->added += !before;
    counts->updated += before && after;
    counts->removed += !after;
}

static enum sp_status
put_post(struct incremental_state *state, sp_file *file, const sp_post *post, sp_error *err)
{
    uint64_t digest;
    bool had = sp_old_index_digest(state->old, SP_PREFIX_POST, file->id, &digest);
    const uint64_t *before = had ? &digest : NULL;
    enum sp_status status =
        sp_update_post(state->attempt->update, post, before, &file->digest, err);
    if (status == SP_BAD_INPUT) { /* too long to be stored */
        sp_error fault;
        sp_fail_at(&fault, status, file->source->path.data, 0, 0, "%s", err->text);
        return sp_run_fail_file(file, &fault, err);
    }
    if (status != SP_OK || (had && digest == file->digest))
        return status;
    count(state, &state->attempt->counts.posts, SP_PREFIX_POST, file->id, before, &file->digest);
    if (had)
        status = note_old_mentions(state, file->id, err);
    if (status == SP_OK)
        status = note_mentions(state, post, err);
    return status == SP_OK ? add_part(state, post, NULL, 0, err) : status;
}

/* Removes a post from the index, if the old index contains it. */
static enum sp_status
remove_post(struct incremental_state *state, sp_bytes id, sp_error *err)
{
    uint64_t digest;
    if (!sp_old_index_digest(state->old, SP_PREFIX_POST, id, &digest))
        return SP_OK;
    enum sp_status status = note_old_mentions(state, id, err);
    if (status == SP_OK)
        status = sp_update_remove(state->attempt->update, SP_PREFIX_POST, id, err);
    if (status == SP_OK)
        status =
            add_part(state, &(sp_post){.path = id}, NULL, 0, err); /* as a post without mentions */
    count(state, &state->attempt->counts.posts, SP_PREFIX_POST, id, &digest, NULL);
    return status;
}

static enum sp_status
index_file(struct incremental_state *state, sp_file *file, sp_error *err)
{
    sp_post post;
    bool published;
    enum sp_status status = sp_check_cancel(&state->attempt->inputs->progress->cancel, err);
    if (status == SP_OK)
        status = sp_run_read(state->attempt, file, &state->reader, &state->checks, &post,
                             &published, err);
    if (status != SP_OK || (file->outcome == SP_FAILED && !file->overwritten))
        return status; /* a file that cannot be indexed any more keeps its last good post */
    return published ? put_post(state, file, &post, err) : remove_post(state, file->id, err);
}

/* Finds out which page readers get where several have the same URL, and marks as changed the files
   that must come in or go, although they are as they were. */
static enum sp_status
settle_urls(struct incremental_state *state, sp_error *err)
{
    sp_files *files = &state->attempt->inputs->files;
    sp_post_reader reader = {0};
    enum sp_status status = SP_OK;
    for (size_t i = 0; status == SP_OK && i < files->count; i++) {
        status = sp_check_cancel(&state->attempt->inputs->progress->cancel, err);
        if (status == SP_OK && files->items[i].changed)
            status = sp_run_read_urls(state->attempt, &files->items[i], &reader, err);
    }
    sp_post_reader_done(&reader);
    if (status == SP_OK)
        status = sp_files_find_overwritten(files, err);
    for (size_t i = 0; status == SP_OK && i < files->count; i++) {
        sp_file *file = &files->items[i];
        file->changed |= sp_file_is_misjudged(file);
    }
    return status;
}

/* Whether files have changed between settle_urls and index_changed so that another page has a URL
   now. The next run sees that these files have changed. */
static enum sp_status
check_urls(struct incremental_state *state, sp_error *err)
{
    sp_files *files = &state->attempt->inputs->files;
    enum sp_status status = sp_files_find_overwritten(files, err);
    if (status == SP_OK && sp_files_count_misjudged(files) > 0)
        return sp_fail(err, SP_STALE, "files changed while they were read");
    return status;
}

static enum sp_status
index_changed(struct incremental_state *state, sp_error *err)
{
    sp_files *files = &state->attempt->inputs->files;
    enum sp_status status = SP_OK;
    for (size_t i = 0; status == SP_OK && i < files->count; i++) {
        if (files->items[i].changed)
            status = index_file(state, &files->items[i], err);
        atomic_fetch_add(&state->attempt->inputs->progress->done, files->items[i].changed);
    }
    sp_attempt_count_read(state->attempt, &state->reader);
    return status;
}

static enum sp_status
remove_if_gone(void *context, sp_bytes id, sp_error *err)
{
    struct incremental_state *state = context;
    const sp_files *files = &state->attempt->inputs->files;
    enum sp_status status = sp_check_cancel(&state->attempt->inputs->progress->cancel, err);
    if (status != SP_OK || sp_files_has(files, id) || sp_files_may_hold(files, id))
        return status;
    return remove_post(state, id, err);
}

/* Resources. If a changed post mentions a resource, or did so before, that resource is gathered
   again, from the changed posts and from all other posts of the old index that mention it. */

static int
compare_urls(const void *left, const void *right)
{
    return sp_bytes_compare(*(const sp_bytes *)left, *(const sp_bytes *)right);
}

static void
sort_resources(struct incremental_state *state)
{
    size_t kept = 0;
    if (state->resource_count > 0)
        qsort(state->resources, state->resource_count, sizeof *state->resources, compare_urls);
    for (size_t i = 0; i < state->resource_count; i++) {
        if (kept == 0 || !sp_bytes_equal(state->resources[kept - 1], state->resources[i]))
            state->resources[kept++] = state->resources[i];
    }
    state->resource_count = kept;
}

static int
compare_parts(const void *left, const void *right)
{
    const struct changed_part *a = left, *b = right;
    return sp_bytes_compare(a->id, b->id);
}

static int
compare_docids(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* Lists the posts that mention any of the resources, ascending. A post is repeated for each of the
   resources that it mentions. */
static enum sp_status
list_mentioning(struct incremental_state *state, uint32_t **out, size_t *count, sp_error *err)
{
    size_t capacity = 0;
    enum sp_status status = SP_OK;
    *out = NULL;
    *count = 0;
    for (size_t i = 0; status == SP_OK && i < state->resource_count; i++) {
        uint32_t *docids;
        size_t found;
        status = sp_old_index_mentioning(state->old, state->resources[i], &state->arena, &docids,
                                         &found, err);
        if (status != SP_OK || found == 0)
            continue;
        *out = sp_arena_grow(&state->arena, *out, &capacity, *count + found, sizeof **out);
        if (!*out)
            return sp_fail(err, SP_NO_MEMORY, "out of memory");
        memcpy(*out + *count, docids, found * sizeof *docids);
        *count += found;
    }
    if (*count > 0)
        qsort(*out, *count, sizeof **out, compare_docids);
    return status;
}

static bool
has_changed(const struct incremental_state *state, sp_bytes id)
{
    const struct changed_part key = {.id = id};
    return state->changed_count > 0 &&
           bsearch(&key, state->parts, state->changed_count, sizeof key, compare_parts) != NULL;
}

static enum sp_status
add_unchanged(struct incremental_state *state, uint32_t docid, sp_error *err)
{
    sp_old_post *old_post;
    enum sp_status status = sp_check_cancel(&state->attempt->inputs->progress->cancel, err);
    if (status == SP_OK)
        status = sp_old_index_post_at(state->old, docid, &old_post, err);
    if (status != SP_OK)
        return status;
    if (!has_changed(state, old_post->post.path))
        status = add_part(state, &old_post->post, state->resources, state->resource_count, err);
    sp_old_post_free(old_post);
    return status;
}

static enum sp_status
collect_parts(struct incremental_state *state, sp_error *err)
{
    uint32_t *docids;
    size_t count;
    sort_resources(state);
    state->changed_count = state->part_count;
    if (state->part_count > 0)
        qsort(state->parts, state->part_count, sizeof *state->parts, compare_parts);
    enum sp_status status = list_mentioning(state, &docids, &count, err);
    for (size_t i = 0; status == SP_OK && i < count; i++) {
        if (i == 0 || docids[i] != docids[i - 1])
            status = add_unchanged(state, docids[i], err);
    }
    if (status == SP_OK && state->part_count > 0)
        qsort(state->parts, state->part_count, sizeof *state->parts, compare_parts);
    return status;
}

static enum sp_status
gather(struct incremental_state *state, sp_resources *out, sp_error *err)
{
    sp_batch *batches = sp_arena_array(&state->arena, state->part_count, sizeof *batches);
    if (!batches)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < state->part_count; i++)
        batches[i] = state->parts[i].count > 0
                         ? (sp_batch){.mentions = &state->batch.mentions[state->parts[i].first],
                                      .count = state->parts[i].count}
                         : (sp_batch){0};
    return sp_gather(batches, state->part_count, out, err);
}

/* Updates or removes a resource. resource: NULL if no post mentions it any more. */
static enum sp_status
put_resource(struct incremental_state *state, sp_bytes canonical, const sp_resource *resource,
             sp_error *err)
{
    uint64_t digest, after;
    bool had = sp_old_index_digest(state->old, SP_PREFIX_RESOURCE, canonical, &digest);
    const uint64_t *before = had ? &digest : NULL;
    enum sp_status status = sp_check_cancel(&state->attempt->inputs->progress->cancel, err);
    if (status == SP_OK && resource)
        status = sp_update_resource(state->attempt->update, resource, before, &after, err);
    else if (status == SP_OK)
        status = sp_update_remove(state->attempt->update, SP_PREFIX_RESOURCE, canonical, err);
    if (had || resource)
        count(state, &state->attempt->counts.resources, SP_PREFIX_RESOURCE, canonical, before,
              resource ? &after : NULL);
    return status;
}

static enum sp_status
index_resources(struct incremental_state *state, sp_error *err)
{
    sp_resources resources = {0};
    size_t next = 0;
    enum sp_status status = collect_parts(state, err);
    if (status == SP_OK)
        status = gather(state, &resources, err);
    sp_run_begin_phase(state->attempt->inputs->progress, SP_PHASE_RESOURCES, state->resource_count);
    for (size_t i = 0; status == SP_OK && i < state->resource_count; i++) {
        const sp_resource *found = next < resources.count ? &resources.items[next] : NULL;
        bool is_it = found && sp_bytes_equal(found->canonical, state->resources[i]);
        status = put_resource(state, state->resources[i], is_it ? found : NULL, err);
        next += is_it;
        atomic_fetch_add(&state->attempt->inputs->progress->done, 1);
    }
    sp_arena_done(&resources.arena);
    return status;
}

/* Documents that were not made again are unchanged. */
static void
count_totals(sp_old_index *old, sp_run_counts *counts, const char *prefix)
{
    counts->total = sp_old_index_count(old, prefix) + counts->added - counts->removed;
    counts->unchanged = counts->total - counts->added - counts->updated;
}

static void
state_done(struct incremental_state *state)
{
    sp_batch_done(&state->batch);
    sp_post_reader_done(&state->reader);
    sp_post_checks_done(&state->checks);
    sp_arena_done(&state->arena);
}

enum sp_status
sp_run_incremental(struct sp_attempt *attempt, const char *database, sp_error *err)
{
    const sp_files *files = &attempt->inputs->files;
    sp_old_index *old = attempt->inputs->old;
    struct sp_attempt_counts *counts = &attempt->counts;
    struct incremental_state state = {.attempt = attempt, .old = old};
    counts->documents = sp_old_index_documents(old);
    enum sp_status status =
        sp_update_open(database, sp_files_language(files), &attempt->update, err);
    if (status == SP_OK)
        sp_update_set_weights(attempt->update, &sp_files_ranking(files)->weights);
    if (status == SP_OK)
        status = settle_urls(&state, err);
    if (status == SP_OK)
        status = index_changed(&state, err);
    if (status == SP_OK)
        status = check_urls(&state, err);
    if (status == SP_OK)
        status = sp_run_take_checks(attempt, &state.checks, err);
    if (status == SP_OK)
        status = sp_old_index_each_post(old, remove_if_gone, &state, err);
    if (status == SP_OK)
        status = index_resources(&state, err);
    count_totals(old, &counts->posts, SP_PREFIX_POST);
    count_totals(old, &counts->resources, SP_PREFIX_RESOURCE);
    state_done(&state);
    return status;
}
