// SPDX-License-Identifier: GPL-2.0-or-later
/* Explains a hit of a search; see signpost/explain.h. */
#ifndef SIGNPOST_ENGINE_SEARCH_EXPLAIN_H
#define SIGNPOST_ENGINE_SEARCH_EXPLAIN_H

#include "search_private.h"

#include <signpost/explain.h>

/* Sets hit->explanation, with memory from the answer's arena. The plan must have been made with
   `explain`; record and matches are the hit's. pairs: the tree that found the hit includes the
   bonus for pairs. */
enum sp_status sp_explain_hit(struct sp_search_state *search, const xc_hit *found,
                              const sp_record *record, const sp_matches *matches, bool pairs,
                              sp_hit *hit, sp_error *err) SP_MUST_CHECK;

#endif
