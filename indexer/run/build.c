// SPDX-License-Identifier: GPL-2.0-or-later
#include "run_private.h"

/* Changes in place leave blocks half empty. If an index has grown to more than GROWTH_MAX times its
   size after the last full build, plus GROWTH_SLACK bytes, its next change is a full build. */
#define GROWTH_MAX 2
#define GROWTH_SLACK (8u << 20)

struct build_context {
    struct sp_run_inputs *inputs;
    struct sp_workspace *workspace;
    sp_arena *changes;
};

bool
sp_run_has_outgrown(const struct sp_run_inputs *inputs)
{
    SP_AUTO(sp_str_done) sp_str database = {0};
    uint64_t full = inputs->manifest.full_bytes;
    if (!inputs->store || full == 0)
        return false;
    sp_store_database(inputs->store, &database);
    return !database.failed && sp_store_size(database.data) > GROWTH_MAX * full + GROWTH_SLACK;
}

bool
sp_run_makes_same_documents(const struct sp_run_inputs *inputs)
{
    sp_ranking before;
    sp_ranking_parse(sp_old_index_ranking(inputs->old), &before);
    return sp_weights_equal(&before.weights, &sp_files_ranking(&inputs->files)->weights) &&
           sp_bytes_equal(sp_old_index_generator(inputs->old), sp_bytes_of(SIGNPOST_VERSION)) &&
           sp_bytes_equal(sp_old_index_language(inputs->old), sp_files_language(&inputs->files));
}

/* Whether the files that a build makes are used. Without a store or a gate, nothing reads them. */
static bool
keeps_files(const struct sp_run_inputs *inputs)
{
    return inputs->store || inputs->gate;
}

static void
count_removed(sp_old_index *old, sp_run_counts *counts, const char *prefix)
{
    size_t before = sp_old_index_count(old, prefix);
    size_t kept = counts->updated + counts->unchanged;
    counts->removed = before > kept ? before - kept : 0;
}

static enum sp_status
build_full(const struct build_context *build, struct sp_attempt **out, sp_error *err)
{
    struct sp_run_inputs *inputs = build->inputs;
    struct sp_attempt *attempt = NULL;
    enum sp_status status = SP_OK;
    if (keeps_files(inputs))
        status = sp_workspace_make(build->workspace, inputs->store, err);
    if (status == SP_OK)
        status = sp_attempt_new(inputs, build->workspace, true, build->changes, &attempt, err);
    if (status == SP_OK)
        status = sp_run_full(attempt, err);
    if (status != SP_OK) {
        sp_attempt_free(attempt);
        return status;
    }
    count_removed(inputs->old, &attempt->counts.posts, SP_PREFIX_POST);
    count_removed(inputs->old, &attempt->counts.resources, SP_PREFIX_RESOURCE);
    *out = attempt;
    return SP_OK;
}

/* database: NULL: changes are counted and not stored. */
static enum sp_status
change_database(const struct build_context *build, const char *database, struct sp_attempt **out,
                sp_error *err)
{
    struct sp_attempt *attempt;
    enum sp_status status =
        sp_attempt_new(build->inputs, build->workspace, false, build->changes, &attempt, err);
    if (status != SP_OK)
        return status;
    status = sp_run_incremental(attempt, database, err);
    if (status == SP_OK)
        *out = attempt;
    else
        sp_attempt_free(attempt);
    return status;
}

/* Changes a copy of the index, so that the gate can evaluate it before readers see it. To avoid
   copying an unchanged index, a first attempt, which stores nothing, finds out whether anything
   changes. */
static enum sp_status
change_copy(const struct build_context *build, struct sp_attempt **out, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str copy = {0};
    struct sp_attempt *trial;
    enum sp_status status = change_database(build, NULL, &trial, err);
    if (status != SP_OK)
        return status;
    sp_index_settings settings = sp_attempt_settings(trial);
    if (sp_run_has_old_revision(build->inputs, &settings)) {
        *out = trial;
        return SP_OK;
    }
    sp_attempt_free(trial);
    status = sp_workspace_make(build->workspace, build->inputs->store, err);
    if (status == SP_OK)
        status = sp_workspace_copy_database(build->workspace, build->inputs, &copy, err);
    if (status == SP_OK)
        status = change_database(build, copy.data, out, err);
    if (status == SP_OK)
        (*out)->in_copy = true;
    return status;
}

static enum sp_status
change_old_index(const struct build_context *build, struct sp_attempt **out, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str database = {0};
    const struct sp_run_inputs *inputs = build->inputs;
    size_t changed = 0;
    for (size_t i = 0; i < inputs->files.count; i++)
        changed += inputs->files.items[i].changed;
    sp_run_begin_phase(inputs->progress, SP_PHASE_POSTS, changed);
    if (inputs->gate)
        return change_copy(build, out, err);
    if (inputs->store)
        sp_store_database(inputs->store, &database);
    enum sp_status status = sp_str_check(&database, err);
    if (status == SP_OK && inputs->store)
        status = sp_store_begin_change(inputs->store, err);
    return status == SP_OK ? change_database(build, inputs->store ? database.data : NULL, out, err)
                           : status;
}

static enum sp_status
build_incremental(const struct build_context *build, struct sp_attempt **out, sp_error *err)
{
    enum sp_status status = change_old_index(build, out, err);
    if (status != SP_DAMAGED)
        return status;
    sp_error cause = *err;
    return sp_fail_at(err, status, cause.path, 0, 0,
                      "the index is damaged (%.200s); --full rebuilds it", cause.text);
}

/* Whether another run has changed the index during a dry run, which takes no lock. */
static bool
is_overtaken(const struct sp_run_inputs *inputs, enum sp_status status)
{
    return status == SP_STALE && !inputs->store;
}

enum sp_status
sp_run_build(struct sp_run_inputs *inputs, struct sp_workspace *workspace, sp_arena *changes,
             struct sp_read_counts *compared, struct sp_attempt **out, sp_error *err)
{
    const struct build_context build = {inputs, workspace, changes};
    struct sp_attempt *attempt;
    bool full = inputs->options->full || !sp_old_index_exists(inputs->old) ||
                !sp_run_makes_same_documents(inputs);
    enum sp_status status = full ? SP_OK : sp_run_compare_contents(inputs, compared, err);
    if (status != SP_OK)
        return status;
    if (full || sp_run_has_outgrown(inputs) || !sp_run_is_cheaper_incremental(inputs))
        return build_full(&build, out, err);
    status = build_incremental(&build, &attempt, err);
    if (is_overtaken(inputs, status))
        return build_full(&build, out, err);
    if (status != SP_OK)
        return status;
    bool outdated = sp_attempt_outdates_vectors(attempt);
    if (outdated && keeps_files(inputs)) { /* only a full build learns vectors */
        sp_attempt_free(attempt);
        return build_full(&build, out, err);
    }
    attempt->relearns = outdated;
    *out = attempt;
    return SP_OK;
}
