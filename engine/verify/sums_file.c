// SPDX-License-Identifier: GPL-2.0-or-later
#include "sums_private.h"

#include "engine/base/file.h"

#include <signpost/seal.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

/* The file: a first line with the state, which is outside the seal because it changes in place;
   lines of text that end with an empty one; then the digests of all blocks, 8 bytes each, highest
   byte first, in the order of the tables; and the seal. */
#define MAGIC "signpost sums 1 "
#define STATE_LEN 8
#define FIRST_LINE (sizeof MAGIC - 1 + STATE_LEN + 1)
#define BYTES_MAX ((size_t)4 << 30)
#define HEAD_MAX 1024

static const char *const states[] = {"prepared", "settled ", "changing"};

static enum sp_status
name_file(const char *database, const char *end, sp_str *out, sp_error *err)
{
    sp_str_append_format(out, "%s" SP_SUMS_SUFFIX "%s", database, end);
    return sp_str_check(out, err);
}

/* Writing */

static void
put_head(const sp_sums *sums, sp_str *out)
{
    sp_str_append_text(out, "revision ");
    sp_str_append(out, sums->revision);
    sp_str_append_text(out, "\nglass ");
    for (size_t i = 0; i < sizeof sums->version.uuid; i++)
        sp_str_append_format(out, "%02x", sums->version.uuid[i]);
    sp_str_append_format(out, " %" PRIu64 " %016" PRIx64 "\n", sums->version.revision,
                         sums->version.digest);
    for (size_t i = 0; i < SP_SUMS_TABLES; i++) {
        if (sums->tables[i].exists)
            sp_str_append_format(out, "%s %" PRIu64 "\n", sp_table_name(i), sums->tables[i].size);
    }
    sp_str_append_char(out, '\n');
}

static void
put_blocks(const sp_table_sums *table, sp_str *out)
{
    for (size_t i = 0; i < table->count; i++) {
        XXH64_canonical_t bytes;
        XXH64_canonicalFromHash(&bytes, table->blocks[i]);
        sp_str_append(out, (sp_bytes){(const char *)bytes.digest, sizeof bytes.digest});
    }
}

static enum sp_status
write_file(int folder, const char *path, const char *state, sp_bytes body, sp_error *err)
{
    char line[FIRST_LINE + 1];
    snprintf(line, sizeof line, MAGIC "%s\n", state);
    int fd = openat(folder, path,
                    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
    bool written = fd >= 0 && sp_file_write_all(fd, (sp_bytes){line, FIRST_LINE}) &&
                   sp_file_write_all(fd, body) && fsync(fd) == 0;
    enum sp_status status =
        written ? SP_OK
                : sp_fail_errno(err, errno, path, "cannot write the checksums of the index");
    if (fd >= 0)
        close(fd);
    return status;
}

enum sp_status
sp_sums_write(const sp_sums *sums, int folder, const char *database, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str body = {0}, name = {0}, temporary = {0};
    put_head(sums, &body);
    for (size_t i = 0; i < SP_SUMS_TABLES; i++)
        put_blocks(&sums->tables[i], &body);
    sp_seal_append(&body);
    enum sp_status status = sp_str_check(&body, err);
    if (status == SP_OK)
        status = name_file(database, "", &name, err);
    if (status == SP_OK)
        status = name_file(database, SP_SUMS_NEW, &temporary, err);
    if (status == SP_OK)
        status = write_file(folder, temporary.data, states[sums->state], sp_str_bytes(&body), err);
    if (status == SP_OK && renameat(folder, temporary.data, folder, name.data) != 0)
        status = sp_fail_errno(err, errno, name.data, "cannot write the checksums of the index");
    if (status != SP_OK && temporary.len > 0)
        unlinkat(folder, temporary.data, 0);
    return status;
}

enum sp_status
sp_sums_mark(int folder, const char *database, enum sp_sums_state state, bool sync, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str name = {0};
    enum sp_status status = name_file(database, "", &name, err);
    if (status != SP_OK)
        return status;
    int fd = openat(folder, name.data, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    bool marked = fd >= 0 && lseek(fd, sizeof MAGIC - 1, SEEK_SET) >= 0 &&
                  sp_file_write_all(fd, (sp_bytes){states[state], STATE_LEN}) &&
                  (!sync || fdatasync(fd) == 0);
    if (!marked)
        status = sp_fail_errno(err, errno, name.data, "cannot write the checksums of the index");
    if (fd >= 0)
        close(fd);
    return status;
}

/* Reading */

static bool
read_state(sp_bytes content, enum sp_sums_state *out)
{
    if (content.len < FIRST_LINE || !sp_bytes_starts_with(content, SP_LITERAL(MAGIC)) ||
        content.data[FIRST_LINE - 1] != '\n')
        return false;
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        if (memcmp(content.data + sizeof MAGIC - 1, states[i], STATE_LEN) == 0) {
            *out = (enum sp_sums_state)i;
            return true;
        }
    }
    return false;
}

/* Takes the next line, without its end, from *rest. */
static bool
next_line(sp_bytes *rest, sp_bytes *line)
{
    size_t end = sp_bytes_find(*rest, SP_LITERAL("\n"), 0);
    if (end == SIZE_MAX)
        return false;
    *line = sp_bytes_slice(*rest, 0, end);
    *rest = sp_bytes_slice(*rest, end + 1, rest->len);
    return true;
}

static bool
read_version(sp_bytes line, sp_glass_version *out)
{
    static const char word[] = "glass ";
    char text[128], uuid[33];
    if (!sp_bytes_starts_with(line, SP_LITERAL("glass ")) || line.len >= sizeof text)
        return false;
    memcpy(text, line.data, line.len);
    text[line.len] = '\0';
    if (sscanf(text + sizeof word - 1, "%32[0-9a-f] %" SCNu64 " %" SCNx64, uuid, &out->revision,
               &out->digest) != 3 ||
        strlen(uuid) != 2 * sizeof out->uuid)
        return false;
    for (size_t i = 0; i < sizeof out->uuid; i++) {
        unsigned byte;
        sscanf(uuid + 2 * i, "%2x", &byte);
        out->uuid[i] = (unsigned char)byte;
    }
    return true;
}

static bool
read_table(sp_bytes line, sp_sums *out)
{
    char text[128], name[32];
    uint64_t size;
    if (line.len >= sizeof text)
        return false;
    memcpy(text, line.data, line.len);
    text[line.len] = '\0';
    if (sscanf(text, "%31s %" SCNu64, name, &size) != 2)
        return false;
    for (size_t i = 0; i < SP_SUMS_TABLES; i++) {
        if (strcmp(name, sp_table_name(i)) != 0)
            continue;
        out->tables[i].exists = true;
        out->tables[i].size = size;
        out->tables[i].count = sp_block_count(size);
        return true;
    }
    return false;
}

static bool
read_head(sp_bytes *rest, sp_sums *out)
{
    static const char revision[] = "revision ";
    sp_bytes line;
    if (!next_line(rest, &line) || !sp_bytes_starts_with(line, SP_LITERAL("revision ")))
        return false;
    out->revision = sp_arena_copy(&out->arena, sp_bytes_slice(line, sizeof revision - 1, line.len));
    if (!next_line(rest, &line) || !read_version(line, &out->version))
        return false;
    while (next_line(rest, &line)) {
        if (line.len == 0)
            return true;
        if (!read_table(line, out))
            return false;
    }
    return false;
}

static bool
read_blocks(sp_bytes rest, sp_sums *out)
{
    size_t left = rest.len / sizeof(uint64_t);
    for (size_t i = 0; i < SP_SUMS_TABLES; i++) {
        sp_table_sums *table = &out->tables[i];
        if (table->count > left)
            return false;
        table->blocks = sp_arena_array(&out->arena, table->count, sizeof *table->blocks);
        for (size_t k = 0; table->blocks && k < table->count; k++) {
            XXH64_canonical_t bytes;
            memcpy(bytes.digest, rest.data, sizeof bytes.digest);
            table->blocks[k] = XXH64_hashFromCanonical(&bytes);
            rest = sp_bytes_slice(rest, sizeof bytes.digest, rest.len);
        }
        left -= table->count;
    }
    return rest.len == 0;
}

static bool
read_content(sp_bytes content, sp_sums *out)
{
    if (!read_state(content, &out->state))
        return false;
    sp_bytes rest = sp_bytes_slice(content, FIRST_LINE, content.len);
    return sp_seal_remove(&rest) && read_head(&rest, out) && read_blocks(rest, out);
}

enum sp_status
sp_sums_read(int folder, const char *database, sp_sums *out, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str name = {0}, content = {0};
    sp_sums sums = {0};
    enum sp_status status = name_file(database, "", &name, err);
    if (status != SP_OK)
        return status;
    enum sp_file_result result =
        sp_file_read(folder, name.data, O_NOFOLLOW, BYTES_MAX - 1, &content);
    if (result == SP_FILE_NOT_READ || result == SP_FILE_NOT_OPENED)
        return sp_fail_errno(err, errno, name.data, "cannot be read");
    bool read = result == SP_FILE_READ && read_content(sp_str_bytes(&content), &sums);
    if (content.failed || sums.arena.failed)
        status = sp_fail(err, SP_NO_MEMORY, "out of memory");
    else if (!read)
        status = sp_fail_at(err, SP_DAMAGED, name.data, 0, 0, "damaged");
    if (status == SP_OK)
        *out = sums;
    else
        sp_sums_done(&sums);
    return status;
}

/* Reads the beginning of a regular file. *len: how many bytes. */
static bool
read_beginning(int folder, const char *path, char head[HEAD_MAX], size_t *len)
{
    struct stat about;
    int fd = openat(folder, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool regular = fstat(fd, &about) == 0 && S_ISREG(about.st_mode);
    ssize_t got = regular ? read(fd, head, HEAD_MAX) : -1;
    close(fd);
    *len = got > 0 ? (size_t)got : 0;
    return got >= 0;
}

/* Whether a run was killed while it wrote this first line. */
static bool
is_beginning(sp_bytes content)
{
    size_t len = content.len < sizeof MAGIC - 1 ? content.len : sizeof MAGIC - 1;
    return content.len < FIRST_LINE && memcmp(content.data, MAGIC, len) == 0;
}

static bool
read_head_only(int folder, const char *path, sp_sums *out)
{
    char head[HEAD_MAX];
    sp_bytes content = {head, 0};
    if (!read_beginning(folder, path, head, &content.len) || !read_state(content, &out->state))
        return false;
    sp_bytes rest = sp_bytes_slice(content, FIRST_LINE, content.len);
    return read_head(&rest, out);
}

void
sp_sums_remove_new(int folder, const char *database)
{
    SP_AUTO(sp_str_done) sp_str name = {0};
    char head[HEAD_MAX];
    sp_bytes content = {head, 0};
    enum sp_sums_state state;
    if (name_file(database, SP_SUMS_NEW, &name, NULL) == SP_OK &&
        read_beginning(folder, name.data, head, &content.len) &&
        (is_beginning(content) || read_state(content, &state)))
        unlinkat(folder, name.data, 0);
}

bool
sp_sums_name(int folder, const char *database)
{
    SP_AUTO(sp_str_done) sp_str name = {0};
    sp_sums sums = {0};
    sp_glass_version version;
    if (name_file(database, "", &name, NULL) != SP_OK)
        return false;
    bool named = read_head_only(folder, name.data, &sums);
    enum sp_status status = sp_glass_version_read(folder, database, &version, NULL);
    if (status == SP_OK)
        named &= memcmp(version.uuid, sums.version.uuid, sizeof version.uuid) == 0;
    sp_sums_done(&sums);
    return named && (status == SP_OK || status == SP_NOT_FOUND);
}
