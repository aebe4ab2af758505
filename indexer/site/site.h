// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A site: a folder, its settings, and the files in it that may be posts.
 *
 * With `_config.yml` (or `.yaml`) the folder is a Jekyll site and Jekyll 4's rules say what is
 * published; page.h decides on each file, this header on which files there are. Without it the
 * folder is a plain tree: every `.md` and `.markdown` file is a post, hidden files and folders and
 * `node_modules` left out.
 *
 * Settings read: title, url, baseurl, source, destination, permalink, timezone, include, exclude,
 * collections, collections_dir, defaults, markdown_ext, future, unpublished, show_drafts, lang,
 * locale; and a `signpost:` block for our own: ranking (config_ranking.c), pins (pins_file.h).
 *
 * Deviations from Jekyll, on purpose: `_config.toml` is not read; aliases in the settings are, but
 * not in front matter; only Markdown files are posts; a symbolic link is followed when it names a
 * file inside the site, never when it names a folder (Jekyll runs in circles); nothing but regular
 * files is ever opened.
 *
 * sp_site is immutable once open: any thread may use it. Opening it reads the system's time zone
 * through the environment variable TZ, so open sites before starting threads.
 */
#ifndef SIGNPOST_INDEXER_SITE_SITE_H
#define SIGNPOST_INDEXER_SITE_SITE_H

#include "yaml_tree.h"

#include <signpost/ranking.h>
#include <signpost/schema.h>

typedef struct sp_site sp_site;

typedef struct sp_site_options {
    const char *config; /* read instead of ROOT/_config.yml (NULL: that one, if it is there) */
    bool drafts, future, unpublished; /* include them, whatever the settings say */
    int64_t now;                      /* what `future` is measured by; seconds since 1970 */
} sp_site_options;

/* SP_NOT_FOUND when root is no folder; SP_BAD_INPUT with place when the settings cannot be read. */
enum sp_status sp_site_open(const char *root, const sp_site_options *options, sp_site **out,
                            sp_error *err) SP_MUST_CHECK;
void sp_site_close(sp_site *site);

bool sp_site_is_jekyll(const sp_site *site);
sp_bytes sp_site_title(const sp_site *site); /* "" if not set */
sp_bytes sp_site_url(const sp_site *site);   /* "https://example.org", no slash at its end, or "" */
sp_bytes sp_site_baseurl(const sp_site *site); /* "" or "/blog": what sp_post.url begins with */
sp_bytes sp_site_lang(const sp_site *site);    /* primary tag in lower case: "en" if not set */
sp_bytes sp_site_root(const sp_site *site);    /* real path of the folder that the files are in */

/* How the names of posts end, without the dot, in whatever case. */
const sp_bytes *sp_site_extensions(const sp_site *site, size_t *count);

const sp_ranking *sp_site_ranking(const sp_site *site);

/* A setting by its path, "signpost.weights.title", or NULL. */
const sp_yaml *sp_site_config(const sp_site *site, const char *path);

/* A hash of everything in the settings and options but `now` that can change what a file becomes:
   equal hashes and an unchanged file give an equal post. */
uint64_t sp_site_settings_hash(const sp_site *site);

enum sp_source_kind {
    SP_SOURCE_PLAIN,   /* any Markdown file of a plain tree */
    SP_SOURCE_PAGE,    /* in a Jekyll site: a file outside collections */
    SP_SOURCE_POST,    /* in _posts, with a date in its name */
    SP_SOURCE_DRAFT,   /* in _drafts; listed only if drafts are asked for */
    SP_SOURCE_DOCUMENT /* in a collection with output: true */
};

typedef struct sp_source {
    sp_bytes path; /* relative to the site's folder, '/' between; the bytes of the file system */
    enum sp_source_kind kind;
    bool shadowed;       /* plain README beside an index: it keeps its own name in its URL */
    uint32_t collection; /* index into the site's collections; for SP_SOURCE_DOCUMENT */
    int64_t size;
    int64_t mtime_ns, ctime_ns; /* since 1970 */
    uint64_t inode;
} sp_source;

/* A file or folder that may hold posts and cannot be looked at. */
typedef struct sp_scan_error {
    sp_bytes path;
    sp_bytes text; /* as sp_error.text */
} sp_scan_error;

/* Where a change may change what a scan finds. */
typedef struct sp_scan_place {
    sp_bytes folder; /* in the site's ("" is that itself), or absolute, where a link leads */
    sp_bytes name;   /* the one file in it that counts; empty: any that could be a post */
} sp_scan_place;

typedef struct sp_scan {
    sp_arena arena; /* owns all of it; its paths are NUL-terminated */
    sp_source *sources;
    size_t count; /* sources ascend by path, each path once */
    sp_scan_error *errors;
    size_t error_count;    /* ascending by path */
    sp_scan_place *places; /* every folder that was listed, and more; in no order, some twice */
    size_t place_count;
} sp_scan;

/* Walks the site by names and stat; opens no file. Fails only when the site's own folder cannot be
   read or memory is out; everything else is a problem, and the rest goes on. scan must be zeroed
   or done. */
enum sp_status sp_site_scan(const sp_site *site, sp_scan *scan, sp_error *err) SP_MUST_CHECK;
void sp_scan_done(sp_scan *scan);

/* The same for a Jekyll site's pages and documents that are HTML. They are no posts, but links lead
   to them. */
enum sp_status sp_site_scan_others(const sp_site *site, sp_scan *scan, sp_error *err) SP_MUST_CHECK;

/* What the site has under a path below its folder; symbolic links are followed. */
enum sp_site_entry { SP_SITE_NOTHING, SP_SITE_FILE, SP_SITE_FOLDER };
enum sp_site_entry sp_site_look(const sp_site *site, sp_bytes path);

/* Appends the file's bytes. SP_BAD_INPUT when it is no regular file or longer than `limit`,
   SP_NOT_FOUND, SP_IO. Never blocks on a FIFO. */
enum sp_status sp_site_read(const sp_site *site, sp_bytes path, size_t limit, sp_str *out,
                            sp_error *err) SP_MUST_CHECK;

#endif
