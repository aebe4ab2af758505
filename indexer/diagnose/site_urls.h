// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Site URLs: finds the page or file that a link inside a site leads to.
 *
 * URLs are compared as browsers and common servers interpret them: percent-encoding is decoded, dot
 * segments are resolved, and a final `index.html`, `.html`, `.md` or slash is removed. A table
 * belongs to one thread.
 */
#ifndef SIGNPOST_INDEXER_DIAGNOSE_SITE_URLS_H
#define SIGNPOST_INDEXER_DIAGNOSE_SITE_URLS_H

#include "engine/base/table.h"
#include "indexer/posts/files.h"

/* Appends the path of a URL, decoded, resolved and without its first slash. path begins with '/'
   and has no query or fragment. */
void sp_site_path_append(sp_str *out, sp_bytes path);

/* Returns the path without an ending that makes no difference to where a link leads:
   "/x/index.html" and "/x.html" become "/x". */
sp_bytes sp_site_path_stem(sp_bytes path);

typedef struct sp_site_urls {
    const sp_files *files;
    sp_arena arena;
    struct sp_site_url *items;
    size_t count, capacity;
    sp_table table;     /* of items, by hash */
    bool *others_added; /* for each site, whether its pages that are not Markdown were added */
} sp_site_urls;

/* Collects the URLs of all files of the run. *out must be zeroed; call sp_site_urls_done also after
   a failure. */
enum sp_status sp_site_urls_open(const sp_files *files, sp_site_urls *out,
                                 sp_error *err) SP_MUST_CHECK;
void sp_site_urls_done(sp_site_urls *urls);

/* The file number of all pages that are not among sp_files: the pages of a Jekyll site that are not
   Markdown. */
#define SP_OTHER_PAGE UINT32_MAX

/* Whether the site has a page with this URL, which is a path from sp_site_path_append. Sets *file
   to the number of the page's file. The first time that a URL of a Jekyll site is not found, adds
   the site's pages that are not Markdown, and searches again. */
bool sp_site_urls_find(sp_site_urls *urls, uint32_t site, sp_bytes path, uint32_t *file);

/* Whether URLs of the site begin with the path's first segment. For a path of one segment, whether
   any page has a URL of one segment. */
bool sp_site_urls_has_segment(const sp_site_urls *urls, uint32_t site, sp_bytes path);

/* Whether the path, which is relative to the site's folder, names a file. The end of the file's
   path can be missing: "x" names x.html and x/index.md, too. */
bool sp_site_has_file(const sp_site *site, sp_bytes path);

#endif
