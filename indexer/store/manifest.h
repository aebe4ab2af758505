// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The manifest lists the files of the last run with their times and results. It is stored next to
 * the index, so that the next run finds by stat alone which files it must read.
 *
 * The manifest is a cache: a run without a manifest reads every file and compares digests. A
 * manifest is used only if it names the revision of the index and the version of the program, and
 * its checksum is right. A file whose times are close to the start of the run can have changed
 * after it was read, without a visible difference, so the next run compares the file's content.
 * Plain data.
 */
#ifndef SIGNPOST_INDEXER_STORE_MANIFEST_H
#define SIGNPOST_INDEXER_STORE_MANIFEST_H

#include <signpost/arena.h>

enum sp_outcome {
    SP_LEFT_OUT, /* the site does not publish the file */
    SP_INDEXED,
    SP_OVERWRITTEN, /* not indexed: readers get another page with the same URL */
    SP_FAILED       /* the file cannot be indexed; the index may have an older post */
};

typedef struct sp_manifest_file {
    sp_bytes id; /* the post's path */
    int64_t size, mtime_ns, ctime_ns;
    uint64_t inode;
    uint32_t listing; /* how the site lists the file: kind, collection */
    enum sp_outcome outcome;
    uint64_t hash; /* hash of the file's content (XXH64) */
    int64_t due;   /* SP_LEFT_OUT until this date, in seconds since 1970; else 0 */
    int64_t time;  /* as sp_post.time */
    sp_bytes urls; /* as sp_site_page.urls */
} sp_manifest_file;

typedef struct sp_manifest {
    sp_arena arena; /* owns all memory of the manifest */
    sp_bytes generator, revision;
    int64_t began_ns;    /* when the run listed the files; since 1970 */
    uint64_t full_bytes; /* size of the database after its last full build */
    bool unsettled;      /* a file or folder could not be read, so missing files may still exist */
    uint64_t *settings;  /* sp_site_settings_hash of each site */
    size_t site_count;
    sp_manifest_file *files; /* ascending by id */
    size_t count;
} sp_manifest;

/* Reads the content of a manifest. Zeroes *out if it is not valid or names another revision. Fails
   only if memory is out. */
enum sp_status sp_manifest_parse(sp_bytes content, sp_bytes revision, sp_manifest *out,
                                 sp_error *err) SP_MUST_CHECK;

/* Appends the content of the file. */
void sp_manifest_print(const sp_manifest *manifest, sp_str *out);

/* Reads the file `name` of a folder. Zeroes *out if there is no valid manifest that names this
   revision. Fails only if memory is out. */
enum sp_status sp_manifest_read(int folder, const char *name, sp_bytes revision, sp_manifest *out,
                                sp_error *err) SP_MUST_CHECK;

/* Replaces the file `name` of a folder. Does not sync the file, because the manifest's checksum
   shows whether the file is complete. */
enum sp_status sp_manifest_write(int folder, const char *name, const sp_manifest *manifest,
                                 sp_error *err) SP_MUST_CHECK;

void sp_manifest_done(sp_manifest *manifest);

/* Whether the file's times are so close to the run that a change after the file was read is
   possibly not visible in them: file systems store times in steps of up to two seconds. */
bool sp_manifest_is_close(const sp_manifest *manifest, const sp_manifest_file *file);

#endif
