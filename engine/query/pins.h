// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Pinned results: documents that the site's own file puts first for a query. The index has them in
 * its metadata (SP_META_PINS); their weight is above what any words weigh, so that order, pages and
 * counts are the search's own.
 */
#ifndef SIGNPOST_ENGINE_QUERY_PINS_H
#define SIGNPOST_ENGINE_QUERY_PINS_H

#include "plan.h"

/* Finds what the pins have for the query's words; nothing when that is no plain text. packed: as
   SP_META_PINS has them. *out lasts as long as packed and the arena. */
enum sp_status sp_pinned_find(sp_bytes packed, const sp_query *query, sp_arena *arena,
                              sp_pinned *out, sp_error *err) SP_MUST_CHECK;

/* Puts the plan's pinned documents among those of its other trees that are shown first: those with
   every word, if there are any, which is looked up. timeout_us: 0 for none. */
enum sp_status sp_pinned_place(xc_reader *reader, uint64_t timeout_us, sp_plan *plan,
                               sp_error *err) SP_MUST_CHECK;

/* Whether a document of that weight is pinned, and its weight without that. */
bool sp_pinned_weight(double *weight);

#endif
