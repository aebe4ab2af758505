// SPDX-License-Identifier: GPL-2.0-or-later
#include "page.h"

#include "front_matter.h"
#include "page_private.h"
#include "slug.h"

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
has_key(const struct sp_reading *reading, const char *key)
{
    return sp_yaml_get(reading->front, key) != NULL;
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

static void
read_name(struct sp_reading *reading)
{
    reading->name = sp_without_extension(sp_bytes_after_last(reading->source->path, '/'));
    size_t len = date_length(reading->name);
    reading->date = sp_bytes_slice(reading->name, 0, len);
    reading->slug =
        sp_without_dots(sp_bytes_slice(reading->name, len ? len + 1 : 0, reading->name.len));
}

static void
set_instant(struct sp_reading *reading, int64_t instant, sp_post *post)
{
    reading->has_time = true;
    post->time = instant;
}

/* Psych takes `2018-04-10 10:00:00` for a time in Greenwich; everything else without a zone hangs
   on the site's wall. */
static void
set_date(struct sp_reading *reading, const sp_date *date, bool plain, sp_post *post)
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
read_written_date(struct sp_reading *reading, const sp_yaml *node, sp_post *post)
{
    sp_date date;
    if (sp_date_parse(sp_yaml_text(node), &date)) {
        set_date(reading, &date, !node->quoted, post);
        return SP_OK;
    }
    if (!sp_reading_is_document(reading)) {
        reading->odd_date = node;
        return SP_OK;
    }
    return sp_fail_at(reading->err, SP_BAD_INPUT, reading->path, node->line, node->column,
                      "not a date: %.*s", (int)(node->text.len < 80 ? node->text.len : 80),
                      node->text.len > 0 ? node->text.data : "");
}

static enum sp_status
read_date_of_name(struct sp_reading *reading, sp_post *post)
{
    sp_date date;
    if (sp_date_parse(reading->date, &date)) {
        set_date(reading, &date, false, post);
        return SP_OK;
    }
    if (!sp_reading_is_document(reading))
        return SP_OK;
    return sp_fail_at(reading->err, SP_BAD_INPUT, reading->path, 0, 0,
                      "the file's name begins with a date that does not exist");
}

static enum sp_status
read_date(struct sp_reading *reading, sp_post *post)
{
    const sp_yaml *node = sp_reading_value(reading, "date");
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

static sp_bytes
title_of_slug(struct sp_reading *reading, bool split)
{
    SP_AUTO(sp_str_done) sp_str slug = {0};
    SP_AUTO(sp_str_done) sp_str title = {0};
    sp_utf8_append_repaired(&slug, reading->slug);
    for (size_t i = 0; split && i < slug.len; i++) {
        if (slug.data[i] == '_')
            slug.data[i] = '-';
    }
    sp_slug_append_title(&title, sp_str_bytes(&slug));
    reading->arena->failed |= title.failed || slug.failed;
    return sp_one_line(reading->arena, sp_str_bytes(&title));
}

static void
read_title(struct sp_reading *reading, sp_page *page)
{
    const sp_yaml *title = sp_reading_value(reading, "title");
    page->title = SP_LITERAL("");
    page->fallback = title_of_slug(reading, true);
    page->titled = sp_yaml_is_truthy(title);
    if (page->titled)
        page->title = sp_one_line(reading->arena, sp_yaml_string(title));
    else if (sp_reading_is_document(reading))
        page->title = title_of_slug(reading, false);
}

static sp_bytes
read_lang(struct sp_reading *reading)
{
    sp_bytes lang =
        sp_primary_lang(reading->arena, sp_yaml_text(sp_reading_value(reading, "lang")));
    if (lang.len == 0)
        lang = sp_primary_lang(reading->arena, sp_yaml_text(sp_reading_value(reading, "locale")));
    return lang.len > 0 ? lang : reading->site->lang;
}

/* Jekyll reads `published` of a page from its front matter only. */
static bool
is_unpublished(const struct sp_reading *reading)
{
    const sp_yaml *node = reading->source->kind == SP_SOURCE_PAGE
                              ? sp_yaml_get(reading->front, "published")
                              : sp_reading_value(reading, "published");
    bool said = node || has_key(reading, "published");
    return said && !sp_yaml_is_truthy(node) && !reading->site->unpublished;
}

static bool
is_hidden(const struct sp_reading *reading)
{
    return sp_yaml_is_false(sp_reading_value(reading, "search")) ||
           sp_yaml_is_true(sp_reading_value(reading, "search_exclude")) ||
           sp_yaml_is_true(sp_reading_value(reading, "exclude_from_search"));
}

/* All of the verdict but what the date decides. */
static enum sp_page_verdict
judge(const struct sp_reading *reading, const sp_front_matter *found)
{
    enum sp_source_kind kind = reading->source->kind;
    bool needs_front = kind == SP_SOURCE_PAGE || kind == SP_SOURCE_DOCUMENT;
    if (needs_front && (!found->opened || found->has_mark))
        return SP_PAGE_NO_FRONT_MATTER;
    if (is_unpublished(reading))
        return SP_PAGE_UNPUBLISHED;
    if (kind == SP_SOURCE_PLAIN && sp_yaml_is_false(sp_reading_value(reading, "permalink")))
        return SP_PAGE_UNPUBLISHED;
    if (kind == SP_SOURCE_PLAIN && sp_yaml_is_true(sp_reading_value(reading, "draft")) &&
        !reading->site->drafts)
        return SP_PAGE_DRAFT;
    if (sp_yaml_is_truthy(sp_reading_value(reading, "redirect_to")))
        return SP_PAGE_REDIRECT;
    return is_hidden(reading) ? SP_PAGE_HIDDEN : SP_PAGE_PUBLISHED;
}

static bool
is_in_the_future(const struct sp_reading *reading, const sp_post *post)
{
    return reading->source->kind != SP_SOURCE_PAGE && reading->has_time && !reading->site->future &&
           post->time > reading->site->now;
}

/* Others may link to what is hidden, so it has a URL, if one can be made. */
static void
locate_hidden(const struct sp_reading *reading, sp_page *page, sp_post *post)
{
    sp_error ignored;
    struct sp_reading own = *reading;
    own.err = &ignored;
    if (read_date(&own, post) != SP_OK)
        return;
    sp_reading_terms(&own, post);
    if (sp_reading_url(&own, post) == SP_OK)
        page->urls = sp_reading_urls(&own, post);
}

static enum sp_status
fill(struct sp_reading *reading, sp_page *page, sp_post *post)
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
    sp_reading_terms(reading, post);
    page->odd_date = reading->odd_date;
    status = sp_reading_url(reading, post);
    if (status == SP_OK)
        page->urls = sp_reading_urls(reading, post);
    return status;
}

enum sp_status
sp_page_read(const sp_site *site, const sp_source *source, sp_bytes content, sp_arena *arena,
             sp_page *page, sp_post *post, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str path = {0};
    sp_str_append(&path, source->path);
    struct sp_reading reading = {.site = site,
                                 .source = source,
                                 .arena = arena,
                                 .path = path.data ? path.data : "",
                                 .document = sp_document_path(site, source),
                                 .err = err};
    sp_front_matter found = sp_front_matter_find(content);
    *page = (sp_page){.body = found.body, .first_line = found.first_line, .urls = SP_LITERAL("")};
    enum sp_status status = sp_str_check(&path, err);
    if (status == SP_OK)
        status = sp_front_matter_read(&found, reading.path, arena, &reading.front, err);
    if (status != SP_OK)
        return status;
    read_name(&reading);
    page->verdict = judge(&reading, &found);
    if (page->verdict == SP_PAGE_PUBLISHED)
        status = fill(&reading, page, post);
    else if (page->verdict == SP_PAGE_HIDDEN || page->verdict == SP_PAGE_REDIRECT)
        locate_hidden(&reading, page, post);
    return status == SP_OK ? sp_arena_check(arena, err) : status;
}
