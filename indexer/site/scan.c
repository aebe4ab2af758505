// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lists the files of a site that may be posts. As in Jekyll, there are two kinds of walks: one
 * through the ordinary folders, where an excluded folder excludes everything below it, and one
 * inside `_posts`, `_drafts` and collections, where each file is included or excluded by its whole
 * path, and folders are not.
 */
#define _GNU_SOURCE /* d_type, O_PATH */
#include "date.h"
#include "glob.h"
#include "site_private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct entry {
    sp_bytes name;
    bool is_folder;
    const struct stat *about; /* of a file that may be a post, not following a link; else NULL */
    int number;               /* why `about` is NULL for such a file */
};

struct entries {
    struct entry *items;
    size_t count;
};

struct walk {
    const sp_site *site;
    sp_scan *scan;
    sp_arena scratch; /* listings of folders */
    sp_str path;      /* of one entry, in the form that patterns are compared with */
    uint64_t steps;   /* that are left for comparing this entry with patterns */
    size_t source_capacity, error_capacity, place_capacity;
};

/* A walk inside _posts, _drafts or a collection. */
struct deep_walk {
    struct walk *walk;
    sp_bytes folder; /* the folder where the walk starts, relative to the site's folder */
    sp_bytes base;   /* comes before a path below `folder` when it is compared with `exclude` */
    enum sp_source_kind kind;
    uint32_t collection;
    bool hidden; /* names that begin with '.' are listed, too */
};

static bool
is_stopped(const struct walk *walk)
{
    return sp_site_is_cancelled(walk->site);
}

static void
add_error(struct walk *walk, sp_bytes path, const char *what, int number)
{
    sp_scan *scan = walk->scan;
    sp_error error;
    sp_scan_error *errors = sp_arena_grow(&scan->arena, scan->errors, &walk->error_capacity,
                                          scan->error_count + 1, sizeof *errors);
    if (!errors)
        return;
    if (number)
        walk->scratch.failed |= sp_fail_errno(&error, number, NULL, what) == SP_NO_MEMORY;
    else
        sp_fail(&error, SP_BAD_INPUT, "%s", what);
    scan->errors = errors;
    errors[scan->error_count++] =
        (sp_scan_error){.path = sp_arena_copy(&scan->arena, path),
                        .text = sp_arena_copy(&scan->arena, sp_bytes_of(error.text))};
}

static void
add_place(struct walk *walk, sp_bytes folder, sp_bytes name)
{
    sp_scan *scan = walk->scan;
    sp_scan_place *places = sp_arena_grow(&scan->arena, scan->places, &walk->place_capacity,
                                          scan->place_count + 1, sizeof *places);
    if (!places)
        return;
    scan->places = places;
    places[scan->place_count++] = (sp_scan_place){.folder = sp_arena_copy(&scan->arena, folder),
                                                  .name = sp_arena_copy(&scan->arena, name)};
}

static void
add_place_of_file(struct walk *walk, sp_bytes path)
{
    sp_bytes name = sp_bytes_after_last(path, '/');
    size_t folder = path.len - name.len; /* with the slash, which may be the root folder */
    add_place(walk, sp_bytes_slice(path, 0, folder > 1 ? folder - 1 : folder), name);
}

/* Adds the folders above a path as places to watch: the walk through ordinary folders may not have
   listed these folders. */
static void
add_places_above(struct walk *walk, sp_bytes path)
{
    for (size_t i = 1; i < path.len; i++) {
        if (path.data[i] == '/')
            add_place(walk, sp_bytes_slice(path, 0, i), SP_LITERAL(""));
    }
}

/* Whether an entry is a folder. Some file systems do not return types in listings, so stat is
   needed. A link to a folder is not a folder. */
static bool
is_folder(int parent, const struct dirent *entry)
{
    struct stat about;
    if (entry->d_type != DT_UNKNOWN)
        return entry->d_type == DT_DIR;
    return fstatat(parent, entry->d_name, &about, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISDIR(about.st_mode);
}

static bool
has_markdown_extension(const sp_site *site, sp_bytes name)
{
    size_t dot = name.len;
    while (dot > 0 && name.data[dot - 1] != '.' && name.data[dot - 1] != '/')
        dot--;
    if (dot <= 1 || name.data[dot - 1] != '.' || name.data[dot - 2] == '/')
        return false;
    sp_bytes extension = sp_bytes_slice(name, dot, name.len);
    for (size_t i = 0; i < site->extensions.count; i++) {
        if (sp_bytes_equal_ascii_case(extension, site->extensions.items[i]))
            return true;
    }
    return false;
}

/* Adds an entry. Files that may be posts are examined now, while their folder is open, so that no
   later change of a folder's name can lead elsewhere. */
static struct entry
examine(struct walk *walk, int folder, const struct dirent *found)
{
    struct entry entry = {.name = sp_arena_copy(&walk->scratch, sp_bytes_of(found->d_name)),
                          .is_folder = is_folder(folder, found)};
    if (entry.is_folder || !has_markdown_extension(walk->site, entry.name))
        return entry;
    struct stat *about = sp_arena_alloc(&walk->scratch, sizeof *about);
    if (about && fstatat(folder, found->d_name, about, AT_SYMLINK_NOFOLLOW) == 0)
        entry.about = about;
    else
        entry.number = errno;
    return entry;
}

static bool
list_open_folder(struct walk *walk, DIR *folder, struct entries *out)
{
    size_t capacity = 0;
    while (!is_stopped(walk)) {
        errno = 0;
        struct dirent *found = readdir(folder);
        if (!found)
            return errno == 0;
        sp_bytes name = sp_bytes_of(found->d_name);
        if (sp_bytes_equal(name, SP_LITERAL(".")) || sp_bytes_equal(name, SP_LITERAL("..")))
            continue;
        struct entry *items =
            sp_arena_grow(&walk->scratch, out->items, &capacity, out->count + 1, sizeof *items);
        if (!items)
            return true; /* sp_site_scan checks the arena at the end */
        out->items = items;
        items[out->count++] = examine(walk, dirfd(folder), found);
    }
    return true;
}

/* Lists the entries of a folder. A missing folder has no entries; a folder that cannot be read is
   an error. A link to a folder counts as missing, unless collections_dir names it. path is
   NUL-terminated. */
static struct entries
list_folder(struct walk *walk, sp_bytes path)
{
    struct entries entries = {0};
    int follow = sp_bytes_equal(path, walk->site->collections_dir) ? 0 : O_NOFOLLOW;
    int file = sp_beneath_open(&walk->site->folder, path.data, O_RDONLY | O_DIRECTORY | follow);
    DIR *folder = file < 0 ? NULL : fdopendir(file);
    if (!folder && file >= 0)
        sp_close(file);
    if (!folder && errno == EXDEV)
        add_error(walk, path, "symbolic link to a folder outside the site", 0);
    else if (!folder && errno != ENOENT && errno != ENOTDIR)
        add_error(walk, path, "folder cannot be read", errno);
    if (!folder)
        return entries;
    add_place(walk, path, SP_LITERAL(""));
    if (!list_open_folder(walk, folder, &entries))
        add_error(walk, path, "folder cannot be read", errno);
    closedir(folder);
    return entries;
}

static void
append_source(struct walk *walk, sp_source source, const struct stat *about)
{
    sp_scan *scan = walk->scan;
    sp_source *sources = sp_arena_grow(&scan->arena, scan->sources, &walk->source_capacity,
                                       scan->count + 1, sizeof *sources);
    if (!sources)
        return;
    source.path = sp_arena_copy(&scan->arena, source.path);
    sp_source_set_stat(&source, about);
    scan->sources = sources;
    sources[scan->count++] = source;
}

/* Sets *about to the target of a link. Its folder has to be watched, too. */
static bool
follow_link(struct walk *walk, sp_bytes path, struct stat *about)
{
    SP_AUTO(sp_str_done) sp_str target = {0};
    const sp_beneath *folder = &walk->site->folder;
    if (sp_beneath_stat(folder, path.data, 0, about)) {
        if (sp_beneath_resolve(folder, path.data, &target))
            add_place_of_file(walk, sp_str_bytes(&target));
        return true;
    }
    if (errno == EXDEV)
        add_error(walk, path, "symbolic link to a file outside the site", 0);
    else
        add_error(walk, path, "symbolic link cannot be followed", errno);
    return false;
}

/* Adds a file with the extension of a post. Ignores a link to a folder of the site. source.path is
   NUL-terminated; about: as in struct entry. */
static void
add_source(struct walk *walk, sp_source source, const struct stat *about, int number)
{
    struct stat target;
    if (!about) {
        add_error(walk, source.path, "cannot be read", number);
        return;
    }
    if (S_ISLNK(about->st_mode)) {
        if (!follow_link(walk, source.path, &target))
            return;
        about = &target;
    }
    if (S_ISREG(about->st_mode))
        append_source(walk, source, about);
    else if (!S_ISDIR(about->st_mode))
        add_error(walk, source.path, "not a regular file", 0);
}

static bool
is_special(sp_bytes name)
{
    return name.len > 0 && strchr("._#~", name.data[0]) != NULL;
}

/* Whether a pattern of the list matches the joined path. */
static bool
list_matches(struct walk *walk, const sp_patterns *list, sp_bytes folder, sp_bytes name,
             bool is_folder)
{
    sp_str *path = &walk->path;
    sp_str_clear(path);
    sp_str_append_char(path, '/');
    sp_str_append(path, folder);
    if (folder.len > 0)
        sp_str_append_char(path, '/');
    sp_str_append(path, name);
    sp_str_append_char(path, '/');
    return !path->failed && sp_patterns_match(list, sp_str_bytes(path), is_folder, &walk->steps);
}

/* Whether the patterns include a file or folder. entry: a name in the folder `base`, or a path
   below that folder. */
static bool
passes_patterns(struct walk *walk, sp_bytes base, sp_bytes entry, bool folder)
{
    const sp_site *site = walk->site;
    sp_bytes name = sp_bytes_after_last(entry, '/');
    if (entry.len == 0 || entry.data[entry.len - 1] == '.')
        return false; /* an empty entry: out of memory, which sp_site_scan reports at the end */
    if (list_matches(walk, &site->include, SP_LITERAL(""), entry, folder) ||
        (name.len < entry.len && list_matches(walk, &site->include, SP_LITERAL(""), name, folder)))
        return true;
    if (list_matches(walk, &site->exclude, base, entry, folder))
        return false;
    return !is_special(entry) && !is_special(name) && entry.data[entry.len - 1] != '~';
}

/* Whether Jekyll includes an entry; path: the same entry, for messages. */
static bool
is_included(struct walk *walk, sp_bytes base, sp_bytes entry, bool folder, sp_bytes path)
{
    walk->steps = SP_GLOB_STEPS;
    bool included = passes_patterns(walk, base, entry, folder);
    if (walk->steps > 0)
        return included;
    add_error(walk, path, "comparing it with the patterns of include and exclude takes too long",
              0);
    return false;
}

/* path: the entry's, below deep->folder. */
static void
add_deep_file(struct deep_walk *deep, const struct entry *entry, sp_bytes path)
{
    struct walk *walk = deep->walk;
    if (deep->kind == SP_SOURCE_POST && sp_dated_name_length(entry->name) == 0)
        return;
    sp_bytes whole = sp_join_path(&walk->scratch, deep->folder, path);
    if (is_included(walk, deep->base, path, false, whole))
        add_source(walk,
                   (sp_source){.path = whole, .kind = deep->kind, .collection = deep->collection},
                   entry->about, entry->number);
}

/* Lists a folder and the folders in it. below: the folder's path relative to deep->folder. */
static void
walk_deep(struct deep_walk *deep, sp_bytes below)
{
    struct walk *walk = deep->walk;
    sp_bytes path =
        below.len > 0 ? sp_join_path(&walk->scratch, deep->folder, below) : deep->folder;
    struct entries entries = list_folder(walk, path);
    for (size_t i = 0; i < entries.count && !is_stopped(walk); i++) {
        const struct entry *entry = &entries.items[i];
        sp_bytes inner = sp_join_path(&walk->scratch, below, entry->name);
        if (!deep->hidden && entry->name.data[0] == '.')
            continue;
        if (entry->is_folder)
            walk_deep(deep, inner);
        else if (has_markdown_extension(walk->site, entry->name))
            add_deep_file(deep, entry, inner);
    }
}

static void
walk_posts(struct walk *walk, sp_bytes folder, const char *name, enum sp_source_kind kind)
{
    sp_bytes inner = sp_join_path(&walk->scratch, folder, sp_bytes_of(name));
    struct deep_walk deep = {
        .walk = walk, .folder = inner, .base = inner, .kind = kind, .collection = SP_POSTS};
    walk_deep(&deep, SP_LITERAL(""));
}

/* If collections_dir is set, posts are only in folders whose path begins with it. */
static bool
may_hold_posts(const sp_site *site, sp_bytes folder)
{
    return site->collections_dir.len == 0 || sp_bytes_starts_with(folder, site->collections_dir);
}

static void
walk_folder(struct walk *walk, sp_bytes path)
{
    const sp_site *site = walk->site;
    struct entries entries = list_folder(walk, path);
    if (may_hold_posts(site, path)) {
        walk_posts(walk, path, "_posts", SP_SOURCE_POST);
        if (site->drafts)
            walk_posts(walk, path, "_drafts", SP_SOURCE_DRAFT);
    }
    for (size_t i = 0; i < entries.count && !is_stopped(walk); i++) {
        const struct entry *entry = &entries.items[i];
        if (!entry->is_folder && !has_markdown_extension(site, entry->name))
            continue;
        sp_bytes inner = sp_join_path(&walk->scratch, path, entry->name);
        if (!is_included(walk, path, entry->name, entry->is_folder, inner) ||
            (entry->is_folder && sp_bytes_equal(inner, site->destination)))
            continue;
        if (entry->is_folder)
            walk_folder(walk, inner);
        else
            add_source(walk, (sp_source){.path = inner, .kind = SP_SOURCE_PAGE}, entry->about,
                       entry->number);
    }
}

static bool
leads_through_link(struct walk *walk, sp_bytes path)
{
    for (size_t end = 1; end <= path.len; end++) {
        struct stat about;
        if (end < path.len && path.data[end] != '/')
            continue;
        sp_bytes beginning = sp_arena_copy(&walk->scratch, sp_bytes_slice(path, 0, end));
        if (sp_beneath_stat(&walk->site->folder, beginning.data, O_NOFOLLOW, &about) &&
            S_ISLNK(about.st_mode))
            return true;
    }
    return false;
}

/* The walk through the ordinary folders does not follow links, but collections_dir may lead through
   some. */
static void
walk_linked_collections_dir(struct walk *walk)
{
    sp_bytes folder = walk->site->collections_dir;
    if (!leads_through_link(walk, folder))
        return;
    add_places_above(walk, folder);
    walk_folder(walk, folder);
}

static void
walk_collections(struct walk *walk)
{
    const sp_site *site = walk->site;
    for (uint32_t i = SP_POSTS + 1; i < site->collection_count; i++) {
        const struct sp_collection *collection = &site->collections[i];
        if (!collection->output)
            continue;
        struct deep_walk deep = {
            .walk = walk,
            .folder = sp_join_path(&walk->scratch, site->collections_dir, collection->folder),
            .base = collection->folder,
            .kind = SP_SOURCE_DOCUMENT,
            .collection = i,
            .hidden = true};
        add_places_above(walk, deep.folder);
        walk_deep(&deep, SP_LITERAL(""));
    }
}

/* A file whose path is literally in `include` is a page in any folder. */
static void
add_included_files(struct walk *walk)
{
    const sp_patterns *include = &walk->site->include;
    for (size_t i = 0; i < include->count && !is_stopped(walk); i++) {
        sp_bytes path = sp_bytes_slice(include->items[i], 1, include->items[i].len);
        struct stat about;
        if (path.len == 0 || !has_markdown_extension(walk->site, path))
            continue;
        add_place_of_file(walk, path);
        if (sp_beneath_stat(&walk->site->folder, path.data, O_NOFOLLOW, &about))
            add_source(walk, (sp_source){.path = path, .kind = SP_SOURCE_PAGE}, &about, 0);
        else if (errno == EXDEV)
            add_error(walk, path, "symbolic link to a folder outside the site", 0);
        else if (errno != ENOENT && errno != ENOTDIR && errno != ENAMETOOLONG)
            add_error(walk, path, "cannot be read", errno);
    }
}

static bool
begins_with_word(sp_bytes name, const char *word)
{
    size_t len = strlen(word);
    return name.len > len && name.data[len] == '.' &&
           sp_bytes_equal_ascii_case(sp_bytes_slice(name, 0, len), sp_bytes_of(word));
}

static bool
has_index(const struct entries *entries)
{
    for (size_t i = 0; i < entries->count; i++) {
        sp_bytes name = entries->items[i].name;
        if (begins_with_word(name, "index") || begins_with_word(name, "_index"))
            return true;
    }
    return false;
}

/* Walks a plain tree: skips hidden names and installed packages. In a folder with an index, README
   does not get the folder's URL. */
static void
walk_plain(struct walk *walk, sp_bytes path)
{
    struct entries entries = list_folder(walk, path);
    bool indexed = has_index(&entries);
    for (size_t i = 0; i < entries.count && !is_stopped(walk); i++) {
        const struct entry *entry = &entries.items[i];
        sp_bytes inner = sp_join_path(&walk->scratch, path, entry->name);
        if (entry->name.data[0] == '.' || sp_bytes_equal(entry->name, SP_LITERAL("node_modules")))
            continue;
        if (entry->is_folder)
            walk_plain(walk, inner);
        else if (has_markdown_extension(walk->site, entry->name))
            add_source(walk,
                       (sp_source){.path = inner,
                                   .kind = SP_SOURCE_PLAIN,
                                   .shadowed = indexed && begins_with_word(entry->name, "readme")},
                       entry->about, entry->number);
    }
}

/* Orders sources by path. If both walks have found a file, the source that is a page comes last,
   and sort_unique drops it. */
static int
compare_sources(const void *left, const void *right)
{
    const sp_source *a = left, *b = right;
    int order = sp_bytes_compare(a->path, b->path);
    return order ? order : (int)(a->kind == SP_SOURCE_PAGE) - (int)(b->kind == SP_SOURCE_PAGE);
}

static int
compare_errors(const void *left, const void *right)
{
    const sp_scan_error *a = left, *b = right;
    return sp_bytes_compare(a->path, b->path);
}

static void
sort_unique(sp_scan *scan)
{
    size_t kept = 0;
    if (scan->count > 0)
        qsort(scan->sources, scan->count, sizeof *scan->sources, compare_sources);
    if (scan->error_count > 0)
        qsort(scan->errors, scan->error_count, sizeof *scan->errors, compare_errors);
    for (size_t i = 0; i < scan->count; i++) {
        if (kept == 0 || !sp_bytes_equal(scan->sources[kept - 1].path, scan->sources[i].path))
            scan->sources[kept++] = scan->sources[i];
    }
    scan->count = kept;
}

enum sp_status
sp_site_scan(const sp_site *site, sp_scan *scan, sp_error *err)
{
    *scan = (sp_scan){0};
    struct walk walk = {.site = site, .scan = scan};
    if (!site->jekyll) {
        walk_plain(&walk, SP_LITERAL(""));
    } else {
        walk_folder(&walk, SP_LITERAL(""));
        walk_linked_collections_dir(&walk);
        walk_collections(&walk);
        add_included_files(&walk);
    }
    bool failed = walk.scratch.failed || walk.path.failed || scan->arena.failed;
    sp_arena_done(&walk.scratch);
    sp_str_done(&walk.path);
    if (failed) {
        sp_scan_done(scan);
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    }
    if (is_stopped(&walk)) {
        sp_scan_done(scan);
        return sp_fail(err, SP_CANCELLED, "interrupted");
    }
    sort_unique(scan);
    if (scan->error_count == 0 || scan->errors[0].path.len > 0)
        return SP_OK;
    enum sp_status status =
        sp_fail_at(err, SP_IO, site->root.data, 0, 0, "%s", scan->errors[0].text.data);
    sp_scan_done(scan);
    return status;
}

enum sp_status
sp_site_scan_others(const sp_site *site, sp_scan *scan, sp_error *err)
{
    static sp_bytes extensions[] = {{"html", 4}, {"htm", 3}};
    sp_site others = *site;
    others.extensions = (struct sp_list){extensions, sizeof extensions / sizeof *extensions};
    return sp_site_scan(&others, scan, err);
}

void
sp_scan_done(sp_scan *scan)
{
    sp_arena_done(&scan->arena);
    *scan = (sp_scan){0};
}
