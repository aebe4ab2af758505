#include "run.h"

#include "gather.h"
#include "parallel.h"
#include "previous.h"
#include "read_post.h"
#include "store.h"

#include <signpost/writer.h>

#include <stdlib.h>
#include <time.h>
#include <xxhash.h>

enum outcome { NOT_PUBLISHED, INDEXED, FAILED };

/* One file of one site. */
struct item {
    const sp_site *site;
    const char *folder; /* as given on the command line */
    const sp_source *source;
    enum outcome outcome;
    sp_bytes id; /* INDEXED: the post's path */
    uint64_t digest;
    sp_error err; /* FAILED */
};

/* Files, and later resources, go through the threads in chunks; each chunk becomes a shard.
   Whatever thread takes it, a chunk has the same content and the same place in the index. */
struct chunk {
    struct item *items;
    size_t item_count;
    sp_batch batch;
    sp_arena arena; /* ids */
    uint64_t bytes;
    sp_str shard; /* directory, empty while nothing was written */
};

struct run {
    const sp_run_options *options;
    sp_run_progress *progress;
    sp_run_report *report;
    sp_site **sites;
    sp_scan *scans;
    struct item *items;
    size_t item_count;
    struct chunk *chunks; /* of posts */
    size_t chunk_count;
    sp_resources resources;
    uint64_t *resource_digests;
    sp_str *resource_shards;
    size_t resource_shard_count;
    sp_store *store; /* NULL in a dry run */
    sp_previous *previous;
    const char *workspace;
};

static sp_bytes
site_language(const struct run *run)
{
    return sp_site_lang(run->sites[0]);
}

static enum sp_status
check_cancel(const struct run *run, sp_error *err)
{
    return atomic_load(&run->progress->cancel) ? sp_fail(err, SP_CANCELLED, "interrupted") : SP_OK;
}

/* Sites and their files */

static void
add_problem(sp_run_report *report, const char *folder, const sp_error *cause, size_t *capacity)
{
    SP_AUTO(sp_str_done) sp_str path = {0};
    if (strcmp(folder, ".") != 0)
        sp_str_append_format(&path, "%s%s", folder,
                             sp_bytes_ends_with(sp_bytes_of(folder), SP_LITERAL("/")) ? "" : "/");
    sp_str_append_text(&path, cause->path);
    report->problems = sp_arena_grow(&report->arena, report->problems, capacity,
                                     report->problem_count + 1, sizeof *report->problems);
    if (!report->problems)
        return;
    report->problems[report->problem_count++] = (sp_run_problem){
        .path = sp_arena_copy_str(&report->arena, &path),
        .line = cause->line > 0 ? cause->line : 1,
        .column = cause->column > 0 ? cause->column : 1,
        .text = sp_arena_copy(&report->arena, sp_bytes_of(cause->text)),
    };
}

static enum sp_status
open_sites(struct run *run, sp_error *err)
{
    const sp_run_options *options = run->options;
    run->sites = calloc(options->site_count, sizeof *run->sites);
    run->scans = calloc(options->site_count, sizeof *run->scans);
    if (!run->sites || !run->scans)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < options->site_count; i++) {
        enum sp_status status =
            sp_site_open(options->sites[i], &options->site, &run->sites[i], err);
        if (status == SP_OK)
            status = sp_site_scan(run->sites[i], &run->scans[i], err);
        if (status != SP_OK)
            return status;
        run->item_count += run->scans[i].count;
    }
    return SP_OK;
}

static enum sp_status
list_items(struct run *run, sp_error *err)
{
    size_t at = 0;
    run->items = calloc(run->item_count ? run->item_count : 1, sizeof *run->items);
    run->chunk_count = (run->item_count + SP_SHARD_DOCUMENTS - 1) / SP_SHARD_DOCUMENTS;
    run->chunks = calloc(run->chunk_count ? run->chunk_count : 1, sizeof *run->chunks);
    if (!run->items || !run->chunks)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < run->options->site_count; i++) {
        for (size_t k = 0; k < run->scans[i].count; k++)
            run->items[at++] = (struct item){.site = run->sites[i],
                                             .folder = run->options->sites[i],
                                             .source = &run->scans[i].sources[k]};
    }
    for (size_t i = 0; i < run->chunk_count; i++) {
        size_t first = i * SP_SHARD_DOCUMENTS, rest = run->item_count - first;
        run->chunks[i].items = &run->items[first];
        run->chunks[i].item_count = rest < SP_SHARD_DOCUMENTS ? rest : SP_SHARD_DOCUMENTS;
    }
    atomic_store(&run->progress->files, run->item_count);
    return SP_OK;
}

/* Posts */

static enum sp_status
open_shard(const struct run *run, const char *kind, size_t number, sp_str *directory,
           sp_shard **out, sp_error *err)
{
    if (run->store)
        sp_str_append_format(directory, "%s/%s%zu", run->workspace, kind, number);
    if (directory->failed)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    return sp_shard_open(run->store ? directory->data : NULL, site_language(run), out, err);
}

/* With several sites a path alone is not unique. */
static sp_bytes
post_path(const struct run *run, const struct item *item, sp_bytes path, sp_arena *arena)
{
    SP_AUTO(sp_str_done) sp_str full = {0};
    if (run->options->site_count > 1)
        sp_str_append_format(&full, "%s/", item->folder);
    sp_str_append(&full, path);
    return sp_arena_copy_str(arena, &full);
}

/* What is wrong with a file is the file's; what is wrong with memory or the program ends the run.
 */
static bool
is_the_files_fault(enum sp_status status)
{
    return status == SP_BAD_INPUT || status == SP_NOT_FOUND || status == SP_IO;
}

static enum sp_status
index_item(struct run *run, struct chunk *chunk, struct item *item, sp_post_reader *reader,
           sp_shard *shard, sp_error *err)
{
    sp_post post;
    enum sp_page_verdict verdict = SP_PAGE_PUBLISHED;
    enum sp_status status =
        sp_post_read(reader, item->site, item->source, &verdict, &post, &item->err);
    if (is_the_files_fault(status)) {
        item->outcome = FAILED;
        return SP_OK;
    }
    if (status != SP_OK) {
        *err = item->err;
        return status;
    }
    if (verdict != SP_PAGE_PUBLISHED)
        return SP_OK;
    item->outcome = INDEXED;
    item->id = post.path = post_path(run, item, post.path, &chunk->arena);
    status = sp_shard_add_post(shard, &post, &item->digest, err);
    if (status == SP_BAD_INPUT) { /* too long to be stored */
        sp_fail_at(&item->err, status, post.path.data, 0, 0, "%s", err->text);
        item->outcome = FAILED;
        return SP_OK;
    }
    return status == SP_OK ? sp_batch_add(&chunk->batch, &post, err) : status;
}

static enum sp_status
index_chunk(void *context, size_t index, sp_error *err)
{
    struct run *run = context;
    struct chunk *chunk = &run->chunks[index];
    sp_post_reader reader = {0};
    sp_shard *shard = NULL;
    enum sp_status status = open_shard(run, "p", index, &chunk->shard, &shard, err);
    for (size_t i = 0; status == SP_OK && i < chunk->item_count; i++) {
        status = check_cancel(run, err);
        if (status == SP_OK)
            status = index_item(run, chunk, &chunk->items[i], &reader, shard, err);
        atomic_fetch_add(&run->progress->files_done, 1);
    }
    if (status == SP_OK)
        status = sp_shard_commit(shard, err);
    chunk->bytes = reader.bytes;
    sp_shard_close(shard);
    sp_post_reader_done(&reader);
    return status == SP_OK ? sp_arena_check(&chunk->arena, err) : status;
}

/* Resources */

static enum sp_status
index_resource_chunk(void *context, size_t index, sp_error *err)
{
    struct run *run = context;
    sp_shard *shard = NULL;
    size_t first = index * SP_SHARD_DOCUMENTS, last = first + SP_SHARD_DOCUMENTS;
    enum sp_status status = open_shard(run, "r", index, &run->resource_shards[index], &shard, err);
    if (last > run->resources.count)
        last = run->resources.count;
    for (size_t i = first; status == SP_OK && i < last; i++) {
        status = check_cancel(run, err);
        if (status == SP_OK)
            status = sp_shard_add_resource(shard, &run->resources.items[i],
                                           &run->resource_digests[i], err);
    }
    if (status == SP_OK)
        status = sp_shard_commit(shard, err);
    sp_shard_close(shard);
    return status;
}

static enum sp_status
gather_resources(struct run *run, sp_error *err)
{
    sp_batch *batches = calloc(run->chunk_count ? run->chunk_count : 1, sizeof *batches);
    if (!batches)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < run->chunk_count; i++)
        batches[i] = run->chunks[i].batch;
    enum sp_status status = sp_gather(batches, run->chunk_count, &run->resources, err);
    free(batches);
    if (status != SP_OK)
        return status;
    size_t count = run->resources.count;
    run->resource_shard_count = (count + SP_SHARD_DOCUMENTS - 1) / SP_SHARD_DOCUMENTS;
    run->resource_digests = calloc(count ? count : 1, sizeof *run->resource_digests);
    run->resource_shards = calloc(count ? run->resource_shard_count : 1, sizeof(sp_str));
    if (!run->resource_digests || !run->resource_shards)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    return SP_OK;
}

/* The report */

static void
count_change(struct run *run, const char *prefix, sp_bytes id, uint64_t digest,
             sp_run_counts *counts)
{
    switch (sp_previous_compare(run->previous, prefix, id, digest)) {
    case SP_CHANGE_ADDED:
        counts->added++;
        break;
    case SP_CHANGE_UPDATED:
        counts->updated++;
        break;
    case SP_CHANGE_NONE:
        counts->unchanged++;
        break;
    }
    counts->total++;
}

static void
count_removed(const struct run *run, const char *prefix, sp_run_counts *counts)
{
    size_t before = sp_previous_count(run->previous, prefix);
    size_t kept = counts->updated + counts->unchanged;
    counts->removed = before > kept ? before - kept : 0;
}

static void
fill_report(struct run *run)
{
    sp_run_report *report = run->report;
    for (size_t i = 0; i < run->item_count; i++) {
        const struct item *item = &run->items[i];
        if (item->outcome == INDEXED)
            count_change(run, SP_PREFIX_POST, item->id, item->digest, &report->posts);
    }
    for (size_t i = 0; i < run->resources.count; i++)
        count_change(run, SP_PREFIX_RESOURCE, run->resources.items[i].canonical,
                     run->resource_digests[i], &report->resources);
    count_removed(run, SP_PREFIX_POST, &report->posts);
    count_removed(run, SP_PREFIX_RESOURCE, &report->resources);
    report->files = run->item_count;
    for (size_t i = 0; i < run->chunk_count; i++)
        report->bytes += run->chunks[i].bytes;
}

static void
list_problems(struct run *run)
{
    sp_run_report *report = run->report;
    size_t capacity = 0, at = 0;
    for (size_t i = 0; i < run->options->site_count; i++) {
        const sp_scan *scan = &run->scans[i];
        for (size_t k = 0; k < scan->problem_count; k++) {
            sp_error cause;
            sp_fail_at(&cause, SP_IO, scan->problems[k].path.data, 0, 0, "%s",
                       scan->problems[k].text.data);
            add_problem(report, run->options->sites[i], &cause, &capacity);
        }
        for (size_t k = 0; k < scan->count; k++, at++) {
            if (run->items[at].outcome == FAILED)
                add_problem(report, run->options->sites[i], &run->items[at].err, &capacity);
        }
    }
    report->posts.failed = report->problem_count;
}

/* Equal revisions answer alike: made of all documents in their order and of what readers are set
 * by. */
static void
make_revision(struct run *run, const sp_index_settings *settings, sp_str *out)
{
    XXH64_state_t *state = XXH64_createState();
    if (!state) {
        out->failed = true;
        return;
    }
    SP_AUTO(sp_str_done) sp_str head = {0};
    sp_str_append_text(&head, SP_SCHEMA_VERSION "\n");
    sp_ranking_format(&settings->ranking, &head);
    const sp_bytes texts[] = {settings->language, settings->base_url, settings->title};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        sp_str_append_char(&head, '\n');
        sp_str_append(&head, texts[i]);
    }
    XXH64_reset(state, 0);
    XXH64_update(state, head.data, head.len);
    for (size_t i = 0; i < run->item_count; i++) {
        if (run->items[i].outcome == INDEXED)
            XXH64_update(state, &run->items[i].digest, sizeof run->items[i].digest);
    }
    XXH64_update(state, run->resource_digests,
                 run->resources.count * sizeof *run->resource_digests);
    sp_str_append_format(out, "%016llx", (unsigned long long)XXH64_digest(state));
    out->failed |= head.failed;
    XXH64_freeState(state);
}

/* Publishing */

static enum sp_status
merge_and_publish(struct run *run, const sp_index_settings *settings, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str database = {0};
    size_t count = run->chunk_count + run->resource_shard_count;
    const char **shards = calloc(count ? count : 1, sizeof *shards);
    sp_str_append_format(&database, "%s/database", run->workspace);
    if (!shards || database.failed) {
        free(shards);
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    }
    for (size_t i = 0; i < run->chunk_count; i++)
        shards[i] = run->chunks[i].shard.data;
    for (size_t i = 0; i < run->resource_shard_count; i++)
        shards[run->chunk_count + i] = run->resource_shards[i].data;
    enum sp_status status = sp_index_merge(shards, count, database.data, settings, err);
    free(shards);
    if (status == SP_OK)
        status = check_cancel(run, err);
    return status == SP_OK ? sp_store_publish(run->store, database.data, err) : status;
}

static enum sp_status
conclude(struct run *run, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str revision = {0};
    sp_run_report *report = run->report;
    sp_index_settings settings = {.language = site_language(run),
                                  .base_url = sp_site_url(run->sites[0]),
                                  .title = sp_site_title(run->sites[0]),
                                  .ranking = SP_RANKING_DEFAULT};
    list_problems(run);
    fill_report(run);
    if (run->options->strict && report->problem_count > 0) {
        report->revision = sp_arena_copy(&report->arena, sp_previous_revision(run->previous));
        return sp_fail(err, SP_BAD_INPUT, "%zu files could not be indexed; nothing is changed",
                       report->problem_count);
    }
    make_revision(run, &settings, &revision);
    settings.revision = report->revision = sp_arena_copy_str(&report->arena, &revision);
    enum sp_status status = sp_arena_check(&report->arena, err);
    bool same = sp_bytes_equal(settings.revision, sp_previous_revision(run->previous));
    if (status != SP_OK || !run->store || (same && !run->options->full))
        return status;
    status = merge_and_publish(run, &settings, err);
    report->published = status == SP_OK;
    return status;
}

static enum sp_status
open_index(struct run *run, sp_error *err)
{
    const char *index = run->options->index;
    enum sp_status status = SP_OK;
    bool there = true;
    if (!run->options->dry_run) {
        status = sp_store_open(index, &run->store, err);
        there = status == SP_OK && sp_store_has_index(run->store);
    }
    if (status == SP_OK && run->store)
        status = sp_store_workspace(run->store, &run->workspace, err);
    return status == SP_OK ? sp_previous_open(there ? index : NULL, &run->previous, err) : status;
}

static enum sp_status
perform(struct run *run, sp_error *err)
{
    enum sp_status status = open_sites(run, err);
    if (status == SP_OK)
        status = open_index(run, err);
    if (status == SP_OK)
        status = list_items(run, err);
    if (status == SP_OK)
        status = sp_parallel(run->options->jobs, run->chunk_count, index_chunk, run, err);
    if (status == SP_OK)
        status = gather_resources(run, err);
    if (status == SP_OK)
        status = sp_parallel(run->options->jobs, run->resource_shard_count, index_resource_chunk,
                             run, err);
    return status == SP_OK ? conclude(run, err) : status;
}

static void
run_done(struct run *run)
{
    for (size_t i = 0; run->chunks && i < run->chunk_count; i++) {
        sp_batch_done(&run->chunks[i].batch);
        sp_arena_done(&run->chunks[i].arena);
        sp_str_done(&run->chunks[i].shard);
    }
    for (size_t i = 0; run->resource_shards && i < run->resource_shard_count; i++)
        sp_str_done(&run->resource_shards[i]);
    for (size_t i = 0; i < run->options->site_count; i++) {
        if (run->scans)
            sp_scan_done(&run->scans[i]);
        if (run->sites)
            sp_site_close(run->sites[i]);
    }
    sp_arena_done(&run->resources.arena);
    sp_previous_close(run->previous);
    sp_store_close(run->store);
    free(run->resource_digests);
    free(run->resource_shards);
    free(run->chunks);
    free(run->items);
    free(run->scans);
    free(run->sites);
}

static double
seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

enum sp_status
sp_run(const sp_run_options *options, sp_run_progress *progress, sp_run_report *report,
       sp_error *err)
{
    struct run run = {.options = options, .progress = progress, .report = report};
    double began = seconds_now();
    enum sp_status status = perform(&run, err);
    run_done(&run);
    report->seconds = seconds_now() - began;
    return status;
}
