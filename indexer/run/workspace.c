// SPDX-License-Identifier: GPL-2.0-or-later
#include "run_private.h"

#include "indexer/store/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>

/* How often a copy is begun anew because the index changed under it: a dry run takes no lock. */
#define ATTEMPTS 5

const char *
sp_run_temporary_folder(void)
{
    const char *folder = getenv("TMPDIR");
    return folder && *folder ? folder : "/tmp";
}

/* Of the run that goes on: a process has one at a time. */
static _Atomic(const char *) workspace;

void
sp_run_abandon(void)
{
    const char *path = atomic_load(&workspace);
    if (path)
        sp_store_remove_tree(AT_FDCWD, path);
}

static enum sp_status
make_temporary(struct sp_run *run, sp_error *err)
{
    sp_str_append_format(&run->temporary, "%s/signpost-preview.XXXXXX", sp_run_temporary_folder());
    enum sp_status status = sp_str_check(&run->temporary, err);
    if (status == SP_OK && !mkdtemp(run->temporary.data)) {
        status = sp_fail_errno(err, errno, sp_run_temporary_folder(),
                               "cannot create a folder for the preview");
        sp_str_clear(&run->temporary);
    }
    return status;
}

enum sp_status
sp_run_workspace(struct sp_run *run, sp_error *err)
{
    enum sp_status status = SP_OK;
    if (run->workspace)
        return SP_OK;
    if (!run->store && !run->judge)
        return SP_OK;
    if (run->store)
        status = sp_store_workspace(run->store, &run->workspace, err);
    else
        status = make_temporary(run, err);
    if (status != SP_OK)
        return status;
    if (!run->store)
        run->workspace = run->temporary.data;
    atomic_store(&workspace, run->workspace);
    return SP_OK;
}

void
sp_run_workspace_done(struct sp_run *run)
{
    atomic_store(&workspace, NULL);
    if (run->temporary.len > 0)
        sp_store_remove_tree(AT_FDCWD, run->temporary.data);
    sp_str_done(&run->temporary);
}

static enum sp_status
find_database(const struct sp_run *run, sp_str *out, sp_error *err)
{
    if (!run->store)
        return sp_store_find_database(run->options->index, out, err);
    sp_store_database(run->store, out);
    return sp_str_check(out, err);
}

static enum sp_status
copy_once(struct sp_run *run, const char *to, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str database = {0};
    sp_store_remove_tree(AT_FDCWD, to);
    enum sp_status status = find_database(run, &database, err);
    return status == SP_OK ? sp_database_copy(database.data, to, err) : status;
}

/* The copy is of the index that `previous` read, or it is of no use either. */
static enum sp_status
check_same(struct sp_run *run, const char *copy, sp_error *err)
{
    sp_old_index *copied;
    enum sp_status status = sp_old_index_open(copy, &copied, err);
    if (status != SP_OK)
        return status;
    bool same = sp_bytes_equal(sp_old_index_revision(copied), sp_old_index_revision(run->previous));
    sp_old_index_close(copied);
    return same ? SP_OK
                : sp_fail_at(err, SP_STALE, run->options->index, 0, 0,
                             "the index changed while it was read");
}

enum sp_status
sp_run_copy_database(struct sp_run *run, sp_str *out, sp_error *err)
{
    enum sp_status status = sp_run_workspace(run, err);
    if (status != SP_OK)
        return status;
    sp_str_append_format(out, "%s/copy", run->workspace);
    status = sp_str_check(out, err);
    if (status != SP_OK)
        return status;
    status = SP_STALE;
    for (int i = 0; i < ATTEMPTS && (status == SP_STALE || status == SP_NOT_FOUND); i++)
        status = copy_once(run, out->data, err);
    return status == SP_OK ? check_same(run, out->data, err) : status;
}
