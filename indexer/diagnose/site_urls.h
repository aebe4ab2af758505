// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where a site has what: the URLs of its pages, and what else a link inside it may name.
 *
 * URLs are compared as a reader's browser and the usual servers take them: percent-encoding
 * undone, dot segments resolved, `index.html`, `.html`, `.md` and slashes at the end left out. For
 * one thread.
 */
#ifndef SIGNPOST_INDEXER_DIAGNOSE_SITE_URLS_H
#define SIGNPOST_INDEXER_DIAGNOSE_SITE_URLS_H

#include "indexer/posts/files.h"
#include "engine/base/table.h"

/* The URL's path begins with '/'; no query, no fragment. Appended without its slash. */
void sp_site_path_append(sp_str *out, sp_bytes path);

/* What the path ends in that makes no difference: "/x/index.html" and "/x.html" to "/x". */
sp_bytes sp_site_path_stem(sp_bytes path);

typedef struct sp_site_urls {
    const sp_files *files;
    sp_arena arena;
    struct sp_site_url *items;
    size_t count, capacity;
    sp_table table;     /* of items, by hash */
    bool *others_known; /* of each site, whether its pages that are no Markdown were looked up */
} sp_site_urls;

/* Of all files of the run. *out must be zeroed and is for sp_site_urls_done, also after a failure.
 */
enum sp_status sp_site_urls_open(const sp_files *files, sp_site_urls *out,
                                 sp_error *err) SP_MUST_CHECK;
void sp_site_urls_done(sp_site_urls *urls);

/* A page that is no file of the run: a page of a Jekyll site that is no Markdown. */
#define SP_OTHER_PAGE UINT32_MAX

/* Whether a page of the site has the URL, which is a path as sp_site_path_append makes it, and
   which. When none has it, a Jekyll site's pages that are no Markdown are looked up, once. */
bool sp_site_urls_find(sp_site_urls *urls, uint32_t site, sp_bytes path, uint32_t *file);

/* Whether URLs of the site begin with the path's first segment; for one of one segment, whether any
   page has such a URL. */
bool sp_site_urls_knows_segment(const sp_site_urls *urls, uint32_t site, sp_bytes path);

/* Whether the path, below the site's folder and without a slash before it, names a file, with or
   without its end: x.html, x/index.md. */
bool sp_site_has_file(const sp_site *site, sp_bytes path);

#endif
