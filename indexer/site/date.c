// SPDX-License-Identifier: GPL-2.0-or-later
#include "date.h"

#include <signpost/ascii.h>
#include <signpost/months.h>

#define MAX_NUMBERS 3

struct number {
    int64_t value;
    size_t digits;
};

/* The rest of the text, and what was found in the text before it. */
struct date_parser {
    sp_bytes rest;
    struct number numbers[MAX_NUMBERS];
    size_t count;
    int month; /* by name; 0 if none */
    char separator;
    bool has_time, impossible;
    sp_date *date;
};

static char
peek(const struct date_parser *parser)
{
    return parser->rest.len > 0 ? parser->rest.data[0] : '\0';
}

static void
skip(struct date_parser *parser, size_t count)
{
    parser->rest = sp_bytes_slice(parser->rest, count, parser->rest.len);
}

static void
skip_blanks(struct date_parser *parser)
{
    while (peek(parser) == ' ' || peek(parser) == '\t')
        skip(parser, 1);
}

static struct number
parse_number(struct date_parser *parser)
{
    struct number number = {0};
    for (; sp_ascii_is_digit(peek(parser)); skip(parser, 1), number.digits++) {
        if (number.digits < 15)
            number.value = number.value * 10 + (peek(parser) - '0');
    }
    return number;
}

static sp_bytes
parse_word(struct date_parser *parser)
{
    size_t len = 0;
    while (len < parser->rest.len && sp_ascii_is_letter(parser->rest.data[len]))
        len++;
    sp_bytes word = sp_bytes_slice(parser->rest, 0, len);
    skip(parser, len);
    return word;
}

/* Returns 0 for AM and 1 for PM, and skips the word. Otherwise returns -1 and skips nothing. */
static int
parse_meridian(struct date_parser *parser)
{
    struct date_parser ahead = *parser;
    skip_blanks(&ahead);
    sp_bytes word = parse_word(&ahead);
    bool am = sp_bytes_equal_ascii_case(word, SP_LITERAL("am"));
    if (!am && !sp_bytes_equal_ascii_case(word, SP_LITERAL("pm")))
        return -1;
    parser->rest = ahead.rest;
    return am ? 0 : 1;
}

static void
set_hour(struct date_parser *parser, int64_t hour, int meridian)
{
    if (meridian >= 0) {
        parser->impossible |= hour < 1 || hour > 12;
        hour = hour % 12 + 12 * meridian;
    }
    parser->date->civil.hour = (int)(hour <= 24 ? hour : 99);
    parser->has_time = true;
}

static void
set_zone(struct date_parser *parser, int64_t seconds)
{
    parser->date->has_zone = true;
    parser->date->offset = (int32_t)seconds;
}

static bool
parse_zone_name(struct date_parser *parser)
{
    static const struct {
        const char *name;
        int hours;
    } zones[] = {{"z", 0},    {"utc", 0},  {"gmt", 0},  {"ut", 0},   {"est", -5}, {"edt", -4},
                 {"cst", -6}, {"cdt", -5}, {"mst", -7}, {"mdt", -6}, {"pst", -8}, {"pdt", -7},
                 {"bst", 1},  {"cet", 1},  {"cest", 2}, {"eet", 2},  {"eest", 3}, {"jst", 9}};
    struct date_parser ahead = *parser;
    sp_bytes word = parse_word(&ahead);
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        if (sp_bytes_equal_ascii_case(word, sp_bytes_of(zones[i].name))) {
            parser->rest = ahead.rest;
            set_zone(parser, zones[i].hours * 3600);
            return true;
        }
    }
    return false;
}

static void
parse_zone_offset(struct date_parser *parser)
{
    int sign = peek(parser) == '-' ? -1 : 1;
    skip(parser, 1);
    struct number hours = parse_number(parser);
    struct number minutes = {0};
    if (hours.digits > 2) { /* 0530 */
        minutes.value = hours.value % 100;
        hours.value /= 100;
    } else if (peek(parser) == ':') {
        skip(parser, 1);
        minutes = parse_number(parser);
    }
    parser->impossible |= hours.value > 23 || minutes.value > 59;
    set_zone(parser, parser->impossible ? 0 : sign * (hours.value * 3600 + minutes.value * 60));
}

static void
parse_zone(struct date_parser *parser)
{
    skip_blanks(parser);
    if (parse_zone_name(parser))
        return;
    bool sign = peek(parser) == '+' || peek(parser) == '-';
    if (sign && parser->rest.len > 1 && sp_ascii_is_digit(parser->rest.data[1]))
        parse_zone_offset(parser);
}

/* Parses the time from the colon after the hour. */
static void
parse_time(struct date_parser *parser, struct number hour)
{
    skip(parser, 1);
    struct number minute = parse_number(parser);
    struct number second = {0};
    if (peek(parser) == ':') {
        skip(parser, 1);
        second = parse_number(parser);
        parser->date->exact = second.digits > 0;
        if (peek(parser) == '.' || peek(parser) == ',') {
            skip(parser, 1);
            parse_number(parser);
        }
    }
    parser->impossible |= minute.value > 59 || second.value > 60 || hour.digits > 2;
    parser->date->civil.minute = (int)(minute.value % 60);
    parser->date->civil.second = (int)(second.value % 61);
    set_hour(parser, hour.value, parse_meridian(parser));
    parse_zone(parser);
}

static void
parse_digits(struct date_parser *parser)
{
    struct number number = parse_number(parser);
    if (peek(parser) == ':' && !parser->has_time) {
        parse_time(parser, number);
        return;
    }
    int meridian = number.digits <= 2 ? parse_meridian(parser) : -1;
    if (meridian >= 0) {
        set_hour(parser, number.value, meridian);
        parse_zone(parser);
        return;
    }
    if (parser->count == 0)
        parser->separator = peek(parser);
    if (parser->count < MAX_NUMBERS)
        parser->numbers[parser->count++] = number;
    if (parser->rest.len > 1 && sp_ascii_is_letter(peek(parser)) && parser->rest.data[0] != 'T' &&
        parser->rest.data[0] != 't')
        parse_word(parser); /* 1st, 2nd, 3rd */
}

static void
parse_month(struct date_parser *parser)
{
    sp_bytes word = parse_word(parser);
    if (word.len == 1 || word.len == 0)
        return; /* the T between date and time */
    for (int i = 0; i < 12; i++) {
        sp_bytes month = sp_bytes_of(sp_month_names[i]);
        bool is_short = word.len == 3 || (word.len == 4 && i == 8);
        if (is_short)
            month = sp_bytes_slice(month, 0, word.len);
        if (sp_bytes_equal_ascii_case(word, month))
            parser->month = i + 1;
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
set_day(struct date_parser *parser, struct number year, int64_t month, int64_t day)
{
    sp_civil *civil = &parser->date->civil;
    if (month < 1 || month > 12 || day < 1 || day > 31 || year.value > 9999)
        return false;
    civil->year = year_of(year);
    civil->month = (int)month;
    civil->day = (int)day;
    return true;
}

static bool
resolve_named(struct date_parser *parser)
{
    struct number a = parser->numbers[0], b = parser->numbers[1];
    if (parser->count < 2)
        return false;
    if (a.digits > 2)
        return set_day(parser, a, parser->month, b.value);
    return set_day(parser, b, parser->month, a.value);
}

static bool
resolve_numbers(struct date_parser *parser)
{
    struct number a = parser->numbers[0], b = parser->numbers[1], c = parser->numbers[2];
    if (parser->count == 1 && a.digits == 8)
        return set_day(parser, (struct number){a.value / 10000, 4}, a.value / 100 % 100,
                       a.value % 100);
    if (parser->count == 1 && a.digits == 4)
        return set_day(parser, a, 1, 1);
    if (parser->count == 2 && a.digits == 4)
        return set_day(parser, a, b.value, 1);
    if (parser->count != 3)
        return false;
    if (a.digits <= 2 && c.digits > 2)
        return set_day(parser, c, b.value, a.value);
    parser->date->iso = a.digits == 4 && parser->separator == '-';
    return set_day(parser, a, b.value, c.value);
}

bool
sp_date_parse(sp_bytes text, sp_date *out)
{
    sp_date date = {0};
    struct date_parser parser = {.rest = sp_bytes_trim(text), .date = &date};
    while (parser.rest.len > 0 && !parser.impossible) {
        if (sp_ascii_is_digit(peek(&parser)))
            parse_digits(&parser);
        else if (sp_ascii_is_letter(peek(&parser)))
            parse_month(&parser);
        else
            skip(&parser, 1);
    }
    bool found = parser.month ? resolve_named(&parser) : resolve_numbers(&parser);
    const sp_civil *civil = &date.civil;
    bool past_midnight = civil->hour == 24 && (civil->minute > 0 || civil->second > 0);
    if (!found || parser.impossible || civil->hour > 24 || past_midnight)
        return false;
    *out = date;
    return true;
}

static size_t
count_digits(sp_bytes text, size_t at, size_t most)
{
    size_t count = 0;
    while (count < most && at + count < text.len && sp_ascii_is_digit(text.data[at + count]))
        count++;
    return count;
}

size_t
sp_dated_name_length(sp_bytes name)
{
    static const size_t least[] = {2, 1, 1}, most[] = {4, 2, 2};
    size_t at = 0;
    for (size_t i = 0; i < 3; i++) {
        size_t digits = count_digits(name, at, most[i]);
        at += digits;
        if (digits < least[i] || at >= name.len || name.data[at] != '-')
            return 0;
        at++;
    }
    return at - 1;
}
