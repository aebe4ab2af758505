// SPDX-License-Identifier: GPL-2.0-or-later
#include "run_private.h"

#include "indexer/store/copy.h"

#include <signpost/index_directory.h>
#include <signpost/index_settings.h>
#include <signpost/update.h>
#include <signpost/vectors.h>

static bool
is_unchanged(const struct sp_run_inputs *inputs, const sp_index_settings *settings)
{
    return sp_bytes_equal(settings->revision, sp_old_index_revision(inputs->old));
}

static enum sp_status
merge_shards(const struct sp_attempt *attempt, const sp_index_settings *settings,
             const char *database, sp_error *err)
{
    const atomic_bool *cancel = &attempt->inputs->progress->cancel;
    enum sp_status status =
        sp_index_merge(attempt->shards, attempt->shard_count, database, settings, cancel, err);
    if (status == SP_OK)
        status = sp_check_cancel(cancel, err);
    if (status == SP_OK && settings->trained != 0)
        status = sp_vectors_make(database, settings->trained, cancel, err);
    return status;
}

/* Completes the new index in the workspace, where readers do not see it: merges the shards, or
   commits the changed copy. Appends the path of the new index. */
static enum sp_status
make_candidate(struct sp_attempt *attempt, const sp_index_settings *settings, sp_str *database,
               sp_error *err)
{
    sp_run_begin_phase(attempt->inputs->progress, SP_PHASE_MERGE, 0);
    sp_str_append_format(database, "%s/%s", attempt->workspace->path,
                         attempt->full ? "database" : "copy");
    enum sp_status status = sp_str_check(database, err);
    if (status == SP_OK && attempt->full)
        return merge_shards(attempt, settings, database->data, err);
    if (status == SP_OK)
        status = sp_update_commit(attempt->update, settings, err);
    if (status == SP_OK)
        status = sp_attempt_close_update(attempt, err);
    return status == SP_OK ? sp_folder_sync(database->data, err) : status;
}

/* The gate. In its functions, `database` is the new index; NULL if it equals the old one. */

static enum sp_status
evaluate(const struct sp_run_inputs *inputs, const char *database, sp_error *err)
{
    const char *index = inputs->options->index;
    enum sp_status status = SP_OK;
    if (!database)
        return sp_gate_evaluate_unchanged(inputs->gate, index, err);
    if (sp_old_index_exists(inputs->old))
        status = sp_gate_evaluate_old(inputs->gate, index, err);
    return status == SP_OK ? sp_gate_evaluate_new(inputs->gate, database, err) : status;
}

static enum sp_status
pass_gate(const struct sp_run_inputs *inputs, const char *database, sp_arena *arena,
          struct sp_publication *out, sp_error *err)
{
    bool met = false;
    if (!inputs->gate)
        return SP_OK;
    enum sp_status status = evaluate(inputs, database, err);
    if (status == SP_OK)
        status = sp_gate_make_report(inputs->gate, arena, &out->gate_report, &met, err);
    if (status != SP_OK || met)
        return status;
    out->refused = true;
    return SP_BAD_INPUT;
}

enum sp_status
sp_run_gate_unchanged(const struct sp_run_inputs *inputs, sp_arena *arena,
                      struct sp_publication *out, sp_error *err)
{
    return pass_gate(inputs, NULL, arena, out, err);
}

/* Publishing */

struct publish_context {
    struct sp_attempt *attempt;
    const sp_index_settings *settings;
    sp_manifest *manifest; /* the new one */
    sp_arena *arena;
    struct sp_publication *out;
};

static enum sp_status
write_manifest(const struct publish_context *context, sp_error *err)
{
    int folder = sp_store_folder(context->attempt->inputs->store);
    return sp_manifest_write(folder, SP_NEW_MANIFEST, context->manifest, err);
}

static enum sp_status
publish_candidate(const struct publish_context *context, sp_error *err)
{
    struct sp_attempt *attempt = context->attempt;
    const struct sp_run_inputs *inputs = attempt->inputs;
    SP_AUTO(sp_str_done) sp_str database = {0};
    enum sp_status status = make_candidate(attempt, context->settings, &database, err);
    if (status == SP_OK)
        status = pass_gate(inputs, database.data, context->arena, context->out, err);
    if (status == SP_OK)
        status = sp_check_cancel(&inputs->progress->cancel, err);
    if (status != SP_OK)
        return status;
    if (attempt->full)
        context->manifest->full_bytes = sp_store_size(database.data);
    status = write_manifest(context, err);
    const struct sp_new_database made = {.path = database.data,
                                         .revision = context->settings->revision,
                                         .written = attempt->full ? NULL : &attempt->written};
    return status == SP_OK ? sp_store_publish(inputs->store, &made, err) : status;
}

/* Renews the checksums. Readers already see the change, so a failure does not fail the run: the
   checksums stay marked as `changing`, and the next run completes them. */
static void
end_change(const struct publish_context *context)
{
    struct sp_attempt *attempt = context->attempt;
    if (sp_attempt_close_update(attempt, NULL) == SP_OK)
        (void)!sp_store_end_change(attempt->inputs->store, &attempt->written,
                                   context->settings->revision, NULL);
}

static enum sp_status
publish_change(const struct publish_context *context, sp_error *err)
{
    const struct sp_run_inputs *inputs = context->attempt->inputs;
    sp_run_begin_phase(inputs->progress, SP_PHASE_MERGE, 0);
    enum sp_status status = write_manifest(context, err);
    if (status == SP_OK)
        status = sp_check_cancel(&inputs->progress->cancel, err);
    if (status == SP_OK)
        status = sp_store_check_place(inputs->store, err);
    if (status == SP_OK)
        status = sp_update_commit(context->attempt->update, context->settings, err);
    if (status == SP_OK)
        end_change(context);
    return status;
}

static enum sp_status
publish_nothing(const struct publish_context *context, sp_error *err)
{
    enum sp_status status =
        pass_gate(context->attempt->inputs, NULL, context->arena, context->out, err);
    return status == SP_OK ? write_manifest(context, err) : status;
}

/* The new manifest is written before the index changes and is renamed afterwards: whenever a run is
   killed, one of the two manifests names the revision of the index. */
enum sp_status
sp_run_publish(struct sp_attempt *attempt, const sp_index_settings *settings, sp_arena *arena,
               struct sp_publication *out, sp_error *err)
{
    struct sp_run_inputs *inputs = attempt->inputs;
    sp_manifest manifest;
    const struct publish_context context = {attempt, settings, &manifest, arena, out};
    bool changes = !is_unchanged(inputs, settings) || inputs->options->full;
    enum sp_status status = sp_files_remember(&inputs->files, &manifest, err);
    manifest.generator = settings->generator;
    manifest.revision = settings->revision;
    manifest.full_bytes = inputs->manifest.full_bytes;
    if (status != SP_OK)
        return status;
    if (!changes)
        status = publish_nothing(&context, err);
    else if (attempt->full || attempt->in_copy)
        status = publish_candidate(&context, err);
    else
        status = publish_change(&context, err);
    out->published = status == SP_OK && changes;
    if (status == SP_OK)
        sp_store_commit_manifest(inputs->store);
    else
        sp_store_drop_new_manifest(inputs->store);
    return status;
}

enum sp_status
sp_run_preview(struct sp_attempt *attempt, const sp_index_settings *settings, sp_arena *arena,
               struct sp_publication *out, sp_error *err)
{
    const struct sp_run_inputs *inputs = attempt->inputs;
    SP_AUTO(sp_str_done) sp_str database = {0};
    if (!inputs->gate)
        return SP_OK;
    if (is_unchanged(inputs, settings))
        return sp_run_gate_unchanged(inputs, arena, out, err);
    enum sp_status status = make_candidate(attempt, settings, &database, err);
    if (status == SP_OK)
        status = sp_check_cancel(&inputs->progress->cancel, err);
    return status == SP_OK ? pass_gate(inputs, database.data, arena, out, err) : status;
}
