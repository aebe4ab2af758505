// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The watchlist of a run: the places where a change can affect the next run.
 *
 * The places are all folders that the scans have walked, folders that links lead to, the settings,
 * files of synonyms and pins, and the parts of the path to a site that can be replaced by another
 * folder: the name of the site's own folder, and symbolic links before it. The index is not in the
 * list, because the run itself changes the index.
 */
#ifndef SIGNPOST_INDEXER_RUN_WATCHLIST_H
#define SIGNPOST_INDEXER_RUN_WATCHLIST_H

#include "indexer/posts/files.h"
#include "watch.h"

/* index: the path of the index. All memory of *out comes from arena. */
enum sp_status sp_watchlist_make(const sp_files *files, const char *index, sp_arena *arena,
                                 sp_watchlist *out, sp_error *err) SP_MUST_CHECK;

#endif
