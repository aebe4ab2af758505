// SPDX-License-Identifier: GPL-2.0-or-later
#include "permalink.h"

#include "slug.h"
#include "zone.h"

#include <signpost/ascii.h>
#include <signpost/months.h>
#include <signpost/url.h>

#include <inttypes.h>

static void
append_encoded(sp_str *out, sp_bytes text, const char *kept)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (sp_ascii_is_alphanumeric((char)c) || (c != 0 && strchr(kept, c)))
            sp_str_append_char(out, (char)c);
        else
            sp_str_append_format(out, "%%%02X", c);
    }
}

/* Appends the value of a placeholder. Keeps the characters that RFC 3986 allows in a path, and '?',
   which Jekyll fails to encode. */
static void
append_value(sp_str *out, sp_bytes value)
{
    append_encoded(out, value, "-._~!$&'()*+,;=:@/?");
}

/* Appends each category once, as its slug or in lower case. They are collected with NUL between
   them, since a category may contain slashes but no NUL. */
static void
append_categories(sp_str *out, const sp_permalink_facts *facts, bool slugified)
{
    SP_AUTO(sp_str_done) sp_str all = {0};
    sp_str_append_char(&all, '\0');
    for (size_t i = 0; i < facts->category_count; i++) {
        SP_AUTO(sp_str_done) sp_str one = {0};
        sp_str_append_char(&one, '\0');
        if (slugified)
            sp_slug_append(&one, facts->categories[i], SP_SLUG_DEFAULT);
        else
            sp_slug_append_lower(&one, facts->categories[i]);
        sp_str_append_char(&one, '\0');
        if (one.len > 2 && sp_bytes_find(sp_str_bytes(&all), sp_str_bytes(&one), 0) == SIZE_MAX)
            sp_str_append(&all, sp_bytes_slice(sp_str_bytes(&one), 1, one.len));
        all.failed |= one.failed;
    }
    out->failed |= all.failed;
    for (size_t i = 1; i + 1 < all.len; i++)
        append_value(out, all.data[i] == '\0' ? SP_LITERAL("/")
                                              : sp_bytes_slice(sp_str_bytes(&all), i, i + 1));
}

static void
append_slug(sp_str *out, sp_bytes text, enum sp_slug_mode mode)
{
    SP_AUTO(sp_str_done) sp_str slug = {0};
    sp_slug_append(&slug, text, mode);
    out->failed |= slug.failed;
    append_value(out, sp_str_bytes(&slug));
}

static bool
append_text_value(sp_str *out, sp_bytes key, const sp_permalink_facts *facts)
{
    if (sp_bytes_equal(key, SP_LITERAL("title")))
        append_slug(out, facts->slug, SP_SLUG_PRETTY);
    else if (sp_bytes_equal(key, SP_LITERAL("slug")))
        append_slug(out, facts->slug, SP_SLUG_DEFAULT);
    else if (sp_bytes_equal(key, SP_LITERAL("name")))
        append_slug(out, facts->name, SP_SLUG_DEFAULT);
    else if (sp_bytes_equal(key, SP_LITERAL("categories")))
        append_categories(out, facts, false);
    else if (sp_bytes_equal(key, SP_LITERAL("slugified_categories")))
        append_categories(out, facts, true);
    else if (sp_bytes_equal(key, SP_LITERAL("collection")))
        append_value(out, facts->collection);
    else if (sp_bytes_equal(key, SP_LITERAL("path")))
        append_value(out, facts->path);
    else if (sp_bytes_equal(key, SP_LITERAL("output_ext")))
        sp_str_append_text(out, ".html");
    else
        return false;
    return true;
}

static bool
append_name(sp_str *out, sp_bytes key, const sp_civil *date)
{
    static const char *const days[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                       "Friday", "Saturday", "Sunday"};
    sp_bytes month = sp_bytes_of(sp_month_names[date->month - 1]);
    sp_bytes day = sp_bytes_of(days[sp_civil_weekday(date) - 1]);
    if (sp_bytes_equal(key, SP_LITERAL("long_month")))
        sp_str_append(out, month);
    else if (sp_bytes_equal(key, SP_LITERAL("short_month")))
        sp_str_append(out, sp_bytes_slice(month, 0, 3));
    else if (sp_bytes_equal(key, SP_LITERAL("long_day")))
        sp_str_append(out, day);
    else if (sp_bytes_equal(key, SP_LITERAL("short_day")))
        sp_str_append(out, sp_bytes_slice(day, 0, 3));
    else
        return false;
    return true;
}

static bool
append_number(sp_str *out, sp_bytes key, const sp_civil *date)
{
    int64_t week_year = 0;
    int week = sp_civil_week(date, &week_year);
    const struct {
        const char *key;
        int width;
        int64_t value;
    } numbers[] = {
        {"year", 4, date->year},
        {"short_year", 2, date->year % 100},
        {"month", 2, date->month},
        {"i_month", 1, date->month},
        {"day", 2, date->day},
        {"i_day", 1, date->day},
        {"y_day", 3, sp_civil_day_of_year(date)},
        {"w_year", 4, week_year},
        {"week", 2, week},
        {"w_day", 1, sp_civil_weekday(date)},
        {"hour", 2, date->hour},
        {"minute", 2, date->minute},
        {"second", 2, date->second},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (sp_bytes_equal(key, sp_bytes_of(numbers[i].key))) {
            sp_str_append_format(out, "%0*" PRId64, numbers[i].width, numbers[i].value);
            return true;
        }
    }
    return false;
}

static bool
append_key(sp_str *out, sp_bytes key, const sp_permalink_facts *facts)
{
    return append_text_value(out, key, facts) || append_name(out, key, &facts->date) ||
           append_number(out, key, &facts->date);
}

bool
sp_permalink_expand(sp_bytes template, const sp_permalink_facts *facts, sp_str *out,
                    sp_bytes *unknown)
{
    size_t placeholders = 0;
    for (size_t at = 0; at < template.len;) {
        size_t end = at + 1;
        while (
            end < template.len && template.data[at] == ':' &&
            ((template.data[end] >= 'a' && template.data[end] <= 'z') || template.data[end] == '_'))
            end++;
        sp_bytes key = sp_bytes_slice(template, at + 1, end);
        if (template.data[at] != ':' || key.len == 0) {
            sp_str_append_char(out, template.data[at++]);
            continue;
        }
        at = end;
        if (out->len > SP_URL_MAX || ++placeholders > SP_PLACEHOLDERS_MAX) {
            *unknown = (sp_bytes){0};
            return false;
        }
        if (append_key(out, key, facts))
            continue;
        /* `:month_:day` contains :month and an underscore. */
        if (key.data[key.len - 1] != '_' ||
            !append_key(out, sp_bytes_slice(key, 0, key.len - 1), facts)) {
            *unknown = key;
            return false;
        }
        sp_str_append_char(out, '_');
    }
    return true;
}

void
sp_permalink_expand_page(sp_bytes template, sp_bytes folder, sp_bytes basename, sp_str *out)
{
    const struct {
        sp_bytes key, value;
    } keys[] = {{SP_LITERAL(":path"), folder},
                {SP_LITERAL(":basename"), basename},
                {SP_LITERAL(":output_ext"), SP_LITERAL(".html")}};
    for (size_t at = 0; at < template.len && out->len <= SP_URL_MAX;) {
        size_t i = 0;
        sp_bytes rest = sp_bytes_slice(template, at, template.len);
        while (i < sizeof keys / sizeof *keys && !sp_bytes_starts_with(rest, keys[i].key))
            i++;
        if (i == sizeof keys / sizeof *keys) {
            sp_str_append_char(out, template.data[at++]);
            continue;
        }
        append_value(out, keys[i].value);
        at += keys[i].key.len;
    }
}

/* Removes dot segments as Jekyll does: first replaces ".." by "/", then removes "./". */
static void
remove_dots(sp_str *out, sp_bytes url)
{
    SP_AUTO(sp_str_done) sp_str once = {0};
    sp_str_append_char(&once, '/');
    for (size_t i = 0; i < url.len; i++) {
        bool twice = url.data[i] == '.' && i + 1 < url.len && url.data[i + 1] == '.';
        sp_str_append_char(&once, twice ? '/' : url.data[i]);
        i += twice;
    }
    out->failed |= once.failed;
    for (size_t i = 0; i < once.len; i++) {
        if (once.data[i] == '.' && i + 1 < once.len && once.data[i + 1] == '/')
            i++;
        else
            sp_str_append_char(out, once.data[i]);
    }
}

void
sp_permalink_append_clean(sp_str *out, sp_bytes url)
{
    SP_AUTO(sp_str_done) sp_str plain = {0};
    SP_AUTO(sp_str_done) sp_str squeezed = {0};
    remove_dots(&plain, url);
    for (size_t i = 0; i < plain.len; i++) {
        if (plain.data[i] != '/' || i == 0 || plain.data[i - 1] != '/')
            sp_str_append_char(&squeezed, plain.data[i]);
    }
    out->failed |= plain.failed || squeezed.failed;
    append_encoded(out, sp_str_bytes(&squeezed), "-._~!$&'()*+,;=:@/?#[]%");
}
