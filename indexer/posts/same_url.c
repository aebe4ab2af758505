// SPDX-License-Identifier: GPL-2.0-or-later
#include "same_url.h"

#include <stdlib.h>
#include <xxhash.h>

/* A file with a URL, and the file that the site's web server has for this URL. Authors can choose
   targets with the same hash, so the texts are compared, too. */
struct entry {
    uint64_t hash; /* of site and target */
    sp_bytes target;
    uint32_t site, file;
};

/* Appends the name of the file that a page becomes: "a/index.html" for "/a/", "a.html" for "/a". */
static void
append_target(sp_str *out, sp_bytes urls)
{
    sp_bytes url = sp_first_url(urls);
    sp_bytes name = sp_bytes_after_last(url, '/');
    sp_str_append(out, url);
    if (name.len == 0)
        sp_str_append_text(out, "index.html");
    else if (sp_bytes_find(name, SP_LITERAL("."), 0) == SIZE_MAX)
        sp_str_append_text(out, ".html");
}

/* The arena holds the targets. */
static enum sp_status
list_entries(const sp_files *files, sp_arena *arena, struct entry *entries, size_t *count,
             sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    for (size_t i = 0; i < files->count; i++) {
        const sp_file *file = &files->items[i];
        if (file->urls.len == 0)
            continue;
        sp_str_clear(&text);
        append_target(&text, file->urls);
        sp_bytes target = sp_arena_copy_str(arena, &text);
        entries[(*count)++] = (struct entry){.hash = XXH64(target.data, target.len, file->site),
                                             .target = target,
                                             .site = file->site,
                                             .file = (uint32_t)i};
    }
    return sp_arena_check(arena, err);
}

/* Orders by hash first, because that is faster. */
static int
compare_targets(const struct entry *a, const struct entry *b)
{
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    if (a->site != b->site)
        return a->site < b->site ? -1 : 1;
    return sp_bytes_compare(a->target, b->target);
}

static int
compare_entries(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    int order = compare_targets(a, b);
    return order ? order : (a->file > b->file) - (a->file < b->file);
}

static sp_bytes
folder_of(sp_bytes path)
{
    return sp_bytes_slice(path, 0, path.len - sp_bytes_after_last(path, '/').len);
}

/* Jekyll reads the folders in a folder before the pages in it, and sorts pages by file name,
   leaving those with the same name in this order. */
static int
compare_pages(sp_bytes a, sp_bytes b)
{
    int order = sp_bytes_compare(sp_bytes_after_last(a, '/'), sp_bytes_after_last(b, '/'));
    if (order != 0)
        return order;
    if (sp_bytes_starts_with(b, folder_of(a)))
        return 1;
    if (sp_bytes_starts_with(a, folder_of(b)))
        return -1;
    return sp_bytes_compare(a, b);
}

/* Jekyll compares the dates of two documents only if both have one. */
static int
compare_documents(const sp_file *a, const sp_file *b)
{
    if (a->time != b->time && a->time != 0 && b->time != 0)
        return a->time > b->time ? 1 : -1;
    return sp_bytes_compare(a->source->path, b->source->path);
}

/* >0 if readers get the page of `a` and not that of `b`. */
static int
compare_files(const sp_file *a, const sp_file *b)
{
    const sp_source *left = a->source, *right = b->source;
    bool left_page = left->kind == SP_SOURCE_PAGE, right_page = right->kind == SP_SOURCE_PAGE;
    if (left->kind == SP_SOURCE_PLAIN)
        return sp_bytes_compare(right->path, left->path);
    if (left_page && right_page)
        return compare_pages(left->path, right->path);
    if (left_page || right_page)
        return left_page ? -1 : 1;
    if (left->collection != right->collection)
        return left->collection > right->collection ? 1 : -1;
    return compare_documents(a, b);
}

static void
judge_group(sp_files *files, const struct entry *entries, size_t count)
{
    uint32_t winner = entries[0].file;
    for (size_t i = 1; i < count; i++) {
        if (compare_files(&files->items[entries[i].file], &files->items[winner]) > 0)
            winner = entries[i].file;
    }
    for (size_t i = 0; i < count; i++) {
        sp_file *file = &files->items[entries[i].file];
        file->winner = winner;
        file->overwritten = entries[i].file != winner;
    }
}

enum sp_status
sp_files_find_overwritten(sp_files *files, sp_error *err)
{
    size_t count = 0;
    SP_AUTO(sp_arena_done) sp_arena arena = {0};
    struct entry *entries = calloc(files->count + 1, sizeof *entries);
    if (!entries)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < files->count; i++)
        files->items[i].overwritten = false;
    enum sp_status status = list_entries(files, &arena, entries, &count, err);
    if (status == SP_OK)
        qsort(entries, count, sizeof *entries, compare_entries);
    for (size_t first = 0, end; status == SP_OK && first < count; first = end) {
        end = first + 1;
        while (end < count && compare_targets(&entries[end], &entries[first]) == 0)
            end++;
        if (end - first > 1)
            judge_group(files, entries + first, end - first);
    }
    free(entries);
    return status;
}

bool
sp_file_is_misjudged(const sp_file *file)
{
    bool indexed = file->outcome == SP_INDEXED || (file->outcome == SP_FAILED && file->kept);
    return file->overwritten ? indexed : file->outcome == SP_OVERWRITTEN;
}

size_t
sp_files_count_misjudged(const sp_files *files)
{
    size_t count = 0;
    for (size_t i = 0; i < files->count; i++)
        count += sp_file_is_misjudged(&files->items[i]);
    return count;
}
