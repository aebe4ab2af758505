// SPDX-License-Identifier: GPL-2.0-or-later
/* Which parts of its query a hit lacks. Not for others than search.c. */
#ifndef SIGNPOST_ENGINE_SEARCH_MISSING_H
#define SIGNPOST_ENGINE_SEARCH_MISSING_H

#include "passages.h"
#include "search_private.h"

/* Lists them in `hit`, from the arena of the answer. `found` has its terms, and lacks something
   unless it is pinned; `matches` are those of its record. */
enum sp_status sp_missing_list(struct sp_search_state *state, const xc_hit *found,
                               const sp_record *record, const sp_matches *matches,
                               sp_hit *hit) SP_MUST_CHECK;

#endif
