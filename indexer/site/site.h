// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A site: a folder and its settings. scan.h lists the files in it that may be posts.
 *
 * A folder with `_config.yml` (or `.yaml`) is a Jekyll site, and Jekyll 4's rules decide what is
 * published: scan.h lists the files, page.h decides about each. A folder without it is a plain
 * tree, in which every Markdown file is a post (`.md`, `.markdown`, `.mkd`, `.mkdn`, `.mkdown`),
 * except hidden files and files in hidden folders and in `node_modules`.
 *
 * Settings read: title, url, baseurl, source, destination, permalink, timezone, include, exclude,
 * collections, collections_dir, defaults, markdown_ext, future, unpublished, show_drafts, lang,
 * locale; and a `signpost:` block for settings of this program: ranking (config_ranking.c), pins
 * (pins_file.h), synonyms, acronyms and semantic.
 *
 * Deliberate deviations from Jekyll: `_config.toml` is not read; settings may use YAML aliases, but
 * front matter may not; only Markdown files are posts; a symbolic link to a file inside the site is
 * followed, but a link to a folder is not (Jekyll never ends on a circle of links), except where
 * `source` or `collections_dir` names it; nothing outside the site is opened (beneath.h), whatever
 * settings or links name; only regular files are opened.
 *
 * An open sp_site does not change, so any thread may use it. Opening it reads the system's time
 * zone through the environment variable TZ, so open sites before starting threads.
 */
#ifndef SIGNPOST_INDEXER_SITE_SITE_H
#define SIGNPOST_INDEXER_SITE_SITE_H

#include "yaml_tree.h"

#include <signpost/ranking.h>
#include <signpost/schema.h>

#include <stdatomic.h>

typedef struct sp_site sp_site;

typedef struct sp_site_options {
    const char *config; /* read instead of ROOT/_config.yml; NULL: ROOT's own, if it has one */
    bool drafts, future, unpublished; /* include such posts even if the settings do not */
    int64_t now;                      /* posts dated later are in the future; seconds since 1970 */
    const atomic_bool
        *cancel; /* NULL, or becomes true to end long work with SP_CANCELLED; must last
                                  as long as the site */
} sp_site_options;

/* Opens a site. Returns SP_NOT_FOUND if root is not a folder, and SP_BAD_INPUT with line and column
   if the settings are invalid. */
enum sp_status sp_site_open(const char *root, const sp_site_options *options, sp_site **out,
                            sp_error *err) SP_MUST_CHECK;
void sp_site_close(sp_site *site);

/* Whether the caller of sp_site_open wants the work to end. */
bool sp_site_is_cancelled(const sp_site *site);

bool sp_site_is_jekyll(const sp_site *site);
sp_bytes
sp_site_title(const sp_site *site);        /* one line, without control characters; "" if not set */
sp_bytes sp_site_url(const sp_site *site); /* "https://example.org", without a final slash, or "" */
sp_bytes sp_site_baseurl(const sp_site *site); /* "" or "/blog": the beginning of sp_post.url */
sp_bytes sp_site_lang(const sp_site *site);    /* primary tag in lower case: "en" if not set */
sp_bytes sp_site_root(const sp_site *site);    /* real path of the folder that the files are in */

/* Returns the file name extensions of posts, without the dot; their case does not matter. */
const sp_bytes *sp_site_extensions(const sp_site *site, size_t *count);

const sp_ranking *sp_site_ranking(const sp_site *site);

/* Returns the setting with this path, such as "signpost.ranking", in the `signpost:` block, or NULL
   if it is not set. These settings change the index as a whole and no single post, so
   sp_site_settings_hash ignores them. */
const sp_yaml *sp_site_config(const sp_site *site, const char *path);

/* Returns a hash of all settings and options, except `now`, that can change a post: if neither the
   file nor this hash has changed, the post has not changed. */
uint64_t sp_site_settings_hash(const sp_site *site);

/* Appends the bytes of a file in the folder that the posts are in. Returns SP_BAD_INPUT if it is
   not a regular file, is longer than `limit` bytes, or leads out of the folder by a symbolic link;
   else SP_NOT_FOUND, SP_IO or SP_NO_MEMORY. Never blocks on a FIFO. */
enum sp_status sp_site_read(const sp_site *site, sp_bytes path, size_t limit, sp_str *out,
                            sp_error *err) SP_MUST_CHECK;

/* Like sp_site_read, for a file in the folder that was given to sp_site_open, which differs if the
   settings have `source`. The error has the path that sp_site_append_shown makes. */
enum sp_status sp_site_read_at_root(const sp_site *site, sp_bytes path, size_t limit, sp_str *out,
                                    sp_error *err) SP_MUST_CHECK;

/* Appends the real path of such a file, for watching. Returns false if there is no such file in the
   folder. */
bool sp_site_find_real_path(const sp_site *site, sp_bytes path, sp_str *out);

/* Appends the path of such a file as messages show it: after the folder, unless that is ".". */
void sp_site_append_shown(const sp_site *site, sp_bytes path, sp_str *out);

#endif
