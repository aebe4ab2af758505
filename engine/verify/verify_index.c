// SPDX-License-Identifier: GPL-2.0-or-later
#include "sums_private.h"
#include "verify_private.h"

#include "engine/base/file.h"

#include <signpost/seal.h>
#include <signpost/index_directory.h>
#include <signpost/memory.h>
#include <signpost/sums.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define BYTES_MAX ((size_t)4 << 30)
#define LOCK_MAX ((size_t)1 << 20)

struct index_context {
    const char *path;
    sp_index_place place; /* the database that readers saw at the beginning */
    int folder;           /* of the index; place.directory */
    const char *current;  /* place.name */
    sp_verify_fault fault;
    void *context;
    atomic_bool replaced;   /* readers see another database since */
    size_t memory_failures; /* at the beginning */
    bool whole;
};

/* Reports a fault, which has its whole path. If memory is out, it may be none. */
static void
report_whole(void *context, const sp_error *fault)
{
    struct index_context *index = context;
    if (sp_memory_failures() != index->memory_failures)
        return;
    index->whole = false;
    index->fault(index->context, fault);
}

static bool
is_replaced(const struct index_context *index)
{
    char now[SP_DATABASE_NAME_MAX];
    if (!sp_index_place_is_current(&index->place))
        return true;
    return index->current[0] != '\0' &&
           sp_stub_read(index->folder, index->path, now, NULL) == SP_OK &&
           strcmp(now, index->current) != 0;
}

/* Reports a fault of a file of the index. If a run has published another database since the
   beginning, what looks like a fault may be that run's work, so nothing is reported. */
static void
report(void *context, const sp_error *fault)
{
    struct index_context *index = context;
    sp_error whole = *fault;
    if (is_replaced(index)) {
        atomic_store(&index->replaced, true);
        return;
    }
    sp_index_place_prefix_error(&index->place, index->path, &whole);
    report_whole(index, &whole);
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

/* Returns what is wrong with the manifest, or NULL. The revision is empty if it is not known. Not
   every reader of an index can read its manifest. */
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

/* The databases */

/* files: the open folder of the database. */
static enum sp_status
verify_database(struct index_context *index, int files, const char *name, sp_error *err)
{
    enum sp_status status =
        sp_verify_files(files, index->folder, name, &index->replaced, report, index, err);
    if (status == SP_NOT_FOUND)
        report_text(index, name, "damaged: files are missing");
    return status == SP_NO_MEMORY ? status : SP_OK;
}

/* The database before the current one. */
static enum sp_status
verify_previous(struct index_context *index, unsigned long number, sp_error *err)
{
    char name[SP_DATABASE_NAME_MAX];
    int files;
    sp_generation_name(number, name);
    enum sp_status status = sp_database_open(index->folder, name, &files, err);
    if (status == SP_OK) {
        status = verify_database(index, files, name, err);
        close(files);
    } else if (status == SP_NOT_FOUND) {
        report_text(index, name, "damaged: files are missing");
        status = SP_OK;
    } else if (sp_is_fault(status)) {
        report(index, err);
        status = SP_OK;
    }
    return status;
}

/* A later generation that was published shows that the stub is damaged. */
static void
look_at_later(struct index_context *index, const char *name)
{
    sp_sums sums = {0};
    sp_error fault;
    enum sp_status status = sp_sums_read(index->folder, name, &sums, &fault);
    if (status == SP_OK && sums.state != SP_SUMS_PREPARED)
        report_text(index, SP_STUB_FILE, "names a database that is older than the newest one");
    else if (status != SP_OK && status != SP_NOT_FOUND)
        report(index, &fault);
    sp_sums_done(&sums);
}

/* A folder without a sums file is not ours. */
static bool
has_sums(const struct index_context *index, unsigned long number)
{
    struct stat about;
    char name[SP_DATABASE_NAME_MAX], path[sizeof name + sizeof SP_SUMS_SUFFIX];
    sp_generation_name(number, name);
    snprintf(path, sizeof path, "%s" SP_SUMS_SUFFIX, name);
    return fstatat(index->folder, path, &about, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Looks at the later generations. *previous: the number of the one before the current one, or 0.
   The ones before that are leftovers, which the next run removes. */
static enum sp_status
look_at_others(struct index_context *index, DIR *entries, unsigned long *previous, sp_error *err)
{
    unsigned long current = sp_generation_number(index->current);
    for (struct dirent *entry; errno = 0, (entry = readdir(entries)) != NULL;) {
        unsigned long number = sp_generation_number(entry->d_name);
        if (number > current)
            look_at_later(index, entry->d_name);
        else if (number < current && number > *previous && has_sums(index, number))
            *previous = number;
    }
    return errno == 0 ? SP_OK : sp_fail_errno(err, errno, index->path, "cannot be read");
}

static enum sp_status
verify_others(struct index_context *index, sp_error *err)
{
    unsigned long previous = 0;
    int fd = openat(index->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = fd >= 0 ? fdopendir(fd) : NULL;
    if (!entries) {
        if (fd >= 0)
            sp_close(fd);
        return sp_fail_errno(err, errno, index->path, "cannot be read");
    }
    enum sp_status status = look_at_others(index, entries, &previous, err);
    closedir(entries);
    return status == SP_OK && previous > 0 ? verify_previous(index, previous, err) : status;
}

/* The index */

static enum sp_status
verify_plain(struct index_context *index, sp_error *err)
{
    const sp_index_place *place = &index->place;
    if (place->single_file) {
        sp_error fault;
        if (sp_verify_place(place, NULL, &fault) != SP_OK)
            report(index, &fault);
        return SP_OK;
    }
    return verify_database(index, place->folder, place->path.data, err);
}

static enum sp_status
verify_directory(struct index_context *index, sp_error *err)
{
    enum sp_status status = verify_database(index, index->place.folder, index->current, err);
    if (status == SP_OK)
        status = verify_others(index, err);
    if (status == SP_OK) {
        verify_manifest(index);
        verify_lock(index);
    }
    return status;
}

static enum sp_status
verify_found(struct index_context *index, sp_error *err)
{
    enum sp_status status = sp_index_find(index->path, &index->place, err);
    if (status != SP_OK)
        return status;
    index->folder = index->place.directory;
    index->current = index->place.name;
    status = index->current[0] != '\0' ? verify_directory(index, err) : verify_plain(index, err);
    sp_index_place_done(&index->place);
    return status;
}

/* Begins again if a run publishes another database meanwhile. */
static enum sp_status
verify_settled(struct index_context *index, sp_error *err)
{
    for (int look = 0; look < SP_LOOKS_MAX; look++) {
        atomic_store(&index->replaced, false);
        enum sp_status status = verify_found(index, err);
        if (status != SP_OK || !atomic_load(&index->replaced))
            return status;
    }
    return sp_fail_at(err, SP_STALE, index->path, 0, 0,
                      "cannot be verified: the index kept changing");
}

enum sp_status
sp_verify_index(const char *path, sp_verify_fault fault, void *context, sp_error *err)
{
    struct index_context index = {.path = path,
                                  .fault = fault,
                                  .context = context,
                                  .memory_failures = sp_memory_failures(),
                                  .whole = true};
    sp_error reason;
    enum sp_status status = verify_settled(&index, &reason);
    if (sp_is_fault(status)) {
        report_whole(&index, &reason);
        status = SP_OK;
    } else if (status != SP_OK && err) {
        *err = reason;
    }
    if (status == SP_OK)
        status = sp_memory_check(index.memory_failures, err);
    if (status == SP_OK && !index.whole)
        status = sp_fail_at(err, SP_DAMAGED, path, 0, 0, "damaged");
    return status;
}
