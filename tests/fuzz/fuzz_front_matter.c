// SPDX-License-Identifier: GPL-2.0-or-later
/* A post with its front matter, in a site of Jekyll and in a plain tree. The first byte of the
   input chooses the kind of file. */
#include "fuzz.h"

#include "indexer/site/front_matter_parser.h"
#include "indexer/site/page.h"

#include <signpost/ascii.h>

#include <stdio.h>

static const char settings[] =
    "url: https://site.example\nbaseurl: /b\npermalink: pretty\n"
    "timezone: Europe/Paris\ncollections:\n  recipes:\n    output: true\n"
    "    permalink: /:collection/:title/:categories\n"
    "defaults:\n  - scope: {path: 'x/*.md', type: posts}\n"
    "    values: {tags: [a], category: c}\n";

static const sp_source sources[] = {
    {.path = {"_posts/2018-04-10-a-title.md", 28}, .kind = SP_SOURCE_POST},
    {.path = {"x/page.md", 9}, .kind = SP_SOURCE_PAGE},
    {.path = {"_drafts/draft.md", 16}, .kind = SP_SOURCE_DRAFT},
    {.path = {"_recipes/soup.md", 16}, .kind = SP_SOURCE_DOCUMENT, .collection = 1},
    {.path = {"x/2018-04-10-note.md", 20}, .kind = SP_SOURCE_PLAIN}};
#define PLAIN 4

static sp_site *jekyll, *plain;

static void
open_sites(void)
{
    const sp_site_options options = {.now = 1800000000};
    fuzz_file("jekyll/_config.yml", sp_bytes_of(settings));
    fuzz_file("plain/x.md", SP_LITERAL("x\n"));
    char path[512];
    snprintf(path, sizeof path, "%s/jekyll", fuzz_folder());
    MUST(sp_site_open(path, &options, &jekyll, NULL));
    snprintf(path, sizeof path, "%s/plain", fuzz_folder());
    MUST(sp_site_open(path, &options, &plain, NULL));
}

static uint32_t
lines_before(sp_bytes content, const char *end)
{
    uint32_t lines = 1;
    for (const char *at = content.data; at < end; at++)
        lines += *at == '\n';
    return lines;
}

static void
check_found(sp_bytes content)
{
    sp_front_matter found = sp_front_matter_find(content);
    PROMISE(found.body.len <= content.len);
    PROMISE(found.body.data + found.body.len == content.data + content.len);
    PROMISE(found.body.len == 0 || found.first_line == lines_before(content, found.body.data));
    if (found.yaml.len > 0) {
        PROMISE(found.opened && found.yaml_line == 2);
        PROMISE(found.yaml.data + found.yaml.len <= found.body.data);
    }
}

static bool
is_date(sp_bytes date)
{
    if (date.len != 10 || date.data[4] != '-' || date.data[7] != '-')
        return false;
    for (size_t i = 0; i < 10; i++) {
        if (i != 4 && i != 7 && !sp_ascii_is_digit(date.data[i]))
            return false;
    }
    return true;
}

static bool
is_url(sp_bytes url)
{
    if (url.len == 0 || url.data[0] != '/')
        return false;
    for (size_t i = 0; i < url.len; i++) {
        if (url.data[i] <= ' ' || url.data[i] == '"' || url.data[i] == 0x7F)
            return false;
    }
    return true;
}

static void
check_page(const sp_site_page *page, const sp_post *post)
{
    PROMISE(fuzz_is_line(page->title) && fuzz_is_line(page->fallback));
    PROMISE(is_url(post->url));
    PROMISE(post->date.len == 0 || is_date(post->date));
    PROMISE(post->category_count <= 256 && post->tag_count <= 256);
    for (size_t i = 0; i < post->category_count; i++)
        PROMISE(fuzz_is_line(post->categories[i]));
    for (size_t i = 0; i < post->tag_count; i++)
        PROMISE(fuzz_is_line(post->tags[i]));
    PROMISE(post->lang.len > 0 && fuzz_is_line(post->lang));
    PROMISE(sp_bytes_starts_with(page->urls, post->url));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SP_AUTO(sp_arena_done) sp_arena arena = {0};
    sp_bytes content = {(const char *)data, size};
    sp_site_page page = {0};
    sp_post post = {0};
    sp_error err = {0};
    if (!jekyll)
        open_sites();
    unsigned kind = fuzz_byte(&content) % (sizeof sources / sizeof *sources);
    check_found(content);
    if (sp_site_page_read(kind == PLAIN ? plain : jekyll, &sources[kind], content, &arena, &page,
                          &post, &err) != SP_OK)
        PROMISE(err.status == SP_BAD_INPUT &&
                (err.line == 0) == (err.column == 0)); /* 0: the file */
    else if (page.verdict == SP_PAGE_PUBLISHED)
        check_page(&page, &post);
    return 0;
}
