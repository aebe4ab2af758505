// SPDX-License-Identifier: GPL-2.0-or-later
#include "run_private.h"

#include "indexer/store/copy.h"
#include "indexer/store/leftovers.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>

/* A dry run takes no lock, so the index may change while it is copied. */
#define COPIES_MAX 5

const char *
sp_run_temporary_folder(void)
{
    const char *folder = getenv("TMPDIR");
    return folder && *folder ? folder : "/tmp";
}

/* The workspace of the current run is in a store or a temporary folder. For sp_run_abandon; a
   process has one run at a time. */
static _Atomic(sp_store *) current_store;
static _Atomic(const char *) current_temporary;

void
sp_run_abandon(void)
{
    sp_store *store = atomic_load(&current_store);
    const char *temporary = atomic_load(&current_temporary);
    if (store)
        sp_store_remove_workspace(store);
    if (temporary)
        sp_remove_tree(AT_FDCWD, temporary);
}

static enum sp_status
make_temporary(struct sp_workspace *workspace, sp_error *err)
{
    sp_str *path = &workspace->temporary;
    sp_str_append_format(path, "%s/signpost-preview.XXXXXX", sp_run_temporary_folder());
    enum sp_status status = sp_str_check(path, err);
    if (status == SP_OK && !mkdtemp(path->data)) {
        status = sp_fail_errno(err, errno, sp_run_temporary_folder(),
                               "cannot create a folder for the preview");
        sp_str_restart(path);
    }
    if (status == SP_OK)
        workspace->path = path->data;
    return status;
}

enum sp_status
sp_workspace_make(struct sp_workspace *workspace, sp_store *store, sp_error *err)
{
    if (workspace->path)
        return SP_OK;
    enum sp_status status =
        store ? sp_store_workspace(store, &workspace->path, err) : make_temporary(workspace, err);
    if (status == SP_OK && store)
        atomic_store(&current_store, store);
    else if (status == SP_OK)
        atomic_store(&current_temporary, workspace->path);
    return status;
}

void
sp_workspace_done(struct sp_workspace *workspace)
{
    atomic_store(&current_store, NULL);
    atomic_store(&current_temporary, NULL);
    if (workspace->temporary.len > 0)
        sp_remove_tree(AT_FDCWD, workspace->temporary.data);
    sp_str_done(&workspace->temporary);
}

static enum sp_status
find_database(const struct sp_run_inputs *inputs, sp_str *out, sp_error *err)
{
    if (!inputs->store)
        return sp_store_find_database(inputs->options->index, out, err);
    sp_store_database(inputs->store, out);
    return sp_str_check(out, err);
}

static enum sp_status
copy_once(const struct sp_run_inputs *inputs, const char *to, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str database = {0};
    sp_remove_tree(AT_FDCWD, to);
    enum sp_status status = find_database(inputs, &database, err);
    return status == SP_OK ? sp_database_copy(database.data, to, &inputs->progress->cancel, err)
                           : status;
}

/* Checks that the copied index is the one that inputs->old has read: another run may have replaced
   it. */
static enum sp_status
check_same(const struct sp_run_inputs *inputs, const char *copy, sp_error *err)
{
    sp_old_index *copied;
    enum sp_status status = sp_old_index_open(copy, &copied, err);
    if (status != SP_OK)
        return status;
    bool same = sp_bytes_equal(sp_old_index_revision(copied), sp_old_index_revision(inputs->old));
    sp_old_index_close(copied);
    return same ? SP_OK
                : sp_fail_at(err, SP_STALE, inputs->options->index, 0, 0,
                             "the index changed while it was read");
}

enum sp_status
sp_workspace_copy_database(const struct sp_workspace *workspace, const struct sp_run_inputs *inputs,
                           sp_str *out, sp_error *err)
{
    sp_str_append_format(out, "%s/copy", workspace->path);
    enum sp_status status = sp_str_check(out, err);
    if (status != SP_OK)
        return status;
    status = SP_STALE;
    for (int i = 0; i < COPIES_MAX && (status == SP_STALE || status == SP_NOT_FOUND); i++)
        status = copy_once(inputs, out->data, err);
    return status == SP_OK ? check_same(inputs, out->data, err) : status;
}
