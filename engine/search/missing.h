// SPDX-License-Identifier: GPL-2.0-or-later
/* Lists the parts of the query that a hit does not contain; for search.c. */
#ifndef SIGNPOST_ENGINE_SEARCH_MISSING_H
#define SIGNPOST_ENGINE_SEARCH_MISSING_H

#include "passages.h"
#include "search_private.h"

/* Fills hit->missing, with memory from the answer's arena. `found` must have been fetched with its
   terms; unless the hit is pinned, at least one part of the query must not match it. `matches` are
   the matches in the hit's record. */
enum sp_status sp_missing_list(struct sp_search_state *state, const xc_hit *found,
                               const sp_record *record, const sp_matches *matches,
                               sp_hit *hit) SP_MUST_CHECK;

#endif
