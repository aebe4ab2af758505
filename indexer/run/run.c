// SPDX-License-Identifier: GPL-2.0-or-later
#include "run_private.h"

#include "watchlist.h"

#include <signpost/memory.h>
#include <signpost/clock.h>
#include <signpost/index_settings.h>
#include <signpost/ranking.h>
#include <signpost/update.h>

#include <stdlib.h>

void
sp_run_begin_phase(sp_run_progress *progress, enum sp_phase phase, size_t total)
{
    if (progress->begin)
        progress->begin(progress->context, phase, total);
    atomic_store(&progress->done, 0);
    atomic_store(&progress->total, total);
    atomic_store(&progress->phase, (int)phase);
}

/* The results of a run's steps; the report is filled from them at the end. */
struct run_results {
    sp_arena *arena; /* the report's */
    sp_watchlist watchlist;
    struct sp_run_errors errors;
    struct sp_run_warnings warnings;
    sp_left_out *left_out;
    size_t left_out_count;
    struct sp_attempt_counts counts; /* of the attempt that succeeded */
    sp_change_list changes;          /* of the attempt that succeeded */
    struct sp_publication publication;
    sp_bytes revision;
    bool changed;
};

struct run_state {
    struct sp_run_inputs inputs;
    struct sp_workspace workspace;
    struct run_results results;
    size_t failures; /* sp_memory_failures() at the beginning of the run */
};

/* Inputs */

static enum sp_status
read_inputs(struct run_state *run, sp_error *err)
{
    struct sp_run_inputs *inputs = &run->inputs;
    struct run_results *results = &run->results;
    const sp_run_options *options = inputs->options;
    sp_site_options site = options->site;
    site.cancel = &inputs->progress->cancel;
    sp_run_begin_phase(inputs->progress, SP_PHASE_START, 0);
    enum sp_status status =
        sp_files_open(options->sites, options->site_count, &site, &inputs->files, err);
    if (status == SP_OK && options->watched)
        status = sp_watchlist_make(&inputs->files, options->index, results->arena,
                                   &results->watchlist, err);
    if (status == SP_OK)
        status = sp_run_read_synonyms(&inputs->files, &inputs->synonyms, &results->errors, err);
    if (status == SP_OK)
        status = sp_pins_read(&inputs->files, &inputs->pins, err);
    if (status == SP_OK)
        status = sp_gate_open(&inputs->files, options, inputs->progress, &inputs->gate, err);
    return status == SP_OK ? sp_run_open_index(inputs, err) : status;
}

static void
inputs_done(struct sp_run_inputs *inputs)
{
    sp_gate_close(inputs->gate);
    for (size_t i = 0; i < inputs->files.count; i++)
        free(inputs->files.items[i].fault);
    sp_files_done(&inputs->files);
    sp_pins_done(&inputs->pins);
    sp_manifest_done(&inputs->manifest);
    sp_str_done(&inputs->synonyms);
    sp_old_index_close(inputs->old);
    sp_store_close(inputs->store);
}

/* Nothing to build */

/* Whether settings and the times of the files show that the new index would equal the old one. */
static bool
is_up_to_date(struct sp_run_inputs *inputs)
{
    sp_old_index *old = inputs->old;
    size_t count =
        sp_old_index_count(old, SP_PREFIX_POST) + sp_old_index_count(old, SP_PREFIX_RESOURCE);
    sp_index_settings settings = sp_run_settings(inputs, sp_old_index_documents(old), count, false);
    bool same = sp_files_compare(&inputs->files, &inputs->manifest, inputs->options->site.now);
    return same && !inputs->options->full && sp_run_makes_same_documents(inputs) &&
           !sp_run_has_outgrown(inputs) && sp_run_has_old_revision(inputs, &settings);
}

static enum sp_status
keep_old_index(struct run_state *run, sp_error *err)
{
    struct run_results *results = &run->results;
    sp_run_counts *posts = &results->counts.posts, *resources = &results->counts.resources;
    sp_old_index *old = run->inputs.old;
    posts->unchanged = posts->total = sp_old_index_count(old, SP_PREFIX_POST);
    resources->unchanged = resources->total = sp_old_index_count(old, SP_PREFIX_RESOURCE);
    results->revision = sp_arena_copy(results->arena, sp_old_index_revision(old));
    enum sp_status status = sp_arena_check(results->arena, err);
    if (status == SP_OK)
        status = sp_old_index_check(old, err);
    return status == SP_OK
               ? sp_run_gate_unchanged(&run->inputs, results->arena, &results->publication, err)
               : status;
}

/* After a build */

/* Fails if the old index is damaged: a build reads from it and may not have noticed. */
static enum sp_status
check_old_index(const struct sp_run_inputs *inputs, enum sp_status status, sp_error *err)
{
    enum sp_status found = SP_OK;
    if (!inputs->options->full &&
        (status == SP_OK || status == SP_DAMAGED || status == SP_NOT_FOUND))
        found = sp_old_index_check(inputs->old, err);
    return found != SP_OK ? found : status;
}

static enum sp_status
list_warnings(struct run_results *results, struct sp_attempt *attempt, sp_error *err)
{
    const struct sp_run_inputs *inputs = attempt->inputs;
    struct sp_run_warnings *warnings = &results->warnings;
    sp_site_check_input input = {.files = &inputs->files,
                                 .old = inputs->old,
                                 .full = attempt->full,
                                 .language = sp_files_language(&inputs->files)};
    if (!attempt->checks)
        return SP_OK;
    enum sp_status status = sp_site_checks_finish(attempt->checks, &input, warnings->arena,
                                                  &warnings->items, &warnings->count, err);
    for (size_t i = 0; i < warnings->count; i++)
        warnings->error_count += warnings->items[i].error;
    sp_site_checks_free(attempt->checks); /* freed before the shards are merged, which needs
                                             memory */
    attempt->checks = NULL;
    return status;
}

/* --strict: says why the index is not changed. */
static enum sp_status
refuse(struct run_state *run, sp_error *err)
{
    struct run_results *results = &run->results;
    size_t mistakes = results->errors.synonym_count, failed = results->errors.count - mistakes;
    size_t warnings = results->warnings.error_count;
    results->revision = sp_arena_copy(results->arena, sp_old_index_revision(run->inputs.old));
    if (failed > 0)
        return sp_fail(err, SP_BAD_INPUT, "%zu %s could not be indexed; nothing is changed", failed,
                       failed == 1 ? "file" : "files");
    if (mistakes > 0)
        return sp_fail(err, SP_BAD_INPUT, "%zu %s in the synonyms; nothing is changed", mistakes,
                       mistakes == 1 ? "mistake" : "mistakes");
    return sp_fail(err, SP_BAD_INPUT, "%zu %s; nothing is changed", warnings,
                   warnings == 1 ? "warning is an error" : "warnings are errors");
}

/* If the new index is refused, the report describes the old index, which stays. The report of a dry
   run still describes the new index. */
static void
describe_refusal(struct run_state *run)
{
    struct run_results *results = &run->results;
    if (!results->publication.refused || run->inputs.options->dry_run)
        return;
    results->revision = sp_arena_copy(results->arena, sp_old_index_revision(run->inputs.old));
    results->changed = false;
}

static enum sp_status
publish(struct run_state *run, struct sp_attempt *attempt, sp_error *err)
{
    struct run_results *results = &run->results;
    struct sp_run_inputs *inputs = &run->inputs;
    SP_AUTO(sp_str_done) sp_str revision = {0};
    sp_index_settings settings = sp_attempt_settings(attempt);
    sp_revision_make(&settings, &revision);
    settings.revision = results->revision = sp_arena_copy_str(results->arena, &revision);
    results->changed = !sp_bytes_equal(results->revision, sp_old_index_revision(inputs->old));
    enum sp_status status = sp_memory_check(run->failures, err);
    if (status == SP_OK)
        status = sp_change_list_finish(&results->changes, inputs->old, err);
    if (status != SP_OK)
        return status;
    status = inputs->store
                 ? sp_run_publish(attempt, &settings, results->arena, &results->publication, err)
                 : sp_run_preview(attempt, &settings, results->arena, &results->publication, err);
    describe_refusal(run);
    return status;
}

static enum sp_status
conclude(struct run_state *run, struct sp_attempt *attempt, sp_error *err)
{
    const sp_run_options *options = run->inputs.options;
    struct run_results *results = &run->results;
    enum sp_status status =
        sp_run_errors_add_files(&results->errors, &run->inputs, attempt->full, err);
    if (status == SP_OK)
        status = list_warnings(results, attempt, err);
    if (status == SP_OK && options->list_left_out)
        status = sp_run_list_left_out(&run->inputs.files, attempt->full, results->arena,
                                      &results->left_out, &results->left_out_count, err);
    if (status != SP_OK)
        return status;
    if (options->strict && results->errors.count + results->warnings.error_count > 0)
        return refuse(run, err);
    return publish(run, attempt, err);
}

/* The run */

static enum sp_status
build(struct run_state *run, struct sp_attempt **attempt, sp_error *err)
{
    struct run_results *results = &run->results;
    struct sp_run_inputs *inputs = &run->inputs;
    struct sp_read_counts compared = {0};
    sp_arena *changes = inputs->options->dry_run ? results->arena : NULL;
    enum sp_status status = sp_run_build(inputs, &run->workspace, changes, &compared, attempt, err);
    if (status == SP_OK) {
        results->counts = (*attempt)->counts;
        results->changes = (*attempt)->changes;
        results->counts.read.files += compared.files;
        results->counts.read.bytes += compared.bytes;
    }
    return check_old_index(inputs, status, err);
}

static enum sp_status
perform(struct run_state *run, sp_error *err)
{
    struct sp_run_inputs *inputs = &run->inputs;
    const sp_run_options *options = inputs->options;
    struct sp_attempt *attempt = NULL;
    enum sp_status status = read_inputs(run, err);
    if (status != SP_OK)
        return status;
    if (is_up_to_date(inputs))
        return keep_old_index(run, err);
    status = build(run, &attempt, err);
    if (status == SP_OK && options->is_stable &&
        !options->is_stable(options->context, sp_files_are_partially_written(&inputs->files)))
        status = sp_fail(err, SP_STALE, "files changed while they were read");
    if (status == SP_OK)
        status = conclude(run, attempt, err);
    sp_attempt_free(attempt);
    return status;
}

static void
fill_report(const struct run_state *run, sp_run_report *report)
{
    const struct run_results *results = &run->results;
    const struct sp_publication *publication = &results->publication;
    report->revision = results->revision;
    report->published = publication->published;
    report->changed = results->changed;
    report->refused = publication->refused;
    report->gate = publication->gate_report;
    report->posts = results->counts.posts;
    report->resources = results->counts.resources;
    report->files = results->counts.read.files;
    report->bytes = results->counts.read.bytes;
    report->errors = results->errors.items;
    report->error_count = results->errors.count;
    report->synonym_error_count = results->errors.synonym_count;
    report->posts.failed = report->error_count - report->synonym_error_count;
    report->left_out = results->left_out;
    report->left_out_count = results->left_out_count;
    report->warnings = results->warnings.items;
    report->warning_count = results->warnings.count;
    report->fatal_warning_count = results->warnings.error_count;
    report->previews = run->inputs.options->dry_run;
    report->changes = results->changes.items;
    report->change_count = results->changes.count;
    report->watchlist = results->watchlist;
    report->due = sp_files_due(&run->inputs.files);
}

/* A run that has published succeeds even if memory was out afterwards: only warnings and acronyms
   can be missing. */
static enum sp_status
finish(struct run_state *run, sp_run_report *report, sp_error *err)
{
    struct run_results *results = &run->results;
    enum sp_status status = sp_run_warn_of_missing_pins(&run->inputs, &results->warnings, err);
    if (status == SP_OK)
        status = sp_run_list_acronyms(&run->inputs, report, err);
    if (status == SP_OK)
        status = sp_memory_check(run->failures, err);
    return results->publication.published ? SP_OK : status;
}

enum sp_status
sp_run(const sp_run_options *options, sp_run_progress *progress, sp_run_report *report,
       sp_error *err)
{
    sp_arena *arena = &report->arena;
    struct run_state run = {
        .inputs = {.options = options, .progress = progress},
        .results = {.arena = arena, .errors = {.arena = arena}, .warnings = {.arena = arena}}};
    double began = sp_now_s();
    run.failures = sp_memory_failures();
    enum sp_status status = perform(&run, err);
    if (status == SP_OK)
        status = finish(&run, report, err);
    fill_report(&run, report);
    sp_workspace_done(&run.workspace);
    inputs_done(&run.inputs);
    report->seconds = sp_now_s() - began;
    return status;
}
