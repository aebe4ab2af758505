// SPDX-License-Identifier: GPL-2.0-or-later
/* Replaces the content of a file at once: readers see the old content or the new. */
#ifndef SIGNPOST_INDEXER_REPLACE_H
#define SIGNPOST_INDEXER_REPLACE_H

#include <signpost/text.h>

/* Writes `path`.new and renames it. A symbolic link stays a link, and the file keeps its
   permissions. Files that are not regular (a terminal, a pipe), and files in a folder that cannot
   be written, are written directly. Does not sync. SP_IO, SP_NOT_FOUND. */
enum sp_status sp_replace_file(const char *path, sp_bytes content, sp_error *err) SP_MUST_CHECK;

#endif
