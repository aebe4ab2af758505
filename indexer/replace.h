// SPDX-License-Identifier: GPL-2.0-or-later
/* A file's content replaced at once: whoever reads it sees the old or the new, never a part. */
#ifndef SIGNPOST_INDEXER_REPLACE_H
#define SIGNPOST_INDEXER_REPLACE_H

#include <signpost/text.h>

/* Writes `path`.new and renames it; a link stays one, and the file keeps its permissions. What is
   no regular file (a terminal, a pipe), or stands in a folder that cannot be written, is written
   as it is. It does not wait for the disk. SP_IO, SP_NOT_FOUND. */
enum sp_status sp_replace_file(const char *path, sp_bytes content, sp_error *err) SP_MUST_CHECK;

#endif
