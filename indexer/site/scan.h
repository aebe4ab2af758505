// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A scan: a list of the files of a site that may be posts, with their names and the results of
 * stat.
 *
 * A scan belongs to one thread while it is made; afterwards any thread may read it.
 */
#ifndef SIGNPOST_INDEXER_SITE_SCAN_H
#define SIGNPOST_INDEXER_SITE_SCAN_H

#include "site.h"

enum sp_source_kind {
    SP_SOURCE_PLAIN,   /* any Markdown file of a plain tree */
    SP_SOURCE_PAGE,    /* a file of a Jekyll site outside collections */
    SP_SOURCE_POST,    /* in _posts, with a date in its name */
    SP_SOURCE_DRAFT,   /* in _drafts; listed only if drafts are enabled */
    SP_SOURCE_DOCUMENT /* in a collection with output: true */
};

typedef struct sp_source {
    sp_bytes path; /* relative to the site's folder, separated by '/'; the file system's bytes */
    enum sp_source_kind kind;
    bool shadowed;       /* a README in a folder with an index, in a plain tree: its URL contains
                            "README" */
    uint32_t collection; /* index into the site's collections; for SP_SOURCE_DOCUMENT */
    int64_t size;
    int64_t mtime_ns, ctime_ns; /* since 1970 */
    uint64_t device, inode;
} sp_source;

/* A file or folder that can hold posts but cannot be read. */
typedef struct sp_scan_error {
    sp_bytes path;
    sp_bytes text; /* as sp_error.text */
} sp_scan_error;

/* A folder to watch: a change in it can change the result of a scan. */
typedef struct sp_scan_place {
    sp_bytes folder; /* relative to the site's folder ("" for that folder itself) */
    sp_bytes name;   /* the only file that matters; empty: any file that could be a post */
} sp_scan_place;

typedef struct sp_scan {
    sp_arena arena; /* owns all memory of the scan; the paths in it are NUL-terminated */
    sp_source *sources;
    size_t count; /* sources ascend by path, each path once */
    sp_scan_error *errors;
    size_t error_count;    /* ascending by path */
    sp_scan_place *places; /* every folder that was listed, and others; unordered, with repeats */
    size_t place_count;
} sp_scan;

/* Lists the files of the site by their names and stat, without opening files. Fails only if the
   site's own folder cannot be read or memory is out; all other errors are added to scan->errors and
   do not end the scan. *scan must be zeroed or freed by sp_scan_done. */
enum sp_status sp_site_scan(const sp_site *site, sp_scan *scan, sp_error *err) SP_MUST_CHECK;
void sp_scan_done(sp_scan *scan);

/* Lists the HTML pages and documents of a Jekyll site in the same way. They are not posts, but
   posts link to them. */
enum sp_status sp_site_scan_others(const sp_site *site, sp_scan *scan, sp_error *err) SP_MUST_CHECK;

/* Appends the bytes of a listed file, as sp_site_read does. *as_listed: whether the file is still
   the one that was listed, by the results of stat. */
enum sp_status sp_site_read_source(const sp_site *site, const sp_source *source, size_t limit,
                                   sp_str *out, bool *as_listed, sp_error *err) SP_MUST_CHECK;

/* Whether a path relative to the site's folder is that of a file, a folder, or nothing. Follows
   symbolic links. What is behind a link that leads out of the site counts as a file: nobody learns
   from a warning about a broken link which files exist outside the site. */
enum sp_site_entry { SP_SITE_NOTHING, SP_SITE_FILE, SP_SITE_FOLDER };
enum sp_site_entry sp_site_find_entry(const sp_site *site, sp_bytes path);

#endif
