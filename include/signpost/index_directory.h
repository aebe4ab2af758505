// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The names of the files in an index directory, and the stub file: a line that names the folder of
 * the database that readers see, "auto g3", or "auto replica_1" in a copy that xapian-replicate
 * made (lines that begin with # are comments). For any thread.
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

/* Bytes of the longest name of a database folder, with its NUL. */
#define SP_DATABASE_NAME_MAX 32

/* The file in a database's folder that libxapian locks while it writes. */
#define SP_DATABASE_LOCK "flintlock"

/* Copies the name in the stub file of `folder`, an open index directory, to out. path: the name of
   the directory, for messages. SP_NOT_FOUND if there is no stub file; SP_DAMAGED if it is not a
   regular file with such a line. */
enum sp_status sp_stub_read(int folder, const char *path, char out[SP_DATABASE_NAME_MAX],
                            sp_error *err) SP_MUST_CHECK;

/* Makes the name "gN" of a generation. The second function returns N, or 0 for any other name. */
void sp_generation_name(unsigned long number, char out[SP_DATABASE_NAME_MAX]);
unsigned long sp_generation_number(const char *name);

#endif
