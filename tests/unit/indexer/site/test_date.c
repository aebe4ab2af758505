// SPDX-License-Identifier: GPL-2.0-or-later
/* Dates: parsing dates as people write them, calendar arithmetic, and time zones. */
#include "harness.h"

#include "indexer/site/zone.h"

#include <stdio.h>
#include <stdlib.h>

/* Compares the parsed date with `expected`, such as "2018-04-10 10:00:00 +0200", or the same
   without the zone if the date has no zone. */
static void
assert_date(const char *text, const char *expected)
{
    sp_date date;
    SP_AUTO(sp_str_done) sp_str out = {0};
    bool found = sp_date_parse(sp_bytes_of(text), &date);
    if (found) {
        sp_civil c = sp_civil_of_seconds(sp_civil_seconds(&date.civil));
        sp_str_append_format(&out, "%04d-%02d-%02d %02d:%02d:%02d", (int)c.year, c.month, c.day,
                             c.hour, c.minute, c.second);
    }
    if (found && date.has_zone)
        sp_str_append_format(&out, " %+03d%02d", date.offset / 3600, abs(date.offset) / 60 % 60);
    if (!sp_bytes_equal(sp_str_bytes(&out), sp_bytes_of(expected)))
        fail_msg("%s gives '%s'", text, out.data ? out.data : "nothing");
}

static void
dates_are_parsed_or_rejected(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"2018-04-10", "2018-04-10 00:00:00"},
        {"2018-4-1", "2018-04-01 00:00:00"},
        {"18-4-1", "2018-04-01 00:00:00"},
        {"70-4-1", "1970-04-01 00:00:00"},
        {"2018/04/10", "2018-04-10 00:00:00"},
        {"10.4.2018", "2018-04-10 00:00:00"},
        {"04/10/2018", "2018-10-04 00:00:00"},
        {"20180410", "2018-04-10 00:00:00"},
        {"2018-02-30", "2018-03-02 00:00:00"},
        {"2018-04-10 10:00", "2018-04-10 10:00:00"},
        {"2018-04-10T10:00:01Z", "2018-04-10 10:00:01 +0000"},
        {"2018-04-10 10:00:01 -0530", "2018-04-10 10:00:01 -0530"},
        {"2018-04-10 10:00:01.25+02:00", "2018-04-10 10:00:01 +0200"},
        {"2018-04-10 10:00 PDT", "2018-04-10 10:00:00 -0700"},
        {"2018-04-10 24:00", "2018-04-11 00:00:00"},
        {"April 10, 2018", "2018-04-10 00:00:00"},
        {"10th of Apr 2018 3pm", "2018-04-10 15:00:00"},
        {"Sept 1 2018 12:30 am", "2018-09-01 00:30:00"},
        {"Tue, 10 Apr 2018 10:00:00 GMT", "2018-04-10 10:00:00 +0000"},
        {"2018", "2018-01-01 00:00:00"},
        {"2018-04", "2018-04-01 00:00:00"},
        {"2018-13-01", ""},
        {"2018-04-32", ""},
        {"2018-00-10", ""},
        {"2018-04-10 25:00", ""},
        {"2018-04-10 10:61", ""},
        {"2018-04-10 24:01", ""},
        {"next week", ""},
        {"", ""},
        {"12", ""},
        {"99999999999999999999999999", ""},
        {"2018-04-10 10:00 +99999999", ""},
        {"1-1-99999999999", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_date(cases[i][0], cases[i][1]);
}

static void
random_bytes_do_not_crash_the_parser(void **state)
{
    (void)state;
    static const char alphabet[] = "0123456789-/:. +TZapmJanuary\xFF";
    uint32_t random = 7;
    for (int round = 0; round < 100000; round++) {
        char text[40];
        size_t len = (size_t)round % sizeof text;
        for (size_t i = 0; i < len; i++) {
            random = random * 1664525u + 1013904223u;
            text[i] = alphabet[(random >> 16) % sizeof alphabet];
        }
        sp_date date;
        if (sp_date_parse((sp_bytes){text, len}, &date))
            assert_in_range(date.civil.month, 1, 12);
    }
}

static void
calendar_agrees_with_iso_8601(void **state)
{
    (void)state;
    for (int64_t day = -800000; day < 800000; day += 37) {
        sp_civil civil = sp_civil_of_seconds(day * 86400 + 3661);
        assert_int_equal(sp_civil_seconds(&civil), day * 86400 + 3661);
    }
    static const struct {
        sp_civil civil;
        int64_t week_year;
        int week, weekday, day_of_year;
    } cases[] = {
        {{.year = 2018, .month = 1, .day = 1}, 2018, 1, 1, 1},
        {{.year = 2016, .month = 1, .day = 3}, 2015, 53, 7, 3},
        {{.year = 2018, .month = 12, .day = 31}, 2019, 1, 1, 365},
        {{.year = 2020, .month = 12, .day = 31}, 2020, 53, 4, 366},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t year;
        assert_int_equal(sp_civil_week(&cases[i].civil, &year), cases[i].week);
        assert_int_equal(year, cases[i].week_year);
        assert_int_equal(sp_civil_weekday(&cases[i].civil), cases[i].weekday);
        assert_int_equal(sp_civil_day_of_year(&cases[i].civil), cases[i].day_of_year);
    }
}

static int64_t
seconds_of(int64_t year, int month, int day, int hour)
{
    return sp_civil_seconds(&(sp_civil){.year = year, .month = month, .day = day, .hour = hour});
}

static void
zones_have_offsets_and_instants(void **state)
{
    (void)state;
    sp_arena arena = {0};
    sp_zone new_york, tokyo, utc;
    sp_error err;
    setenv("TZ", "Asia/Tokyo", 1);
    assert_int_equal(sp_zone_load("America/New_York", &arena, &new_york, &err), SP_OK);
    assert_int_equal(sp_zone_load("No/Such_Zone", &arena, &utc, &err), SP_OK);
    assert_int_equal(sp_zone_load("/usr/share/zoneinfo/Asia/Tokyo", &arena, &utc, &err), SP_OK);
    assert_int_equal(sp_zone_load(NULL, &arena, &tokyo, &err), SP_OK);
    assert_string_equal(getenv("TZ"), "Asia/Tokyo");
    assert_int_equal(sp_zone_offset(&tokyo, 0), 9 * 3600);
    assert_int_equal(sp_zone_offset(&utc, 0), 0);
    assert_int_equal(sp_zone_offset(&new_york, seconds_of(2018, 3, 11, 7) - 1), -5 * 3600);
    assert_int_equal(sp_zone_offset(&new_york, seconds_of(2018, 3, 11, 7)), -4 * 3600);
    assert_int_equal(sp_zone_instant(&new_york, seconds_of(2018, 7, 1, 0)),
                     seconds_of(2018, 7, 1, 4));
    assert_int_equal(sp_zone_instant(&new_york, seconds_of(2018, 3, 11, 2)),
                     seconds_of(2018, 3, 11, 7));
    assert_int_equal(sp_zone_instant(&new_york, seconds_of(2018, 11, 4, 1)),
                     seconds_of(2018, 11, 4, 5));
    assert_int_equal(sp_zone_offset(&new_york, INT64_C(1) << 60), -5 * 3600);
    sp_arena_done(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_parsed_or_rejected),
        cmocka_unit_test(random_bytes_do_not_crash_the_parser),
        cmocka_unit_test(calendar_agrees_with_iso_8601),
        cmocka_unit_test(zones_have_offsets_and_instants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
