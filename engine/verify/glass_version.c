// SPDX-License-Identifier: GPL-2.0-or-later
#include "sums_private.h"

#include <signpost/index_directory.h>

#include "engine/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include <xxhash.h>

/* The version file of libxapian's Glass backend: the magic, a format number, the UUID, and the
   revision in base 128, lowest digit first, all digits but the last with the highest bit set. */
#define VERSION_FILE_MAX 4096
#define UUID_AT (sizeof SP_GLASS_MAGIC - 1 + 2)
#define REVISION_AT (UUID_AT + 16)

static bool
parse(sp_bytes content, sp_glass_version *out)
{
    uint64_t revision = 0;
    size_t at = REVISION_AT;
    bool more = true;
    if (!sp_bytes_starts_with(content, SP_LITERAL(SP_GLASS_MAGIC)))
        return false;
    for (unsigned shift = 0; more; shift += 7, at++) {
        if (at >= content.len || shift > 56)
            return false;
        unsigned char digit = (unsigned char)content.data[at];
        revision |= (uint64_t)(digit & 0x7f) << shift;
        more = digit & 0x80;
    }
    memcpy(out->uuid, content.data + UUID_AT, sizeof out->uuid);
    out->revision = revision;
    out->digest = XXH3_64bits(content.data, content.len);
    return true;
}

enum sp_status
sp_glass_version_read_open(int database, const char *path, sp_glass_version *out, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str file = {0}, content = {0};
    sp_str_append_format(&file, "%s/" SP_VERSION_FILE, path);
    if (sp_str_check(&file, err) != SP_OK)
        return SP_NO_MEMORY;
    enum sp_file_result result =
        sp_file_read(database, SP_VERSION_FILE, O_NOFOLLOW, VERSION_FILE_MAX, &content);
    if (result == SP_FILE_NOT_OPENED || result == SP_FILE_NOT_READ)
        return sp_fail_errno(err, errno, file.data, "cannot be read");
    if (content.failed)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    if (result != SP_FILE_READ || !parse(sp_str_bytes(&content), out))
        return sp_fail_at(err, SP_DAMAGED, file.data, 0, 0, "not the version file of a database");
    return SP_OK;
}

enum sp_status
sp_glass_version_read(int folder, const char *database, sp_glass_version *out, sp_error *err)
{
    int fd;
    enum sp_status status = sp_database_open(folder, database, &fd, err);
    if (status != SP_OK)
        return status;
    status = sp_glass_version_read_open(fd, database, out, err);
    close(fd);
    return status;
}

bool
sp_glass_version_equal(const sp_glass_version *a, const sp_glass_version *b)
{
    return a->revision == b->revision && a->digest == b->digest &&
           memcmp(a->uuid, b->uuid, sizeof a->uuid) == 0;
}

bool
sp_sums_precede(const sp_sums *sums, const sp_glass_version *version)
{
    return version->revision > sums->version.revision &&
           memcmp(version->uuid, sums->version.uuid, sizeof version->uuid) == 0;
}
