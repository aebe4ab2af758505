// SPDX-License-Identifier: GPL-2.0-or-later
/* The URL of a file, by the rules of its kind: document, page, or file of a plain tree. */
#include "page_private.h"

#include "permalink.h"

#include <signpost/url.h>

/* Appends the value of `:path`: the document's path without extension and without the collection's
   folder. */
static void
append_document_path(const struct sp_site_page_builder *builder, sp_bytes folder, sp_str *out)
{
    sp_bytes path = sp_without_extension(builder->document);
    size_t at = sp_bytes_find(path, folder, 0);
    if (at != SIZE_MAX) {
        sp_str_append(out, sp_bytes_slice(path, 0, at));
        path = sp_bytes_slice(path, at + folder.len, path.len);
    }
    sp_str_append(out, sp_without_dots(path));
}

/* own: the front matter's permalink, or NULL. */
static enum sp_status
fail_of_length(const struct sp_site_page_builder *builder, const sp_yaml *own)
{
    return sp_fail_at(builder->err, SP_BAD_INPUT, builder->path, own ? own->line : 0,
                      own ? own->column : 0, "the URL must not exceed %d bytes and %d placeholders",
                      SP_URL_MAX, SP_PLACEHOLDERS_MAX);
}

static enum sp_status
append_document_url(struct sp_site_page_builder *builder, const sp_post *post, sp_str *out)
{
    const sp_site *site = builder->site;
    const sp_source *source = builder->source;
    const struct sp_collection *collection =
        &site->collections[source->kind == SP_SOURCE_DOCUMENT ? source->collection : SP_POSTS];
    SP_AUTO(sp_str_done) sp_str path = {0};
    append_document_path(builder, collection->folder, &path);
    out->failed |= path.failed;
    const sp_yaml *slug = sp_site_page_builder_value(builder, "slug"),
                  *own = sp_site_page_builder_value(builder, "permalink");
    int64_t instant = builder->has_time ? post->time : site->now;
    sp_permalink_facts facts = {
        .collection = collection->label,
        .path = sp_str_bytes(&path),
        .name = builder->name,
        .slug = sp_yaml_is_truthy(slug) ? sp_yaml_text(slug) : builder->slug,
        .categories = post->categories,
        .category_count = post->category_count,
        .date = sp_civil_of_seconds(instant + sp_zone_offset(&site->zone, instant)),
    };
    sp_bytes template = sp_yaml_text(own), unknown;
    if (template.len == 0)
        template = collection->permalink;
    if (sp_permalink_expand(template, &facts, out, &unknown))
        return SP_OK;
    if (unknown.len == 0)
        return fail_of_length(builder, own);
    return sp_fail_at(builder->err, SP_BAD_INPUT, builder->path, own ? own->line : 0,
                      own ? own->column : 0, "unknown placeholder in permalink: :%.*s",
                      (int)(unknown.len < 80 ? unknown.len : 80), unknown.data);
}

static sp_bytes
folder_of(sp_bytes path)
{
    size_t end = path.len - sp_bytes_after_last(path, '/').len;
    return sp_bytes_slice(path, 0, end > 0 ? end - 1 : 0);
}

static void
append_page_url(const struct sp_site_page_builder *builder, sp_str *out)
{
    sp_bytes basename = sp_without_dots(builder->name);
    SP_AUTO(sp_str_done) sp_str template = {0};
    sp_bytes own = sp_yaml_text(sp_site_page_builder_value(builder, "permalink"));
    sp_str_append(&template, own);
    if (own.len == 0 && sp_bytes_equal(basename, SP_LITERAL("index"))) {
        sp_str_append_text(&template, "/:path/");
    } else if (own.len == 0) {
        sp_str_append_text(&template, "/:path/:basename");
        sp_str_append(&template, builder->site->page_suffix);
    }
    out->failed |= template.failed;
    sp_permalink_expand_page(sp_str_bytes(&template), folder_of(builder->source->path), basename,
                             out);
}

static bool
is_folder_index(const struct sp_site_page_builder *builder)
{
    if (sp_bytes_equal_ascii_case(builder->name, SP_LITERAL("readme")))
        return !builder->source->shadowed;
    return sp_bytes_equal_ascii_case(builder->name, SP_LITERAL("index")) ||
           sp_bytes_equal_ascii_case(builder->name, SP_LITERAL("_index"));
}

static void
append_plain_url(const struct sp_site_page_builder *builder, sp_str *out)
{
    sp_bytes own = sp_yaml_text(sp_site_page_builder_value(builder, "permalink"));
    if (own.len == 0)
        own = sp_yaml_text(sp_site_page_builder_value(builder, "url"));
    if (own.len > 0) {
        sp_str_append(out, sp_url_path(own));
        return;
    }
    sp_bytes slug = sp_yaml_text(sp_site_page_builder_value(builder, "slug"));
    if (slug.len == 0 && !is_folder_index(builder))
        slug = builder->name;
    sp_permalink_expand_page(SP_LITERAL("/:path/:basename/"), folder_of(builder->source->path),
                             slug, out);
}

enum sp_status
sp_site_page_builder_url(struct sp_site_page_builder *builder, sp_post *post)
{
    SP_AUTO(sp_str_done) sp_str raw = {0};
    SP_AUTO(sp_str_done) sp_str url = {0};
    enum sp_status status = SP_OK;
    if (sp_site_page_builder_is_document(builder))
        status = append_document_url(builder, post, &raw);
    else if (builder->source->kind == SP_SOURCE_PAGE)
        append_page_url(builder, &raw);
    else
        append_plain_url(builder, &raw);
    if (status == SP_OK && raw.len > SP_URL_MAX)
        status = fail_of_length(builder, sp_yaml_get(builder->front, "permalink"));
    if (status != SP_OK)
        return status;
    if (builder->site->baseurl.len > 0)
        sp_permalink_append_clean(&url, builder->site->baseurl);
    sp_permalink_append_clean(&url, sp_str_bytes(&raw));
    url.failed |= raw.failed;
    post->url = sp_arena_copy_str(builder->arena, &url);
    return sp_str_check(&url, builder->err);
}

/* The manifest keeps these URLs of each file, for links inside the site; more are ignored. */
#define REDIRECT_BYTES_MAX ((size_t)64 << 10)

static void
append_redirect(const struct sp_site_page_builder *builder, const sp_yaml *node, sp_str *out)
{
    SP_AUTO(sp_str_done) sp_str url = {0};
    sp_bytes written = sp_yaml_text(node);
    if (written.len == 0)
        return;
    if (builder->site->baseurl.len > 0)
        sp_permalink_append_clean(&url, builder->site->baseurl);
    sp_permalink_append_clean(&url, written);
    sp_str_append_char(out, ' ');
    sp_str_append(out, sp_str_bytes(&url));
    out->failed |= url.failed;
}

sp_bytes
sp_site_page_builder_urls(const struct sp_site_page_builder *builder, const sp_post *post)
{
    SP_AUTO(sp_str_done) sp_str urls = {0};
    const sp_yaml *from = sp_site_page_builder_value(builder, "redirect_from");
    sp_str_append(&urls, post->url);
    if (from && from->kind == SP_YAML_SCALAR)
        append_redirect(builder, from, &urls);
    for (size_t i = 0;
         from && from->kind == SP_YAML_LIST && i < from->count && urls.len <= REDIRECT_BYTES_MAX;
         i++)
        append_redirect(builder, from->items[i], &urls);
    return sp_arena_copy_str(builder->arena, &urls);
}
