// SPDX-License-Identifier: GPL-2.0-or-later
/* Dates that narrow a search, as the index's value slots have them. */
#ifndef SIGNPOST_ENGINE_QUERY_DATE_BOUND_H
#define SIGNPOST_ENGINE_QUERY_DATE_BOUND_H

#include <signpost/arena.h>

/* "2018-04" as "201804", empty for empty. SP_BAD_ARGUMENT for what is no date; name is what it is
   called there. */
enum sp_status sp_date_bound(sp_bytes date, const char *name, sp_arena *arena, sp_bytes *out,
                             sp_error *err) SP_MUST_CHECK;

/* An upper bound that takes in all that begins with it: "2018:" sorts behind every day of 2018. */
sp_bytes sp_date_inclusive(sp_bytes bound, sp_arena *arena);

#endif
