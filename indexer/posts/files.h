// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The files of a run: those of all its sites in the order of the index, and what the run learns of
 * each.
 */
#ifndef SIGNPOST_INDEXER_POSTS_FILES_H
#define SIGNPOST_INDEXER_POSTS_FILES_H

#include "indexer/store/manifest.h"
#include "indexer/site/page.h"

typedef struct sp_file {
    sp_bytes id; /* the post's path: with several sites, their folder before it */
    const sp_source *source;
    uint32_t site;
    bool changed; /* must be looked at; else all below is as the manifest had it */
    bool known;   /* outcome, hash and due are the manifest's, and hold while the hash does */
    enum sp_outcome outcome;
    enum sp_site_page_verdict verdict; /* SP_LEFT_OUT: why, if the run has read the file; else 0 */
    uint64_t hash;
    int64_t due;
    sp_bytes urls;   /* as sp_site_page.urls; lasts as long as the files and the manifest */
    uint64_t digest; /* SP_INDEXED: of the document, where the run made it */
    sp_error *fault; /* SP_FAILED */
    bool kept;       /* SP_FAILED, and built anew: the new index has the last good post */
    bool hollow;     /* nothing was in it when it was read, or it was not there any more */
} sp_file;

/* Something that cannot be looked at. */
typedef struct sp_files_error {
    sp_bytes id; /* of the file, or what the ids in the folder begin with */
    uint32_t site;
    sp_bytes path, text;
} sp_files_error;

typedef struct sp_files {
    sp_arena arena;
    const char *const *folders; /* of the sites, as given */
    sp_site **sites;
    sp_scan *scans;
    size_t site_count;
    sp_file *items; /* ascending by id */
    size_t count;
    sp_files_error *errors; /* in the order of the sites */
    size_t error_count;
    int64_t began_ns; /* when the files were looked at */
} sp_files;

/* Opens the sites and lists their files. SP_BAD_ARGUMENT when one folder is given twice. *out must
   be zeroed, and is for sp_files_done also after a failure. */
enum sp_status sp_files_open(const char *const *folders, size_t count,
                             const sp_site_options *options, sp_files *out,
                             sp_error *err) SP_MUST_CHECK;
void sp_files_done(sp_files *files);

/* Language and ranking of the index: those of the first site. */
sp_bytes sp_files_language(const sp_files *files);
const sp_ranking *sp_files_ranking(const sp_files *files);

/* Whether a file of that id may still be there, unseen: it, or a folder above it, is a problem. */
bool sp_files_may_hold(const sp_files *files, sp_bytes id);

/* Appends a site's path as it is told to people: with the site's folder before it. */
void sp_files_append_shown(const sp_files *files, uint32_t site, sp_bytes path, sp_str *out);

/* The file with that id, or NULL. */
const sp_file *sp_files_find(const sp_files *files, sp_bytes id);

bool sp_files_has(const sp_files *files, sp_bytes id);

/* Marks as changed what the manifest does not settle by stat. True when nothing is: every file is
   as it was, and none is missing. */
bool sp_files_compare(sp_files *files, const sp_manifest *manifest, int64_t now);

/* Whether a file was found hollow that was not when it was listed, or had been written to within
   the second: what saves it may have emptied it first. */
bool sp_files_are_partially_written(const sp_files *files);

/* The earliest date that a file left out for its date waits for; 0 for none. */
int64_t sp_files_due(const sp_files *files);

/* What the next run is to know, in files->arena; revision, generator and full_bytes are the
   caller's to fill. */
enum sp_status sp_files_remember(sp_files *files, sp_manifest *out, sp_error *err) SP_MUST_CHECK;

#endif
