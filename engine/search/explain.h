// SPDX-License-Identifier: GPL-2.0-or-later
/* Explains one hit of a search; see signpost/explain.h. */
#ifndef SIGNPOST_ENGINE_SEARCH_EXPLAIN_H
#define SIGNPOST_ENGINE_SEARCH_EXPLAIN_H

#include "search_private.h"

#include <signpost/explain.h>

/* Sets hit->explanation, in the answer's arena. The plan was made with `explain`; matches and
   record are the hit's; pairs: the tree that found it has the bonus for pairs. */
enum sp_status sp_explain_hit(struct sp_search_state *state, const xc_hit *found,
                              const sp_record *record, const sp_matches *matches, bool pairs,
                              sp_hit *hit, sp_error *err) SP_MUST_CHECK;

#endif
