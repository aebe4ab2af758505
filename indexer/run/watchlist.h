// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The watchlist of a run: where a change may change what the next run makes of the sites.
 *
 * That is every folder that the scans have walked, those that links lead to, the settings, and the
 * way to the sites, as far as another folder may be put in their place: the name of the site's own
 * folder, and symbolic links before it. It is not the index, which the run itself changes.
 */
#ifndef SIGNPOST_INDEXER_RUN_WATCHLIST_H
#define SIGNPOST_INDEXER_RUN_WATCHLIST_H

#include "indexer/posts/files.h"
#include "watch.h"

/* index: its path. *out and all in it is the arena's. */
enum sp_status sp_watchlist_make(const sp_files *files, const char *index, sp_arena *arena,
                                 sp_watchlist *out, sp_error *err) SP_MUST_CHECK;

#endif
