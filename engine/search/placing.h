// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Places a resource below the pages that mention it, if the resource says no word of the query
 * itself.
 *
 * A resource inherits the words around its links. It is shorter than the page, so these words can
 * give it a higher score than the page that says them. A reader who asks for these words wants the
 * page first. The hits are searched for in blocks of SP_BLOCK absolute ranks, and a resource moves
 * within its block, so the second page of an answer continues where the first one ended.
 */
#ifndef SIGNPOST_ENGINE_SEARCH_PLACING_H
#define SIGNPOST_ENGINE_SEARCH_PLACING_H

#include "search_private.h"

#define SP_BLOCK 10

/* Notes the part of the answer that the request asked for in state->shown, and widens the answer's
   offset and limit to whole blocks and one hit more. Call it after the plan is made. */
void sp_placing_widen(struct sp_search_state *state);

/* Drops the hit that was searched for only to learn whether more hits follow. Call it before hits
   are added to the answer. */
void sp_placing_peek(const struct sp_search_state *state, struct sp_groups *groups);

/* Moves the resources of each block, removes the hits that were not asked for, sets answer->more,
   and restores the answer's offset and limit. */
enum sp_status sp_placing_finish(const struct sp_search_state *state) SP_MUST_CHECK;

#endif
