// SPDX-License-Identifier: GPL-2.0-or-later
#include "manifest.h"

#include "engine/base/file.h"

#include <signpost/seal.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* The file is a list of entries. Each begins with a word that names its kind and ends in NUL,
   because a path may contain any other byte. The last entry is the seal (seal.h). */
#define MAGIC "signpost manifest 2"
#define CLOSE_NS INT64_C(2000000000)
#define BYTES_MAX ((size_t)4 << 30)

static void
end_entry(sp_str *out)
{
    sp_str_append_char(out, '\0');
}

static void
put_text(sp_str *out, const char *word, sp_bytes text)
{
    sp_str_append_format(out, "%s ", word);
    sp_str_append(out, text);
    end_entry(out);
}

static void
put_file(sp_str *out, const sp_manifest_file *file)
{
    sp_str_append_format(out, "file %d %lld %lld %lld %llu %u %llx %lld ", (int)file->outcome,
                         (long long)file->size, (long long)file->mtime_ns,
                         (long long)file->ctime_ns, (unsigned long long)file->inode, file->listing,
                         (unsigned long long)file->hash, (long long)file->due);
    sp_str_append_format(out, "%lld %zu ", (long long)file->time, file->urls.len);
    sp_str_append(out, file->urls);
    sp_str_append_char(out, ' ');
    sp_str_append(out, file->id);
    end_entry(out);
}

void
sp_manifest_print(const sp_manifest *manifest, sp_str *out)
{
    put_text(out, MAGIC, SP_LITERAL(""));
    put_text(out, "generator", manifest->generator);
    put_text(out, "revision", manifest->revision);
    sp_str_append_format(out, "run %lld %llu %d ", (long long)manifest->began_ns,
                         (unsigned long long)manifest->full_bytes, (int)manifest->unsettled);
    end_entry(out);
    for (size_t i = 0; i < manifest->site_count; i++) {
        sp_str_append_format(out, "site %llx ", (unsigned long long)manifest->settings[i]);
        end_entry(out);
    }
    for (size_t i = 0; i < manifest->count; i++)
        put_file(out, &manifest->files[i]);
    sp_seal_append(out);
}

enum sp_status
sp_manifest_write(int folder, const char *name, const sp_manifest *manifest, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_manifest_print(manifest, &text);
    enum sp_status status = sp_str_check(&text, err);
    if (status != SP_OK)
        return status;
    int file = openat(folder, name,
                      O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
    bool written = file >= 0 && sp_file_write_all(file, sp_str_bytes(&text));
    if (!written)
        status = sp_fail_errno(err, errno, name, "cannot write the manifest for the next run");
    if (file >= 0 && close(file) != 0 && written)
        status = sp_fail_errno(err, errno, name, "cannot write the manifest for the next run");
    return status;
}

/* Reads the next number of an entry, in base 10 or 16, and skips the space after it. */
static uint64_t
next_number(const char **next, int base)
{
    char *end; // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): an entry is not NULL
    bool minus = **next == '-';
    uint64_t number = minus ? (uint64_t)strtoll(*next, &end, base) : strtoull(*next, &end, base);
    *next = *end == ' ' ? end + 1 : end;
    return number;
}

static void
read_file(const char *next, const char *end, sp_manifest *out)
{
    sp_manifest_file *file = &out->files[out->count++];
    unsigned outcome = (unsigned)next_number(&next, 10);
    file->outcome = outcome <= SP_FAILED ? (enum sp_outcome)outcome : SP_FAILED;
    file->size = (int64_t)next_number(&next, 10);
    file->mtime_ns = (int64_t)next_number(&next, 10);
    file->ctime_ns = (int64_t)next_number(&next, 10);
    file->inode = next_number(&next, 10);
    file->listing = (uint32_t)next_number(&next, 10);
    file->hash = next_number(&next, 16);
    file->due = (int64_t)next_number(&next, 10);
    file->time = (int64_t)next_number(&next, 10);
    size_t len = next_number(&next, 10);
    if (len < (size_t)(end - next)) {
        file->urls = (sp_bytes){next, len};
        next += len + 1;
    }
    file->id = (sp_bytes){next, (size_t)(end - next)};
}

static void
read_run(const char *next, sp_manifest *out)
{
    out->began_ns = (int64_t)next_number(&next, 10);
    out->full_bytes = next_number(&next, 10);
    out->unsettled = next_number(&next, 10) != 0;
}

static void
read_entry(sp_bytes entry, sp_manifest *out)
{
    size_t blank = sp_bytes_find(entry, SP_LITERAL(" "), 0);
    if (blank == SIZE_MAX)
        return;
    sp_bytes word = sp_bytes_slice(entry, 0, blank);
    sp_bytes rest = sp_bytes_slice(entry, blank + 1, entry.len);
    const char *next = rest.data, *end = rest.data + rest.len;
    if (sp_bytes_equal(word, SP_LITERAL("file"))) {
        read_file(next, end, out);
    } else if (sp_bytes_equal(word, SP_LITERAL("site"))) {
        out->settings[out->site_count++] = next_number(&next, 16);
    } else if (sp_bytes_equal(word, SP_LITERAL("generator"))) {
        out->generator = rest;
    } else if (sp_bytes_equal(word, SP_LITERAL("revision"))) {
        out->revision = rest;
    } else if (sp_bytes_equal(word, SP_LITERAL("run"))) {
        read_run(next, out);
    }
}

static size_t
count_entries(sp_bytes text, sp_bytes word)
{
    size_t count = 0;
    for (size_t at = 0; at < text.len; at += strlen(text.data + at) + 1)
        count += sp_bytes_starts_with(sp_bytes_slice(text, at, text.len), word);
    return count;
}

/* Reads the entries of a manifest. text: checked by sp_seal_remove, so every entry ends in NUL. */
static void
read_entries(sp_bytes text, sp_manifest *out)
{
    out->files =
        sp_arena_array(&out->arena, count_entries(text, SP_LITERAL("file ")), sizeof *out->files);
    out->settings = sp_arena_array(&out->arena, count_entries(text, SP_LITERAL("site ")),
                                   sizeof *out->settings);
    if (!out->files || !out->settings)
        return;
    for (size_t at = 0; at < text.len;) {
        sp_bytes entry = sp_bytes_of(text.data + at);
        read_entry(entry, out);
        at += entry.len + 1;
    }
}

enum sp_status
sp_manifest_parse(sp_bytes content, sp_bytes revision, sp_manifest *out, sp_error *err)
{
    *out = (sp_manifest){0};
    sp_bytes text = sp_arena_copy(&out->arena, content); /* the entries borrow from it */
    if (!out->arena.failed && sp_seal_remove(&text) &&
        sp_bytes_starts_with(text, SP_LITERAL(MAGIC " ")))
        read_entries(text, out);
    enum sp_status status = sp_arena_check(&out->arena, err);
    if (status == SP_OK && out->revision.len > 0 && sp_bytes_equal(out->revision, revision))
        return SP_OK;
    sp_manifest_done(out);
    return status;
}

/* A file that is missing, not a regular file, too long, or cannot be read counts as none. */
enum sp_status
sp_manifest_read(int folder, const char *name, sp_bytes revision, sp_manifest *out, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str content = {0};
    *out = (sp_manifest){0};
    bool read = sp_file_read(folder, name, O_NOFOLLOW, BYTES_MAX - 1, &content) == SP_FILE_READ;
    enum sp_status status = sp_str_check(&content, err);
    return status == SP_OK && read ? sp_manifest_parse(sp_str_bytes(&content), revision, out, err)
                                   : status;
}

void
sp_manifest_done(sp_manifest *manifest)
{
    sp_arena_done(&manifest->arena);
    *manifest = (sp_manifest){0};
}

bool
sp_manifest_is_close(const sp_manifest *manifest, const sp_manifest_file *file)
{
    return file->mtime_ns > manifest->began_ns - CLOSE_NS ||
           file->ctime_ns > manifest->began_ns - CLOSE_NS;
}
