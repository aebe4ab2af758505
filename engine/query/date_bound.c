// SPDX-License-Identifier: GPL-2.0-or-later
#include "date_bound.h"

#include <signpost/ascii.h>
#include <signpost/query.h>

/* The number of days in the month of "YYYYMM...", or 0 for an invalid month. */
static int
days_of_month(const char *digits)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int month = (digits[4] - '0') * 10 + digits[5] - '0';
    int two = (digits[2] - '0') * 10 + digits[3] - '0';
    int century = (digits[0] - '0') * 10 + digits[1] - '0';
    if (month < 1 || month > 12)
        return 0;
    bool leap = two % 4 == 0 && (two != 0 || century % 4 == 0);
    return days[month - 1] + (month == 2 && leap);
}

static bool
is_date(sp_bytes digits)
{
    if (digits.len <= 4)
        return true;
    int days = days_of_month(digits.data);
    int day = digits.len == 8 ? (digits.data[6] - '0') * 10 + digits.data[7] - '0' : 1;
    return day >= 1 && day <= days;
}

enum sp_status
sp_date_bound(sp_bytes date, const char *name, sp_arena *arena, sp_bytes *out, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str digits = {0};
    bool good = date.len == 0 || date.len == 4 || date.len == 7 || date.len == 10;
    for (size_t i = 0; good && i < date.len; i++) {
        bool dash = i == 4 || i == 7;
        good = dash ? date.data[i] == '-' : sp_ascii_is_digit(date.data[i]);
        if (good && !dash)
            sp_str_append_char(&digits, date.data[i]);
    }
    if (!good || !is_date(sp_str_bytes(&digits)))
        return sp_fail(err, SP_BAD_ARGUMENT, "%s must be YYYY, YYYY-MM or YYYY-MM-DD (got '%.*s')",
                       name, (int)(date.len < 100 ? date.len : 100), date.data);
    *out = sp_arena_copy_str(arena, &digits);
    return sp_arena_check(arena, err);
}

enum sp_status
sp_year_check(sp_bytes year, sp_error *err)
{
    bool good = year.len == 4;
    for (size_t i = 0; good && i < year.len; i++)
        good = sp_ascii_is_digit(year.data[i]);
    return good ? SP_OK
                : sp_fail(err, SP_BAD_ARGUMENT, "year must be YYYY (got '%.*s')",
                          (int)(year.len < 100 ? year.len : 100), year.data ? year.data : "");
}

sp_bytes
sp_date_inclusive(sp_bytes bound, sp_arena *arena)
{
    SP_AUTO(sp_str_done) sp_str str = {0};
    if (bound.len == 0)
        return bound;
    sp_str_append(&str, bound);
    sp_str_append_char(&str, ':');
    return sp_arena_copy_str(arena, &str);
}
