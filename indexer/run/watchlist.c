// SPDX-License-Identifier: GPL-2.0-or-later
#define _XOPEN_SOURCE 700 /* realpath */
#include "watchlist.h"

#include "pins_file.h"
#include "synonyms.h"

#include <stdlib.h>
#include <sys/stat.h>

struct watchlist_context {
    sp_arena *arena;
    sp_watchlist *list;
    sp_bytes index; /* its real path, or "" */
};

static void
add(struct watchlist_context *context, sp_bytes folder, sp_bytes name)
{
    sp_watchlist *list = context->list;
    sp_watched *items =
        sp_arena_grow(context->arena, list->items, &list->capacity, list->count + 1, sizeof *items);
    if (!items)
        return;
    list->items = items;
    items[list->count++] = (sp_watched){.folder = sp_arena_copy(context->arena, folder),
                                        .name = sp_arena_copy(context->arena, name)};
}

static void
add_extensions(struct watchlist_context *context, const sp_site *site)
{
    size_t count;
    const sp_bytes *extensions = sp_site_extensions(site, &count);
    sp_watchlist *list = context->list;
    sp_bytes *all = sp_arena_grow(context->arena, list->extensions, &list->extension_capacity,
                                  list->extension_count + count + 1, sizeof *all);
    if (!all)
        return;
    list->extensions = all;
    for (size_t i = 0; i < count; i++)
        all[list->extension_count++] = sp_arena_copy(context->arena, extensions[i]);
}

static sp_bytes
join(struct watchlist_context *context, sp_bytes folder, sp_bytes name)
{
    SP_AUTO(sp_str_done) sp_str path = {0};
    sp_str_append(&path, folder);
    if (!sp_bytes_ends_with(folder, SP_LITERAL("/")))
        sp_str_append_char(&path, '/');
    sp_str_append(&path, name);
    return sp_arena_copy_str(context->arena, &path);
}

/* Adds the file or folder at `path`: its folder, and its name in it. path: absolute, or relative to
   the current folder. */
static void
add_by_name(struct watchlist_context *context, sp_bytes path)
{
    sp_bytes name = sp_bytes_after_last(path, '/');
    size_t folder = path.len - name.len;
    if (folder == 0)
        add(context, SP_LITERAL("."), name);
    else
        add(context, sp_bytes_slice(path, 0, folder > 1 ? folder - 1 : 1), name);
}

static bool
is_link(struct watchlist_context *context, sp_bytes path)
{
    struct stat about;
    sp_bytes copy = sp_arena_copy(context->arena, path);
    return copy.len > 0 && lstat(copy.data, &about) == 0 && S_ISLNK(about.st_mode);
}

/* Adds the parts of a path that may be replaced: its last name, and the symbolic links in it. */
static void
add_path(struct watchlist_context *context, sp_bytes path)
{
    while (path.len > 1 && path.data[path.len - 1] == '/')
        path.len--;
    for (size_t end = 1; end <= path.len; end++) {
        bool is_last = end == path.len;
        sp_bytes so_far = sp_bytes_slice(path, 0, end);
        sp_bytes name = sp_bytes_after_last(so_far, '/');
        if ((!is_last && path.data[end] != '/') || name.len == 0 ||
            sp_bytes_equal(name, SP_LITERAL(".")) || sp_bytes_equal(name, SP_LITERAL("..")))
            continue;
        if (is_last || is_link(context, so_far))
            add_by_name(context, so_far);
    }
}

/* Adds a file in the folder that was given on the command line, which may be a link to a file in
   another folder of the site. */
static void
add_file(struct watchlist_context *context, const sp_site *site, sp_bytes folder, sp_bytes path)
{
    SP_AUTO(sp_str_done) sp_str real = {0};
    add_by_name(context, join(context, folder, path));
    if (sp_site_find_real_path(site, path, &real))
        add_by_name(context, sp_str_bytes(&real));
}

/* Added by name, because the file may not exist yet and may be in a folder without posts. */
static void
add_synonyms(struct watchlist_context *context, const sp_site *site)
{
    sp_bytes path = sp_synonyms_path(site);
    if (path.len > 0)
        add_path(context, join(context, sp_site_root(site), path));
}

static bool
is_in_index(const struct watchlist_context *context, sp_bytes folder)
{
    sp_bytes index = context->index;
    return index.len > 0 && sp_bytes_starts_with(folder, index) &&
           (folder.len == index.len || folder.data[index.len] == '/');
}

static void
add_places(struct watchlist_context *context, const sp_site *site, const sp_scan *scan)
{
    sp_bytes root = sp_site_root(site);
    for (size_t i = 0; i < scan->place_count; i++) {
        sp_bytes folder = scan->places[i].folder;
        folder = folder.len == 0 ? root : join(context, root, folder);
        if (!is_in_index(context, folder))
            add(context, folder, scan->places[i].name);
    }
}

enum sp_status
sp_watchlist_make(const sp_files *files, const char *index, sp_arena *arena, sp_watchlist *out,
                  sp_error *err)
{
    char *real = realpath(index, NULL);
    struct watchlist_context context = {.arena = arena, .list = out, .index = sp_bytes_of(real)};
    *out = (sp_watchlist){0};
    for (size_t i = 0; i < files->site_count; i++) {
        sp_bytes folder = sp_bytes_of(files->folders[i]);
        add_extensions(&context, files->sites[i]);
        add_path(&context, folder);
        add(&context, folder, SP_LITERAL(""));
        add_file(&context, files->sites[i], folder, SP_LITERAL("_config.yml"));
        add_file(&context, files->sites[i], folder, SP_LITERAL("_config.yaml"));
        add_file(&context, files->sites[i], folder, sp_pins_path(files->sites[i]));
        add_synonyms(&context, files->sites[i]);
        add_places(&context, files->sites[i], &files->scans[i]);
    }
    free(real);
    return sp_arena_check(arena, err);
}
