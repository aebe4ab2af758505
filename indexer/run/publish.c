// SPDX-License-Identifier: GPL-2.0-or-later
#include "run_private.h"

#include "indexer/store/copy.h"

#include <signpost/index_settings.h>
#include <signpost/update.h>
#include <signpost/vectors.h>

static bool
is_same(const struct sp_run *run, const sp_index_settings *settings)
{
    return sp_bytes_equal(settings->revision, sp_old_index_revision(run->previous));
}

static enum sp_status
make_whole(struct sp_run *run, const sp_index_settings *settings, const char *database,
           sp_error *err)
{
    enum sp_status status = sp_index_merge(run->shards, run->shard_count, database, settings, err);
    if (status == SP_OK)
        status = sp_run_check_cancel(run, err);
    if (status == SP_OK && settings->trained != 0)
        status = sp_vectors_make(database, settings->trained, err);
    return status;
}

/* The new index where readers do not see it yet: the shards merged, or the changed copy. */
static enum sp_status
make_candidate(struct sp_run *run, const sp_index_settings *settings, sp_str *database,
               sp_error *err)
{
    sp_run_begin(run, SP_PHASE_MERGE, 0);
    sp_str_append_format(database, "%s/%s", run->workspace, run->whole ? "database" : "copy");
    enum sp_status status = sp_str_check(database, err);
    if (status == SP_OK && run->whole)
        return make_whole(run, settings, database->data, err);
    if (status == SP_OK)
        status = sp_update_commit(run->update, settings, err);
    sp_update_close(run->update);
    run->update = NULL;
    return status == SP_OK ? sp_folder_sync(database->data, err) : status;
}

/* Judging. database: NULL where the new index is as the old one. */

static enum sp_status
ask(struct sp_run *run, const char *database, sp_error *err)
{
    const char *index = run->options->index;
    enum sp_status status = SP_OK;
    if (!database)
        return sp_gate_ask_unchanged(run->judge, index, err);
    if (sp_old_index_exists(run->previous))
        status = sp_gate_ask_old(run->judge, index, err);
    return status == SP_OK ? sp_gate_ask_new(run->judge, database, err) : status;
}

static enum sp_status
judge(struct sp_run *run, const char *database, sp_error *err)
{
    bool met = false;
    sp_run_report *report = run->report;
    if (!run->judge)
        return SP_OK;
    enum sp_status status = ask(run, database, err);
    if (status == SP_OK)
        status = sp_gate_fill_report(run->judge, report, &met, err);
    if (status != SP_OK || met)
        return status;
    report->refused = true;
    if (!run->options->dry_run) {
        report->revision = sp_arena_copy(&report->arena, sp_old_index_revision(run->previous));
        report->changed = false;
    }
    return SP_BAD_INPUT;
}

enum sp_status
sp_run_gate_unchanged(struct sp_run *run, sp_error *err)
{
    return judge(run, NULL, err);
}

/* Publishing */

static enum sp_status
publish_candidate(struct sp_run *run, const sp_index_settings *settings, sp_manifest *manifest,
                  sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str database = {0};
    enum sp_status status = make_candidate(run, settings, &database, err);
    if (status == SP_OK)
        status = judge(run, database.data, err);
    if (status == SP_OK)
        status = sp_run_check_cancel(run, err);
    if (status != SP_OK)
        return status;
    if (run->whole)
        manifest->full_bytes = sp_store_size(database.data);
    status = sp_manifest_write(sp_store_folder(run->store), SP_NEW_MANIFEST, manifest, err);
    return status == SP_OK ? sp_store_publish(run->store, database.data, err) : status;
}

static enum sp_status
publish_change(struct sp_run *run, const sp_index_settings *settings, sp_manifest *manifest,
               sp_error *err)
{
    sp_run_begin(run, SP_PHASE_MERGE, 0);
    enum sp_status status =
        sp_manifest_write(sp_store_folder(run->store), SP_NEW_MANIFEST, manifest, err);
    if (status == SP_OK)
        status = sp_run_check_cancel(run, err);
    if (status == SP_OK)
        status = sp_store_check_place(run->store, err);
    return status == SP_OK ? sp_update_commit(run->update, settings, err) : status;
}

static enum sp_status
publish_nothing(struct sp_run *run, sp_manifest *manifest, sp_error *err)
{
    enum sp_status status = judge(run, NULL, err);
    return status == SP_OK
               ? sp_manifest_write(sp_store_folder(run->store), SP_NEW_MANIFEST, manifest, err)
               : status;
}

/* The new manifest is written before the index changes and takes its name after it: whenever a run
   is killed, one of the two names the revision that is there. */
enum sp_status
sp_run_publish(struct sp_run *run, const sp_index_settings *settings, sp_error *err)
{
    sp_manifest manifest;
    bool changes = !is_same(run, settings) || run->options->full;
    enum sp_status status = sp_files_remember(&run->files, &manifest, err);
    manifest.generator = settings->generator;
    manifest.revision = settings->revision;
    manifest.full_bytes = run->before.full_bytes;
    if (status != SP_OK)
        return status;
    if (!changes)
        status = publish_nothing(run, &manifest, err);
    else
        status = run->whole || run->copied ? publish_candidate(run, settings, &manifest, err)
                                           : publish_change(run, settings, &manifest, err);
    run->report->published = status == SP_OK && changes;
    if (status == SP_OK)
        sp_store_settle_manifest(run->store);
    else
        sp_store_drop_new_manifest(run->store);
    return status;
}

enum sp_status
sp_run_preview(struct sp_run *run, const sp_index_settings *settings, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str database = {0};
    if (!run->judge)
        return SP_OK;
    if (is_same(run, settings))
        return judge(run, NULL, err);
    enum sp_status status = make_candidate(run, settings, &database, err);
    if (status == SP_OK)
        status = sp_run_check_cancel(run, err);
    return status == SP_OK ? judge(run, database.data, err) : status;
}
