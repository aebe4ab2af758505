// SPDX-License-Identifier: GPL-2.0-or-later
#include "run_private.h"

#include "parallel.h"
#include "spill.h"

#include <fcntl.h>
#include <stdlib.h>

/* Files, and later partitions of resources, go through the threads in turns. Whatever thread takes
   a turn, it has the same documents and the same place in the index. */
#define SHARDS_WANTED 100
#define SHARD_MAX 250
/* A resource has a fifth of a post's terms. */
#define RESOURCES_A_POST 4
#define PARTITIONS_MAX 128
#define FILES_A_PARTITION 64

struct full {
    struct sp_run *run;
    size_t shard_size;
    size_t chunk_count;
    size_t *resource_shards; /* of each partition, how many */
    sp_spill *spill;
    pthread_mutex_t mutex; /* guards all below */
    sp_shard **idle;       /* shards that are done, whose words the next may use */
    size_t idle_count;
};

/* Much enough that many threads have work, little enough that a shard is quick. */
static size_t
shard_size(const struct sp_run *run)
{
    size_t wanted = run->files.count / SHARDS_WANTED;
    return wanted < SP_SHARD_DOCUMENTS ? SP_SHARD_DOCUMENTS
           : wanted < SHARD_MAX        ? wanted
                                       : SHARD_MAX;
}

/* The shard of a chunk of posts (part 0), or one of a partition of resources. */
static void
name_shard(const struct sp_run *run, char kind, size_t number, size_t part, sp_str *out)
{
    sp_str_append_format(out, "%s/%c%zu.%zu", run->workspace, kind, number, part);
}

static sp_shard *
take_idle(struct full *full)
{
    pthread_mutex_lock(&full->mutex);
    sp_shard *shard = full->idle_count > 0 ? full->idle[--full->idle_count] : NULL;
    pthread_mutex_unlock(&full->mutex);
    return shard;
}

/* There are never more shards than threads. */
static void
put_back(struct full *full, sp_shard *shard)
{
    if (!shard)
        return;
    pthread_mutex_lock(&full->mutex);
    full->idle[full->idle_count++] = shard;
    pthread_mutex_unlock(&full->mutex);
}

static enum sp_status
open_shard(struct full *full, char kind, size_t number, size_t part, sp_shard **out, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str path = {0};
    const struct sp_run *run = full->run;
    if (run->workspace)
        name_shard(run, kind, number, part, &path);
    if (path.failed)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    const char *directory = run->workspace ? path.data : NULL;
    *out = take_idle(full);
    if (*out)
        return sp_shard_reopen(*out, directory, err);
    enum sp_status status = sp_shard_open(directory, sp_run_language(run), out, err);
    if (status == SP_OK)
        sp_shard_set_weights(*out, &sp_run_ranking(run)->weights);
    return status;
}

/* Posts */

struct chunk {
    struct full *full;
    sp_post_reader reader;
    sp_shard *shard;
    sp_batch batch;
    sp_post_checks findings;
};

static enum sp_status
add_post(struct chunk *chunk, sp_file *file, const sp_post *post, sp_error *err)
{
    struct sp_run *run = chunk->full->run;
    uint64_t before;
    enum sp_status status = sp_shard_add_post(chunk->shard, post, &file->digest, err);
    if (status == SP_BAD_INPUT) { /* too long to be stored */
        sp_error fault;
        sp_fail_at(&fault, status, file->source->path.data, 0, 0, "%s", err->text);
        return sp_run_fault(file, &fault, err);
    }
    if (status != SP_OK)
        return status;
    bool had = sp_old_index_digest(run->previous, SP_PREFIX_POST, file->id, &before);
    sp_run_count(run, &run->report->posts, SP_PREFIX_POST, file->id, had ? &before : NULL,
                 file->digest);
    return sp_batch_add(&chunk->batch, post, NULL, 0, err);
}

/* A file that turned bad keeps its last good post. */
static enum sp_status
keep_post(struct chunk *chunk, sp_file *file, sp_error *err)
{
    sp_past_post *past;
    enum sp_status status = sp_old_index_post(chunk->full->run->previous, file->id, &past, err);
    if (status == SP_NOT_FOUND || status == SP_DAMAGED)
        return SP_OK;
    if (status != SP_OK)
        return status;
    status = add_post(chunk, file, &past->post, err);
    file->kept = status == SP_OK;
    sp_past_post_free(past);
    return status;
}

static enum sp_status
index_file(struct chunk *chunk, sp_file *file, sp_error *err)
{
    sp_post post;
    bool published;
    struct sp_run *run = chunk->full->run;
    enum sp_status status = sp_run_check_cancel(run, err);
    if (status == SP_OK)
        status = sp_run_read(run, file, &chunk->reader, &chunk->findings, &post, &published, err);
    if (status == SP_OK && published)
        status = add_post(chunk, file, &post, err);
    if (status == SP_OK && file->outcome == SP_FAILED)
        status = keep_post(chunk, file, err);
    atomic_fetch_add(&run->progress->done, 1);
    return status;
}

static void
count_bytes(struct sp_run *run, const sp_post_reader *reader)
{
    pthread_mutex_lock(&run->mutex);
    run->report->files += reader->files;
    run->report->bytes += reader->bytes;
    pthread_mutex_unlock(&run->mutex);
}

/* What became of the chunk's posts, to the end. */
static enum sp_status
finish_chunk(struct chunk *chunk, size_t number, enum sp_status status, sp_error *err)
{
    if (status == SP_OK)
        status = sp_shard_commit(chunk->shard, err);
    if (status == SP_OK)
        status = sp_spill_add(chunk->full->spill, number, &chunk->batch, err);
    if (status == SP_OK)
        status = sp_run_take(chunk->full->run, &chunk->findings, err);
    count_bytes(chunk->full->run, &chunk->reader);
    put_back(chunk->full, chunk->shard);
    sp_batch_done(&chunk->batch);
    sp_post_reader_done(&chunk->reader);
    sp_post_checks_done(&chunk->findings);
    return status;
}

static enum sp_status
index_chunk(void *context, size_t index, sp_error *err)
{
    struct full *full = context;
    struct sp_run *run = full->run;
    struct chunk chunk = {.full = full};
    size_t first = index * full->shard_size, last = first + full->shard_size;
    enum sp_status status = open_shard(full, 'p', index, 0, &chunk.shard, err);
    for (size_t i = first; status == SP_OK && i < last && i < run->files.count; i++)
        status = index_file(&chunk, &run->files.items[i], err);
    return finish_chunk(&chunk, index, status, err);
}

static enum sp_status
keep_if_unseen(void *context, sp_bytes id, sp_error *err)
{
    struct chunk *chunk = context;
    const sp_files *files = &chunk->full->run->files;
    sp_past_post *past;
    if (sp_files_has(files, id) || !sp_files_may_hold(files, id))
        return SP_OK;
    enum sp_status status = sp_old_index_post(chunk->full->run->previous, id, &past, err);
    if (status == SP_NOT_FOUND || status == SP_DAMAGED)
        return SP_OK;
    if (status != SP_OK)
        return status;
    sp_source source = {.path = past->post.path};
    sp_file file = {.id = source.path, .source = &source};
    status = add_post(chunk, &file, &past->post, err);
    free(file.fault);
    sp_past_post_free(past);
    return status;
}

/* A chunk more: the posts in a folder that cannot be read stay as they are. */
static enum sp_status
index_unseen(struct full *full, sp_error *err)
{
    struct sp_run *run = full->run;
    struct chunk chunk = {.full = full};
    enum sp_status status = open_shard(full, 'p', full->chunk_count, 0, &chunk.shard, err);
    if (status == SP_OK)
        status = sp_old_index_each_post(run->previous, keep_if_unseen, &chunk, err);
    return finish_chunk(&chunk, full->chunk_count++, status, err);
}

/* Resources */

static enum sp_status
add_resource(struct sp_run *run, sp_shard *shard, const sp_resource *resource, sp_error *err)
{
    uint64_t before, digest;
    enum sp_status status = sp_run_check_cancel(run, err);
    if (status == SP_OK)
        status = sp_shard_add_resource(shard, resource, &digest, err);
    if (status != SP_OK)
        return status;
    bool had = sp_old_index_digest(run->previous, SP_PREFIX_RESOURCE, resource->canonical, &before);
    sp_run_count(run, &run->report->resources, SP_PREFIX_RESOURCE, resource->canonical,
                 had ? &before : NULL, digest);
    return SP_OK;
}

/* One shard of a partition's resources. */
static enum sp_status
index_part(struct full *full, const sp_resources *resources, size_t partition, size_t part,
           sp_error *err)
{
    sp_shard *shard = NULL;
    size_t size = full->shard_size * RESOURCES_A_POST;
    size_t first = part * size, last = first + size;
    enum sp_status status = open_shard(full, 'r', partition, part, &shard, err);
    for (size_t i = first; status == SP_OK && i < last && i < resources->count; i++)
        status = add_resource(full->run, shard, &resources->items[i], err);
    if (status == SP_OK)
        status = sp_shard_commit(shard, err);
    put_back(full, shard);
    return status;
}

static enum sp_status
index_partition(void *context, size_t partition, sp_error *err)
{
    struct full *full = context;
    sp_batch batch = {0};
    sp_resources resources = {0};
    enum sp_status status = sp_spill_read(full->spill, partition, &batch, err);
    if (status == SP_OK)
        status = sp_gather(&batch, 1, &resources, err);
    size_t size = full->shard_size * RESOURCES_A_POST;
    size_t parts = (resources.count + size - 1) / size;
    for (size_t i = 0; status == SP_OK && i < parts; i++)
        status = index_part(full, &resources, partition, i, err);
    full->resource_shards[partition] = parts;
    atomic_fetch_add(&full->run->progress->done, 1);
    sp_arena_done(&resources.arena);
    sp_batch_done(&batch);
    return status;
}

/* All of it */

static size_t
count_partitions(const struct sp_run *run)
{
    size_t wanted = run->files.count / FILES_A_PARTITION + 1;
    return wanted < PARTITIONS_MAX ? wanted : PARTITIONS_MAX;
}

static void
list_shard(struct sp_run *run, char kind, size_t number, size_t part)
{
    SP_AUTO(sp_str_done) sp_str path = {0};
    name_shard(run, kind, number, part, &path);
    run->shards[run->shard_count++] = sp_arena_copy_str(&run->files.arena, &path).data;
}

static enum sp_status
list_shards(const struct full *full, sp_error *err)
{
    struct sp_run *run = full->run;
    size_t total = full->chunk_count, partitions = sp_spill_partitions(full->spill);
    for (size_t i = 0; i < partitions; i++)
        total += full->resource_shards[i];
    run->shards = sp_arena_array(&run->files.arena, total, sizeof *run->shards);
    for (size_t i = 0; run->shards && i < full->chunk_count; i++)
        list_shard(run, 'p', i, 0);
    for (size_t i = 0; run->shards && i < partitions; i++) {
        for (size_t part = 0; part < full->resource_shards[i]; part++)
            list_shard(run, 'r', i, part);
    }
    return sp_arena_check(&run->files.arena, err);
}

/* Merging. More shards than can be merged at once are merged in groups first, by all threads. */

struct merging {
    struct sp_run *run;
    const char **groups;
    size_t group_count;
};

/* Where a group begins: they are of one size but for one. */
static size_t
first_of(const struct merging *merging, size_t group)
{
    return merging->run->shard_count * group / merging->group_count;
}

/* What was merged is not needed any more, and may be gigabytes. */
static enum sp_status
merge_group(void *context, size_t group, sp_error *err)
{
    const struct merging *merging = context;
    size_t first = first_of(merging, group), end = first_of(merging, group + 1);
    enum sp_status status = sp_run_check_cancel(merging->run, err);
    if (status == SP_OK)
        status =
            sp_shards_merge(merging->run->shards + first, end - first, merging->groups[group], err);
    for (size_t i = first; status == SP_OK && i < end; i++)
        sp_store_remove_tree(AT_FDCWD, merging->run->shards[i]);
    atomic_fetch_add(&merging->run->progress->done, 1);
    return status;
}

static enum sp_status
merge_groups(struct sp_run *run, sp_error *err)
{
    size_t jobs = run->options->jobs > 0 ? run->options->jobs : 1;
    size_t count = (run->shard_count + SP_MERGED_MAX - 1) / SP_MERGED_MAX;
    struct merging merging = {.run = run, .group_count = (count + jobs - 1) / jobs * jobs};
    merging.groups = sp_arena_array(&run->files.arena, merging.group_count, sizeof *merging.groups);
    for (size_t i = 0; merging.groups && i < merging.group_count; i++) {
        SP_AUTO(sp_str_done) sp_str path = {0};
        name_shard(run, 'm', i, 0, &path);
        merging.groups[i] = sp_arena_copy_str(&run->files.arena, &path).data;
    }
    enum sp_status status = sp_arena_check(&run->files.arena, err);
    sp_run_begin(run, SP_PHASE_MERGE, merging.group_count);
    if (status == SP_OK)
        status = sp_parallel(jobs, merging.group_count, merge_group, &merging, err);
    run->shards = merging.groups;
    run->shard_count = merging.group_count;
    return status;
}

static enum sp_status
build(struct full *full, sp_error *err)
{
    struct sp_run *run = full->run;
    const char *folder = run->workspace ? run->workspace : sp_run_temporary_folder();
    size_t partitions = count_partitions(run);
    full->shard_size = shard_size(run);
    full->chunk_count = (run->files.count + full->shard_size - 1) / full->shard_size;
    full->resource_shards = calloc(partitions, sizeof *full->resource_shards);
    full->idle = calloc(run->options->jobs + 1, sizeof(sp_shard *));
    if (!full->resource_shards || !full->idle)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    enum sp_status status = sp_spill_open(folder, partitions, &full->spill, err);
    sp_run_begin(run, SP_PHASE_POSTS, run->files.count);
    if (status == SP_OK)
        status = sp_parallel(run->options->jobs, full->chunk_count, index_chunk, full, err);
    if (status == SP_OK && run->files.error_count > 0)
        status = index_unseen(full, err);
    sp_run_begin(run, SP_PHASE_RESOURCES, partitions);
    if (status == SP_OK)
        status = sp_parallel(run->options->jobs, partitions, index_partition, full, err);
    return status;
}

static void
done(struct full *full)
{
    for (size_t i = 0; i < full->idle_count; i++)
        sp_shard_close(full->idle[i]);
    sp_spill_close(full->spill);
    pthread_mutex_destroy(&full->mutex);
    free(full->idle);
    free(full->resource_shards);
}

enum sp_status
sp_run_full(struct sp_run *run, sp_error *err)
{
    struct full full = {.run = run};
    pthread_mutex_init(&full.mutex, NULL);
    enum sp_status status = build(&full, err);
    if (status == SP_OK && run->workspace)
        status = list_shards(&full, err);
    done(&full);
    if (status == SP_OK && run->shard_count >= SP_MERGED_MAX)
        status = merge_groups(run, err);
    return status;
}
