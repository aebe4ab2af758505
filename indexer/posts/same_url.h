// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Same URLs: which page readers get where several files of a site have the same URL. Only that page
 * is indexed.
 *
 * Jekyll writes all of them to the same file, so readers get the page that Jekyll writes last. It
 * writes pages, ordered by file name, before documents. Documents are ordered by collection (posts
 * first, then the order of the settings), then by date if both have one, then by path. tests/jekyll
 * records this. Of pages with the same file name, Jekyll writes that of the outer folder last, and
 * otherwise follows the order of the file system, for which the order of paths stands here. In a
 * plain tree, the first file by path is indexed.
 *
 * Each site is on its own: two sites of one index may have the same URLs. HTML pages and static
 * files, which are never indexed, are ignored.
 */
#ifndef SIGNPOST_INDEXER_POSTS_SAME_URL_H
#define SIGNPOST_INDEXER_POSTS_SAME_URL_H

#include "files.h"

/* Sets `overwritten` and `winner` of all files, from their URLs, times and places. */
enum sp_status sp_files_find_overwritten(sp_files *files, sp_error *err) SP_MUST_CHECK;

/* Whether the file was indexed although it is overwritten, or was not for this reason although it
   is not. */
bool sp_file_is_misjudged(const sp_file *file);
size_t sp_files_count_misjudged(const sp_files *files);

#endif
