// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Pinned results: documents that the site puts first for a query. The index stores the pins in its
 * metadata (SP_META_PINS). The weight of a pinned document is greater than any sum of word weights,
 * so an ordinary search gives the right order, pages and counts.
 */
#ifndef SIGNPOST_ENGINE_QUERY_PINS_H
#define SIGNPOST_ENGINE_QUERY_PINS_H

#include "plan.h"

/* Finds the targets pinned for the query's words; none unless the query is plain text. packed: the
   value of SP_META_PINS, from which *out borrows. */
enum sp_status sp_pinned_find(sp_bytes packed, const sp_query *query, sp_arena *arena,
                              sp_pinned *out, sp_error *err) SP_MUST_CHECK;

/* Adds the pinned documents to the plan's tree that is shown first: `all` if a search finds a
   document with every word, else `any`. If the plan is mixed, `any` is shown and gets them, and
   `all`, which is counted, gets them too unless it is empty. timeout_us: 0 for no limit. */
enum sp_status sp_pinned_place(xc_reader *reader, uint64_t timeout_us, sp_plan *plan,
                               sp_error *err) SP_MUST_CHECK;

/* Whether a document with this weight is pinned; subtracts the weight of the pin. */
bool sp_pinned_weight(double *weight);

#endif
