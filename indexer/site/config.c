// SPDX-License-Identifier: GPL-2.0-or-later
#include "site_private.h"

#include "engine/base/language.h"

#include <signpost/ascii.h>

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

static bool
list_has(const struct sp_list *list, sp_bytes item)
{
    for (size_t i = 0; i < list->count; i++) {
        if (sp_bytes_equal(list->items[i], item))
            return true;
    }
    return false;
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
read_patterns(sp_site *site, const char *key, struct sp_list *list, size_t *capacity,
              const char *path, sp_error *err)
{
    const sp_yaml *node = sp_config_get_unhashed(site, key);
    if (sp_yaml_is_null(node))
        return SP_OK;
    if (node->kind != SP_YAML_LIST)
        return sp_fail_at(err, SP_BAD_INPUT, path, node->line, node->column, "%s must be a list",
                          key);
    for (size_t i = 0; i < node->count; i++) {
        const sp_yaml *item = node->items[i];
        if (item && item->kind == SP_YAML_SCALAR && !sp_yaml_is_null(item))
            append(&site->arena, list, capacity, rooted(&site->arena, item->text));
    }
    return SP_OK;
}

/* A pattern that is in `include`, too, literally, excludes nothing. */
static enum sp_status
read_include_and_exclude(sp_site *site, const char *path, sp_error *err)
{
    struct sp_list all = {0};
    size_t include_capacity = 0, all_capacity = 0, exclude_capacity = 0;
    if (sp_yaml_is_null(sp_config_get_unhashed(site, "include")))
        append(&site->arena, &site->include, &include_capacity, SP_LITERAL("/.htaccess"));
    enum sp_status status =
        read_patterns(site, "include", &site->include, &include_capacity, path, err);
    if (status == SP_OK)
        status = read_patterns(site, "exclude", &all, &all_capacity, path, err);
    for (size_t i = 0; i < sizeof always_excluded / sizeof *always_excluded; i++)
        append(&site->arena, &all, &all_capacity,
               rooted(&site->arena, sp_bytes_of(always_excluded[i])));
    for (size_t i = 0; i < all.count; i++) {
        if (!list_has(&site->include, all.items[i]))
            append(&site->arena, &site->exclude, &exclude_capacity, all.items[i]);
    }
    return status;
}

/* Of `markdown_ext`, in Jekyll as in a plain tree. */
#define DEFAULT_MARKDOWN_EXT "markdown,mkdown,mkdn,mkd,md"

static void
read_extensions(sp_site *site)
{
    sp_bytes list = sp_yaml_text(sp_config_get(site, "markdown_ext"));
    if (list.len == 0)
        list = SP_LITERAL(DEFAULT_MARKDOWN_EXT);
    size_t capacity = 0;
    for (size_t at = 0; at <= list.len;) {
        size_t comma = sp_bytes_find(list, SP_LITERAL(","), at);
        size_t end = comma == SIZE_MAX ? list.len : comma;
        sp_bytes extension = sp_bytes_trim(sp_bytes_slice(list, at, end));
        if (extension.len > 0)
            append(&site->arena, &site->extensions, &capacity, extension);
        at = end + 1;
    }
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

static void
add_collection(sp_site *site, size_t *capacity, sp_bytes name, const sp_yaml *settings)
{
    sp_bytes label = clean_label(&site->arena, name);
    if (label.len == 0 || sp_bytes_equal(label, SP_LITERAL("posts")) ||
        sp_bytes_equal(label, SP_LITERAL("data")))
        return;
    struct sp_collection *all = sp_arena_grow(&site->arena, site->collections, capacity,
                                              site->collection_count + 1, sizeof *all);
    if (!all)
        return;
    SP_AUTO(sp_str_done) sp_str folder = {0};
    sp_str_append_char(&folder, '_');
    sp_str_append(&folder, label);
    site->collections = all;
    all[site->collection_count++] =
        (struct sp_collection){.label = label,
                               .folder = sp_arena_copy_str(&site->arena, &folder),
                               .permalink = collection_permalink(site, settings),
                               .output = sp_yaml_is_truthy(sp_yaml_get(settings, "output"))};
}

static void
read_collections(sp_site *site, sp_bytes permalink)
{
    size_t capacity = 0;
    const sp_yaml *node = sp_config_get(site, "collections");
    const sp_yaml *posts = sp_yaml_get(node, "posts");
    sp_bytes own = sp_yaml_text(sp_yaml_get(posts, "permalink"));
    struct sp_collection *first = sp_arena_grow(&site->arena, NULL, &capacity, 1, sizeof *first);
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
            add_collection(site, &capacity, node->keys[i], node->items[i]);
        else
            add_collection(site, &capacity, sp_yaml_text(node->items[i]), NULL);
    }
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

static void
read_defaults(sp_site *site)
{
    const sp_yaml *node = sp_config_get(site, "defaults");
    if (!node || node->kind != SP_YAML_LIST)
        return;
    site->defaults = sp_arena_array(&site->arena, node->count, sizeof *site->defaults);
    for (size_t i = 0; site->defaults && i < node->count; i++) {
        const sp_yaml *values = sp_yaml_get(node->items[i], "values");
        const sp_yaml *scope = sp_yaml_get(node->items[i], "scope");
        const sp_yaml *type = sp_yaml_get(scope, "type");
        sp_bytes path = sp_yaml_text(sp_yaml_get(scope, "path"));
        if (!values || values->kind != SP_YAML_MAP)
            continue;
        site->defaults[site->default_count++] = (struct sp_default){
            .path = path,
            .is_glob = path.len > 0 && memchr(path.data, '*', path.len),
            .has_type = type != NULL,
            .type = scope_type(sp_yaml_text(type)),
            .values = values,
        };
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

static sp_bytes
read_baseurl(sp_site *site)
{
    sp_bytes bare = without_slashes(sp_yaml_text(sp_config_get(site, "baseurl")));
    return bare.len > 0 ? rooted(&site->arena, bare) : SP_LITERAL("");
}

sp_bytes
sp_primary_lang(sp_arena *arena, sp_bytes lang)
{
    char primary[SP_LANGUAGE_MAX + 1];
    size_t len = sp_language_read(lang, primary);
    return len > 0 ? sp_arena_copy(arena, (sp_bytes){primary, len}) : SP_LITERAL("");
}

static sp_bytes
read_lang(sp_site *site)
{
    sp_bytes lang = sp_primary_lang(&site->arena, sp_yaml_text(sp_config_get(site, "lang")));
    if (lang.len == 0)
        lang = sp_primary_lang(&site->arena, sp_yaml_text(sp_config_get(site, "locale")));
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

enum sp_status
sp_config_apply(sp_site *site, const char *path, sp_error *err)
{
    if (site->config && site->config->kind != SP_YAML_MAP)
        return fail_at_node(site->config, path, "settings must be a mapping", err);
    sp_bytes permalink = sp_yaml_text(sp_config_get(site, "permalink"));
    if (permalink.len == 0)
        permalink = SP_LITERAL("date");
    site->title = sp_one_line(&site->arena, sp_yaml_text(sp_config_get_unhashed(site, "title")));
    site->url = sp_yaml_text(sp_config_get(site, "url"));
    while (site->url.len > 0 && site->url.data[site->url.len - 1] == '/')
        site->url.len--;
    site->baseurl = read_baseurl(site);
    site->lang = read_lang(site);
    site->page_suffix = page_suffix(permalink);
    site->collections_dir = without_slashes(sp_yaml_text(sp_config_get(site, "collections_dir")));
    site->destination = without_slashes(sp_yaml_text(sp_config_get_unhashed(site, "destination")));
    site->drafts |= sp_yaml_is_truthy(sp_config_get_unhashed(site, "show_drafts"));
    site->future |= sp_yaml_is_truthy(sp_config_get_unhashed(site, "future"));
    site->unpublished |= sp_yaml_is_truthy(sp_config_get_unhashed(site, "unpublished"));
    read_extensions(site);
    read_collections(site, permalink);
    read_defaults(site);
    enum sp_status status = read_include_and_exclude(site, path, err);
    if (status == SP_OK)
        status = sp_config_ranking(site, path, err);
    return status == SP_OK ? read_zone(site, err) : status;
}
