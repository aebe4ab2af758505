#include "page.h"

#include "front_matter.h"
#include "permalink.h"
#include "site_private.h"
#include "slug.h"

#define MOST_TERMS 256 /* categories or tags of one post */
#define LIST_DEPTH 8

/* A file on its way to its page. */
struct reading {
    const sp_site *site;
    const sp_source *source;
    const sp_yaml *front; /* NULL when it has none */
    sp_arena *arena;
    const char *path;  /* for messages */
    sp_bytes document; /* path without collections_dir */
    sp_bytes name;     /* the file's, without its extension */
    sp_bytes date;     /* that the name begins with, or "" */
    sp_bytes slug;     /* the rest of the name, without dots at its end */
    bool has_time;
    sp_error *err;
};

const char *
sp_page_verdict_text(enum sp_page_verdict verdict)
{
    switch (verdict) {
    case SP_PAGE_PUBLISHED:
        return "published";
    case SP_PAGE_NO_FRONT_MATTER:
        return "not published: no front matter";
    case SP_PAGE_UNPUBLISHED:
        return "not published: published is false";
    case SP_PAGE_FUTURE:
        return "not published: its date is in the future";
    case SP_PAGE_DRAFT:
        return "not published: a draft";
    case SP_PAGE_HIDDEN:
        return "not indexed: its front matter asks for that";
    case SP_PAGE_REDIRECT:
        return "not indexed: it only redirects";
    }
    return "not published";
}

static bool
is_document(const struct reading *reading)
{
    enum sp_source_kind kind = reading->source->kind;
    return kind == SP_SOURCE_POST || kind == SP_SOURCE_DRAFT || kind == SP_SOURCE_DOCUMENT;
}

static bool
has_key(const struct reading *reading, const char *key)
{
    return sp_yaml_get(reading->front, key) != NULL;
}

/* What the front matter says, or `defaults`. In a document nothing (`tags:`) gives way to them, in
   a page it stands. */
static const sp_yaml *
value_of(const struct reading *reading, const char *key)
{
    const sp_yaml *own = sp_yaml_get(reading->front, key);
    bool stands = is_document(reading) ? !sp_yaml_is_null(own) : own != NULL;
    if (stands || reading->source->kind == SP_SOURCE_PLAIN)
        return own;
    const sp_yaml *found = sp_defaults_find(reading->site, reading->source, key);
    return found ? found : own;
}

/* On one line, without white space at the ends. */
static sp_bytes
on_one_line(sp_arena *arena, sp_bytes text)
{
    SP_AUTO(sp_str_done) sp_str str = {0};
    text = sp_bytes_trim(text);
    for (size_t i = 0; i < text.len; i++) {
        bool blank = text.data[i] == ' ' || (text.data[i] >= '\t' && text.data[i] <= '\r');
        if (!blank)
            sp_str_append_char(&str, text.data[i]);
        else if (str.len > 0 && str.data[str.len - 1] != ' ')
            sp_str_append_char(&str, ' ');
    }
    return sp_arena_copy_str(arena, &str);
}

static size_t
count_digits(sp_bytes text, size_t at, size_t most)
{
    size_t count = 0;
    while (count < most && at + count < text.len && text.data[at + count] >= '0' &&
           text.data[at + count] <= '9')
        count++;
    return count;
}

/* Length of the date that a name begins with, its hyphen behind it; or 0. */
static size_t
date_length(sp_bytes name)
{
    static const size_t least[] = {2, 1, 1}, most[] = {4, 2, 2};
    size_t at = 0;
    for (size_t i = 0; i < 3; i++) {
        size_t digits = count_digits(name, at, most[i]);
        at += digits;
        if (digits < least[i] || at >= name.len || name.data[at] != '-')
            return 0;
        at++;
    }
    return at - 1;
}

static sp_bytes
without_dots(sp_bytes text)
{
    while (text.len > 0 && text.data[text.len - 1] == '.')
        text.len--;
    return text;
}

static sp_bytes
last_name(sp_bytes path)
{
    size_t at = path.len;
    while (at > 0 && path.data[at - 1] != '/')
        at--;
    return sp_bytes_slice(path, at, path.len);
}

static sp_bytes
without_extension(sp_bytes name)
{
    for (size_t dot = name.len; dot-- > 0 && name.data[dot] != '/';) {
        if (name.data[dot] == '.')
            return sp_bytes_slice(name, 0, dot);
    }
    return name;
}

static void
read_name(struct reading *reading)
{
    reading->name = without_extension(last_name(reading->source->path));
    size_t len = date_length(reading->name);
    reading->date = sp_bytes_slice(reading->name, 0, len);
    reading->slug =
        without_dots(sp_bytes_slice(reading->name, len ? len + 1 : 0, reading->name.len));
}

/* --- dates --- */

static void
set_instant(struct reading *reading, int64_t instant, sp_post *post)
{
    reading->has_time = true;
    post->time = instant;
}

/* Psych takes `2018-04-10 10:00:00` for a time in Greenwich; everything else without a zone hangs
   on the site's wall. */
static void
set_date(struct reading *reading, const sp_date *date, bool plain, sp_post *post)
{
    int64_t local = sp_civil_seconds(&date->civil);
    if (date->has_zone)
        set_instant(reading, local - date->offset, post);
    else if (plain && date->iso && date->exact)
        set_instant(reading, local, post);
    else
        set_instant(reading, sp_zone_instant(&reading->site->zone, local), post);
}

static enum sp_status
read_written_date(struct reading *reading, const sp_yaml *node, sp_post *post)
{
    sp_date date;
    if (sp_date_parse(sp_yaml_text(node), &date)) {
        set_date(reading, &date, !node->quoted, post);
        return SP_OK;
    }
    if (!is_document(reading))
        return SP_OK;
    return sp_fail_at(reading->err, SP_BAD_INPUT, reading->path, node->line, node->column,
                      "not a date: %.*s", (int)(node->text.len < 80 ? node->text.len : 80),
                      node->text.len > 0 ? node->text.data : "");
}

static enum sp_status
read_date_of_name(struct reading *reading, sp_post *post)
{
    sp_date date;
    if (sp_date_parse(reading->date, &date)) {
        set_date(reading, &date, false, post);
        return SP_OK;
    }
    if (!is_document(reading))
        return SP_OK;
    return sp_fail_at(reading->err, SP_BAD_INPUT, reading->path, 0, 0,
                      "the file's name begins with a date that does not exist");
}

static enum sp_status
read_date(struct reading *reading, sp_post *post)
{
    const sp_yaml *node = value_of(reading, "date");
    enum sp_source_kind kind = reading->source->kind;
    enum sp_status status = SP_OK;
    if (!sp_yaml_is_null(node))
        status = read_written_date(reading, node, post);
    else if (reading->date.len > 0 && kind != SP_SOURCE_PAGE)
        status = read_date_of_name(reading, post);
    else if (kind == SP_SOURCE_DRAFT)
        set_instant(reading, reading->source->mtime_ns / 1000000000, post);
    if (status != SP_OK || !reading->has_time)
        return status;
    int64_t local = post->time + sp_zone_offset(&reading->site->zone, post->time);
    sp_civil civil = sp_civil_of_seconds(local);
    SP_AUTO(sp_str_done) sp_str str = {0};
    sp_str_append_format(&str, "%04d-%02d-%02d", (int)civil.year, civil.month, civil.day);
    post->date = sp_arena_copy_str(reading->arena, &str);
    return SP_OK;
}

/* --- categories and tags --- */

struct terms {
    sp_bytes *items;
    size_t count;
};

static void
add_term(struct reading *reading, struct terms *terms, sp_bytes term)
{
    term = on_one_line(reading->arena, term);
    if (!terms->items)
        terms->items = sp_arena_array(reading->arena, MOST_TERMS, sizeof *terms->items);
    if (!terms->items || term.len == 0 || terms->count == MOST_TERMS)
        return;
    for (size_t i = 0; i < terms->count; i++) {
        if (sp_bytes_equal(terms->items[i], term))
            return;
    }
    terms->items[terms->count++] = term;
}

static void
add_words(struct reading *reading, struct terms *terms, sp_bytes text)
{
    for (size_t at = 0, end; at < text.len; at = end + 1) {
        end = at;
        while (end < text.len && text.data[end] != ' ' &&
               !(text.data[end] >= '\t' && text.data[end] <= '\r'))
            end++;
        if (end > at)
            add_term(reading, terms, sp_bytes_slice(text, at, end));
    }
}

/* A list's items, of lists in it too; a scalar as one. */
static void
add_items(struct reading *reading, struct terms *terms, const sp_yaml *node, unsigned depth)
{
    if (sp_yaml_is_null(node) || node->kind == SP_YAML_MAP || depth > LIST_DEPTH)
        return;
    if (node->kind == SP_YAML_SCALAR) {
        add_term(reading, terms, sp_yaml_string(node));
        return;
    }
    for (size_t i = 0; i < node->count && terms->count < MOST_TERMS; i++)
        add_items(reading, terms, node->items[i], depth + 1);
}

/* `tags`: a scalar is words; a list is items. */
static void
add_plural(struct reading *reading, struct terms *terms, const sp_yaml *node)
{
    if (node && node->kind == SP_YAML_SCALAR)
        add_words(reading, terms, sp_yaml_text(node));
    else
        add_items(reading, terms, node, 0);
}

/* The folders above _posts or _drafts; not those below. */
static void
add_folders(struct reading *reading, struct terms *terms)
{
    sp_bytes special =
        reading->source->kind == SP_SOURCE_DRAFT ? SP_LITERAL("_drafts") : SP_LITERAL("_posts");
    size_t end = sp_bytes_find(reading->document, special, 0);
    if (reading->source->kind == SP_SOURCE_DOCUMENT || end == SIZE_MAX || end == 0)
        return;
    for (size_t at = 0, slash; at < end; at = slash + 1) {
        slash = sp_bytes_find(reading->document, SP_LITERAL("/"), at);
        if (slash > at && slash < end)
            add_term(reading, terms, sp_bytes_slice(reading->document, at, slash));
    }
}

static void
read_terms(struct reading *reading, sp_post *post)
{
    struct terms categories = {0}, tags = {0};
    const sp_yaml *tag = value_of(reading, "tag");
    if (is_document(reading)) {
        add_folders(reading, &categories);
        add_plural(reading, &categories,
                   sp_defaults_find(reading->site, reading->source, "categories"));
    }
    add_plural(reading, &categories, value_of(reading, "categories"));
    add_items(reading, &categories, value_of(reading, "category"), 0);
    if (sp_yaml_is_truthy(tag))
        add_items(reading, &tags, tag, 0);
    else
        add_plural(reading, &tags, value_of(reading, "tags"));
    post->categories = categories.items;
    post->category_count = categories.count;
    post->tags = tags.items;
    post->tag_count = tags.count;
}

/* --- URL --- */

/* `:path`: without extension, and without the collection's folder. */
static void
append_document_path(const struct reading *reading, sp_bytes folder, sp_str *out)
{
    sp_bytes path = without_extension(reading->document);
    size_t at = sp_bytes_find(path, folder, 0);
    if (at != SIZE_MAX) {
        sp_str_append(out, sp_bytes_slice(path, 0, at));
        path = sp_bytes_slice(path, at + folder.len, path.len);
    }
    sp_str_append(out, without_dots(path));
}

static enum sp_status
append_document_url(struct reading *reading, const sp_post *post, sp_str *out)
{
    const sp_site *site = reading->site;
    const sp_source *source = reading->source;
    const struct sp_collection *collection =
        &site->collections[source->kind == SP_SOURCE_DOCUMENT ? source->collection : SP_POSTS];
    SP_AUTO(sp_str_done) sp_str path = {0};
    append_document_path(reading, collection->folder, &path);
    const sp_yaml *slug = value_of(reading, "slug"), *own = value_of(reading, "permalink");
    int64_t instant = reading->has_time ? post->time : site->now;
    sp_permalink_facts facts = {
        .collection = collection->label,
        .path = sp_str_bytes(&path),
        .name = reading->name,
        .slug = sp_yaml_is_truthy(slug) ? sp_yaml_text(slug) : reading->slug,
        .categories = post->categories,
        .category_count = post->category_count,
        .date = sp_civil_of_seconds(instant + sp_zone_offset(&site->zone, instant)),
    };
    sp_bytes template = sp_yaml_text(own), unknown;
    if (template.len == 0)
        template = collection->permalink;
    if (sp_permalink_expand(template, &facts, out, &unknown))
        return SP_OK;
    return sp_fail_at(reading->err, SP_BAD_INPUT, reading->path, own ? own->line : 0,
                      own ? own->column : 0, "the permalink's :%.*s stands for nothing",
                      (int)(unknown.len < 80 ? unknown.len : 80), unknown.data);
}

static sp_bytes
folder_of(sp_bytes path)
{
    size_t end = path.len - last_name(path).len;
    return sp_bytes_slice(path, 0, end > 0 ? end - 1 : 0);
}

static void
append_page_url(const struct reading *reading, sp_str *out)
{
    sp_bytes basename = without_dots(reading->name);
    SP_AUTO(sp_str_done) sp_str template = {0};
    sp_bytes own = sp_yaml_text(value_of(reading, "permalink"));
    sp_str_append(&template, own);
    if (own.len == 0 && sp_bytes_equal(basename, SP_LITERAL("index"))) {
        sp_str_append_text(&template, "/:path/");
    } else if (own.len == 0) {
        sp_str_append_text(&template, "/:path/:basename");
        sp_str_append(&template, reading->site->page_suffix);
    }
    out->failed |= template.failed;
    sp_permalink_expand_page(sp_str_bytes(&template), folder_of(reading->source->path), basename,
                             out);
}

static bool
stands_for_folder(const struct reading *reading)
{
    if (sp_bytes_equal_ascii_case(reading->name, SP_LITERAL("readme")))
        return !reading->source->shadowed;
    return sp_bytes_equal_ascii_case(reading->name, SP_LITERAL("index")) ||
           sp_bytes_equal_ascii_case(reading->name, SP_LITERAL("_index"));
}

/* What follows the host, if the URL has one. */
static sp_bytes
without_host(sp_bytes url)
{
    size_t host = sp_bytes_find(url, SP_LITERAL("://"), 0);
    if (host == SIZE_MAX)
        return url;
    size_t slash = sp_bytes_find(url, SP_LITERAL("/"), host + 3);
    return slash == SIZE_MAX ? SP_LITERAL("/") : sp_bytes_slice(url, slash, url.len);
}

static void
append_plain_url(const struct reading *reading, sp_str *out)
{
    sp_bytes own = sp_yaml_text(value_of(reading, "permalink"));
    if (own.len == 0)
        own = sp_yaml_text(value_of(reading, "url"));
    if (own.len > 0) {
        sp_str_append(out, without_host(own));
        return;
    }
    sp_bytes slug = sp_yaml_text(value_of(reading, "slug"));
    if (slug.len == 0 && !stands_for_folder(reading))
        slug = reading->name;
    sp_permalink_expand_page(SP_LITERAL("/:path/:basename/"), folder_of(reading->source->path),
                             slug, out);
}

static enum sp_status
read_url(struct reading *reading, sp_post *post)
{
    SP_AUTO(sp_str_done) sp_str raw = {0};
    SP_AUTO(sp_str_done) sp_str url = {0};
    enum sp_status status = SP_OK;
    if (is_document(reading))
        status = append_document_url(reading, post, &raw);
    else if (reading->source->kind == SP_SOURCE_PAGE)
        append_page_url(reading, &raw);
    else
        append_plain_url(reading, &raw);
    if (status != SP_OK)
        return status;
    if (reading->site->baseurl.len > 0)
        sp_permalink_append_clean(&url, reading->site->baseurl);
    sp_permalink_append_clean(&url, sp_str_bytes(&raw));
    url.failed |= raw.failed;
    post->url = sp_arena_copy_str(reading->arena, &url);
    return sp_str_check(&url, reading->err);
}

/* --- title and language --- */

static sp_bytes
title_of_slug(struct reading *reading, bool split)
{
    SP_AUTO(sp_str_done) sp_str slug = {0};
    SP_AUTO(sp_str_done) sp_str title = {0};
    sp_utf8_append_repaired(&slug, reading->slug);
    for (size_t i = 0; split && i < slug.len; i++) {
        if (slug.data[i] == '_')
            slug.data[i] = '-';
    }
    sp_slug_append_title(&title, sp_str_bytes(&slug));
    title.failed |= slug.failed;
    return on_one_line(reading->arena, sp_str_bytes(&title));
}

static void
read_title(struct reading *reading, sp_page *page)
{
    const sp_yaml *title = value_of(reading, "title");
    page->title = SP_LITERAL("");
    page->fallback = title_of_slug(reading, true);
    if (sp_yaml_is_truthy(title))
        page->title = on_one_line(reading->arena, sp_yaml_string(title));
    else if (is_document(reading))
        page->title = title_of_slug(reading, false);
}

static sp_bytes
read_lang(struct reading *reading)
{
    sp_bytes lang = sp_primary_lang(reading->arena, sp_yaml_text(value_of(reading, "lang")));
    if (lang.len == 0)
        lang = sp_primary_lang(reading->arena, sp_yaml_text(value_of(reading, "locale")));
    return lang.len > 0 ? lang : reading->site->lang;
}

/* --- whether it is published --- */

/* Jekyll reads `published` of a page from its front matter only. */
static bool
is_unpublished(const struct reading *reading)
{
    const sp_yaml *node = reading->source->kind == SP_SOURCE_PAGE
                              ? sp_yaml_get(reading->front, "published")
                              : value_of(reading, "published");
    bool said = node || has_key(reading, "published");
    return said && !sp_yaml_is_truthy(node) && !reading->site->unpublished;
}

static bool
is_hidden(const struct reading *reading)
{
    return sp_yaml_is_false(value_of(reading, "search")) ||
           sp_yaml_is_true(value_of(reading, "search_exclude")) ||
           sp_yaml_is_true(value_of(reading, "exclude_from_search"));
}

/* All of the verdict but what the date decides. */
static enum sp_page_verdict
judge(const struct reading *reading, const sp_front_matter *found)
{
    enum sp_source_kind kind = reading->source->kind;
    bool needs_front = kind == SP_SOURCE_PAGE || kind == SP_SOURCE_DOCUMENT;
    if (needs_front && (!found->opened || found->has_mark))
        return SP_PAGE_NO_FRONT_MATTER;
    if (is_unpublished(reading))
        return SP_PAGE_UNPUBLISHED;
    if (kind == SP_SOURCE_PLAIN && sp_yaml_is_true(value_of(reading, "draft")) &&
        !reading->site->drafts)
        return SP_PAGE_DRAFT;
    if (sp_yaml_is_truthy(value_of(reading, "redirect_to")))
        return SP_PAGE_REDIRECT;
    return is_hidden(reading) ? SP_PAGE_HIDDEN : SP_PAGE_PUBLISHED;
}

static bool
is_in_the_future(const struct reading *reading, const sp_post *post)
{
    return reading->source->kind != SP_SOURCE_PAGE && reading->has_time && !reading->site->future &&
           post->time > reading->site->now;
}

static enum sp_status
fill(struct reading *reading, sp_page *page, sp_post *post)
{
    SP_AUTO(sp_str_done) sp_str path = {0};
    sp_utf8_append_repaired(&path, reading->source->path);
    post->path = sp_arena_copy_str(reading->arena, &path);
    post->date = SP_LITERAL("");
    post->time = 0;
    enum sp_status status = read_date(reading, post);
    if (status != SP_OK)
        return status;
    if (is_in_the_future(reading, post)) {
        page->verdict = SP_PAGE_FUTURE;
        return SP_OK;
    }
    post->lang = read_lang(reading);
    read_title(reading, page);
    read_terms(reading, post);
    return read_url(reading, post);
}

enum sp_status
sp_page_read(const sp_site *site, const sp_source *source, sp_bytes content, sp_arena *arena,
             sp_page *page, sp_post *post, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str path = {0};
    sp_str_append(&path, source->path);
    struct reading reading = {.site = site,
                              .source = source,
                              .arena = arena,
                              .path = path.data ? path.data : "",
                              .document = sp_document_path(site, source),
                              .err = err};
    sp_front_matter found = sp_front_matter_find(content);
    *page = (sp_page){.body = found.body, .first_line = found.first_line};
    enum sp_status status = sp_str_check(&path, err);
    if (status == SP_OK)
        status = sp_front_matter_read(&found, reading.path, arena, &reading.front, err);
    if (status != SP_OK)
        return status;
    read_name(&reading);
    page->verdict = judge(&reading, &found);
    if (page->verdict == SP_PAGE_PUBLISHED)
        status = fill(&reading, page, post);
    return status == SP_OK ? sp_arena_check(arena, err) : status;
}
