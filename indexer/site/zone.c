// SPDX-License-Identifier: GPL-2.0-or-later
#include "zone.h"

#include "engine/base/bound.h"

#include <stdlib.h>
#include <time.h>

#define DAY INT64_C(86400)
#define FIRST_PROBE (-INT64_C(2208988800)) /* 1900 */
#define LAST_PROBE INT64_C(4102444800)     /* 2100 */
#define PROBE_STEP (21 * DAY)              /* shorter than the shortest summer time of any zone */

struct sp_zone_span {
    int64_t from;
    int32_t offset;
};

static int64_t
floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Days from 1970 to the first day of a month. The computation starts years in March, so that the
   leap day is the last day of a year. */
static int64_t
days_before_month(int64_t year, int month)
{
    int64_t from_march = year - (month <= 2);
    int64_t months = (month + 9) % 12;
    int64_t leaps =
        floor_divide(from_march, 4) - floor_divide(from_march, 100) + floor_divide(from_march, 400);
    return 365 * from_march + leaps + (153 * months + 2) / 5 - 719468;
}

int64_t
sp_civil_seconds(const sp_civil *civil)
{
    int64_t days = days_before_month(civil->year, civil->month) + civil->day - 1;
    return days * DAY + civil->hour * 3600 + civil->minute * 60 + civil->second;
}

sp_civil
sp_civil_of_seconds(int64_t seconds)
{
    int64_t days = floor_divide(seconds, DAY);
    int rest = (int)(seconds - days * DAY);
    int64_t year = 1970 + floor_divide(days * 400, 146097); /* off by one year at most */
    while (days_before_month(year, 1) > days)
        year--;
    while (days_before_month(year + 1, 1) <= days)
        year++;
    int month = 12;
    while (days_before_month(year, month) > days)
        month--;
    return (sp_civil){.year = year,
                      .month = month,
                      .day = (int)(days - days_before_month(year, month)) + 1,
                      .hour = rest / 3600,
                      .minute = rest / 60 % 60,
                      .second = rest % 60};
}

static int64_t
days_of(const sp_civil *civil)
{
    return days_before_month(civil->year, civil->month) + civil->day - 1;
}

int
sp_civil_weekday(const sp_civil *civil)
{
    int64_t days = days_of(civil) + 3; /* 1970 began on a Thursday */
    return (int)(days - 7 * floor_divide(days, 7)) + 1;
}

int
sp_civil_day_of_year(const sp_civil *civil)
{
    return (int)(days_of(civil) - days_before_month(civil->year, 1)) + 1;
}

int
sp_civil_week(const sp_civil *civil, int64_t *year)
{
    /* A week belongs to the year of its Thursday. */
    int64_t thursday = days_of(civil) + 4 - sp_civil_weekday(civil);
    sp_civil date_of_thursday = sp_civil_of_seconds(thursday * DAY);
    *year = date_of_thursday.year;
    return (sp_civil_day_of_year(&date_of_thursday) - 1) / 7 + 1;
}

static int32_t
offset_by_library(int64_t instant)
{
    time_t t = (time_t)instant;
    struct tm tm;
    if (!localtime_r(&t, &tm))
        return 0;
    sp_civil civil = {.year = tm.tm_year + INT64_C(1900),
                      .month = tm.tm_mon + 1,
                      .day = tm.tm_mday,
                      .hour = tm.tm_hour,
                      .minute = tm.tm_min,
                      .second = tm.tm_sec};
    return (int32_t)(sp_civil_seconds(&civil) - instant);
}

/* The first instant in (low, high] at which the offset differs from the one at low. */
static int64_t
find_change(int64_t low, int64_t high, int32_t offset)
{
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (offset_by_library(middle) == offset)
            low = middle;
        else
            high = middle;
    }
    return high;
}

static bool
add_span(sp_arena *arena, sp_zone *zone, size_t *capacity, int64_t from, int32_t offset)
{
    struct sp_zone_span *spans =
        sp_arena_grow(arena, zone->spans, capacity, zone->count + 1, sizeof *spans);
    if (!spans)
        return false;
    zone->spans = spans;
    spans[zone->count++] = (struct sp_zone_span){from, offset};
    return true;
}

static void
probe(sp_arena *arena, sp_zone *zone)
{
    size_t capacity = 0;
    int32_t offset = offset_by_library(FIRST_PROBE);
    if (!add_span(arena, zone, &capacity, FIRST_PROBE, offset))
        return;
    for (int64_t at = FIRST_PROBE; at < LAST_PROBE; at += PROBE_STEP) {
        int32_t next = offset_by_library(at + PROBE_STEP);
        if (next == offset)
            continue;
        int64_t from = find_change(at, at + PROBE_STEP, offset);
        if (!add_span(arena, zone, &capacity, from, next))
            return;
        offset = next;
    }
}

/* Whether the name is that of a file inside the C library's zone folder: the library opens any file
   that TZ names. */
static bool
is_safe_zone_name(const char *name)
{
    size_t len = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/");
    return name[0] != '/' && name[len] == '\0' && len < 64;
}

enum sp_status
sp_zone_load(const char *name, sp_arena *arena, sp_zone *zone, sp_error *err)
{
    *zone = (sp_zone){0};
    const char *current = getenv("TZ");
    if (name && !is_safe_zone_name(name))
        name = "UTC";
    SP_AUTO(sp_str_done) sp_str before = {0};
    if (current)
        sp_str_append_text(&before, current);
    if (sp_str_check(&before, err) != SP_OK)
        return SP_NO_MEMORY;
    if (name && setenv("TZ", name, 1) != 0)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    tzset();
    probe(arena, zone);
    if (name && current)
        setenv("TZ", before.data, 1);
    else if (name)
        unsetenv("TZ");
    tzset();
    return sp_arena_check(arena, err);
}

static bool
begins_at_or_before(const void *items, size_t index, const void *key)
{
    return ((const struct sp_zone_span *)items)[index].from <= *(const int64_t *)key;
}

int32_t
sp_zone_offset(const sp_zone *zone, int64_t instant)
{
    size_t after = sp_lower_bound(zone->spans, zone->count, begins_at_or_before, &instant);
    if (zone->count == 0)
        return 0;
    return zone->spans[after > 0 ? after - 1 : 0].offset; /* earlier times have the first offset */
}

int64_t
sp_zone_instant(const sp_zone *zone, int64_t local)
{
    int32_t before = sp_zone_offset(zone, local - DAY);
    int32_t after = sp_zone_offset(zone, local + DAY);
    if (sp_zone_offset(zone, local - before) == before)
        return local - before;
    return sp_zone_offset(zone, local - after) == after ? local - after : local - before;
}
