// SPDX-License-Identifier: GPL-2.0-or-later
#include "site_private.h"

#include "engine/base/language.h"

#include <signpost/ascii.h>
#include <signpost/url.h>

#include <errno.h>

/* Jekyll excludes these even if the settings do not. */
static const char *const always_excluded[] = {
    ".sass-cache",  ".jekyll-cache",  "gemfiles",      "Gemfile",      "Gemfile.lock",
    "node_modules", "vendor/bundle/", "vendor/cache/", "vendor/gems/", "vendor/ruby/"};

static const struct {
    const char *name, *permalink, *suffix;
} styles[] = {
    {"date", "/:categories/:year/:month/:day/:title:output_ext", ":output_ext"},
    {"pretty", "/:categories/:year/:month/:day/:title/", "/"},
    {"ordinal", "/:categories/:year/:y_day/:title:output_ext", ":output_ext"},
    {"weekdate", "/:categories/:year/W:week/:short_day/:title:output_ext", ""},
    {"none", "/:categories/:title:output_ext", ":output_ext"},
};

static enum sp_status
fail_at_node(const sp_yaml *node, const char *path, const char *text, sp_error *err)
{
    return sp_fail_at(err, SP_BAD_INPUT, path, node->line, node->column, "%s", text);
}

enum sp_status
sp_config_check_path(const sp_yaml *node, const char *name, const char *what, const char *path,
                     sp_error *err)
{
    sp_bytes text = sp_yaml_text(node);
    if (sp_is_beneath_path(text))
        return SP_OK;
    return sp_fail_at(err, SP_BAD_INPUT, path, node->line, node->column,
                      "%s must be %s inside the site (got \"%.*s\")", name, what,
                      (int)sp_utf8_cut(text, 80).len, text.data);
}

static enum sp_status
check_collections_dir(const sp_site *site, const sp_yaml *node, const char *path, sp_error *err)
{
    struct stat about;
    sp_bytes text = sp_yaml_text(node);
    enum sp_status status = sp_config_check_path(node, "collections_dir", "a folder", path, err);
    if (status != SP_OK || text.len == 0 || sp_beneath_stat(&site->folder, text.data, 0, &about) ||
        errno != EXDEV)
        return status;
    return fail_at_node(node, path,
                        "collections_dir is a symbolic link to a folder outside the site", err);
}

static bool
append(sp_arena *arena, struct sp_list *list, size_t *capacity, sp_bytes item)
{
    sp_bytes *items = sp_arena_grow(arena, list->items, capacity, list->count + 1, sizeof *items);
    if (!items)
        return false;
    list->items = items;
    items[list->count++] = item;
    return true;
}

/* Makes the pattern begin with one slash, which stands for the site's folder, as Jekyll does before
   it compares patterns and paths. */
static sp_bytes
rooted(sp_arena *arena, sp_bytes pattern)
{
    SP_AUTO(sp_str_done) sp_str str = {0};
    sp_str_append_char(&str, '/');
    while (pattern.len > 0 && pattern.data[0] == '/')
        pattern = sp_bytes_slice(pattern, 1, pattern.len);
    sp_str_append(&str, pattern);
    return sp_arena_copy_str(arena, &str);
}

static enum sp_status
read_pattern(sp_site *site, const char *key, const sp_yaml *item, sp_patterns *list,
             const char *path, sp_error *err)
{
    if (!sp_patterns_add(list, &site->arena, rooted(&site->arena, item->text)))
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    if (list->glob_count > SP_GLOBS_MAX)
        return sp_fail_at(err, SP_BAD_INPUT, path, item->line, item->column,
                          "%s has more than %d patterns with special characters", key,
                          SP_GLOBS_MAX);
    return SP_OK;
}

static enum sp_status
read_patterns(sp_site *site, const char *key, sp_patterns *list, const char *path, sp_error *err)
{
    enum sp_status status = SP_OK;
    const sp_yaml *node = sp_config_get_unhashed(site, key);
    if (sp_yaml_is_null(node))
        return SP_OK;
    if (node->kind != SP_YAML_LIST)
        return sp_fail_at(err, SP_BAD_INPUT, path, node->line, node->column, "%s must be a list",
                          key);
    for (size_t i = 0; status == SP_OK && i < node->count; i++) {
        const sp_yaml *item = node->items[i];
        if (item && item->kind == SP_YAML_SCALAR && !sp_yaml_is_null(item))
            status = read_pattern(site, key, item, list, path, err);
    }
    return status;
}

/* The names in `include` are opened, unlike those in `exclude`. */
static enum sp_status
check_included(const sp_site *site, const char *path, sp_error *err)
{
    const sp_yaml *node = sp_config_get_unhashed(site, "include");
    for (size_t i = 0; node && node->kind == SP_YAML_LIST && i < node->count; i++) {
        const sp_yaml *item = node->items[i];
        sp_bytes text = sp_yaml_text(item);
        while (text.len > 0 && text.data[0] == '/')
            text = sp_bytes_slice(text, 1, text.len);
        if (!sp_is_beneath_path(text))
            return sp_fail_at(err, SP_BAD_INPUT, path, item->line, item->column,
                              "include must name files inside the site (got \"%.*s\")",
                              (int)sp_utf8_cut(text, 80).len, text.data);
    }
    return SP_OK;
}

/* Adds the patterns to site->exclude, except those that are in `include`, too, literally. */
static enum sp_status
keep_excluded(sp_site *site, const sp_patterns *all, sp_error *err)
{
    for (size_t i = 0; i < all->count; i++) {
        if (!sp_patterns_have(&site->include, all->items[i]) &&
            !sp_patterns_add(&site->exclude, &site->arena, all->items[i]))
            return sp_fail(err, SP_NO_MEMORY, "out of memory");
    }
    return SP_OK;
}

static enum sp_status
read_include_and_exclude(sp_site *site, const char *path, sp_error *err)
{
    SP_AUTO(sp_patterns_done) sp_patterns all = {0};
    bool added = true;
    if (sp_yaml_is_null(sp_config_get_unhashed(site, "include")))
        added = sp_patterns_add(&site->include, &site->arena, SP_LITERAL("/.htaccess"));
    for (size_t i = 0; i < sizeof always_excluded / sizeof *always_excluded; i++)
        added &= sp_patterns_add(&all, &site->arena,
                                 rooted(&site->arena, sp_bytes_of(always_excluded[i])));
    if (!added)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    enum sp_status status = check_included(site, path, err);
    if (status == SP_OK)
        status = read_patterns(site, "include", &site->include, path, err);
    if (status == SP_OK)
        status = read_patterns(site, "exclude", &all, path, err);
    return status == SP_OK ? keep_excluded(site, &all, err) : status;
}

/* Of `markdown_ext`, in Jekyll as in a plain tree. */
#define DEFAULT_MARKDOWN_EXT "markdown,mkdown,mkdn,mkd,md"

/* Each is compared with each name of a file. */
#define EXTENSIONS_MAX 100

static enum sp_status
read_extensions(sp_site *site, const char *path, sp_error *err)
{
    const sp_yaml *node = sp_config_get(site, "markdown_ext");
    sp_bytes list = sp_yaml_text(node);
    if (list.len == 0)
        list = SP_LITERAL(DEFAULT_MARKDOWN_EXT);
    size_t capacity = 0;
    for (size_t at = 0; at <= list.len;) {
        size_t comma = sp_bytes_find(list, SP_LITERAL(","), at);
        size_t end = comma == SIZE_MAX ? list.len : comma;
        sp_bytes extension = sp_bytes_trim(sp_bytes_slice(list, at, end));
        if (site->extensions.count == EXTENSIONS_MAX)
            return sp_fail_at(err, SP_BAD_INPUT, path, node->line, node->column,
                              "markdown_ext has more than %d extensions", EXTENSIONS_MAX);
        if (extension.len > 0)
            append(&site->arena, &site->extensions, &capacity, extension);
        at = end + 1;
    }
    return SP_OK;
}

static sp_bytes
posts_permalink(sp_bytes permalink)
{
    for (size_t i = 0; i < sizeof styles / sizeof *styles; i++) {
        if (sp_bytes_equal(permalink, sp_bytes_of(styles[i].name)))
            return sp_bytes_of(styles[i].permalink);
    }
    return permalink;
}

static sp_bytes
page_suffix(sp_bytes permalink)
{
    for (size_t i = 0; i < sizeof styles / sizeof *styles; i++) {
        if (sp_bytes_equal(permalink, sp_bytes_of(styles[i].name)))
            return sp_bytes_of(styles[i].suffix);
    }
    if (sp_bytes_ends_with(permalink, SP_LITERAL("/")))
        return SP_LITERAL("/");
    if (sp_bytes_ends_with(permalink, SP_LITERAL(":output_ext")))
        return SP_LITERAL(":output_ext");
    return SP_LITERAL("");
}

/* Keeps only the characters that Jekyll allows in a collection's label. Slashes are not among them,
   so no label leads out of the site's folder. */
static sp_bytes
clean_label(sp_arena *arena, sp_bytes label)
{
    SP_AUTO(sp_str_done) sp_str str = {0};
    for (size_t i = 0; i < label.len; i++) {
        char c = label.data[i];
        bool letter = sp_ascii_is_alphanumeric(c);
        if (letter || c == '_' || c == '-' || c == '.')
            sp_str_append_char(&str, c);
    }
    return sp_arena_copy_str(arena, &str);
}

static sp_bytes
collection_permalink(sp_site *site, const sp_yaml *settings)
{
    sp_bytes own = sp_yaml_text(sp_yaml_get(settings, "permalink"));
    if (own.len > 0)
        return own;
    SP_AUTO(sp_str_done) sp_str str = {0};
    sp_str_append_text(&str, "/:collection/:path");
    sp_str_append(&str, site->page_suffix);
    return sp_arena_copy_str(&site->arena, &str);
}

/* The labels of the collections so far. Two names with the same label have the same folder: the
   later one replaces the earlier one. */
struct labels {
    sp_prefixes set;
    size_t capacity; /* of site->collections */
};

static void
labels_done(struct labels *labels)
{
    sp_prefixes_done(&labels->set);
}

static void
add_collection(sp_site *site, struct labels *labels, sp_bytes name, const sp_yaml *settings)
{
    sp_bytes label = clean_label(&site->arena, name);
    if (label.len == 0 || sp_bytes_equal(label, SP_LITERAL("posts")) ||
        sp_bytes_equal(label, SP_LITERAL("data")))
        return;
    struct sp_collection *all = sp_arena_grow(&site->arena, site->collections, &labels->capacity,
                                              site->collection_count + 1, sizeof *all);
    uint32_t item = (uint32_t)site->collection_count;
    if (!all || (!sp_prefixes_find(&labels->set, label, &item) &&
                 !sp_prefixes_add(&labels->set, label, item))) {
        sp_arena_fail(&site->arena);
        return;
    }
    SP_AUTO(sp_str_done) sp_str folder = {0};
    sp_str_append_char(&folder, '_');
    sp_str_append(&folder, label);
    site->collections = all;
    site->collection_count += item == site->collection_count;
    all[item] =
        (struct sp_collection){.label = label,
                               .folder = sp_arena_copy_str(&site->arena, &folder),
                               .permalink = collection_permalink(site, settings),
                               .output = sp_yaml_is_truthy(sp_yaml_get(settings, "output"))};
}

static void
read_collections(sp_site *site, sp_bytes permalink)
{
    SP_AUTO(labels_done) struct labels labels = {0};
    const sp_yaml *node = sp_config_get(site, "collections");
    const sp_yaml *posts = sp_yaml_get(node, "posts");
    sp_bytes own = sp_yaml_text(sp_yaml_get(posts, "permalink"));
    struct sp_collection *first =
        sp_arena_grow(&site->arena, NULL, &labels.capacity, 1, sizeof *first);
    if (!first)
        return;
    *first = (struct sp_collection){.label = SP_LITERAL("posts"),
                                    .folder = SP_LITERAL("_posts"),
                                    .permalink = own.len > 0 ? own : posts_permalink(permalink),
                                    .output = true};
    site->collections = first;
    site->collection_count = 1;
    for (size_t i = 0; node && node->kind != SP_YAML_SCALAR && i < node->count; i++) {
        if (node->kind == SP_YAML_MAP)
            add_collection(site, &labels, node->keys[i], node->items[i]);
        else
            add_collection(site, &labels, sp_yaml_text(node->items[i]), NULL);
    }
}

static sp_bytes
without_slashes(sp_bytes path)
{
    while (sp_bytes_starts_with(path, SP_LITERAL("./")))
        path = sp_bytes_slice(path, 2, path.len);
    while (path.len > 0 && path.data[0] == '/')
        path = sp_bytes_slice(path, 1, path.len);
    while (path.len > 0 && path.data[path.len - 1] == '/')
        path.len--;
    return path;
}

static enum sp_status
read_url(sp_site *site, const char *path, sp_error *err)
{
    const sp_yaml *node = sp_config_get(site, "url");
    sp_bytes text = sp_yaml_text(node);
    site->url = SP_LITERAL("");
    bool absent = text.len == 0 && (!node || node->kind == SP_YAML_SCALAR);
    if (absent || sp_base_url_read(text, &site->url))
        return SP_OK;
    return sp_fail_at(err, SP_BAD_INPUT, path, node->line, node->column,
                      "url must be " SP_BASE_URL_RULE " (got '%.*s')",
                      (int)(text.len < 100 ? text.len : 100), text.data);
}

static sp_bytes
read_baseurl(sp_site *site)
{
    sp_bytes bare = without_slashes(sp_yaml_text(sp_config_get(site, "baseurl")));
    return bare.len > 0 ? rooted(&site->arena, bare) : SP_LITERAL("");
}

sp_bytes
sp_lang_tag(sp_arena *arena, sp_bytes lang)
{
    SP_AUTO(sp_str_done) sp_str tag = {0};
    sp_language_append_tag(&tag, lang);
    return sp_arena_copy_str(arena, &tag);
}

static sp_bytes
read_lang(sp_site *site)
{
    sp_bytes lang = sp_lang_tag(&site->arena, sp_yaml_text(sp_config_get(site, "lang")));
    if (lang.len == 0)
        lang = sp_lang_tag(&site->arena, sp_yaml_text(sp_config_get(site, "locale")));
    return lang.len > 0 ? lang : SP_LITERAL("en");
}

static enum sp_status
read_zone(sp_site *site, sp_error *err)
{
    sp_bytes name = sp_yaml_text(sp_config_get(site, "timezone"));
    if (!site->jekyll)
        name = SP_LITERAL("UTC");
    return sp_zone_load(name.len > 0 ? name.data : NULL, &site->arena, &site->zone, err);
}

/* Texts that are used for each file. */
static enum sp_status
check_length(const sp_yaml *node, const char *name, const char *path, sp_error *err)
{
    if (sp_yaml_text(node).len <= SP_URL_MAX)
        return SP_OK;
    return sp_fail_at(err, SP_BAD_INPUT, path, node->line, node->column,
                      "%s must not exceed %d bytes", name, SP_URL_MAX);
}

static enum sp_status
check_lengths(const sp_site *site, const char *path, sp_error *err)
{
    static const char *const names[] = {"title", "url", "baseurl", "permalink"};
    const sp_yaml *all = sp_config_get_unhashed(site, "collections");
    enum sp_status status = SP_OK;
    for (size_t i = 0; status == SP_OK && i < sizeof names / sizeof *names; i++)
        status = check_length(sp_config_get_unhashed(site, names[i]), names[i], path, err);
    for (size_t i = 0; status == SP_OK && all && all->kind == SP_YAML_MAP && i < all->count; i++)
        status = check_length(sp_yaml_get(all->items[i], "permalink"), "permalink", path, err);
    return status;
}

enum sp_status
sp_config_apply(sp_site *site, const char *path, sp_error *err)
{
    if (site->config && site->config->kind != SP_YAML_MAP)
        return fail_at_node(site->config, path, "settings must be a mapping", err);
    sp_bytes permalink = sp_yaml_text(sp_config_get(site, "permalink"));
    if (permalink.len == 0)
        permalink = SP_LITERAL("date");
    site->title = sp_one_line(&site->arena, sp_yaml_text(sp_config_get_unhashed(site, "title")));
    site->baseurl = read_baseurl(site);
    site->lang = read_lang(site);
    sp_language_read(site->lang, site->primary_lang);
    site->page_suffix = page_suffix(permalink);
    const sp_yaml *collections_dir = sp_config_get(site, "collections_dir");
    site->collections_dir = without_slashes(sp_yaml_text(collections_dir));
    site->destination = without_slashes(sp_yaml_text(sp_config_get_unhashed(site, "destination")));
    site->drafts |= sp_yaml_is_truthy(sp_config_get_unhashed(site, "show_drafts"));
    site->future |= sp_yaml_is_truthy(sp_config_get_unhashed(site, "future"));
    site->unpublished |= sp_yaml_is_truthy(sp_config_get_unhashed(site, "unpublished"));
    read_collections(site, permalink);
    enum sp_status status = check_lengths(site, path, err);
    if (status == SP_OK)
        status = read_url(site, path, err);
    if (status == SP_OK)
        status = check_collections_dir(site, collections_dir, path, err);
    if (status == SP_OK)
        status = read_extensions(site, path, err);
    if (status == SP_OK)
        status = sp_defaults_read(site, path, err);
    if (status == SP_OK)
        status = read_include_and_exclude(site, path, err);
    if (status == SP_OK)
        status = sp_config_ranking(site, path, err);
    return status == SP_OK ? read_zone(site, err) : status;
}
