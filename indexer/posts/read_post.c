// SPDX-License-Identifier: GPL-2.0-or-later
#include "read_post.h"

#include "indexer/markdown/markdown.h"

#include <signpost/url.h>

#include <xxhash.h>

void
sp_post_reader_done(sp_post_reader *reader)
{
    sp_str_done(&reader->content);
    sp_arena_done(&reader->arena);
}

sp_bytes
sp_post_site_host(const sp_site *site)
{
    sp_bytes url = sp_site_url(site);
    return sp_url_is_absolute(url) ? sp_url_host(url) : (sp_bytes){0};
}

static enum sp_status
read_markdown(sp_post_reader *reader, const sp_site *site, const sp_site_page *page, sp_post *post,
              sp_error *err)
{
    sp_markdown_input input = {.path = post->path,
                               .body = page->body,
                               .first_line = page->first_line,
                               .title = page->title,
                               .fallback_title = page->fallback,
                               .site_host = sp_post_site_host(site),
                               .notes = reader->takes_notes ? &reader->notes : NULL};
    enum sp_status status = sp_markdown_read(&input, &reader->arena, post, err);
    reader->named_by_file = (!page->titled && page->title.len > 0) ||
                            (reader->takes_notes && reader->notes.fallback_title);
    return status;
}

enum sp_status
sp_post_load(sp_post_reader *reader, const sp_site *site, const sp_source *source, sp_error *err)
{
    sp_str_restart(&reader->content);
    enum sp_status status =
        sp_site_read_source(site, source, SP_FILE_MAX, &reader->content, &reader->as_listed, err);
    sp_bytes content = sp_str_bytes(&reader->content);
    reader->hash = XXH64(content.data, content.len, 0);
    reader->bytes += content.len;
    reader->files++;
    return status;
}

enum sp_status
sp_post_read(sp_post_reader *reader, const sp_site *site, const sp_source *source,
             enum sp_site_page_verdict *verdict, sp_post *post, sp_error *err)
{
    sp_site_page *page = &reader->page;
    sp_arena_clear(&reader->arena);
    *post = (sp_post){0};
    enum sp_status status = sp_post_load(reader, site, source, err);
    if (status == SP_OK)
        status = sp_site_page_read(site, source, sp_str_bytes(&reader->content), &reader->arena,
                                   page, post, err);
    if (status != SP_OK)
        return status;
    *verdict = page->verdict;
    return page->verdict == SP_PAGE_PUBLISHED ? read_markdown(reader, site, page, post, err)
                                              : SP_OK;
}
