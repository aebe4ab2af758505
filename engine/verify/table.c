// SPDX-License-Identifier: GPL-2.0-or-later
#include "sums_private.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include <xxhash.h>

const char *
sp_table_name(size_t i)
{
    static const char *const names[SP_SUMS_TABLES] = {"docdata.glass",  "position.glass",
                                                      "postlist.glass", "spelling.glass",
                                                      "synonym.glass",  "termlist.glass"};
    return names[i];
}

enum sp_status
sp_database_open(int folder, const char *database, int *out, sp_error *err)
{
    int link = folder == AT_FDCWD ? 0 : O_NOFOLLOW;
    *out = openat(folder, database, O_RDONLY | O_DIRECTORY | O_CLOEXEC | link);
    if (*out >= 0)
        return SP_OK;
    if (errno == ENOTDIR || errno == ELOOP)
        return sp_fail_at(err, SP_DAMAGED, database, 0, 0, "not a folder");
    return sp_fail_errno(err, errno, database, "cannot be read");
}

/* O_NONBLOCK, so that a pipe in place of the file cannot make the program wait. */
static enum sp_status
open_file(int database, const char *name, struct sp_table_file *table, sp_error *err)
{
    const char *path = table->path.data;
    table->fd = openat(database, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (table->fd < 0 && errno == ENOENT)
        return SP_OK;
    bool odd = table->fd < 0 && (errno == ELOOP || errno == ENXIO);
    if (table->fd < 0 && !odd)
        return sp_fail_errno(err, errno, path, "cannot be read");
    if (odd || fstat(table->fd, &table->about) != 0 || !S_ISREG(table->about.st_mode))
        return sp_fail_at(err, SP_DAMAGED, path, 0, 0, "not a regular file");
    return SP_OK;
}

enum sp_status
sp_table_open(int database, const char *path, size_t i, struct sp_table_file *out, sp_error *err)
{
    *out = (struct sp_table_file){.fd = -1};
    sp_str_append_format(&out->path, "%s/%s", path, sp_table_name(i));
    enum sp_status status = sp_str_check(&out->path, err);
    if (status == SP_OK)
        status = open_file(database, sp_table_name(i), out, err);
    if (status != SP_OK)
        sp_table_close(out);
    return status;
}

void
sp_table_close(struct sp_table_file *table)
{
    if (table->fd >= 0)
        close(table->fd);
    table->fd = -1;
    sp_str_done(&table->path);
}

enum sp_status
sp_table_read(const struct sp_table_file *table, uint64_t offset, size_t size, char *out,
              size_t *got, sp_error *err)
{
    *got = 0;
    while (*got < size) {
        ssize_t count = pread(table->fd, out + *got, size - *got, (off_t)(offset + *got));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return sp_fail_errno(err, errno, table->path.data, "cannot be read");
        if (count == 0)
            return SP_OK;
        *got += (size_t)count;
    }
    return SP_OK;
}

uint64_t
sp_block_digest(sp_bytes block)
{
    return XXH3_64bits(block.data, block.len);
}

uint64_t
sp_block_revision(sp_bytes block)
{
    const unsigned char *bytes = (const unsigned char *)block.data;
    if (block.len < 4)
        return 0;
    return (uint64_t)bytes[0] << 24 | (uint64_t)bytes[1] << 16 | (uint64_t)bytes[2] << 8 | bytes[3];
}

size_t
sp_block_count(uint64_t size)
{
    return (size_t)(size / SP_SUMS_BLOCK + (size % SP_SUMS_BLOCK != 0));
}
