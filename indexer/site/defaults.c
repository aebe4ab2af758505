// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The setting `defaults`: which entries apply to a file, and which of them wins. A site can have
 * thousands of entries and of files, so the entries for a file are looked up by the beginning of
 * its path, once for each file.
 */
#include "glob.h"
#include "site_private.h"

static bool
is_document(const sp_source *source)
{
    return source->kind != SP_SOURCE_PAGE && source->kind != SP_SOURCE_PLAIN;
}

sp_bytes
sp_document_path(const sp_site *site, const sp_source *source)
{
    sp_bytes path = source->path, folder = site->collections_dir;
    if (is_document(source) && folder.len > 0 && sp_bytes_starts_with(path, folder) &&
        path.len > folder.len && path.data[folder.len] == '/')
        return sp_bytes_slice(path, folder.len + 1, path.len);
    return path;
}

/* Reading */

/* The most bytes that one value may have: it is used for each file that the entry applies to. */
#define VALUE_BYTES_MAX ((size_t)8 << 10)

/* The keys of front matter that page.h uses. */
static const char *const keys[SP_DEFAULT_KEYS] = {
    "categories",    "category",    "date",      "exclude_from_search",
    "lang",          "locale",      "permalink", "published",
    "redirect_from", "redirect_to", "search",    "search_exclude",
    "slug",          "tag",         "tags",      "title"};

/* SP_YAML_NODES_MAX bounds the recursion, to about 2500 levels: aliases can nest deeper than the
   depth limit. */
static size_t
bytes_of(const sp_yaml *node)
{
    size_t bytes = 1;
    if (!node)
        return bytes;
    if (node->kind == SP_YAML_SCALAR)
        return bytes + node->text.len;
    for (size_t i = 0; i < node->count; i++)
        bytes += bytes_of(node->items[i]);
    return bytes;
}

static enum sp_status
read_values(struct sp_default *set, const sp_yaml *values, const char *path, sp_error *err)
{
    for (size_t i = 0; i < SP_DEFAULT_KEYS; i++) {
        const sp_yaml *value = set->values[i] = sp_yaml_get(values, keys[i]);
        set->keys |= value ? UINT32_C(1) << i : 0;
        if (value && bytes_of(value) > VALUE_BYTES_MAX)
            return sp_fail_at(err, SP_BAD_INPUT, path, value->line, value->column,
                              "defaults: %s must not exceed %zu bytes", keys[i], VALUE_BYTES_MAX);
    }
    return SP_OK;
}

/* Maps the old type names `page` and `post`, which Jekyll still accepts, to `pages` and `posts`. */
static sp_bytes
scope_type(sp_bytes type)
{
    if (sp_bytes_equal(type, SP_LITERAL("page")))
        return SP_LITERAL("pages");
    if (sp_bytes_equal(type, SP_LITERAL("post")))
        return SP_LITERAL("posts");
    return type;
}

static sp_bytes
without_final_slashes(sp_bytes path)
{
    while (path.len > 0 && path.data[path.len - 1] == '/')
        path.len--;
    return path;
}

/* The number of names in paths that a glob matches, or 0 if it varies. */
static size_t
count_names(sp_bytes pattern)
{
    size_t names = 1;
    for (size_t i = 0; i < pattern.len; i++)
        names += pattern.data[i] == '/';
    return sp_bytes_find(pattern, SP_LITERAL("**"), 0) == SIZE_MAX ? names : 0;
}

/* Sets the scope's path, and adds the entry to the index of paths. */
static bool
set_path(sp_site *site, struct sp_default *set, sp_bytes path)
{
    sp_bytes folder = site->collections_dir;
    uint32_t item = (uint32_t)(set - site->defaults);
    set->path = path;
    set->is_glob = path.len > 0 && memchr(path.data, '*', path.len);
    if (set->is_glob) {
        set->names = count_names(without_final_slashes(path));
        set->needle = sp_glob_needle(path);
        return sp_prefixes_add(&site->default_globs, sp_glob_literal(without_final_slashes(path)),
                               item);
    }
    if (folder.len > 0 && sp_bytes_starts_with(path, folder) && path.len > folder.len &&
        path.data[folder.len] == '/')
        path = sp_bytes_slice(path, folder.len + 1, path.len);
    return sp_prefixes_add(&site->default_paths, path, item);
}

static enum sp_status
read_entry(sp_site *site, const sp_yaml *entry, const char *path, sp_error *err)
{
    const sp_yaml *values = sp_yaml_get(entry, "values");
    const sp_yaml *scope = sp_yaml_get(entry, "scope");
    const sp_yaml *type = sp_yaml_get(scope, "type");
    struct sp_default *set = &site->defaults[site->default_count];
    if (!values || values->kind != SP_YAML_MAP)
        return SP_OK;
    set->has_type = type != NULL;
    set->type = scope_type(sp_yaml_text(type));
    site->default_count++;
    if (!set_path(site, set, sp_yaml_text(sp_yaml_get(scope, "path"))))
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    return read_values(set, values, path, err);
}

enum sp_status
sp_defaults_read(sp_site *site, const char *path, sp_error *err)
{
    enum sp_status status = SP_OK;
    const sp_yaml *node = sp_config_get(site, "defaults");
    if (!node || node->kind != SP_YAML_LIST)
        return SP_OK;
    site->defaults = sp_arena_array(&site->arena, node->count, sizeof *site->defaults);
    for (size_t i = 0; site->defaults && status == SP_OK && i < node->count; i++) {
        status = sp_site_is_cancelled(site) ? sp_fail(err, SP_CANCELLED, "interrupted")
                                            : read_entry(site, node->items[i], path, err);
    }
    return status == SP_OK ? sp_arena_check(&site->arena, err) : status;
}

/* The entries of a file */

static sp_bytes
type_of(const sp_site *site, const sp_source *source)
{
    if (!is_document(source))
        return SP_LITERAL("pages");
    return site->collections[source->kind == SP_SOURCE_DOCUMENT ? source->collection : SP_POSTS]
        .label;
}

/* Whether the glob matches the file or a folder above it. */
static bool
glob_applies(const struct sp_default *set, sp_bytes path, uint64_t *steps)
{
    sp_bytes pattern = without_final_slashes(set->path);
    size_t names = 0;
    if (!sp_glob_take(steps, 1 + path.len / 16) || sp_bytes_find(path, set->needle, 0) == SIZE_MAX)
        return false;
    for (size_t end = 1; end <= path.len; end++) {
        if (end < path.len && path.data[end] != '/')
            continue;
        names++;
        if ((set->names == 0 || set->names == names) &&
            sp_glob_match_path(pattern, sp_bytes_slice(path, 0, end), steps))
            return true;
        if (set->names == names)
            return false;
    }
    return false;
}

struct default_set {
    const sp_site *site;
    sp_bytes type;
    uint64_t *bits; /* one for each entry */
    size_t count;   /* of those that are set */
    uint64_t steps; /* that are left for globs */
};

static void
add_matches(struct default_set *set, const sp_prefixes *prefixes, sp_bytes path)
{
    uint32_t item;
    for (sp_prefix_walk walk = {.text = path}; sp_prefixes_next(prefixes, &walk, &item);) {
        const struct sp_default *entry = &set->site->defaults[item];
        if ((entry->has_type && !sp_bytes_equal(entry->type, set->type)) ||
            (entry->is_glob && !glob_applies(entry, path, &set->steps)))
            continue;
        set->bits[item / 64] |= UINT64_C(1) << item % 64;
        set->count++;
    }
}

static size_t
precision(const struct sp_default *set)
{
    return set->path.len - (set->path.len > 0 && set->path.data[0] == '/');
}

/* Of two entries, the one with the longer path wins; of equal paths, the one with a type; else the
   later one. */
static bool
wins(const struct sp_default *set, const struct sp_default *old)
{
    if (!old)
        return true;
    if (precision(set) != precision(old))
        return precision(set) > precision(old);
    return set->has_type || !old->has_type;
}

/* For documents, Jekyll merges whole entries, so an entry without a key, too, takes precedence over
   later entries with shorter paths. Entries with no key at all are not needed any more after
   this. */
static void
add_to_list(struct sp_default_list *list, const struct sp_default *set,
            const struct sp_default **old)
{
    bool better = wins(set, *old);
    if (better)
        *old = set;
    if (set->keys)
        list->items[list->count++] =
            (struct sp_default_match){.set = set, .keys = set->keys, .better = better};
}

struct sp_default_list
sp_defaults_of(const sp_site *site, const sp_source *source, sp_arena *arena)
{
    struct sp_default_list list = {.is_document = is_document(source)};
    const struct sp_default *old = NULL;
    struct default_set set = {.site = site, .type = type_of(site, source), .steps = SP_GLOB_STEPS};
    if (site->default_count == 0 || source->kind == SP_SOURCE_PLAIN)
        return list;
    set.bits = sp_arena_array(arena, site->default_count / 64 + 1, sizeof *set.bits);
    if (!set.bits)
        return list;
    add_matches(&set, &site->default_paths, sp_document_path(site, source));
    add_matches(&set, &site->default_globs, source->path);
    list.is_costly = set.steps == 0;
    list.items = sp_arena_array(arena, set.count, sizeof *list.items);
    for (size_t i = 0; list.items && i < site->default_count; i++) {
        if (set.bits[i / 64] >> i % 64 & 1)
            add_to_list(&list, &site->defaults[i], &old);
    }
    return list;
}

static size_t
number_of(const char *key)
{
    for (size_t i = 0; i < SP_DEFAULT_KEYS; i++) {
        if (strcmp(keys[i], key) == 0)
            return i;
    }
    return SIZE_MAX; /* no page has the key */
}

/* For pages, Jekyll looks only at the entries that have the key. */
const sp_yaml *
sp_defaults_find(const struct sp_default_list *list, const char *key)
{
    const sp_yaml *value = NULL;
    const struct sp_default *old = NULL;
    size_t number = number_of(key);
    for (size_t i = 0; number != SIZE_MAX && i < list->count; i++) {
        const struct sp_default_match *match = &list->items[i];
        if (!(match->keys >> number & 1))
            continue;
        const sp_yaml *found = match->set->values[number];
        bool better = list->is_document ? match->better : wins(match->set, old);
        if (better)
            old = match->set;
        if (better ? !sp_yaml_is_null(found) : sp_yaml_is_null(value))
            value = found;
    }
    return value;
}
