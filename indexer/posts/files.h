// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The list of the files of a run, from all its sites, with the results of reading each file. The
 * list belongs to the run's thread; while worker threads read files, each file belongs to one of
 * these threads.
 */
#ifndef SIGNPOST_INDEXER_POSTS_FILES_H
#define SIGNPOST_INDEXER_POSTS_FILES_H

#include "indexer/store/manifest.h"
#include "indexer/site/page.h"

typedef struct sp_file {
    sp_bytes id; /* the post's path; with several sites, the site's folder before it */
    const sp_source *source;
    uint32_t site;
    bool changed; /* must be read; if false, the members below come from the manifest */
    bool known;   /* outcome and due come from the manifest: valid if the hash is still the same */
    enum sp_outcome outcome;
    enum sp_site_page_verdict verdict; /* SP_LEFT_OUT: the reason, if read; else 0 */
    uint64_t hash;
    int64_t due;
    sp_bytes urls;    /* as sp_site_page.urls; borrowed from the list's arena or the manifest */
    int64_t time;     /* as sp_post.time; with urls */
    bool overwritten; /* another file has its URL, and readers get that one (same_url.h) */
    uint32_t winner;  /* overwritten: index of that file */
    uint64_t digest;  /* digest of the document, if the run has made one */
    sp_error *fault;  /* SP_FAILED: the reason; owned by the run */
    bool kept;        /* set by a full build: the new index has the failed file's last good post */
    bool hollow;      /* the file was empty or missing when it was read */
    bool replaced; /* the file that was read is not as it was listed: the next run reads it again */
} sp_file;

/* A file or folder that cannot be read. */
typedef struct sp_files_error {
    sp_bytes id; /* of the file, or the prefix of the ids in the folder */
    uint32_t site;
    sp_bytes path, text;
} sp_files_error;

typedef struct sp_files {
    sp_arena arena;
    const char *const *folders; /* of the sites, as given; borrowed */
    sp_site **sites;
    sp_scan *scans;
    size_t site_count;
    sp_file *items; /* ascending by id */
    size_t count;
    sp_files_error *errors; /* in the order of the sites */
    sp_bytes *error_ids;    /* of these errors, ascending */
    size_t error_count;
    int64_t began_ns; /* when the files were listed */
} sp_files;

/* Opens the sites and lists their files. SP_BAD_ARGUMENT if a folder is given twice. *out must be
   zeroed; it must be freed by sp_files_done after a failure, too. */
enum sp_status sp_files_open(const char *const *folders, size_t count,
                             const sp_site_options *options, sp_files *out,
                             sp_error *err) SP_MUST_CHECK;
void sp_files_done(sp_files *files);

/* Return the language and the ranking of the index, which are those of the first site. */
sp_bytes sp_files_language(const sp_files *files);
const sp_ranking *sp_files_ranking(const sp_files *files);

/* Whether a file that was not found can exist all the same, because the file or a folder above it
   cannot be read. */
bool sp_files_may_hold(const sp_files *files, sp_bytes id);

/* Appends the path that messages show: the site's folder, unless it is ".", and the path. */
void sp_files_append_shown(const sp_files *files, uint32_t site, sp_bytes path, sp_str *out);

/* Returns the first of the URLs in sp_file.urls, which is the page's own. */
sp_bytes sp_first_url(sp_bytes urls);

/* Returns the file with this id, or NULL. */
const sp_file *sp_files_find(const sp_files *files, sp_bytes id);

bool sp_files_has(const sp_files *files, sp_bytes id);

/* Marks each file as changed, unless the manifest and stat show that it is unchanged. Returns true
   if no file is changed or missing. */
bool sp_files_compare(sp_files *files, const sp_manifest *manifest, int64_t now);

/* Whether an editor was possibly saving a file when the run read it: the file was hollow, and
   either had not been empty when it was listed, or was last changed less than a second before the
   files were listed. */
bool sp_files_are_partially_written(const sp_files *files);

/* Returns the earliest date, in seconds since 1970, of the files that are left out because of their
   date, or 0 if there is no such file. */
int64_t sp_files_due(const sp_files *files);

/* Fills the manifest for the next run, except revision, generator and full_bytes. The memory comes
   from files->arena. */
enum sp_status sp_files_remember(sp_files *files, sp_manifest *out, sp_error *err) SP_MUST_CHECK;

#endif
