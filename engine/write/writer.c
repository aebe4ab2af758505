// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/writer.h>

#include "document.h"
#include "engine/index/settings.h"
#include "engine/index/xapian.h"

#include <stdlib.h>

struct sp_shard {
    xc_writer *writer; /* NULL: nothing is written */
    sp_builder *builder;
    sp_str directory;
};

enum sp_status
sp_shard_reopen(sp_shard *shard, const char *directory, sp_error *err)
{
    xc_error cause;
    const xc_writer_options options = {.mode = XC_CREATE, .no_sync = true};
    xc_writer_close(shard->writer);
    shard->writer = NULL;
    sp_str_restart(&shard->directory);
    sp_str_append_text(&shard->directory, directory ? directory : "");
    enum sp_status status = sp_str_check(&shard->directory, err);
    if (status != SP_OK || !directory)
        return status;
    xc_status opened = xc_writer_open(directory, &options, &shard->writer, &cause);
    return opened == XC_OK ? SP_OK : sp_fail_xapian(err, opened, &cause, directory);
}

enum sp_status
sp_shard_open(const char *directory, sp_bytes language, sp_shard **out, sp_error *err)
{
    sp_shard *shard = calloc(1, sizeof *shard);
    if (!shard)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    enum sp_status status = sp_builder_new(language, &shard->builder, err);
    if (status == SP_OK)
        status = sp_shard_reopen(shard, directory, err);
    if (status != SP_OK) {
        sp_shard_close(shard);
        return status;
    }
    *out = shard;
    return SP_OK;
}

void
sp_shard_set_weights(sp_shard *shard, const sp_weights *weights)
{
    sp_builder_set_weights(shard->builder, weights);
}

void
sp_shard_close(sp_shard *shard)
{
    if (!shard)
        return;
    xc_writer_close(shard->writer);
    sp_builder_free(shard->builder);
    sp_str_done(&shard->directory);
    free(shard);
}

static enum sp_status
add(sp_shard *shard, const xc_doc *doc, sp_error *err)
{
    xc_error cause;
    if (!shard->writer)
        return SP_OK;
    xc_status added = xc_writer_add(shard->writer, doc, NULL, &cause);
    return added == XC_OK ? SP_OK : sp_fail_xapian(err, added, &cause, shard->directory.data);
}

enum sp_status
sp_shard_add_post(sp_shard *shard, const sp_post *post, uint64_t *digest, sp_error *err)
{
    const xc_doc *doc;
    enum sp_status status = sp_builder_post(shard->builder, post, &doc, digest, err);
    return status == SP_OK ? add(shard, doc, err) : status;
}

enum sp_status
sp_shard_add_resource(sp_shard *shard, const sp_resource *resource, uint64_t *digest, sp_error *err)
{
    const xc_doc *doc;
    enum sp_status status = sp_builder_resource(shard->builder, resource, &doc, digest, err);
    return status == SP_OK ? add(shard, doc, err) : status;
}

enum sp_status
sp_shard_commit(sp_shard *shard, sp_error *err)
{
    xc_error cause;
    if (!shard->writer)
        return SP_OK;
    xc_status committed = xc_writer_commit(shard->writer, &cause);
    if (committed != XC_OK)
        return sp_fail_xapian(err, committed, &cause, shard->directory.data);
    return SP_OK;
}

/* Makes a shard that has only metadata. Compaction takes each entry from the first shard that has
   it. */
static enum sp_status
write_metadata(const char *directory, const sp_index_settings *settings, sp_error *err)
{
    xc_error cause;
    xc_writer *writer = NULL;
    const xc_writer_options options = {.mode = XC_CREATE, .no_sync = true};
    xc_status status = xc_writer_open(directory, &options, &writer, &cause);
    if (status == XC_OK)
        status = sp_settings_write(writer, settings, &cause);
    if (status == XC_OK)
        status = xc_writer_commit(writer, &cause);
    xc_writer_close(writer);
    return status == XC_OK ? SP_OK : sp_fail_xapian(err, status, &cause, directory);
}

static bool
is_cancelled(void *cancel)
{
    return sp_check_cancel(cancel, NULL) != SP_OK;
}

static enum sp_status
merge(const char *const *sources, size_t count, const char *directory, xc_compact_options options,
      const atomic_bool *cancel, sp_error *err)
{
    xc_error cause;
    options.stop = is_cancelled;
    options.context = (void *)cancel;
    xc_status merged = xc_compact(sources, count, directory, &options, &cause);
    if (merged == XC_CANCELLED)
        return sp_check_cancel(cancel, err);
    return merged == XC_OK ? SP_OK : sp_fail_xapian(err, merged, &cause, directory);
}

enum sp_status
sp_shards_merge(const char *const *shards, size_t count, const char *directory,
                const atomic_bool *cancel, sp_error *err)
{
    const xc_compact_options options = {.level = XC_COMPACT_STANDARD, .no_sync = true};
    return merge(shards, count, directory, options, cancel, err);
}

/* Merges groups of sources, in order, so that fewer remain. */
static enum sp_status
merge_groups(const char **sources, size_t *count, const char *directory, unsigned round,
             sp_arena *arena, const atomic_bool *cancel, sp_error *err)
{
    size_t groups = (*count + SP_MERGED_MAX - 1) / SP_MERGED_MAX;
    for (size_t i = 0; i < groups; i++) {
        SP_AUTO(sp_str_done) sp_str group = {0};
        sp_str_append_format(&group, "%s.%u.%zu", directory, round, i);
        sp_bytes path = sp_arena_copy_str(arena, &group);
        enum sp_status status = sp_arena_check(arena, err);
        size_t first = i * SP_MERGED_MAX, rest = *count - first;
        if (status == SP_OK)
            status = sp_shards_merge(sources + first, rest < SP_MERGED_MAX ? rest : SP_MERGED_MAX,
                                     path.data, cancel, err);
        if (status != SP_OK)
            return status;
        sources[i] = path.data;
    }
    *count = groups;
    return SP_OK;
}

enum sp_status
sp_index_merge(const char *const *shards, size_t count, const char *directory,
               const sp_index_settings *settings, const atomic_bool *cancel, sp_error *err)
{
    SP_AUTO(sp_arena_done) sp_arena arena = {0};
    SP_AUTO(sp_str_done) sp_str first = {0};
    const xc_compact_options options = {.level = XC_COMPACT_FULL};
    const char **sources = sp_arena_array(&arena, count + 1, sizeof *sources);
    sp_str_append_format(&first, "%s.meta", directory);
    if (!sources || first.failed)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    sources[0] = first.data;
    for (size_t i = 0; i < count; i++)
        sources[i + 1] = shards[i];
    size_t left = count + 1;
    enum sp_status status = write_metadata(first.data, settings, err);
    for (unsigned round = 0; status == SP_OK && left > SP_MERGED_MAX; round++)
        status = merge_groups(sources, &left, directory, round, &arena, cancel, err);
    return status == SP_OK ? merge(sources, left, directory, options, cancel, err) : status;
}
