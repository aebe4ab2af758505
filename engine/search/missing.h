// SPDX-License-Identifier: GPL-2.0-or-later
/* Lists the parts of the query that a hit does not contain; for search.c. */
#ifndef SIGNPOST_ENGINE_SEARCH_MISSING_H
#define SIGNPOST_ENGINE_SEARCH_MISSING_H

#include "passages.h"
#include "search_private.h"

/* Fills hit->missing, with memory from the answer's arena. `matches` are the matches in the record
   of the document. partial: at least one part of the query does not match it. */
enum sp_status sp_missing_list(struct sp_search_state *search, uint32_t docid,
                               const sp_record *record, const sp_matches *matches, bool partial,
                               sp_hit *hit) SP_MUST_CHECK;

#endif
