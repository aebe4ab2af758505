// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Dates and time zones: what people write into front matter, read as Ruby's Time.parse reads it.
 *
 * A zone is a table of its offsets from 1900 to 2100 (the last one holds for ever: no summer time
 * after that), made once by asking the C library; nothing
 * afterwards touches the environment or the library's own zone, so zones may be used by any number
 * of threads.
 */
#ifndef SIGNPOST_INDEXER_SITE_DATE_H
#define SIGNPOST_INDEXER_SITE_DATE_H

#include <signpost/arena.h>

/* A date as a clock on a wall shows it. */
typedef struct sp_civil {
    int64_t year;
    int month, day, hour, minute, second; /* month and day from 1 */
} sp_civil;

typedef struct sp_date {
    sp_civil civil;  /* need not be normal: February 30 is March 2 */
    bool has_zone;   /* offset says where the clock hangs; else it is the site's */
    int32_t offset;  /* seconds east of Greenwich */
    bool iso, exact; /* written as YYYY-MM-DD; with seconds */
} sp_date;

/* Reads 2018-04-10, 2018/4/10, 10.4.2018, 20180410, "10 April 2018", "Apr 10, 2018", each with or
   without a time (10:00, 10:00:00.5, 3pm) and a zone (Z, +02:00, -0500, EST). False when there is
   no date in it, or one that cannot be (month 13). */
bool sp_date_parse(sp_bytes text, sp_date *out);

/* Seconds since 1970 of a clock in Greenwich. */
int64_t sp_civil_seconds(const sp_civil *civil);
sp_civil sp_civil_of_seconds(int64_t seconds);

/* 1 (Monday) to 7. */
int sp_civil_weekday(const sp_civil *civil);
/* 1 to 366. */
int sp_civil_day_of_year(const sp_civil *civil);
/* ISO 8601: the week, and the year that it belongs to. */
int sp_civil_week(const sp_civil *civil, int64_t *year);

typedef struct sp_zone {
    struct sp_zone_span *spans; /* ascending; the first holds for all time before it too */
    size_t count;
} sp_zone;

/* name is as for TZ: "Europe/Paris", "UTC"; NULL is the machine's own zone. A name that the system
   does not know is UTC, as for Ruby. Memory from arena. Sets TZ and puts it back. */
enum sp_status sp_zone_load(const char *name, sp_arena *arena, sp_zone *zone,
                            sp_error *err) SP_MUST_CHECK;

int32_t sp_zone_offset(const sp_zone *zone, int64_t instant);

/* What instant it is when the clocks of the zone show `local` (sp_civil_seconds): the earlier one
   of two, and in the hour that is left out in spring the one an hour later. */
int64_t sp_zone_instant(const sp_zone *zone, int64_t local);

#endif
