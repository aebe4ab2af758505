// SPDX-License-Identifier: GPL-2.0-or-later
#include "page.h"

#include "front_matter_parser.h"
#include "page_private.h"
#include "slug.h"

#include <signpost/ascii.h>

const char *
sp_site_page_verdict_text(enum sp_site_page_verdict verdict)
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
        return "not published: it is a draft";
    case SP_PAGE_HIDDEN:
        return "not indexed: excluded from search by its front matter";
    case SP_PAGE_REDIRECT:
        return "not indexed: only redirects";
    }
    return "not published";
}

static bool
has_key(const struct sp_site_page_builder *builder, const char *key)
{
    return sp_yaml_get(builder->front, key) != NULL;
}

static void
read_name(struct sp_site_page_builder *builder)
{
    builder->name = sp_without_extension(sp_bytes_after_last(builder->source->path, '/'));
    size_t len = sp_dated_name_length(builder->name);
    builder->date = sp_bytes_slice(builder->name, 0, len);
    builder->slug =
        sp_without_dots(sp_bytes_slice(builder->name, len ? len + 1 : 0, builder->name.len));
}

static void
set_time(struct sp_site_page_builder *builder, int64_t instant, sp_post *post)
{
    builder->has_time = true;
    post->time = instant;
}

/* Psych, Ruby's YAML reader, reads `2018-04-10 10:00:00` as UTC; other dates without a zone are in
   the site's time zone. */
static void
set_date(struct sp_site_page_builder *builder, const sp_date *date, bool plain, sp_post *post)
{
    int64_t local = sp_civil_seconds(&date->civil);
    if (date->has_zone)
        set_time(builder, local - date->offset, post);
    else if (plain && date->iso && date->exact)
        set_time(builder, local, post);
    else
        set_time(builder, sp_zone_instant(&builder->site->zone, local), post);
}

static enum sp_status
read_written_date(struct sp_site_page_builder *builder, const sp_yaml *node, sp_post *post)
{
    sp_date date;
    if (sp_date_parse(sp_yaml_text(node), &date)) {
        set_date(builder, &date, !node->quoted, post);
        return SP_OK;
    }
    if (!sp_site_page_builder_is_document(builder)) {
        builder->invalid_date = node;
        return SP_OK;
    }
    return sp_fail_at(builder->err, SP_BAD_INPUT, builder->path, node->line, node->column,
                      "not a date: %.*s", (int)(node->text.len < 80 ? node->text.len : 80),
                      node->text.len > 0 ? node->text.data : "");
}

static enum sp_status
read_date_of_name(struct sp_site_page_builder *builder, sp_post *post)
{
    sp_date date;
    if (sp_date_parse(builder->date, &date)) {
        set_date(builder, &date, false, post);
        return SP_OK;
    }
    if (!sp_site_page_builder_is_document(builder))
        return SP_OK;
    return sp_fail_at(builder->err, SP_BAD_INPUT, builder->path, 0, 0,
                      "the file name begins with an invalid date: %.*s", (int)builder->date.len,
                      builder->date.data);
}

static enum sp_status
read_date(struct sp_site_page_builder *builder, sp_post *post)
{
    const sp_yaml *node = sp_site_page_builder_value(builder, "date");
    enum sp_source_kind kind = builder->source->kind;
    enum sp_status status = SP_OK;
    if (!sp_yaml_is_null(node))
        status = read_written_date(builder, node, post);
    else if (builder->date.len > 0 && kind != SP_SOURCE_PAGE)
        status = read_date_of_name(builder, post);
    else if (kind == SP_SOURCE_DRAFT)
        set_time(builder, builder->source->mtime_ns / 1000000000, post);
    if (status != SP_OK || !builder->has_time)
        return status;
    int64_t local = post->time + sp_zone_offset(&builder->site->zone, post->time);
    sp_civil civil = sp_civil_of_seconds(local);
    SP_AUTO(sp_str_done) sp_str str = {0};
    sp_str_append_format(&str, "%04d-%02d-%02d", (int)civil.year, civil.month, civil.day);
    post->date = sp_arena_copy_str(builder->arena, &str);
    return SP_OK;
}

static sp_bytes
title_of_slug(struct sp_site_page_builder *builder, bool split)
{
    SP_AUTO(sp_str_done) sp_str slug = {0};
    SP_AUTO(sp_str_done) sp_str title = {0};
    sp_utf8_append_repaired(&slug, builder->slug);
    for (size_t i = 0; split && i < slug.len; i++) {
        if (slug.data[i] == '_')
            slug.data[i] = '-';
    }
    sp_slug_append_title(&title, sp_str_bytes(&slug));
    builder->arena->failed |= title.failed || slug.failed;
    return sp_one_line(builder->arena, sp_str_bytes(&title));
}

static void
read_title(struct sp_site_page_builder *builder, sp_site_page *page)
{
    const sp_yaml *title = sp_site_page_builder_value(builder, "title");
    page->title = SP_LITERAL("");
    page->fallback = title_of_slug(builder, true);
    page->titled = sp_yaml_is_truthy(title);
    if (page->titled)
        page->title = sp_one_line(builder->arena, sp_yaml_string(title));
    else if (sp_site_page_builder_is_document(builder))
        page->title = title_of_slug(builder, false);
}

static sp_bytes
read_lang(struct sp_site_page_builder *builder)
{
    sp_bytes lang =
        sp_lang_tag(builder->arena, sp_yaml_text(sp_site_page_builder_value(builder, "lang")));
    if (lang.len == 0)
        lang = sp_lang_tag(builder->arena,
                           sp_yaml_text(sp_site_page_builder_value(builder, "locale")));
    return lang.len > 0 ? lang : builder->site->lang;
}

/* For a page, Jekyll reads `published` from the front matter only, not from `defaults`. */
static bool
is_unpublished(const struct sp_site_page_builder *builder)
{
    const sp_yaml *node = builder->source->kind == SP_SOURCE_PAGE
                              ? sp_yaml_get(builder->front, "published")
                              : sp_site_page_builder_value(builder, "published");
    bool is_set = node || has_key(builder, "published");
    return is_set && !sp_yaml_is_truthy(node) && !builder->site->unpublished;
}

static bool
is_hidden(const struct sp_site_page_builder *builder)
{
    return sp_yaml_is_false(sp_site_page_builder_value(builder, "search")) ||
           sp_yaml_is_true(sp_site_page_builder_value(builder, "search_exclude")) ||
           sp_yaml_is_true(sp_site_page_builder_value(builder, "exclude_from_search"));
}

/* The verdict without regard to the date, which is read later. */
static enum sp_site_page_verdict
verdict_of(const struct sp_site_page_builder *builder, const sp_front_matter *found)
{
    enum sp_source_kind kind = builder->source->kind;
    bool needs_front = kind == SP_SOURCE_PAGE || kind == SP_SOURCE_DOCUMENT;
    if (needs_front && (!found->opened || found->has_mark))
        return SP_PAGE_NO_FRONT_MATTER;
    if (is_unpublished(builder))
        return SP_PAGE_UNPUBLISHED;
    if (kind == SP_SOURCE_PLAIN &&
        sp_yaml_is_false(sp_site_page_builder_value(builder, "permalink")))
        return SP_PAGE_UNPUBLISHED;
    if (kind == SP_SOURCE_PLAIN && sp_yaml_is_true(sp_site_page_builder_value(builder, "draft")) &&
        !builder->site->drafts)
        return SP_PAGE_DRAFT;
    if (sp_yaml_is_truthy(sp_site_page_builder_value(builder, "redirect_to")))
        return SP_PAGE_REDIRECT;
    return is_hidden(builder) ? SP_PAGE_HIDDEN : SP_PAGE_PUBLISHED;
}

static bool
is_in_the_future(const struct sp_site_page_builder *builder, const sp_post *post)
{
    return builder->source->kind != SP_SOURCE_PAGE && builder->has_time && !builder->site->future &&
           post->time > builder->site->now;
}

/* Sets the URLs of a hidden page or a redirect, because posts may link to them. Errors are
   ignored. */
static void
fill_hidden_urls(const struct sp_site_page_builder *builder, sp_site_page *page, sp_post *post)
{
    sp_error ignored;
    struct sp_site_page_builder own = *builder;
    own.err = &ignored;
    if (read_date(&own, post) != SP_OK)
        return;
    sp_site_page_builder_terms(&own, post);
    if (sp_site_page_builder_url(&own, post) == SP_OK)
        page->urls = sp_site_page_builder_urls(&own, post);
}

static enum sp_status
fill(struct sp_site_page_builder *builder, sp_site_page *page, sp_post *post)
{
    SP_AUTO(sp_str_done) sp_str path = {0};
    sp_utf8_append_repaired(&path, builder->source->path);
    post->path = sp_arena_copy_str(builder->arena, &path);
    post->date = SP_LITERAL("");
    post->time = 0;
    enum sp_status status = read_date(builder, post);
    if (status != SP_OK)
        return status;
    if (is_in_the_future(builder, post)) {
        page->verdict = SP_PAGE_FUTURE;
        return SP_OK;
    }
    post->lang = read_lang(builder);
    read_title(builder, page);
    sp_site_page_builder_terms(builder, post);
    page->invalid_date = builder->invalid_date;
    status = sp_site_page_builder_url(builder, post);
    if (status == SP_OK)
        page->urls = sp_site_page_builder_urls(builder, post);
    return status;
}

enum sp_status
sp_site_page_read(const sp_site *site, const sp_source *source, sp_bytes content, sp_arena *arena,
                  sp_site_page *page, sp_post *post, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str path = {0};
    sp_str_append(&path, source->path);
    struct sp_site_page_builder builder = {.site = site,
                                           .source = source,
                                           .arena = arena,
                                           .path = path.data ? path.data : "",
                                           .defaults = sp_defaults_of(site, source, arena),
                                           .document = sp_document_path(site, source),
                                           .err = err};
    sp_front_matter found = sp_front_matter_find(content);
    *page =
        (sp_site_page){.body = found.body, .first_line = found.first_line, .urls = SP_LITERAL("")};
    enum sp_status status = sp_str_check(&path, err);
    if (status == SP_OK && builder.defaults.is_costly)
        status = sp_fail_at(err, SP_BAD_INPUT, builder.path, 0, 0,
                            "comparing the path with the globs of `defaults` takes too long");
    if (status == SP_OK)
        status = sp_front_matter_read(&found, builder.path, arena, &builder.front, err);
    if (status != SP_OK)
        return status;
    read_name(&builder);
    page->verdict = verdict_of(&builder, &found);
    if (page->verdict == SP_PAGE_PUBLISHED)
        status = fill(&builder, page, post);
    else if (page->verdict == SP_PAGE_HIDDEN || page->verdict == SP_PAGE_REDIRECT)
        fill_hidden_urls(&builder, page, post);
    return status == SP_OK ? sp_arena_check(arena, err) : status;
}
