// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The checksums of a database's files, because libxapian has none of its own.
 *
 * Beside the folder gN of a database is the file gN.sums. It has a digest (XXH3) of each block of
 * 8 KiB of each table, and names the commit that it describes: the digest, the UUID and the
 * revision number of the database's version file. A run that changes the database in place first
 * marks the file as `changing`, and after its commit replaces it. It digests only the blocks that
 * were written and keeps the digests of all others, so damage that no reader has met yet stays
 * detectable. A file that is marked as `changing` can differ from the database by blocks that are
 * newer than the commit that it names: each block begins with the revision that wrote it.
 *
 * A sums object belongs to one thread. Functions of a database take the folder that contains it (an
 * open descriptor, or AT_FDCWD) and its name in that folder, unless they say otherwise.
 */
#ifndef SIGNPOST_SUMS_H
#define SIGNPOST_SUMS_H

#include <signpost/arena.h>

#define SP_SUMS_SUFFIX ".sums"
#define SP_SUMS_NEW ".new" /* follows the suffix until the file is renamed */
#define SP_SUMS_BLOCK ((size_t)8192)
#define SP_SUMS_TABLES 6

enum sp_sums_state {
    SP_SUMS_PREPARED, /* of a database that may not have been published yet */
    SP_SUMS_SETTLED,
    SP_SUMS_CHANGING /* a run is changing the database, or was killed while it did */
};

/* What the version file of a database says. */
typedef struct sp_glass_version {
    unsigned char uuid[16];
    uint64_t revision; /* number of the commit */
    uint64_t digest;   /* of the whole file */
} sp_glass_version;

typedef struct sp_table_sums {
    bool exists;
    uint64_t size;    /* bytes */
    uint64_t *blocks; /* a digest for each block */
    size_t count;
} sp_table_sums;

typedef struct sp_sums {
    sp_arena arena; /* owns all memory of the object */
    enum sp_sums_state state;
    sp_glass_version version;
    sp_bytes revision; /* of the index, as in its metadata; empty: not known */
    sp_table_sums tables[SP_SUMS_TABLES];
} sp_sums;

/* A range of bytes of a table's file that a run has written. */
typedef struct sp_written {
    uint64_t device, inode; /* of the file */
    uint64_t offset, length;
} sp_written;

typedef struct sp_written_list {
    const sp_written *items;
    size_t count;
    bool complete; /* false: other ranges may have been written, too */
} sp_written_list;

/* The name of a table's file. i: less than SP_SUMS_TABLES. */
const char *sp_table_name(size_t i);

/* Reads the version file of a database. SP_NOT_FOUND if it is missing, SP_DAMAGED if it is not a
   version file, or if the database is not a folder. */
enum sp_status sp_glass_version_read(int folder, const char *database, sp_glass_version *out,
                                     sp_error *err) SP_MUST_CHECK;

/* Like sp_glass_version_read, of the open folder of a database, which stays open. path: of the
   database, for messages. */
enum sp_status sp_glass_version_read_open(int database, const char *path, sp_glass_version *out,
                                          sp_error *err) SP_MUST_CHECK;

bool sp_glass_version_equal(const sp_glass_version *a, const sp_glass_version *b);

/* Whether the checksums describe an earlier commit of the database that has this version. */
bool sp_sums_precede(const sp_sums *sums, const sp_glass_version *version);

/* Digests all files of a database. The caller frees *out with sp_sums_done, as for the next two
   functions. cancel: see sp_check_cancel. */
enum sp_status sp_sums_make(int folder, const char *database, const atomic_bool *cancel,
                            sp_sums *out, sp_error *err) SP_MUST_CHECK;

/* Makes the sums of a database that has changed since `old`: digests the blocks that were written,
   and copies the digests of the others. If the list of written ranges is incomplete, every block is
   read, and a digest is replaced if the block is newer than `old`; only this can be cancelled. */
enum sp_status sp_sums_renew(const sp_sums *old, int folder, const char *database,
                             const sp_written_list *written, const atomic_bool *cancel,
                             sp_sums *out, sp_error *err) SP_MUST_CHECK;

/* Reads the sums file. SP_NOT_FOUND if there is none, SP_DAMAGED if it is not whole. */
enum sp_status sp_sums_read(int folder, const char *database, sp_sums *out,
                            sp_error *err) SP_MUST_CHECK;

/* Whether a sums file exists and describes this database, of whatever commit, or a database that is
   no longer there. Reads only the beginning of the file. */
bool sp_sums_name(int folder, const char *database);

/* Removes a new sums file that was not renamed, if it is one or the beginning of one. */
void sp_sums_remove_new(int folder, const char *database);

void sp_sums_done(sp_sums *sums);

/* Replaces the sums file by a rename, after its content has been synced. */
enum sp_status sp_sums_write(const sp_sums *sums, int folder, const char *database,
                             sp_error *err) SP_MUST_CHECK;

/* Changes only the state, in the existing file, and syncs it if `sync` is set. */
enum sp_status sp_sums_mark(int folder, const char *database, enum sp_sums_state state, bool sync,
                            sp_error *err) SP_MUST_CHECK;

#endif
