// SPDX-License-Identifier: GPL-2.0-or-later
/* The settings of a site, `_config.yml`. Files are listed and pages read by them, since most
   settings have an effect only there. */
#include "fuzz.h"

#include "indexer/site/page.h"

#include <math.h>
#include <stdio.h>

#define INPUT_MAX 16384

static const char page[] = "---\ntitle: T\ndate: 2018-04-10 12:00\ntags: [a, b]\n---\nText\n";

static char root[512], config[512];

static void
make_site(void)
{
    static const char *const files[] = {"site/_posts/2018-04-10-a-title.md", "site/x/page.md",
                                        "site/_recipes/soup.md", "site/y.mkd"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        fuzz_file(files[i], sp_bytes_of(page));
    snprintf(root, sizeof root, "%s/site", fuzz_folder());
}

static void
check_settings(const sp_site *site)
{
    size_t count;
    const sp_ranking *ranking = sp_site_ranking(site);
    PROMISE(fuzz_is_line(sp_site_title(site)));
    sp_bytes url = sp_site_url(site), baseurl = sp_site_baseurl(site);
    PROMISE(url.len == 0 || url.data[url.len - 1] != '/');
    PROMISE(baseurl.len == 0 || baseurl.data[0] == '/');
    PROMISE(sp_site_lang(site).len > 0 && fuzz_is_line(sp_site_lang(site)));
    sp_site_extensions(site, &count);
    PROMISE(isfinite(ranking->k1) && isfinite(ranking->b) && isfinite(ranking->pair));
    PROMISE(isfinite(ranking->recency) && ranking->half_life >= 1);
    for (size_t i = 0; i < SP_WEIGHT_COUNT; i++)
        PROMISE(ranking->weights.wdf[i] <= SP_WEIGHT_MAX);
}

static void
check_page(const sp_site *site, const sp_source *source)
{
    SP_AUTO(sp_arena_done) sp_arena arena = {0};
    sp_site_page read = {0};
    sp_post post = {0};
    if (sp_site_page_read(site, source, sp_bytes_of(page), &arena, &read, &post, NULL) != SP_OK)
        return;
    if (read.verdict != SP_PAGE_PUBLISHED)
        return;
    PROMISE(post.url.len > 0 && post.url.data[0] == '/' && fuzz_is_line(post.url));
    PROMISE(post.date.len == 0 || post.date.len == 10);
}

/* Opens the site twice, because its hash must depend on nothing but the settings. */
static sp_site *
open_site(sp_error *err)
{
    sp_site *site, *again;
    const sp_site_options options = {.config = config, .now = 1800000000};
    enum sp_status status = sp_site_open(root, &options, &site, err);
    PROMISE(sp_site_open(root, &options, &again, err) == status);
    if (status != SP_OK)
        return NULL;
    PROMISE(sp_site_settings_hash(site) == sp_site_settings_hash(again));
    sp_site_close(again);
    return site;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SP_AUTO(sp_scan_done) sp_scan scan = {0};
    sp_error err = {0};
    if (!root[0])
        make_site();
    if (size > INPUT_MAX)
        return 0;
    snprintf(config, sizeof config, "%s",
             fuzz_file("settings.yml", (sp_bytes){(const char *)data, size}));
    sp_site *site = open_site(&err);
    if (!site) {
        PROMISE(err.status != SP_INTERNAL && err.text[0]);
        return 0;
    }
    check_settings(site);
    if (sp_site_scan(site, &scan, &err) == SP_OK) {
        for (size_t i = 0; i < scan.count; i++)
            check_page(site, &scan.sources[i]);
    }
    sp_site_close(site);
    return 0;
}
