// SPDX-License-Identifier: GPL-2.0-or-later
#include "run_private.h"

#include <signpost/index_directory.h>

#include <fcntl.h>
#include <unistd.h>

/* Reads the old index's manifest under its final name or under its temporary name: a run that was
   killed between its commit and its last step has not renamed it. */
static enum sp_status
read_manifest(struct sp_run_inputs *inputs, sp_error *err)
{
    static const char *const names[] = {SP_MANIFEST, SP_NEW_MANIFEST};
    sp_manifest *manifest = &inputs->manifest;
    sp_bytes revision = sp_old_index_revision(inputs->old);
    enum sp_status status = SP_OK;
    size_t i = 0;
    int folder = inputs->store ? sp_store_folder(inputs->store)
                               : open(inputs->options->index, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (; i < 2 && status == SP_OK && manifest->revision.len == 0; i++)
        status = sp_manifest_read(folder, names[i], revision, manifest, err);
    if (!inputs->store && folder >= 0)
        close(folder);
    if (inputs->store && i == 2 && manifest->revision.len > 0)
        sp_store_commit_manifest(inputs->store);
    if (!sp_bytes_equal(manifest->generator, sp_bytes_of(SIGNPOST_VERSION)))
        sp_manifest_done(manifest);
    return status;
}

static enum sp_status
open_old(struct sp_run_inputs *inputs, bool exists, sp_error *err)
{
    const sp_run_options *options = inputs->options;
    enum sp_status status = sp_old_index_open(exists ? options->index : NULL, &inputs->old, err);
    if (status == SP_DAMAGED && options->full)
        status = sp_old_index_open(NULL, &inputs->old, err);
    bool opened = status == SP_OK && sp_old_index_exists(inputs->old);
    if (opened && inputs->store && !options->full)
        status = sp_store_settle(inputs->store, sp_old_index_revision(inputs->old), err);
    if (opened && status == SP_OK)
        status = read_manifest(inputs, err);
    if (status == SP_OK && inputs->store)
        sp_store_drop_new_manifest(inputs->store);
    return status;
}

enum sp_status
sp_run_open_index(struct sp_run_inputs *inputs, sp_error *err)
{
    const sp_run_options *options = inputs->options;
    bool exists = true;
    if (!options->dry_run) {
        enum sp_status status = sp_store_open(options->index, options->full,
                                              &inputs->progress->cancel, &inputs->store, err);
        if (status != SP_OK)
            return status;
        exists = sp_store_has_index(inputs->store);
    }
    return open_old(inputs, exists, err);
}
