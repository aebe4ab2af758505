// SPDX-License-Identifier: GPL-2.0-or-later
/* Date bounds of a search, in the form of the index's date slot. */
#ifndef SIGNPOST_ENGINE_QUERY_DATE_BOUND_H
#define SIGNPOST_ENGINE_QUERY_DATE_BOUND_H

#include <signpost/arena.h>

/* Turns "2018-04" into "201804"; an empty date stays empty. SP_BAD_ARGUMENT for an invalid date;
   `name` is the name of the parameter, for the message. */
enum sp_status sp_date_bound(sp_bytes date, const char *name, sp_arena *arena, sp_bytes *out,
                             sp_error *err) SP_MUST_CHECK;

/* Returns an upper bound that includes all dates beginning with the given one: "2018:" sorts after
   every day of 2018. */
sp_bytes sp_date_inclusive(sp_bytes bound, sp_arena *arena);

#endif
