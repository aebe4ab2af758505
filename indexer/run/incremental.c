// SPDX-License-Identifier: GPL-2.0-or-later
#include "run_private.h"

#include "gather.h"

#include <stdlib.h>

/* Changing in place is less work until some two fifths of the files have changed, where two threads
   build anew; but its transaction is kept in memory, some 75 KiB a post. So many files are always
   few, */
#define SMALL 50
/* so large a part of all of them is, */
#define PART 4
/* and so many are not. */
#define MOST 2000

/* A post that mentions a resource which may have changed. */
struct part {
    sp_bytes id;
    size_t first, count; /* its mentions in the batch, all or of those resources */
};

struct incremental {
    struct sp_run *run;
    sp_update *update;
    sp_arena arena;
    sp_post_reader reader;
    sp_post_checks findings;
    sp_bytes *resources; /* canonical URLs that may have changed */
    size_t resource_count, resource_capacity;
    sp_batch batch;     /* of all parts: one each would take a block of memory for each post */
    struct part *parts; /* the posts that changed, and then the others */
    size_t part_count, part_capacity, changed_count;
};

bool
sp_run_is_small(const struct sp_run *run)
{
    size_t changed = 0, files = run->files.count;
    size_t before = sp_old_index_count(run->previous, SP_PREFIX_POST);
    for (size_t i = 0; i < files; i++)
        changed += run->files.items[i].changed;
    if (before > files)
        changed += before - files;
    return changed <= SMALL || (changed <= files / PART && changed <= MOST);
}

/* What changed of the posts */

static void
note_resource(struct incremental *at, sp_bytes canonical)
{
    at->resources = sp_arena_grow(&at->arena, at->resources, &at->resource_capacity,
                                  at->resource_count + 1, sizeof *at->resources);
    if (at->resources)
        at->resources[at->resource_count++] = sp_arena_copy(&at->arena, canonical);
}

static enum sp_status
note_mentions(struct incremental *at, const sp_post *post, sp_error *err)
{
    for (size_t i = 0; i < post->mention_count; i++)
        note_resource(at, post->mentions[i].canonical);
    return sp_arena_check(&at->arena, err);
}

static enum sp_status
note_past_mentions(struct incremental *at, sp_bytes id, sp_error *err)
{
    sp_past_post *past;
    enum sp_status status = sp_old_index_post(at->run->previous, id, &past, err);
    if (status != SP_OK)
        return status;
    status = note_mentions(at, &past->post, err);
    sp_past_post_free(past);
    return status;
}

static enum sp_status
add_part(struct incremental *at, const sp_post *post, const sp_bytes *only, size_t only_count,
         sp_error *err)
{
    at->parts = sp_arena_grow(&at->arena, at->parts, &at->part_capacity, at->part_count + 1,
                              sizeof *at->parts);
    if (!at->parts)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    struct part *part = &at->parts[at->part_count++];
    *part = (struct part){sp_arena_copy(&at->arena, post->path), at->batch.count, 0};
    enum sp_status status = sp_batch_add(&at->batch, post, only, only_count, err);
    part->count = at->batch.count - part->first;
    return status;
}

/* A document that came, changed or went, in the run's sums. */
static void
count(struct incremental *at, sp_run_counts *counts, const char *prefix, sp_bytes id,
      const uint64_t *before, const uint64_t *after)
{
    uint64_t *documents = &at->run->documents;
    if (before && after && *before == *after)
        return;
    sp_run_note(at->run, prefix, id, before, after);
    if (before)
        *documents -= sp_document_share(prefix, id, *before);
    if (after)
        *documents += sp_document_share(prefix, id, *after);
    counts->added += !before;
    counts->updated += before && after;
    counts->removed += !after;
}

static enum sp_status
put_post(struct incremental *at, sp_file *file, const sp_post *post, sp_error *err)
{
    struct sp_run *run = at->run;
    uint64_t digest;
    bool had = sp_old_index_digest(run->previous, SP_PREFIX_POST, file->id, &digest);
    const uint64_t *before = had ? &digest : NULL;
    enum sp_status status = sp_update_post(at->update, post, before, &file->digest, err);
    if (status == SP_BAD_INPUT) { /* too long to be stored */
        sp_error fault;
        sp_fail_at(&fault, status, file->source->path.data, 0, 0, "%s", err->text);
        return sp_run_fault(file, &fault, err);
    }
    if (status != SP_OK || (had && digest == file->digest))
        return status;
    count(at, &run->report->posts, SP_PREFIX_POST, file->id, before, &file->digest);
    if (had)
        status = note_past_mentions(at, file->id, err);
    if (status == SP_OK)
        status = note_mentions(at, post, err);
    return status == SP_OK ? add_part(at, post, NULL, 0, err) : status;
}

/* Nothing, if the index has no such post. */
static enum sp_status
remove_post(struct incremental *at, sp_bytes id, sp_error *err)
{
    uint64_t digest;
    struct sp_run *run = at->run;
    if (!sp_old_index_digest(run->previous, SP_PREFIX_POST, id, &digest))
        return SP_OK;
    enum sp_status status = note_past_mentions(at, id, err);
    if (status == SP_OK)
        status = sp_update_remove(at->update, SP_PREFIX_POST, id, err);
    if (status == SP_OK)
        status = add_part(at, &(sp_post){.path = id}, NULL, 0, err); /* it mentions nothing now */
    count(at, &run->report->posts, SP_PREFIX_POST, id, &digest, NULL);
    return status;
}

static enum sp_status
index_file(struct incremental *at, sp_file *file, sp_error *err)
{
    sp_post post;
    bool published;
    enum sp_status status = sp_run_check_cancel(at->run, err);
    if (status == SP_OK)
        status = sp_run_read(at->run, file, &at->reader, &at->findings, &post, &published, err);
    if (status != SP_OK || file->outcome == SP_FAILED)
        return status; /* a file that turned bad keeps its last good post */
    return published ? put_post(at, file, &post, err) : remove_post(at, file->id, err);
}

static enum sp_status
index_changed(struct incremental *at, sp_error *err)
{
    sp_files *files = &at->run->files;
    enum sp_status status = SP_OK;
    for (size_t i = 0; status == SP_OK && i < files->count; i++) {
        if (files->items[i].changed)
            status = index_file(at, &files->items[i], err);
        atomic_fetch_add(&at->run->progress->done, files->items[i].changed);
    }
    at->run->report->files += at->reader.files;
    at->run->report->bytes += at->reader.bytes;
    return status;
}

static enum sp_status
remove_if_gone(void *context, sp_bytes id, sp_error *err)
{
    struct incremental *at = context;
    const sp_files *files = &at->run->files;
    if (sp_files_has(files, id) || sp_files_may_hold(files, id))
        return SP_OK;
    return remove_post(at, id, err);
}

/* Resources: those that a changed post mentions or mentioned are gathered anew, from the posts that
   changed and, as the index has them, from all others that mention them. */

static int
compare_urls(const void *left, const void *right)
{
    return sp_bytes_compare(*(const sp_bytes *)left, *(const sp_bytes *)right);
}

static void
sort_resources(struct incremental *at)
{
    size_t kept = 0;
    if (at->resource_count > 0)
        qsort(at->resources, at->resource_count, sizeof *at->resources, compare_urls);
    for (size_t i = 0; i < at->resource_count; i++) {
        if (kept == 0 || !sp_bytes_equal(at->resources[kept - 1], at->resources[i]))
            at->resources[kept++] = at->resources[i];
    }
    at->resource_count = kept;
}

static int
compare_parts(const void *left, const void *right)
{
    const struct part *a = left, *b = right;
    return sp_bytes_compare(a->id, b->id);
}

static int
compare_docids(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* The posts that mention any of the resources, each once. */
static enum sp_status
list_mentioning(struct incremental *at, uint32_t **out, size_t *count, sp_error *err)
{
    size_t capacity = 0;
    enum sp_status status = SP_OK;
    *out = NULL;
    *count = 0;
    for (size_t i = 0; status == SP_OK && i < at->resource_count; i++) {
        uint32_t *docids;
        size_t found;
        status = sp_old_index_mentioning(at->run->previous, at->resources[i], &at->arena, &docids,
                                         &found, err);
        if (status != SP_OK || found == 0)
            continue;
        *out = sp_arena_grow(&at->arena, *out, &capacity, *count + found, sizeof **out);
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
has_changed(const struct incremental *at, sp_bytes id)
{
    const struct part key = {.id = id};
    return at->changed_count > 0 &&
           bsearch(&key, at->parts, at->changed_count, sizeof key, compare_parts) != NULL;
}

static enum sp_status
add_unchanged(struct incremental *at, uint32_t docid, sp_error *err)
{
    sp_past_post *past;
    enum sp_status status = sp_old_index_post_at(at->run->previous, docid, &past, err);
    if (status != SP_OK)
        return status;
    if (!has_changed(at, past->post.path))
        status = add_part(at, &past->post, at->resources, at->resource_count, err);
    sp_past_post_free(past);
    return status;
}

static enum sp_status
collect_parts(struct incremental *at, sp_error *err)
{
    uint32_t *docids;
    size_t count;
    sort_resources(at);
    at->changed_count = at->part_count;
    if (at->part_count > 0)
        qsort(at->parts, at->part_count, sizeof *at->parts, compare_parts);
    enum sp_status status = list_mentioning(at, &docids, &count, err);
    for (size_t i = 0; status == SP_OK && i < count; i++) {
        if (i == 0 || docids[i] != docids[i - 1])
            status = add_unchanged(at, docids[i], err);
    }
    if (status == SP_OK && at->part_count > 0)
        qsort(at->parts, at->part_count, sizeof *at->parts, compare_parts);
    return status;
}

static enum sp_status
gather(struct incremental *at, sp_resources *out, sp_error *err)
{
    sp_batch *batches = sp_arena_array(&at->arena, at->part_count, sizeof *batches);
    if (!batches)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < at->part_count; i++)
        batches[i] = at->parts[i].count > 0
                         ? (sp_batch){.mentions = &at->batch.mentions[at->parts[i].first],
                                      .count = at->parts[i].count}
                         : (sp_batch){0};
    return sp_gather(batches, at->part_count, out, err);
}

/* resource: NULL when nothing mentions it any more. */
static enum sp_status
put_resource(struct incremental *at, sp_bytes canonical, const sp_resource *resource, sp_error *err)
{
    struct sp_run *run = at->run;
    uint64_t digest, after;
    bool had = sp_old_index_digest(run->previous, SP_PREFIX_RESOURCE, canonical, &digest);
    const uint64_t *before = had ? &digest : NULL;
    enum sp_status status = sp_run_check_cancel(run, err);
    if (status == SP_OK && resource)
        status = sp_update_resource(at->update, resource, before, &after, err);
    else if (status == SP_OK)
        status = sp_update_remove(at->update, SP_PREFIX_RESOURCE, canonical, err);
    if (had || resource)
        count(at, &run->report->resources, SP_PREFIX_RESOURCE, canonical, before,
              resource ? &after : NULL);
    return status;
}

static enum sp_status
index_resources(struct incremental *at, sp_error *err)
{
    sp_resources resources = {0};
    size_t next = 0;
    enum sp_status status = collect_parts(at, err);
    if (status == SP_OK)
        status = gather(at, &resources, err);
    sp_run_begin(at->run, SP_PHASE_RESOURCES, at->resource_count);
    for (size_t i = 0; status == SP_OK && i < at->resource_count; i++) {
        const sp_resource *found = next < resources.count ? &resources.items[next] : NULL;
        bool is_it = found && sp_bytes_equal(found->canonical, at->resources[i]);
        status = put_resource(at, at->resources[i], is_it ? found : NULL, err);
        next += is_it;
        atomic_fetch_add(&at->run->progress->done, 1);
    }
    sp_arena_done(&resources.arena);
    return status;
}

/* What was not looked at is as it was. */
static void
count_totals(struct sp_run *run, sp_run_counts *counts, const char *prefix)
{
    counts->total = sp_old_index_count(run->previous, prefix) + counts->added - counts->removed;
    counts->unchanged = counts->total - counts->added - counts->updated;
}

static void
done(struct incremental *at)
{
    sp_batch_done(&at->batch);
    sp_post_reader_done(&at->reader);
    sp_post_checks_done(&at->findings);
    sp_arena_done(&at->arena);
}

enum sp_status
sp_run_incremental(struct sp_run *run, const char *database, sp_update **out, sp_error *err)
{
    struct incremental at = {.run = run};
    run->documents = sp_old_index_documents(run->previous);
    enum sp_status status = sp_update_open(database, sp_run_language(run), &at.update, err);
    if (status == SP_OK)
        sp_update_set_weights(at.update, &sp_run_ranking(run)->weights);
    if (status == SP_OK)
        status = index_changed(&at, err);
    if (status == SP_OK)
        status = sp_run_take(run, &at.findings, err);
    if (status == SP_OK)
        status = sp_old_index_each_post(run->previous, remove_if_gone, &at, err);
    if (status == SP_OK)
        status = index_resources(&at, err);
    count_totals(run, &run->report->posts, SP_PREFIX_POST);
    count_totals(run, &run->report->resources, SP_PREFIX_RESOURCE);
    done(&at);
    if (status == SP_OK)
        *out = at.update;
    else
        sp_update_close(at.update);
    return status;
}
