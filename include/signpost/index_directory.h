// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where the database of an index is. In an index directory, the stub file has a line that names the
 * folder of the database that readers see: "auto g3", or "auto replica_1" in a copy that
 * xapian-replicate made (lines that begin with # are comments). For any thread.
 */
#ifndef SIGNPOST_INDEX_DIRECTORY_H
#define SIGNPOST_INDEX_DIRECTORY_H

#include <signpost/text.h>

#define SP_STUB_FILE "XAPIANDB"
#define SP_NEW_STUB_FILE SP_STUB_FILE ".new"

/* The manifest of the index, and the manifest that the current run writes. */
#define SP_MANIFEST "manifest"
#define SP_NEW_MANIFEST "manifest.new"

/* The lock file, which only the writer of the index can open, and how its content begins. */
#define SP_LOCK_FILE "lock"
#define SP_LOCK_MARK "signpost index\n"

/* The version file of libxapian's Glass backend, by which a folder is a database. A commit replaces
   this file last. */
#define SP_VERSION_FILE "iamglass"

/* Bytes of the longest name of a database folder, with its NUL. */
#define SP_DATABASE_NAME_MAX 32

/* The file in a database's folder that libxapian locks while it writes. */
#define SP_DATABASE_LOCK "flintlock"

/* Copies the name in the stub file of `folder`, an open index directory, to out. path: the name of
   the directory, for messages. SP_NOT_FOUND if there is no stub file; SP_DAMAGED if it is not a
   regular file with such a line. */
enum sp_status sp_stub_read(int folder, const char *path, char out[SP_DATABASE_NAME_MAX],
                            sp_error *err) SP_MUST_CHECK;

/* The database that the path of an index leads to. */
typedef struct sp_index_place {
    char name[SP_DATABASE_NAME_MAX]; /* of the folder that the stub file names; "" if the path is
                                        that of a database */
    bool single_file;                /* the database is a file, which has no checksums */
    uint64_t device, inode;          /* of the database */
    int folder;                      /* the database, open */
    int directory;                   /* open, or AT_FDCWD */
    sp_str path; /* of the database, in `directory`; its checksums are beside it. The real path if
                    that of the index ends with "." or ".." */
} sp_index_place;

/* Finds the database that a reader of `path` opens (xapian-c/place.cc): a folder that contains a
   version file is a database, whatever else it contains. SP_NOT_FOUND if the path leads to no
   index; SP_DAMAGED if the stub file names no database; SP_STALE if it kept changing. The caller
   frees *out with sp_index_place_done. */
enum sp_status sp_index_find(const char *path, sp_index_place *out, sp_error *err) SP_MUST_CHECK;
void sp_index_place_done(sp_index_place *place);

/* Puts the path of the index before the path of an error that names a file of this place. An error
   of a database that is not in an index directory already has its whole path. */
void sp_index_place_prefix_error(const sp_index_place *place, const char *path, sp_error *err);

/* Makes the name "gN" of a generation. The second function returns N, or 0 for any other name. */
void sp_generation_name(unsigned long number, char out[SP_DATABASE_NAME_MAX]);
unsigned long sp_generation_number(const char *name);

#endif
