// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Calendar and time zones: conversions between dates and seconds since 1970.
 *
 * A zone is a table of its offsets from 1900 to 2100; later years have the last offset, without
 * summer time. sp_zone_load makes it once with the C library's zone functions. Later conversions
 * use neither the environment nor those functions, so any thread may use a zone.
 */
#ifndef SIGNPOST_INDEXER_SITE_ZONE_H
#define SIGNPOST_INDEXER_SITE_ZONE_H

#include "date.h"

/* Conversions from and to seconds since 1970, in UTC. */
int64_t sp_civil_seconds(const sp_civil *civil);
sp_civil sp_civil_of_seconds(int64_t seconds);

/* Returns the day of the week, from 1 (Monday) to 7. */
int sp_civil_weekday(const sp_civil *civil);

/* Returns the day of the year, from 1 to 366. */
int sp_civil_day_of_year(const sp_civil *civil);

/* Returns the week of ISO 8601, and sets *year to the year of that week. */
int sp_civil_week(const sp_civil *civil, int64_t *year);

typedef struct sp_zone {
    struct sp_zone_span *spans; /* ascending; earlier times have the offset of the first */
    size_t count;
} sp_zone;

/* Loads a zone. name: as for TZ, such as "Europe/Paris" or "UTC"; NULL is the system's zone. A name
   that the system does not know means UTC, as in Ruby. The memory comes from arena. Sets TZ while
   it runs, so call this before threads start. */
enum sp_status sp_zone_load(const char *name, sp_arena *arena, sp_zone *zone,
                            sp_error *err) SP_MUST_CHECK;

/* Returns the zone's offset from UTC, in seconds, at `instant`, which is in seconds since 1970. */
int32_t sp_zone_offset(const sp_zone *zone, int64_t instant);

/* Returns the instant at which clocks of the zone show `local` (from sp_civil_seconds). Of two such
   instants in autumn, returns the earlier. For a time that clocks skip in spring, returns the
   instant at which they show one hour more. */
int64_t sp_zone_instant(const sp_zone *zone, int64_t local);

#endif
