// SPDX-License-Identifier: GPL-2.0-or-later
#include "run_private.h"

#include <stdlib.h>

enum sp_status
sp_attempt_new(struct sp_run_inputs *inputs, struct sp_workspace *workspace, bool full,
               sp_arena *changes, struct sp_attempt **out, sp_error *err)
{
    const sp_warning_options *warnings = &inputs->options->warnings;
    struct sp_attempt *attempt = calloc(1, sizeof *attempt);
    if (!attempt)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    *attempt = (struct sp_attempt){.inputs = inputs,
                                   .workspace = workspace,
                                   .full = full,
                                   .relearns = full,
                                   .changes = {.arena = changes, .full = full}};
    pthread_mutex_init(&attempt->mutex, NULL);
    enum sp_status status = SP_OK;
    if (sp_warning_options_any(warnings))
        status = sp_site_checks_new(warnings, &attempt->checks, err);
    if (status == SP_OK)
        *out = attempt;
    else
        sp_attempt_free(attempt);
    return status;
}

enum sp_status
sp_attempt_close_update(struct sp_attempt *attempt, sp_error *err)
{
    sp_written_list list = {0};
    enum sp_status status = sp_update_written(attempt->update, &list, err);
    if (status == SP_OK) {
        sp_written *items = sp_arena_array(&attempt->arena, list.count, sizeof *items);
        if (items && list.count > 0)
            memcpy(items, list.items, list.count * sizeof *items);
        attempt->written = (sp_written_list){items, items ? list.count : 0, items && list.complete};
    }
    sp_update_close(attempt->update);
    attempt->update = NULL;
    attempt->closed = true;
    return status;
}

/* Closes an update that was not committed. libxapian may have written to free blocks of the
   database in place, so their digests are renewed. If that fails, the next run does it, and also if
   the update was closed and the list of what was written is lost. */
static void
abandon_change(struct sp_attempt *attempt)
{
    sp_store *store = attempt->inputs->store;
    enum sp_status status = SP_OK;
    if (attempt->closed)
        return;
    attempt->written.complete = true; /* nothing, if no update was opened */
    if (attempt->update)
        status = sp_attempt_close_update(attempt, NULL);
    if (status == SP_OK && store)
        (void)!sp_store_end_change(store, &attempt->written,
                                   sp_old_index_revision(attempt->inputs->old), NULL);
}

enum sp_status
sp_attempt_restart(struct sp_attempt *attempt, sp_error *err)
{
    attempt->counts = (struct sp_attempt_counts){0};
    attempt->changes = (sp_change_list){.arena = attempt->changes.arena, .full = attempt->full};
    if (!attempt->checks)
        return SP_OK;
    sp_site_checks_free(attempt->checks);
    attempt->checks = NULL;
    return sp_site_checks_new(&attempt->inputs->options->warnings, &attempt->checks, err);
}

void
sp_attempt_free(struct sp_attempt *attempt)
{
    if (!attempt)
        return;
    abandon_change(attempt);
    sp_arena_done(&attempt->arena);
    sp_site_checks_free(attempt->checks);
    pthread_mutex_destroy(&attempt->mutex);
    free(attempt);
}

void
sp_attempt_count(struct sp_attempt *attempt, sp_run_counts *counts, const char *prefix, sp_bytes id,
                 const uint64_t *before, uint64_t digest)
{
    pthread_mutex_lock(&attempt->mutex);
    counts->added += !before;
    counts->updated += before && *before != digest;
    counts->unchanged += before && *before == digest;
    counts->total++;
    attempt->counts.documents += sp_document_share(prefix, id, digest);
    sp_change_list_note(&attempt->changes, prefix, id, before, &digest);
    pthread_mutex_unlock(&attempt->mutex);
}

void
sp_attempt_count_read(struct sp_attempt *attempt, const sp_post_reader *reader)
{
    pthread_mutex_lock(&attempt->mutex);
    attempt->counts.read.files += reader->files;
    attempt->counts.read.bytes += reader->bytes;
    pthread_mutex_unlock(&attempt->mutex);
}

size_t
sp_attempt_documents(const struct sp_attempt *attempt)
{
    return attempt->counts.posts.total + attempt->counts.resources.total;
}

sp_index_settings
sp_attempt_settings(const struct sp_attempt *attempt)
{
    return sp_run_settings(attempt->inputs, attempt->counts.documents,
                           sp_attempt_documents(attempt), attempt->relearns);
}

static size_t
count_changes(const sp_run_counts *counts)
{
    return counts->added + counts->updated + counts->removed;
}

bool
sp_attempt_outdates_vectors(const struct sp_attempt *attempt)
{
    const sp_vectors_header *before = sp_old_index_vectors(attempt->inputs->old);
    bool wanted = sp_run_wants_vectors(attempt->inputs, sp_attempt_documents(attempt));
    size_t changed = before->changed + count_changes(&attempt->counts.posts) +
                     count_changes(&attempt->counts.resources);
    return wanted != (before->trained != 0) ||
           (wanted && changed * SP_VECTORS_CHANGES_PART > before->documents);
}
