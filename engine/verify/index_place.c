// SPDX-License-Identifier: GPL-2.0-or-later
#define _XOPEN_SOURCE 700 /* realpath */
#include <signpost/index_directory.h>

#include "sums_private.h"
#include "verify_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static bool
contains(int folder, const char *name)
{
    struct stat about;
    return fstatat(folder, name, &about, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool
has_magic(int file)
{
    char bytes[sizeof SP_GLASS_MAGIC - 1];
    return pread(file, bytes, sizeof bytes, 0) == (ssize_t)sizeof bytes &&
           memcmp(bytes, SP_GLASS_MAGIC, sizeof bytes) == 0;
}

static sp_bytes
without_slashes(const char *path)
{
    size_t len = strlen(path);
    while (len > 1 && path[len - 1] == '/')
        len--;
    return (sp_bytes){path, len};
}

/* The database that the index's path leads to: `folder`. Its checksums are beside what the path
   names, so the path must end with a name, and not with "/" or "/.". */
static void
set_plain(sp_index_place *place, const char *path)
{
    sp_bytes name = without_slashes(path), end = sp_bytes_after_last(name, '/');
    bool dots = sp_bytes_equal(end, SP_LITERAL(".")) || sp_bytes_equal(end, SP_LITERAL(".."));
    char *real = dots ? realpath(path, NULL) : NULL;
    place->path.failed = dots && !real && errno == ENOMEM;
    sp_str_append(&place->path, real ? sp_bytes_of(real) : name);
    free(real);
    place->directory = AT_FDCWD;
}

/* Opens the folder with this name. SP_NOT_FOUND if it is missing, or is not that of a database. */
static enum sp_status
open_named(sp_index_place *place, sp_error *err)
{
    enum sp_status status = sp_database_open(place->directory, place->name, &place->folder, err);
    if (status != SP_OK || contains(place->folder, SP_VERSION_FILE))
        return status;
    close(place->folder);
    place->folder = -1;
    return SP_NOT_FOUND;
}

static enum sp_status
fail_below(const char *path, const char *name, enum sp_status status, const char *text,
           sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str below = {0};
    sp_str_append(&below, without_slashes(path));
    sp_str_append_format(&below, "/%s", name);
    return sp_fail_at(err, status, below.failed ? path : below.data, 0, 0, "%s", text);
}

/* The folder that the stub file of place->directory names. A run may publish another meanwhile and
   remove this one, so it is missing only if the stub file still names it. */
static enum sp_status
enter(sp_index_place *place, const char *path, sp_error *err)
{
    sp_error fault;
    char before[SP_DATABASE_NAME_MAX] = "";
    for (int i = 0; i < SP_LOOKS_MAX; i++) {
        enum sp_status status = sp_stub_read(place->directory, path, place->name, err);
        if (status != SP_OK)
            return status;
        status = open_named(place, &fault);
        if (status == SP_OK) {
            sp_str_append_text(&place->path, place->name);
            return SP_OK;
        }
        if (status != SP_NOT_FOUND)
            return fail_below(path, place->name, status, fault.text, err);
        if (strcmp(before, place->name) == 0)
            return fail_below(path, place->name, SP_DAMAGED, "damaged: files are missing", err);
        memcpy(before, place->name, sizeof before);
    }
    return sp_fail_at(err, SP_STALE, path, 0, 0, "cannot be verified: the index kept changing");
}

static enum sp_status
find(const char *path, sp_index_place *place, sp_error *err)
{
    struct stat about;
    place->folder = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (place->folder < 0 || fstat(place->folder, &about) != 0)
        return sp_fail_errno(err, errno, path, "cannot open the index");
    place->single_file = S_ISREG(about.st_mode) && has_magic(place->folder);
    if (!S_ISDIR(about.st_mode) && !place->single_file)
        return sp_fail_errno(err, ENOTDIR, path, "cannot open the index");
    if (place->single_file || contains(place->folder, SP_VERSION_FILE)) {
        set_plain(place, path);
        return SP_OK;
    }
    place->directory = place->folder;
    place->folder = -1;
    return enter(place, path, err);
}

enum sp_status
sp_index_find(const char *path, sp_index_place *out, sp_error *err)
{
    struct stat about;
    sp_index_place place = {.folder = -1, .directory = -1};
    enum sp_status status = find(path, &place, err);
    if (status == SP_OK)
        status = sp_str_check(&place.path, err);
    if (status == SP_OK && fstat(place.folder, &about) != 0)
        status = sp_fail_errno(err, errno, path, "cannot be read");
    if (status != SP_OK) {
        sp_index_place_done(&place);
        return status;
    }
    place.device = about.st_dev;
    place.inode = about.st_ino;
    *out = place;
    return SP_OK;
}

void
sp_index_place_done(sp_index_place *place)
{
    if (place->folder >= 0)
        close(place->folder);
    if (place->directory >= 0)
        close(place->directory);
    sp_str_done(&place->path);
}

bool
sp_index_place_is_current(const sp_index_place *place)
{
    struct stat about;
    return fstatat(place->directory, place->path.data, &about, 0) == 0 &&
           about.st_dev == place->device && about.st_ino == place->inode;
}

void
sp_index_place_prefix_error(const sp_index_place *place, const char *path, sp_error *err)
{
    const sp_error own = *err;
    if (place->name[0] != '\0')
        fail_below(path, own.path, own.status, own.text, err);
}
