// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Globs as in the two functions of Ruby that Jekyll uses: `*`, `?`, `[a-z]`, `[!a]` and backslash.
 * Bytes that are not UTF-8 match themselves.
 *
 * Time can be proportional to the product of the lengths of pattern and text, and settings can have
 * thousands of patterns. So the caller sets a limit, *steps, for comparing one path with all
 * patterns. Each comparison takes steps from it. A comparison that uses up the steps matches
 * nothing; then nothing matches any more, and the caller reports the path.
 */
#ifndef SIGNPOST_INDEXER_SITE_GLOB_H
#define SIGNPOST_INDEXER_SITE_GLOB_H

#include <signpost/text.h>

/* Steps for one path: some 10 ms. */
#define SP_GLOB_STEPS UINT64_C(2000000)

/* Takes steps. Returns false, and leaves none, unless more than these are left. */
bool sp_glob_take(uint64_t *steps, uint64_t taken);

/* The beginning of a pattern up to its first special character: each text that the pattern matches
   begins with it. */
sp_bytes sp_glob_literal(sp_bytes pattern);

/* A part of the pattern that each text contains which the pattern matches; "" if none is known. The
   part is within one name of a path. */
sp_bytes sp_glob_needle(sp_bytes pattern);

/* Matches as File.fnmatch does: the pattern must match all of text; `*` and `?` match any
   character, also '/'. */
bool sp_glob_match(sp_bytes pattern, sp_bytes text, uint64_t *steps);

/* Matches as Dir.glob does, folder by folder: `**` in place of a folder matches any number of
   folders; a name that begins with '.' is matched only by a pattern that begins with '.'. */
bool sp_glob_match_path(sp_bytes pattern, sp_bytes path, uint64_t *steps);

#endif
