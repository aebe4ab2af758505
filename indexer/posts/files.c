// SPDX-License-Identifier: GPL-2.0-or-later
#define _XOPEN_SOURCE 700 /* realpath */

#include "files.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static int64_t
nanoseconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* With several sites, the id begins with the site's folder, because two files may have the same
   path. */
static sp_bytes
id_of(sp_files *files, size_t site, sp_bytes path)
{
    SP_AUTO(sp_str_done) sp_str id = {0};
    const char *folder = files->folders[site];
    if (files->site_count == 1 && sp_utf8_invalid(path) == SIZE_MAX)
        return path;
    if (files->site_count > 1) {
        sp_str_append_text(&id, folder);
        if (!sp_bytes_ends_with(sp_bytes_of(folder), SP_LITERAL("/")))
            sp_str_append_char(&id, '/');
    }
    sp_str_append(&id, path);
    SP_AUTO(sp_str_done) sp_str repaired = {0};
    sp_utf8_append_repaired(&repaired, sp_str_bytes(&id));
    files->arena.failed |= id.failed;
    return sp_arena_copy_str(&files->arena, &repaired);
}

static bool
is_same_folder(const char *a, const char *b)
{
    char *left = realpath(a, NULL), *right = realpath(b, NULL);
    bool same = left && right && strcmp(left, right) == 0;
    free(left);
    free(right);
    return same;
}

static enum sp_status
check_folders(const sp_files *files, sp_error *err)
{
    for (size_t i = 0; i < files->site_count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (is_same_folder(files->folders[i], files->folders[k]))
                return sp_fail_at(err, SP_BAD_ARGUMENT, files->folders[i], 0, 0,
                                  "the same site is given twice");
        }
    }
    return SP_OK;
}

static enum sp_status
open_sites(sp_files *files, const sp_site_options *options, sp_error *err)
{
    enum sp_status status = SP_OK;
    files->sites = calloc(files->site_count, sizeof(sp_site *));
    files->scans = calloc(files->site_count, sizeof *files->scans);
    if (!files->sites || !files->scans)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    files->began_ns = nanoseconds_now();
    for (size_t i = 0; status == SP_OK && i < files->site_count; i++) {
        status = sp_site_open(files->folders[i], options, &files->sites[i], err);
        if (status == SP_OK)
            status = sp_site_scan(files->sites[i], &files->scans[i], err);
    }
    return status;
}

static int
compare_ids(const void *left, const void *right)
{
    const sp_file *a = left, *b = right;
    return sp_bytes_compare(a->id, b->id);
}

static void
add_error(sp_files *files, size_t site, sp_bytes path, const char *text)
{
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): there is room
    files->errors[files->error_count++] = (sp_files_error){.id = id_of(files, site, path),
                                                           .site = (uint32_t)site,
                                                           .path = path,
                                                           .text = sp_bytes_of(text)};
}

/* Invalid UTF-8 is repaired in ids, so two names can get the same id. The second file is reported
   and dropped. */
static void
drop_duplicates(sp_files *files)
{
    size_t kept = 0;
    for (size_t i = 0; i < files->count; i++) {
        const sp_file *file = &files->items[i];
        if (kept > 0 && sp_bytes_equal(files->items[kept - 1].id, file->id))
            add_error(
                files, file->site, file->source->path,
                "its name differs from that of another file only in bytes that are not UTF-8");
        else
            files->items[kept++] = *file;
    }
    files->count = kept;
}

static int
compare_bytes(const void *left, const void *right)
{
    return sp_bytes_compare(*(const sp_bytes *)left, *(const sp_bytes *)right);
}

/* A site can have as many errors as files, so they are searched by their ids. */
static void
sort_error_ids(sp_files *files)
{
    files->error_ids = sp_arena_array(&files->arena, files->error_count, sizeof(sp_bytes));
    for (size_t i = 0; files->error_ids && i < files->error_count; i++)
        files->error_ids[i] = files->errors[i].id;
    if (files->error_ids && files->error_count > 0)
        qsort(files->error_ids, files->error_count, sizeof(sp_bytes), compare_bytes);
}

static enum sp_status
list(sp_files *files, sp_error *err)
{
    size_t count = 0, errors = 0;
    for (size_t i = 0; i < files->site_count; i++) {
        count += files->scans[i].count;
        errors += files->scans[i].error_count;
    }
    files->items = sp_arena_array(&files->arena, count, sizeof *files->items);
    files->errors = sp_arena_array(&files->arena, count + errors, sizeof *files->errors);
    for (size_t i = 0; files->items && files->errors && i < files->site_count; i++) {
        const sp_scan *scan = &files->scans[i];
        for (size_t k = 0; k < scan->count; k++)
            files->items[files->count++] = (sp_file){.id = id_of(files, i, scan->sources[k].path),
                                                     .source = &scan->sources[k],
                                                     .site = (uint32_t)i,
                                                     .changed = true};
        for (size_t k = 0; k < scan->error_count; k++)
            add_error(files, i, scan->errors[k].path, scan->errors[k].text.data);
    }
    enum sp_status status = sp_arena_check(&files->arena, err);
    if (status != SP_OK)
        return status;
    if (files->count > 0)
        // NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): count > 0
        qsort(files->items, files->count, sizeof *files->items, compare_ids);
    drop_duplicates(files);
    sort_error_ids(files);
    return sp_arena_check(&files->arena, err);
}

enum sp_status
sp_files_open(const char *const *folders, size_t count, const sp_site_options *options,
              sp_files *out, sp_error *err)
{
    out->folders = folders;
    out->site_count = count;
    enum sp_status status = check_folders(out, err);
    if (status == SP_OK)
        status = open_sites(out, options, err);
    return status == SP_OK ? list(out, err) : status;
}

void
sp_files_done(sp_files *files)
{
    for (size_t i = 0; i < files->site_count; i++) {
        if (files->scans)
            sp_scan_done(&files->scans[i]);
        if (files->sites)
            sp_site_close(files->sites[i]);
    }
    free(files->scans);
    free(files->sites);
    sp_arena_done(&files->arena);
    *files = (sp_files){0};
}

sp_bytes
sp_files_language(const sp_files *files)
{
    return sp_site_lang(files->sites[0]);
}

const sp_ranking *
sp_files_ranking(const sp_files *files)
{
    return sp_site_ranking(files->sites[0]);
}

bool
sp_files_may_hold(const sp_files *files, sp_bytes id)
{
    for (size_t end = 0; end <= id.len && files->error_count > 0; end++) {
        sp_bytes above = sp_bytes_slice(id, 0, end);
        if ((end == id.len || id.data[end] == '/') &&
            bsearch(&above, files->error_ids, files->error_count, sizeof above, compare_bytes))
            return true;
    }
    return false;
}

void
sp_files_append_shown(const sp_files *files, uint32_t site, sp_bytes path, sp_str *out)
{
    sp_site_append_shown(files->sites[site], path, out);
}

sp_bytes
sp_first_url(sp_bytes urls)
{
    size_t end = sp_bytes_find(urls, SP_LITERAL(" "), 0);
    return sp_bytes_slice(urls, 0, end == SIZE_MAX ? urls.len : end);
}

const sp_file *
sp_files_find(const sp_files *files, sp_bytes id)
{
    const sp_file key = {.id = id};
    return files->count > 0 ? bsearch(&key, files->items, files->count, sizeof key, compare_ids)
                            : NULL;
}

bool
sp_files_has(const sp_files *files, sp_bytes id)
{
    return sp_files_find(files, id) != NULL;
}

/* How the site lists a file, as one number: its kind, its collection, and whether it is shadowed. A
   change of these can change the post even if the file does not change. */
static uint32_t
listing_of(const sp_source *source)
{
    return (uint32_t)source->kind | (source->shadowed ? 8u : 0u) | source->collection << 4;
}

/* Whether the manifest was made with the same settings of this site. Sites are identified by their
   position, because a folder may have been moved. */
static bool
has_settings(const sp_files *files, uint32_t site, const sp_manifest *manifest)
{
    return manifest->site_count == files->site_count &&
           manifest->settings[site] == sp_site_settings_hash(files->sites[site]);
}

static bool
is_settled(const sp_file *file, const sp_manifest_file *before, const sp_manifest *manifest)
{
    const sp_source *source = file->source;
    return source->size == before->size && source->mtime_ns == before->mtime_ns &&
           source->ctime_ns == before->ctime_ns && source->inode == before->inode &&
           !sp_manifest_is_close(manifest, before);
}

/* Copies the manifest's results for the file. Returns true if the file need not be read. */
static bool
settle(sp_file *file, const sp_manifest_file *before, const sp_manifest *manifest, int64_t now)
{
    file->urls = before->urls;
    file->time = before->time;
    if (before->listing != listing_of(file->source) || before->outcome == SP_FAILED ||
        (before->due > 0 && before->due <= now))
        return false;
    file->outcome = before->outcome;
    file->overwritten = before->outcome == SP_OVERWRITTEN;
    file->due = before->due;
    file->hash = before->hash;
    file->known = true;
    return is_settled(file, before, manifest);
}

bool
sp_files_compare(sp_files *files, const sp_manifest *manifest, int64_t now)
{
    size_t next = 0;
    bool same = !manifest->unsettled && files->error_count == 0 && manifest->revision.len > 0;
    for (size_t i = 0; i < files->count; i++) {
        sp_file *file = &files->items[i];
        int order = -1;
        while (next < manifest->count &&
               (order = sp_bytes_compare(manifest->files[next].id, file->id)) < 0) {
            same = false; /* a file was removed */
            next++;
        }
        bool known = next < manifest->count && order == 0;
        if (known && has_settings(files, file->site, manifest))
            file->changed = !settle(file, &manifest->files[next], manifest, now);
        next += known;
        same &= !file->changed;
    }
    return same && next == manifest->count;
}

bool
sp_files_are_partially_written(const sp_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        const sp_source *source = files->items[i].source;
        if (files->items[i].hollow &&
            (source->size > 0 || source->ctime_ns > files->began_ns - 1000000000))
            return true;
    }
    return false;
}

int64_t
sp_files_due(const sp_files *files)
{
    int64_t due = 0;
    for (size_t i = 0; i < files->count; i++) {
        const sp_file *file = &files->items[i];
        if (file->outcome == SP_LEFT_OUT && file->due > 0 && (due == 0 || file->due < due))
            due = file->due;
    }
    return due;
}

static sp_manifest_file
remembered(const sp_file *file)
{
    const sp_source *source = file->source;
    return (sp_manifest_file){.id = file->id,
                              .size = file->replaced ? -1 : source->size,
                              .mtime_ns = source->mtime_ns,
                              .ctime_ns = source->ctime_ns,
                              .inode = source->inode,
                              .listing = listing_of(source),
                              .outcome = file->outcome,
                              .hash = file->hash,
                              .due = file->due,
                              .time = file->time,
                              .urls = file->urls};
}

enum sp_status
sp_files_remember(sp_files *files, sp_manifest *out, sp_error *err)
{
    *out = (sp_manifest){.began_ns = files->began_ns,
                         .unsettled = files->error_count > 0,
                         .site_count = files->site_count,
                         .count = files->count};
    out->settings = sp_arena_array(&files->arena, files->site_count, sizeof *out->settings);
    out->files = sp_arena_array(&files->arena, files->count, sizeof *out->files);
    for (size_t i = 0; out->settings && i < files->site_count; i++)
        out->settings[i] = sp_site_settings_hash(files->sites[i]);
    for (size_t i = 0; out->files && i < files->count; i++)
        out->files[i] = remembered(&files->items[i]);
    return sp_arena_check(&files->arena, err);
}
