// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/index_directory.h>

#include "engine/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#define KIND "auto "
#define STUB_MAX 4096

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

void
sp_generation_name(unsigned long number, char out[SP_DATABASE_NAME_MAX])
{
    snprintf(out, SP_DATABASE_NAME_MAX, "g%lu", number);
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
