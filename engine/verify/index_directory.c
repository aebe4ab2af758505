// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/index_directory.h>

#include "engine/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#define KIND "auto "
#define LINE_MAX_BYTES (sizeof KIND + SP_DATABASE_NAME_MAX)

/* Digits of a generation's number; the next number, too, fits into 64 bits. */
#define DIGITS_MAX 18

static bool
is_number(const char *text)
{
    size_t len = strlen(text);
    return len > 0 && len <= DIGITS_MAX && strspn(text, "0123456789") == len;
}

unsigned long
sp_generation_number(const char *name)
{
    if (name[0] != 'g' || name[1] == '0' || !is_number(name + 1))
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

static enum sp_status
read_line(const char *path, sp_bytes line, char out[SP_DATABASE_NAME_MAX], sp_error *err)
{
    char shown[SP_DATABASE_NAME_MAX + sizeof KIND] = "";
    size_t kind = sizeof KIND - 1;
    for (size_t i = 0; i < line.len && i + 1 < sizeof shown && line.data[i] != '\n'; i++)
        shown[i] = line.data[i];
    bool ends = line.len > 0 && line.data[line.len - 1] == '\n' && line.len - 1 == strlen(shown);
    if (ends && strncmp(shown, KIND, kind) == 0 && is_database_name(shown + kind)) {
        strcpy(out, shown + kind);
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
    enum sp_file_result result =
        sp_file_read(folder, SP_STUB_FILE, O_NOFOLLOW, LINE_MAX_BYTES, &text);
    if (result == SP_FILE_READ && !text.failed)
        return read_line(path, sp_str_bytes(&text), out, err);
    if (result == SP_FILE_NOT_OPENED && errno == ENOENT)
        return sp_fail_at(err, SP_NOT_FOUND, path, 0, 0, "no index here");
    if (result == SP_FILE_NOT_REGULAR || result == SP_FILE_TOO_LONG ||
        (result == SP_FILE_NOT_OPENED && (errno == ELOOP || errno == ENXIO)))
        return sp_fail_at(err, SP_DAMAGED, path, 0, 0,
                          "not an index that indexer made, or damaged: its " SP_STUB_FILE
                          " is not a file of one line");
    return text.failed ? sp_fail(err, SP_NO_MEMORY, "out of memory")
                       : sp_fail_errno(err, errno, path, "cannot read the index");
}
