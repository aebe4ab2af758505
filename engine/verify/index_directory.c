// SPDX-License-Identifier: GPL-2.0-or-later
#define _XOPEN_SOURCE 700 /* realpath */
#include <signpost/index_directory.h>

#include "sums_private.h"

#include "engine/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define KIND "auto "
#define STUB_MAX 4096

/* How often the stub file is read again when the folder that it names is missing: a run may have
   published a generation and removed that one. */
#define READS_MAX 3

/* Digits of a generation's number; the next number, too, fits into 64 bits. */
#define DIGITS_MAX 18

/* Whether text is a number without a sign and leading zeros. */
static bool
is_number(const char *text)
{
    size_t len = strlen(text);
    return len > 0 && len <= DIGITS_MAX && strspn(text, "0123456789") == len &&
           (text[0] != '0' || len == 1);
}

unsigned long
sp_generation_number(const char *name)
{
    if (name[0] != 'g' || !is_number(name + 1))
        return 0;
    return strtoul(name + 1, NULL, 10);
}

static bool
is_database_name(const char *name)
{
    static const char replica[] = "replica_";
    return sp_generation_number(name) > 0 || (strncmp(name, replica, sizeof replica - 1) == 0 &&
                                              is_number(name + sizeof replica - 1));
}

/* Sets *line to the only line of the file that is not a comment. xapian-replicate writes comments.
   Returns false if there are more lines, or none, or if the last line has no end. */
static bool
find_line(sp_bytes text, sp_bytes *line)
{
    *line = (sp_bytes){text.data, 0};
    while (text.len > 0) {
        size_t end = sp_bytes_find(text, SP_LITERAL("\n"), 0);
        sp_bytes next = sp_bytes_slice(text, 0, end < text.len ? end : text.len);
        bool comment = next.len > 0 && next.data[0] == '#';
        if (!comment && line->len > 0)
            return false;
        if (!comment)
            *line = next;
        if (end == SIZE_MAX || next.len == 0)
            return false;
        text = sp_bytes_slice(text, end + 1, text.len);
    }
    return line->len > 0;
}

static enum sp_status
read_line(const char *path, sp_bytes text, char out[SP_DATABASE_NAME_MAX], sp_error *err)
{
    sp_bytes line;
    char shown[SP_DATABASE_NAME_MAX + sizeof KIND] = "";
    size_t kind = sizeof KIND - 1;
    bool found = find_line(text, &line);
    size_t len = line.len < sizeof shown ? line.len : sizeof shown - 1;
    memcpy(shown, line.data ? line.data : "", len);
    if (found && len == line.len && strlen(shown) == len && strncmp(shown, KIND, kind) == 0 &&
        strlen(shown + kind) < SP_DATABASE_NAME_MAX && is_database_name(shown + kind)) {
        memcpy(out, shown + kind, len - kind + 1);
        return SP_OK;
    }
    return sp_fail_at(err, SP_DAMAGED, path, 0, 0,
                      "not an index that indexer made, or damaged: its " SP_STUB_FILE " says '%s'",
                      shown);
}

enum sp_status
sp_stub_read(int folder, const char *path, char out[SP_DATABASE_NAME_MAX], sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    enum sp_file_result result = sp_file_read(folder, SP_STUB_FILE, O_NOFOLLOW, STUB_MAX, &text);
    if (result == SP_FILE_READ && !text.failed)
        return read_line(path, sp_str_bytes(&text), out, err);
    if (result == SP_FILE_NOT_OPENED && errno == ENOENT)
        return sp_fail_at(err, SP_NOT_FOUND, path, 0, 0, "no index here");
    if (result == SP_FILE_NOT_REGULAR || result == SP_FILE_TOO_LONG)
        return sp_fail_at(err, SP_DAMAGED, path, 0, 0,
                          "not an index that indexer made, or damaged: its " SP_STUB_FILE
                          " is not a file with one line");
    return text.failed ? sp_fail(err, SP_NO_MEMORY, "out of memory")
                       : sp_fail_errno(err, errno, path, "cannot read the index");
}

/* Finding */

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

/* The database that the index's path leads to: `folder`. Its real path says what it is called in
   the folder that contains its checksums, also if the path ends with "/", "/." or is a link. */
static void
set_plain(sp_index_place *place, const char *path)
{
    char *real = realpath(path, NULL);
    sp_str_append_text(&place->path, real ? real : path);
    free(real);
    place->directory = AT_FDCWD;
}

/* The folder that the stub file of place->directory names. */
static enum sp_status
enter(sp_index_place *place, const char *path, sp_error *err)
{
    for (int i = 0; i < READS_MAX; i++) {
        enum sp_status status = sp_stub_read(place->directory, path, place->name, err);
        if (status != SP_OK)
            return status;
        place->folder =
            openat(place->directory, place->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (place->folder >= 0 && contains(place->folder, SP_VERSION_FILE)) {
            sp_str_append_text(&place->path, place->name);
            return SP_OK;
        }
        int reason = place->folder >= 0 ? ENOENT : errno;
        if (place->folder >= 0)
            close(place->folder);
        place->folder = -1;
        if (reason != ENOENT && reason != ENOTDIR && reason != ELOOP)
            return sp_fail_errno(err, reason, path, "cannot open the folder of the database");
    }
    return sp_fail_at(err, SP_DAMAGED, path, 0, 0,
                      "damaged: %s, which its " SP_STUB_FILE " names, is not a database",
                      place->name);
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

void
sp_index_place_complete(const sp_index_place *place, const char *path, sp_error *err)
{
    char rest[sizeof err->path];
    size_t len = strlen(path), known = place->name[0] != '\0' ? 0 : place->path.len;
    while (len > 1 && path[len - 1] == '/')
        len--;
    if (strncmp(err->path, place->path.data, known) != 0)
        known = strlen(err->path);
    snprintf(rest, sizeof rest, "%s", err->path + known);
    snprintf(err->path, sizeof err->path, "%.*s%s%.300s", (int)(len < 200 ? len : 200), path,
             known == 0 && rest[0] != '\0' ? "/" : "", rest);
}
