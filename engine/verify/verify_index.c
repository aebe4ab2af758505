// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/verify.h>

#include "engine/base/file.h"

#include <signpost/seal.h>
#include <signpost/index_directory.h>
#include <signpost/sums.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define BYTES_MAX ((size_t)4 << 30)
#define LOCK_MAX ((size_t)1 << 20)

struct index_context {
    const char *path;
    sp_index_place place;
    int folder;          /* of the index, open */
    const char *current; /* the name of the database that readers see */
    sp_verify_fault fault;
    void *context;
    bool whole;
};

/* Reports a fault of a file in the index directory. */
static void
report(struct index_context *index, const sp_error *fault)
{
    sp_error full = *fault;
    sp_index_place_complete(&index->place, index->path, &full);
    index->whole = false;
    index->fault(index->context, &full);
}

static void
report_text(struct index_context *index, const char *file, const char *text)
{
    sp_error fault;
    sp_fail_at(&fault, SP_DAMAGED, file, 0, 0, "%s", text);
    report(index, &fault);
}

/* The manifest */

/* Whether the manifest describes the index with this revision. */
static bool
names_revision(sp_bytes manifest, sp_bytes revision)
{
    SP_AUTO(sp_str_done) sp_str entry = {0};
    sp_str_append_char(&entry, '\0');
    sp_str_append_text(&entry, "revision ");
    sp_str_append(&entry, revision);
    sp_str_append_char(&entry, '\0');
    return entry.failed || sp_bytes_find(manifest, sp_str_bytes(&entry), 0) != SIZE_MAX;
}

/* A run that has committed and not yet renamed its manifest, or was killed then, has left the new
   manifest. */
static bool
has_new_manifest(const struct index_context *index)
{
    return faccessat(index->folder, SP_NEW_MANIFEST, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Whether the manifest is right; the revision is empty if it is not known. A reader of the index
   need not be able to read the manifest. */
static const char *
find_fault_of_manifest(const struct index_context *index, sp_bytes revision)
{
    SP_AUTO(sp_str_done) sp_str content = {0};
    bool renamed_soon = has_new_manifest(index);
    enum sp_file_result result =
        sp_file_read(index->folder, SP_MANIFEST, O_NOFOLLOW, BYTES_MAX - 1, &content);
    sp_bytes text = sp_str_bytes(&content);
    if (result == SP_FILE_NOT_OPENED && (errno == ENOENT || errno == EACCES))
        return NULL;
    if (result != SP_FILE_READ || content.failed)
        return "cannot be read";
    if (!sp_seal_remove(&text))
        return "damaged: its checksum is wrong";
    if (revision.len > 0 && !renamed_soon && !names_revision(text, revision))
        return "not the manifest of this index";
    return NULL;
}

/* The new manifest is renamed after the index has changed, so the manifest is read twice. */
static void
verify_manifest(struct index_context *index)
{
    sp_sums sums = {0};
    const char *fault = NULL;
    for (int look = 0; look == 0 || (fault && look < 2); look++) {
        sp_sums_done(&sums);
        bool known = sp_sums_read(index->folder, index->current, &sums, NULL) == SP_OK &&
                     sums.state != SP_SUMS_CHANGING;
        fault = find_fault_of_manifest(index, known ? sums.revision : SP_LITERAL(""));
    }
    sp_sums_done(&sums);
    if (fault)
        report_text(index, SP_MANIFEST, fault);
}

/* The lock file. Only its owner can read it, and a run rewrites a damaged one. Earlier versions,
   which wrote no checksums, left it empty. */
static void
verify_lock(struct index_context *index)
{
    SP_AUTO(sp_str_done) sp_str content = {0};
    enum sp_file_result result =
        sp_file_read(index->folder, SP_LOCK_FILE, O_NOFOLLOW, LOCK_MAX, &content);
    if (result == SP_FILE_NOT_OPENED && (errno == ENOENT || errno == EACCES))
        return;
    if (result != SP_FILE_READ || content.failed)
        report_text(index, SP_LOCK_FILE, "cannot be read");
    else if (!sp_bytes_starts_with(sp_str_bytes(&content), SP_LITERAL(SP_LOCK_MARK)) &&
             sp_sums_name(index->folder, index->current))
        report_text(index, SP_LOCK_FILE, "damaged");
}

/* Other generations */

/* Verifies an earlier generation. A later one that was published shows that the stub is damaged.
   What has no sums file is not ours. */
static void
verify_other(struct index_context *index, const char *name)
{
    sp_sums sums = {0};
    sp_error fault;
    bool later = sp_generation_number(name) > sp_generation_number(index->current);
    enum sp_status status = sp_sums_read(index->folder, name, &sums, &fault);
    bool published = status == SP_OK && sums.state != SP_SUMS_PREPARED;
    sp_sums_done(&sums);
    if (status == SP_NOT_FOUND)
        return;
    if (later && published)
        report_text(index, SP_STUB_FILE, "names a database that is older than the newest one");
    if (later)
        return;
    status = sp_verify_database(index->folder, name, NULL, &fault);
    if (status == SP_DAMAGED)
        report(index, &fault);
}

static enum sp_status
verify_others(struct index_context *index, sp_error *err)
{
    int fd = openat(index->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = fd >= 0 ? fdopendir(fd) : NULL;
    if (!entries) {
        int reason = errno;
        if (fd >= 0)
            close(fd);
        return sp_fail_errno(err, reason, index->path, "cannot be read");
    }
    for (struct dirent *entry; (entry = readdir(entries));) {
        if (sp_generation_number(entry->d_name) > 0 && strcmp(entry->d_name, index->current) != 0)
            verify_other(index, entry->d_name);
    }
    closedir(entries);
    return SP_OK;
}

/* The index */

/* Verifies the database that readers see. */
static enum sp_status
verify_current(struct index_context *index, sp_error *err)
{
    sp_error fault;
    const sp_index_place *place = &index->place;
    enum sp_status status = sp_verify_place(place, NULL, &fault);
    if (status == SP_OK)
        return SP_OK;
    if (status == SP_NOT_FOUND)
        sp_fail_at(&fault, SP_DAMAGED, place->path.data, 0, 0, "damaged: files are missing");
    else if (status != SP_DAMAGED && status != SP_STALE)
        return sp_fail_at(err, status, index->path, 0, 0, "%s", fault.text);
    report(index, &fault);
    return SP_OK;
}

static enum sp_status
verify_found(struct index_context *index, sp_error *err)
{
    enum sp_status status = verify_current(index, err);
    if (status != SP_OK || index->current[0] == '\0')
        return status;
    status = verify_others(index, err);
    if (status == SP_OK) {
        verify_manifest(index);
        verify_lock(index);
    }
    return status;
}

enum sp_status
sp_verify_index(const char *path, sp_verify_fault fault, void *context, sp_error *err)
{
    struct index_context index = {.path = path, .fault = fault, .context = context, .whole = true};
    sp_error missing;
    enum sp_status status = sp_index_find(path, &index.place, &missing);
    if (status == SP_DAMAGED)
        fault(context, &missing);
    if (status == SP_DAMAGED)
        return sp_fail_at(err, SP_DAMAGED, path, 0, 0, "damaged");
    if (status != SP_OK)
        return sp_fail_at(err, status, path, 0, 0, "%s", missing.text);
    index.folder = index.place.directory;
    index.current = index.place.name;
    status = verify_found(&index, err);
    sp_index_place_done(&index.place);
    if (status == SP_OK && !index.whole)
        status = sp_fail_at(err, SP_DAMAGED, path, 0, 0, "damaged");
    return status;
}
