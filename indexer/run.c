#include "run_private.h"

#include "parallel.h"

#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* An index that has grown so far over its size after the last full build, by the blocks that
   changes in place leave half empty, is built anew by the next change. */
#define GROWTH_MAX 2
#define GROWTH_SLACK (8u << 20)

sp_bytes
sp_run_language(const struct sp_run *run)
{
    return sp_site_lang(run->files.sites[0]);
}

enum sp_status
sp_run_check_cancel(const struct sp_run *run, sp_error *err)
{
    return atomic_load(&run->progress->cancel) ? sp_fail(err, SP_CANCELLED, "interrupted") : SP_OK;
}

void
sp_run_begin(struct sp_run *run, enum sp_phase phase, size_t total)
{
    atomic_store(&run->progress->done, 0);
    atomic_store(&run->progress->total, total);
    atomic_store(&run->progress->phase, (int)phase);
}

void
sp_run_count(struct sp_run *run, sp_run_counts *counts, const char *prefix, sp_bytes id,
             const uint64_t *before, uint64_t digest)
{
    pthread_mutex_lock(&run->mutex);
    counts->added += !before;
    counts->updated += before && *before != digest;
    counts->unchanged += before && *before == digest;
    counts->total++;
    run->documents += sp_document_share(prefix, id, digest);
    pthread_mutex_unlock(&run->mutex);
}

/* Files */

/* What is wrong with a file is the file's; what is wrong with memory or the program ends the run.
 */
static bool
is_the_files_fault(enum sp_status status)
{
    return status == SP_BAD_INPUT || status == SP_NOT_FOUND || status == SP_IO;
}

enum sp_status
sp_run_fault(sp_file *file, const sp_error *fault, sp_error *err)
{
    if (!file->fault)
        file->fault = malloc(sizeof *file->fault);
    if (!file->fault)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    *file->fault = *fault;
    file->outcome = SP_FAILED;
    return SP_OK;
}

enum sp_status
sp_run_read(struct sp_run *run, sp_file *file, sp_post_reader *reader, sp_post *post,
            bool *published, sp_error *err)
{
    sp_error fault;
    enum sp_page_verdict verdict;
    *published = false;
    file->due = 0;
    enum sp_status status =
        sp_post_read(reader, run->files.sites[file->site], file->source, &verdict, post, &fault);
    file->hash = reader->hash;
    if (is_the_files_fault(status))
        return sp_run_fault(file, &fault, err);
    if (status != SP_OK) {
        *err = fault;
        return status;
    }
    *published = verdict == SP_PAGE_PUBLISHED;
    file->outcome = *published ? SP_INDEXED : SP_LEFT_OUT;
    if (verdict == SP_PAGE_FUTURE)
        file->due = post->time;
    if (*published)
        post->path = file->id;
    return SP_OK;
}

/* Whose times say nothing is asked for its content. */
static enum sp_status
look_at_file(void *context, size_t index, sp_error *err)
{
    struct sp_run *run = context;
    sp_file *file = &run->files.items[index];
    sp_post_reader reader = {0};
    if (!file->changed || !file->known)
        return SP_OK;
    enum sp_status status = sp_run_check_cancel(run, err);
    if (status == SP_OK &&
        sp_post_load(&reader, run->files.sites[file->site], file->source, NULL) == SP_OK)
        file->changed = reader.hash != file->hash;
    if (!file->changed) { /* else it is read again, and counted then */
        pthread_mutex_lock(&run->mutex);
        run->report->files += reader.files;
        run->report->bytes += reader.bytes;
        pthread_mutex_unlock(&run->mutex);
    }
    sp_post_reader_done(&reader);
    return status;
}

/* The report */

static void
add_problem(struct sp_run *run, uint32_t site, const char *path, unsigned line, unsigned column,
            const char *text)
{
    SP_AUTO(sp_str_done) sp_str whole = {0};
    sp_run_report *report = run->report;
    const char *folder = run->options->sites[site];
    if (strcmp(folder, ".") != 0)
        sp_str_append_format(&whole, "%s%s", folder,
                             sp_bytes_ends_with(sp_bytes_of(folder), SP_LITERAL("/")) ? "" : "/");
    sp_str_append_text(&whole, path);
    report->problems = sp_arena_grow(&report->arena, report->problems, &report->problem_capacity,
                                     report->problem_count + 1, sizeof *report->problems);
    if (!report->problems)
        return;
    report->problems[report->problem_count++] = (sp_run_problem){
        .path = sp_arena_copy_str(&report->arena, &whole),
        .line = line > 0 ? line : 1,
        .column = column > 0 ? column : 1,
        .text = sp_arena_copy(&report->arena, sp_bytes_of(text)),
    };
}

static void
list_problems(struct sp_run *run)
{
    const sp_files *files = &run->files;
    for (uint32_t site = 0; site < files->site_count; site++) {
        for (size_t i = 0; i < files->problem_count; i++) {
            const sp_files_problem *problem = &files->problems[i];
            if (problem->site == site)
                add_problem(run, site, problem->path.data, 0, 0, problem->text.data);
        }
        for (size_t i = 0; i < files->count; i++) {
            const sp_error *fault = files->items[i].fault;
            if (files->items[i].site == site && files->items[i].outcome == SP_FAILED && fault)
                add_problem(run, site, fault->path, fault->line, fault->column, fault->text);
        }
    }
    run->report->posts.failed = run->report->problem_count;
}

static void
count_removed(struct sp_run *run, sp_run_counts *counts, const char *prefix)
{
    size_t before = sp_previous_count(run->previous, prefix);
    size_t kept = counts->updated + counts->unchanged;
    counts->removed = before > kept ? before - kept : 0;
}

/* Building */

static bool
has_outgrown(const struct sp_run *run)
{
    SP_AUTO(sp_str_done) sp_str database = {0};
    uint64_t full = run->before.full_bytes;
    if (!run->store || full == 0)
        return false;
    sp_store_database(run->store, &database);
    return !database.failed && sp_store_size(database.data) > GROWTH_MAX * full + GROWTH_SLACK;
}

static bool
is_made_alike(const struct sp_run *run)
{
    return sp_bytes_equal(sp_previous_generator(run->previous), sp_bytes_of(SIGNPOST_VERSION)) &&
           sp_bytes_equal(sp_previous_language(run->previous), sp_run_language(run));
}

static void
forget(struct sp_run *run)
{
    run->report->posts = run->report->resources = (sp_run_counts){0};
    run->documents = 0;
}

static enum sp_status
build_anew(struct sp_run *run, sp_error *err)
{
    forget(run);
    run->whole = true;
    enum sp_status status = SP_OK;
    if (run->store)
        status = sp_store_workspace(run->store, &run->workspace, err);
    if (status == SP_OK)
        status = sp_run_full(run, err);
    count_removed(run, &run->report->posts, SP_PREFIX_POST);
    count_removed(run, &run->report->resources, SP_PREFIX_RESOURCE);
    return status;
}

static enum sp_status
change(struct sp_run *run, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str database = {0};
    size_t changed = 0;
    for (size_t i = 0; i < run->files.count; i++)
        changed += run->files.items[i].changed;
    sp_run_begin(run, SP_PHASE_POSTS, changed);
    if (run->store)
        sp_store_database(run->store, &database);
    enum sp_status status = sp_str_check(&database, err);
    return status == SP_OK
               ? sp_run_incremental(run, run->store ? database.data : NULL, &run->update, err)
               : status;
}

static enum sp_status
build(struct sp_run *run, sp_error *err)
{
    bool alike = sp_previous_exists(run->previous) && is_made_alike(run);
    enum sp_status status = SP_OK;
    if (alike && !run->options->full)
        status = sp_parallel(run->options->jobs, run->files.count, look_at_file, run, err);
    if (status != SP_OK)
        return status;
    if (!alike || run->options->full || has_outgrown(run) || !sp_run_is_small(run))
        return build_anew(run, err);
    return change(run, err);
}

/* Publishing */

static enum sp_status
publish_new(struct sp_run *run, const sp_index_settings *settings, sp_manifest *manifest,
            sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str database = {0};
    sp_run_begin(run, SP_PHASE_MERGE, 0);
    sp_str_append_format(&database, "%s/database", run->workspace);
    enum sp_status status = sp_str_check(&database, err);
    if (status == SP_OK)
        status = sp_index_merge(run->shards, run->shard_count, database.data, settings, err);
    if (status == SP_OK)
        status = sp_run_check_cancel(run, err);
    if (status != SP_OK)
        return status;
    manifest->full_bytes = sp_store_size(database.data);
    status = sp_manifest_write(sp_store_folder(run->store), SP_NEW_MANIFEST, manifest, err);
    return status == SP_OK ? sp_store_publish(run->store, database.data, err) : status;
}

static enum sp_status
publish_change(struct sp_run *run, const sp_index_settings *settings, sp_manifest *manifest,
               sp_error *err)
{
    enum sp_status status =
        sp_manifest_write(sp_store_folder(run->store), SP_NEW_MANIFEST, manifest, err);
    if (status == SP_OK)
        status = sp_run_check_cancel(run, err);
    if (status == SP_OK)
        status = sp_store_check_place(run->store, err);
    return status == SP_OK ? sp_update_commit(run->update, settings, err) : status;
}

/* The new manifest is written before the index changes and takes its name after it: whenever a run
   is killed, one of the two names the revision that is there. */
static enum sp_status
publish(struct sp_run *run, const sp_index_settings *settings, sp_error *err)
{
    sp_manifest manifest;
    int folder = sp_store_folder(run->store);
    bool same = sp_bytes_equal(settings->revision, sp_previous_revision(run->previous));
    enum sp_status status = sp_files_remember(&run->files, &manifest, err);
    manifest.generator = settings->generator;
    manifest.revision = settings->revision;
    manifest.full_bytes = run->before.full_bytes;
    if (status != SP_OK)
        return status;
    if (same && !run->options->full)
        status = sp_manifest_write(folder, SP_NEW_MANIFEST, &manifest, err);
    else
        status = run->whole ? publish_new(run, settings, &manifest, err)
                            : publish_change(run, settings, &manifest, err);
    run->report->published = status == SP_OK && (!same || run->options->full);
    if (status == SP_OK)
        sp_store_settle_manifest(run->store);
    else
        sp_store_drop_new_manifest(run->store);
    return status;
}

static sp_index_settings
settings_of(const struct sp_run *run, uint64_t documents)
{
    const sp_site *site = run->files.sites[0];
    return (sp_index_settings){.language = sp_run_language(run),
                               .base_url = sp_site_url(site),
                               .title = sp_site_title(site),
                               .generator = sp_bytes_of(SIGNPOST_VERSION),
                               .documents = documents,
                               .ranking = SP_RANKING_DEFAULT};
}

static enum sp_status
conclude(struct sp_run *run, sp_error *err)
{
    sp_run_report *report = run->report;
    SP_AUTO(sp_str_done) sp_str revision = {0};
    sp_index_settings settings = settings_of(run, run->documents);
    list_problems(run);
    if (run->options->strict && report->problem_count > 0) {
        report->revision = sp_arena_copy(&report->arena, sp_previous_revision(run->previous));
        return sp_fail(err, SP_BAD_INPUT, "%zu files could not be indexed; nothing is changed",
                       report->problem_count);
    }
    sp_revision_make(&settings, &revision);
    settings.revision = report->revision = sp_arena_copy_str(&report->arena, &revision);
    enum sp_status status = sp_arena_check(&report->arena, err);
    return status == SP_OK && run->store ? publish(run, &settings, err) : status;
}

/* The whole of it */

/* What a run that was ended between its commit and its last step left is put right. */
static enum sp_status
read_manifest(struct sp_run *run, sp_error *err)
{
    static const char *const names[] = {SP_MANIFEST, SP_NEW_MANIFEST};
    sp_bytes revision = sp_previous_revision(run->previous);
    enum sp_status status = SP_OK;
    size_t i = 0;
    int folder = run->store ? sp_store_folder(run->store)
                            : open(run->options->index, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (; i < 2 && status == SP_OK && run->before.revision.len == 0; i++)
        status = sp_manifest_read(folder, names[i], revision, &run->before, err);
    if (!run->store && folder >= 0)
        close(folder);
    if (run->store && i == 2 && run->before.revision.len > 0)
        sp_store_settle_manifest(run->store);
    if (!sp_bytes_equal(run->before.generator, sp_bytes_of(SIGNPOST_VERSION)))
        sp_manifest_done(&run->before);
    return status;
}

/* A full build needs nothing of an index that is damaged. */
static enum sp_status
open_previous(struct sp_run *run, bool there, sp_error *err)
{
    enum sp_status status =
        sp_previous_open(there ? run->options->index : NULL, &run->previous, err);
    if (status == SP_DAMAGED && run->options->full)
        status = sp_previous_open(NULL, &run->previous, err);
    if (status == SP_OK && sp_previous_exists(run->previous))
        status = read_manifest(run, err);
    if (status == SP_OK && run->store)
        sp_store_drop_new_manifest(run->store);
    return status;
}

static enum sp_status
open_index(struct sp_run *run, sp_error *err)
{
    enum sp_status status = SP_OK;
    bool there = true;
    if (!run->options->dry_run) {
        status = sp_store_open(run->options->index, &run->store, err);
        there = status == SP_OK && sp_store_has_index(run->store);
    }
    return status == SP_OK ? open_previous(run, there, err) : status;
}

/* Whether the index is what it would become, by the looks of the files alone. */
static bool
is_up_to_date(struct sp_run *run)
{
    SP_AUTO(sp_str_done) sp_str revision = {0};
    sp_index_settings settings = settings_of(run, sp_previous_documents(run->previous));
    bool same = sp_files_compare(&run->files, &run->before, run->options->site.now);
    sp_revision_make(&settings, &revision);
    return same && !run->options->full && is_made_alike(run) && !has_outgrown(run) &&
           sp_bytes_equal(sp_str_bytes(&revision), sp_previous_revision(run->previous));
}

static enum sp_status
leave_it(struct sp_run *run, sp_error *err)
{
    sp_run_report *report = run->report;
    report->posts.unchanged = report->posts.total =
        sp_previous_count(run->previous, SP_PREFIX_POST);
    report->resources.unchanged = report->resources.total =
        sp_previous_count(run->previous, SP_PREFIX_RESOURCE);
    report->revision = sp_arena_copy(&report->arena, sp_previous_revision(run->previous));
    enum sp_status status = sp_arena_check(&report->arena, err);
    return status == SP_OK ? sp_previous_check(run->previous, err) : status;
}

/* What an index that cannot be read is called, wherever that came out. */
static enum sp_status
check_previous(struct sp_run *run, enum sp_status status, sp_error *err)
{
    enum sp_status found = SP_OK;
    if (run->options->full)
        return status;
    if (status == SP_OK || status == SP_DAMAGED || status == SP_NOT_FOUND)
        found = sp_previous_check(run->previous, err);
    if (found != SP_OK || status != SP_DAMAGED || run->whole)
        return found != SP_OK ? found : status;
    sp_error cause = *err;
    return sp_fail_at(err, status, cause.path, 0, 0,
                      "the index is damaged (%.200s); --full builds it anew", cause.text);
}

static enum sp_status
perform(struct sp_run *run, sp_error *err)
{
    const sp_run_options *options = run->options;
    enum sp_status status =
        sp_files_open(options->sites, options->site_count, &options->site, &run->files, err);
    if (status == SP_OK)
        status = open_index(run, err);
    if (status != SP_OK)
        return status;
    if (is_up_to_date(run))
        return leave_it(run, err);
    status = check_previous(run, build(run, err), err);
    return status == SP_OK ? conclude(run, err) : status;
}

static void
run_done(struct sp_run *run)
{
    sp_update_close(run->update);
    for (size_t i = 0; i < run->files.count; i++)
        free(run->files.items[i].fault);
    sp_files_done(&run->files);
    sp_manifest_done(&run->before);
    sp_previous_close(run->previous);
    sp_store_close(run->store);
    pthread_mutex_destroy(&run->mutex);
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
    struct sp_run run = {.options = options, .progress = progress, .report = report};
    double began = seconds_now();
    pthread_mutex_init(&run.mutex, NULL);
    enum sp_status status = perform(&run, err);
    run_done(&run);
    report->seconds = seconds_now() - began;
    return status;
}
