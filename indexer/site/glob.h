// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Globs as in the two functions of Ruby that Jekyll uses: `*`, `?`, `[a-z]`, `[!a]` and backslash.
 * Time is at most proportional to the product of the lengths of pattern and text; bytes that are
 * not UTF-8 match themselves.
 */
#ifndef SIGNPOST_INDEXER_SITE_GLOB_H
#define SIGNPOST_INDEXER_SITE_GLOB_H

#include <signpost/text.h>

/* The beginning of a pattern up to its first special character: each text that the pattern matches
   begins with it. */
sp_bytes sp_glob_literal(sp_bytes pattern);

/* A part of the pattern that each text contains which the pattern matches; "" if none is known. The
   part is within one name of a path. */
sp_bytes sp_glob_needle(sp_bytes pattern);

/* Matches as File.fnmatch does: the pattern must match all of text; `*` and `?` match any
   character, also '/'. */
bool sp_glob_match(sp_bytes pattern, sp_bytes text);

/* Matches as Dir.glob does, folder by folder: `**` in place of a folder matches any number of
   folders; a name that begins with '.' is matched only by a pattern that begins with '.'. */
bool sp_glob_match_path(sp_bytes pattern, sp_bytes path);

#endif
