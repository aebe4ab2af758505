// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Globs, as the two functions of Ruby that Jekyll uses read them: `*`, `?`, `[a-z]`, `[!a]` and
 * backslash. Time is at most the product of both lengths; bytes that are no UTF-8 match themselves.
 */
#ifndef SIGNPOST_INDEXER_SITE_GLOB_H
#define SIGNPOST_INDEXER_SITE_GLOB_H

#include <signpost/text.h>

/* File.fnmatch: all of text; `*` and `?` match any character, '/' too. */
bool sp_glob_match(sp_bytes pattern, sp_bytes text);

/* Dir.glob: folder by folder; `**` between slashes is any number of folders, and a name that begins
   with '.' must be asked for by one. */
bool sp_glob_match_path(sp_bytes pattern, sp_bytes path);

#endif
