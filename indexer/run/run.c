// SPDX-License-Identifier: GPL-2.0-or-later
#include "run_private.h"

#include "watchlist.h"

#include <signpost/clock.h>
#include <signpost/index_settings.h>
#include <signpost/ranking.h>
#include <signpost/update.h>

#include <fcntl.h>
#include <stdlib.h>
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

const sp_ranking *
sp_run_ranking(const struct sp_run *run)
{
    return sp_site_ranking(run->files.sites[0]);
}

enum sp_status
sp_run_check_cancel(const struct sp_run *run, sp_error *err)
{
    return atomic_load(&run->progress->cancel) ? sp_fail(err, SP_CANCELLED, "interrupted") : SP_OK;
}

void
sp_run_begin(struct sp_run *run, enum sp_phase phase, size_t total)
{
    sp_run_progress *progress = run->progress;
    if (progress->begin)
        progress->begin(progress->context, phase, total);
    atomic_store(&progress->done, 0);
    atomic_store(&progress->total, total);
    atomic_store(&progress->phase, (int)phase);
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
    sp_run_note(run, prefix, id, before, &digest);
    pthread_mutex_unlock(&run->mutex);
}

/* The report */

static void
count_removed(struct sp_run *run, sp_run_counts *counts, const char *prefix)
{
    size_t before = sp_old_index_count(run->previous, prefix);
    size_t kept = counts->updated + counts->unchanged;
    counts->removed = before > kept ? before - kept : 0;
}

/* Vectors */

/* `signpost: semantic: false` turns them off. */
static bool
wants_vectors(const struct sp_run *run, size_t count)
{
    const sp_yaml *setting = sp_site_config(run->files.sites[0], "signpost.semantic");
    return count >= SP_VECTORS_DOCUMENTS_MIN && (!setting || sp_yaml_is_truthy(setting));
}

static size_t
count_documents(const struct sp_run *run)
{
    return run->report->posts.total + run->report->resources.total;
}

static size_t
count_changes(const sp_run_counts *counts)
{
    return counts->added + counts->updated + counts->removed;
}

/* Whether what was learnt fits the index that a change in place has made: only a full build
   learns. */
static bool
must_learn(const struct sp_run *run)
{
    const sp_vectors_header *before = sp_old_index_vectors(run->previous);
    bool wanted = wants_vectors(run, count_documents(run));
    size_t changed = before->changed + count_changes(&run->report->posts) +
                     count_changes(&run->report->resources);
    return wanted != (before->trained != 0) ||
           (wanted && changed * SP_VECTORS_CHANGES_PART > before->documents);
}

/* Of which documents the vectors of an index with so many documents are learnt. */
static uint64_t
trained_of(const struct sp_run *run, uint64_t documents, size_t count)
{
    uint64_t before = sp_old_index_vectors(run->previous)->trained;
    if (!wants_vectors(run, count))
        return 0;
    return before == 0 || run->whole || run->retrained ? documents : before;
}

/* Building */

/* Of an index with that digest of so many documents. */
static sp_index_settings
settings_of(const struct sp_run *run, uint64_t documents, size_t count)
{
    const sp_site *site = run->files.sites[0];
    return (sp_index_settings){.language = sp_run_language(run),
                               .base_url = sp_site_url(site),
                               .title = sp_site_title(site),
                               .generator = sp_bytes_of(SIGNPOST_VERSION),
                               .documents = documents,
                               .trained = trained_of(run, documents, count),
                               .synonyms = sp_str_bytes(&run->synonyms),
                               .ranking = *sp_run_ranking(run),
                               .pins = sp_str_bytes(&run->pins.packed)};
}

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

/* Whether a document that did not change would come out as the index has it. */
static bool
is_made_alike(const struct sp_run *run)
{
    sp_ranking before;
    sp_ranking_parse(sp_old_index_ranking(run->previous), &before);
    return sp_weights_equal(&before.weights, &sp_run_ranking(run)->weights) &&
           sp_bytes_equal(sp_old_index_generator(run->previous), sp_bytes_of(SIGNPOST_VERSION)) &&
           sp_bytes_equal(sp_old_index_language(run->previous), sp_run_language(run));
}

static void
forget(struct sp_run *run)
{
    run->report->posts = run->report->resources = (sp_run_counts){0};
    run->documents = 0;
    sp_site_checks_reset(run->diagnosis);
    sp_run_forget_changes(run);
}

static enum sp_status
build_anew(struct sp_run *run, sp_error *err)
{
    forget(run);
    run->whole = true;
    enum sp_status status = sp_run_workspace(run, err);
    if (status == SP_OK)
        status = sp_run_full(run, err);
    count_removed(run, &run->report->posts, SP_PREFIX_POST);
    count_removed(run, &run->report->resources, SP_PREFIX_RESOURCE);
    return status;
}

static bool
would_differ(const struct sp_run *run)
{
    SP_AUTO(sp_str_done) sp_str revision = {0};
    sp_index_settings settings = settings_of(run, run->documents, count_documents(run));
    sp_revision_make(&settings, &revision);
    return revision.failed ||
           !sp_bytes_equal(sp_str_bytes(&revision), sp_old_index_revision(run->previous));
}

/* What is to be looked at before readers see it is changed in a copy. Whether there is anything to
   change, and a database to be copied for, is found out first by a run that keeps nothing. */
static enum sp_status
change_copy(struct sp_run *run, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str copy = {0};
    const size_t files = run->report->files;
    const uint64_t bytes = run->report->bytes;
    enum sp_status status = sp_run_incremental(run, NULL, &run->update, err);
    if (status != SP_OK || !would_differ(run))
        return status;
    status = sp_run_copy_database(run, &copy, err);
    if (status != SP_OK)
        return status;
    forget(run);
    run->report->files = files;
    run->report->bytes = bytes;
    run->copied = true;
    sp_update_close(run->update);
    run->update = NULL;
    return sp_run_incremental(run, copy.data, &run->update, err);
}

static enum sp_status
change(struct sp_run *run, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str database = {0};
    size_t changed = 0;
    for (size_t i = 0; i < run->files.count; i++)
        changed += run->files.items[i].changed;
    sp_run_begin(run, SP_PHASE_POSTS, changed);
    if (run->judge)
        return change_copy(run, err);
    if (run->store)
        sp_store_database(run->store, &database);
    enum sp_status status = sp_str_check(&database, err);
    return status == SP_OK
               ? sp_run_incremental(run, run->store ? database.data : NULL, &run->update, err)
               : status;
}

/* A change in place that leaves vectors behind which do not fit any more. */
static enum sp_status
learn_anew(struct sp_run *run, size_t files, uint64_t bytes, sp_error *err)
{
    if (!run->store && !run->judge) { /* which keeps nothing, and has said what changes */
        run->retrained = true;
        return SP_OK;
    }
    sp_update_close(run->update);
    run->update = NULL;
    run->copied = false;
    run->report->files = files;
    run->report->bytes = bytes;
    return build_anew(run, err);
}

static enum sp_status
build(struct sp_run *run, sp_error *err)
{
    bool alike = sp_old_index_exists(run->previous) && is_made_alike(run);
    enum sp_status status = SP_OK;
    if (alike && !run->options->full)
        status = sp_run_compare_contents(run, err);
    if (status != SP_OK)
        return status;
    if (!alike || run->options->full || has_outgrown(run) || !sp_run_is_small(run))
        return build_anew(run, err);
    const size_t files = run->report->files;
    const uint64_t bytes = run->report->bytes;
    status = change(run, err);
    if (status == SP_OK && must_learn(run))
        return learn_anew(run, files, bytes, err);
    bool overtaken = status == SP_STALE && !run->store; /* a preview has no lock */
    return overtaken ? build_anew(run, err) : status;
}

static enum sp_status
list_warnings(struct sp_run *run, sp_error *err)
{
    sp_run_report *report = run->report;
    sp_site_check_input input = {.files = &run->files,
                                 .previous = run->previous,
                                 .whole = run->whole,
                                 .language = sp_run_language(run)};
    if (!run->diagnosis)
        return SP_OK;
    enum sp_status status = sp_site_checks_finish(run->diagnosis, &input, &report->arena,
                                                  &report->warnings, &report->warning_count, err);
    for (size_t i = 0; i < report->warning_count; i++)
        report->fatal_warning_count += report->warnings[i].error;
    sp_site_checks_reset(run->diagnosis);
    return status;
}

/* Nothing is to change, and why. */
static enum sp_status
refuse(struct sp_run *run, sp_error *err)
{
    sp_run_report *report = run->report;
    size_t failed = report->error_count - report->synonym_error_count;
    report->revision = sp_arena_copy(&report->arena, sp_old_index_revision(run->previous));
    if (failed > 0)
        return sp_fail(err, SP_BAD_INPUT, "%zu %s could not be indexed; nothing is changed", failed,
                       failed == 1 ? "file" : "files");
    if (report->synonym_error_count > 0)
        return sp_fail(err, SP_BAD_INPUT, "%zu %s in the synonyms; nothing is changed",
                       report->synonym_error_count,
                       report->synonym_error_count == 1 ? "mistake" : "mistakes");
    return sp_fail(err, SP_BAD_INPUT, "%zu %s; nothing is changed", report->fatal_warning_count,
                   report->fatal_warning_count == 1 ? "warning is an error"
                                                    : "warnings are errors");
}

static enum sp_status
conclude(struct sp_run *run, sp_error *err)
{
    sp_run_report *report = run->report;
    SP_AUTO(sp_str_done) sp_str revision = {0};
    sp_index_settings settings = settings_of(run, run->documents, count_documents(run));
    enum sp_status status = sp_run_list_errors(run, err);
    if (status == SP_OK)
        status = list_warnings(run, err);
    if (status != SP_OK)
        return status;
    if (run->options->strict && report->error_count + report->fatal_warning_count > 0)
        return refuse(run, err);
    sp_revision_make(&settings, &revision);
    settings.revision = report->revision = sp_arena_copy_str(&report->arena, &revision);
    report->changed = !sp_bytes_equal(report->revision, sp_old_index_revision(run->previous));
    status = sp_run_list_changes(run, err);
    if (status != SP_OK)
        return status;
    return run->store ? sp_run_publish(run, &settings, err) : sp_run_preview(run, &settings, err);
}

/* The whole of it */

/* What a run that was ended between its commit and its last step left is put right. */
static enum sp_status
read_manifest(struct sp_run *run, sp_error *err)
{
    static const char *const names[] = {SP_MANIFEST, SP_NEW_MANIFEST};
    sp_bytes revision = sp_old_index_revision(run->previous);
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
        sp_old_index_open(there ? run->options->index : NULL, &run->previous, err);
    if (status == SP_DAMAGED && run->options->full)
        status = sp_old_index_open(NULL, &run->previous, err);
    if (status == SP_OK && sp_old_index_exists(run->previous))
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
    sp_index_settings settings =
        settings_of(run, sp_old_index_documents(run->previous),
                    sp_old_index_count(run->previous, SP_PREFIX_POST) +
                        sp_old_index_count(run->previous, SP_PREFIX_RESOURCE));
    bool same = sp_files_compare(&run->files, &run->before, run->options->site.now);
    sp_revision_make(&settings, &revision);
    return same && !run->options->full && is_made_alike(run) && !has_outgrown(run) &&
           sp_bytes_equal(sp_str_bytes(&revision), sp_old_index_revision(run->previous));
}

static enum sp_status
leave_it(struct sp_run *run, sp_error *err)
{
    sp_run_report *report = run->report;
    report->posts.unchanged = report->posts.total =
        sp_old_index_count(run->previous, SP_PREFIX_POST);
    report->resources.unchanged = report->resources.total =
        sp_old_index_count(run->previous, SP_PREFIX_RESOURCE);
    report->revision = sp_arena_copy(&report->arena, sp_old_index_revision(run->previous));
    enum sp_status status = sp_arena_check(&report->arena, err);
    if (status == SP_OK)
        status = sp_old_index_check(run->previous, err);
    return status == SP_OK ? sp_run_gate_unchanged(run, err) : status;
}

/* What an index that cannot be read is called, wherever that came out. */
static enum sp_status
check_previous(struct sp_run *run, enum sp_status status, sp_error *err)
{
    enum sp_status found = SP_OK;
    if (run->options->full)
        return status;
    if (status == SP_OK || status == SP_DAMAGED || status == SP_NOT_FOUND)
        found = sp_old_index_check(run->previous, err);
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
    sp_run_begin(run, SP_PHASE_START, 0);
    enum sp_status status =
        sp_files_open(options->sites, options->site_count, &options->site, &run->files, err);
    if (status == SP_OK && options->watched)
        status = sp_watchlist_make(&run->files, options->index, &run->report->arena,
                                   &run->report->watchlist, err);
    if (status == SP_OK)
        status = sp_run_read_synonyms(run, err);
    if (status == SP_OK)
        status = sp_pins_read(&run->files, &run->pins, err);
    if (status == SP_OK)
        status = sp_gate_open(options, run->progress, &run->judge, err);
    if (status == SP_OK)
        status = open_index(run, err);
    if (status == SP_OK && sp_warning_options_any(&options->warnings))
        status = sp_site_checks_new(&options->warnings, &run->diagnosis, err);
    if (status != SP_OK)
        return status;
    if (is_up_to_date(run))
        return leave_it(run, err);
    status = check_previous(run, build(run, err), err);
    if (status == SP_OK && options->is_still &&
        !options->is_still(options->context, sp_files_are_half_saved(&run->files)))
        return sp_fail(err, SP_STALE, "files changed while they were read");
    return status == SP_OK ? conclude(run, err) : status;
}

static void
run_done(struct sp_run *run)
{
    sp_update_close(run->update);
    sp_site_checks_free(run->diagnosis);
    sp_gate_close(run->judge);
    sp_run_workspace_done(run);
    for (size_t i = 0; i < run->files.count; i++)
        free(run->files.items[i].fault);
    sp_files_done(&run->files);
    sp_pins_done(&run->pins);
    sp_manifest_done(&run->before);
    sp_str_done(&run->synonyms);
    sp_old_index_close(run->previous);
    sp_store_close(run->store);
    pthread_mutex_destroy(&run->mutex);
}

enum sp_status
sp_run(const sp_run_options *options, sp_run_progress *progress, sp_run_report *report,
       sp_error *err)
{
    struct sp_run run = {.options = options, .progress = progress, .report = report};
    double began = sp_now_s();
    report->previews = options->dry_run;
    pthread_mutex_init(&run.mutex, NULL);
    enum sp_status status = perform(&run, err);
    if (status == SP_OK)
        status = sp_run_list_missing_pins(&run, err);
    report->due = sp_files_due(&run.files);
    run_done(&run);
    report->seconds = sp_now_s() - began;
    return status;
}
