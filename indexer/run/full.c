// SPDX-License-Identifier: GPL-2.0-or-later
#include "run_private.h"

#include "indexer/store/leftovers.h"
#include "parallel.h"
#include "spill.h"

#include <fcntl.h>
#include <stdlib.h>

/* The next idle thread takes the next chunk of files (later: partition of resources). Its documents
   get the same place in the index whichever thread takes it. */
#define SHARDS_WANTED 100
#define SHARD_MAX 250
/* A resource has about a fifth of the terms of a post, so a shard holds more resources than
   posts. */
#define RESOURCES_PER_POST 4
#define PARTITIONS_MAX 128
#define FILES_PER_PARTITION 64

struct full_build {
    struct sp_attempt *attempt;
    size_t shard_size;
    size_t chunk_count;
    size_t *resource_shards; /* number of shards of each partition */
    sp_spill *spill;
    pthread_mutex_t mutex; /* guards all below */
    sp_shard **idle;       /* closed shards; a reopened shard keeps its cached stems */
    size_t idle_count;
};

/* Number of posts in a shard. There are about SHARDS_WANTED shards, so that many threads have work,
   but no shard has more than SHARD_MAX posts, so that each is quick to make. */
static size_t
shard_size(size_t files)
{
    size_t wanted = files / SHARDS_WANTED;
    return wanted < SP_SHARD_DOCUMENTS ? SP_SHARD_DOCUMENTS
           : wanted < SHARD_MAX        ? wanted
                                       : SHARD_MAX;
}

/* Appends the path of a shard. kind: 'p' for a chunk of posts (part 0); 'r' for part `part` of a
   partition of resources; 'm' for a merged group of shards (part 0). */
static void
name_shard(const struct sp_attempt *attempt, char kind, size_t number, size_t part, sp_str *out)
{
    sp_str_append_format(out, "%s/%c%zu.%zu", attempt->workspace->path, kind, number, part);
}

static sp_shard *
take_idle(struct full_build *build)
{
    pthread_mutex_lock(&build->mutex);
    sp_shard *shard = build->idle_count > 0 ? build->idle[--build->idle_count] : NULL;
    pthread_mutex_unlock(&build->mutex);
    return shard;
}

/* The array has room for one shard of each thread, and there are never more. */
static void
put_back(struct full_build *build, sp_shard *shard)
{
    if (!shard)
        return;
    pthread_mutex_lock(&build->mutex);
    build->idle[build->idle_count++] = shard;
    pthread_mutex_unlock(&build->mutex);
}

static enum sp_status
open_shard(struct full_build *build, char kind, size_t number, size_t part, sp_shard **out,
           sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str path = {0};
    const struct sp_attempt *attempt = build->attempt;
    const sp_files *files = &attempt->inputs->files;
    bool keeps = attempt->workspace->path != NULL;
    if (keeps)
        name_shard(attempt, kind, number, part, &path);
    if (path.failed)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    const char *directory = keeps ? path.data : NULL;
    *out = take_idle(build);
    if (*out)
        return sp_shard_reopen(*out, directory, err);
    enum sp_status status = sp_shard_open(directory, sp_files_language(files), out, err);
    if (status == SP_OK)
        sp_shard_set_weights(*out, &sp_files_ranking(files)->weights);
    return status;
}

/* Posts */

struct chunk {
    struct full_build *build;
    sp_post_reader reader;
    sp_shard *shard;
    sp_batch batch;
    sp_post_checks checks;
};

static enum sp_status
add_post(struct chunk *chunk, sp_file *file, const sp_post *post, sp_error *err)
{
    struct sp_attempt *attempt = chunk->build->attempt;
    uint64_t before;
    enum sp_status status = sp_shard_add_post(chunk->shard, post, &file->digest, err);
    if (status == SP_BAD_INPUT) { /* too long to be stored */
        sp_error fault;
        sp_fail_at(&fault, status, file->source->path.data, 0, 0, "%s", err->text);
        return sp_run_fail_file(file, &fault, err);
    }
    if (status != SP_OK)
        return status;
    bool had = sp_old_index_digest(attempt->inputs->old, SP_PREFIX_POST, file->id, &before);
    sp_attempt_count(attempt, &attempt->counts.posts, SP_PREFIX_POST, file->id,
                     had ? &before : NULL, file->digest);
    return sp_batch_add(&chunk->batch, post, NULL, 0, err);
}

/* If a file can no longer be indexed, the index keeps its last good post. */
static enum sp_status
keep_post(struct chunk *chunk, sp_file *file, sp_error *err)
{
    sp_old_post *old_post;
    struct sp_attempt *attempt = chunk->build->attempt;
    file->kept = false;
    if (file->overwritten)
        return SP_OK;
    enum sp_status status = sp_old_index_post(attempt->inputs->old, file->id, &old_post, err);
    if (status == SP_NOT_FOUND || status == SP_DAMAGED)
        return SP_OK;
    if (status != SP_OK)
        return status;
    status = sp_run_take_old_url(attempt, file, &old_post->post, err);
    if (status == SP_OK)
        status = add_post(chunk, file, &old_post->post, err);
    file->kept = status == SP_OK;
    sp_old_post_free(old_post);
    return status;
}

static enum sp_status
index_file(struct chunk *chunk, sp_file *file, sp_error *err)
{
    sp_post post;
    bool published;
    struct sp_attempt *attempt = chunk->build->attempt;
    sp_run_progress *progress = attempt->inputs->progress;
    enum sp_status status = sp_check_cancel(&progress->cancel, err);
    if (status == SP_OK)
        status = sp_run_read(attempt, file, &chunk->reader, &chunk->checks, &post, &published, err);
    if (status == SP_OK && published)
        status = add_post(chunk, file, &post, err);
    if (status == SP_OK && file->outcome == SP_FAILED)
        status = keep_post(chunk, file, err);
    atomic_fetch_add(&progress->done, 1);
    return status;
}

/* Commits the chunk if `status` is SP_OK, and frees it. */
static enum sp_status
finish_chunk(struct chunk *chunk, size_t number, enum sp_status status, sp_error *err)
{
    if (status == SP_OK)
        status = sp_shard_commit(chunk->shard, err);
    if (status == SP_OK)
        status = sp_spill_add(chunk->build->spill, number, &chunk->batch, err);
    if (status == SP_OK)
        status = sp_run_take_checks(chunk->build->attempt, &chunk->checks, err);
    sp_attempt_count_read(chunk->build->attempt, &chunk->reader);
    put_back(chunk->build, chunk->shard);
    sp_batch_done(&chunk->batch);
    sp_post_reader_done(&chunk->reader);
    sp_post_checks_done(&chunk->checks);
    return status;
}

static enum sp_status
index_chunk(void *context, size_t index, sp_error *err)
{
    struct full_build *build = context;
    const sp_files *files = &build->attempt->inputs->files;
    struct chunk chunk = {.build = build};
    size_t first = index * build->shard_size, last = first + build->shard_size;
    enum sp_status status = open_shard(build, 'p', index, 0, &chunk.shard, err);
    for (size_t i = first; status == SP_OK && i < last && i < files->count; i++)
        status = index_file(&chunk, &files->items[i], err);
    return finish_chunk(&chunk, index, status, err);
}

static enum sp_status
keep_unreadable(void *context, sp_bytes id, sp_error *err)
{
    struct chunk *chunk = context;
    const struct sp_run_inputs *inputs = chunk->build->attempt->inputs;
    sp_old_post *old_post;
    enum sp_status status = sp_check_cancel(&inputs->progress->cancel, err);
    if (status != SP_OK || sp_files_has(&inputs->files, id) ||
        !sp_files_may_hold(&inputs->files, id))
        return status;
    status = sp_old_index_post(inputs->old, id, &old_post, err);
    if (status == SP_NOT_FOUND || status == SP_DAMAGED)
        return SP_OK;
    if (status != SP_OK)
        return status;
    sp_source source = {.path = old_post->post.path};
    sp_file file = {.id = source.path, .source = &source};
    status = add_post(chunk, &file, &old_post->post, err);
    free(file.fault);
    sp_old_post_free(old_post);
    return status;
}

/* Adds a chunk with the old posts of the files and folders that cannot be read. */
static enum sp_status
index_unreadable(struct full_build *build, sp_error *err)
{
    sp_old_index *old = build->attempt->inputs->old;
    struct chunk chunk = {.build = build};
    enum sp_status status = open_shard(build, 'p', build->chunk_count, 0, &chunk.shard, err);
    if (status == SP_OK)
        status = sp_old_index_each_post(old, keep_unreadable, &chunk, err);
    return finish_chunk(&chunk, build->chunk_count++, status, err);
}

/* Resources */

static enum sp_status
add_resource(struct sp_attempt *attempt, sp_shard *shard, const sp_resource *resource,
             sp_error *err)
{
    uint64_t before, digest;
    enum sp_status status = sp_check_cancel(&attempt->inputs->progress->cancel, err);
    if (status == SP_OK)
        status = sp_shard_add_resource(shard, resource, &digest, err);
    if (status != SP_OK)
        return status;
    bool had =
        sp_old_index_digest(attempt->inputs->old, SP_PREFIX_RESOURCE, resource->canonical, &before);
    sp_attempt_count(attempt, &attempt->counts.resources, SP_PREFIX_RESOURCE, resource->canonical,
                     had ? &before : NULL, digest);
    return SP_OK;
}

/* Writes the shard for one part of a partition's resources. */
static enum sp_status
index_part(struct full_build *build, const sp_resources *resources, size_t partition, size_t part,
           sp_error *err)
{
    sp_shard *shard = NULL;
    size_t size = build->shard_size * RESOURCES_PER_POST;
    size_t first = part * size, last = first + size;
    enum sp_status status = open_shard(build, 'r', partition, part, &shard, err);
    for (size_t i = first; status == SP_OK && i < last && i < resources->count; i++)
        status = add_resource(build->attempt, shard, &resources->items[i], err);
    if (status == SP_OK)
        status = sp_shard_commit(shard, err);
    put_back(build, shard);
    return status;
}

static enum sp_status
index_partition(void *context, size_t partition, sp_error *err)
{
    struct full_build *build = context;
    sp_batch batch = {0};
    sp_resources resources = {0};
    enum sp_status status = sp_spill_read(build->spill, partition, &batch, err);
    if (status == SP_OK)
        status = sp_gather(&batch, 1, &resources, err);
    size_t size = build->shard_size * RESOURCES_PER_POST;
    size_t parts = (resources.count + size - 1) / size;
    for (size_t i = 0; status == SP_OK && i < parts; i++)
        status = index_part(build, &resources, partition, i, err);
    build->resource_shards[partition] = parts;
    atomic_fetch_add(&build->attempt->inputs->progress->done, 1);
    sp_arena_done(&resources.arena);
    sp_batch_done(&batch);
    return status;
}

/* The shards and their merge */

static size_t
count_partitions(size_t files)
{
    size_t wanted = files / FILES_PER_PARTITION + 1;
    return wanted < PARTITIONS_MAX ? wanted : PARTITIONS_MAX;
}

static void
list_shard(struct sp_attempt *attempt, char kind, size_t number, size_t part)
{
    SP_AUTO(sp_str_done) sp_str path = {0};
    name_shard(attempt, kind, number, part, &path);
    attempt->shards[attempt->shard_count++] =
        sp_arena_copy_str(&attempt->inputs->files.arena, &path).data;
}

static enum sp_status
list_shards(const struct full_build *build, sp_error *err)
{
    struct sp_attempt *attempt = build->attempt;
    sp_arena *arena = &attempt->inputs->files.arena;
    size_t total = build->chunk_count, partitions = sp_spill_partitions(build->spill);
    for (size_t i = 0; i < partitions; i++)
        total += build->resource_shards[i];
    attempt->shards = sp_arena_array(arena, total, sizeof *attempt->shards);
    for (size_t i = 0; attempt->shards && i < build->chunk_count; i++)
        list_shard(attempt, 'p', i, 0);
    for (size_t i = 0; attempt->shards && i < partitions; i++) {
        for (size_t part = 0; part < build->resource_shards[i]; part++)
            list_shard(attempt, 'r', i, part);
    }
    return sp_arena_check(arena, err);
}

/* If there are more shards than can be merged at once, all threads first merge groups of shards. */
struct merge_context {
    struct sp_attempt *attempt;
    const char **groups;
    size_t group_count;
};

/* The number of a group's first shard. Group sizes differ by at most one. */
static size_t
first_of(const struct merge_context *merge, size_t group)
{
    return merge->attempt->shard_count * group / merge->group_count;
}

/* Merges a group of shards, and then removes them, because they may be gigabytes. */
static enum sp_status
merge_group(void *context, size_t group, sp_error *err)
{
    const struct merge_context *merge = context;
    sp_run_progress *progress = merge->attempt->inputs->progress;
    const char **shards = merge->attempt->shards;
    size_t first = first_of(merge, group), end = first_of(merge, group + 1);
    enum sp_status status = sp_check_cancel(&progress->cancel, err);
    if (status == SP_OK)
        status = sp_shards_merge(shards + first, end - first, merge->groups[group],
                                 &progress->cancel, err);
    for (size_t i = first; status == SP_OK && i < end; i++)
        sp_remove_tree(AT_FDCWD, shards[i]);
    atomic_fetch_add(&progress->done, 1);
    return status;
}

static enum sp_status
merge_groups(struct sp_attempt *attempt, sp_error *err)
{
    struct sp_run_inputs *inputs = attempt->inputs;
    sp_arena *arena = &inputs->files.arena;
    size_t jobs = inputs->options->jobs > 0 ? inputs->options->jobs : 1;
    size_t count = (attempt->shard_count + SP_MERGED_MAX - 1) / SP_MERGED_MAX;
    struct merge_context merge = {.attempt = attempt,
                                  .group_count = (count + jobs - 1) / jobs * jobs};
    merge.groups = sp_arena_array(arena, merge.group_count, sizeof *merge.groups);
    for (size_t i = 0; merge.groups && i < merge.group_count; i++) {
        SP_AUTO(sp_str_done) sp_str path = {0};
        name_shard(attempt, 'm', i, 0, &path);
        merge.groups[i] = sp_arena_copy_str(arena, &path).data;
    }
    enum sp_status status = sp_arena_check(arena, err);
    sp_run_begin_phase(inputs->progress, SP_PHASE_MERGE, merge.group_count);
    if (status == SP_OK)
        status = sp_parallel(jobs, merge.group_count, merge_group, &merge, err);
    attempt->shards = merge.groups;
    attempt->shard_count = merge.group_count;
    return status;
}

/* Removes the posts, so that they can be indexed again. */
static enum sp_status
discard_posts(struct full_build *build, const char *folder, sp_error *err)
{
    size_t partitions = sp_spill_partitions(build->spill);
    for (size_t i = 0; build->attempt->workspace->path && i < build->chunk_count; i++) {
        SP_AUTO(sp_str_done) sp_str path = {0};
        name_shard(build->attempt, 'p', i, 0, &path);
        if (!path.failed)
            sp_remove_tree(AT_FDCWD, path.data);
    }
    sp_spill_close(build->spill);
    build->spill = NULL;
    enum sp_status status = sp_spill_open(folder, partitions, &build->spill, err);
    return status == SP_OK ? sp_attempt_restart(build->attempt, err) : status;
}

/* Which posts have the URL of another is known only when all have been read. If the manifest does
   not name such posts, all posts are indexed a second time. */
static enum sp_status
index_posts(struct full_build *build, const char *folder, sp_error *err)
{
    struct sp_run_inputs *inputs = build->attempt->inputs;
    enum sp_status status = SP_OK;
    for (int pass = 1; status == SP_OK; pass++) {
        sp_run_begin_phase(inputs->progress, SP_PHASE_POSTS, inputs->files.count);
        status = sp_parallel(inputs->options->jobs, build->chunk_count, index_chunk, build, err);
        if (status == SP_OK)
            status = sp_files_find_overwritten(&inputs->files, err);
        if (status != SP_OK || sp_files_count_misjudged(&inputs->files) == 0)
            break;
        status = pass == 1 ? discard_posts(build, folder, err)
                           : sp_fail(err, SP_STALE, "files changed while they were read");
    }
    return status;
}

static enum sp_status
make_shards(struct full_build *build, sp_error *err)
{
    struct sp_run_inputs *inputs = build->attempt->inputs;
    const char *workspace = build->attempt->workspace->path;
    const char *folder = workspace ? workspace : sp_run_temporary_folder();
    size_t jobs = inputs->options->jobs, files = inputs->files.count;
    size_t partitions = count_partitions(files);
    build->shard_size = shard_size(files);
    build->chunk_count = (files + build->shard_size - 1) / build->shard_size;
    build->resource_shards = calloc(partitions, sizeof *build->resource_shards);
    build->idle = calloc(jobs + 1, sizeof(sp_shard *));
    if (!build->resource_shards || !build->idle)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    enum sp_status status = sp_spill_open(folder, partitions, &build->spill, err);
    if (status == SP_OK)
        status = index_posts(build, folder, err);
    if (status == SP_OK && inputs->files.error_count > 0)
        status = index_unreadable(build, err);
    sp_run_begin_phase(inputs->progress, SP_PHASE_RESOURCES, partitions);
    if (status == SP_OK)
        status = sp_parallel(jobs, partitions, index_partition, build, err);
    return status;
}

static void
build_done(struct full_build *build)
{
    for (size_t i = 0; i < build->idle_count; i++)
        sp_shard_close(build->idle[i]);
    sp_spill_close(build->spill);
    pthread_mutex_destroy(&build->mutex);
    free(build->idle);
    free(build->resource_shards);
}

enum sp_status
sp_run_full(struct sp_attempt *attempt, sp_error *err)
{
    struct full_build build = {.attempt = attempt};
    pthread_mutex_init(&build.mutex, NULL);
    enum sp_status status = make_shards(&build, err);
    if (status == SP_OK && attempt->workspace->path)
        status = list_shards(&build, err);
    build_done(&build);
    if (status == SP_OK && attempt->shard_count >= SP_MERGED_MAX)
        status = merge_groups(attempt, err);
    return status;
}
