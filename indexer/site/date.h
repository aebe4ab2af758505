// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Dates: parses the dates that people write in front matter, as Ruby's Time.parse does. Pure
 * functions, for any thread. zone.h converts dates to instants.
 */
#ifndef SIGNPOST_INDEXER_SITE_DATE_H
#define SIGNPOST_INDEXER_SITE_DATE_H

#include <signpost/arena.h>

/* Date and time of day, without a time zone. */
typedef struct sp_civil {
    int64_t year;
    int month, day, hour, minute, second; /* month and day from 1 */
} sp_civil;

typedef struct sp_date {
    sp_civil civil;  /* the day may not exist: February 30 means March 2 */
    bool has_zone;   /* offset is set; else the date is in the site's zone */
    int32_t offset;  /* from UTC, in seconds; east is positive */
    bool iso, exact; /* written as YYYY-MM-DD; with seconds */
} sp_date;

/* Parses 2018-04-10, 2018/4/10, 10.4.2018, 20180410, "10 April 2018", "Apr 10, 2018", each with or
   without a time (10:00, 10:00:00.5, 3pm) and a zone (Z, +02:00, -0500, EST). Returns false if text
   contains no date or an impossible one (month 13). */
bool sp_date_parse(sp_bytes text, sp_date *out);

/* Returns the length of the date at the beginning of a file's name, or 0 if the name does not have
   the form YYYY-MM-DD-rest, with two to four digits for the year, and one or two for month and
   day. */
size_t sp_dated_name_length(sp_bytes name);

#endif
