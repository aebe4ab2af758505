// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Opens what is in a folder, and nothing outside it. Every file and folder whose name comes from a
 * site (from its settings, from a listing, or a name that this program looks for) is opened here:
 * people who write a site must not make the indexer publish other files of the machine.
 *
 * A path may lead through symbolic links as long as it ends in the folder. The target of an
 * absolute link must begin with one of the folder's two paths, and that of a relative link that
 * leads above the folder must come back by the names of such a path: other paths are not looked at.
 * The kernel checks each step (openat2 with RESOLVE_BENEATH), so a link that appears between a
 * check and the use of its result leads nowhere. Absolute links, and kernels without openat2, need
 * a second way, which accepts the same paths: the links are resolved to names first, then each name
 * is opened without following links.
 *
 * A hard link is not recognised as such: it is a file of the folder like any other. To make one, a
 * writer needs an account on this machine and, with the kernel's default (protected_hardlinks), a
 * file that the writer may read and write; git and archives cannot transport hard links out of the
 * tree.
 *
 * Any thread may use these functions.
 */
#ifndef SIGNPOST_INDEXER_SITE_BENEATH_H
#define SIGNPOST_INDEXER_SITE_BENEATH_H

#include "engine/base/file.h"

#include <sys/stat.h>

typedef struct sp_beneath {
    int file;       /* open on the folder */
    sp_bytes real;  /* its real path, for absolute links; NUL-terminated */
    sp_bytes given; /* another absolute path of it, for absolute links; may be empty */
} sp_beneath;

/* Opens a path below the folder; "" is the folder itself. flags: as for open; only reading makes
   sense. The call never waits for the writer of a pipe. Returns -1 and sets errno on failure, to
   EXDEV if the path leads out of the folder. */
int sp_beneath_open(const sp_beneath *folder, const char *path, int flags);

/* Like stat, or with O_NOFOLLOW like lstat. Returns false and sets errno on failure. */
bool sp_beneath_stat(const sp_beneath *folder, const char *path, int flags, struct stat *about);

/* Reads a regular file. *about (which may be NULL) is set if the file was opened. If the path leads
   out of the folder, the result is SP_FILE_NOT_OPENED with errno EXDEV. */
enum sp_file_result sp_beneath_read(const sp_beneath *folder, const char *path, size_t max,
                                    sp_str *out, struct stat *about);

/* Appends the path without links, relative to the folder. Only for messages and for watching: it
   can be out of date. Returns false and sets errno as sp_beneath_open does. */
bool sp_beneath_resolve(const sp_beneath *folder, const char *path, sp_str *out);

/* Whether a path from settings is relative and has no `..`. */
bool sp_is_beneath_path(sp_bytes path);

#endif
