// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The manifest: what a run knew of the site's files, kept beside the index so that the next run
 * tells by stat alone which of them it must read.
 *
 * It is a memory and not the truth: all that it says could be learnt again by reading every file.
 * It is believed only where it names the revision that the index has, the program that runs, and
 * has its checksum right; without it a run reads everything and compares digests. A file whose
 * times lie close to the run that noted them may have changed again unseen, so its content is
 * compared.
 */
#ifndef SIGNPOST_INDEXER_STORE_MANIFEST_H
#define SIGNPOST_INDEXER_STORE_MANIFEST_H

#include <signpost/arena.h>

enum sp_outcome {
    SP_LEFT_OUT, /* the site does not publish it */
    SP_INDEXED,
    SP_FAILED /* cannot be indexed; the index may have an older post of it */
};

typedef struct sp_manifest_file {
    sp_bytes id; /* the post's path */
    int64_t size, mtime_ns, ctime_ns;
    uint64_t inode;
    uint32_t listing; /* how the site lists it: kind, collection */
    enum sp_outcome outcome;
    uint64_t hash; /* of its content (XXH64) */
    int64_t due;   /* SP_LEFT_OUT for its date alone: when that comes, seconds since 1970; else 0 */
    sp_bytes urls; /* where the site has it, as sp_site_page.urls */
} sp_manifest_file;

typedef struct sp_manifest {
    sp_arena arena; /* holds all of it */
    sp_bytes generator, revision;
    int64_t began_ns;    /* when the run looked at the files; since 1970 */
    uint64_t full_bytes; /* size of the database after its last full build */
    bool unsettled;      /* a folder could not be read: what is missing may not be gone */
    uint64_t *settings;  /* of each site, as sp_site_settings_hash has them */
    size_t site_count;
    sp_manifest_file *files; /* ascending by id */
    size_t count;
} sp_manifest;

/* Reads a manifest that names the revision, from the file `name` of a folder. *out is zeroed where
   there is none that can be believed; only memory can fail. */
enum sp_status sp_manifest_read(int folder, const char *name, sp_bytes revision, sp_manifest *out,
                                sp_error *err) SP_MUST_CHECK;

/* Writes it, over what was there; without waiting for the disk, for its checksum tells. */
enum sp_status sp_manifest_write(int folder, const char *name, const sp_manifest *manifest,
                                 sp_error *err) SP_MUST_CHECK;

void sp_manifest_done(sp_manifest *manifest);

/* Whether the file's times are so close to the run's that it may have changed after it was read and
   look the same: file systems count in steps of up to two seconds. */
bool sp_manifest_is_close(const sp_manifest *manifest, const sp_manifest_file *file);

#endif
