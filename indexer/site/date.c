// SPDX-License-Identifier: GPL-2.0-or-later
#include "date.h"

#include <signpost/ascii.h>
#include <signpost/months.h>

#define MAX_NUMBERS 3

struct number {
    int64_t value;
    size_t digits;
};

/* What is left of the text, and what has been found in it. */
struct reading {
    sp_bytes rest;
    struct number numbers[MAX_NUMBERS];
    size_t count;
    int month; /* by name; 0 if none */
    char separator;
    bool has_time, impossible;
    sp_date *date;
};

static char
peek(const struct reading *reading)
{
    return reading->rest.len > 0 ? reading->rest.data[0] : '\0';
}

static void
skip(struct reading *reading, size_t count)
{
    reading->rest = sp_bytes_slice(reading->rest, count, reading->rest.len);
}

static void
skip_blanks(struct reading *reading)
{
    while (peek(reading) == ' ' || peek(reading) == '\t')
        skip(reading, 1);
}

static struct number
take_number(struct reading *reading)
{
    struct number number = {0};
    for (; sp_ascii_is_digit(peek(reading)); skip(reading, 1), number.digits++) {
        if (number.digits < 15)
            number.value = number.value * 10 + (peek(reading) - '0');
    }
    return number;
}

static sp_bytes
take_word(struct reading *reading)
{
    size_t len = 0;
    while (len < reading->rest.len && sp_ascii_is_letter(reading->rest.data[len]))
        len++;
    sp_bytes word = sp_bytes_slice(reading->rest, 0, len);
    skip(reading, len);
    return word;
}

/* -1 for none, 0 for AM, 1 for PM; the word is taken only if it is one of them. */
static int
take_meridian(struct reading *reading)
{
    struct reading ahead = *reading;
    skip_blanks(&ahead);
    sp_bytes word = take_word(&ahead);
    bool am = sp_bytes_equal_ascii_case(word, SP_LITERAL("am"));
    if (!am && !sp_bytes_equal_ascii_case(word, SP_LITERAL("pm")))
        return -1;
    reading->rest = ahead.rest;
    return am ? 0 : 1;
}

static void
set_hour(struct reading *reading, int64_t hour, int meridian)
{
    if (meridian >= 0) {
        reading->impossible |= hour < 1 || hour > 12;
        hour = hour % 12 + 12 * meridian;
    }
    reading->date->civil.hour = (int)(hour <= 24 ? hour : 99);
    reading->has_time = true;
}

static void
set_zone(struct reading *reading, int64_t seconds)
{
    reading->date->has_zone = true;
    reading->date->offset = (int32_t)seconds;
}

static bool
take_zone_name(struct reading *reading)
{
    static const struct {
        const char *name;
        int hours;
    } zones[] = {{"z", 0},    {"utc", 0},  {"gmt", 0},  {"ut", 0},   {"est", -5}, {"edt", -4},
                 {"cst", -6}, {"cdt", -5}, {"mst", -7}, {"mdt", -6}, {"pst", -8}, {"pdt", -7},
                 {"bst", 1},  {"cet", 1},  {"cest", 2}, {"eet", 2},  {"eest", 3}, {"jst", 9}};
    struct reading ahead = *reading;
    sp_bytes word = take_word(&ahead);
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        if (sp_bytes_equal_ascii_case(word, sp_bytes_of(zones[i].name))) {
            reading->rest = ahead.rest;
            set_zone(reading, zones[i].hours * 3600);
            return true;
        }
    }
    return false;
}

static void
take_zone_offset(struct reading *reading)
{
    int sign = peek(reading) == '-' ? -1 : 1;
    skip(reading, 1);
    struct number hours = take_number(reading);
    struct number minutes = {0};
    if (hours.digits > 2) { /* 0530 */
        minutes.value = hours.value % 100;
        hours.value /= 100;
    } else if (peek(reading) == ':') {
        skip(reading, 1);
        minutes = take_number(reading);
    }
    reading->impossible |= hours.value > 23 || minutes.value > 59;
    set_zone(reading, reading->impossible ? 0 : sign * (hours.value * 3600 + minutes.value * 60));
}

static void
take_zone(struct reading *reading)
{
    skip_blanks(reading);
    if (take_zone_name(reading))
        return;
    bool sign = peek(reading) == '+' || peek(reading) == '-';
    if (sign && reading->rest.len > 1 && sp_ascii_is_digit(reading->rest.data[1]))
        take_zone_offset(reading);
}

/* After the hour, at its colon. */
static void
take_time(struct reading *reading, struct number hour)
{
    skip(reading, 1);
    struct number minute = take_number(reading);
    struct number second = {0};
    if (peek(reading) == ':') {
        skip(reading, 1);
        second = take_number(reading);
        reading->date->exact = second.digits > 0;
        if (peek(reading) == '.' || peek(reading) == ',') {
            skip(reading, 1);
            take_number(reading);
        }
    }
    reading->impossible |= minute.value > 59 || second.value > 60 || hour.digits > 2;
    reading->date->civil.minute = (int)(minute.value % 60);
    reading->date->civil.second = (int)(second.value % 61);
    set_hour(reading, hour.value, take_meridian(reading));
    take_zone(reading);
}

static void
take_digits(struct reading *reading)
{
    struct number number = take_number(reading);
    if (peek(reading) == ':' && !reading->has_time) {
        take_time(reading, number);
        return;
    }
    int meridian = number.digits <= 2 ? take_meridian(reading) : -1;
    if (meridian >= 0) {
        set_hour(reading, number.value, meridian);
        take_zone(reading);
        return;
    }
    if (reading->count == 0)
        reading->separator = peek(reading);
    if (reading->count < MAX_NUMBERS)
        reading->numbers[reading->count++] = number;
    if (reading->rest.len > 1 && sp_ascii_is_letter(peek(reading)) &&
        reading->rest.data[0] != 'T' && reading->rest.data[0] != 't')
        take_word(reading); /* 1st, 2nd, 3rd */
}

static void
take_month(struct reading *reading)
{
    sp_bytes word = take_word(reading);
    if (word.len == 1 || word.len == 0)
        return; /* the T between date and time */
    for (int i = 0; i < 12; i++) {
        sp_bytes month = sp_bytes_of(sp_month_names[i]);
        bool is_short = word.len == 3 || (word.len == 4 && i == 8);
        if (is_short)
            month = sp_bytes_slice(month, 0, word.len);
        if (sp_bytes_equal_ascii_case(word, month))
            reading->month = i + 1;
    }
}

static int64_t
year_of(struct number number)
{
    if (number.digits > 2)
        return number.value;
    return number.value + (number.value < 69 ? 2000 : 1900);
}

static bool
set_day(struct reading *reading, struct number year, int64_t month, int64_t day)
{
    sp_civil *civil = &reading->date->civil;
    if (month < 1 || month > 12 || day < 1 || day > 31 || year.value > 9999)
        return false;
    civil->year = year_of(year);
    civil->month = (int)month;
    civil->day = (int)day;
    return true;
}

static bool
resolve_named(struct reading *reading)
{
    struct number a = reading->numbers[0], b = reading->numbers[1];
    if (reading->count < 2)
        return false;
    if (a.digits > 2)
        return set_day(reading, a, reading->month, b.value);
    return set_day(reading, b, reading->month, a.value);
}

static bool
resolve_numbers(struct reading *reading)
{
    struct number a = reading->numbers[0], b = reading->numbers[1], c = reading->numbers[2];
    if (reading->count == 1 && a.digits == 8)
        return set_day(reading, (struct number){a.value / 10000, 4}, a.value / 100 % 100,
                       a.value % 100);
    if (reading->count == 1 && a.digits == 4)
        return set_day(reading, a, 1, 1);
    if (reading->count == 2 && a.digits == 4)
        return set_day(reading, a, b.value, 1);
    if (reading->count != 3)
        return false;
    if (a.digits <= 2 && c.digits > 2)
        return set_day(reading, c, b.value, a.value);
    reading->date->iso = a.digits == 4 && reading->separator == '-';
    return set_day(reading, a, b.value, c.value);
}

bool
sp_date_parse(sp_bytes text, sp_date *out)
{
    sp_date date = {0};
    struct reading reading = {.rest = sp_bytes_trim(text), .date = &date};
    while (reading.rest.len > 0 && !reading.impossible) {
        if (sp_ascii_is_digit(peek(&reading)))
            take_digits(&reading);
        else if (sp_ascii_is_letter(peek(&reading)))
            take_month(&reading);
        else
            skip(&reading, 1);
    }
    bool found = reading.month ? resolve_named(&reading) : resolve_numbers(&reading);
    const sp_civil *civil = &date.civil;
    bool past_midnight = civil->hour == 24 && (civil->minute > 0 || civil->second > 0);
    if (!found || reading.impossible || civil->hour > 24 || past_midnight)
        return false;
    *out = date;
    return true;
}
