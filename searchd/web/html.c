// SPDX-License-Identifier: GPL-2.0-or-later
#include "html.h"

#include <signpost/answer_json.h>
#include <signpost/ascii.h>
#include <signpost/escape.h>

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

void
sp_html_fill(sp_str *out, const char *template, const sp_bytes *values, size_t count)
{
    sp_bytes rest = sp_bytes_of(template);
    for (size_t i = 0; i < count; i++) {
        size_t hole = sp_bytes_find(rest, SP_LITERAL("{}"), 0);
        assert(hole != SIZE_MAX);
        sp_str_append(out, sp_bytes_slice(rest, 0, hole));
        sp_html_escape(out, values[i]);
        rest = sp_bytes_slice(rest, hole + 2, rest.len);
    }
    assert(sp_bytes_find(rest, SP_LITERAL("{}"), 0) == SIZE_MAX);
    sp_str_append(out, rest);
}

sp_bytes
sp_html_number(sp_arena *arena, const sp_words *words, uint32_t number)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_bytes separator = sp_words_text(words, "thousands");
    uint32_t unit = 1;
    while (number / unit >= 1000)
        unit *= 1000;
    sp_str_append_format(&text, "%" PRIu32, number / unit);
    while (unit >= 1000) {
        number %= unit;
        unit /= 1000;
        sp_str_append(&text, separator);
        sp_str_append_format(&text, "%03" PRIu32, number / unit);
    }
    return sp_arena_copy_str(arena, &text);
}

sp_bytes
sp_html_count(sp_arena *arena, const sp_words *words, const char *key, uint32_t number)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_bytes template = sp_words_plural(words, key, number);
    const sp_fill fills[] = {SP_FILL("n", sp_html_number(arena, words, number))};
    sp_words_fill_plain(&text, template, fills, 1);
    return sp_arena_copy_str(arena, &text);
}

static unsigned
two_digits(const char *text)
{
    bool digits = sp_ascii_is_digit(text[0]) && sp_ascii_is_digit(text[1]);
    return digits ? (unsigned)(text[0] - '0') * 10 + (unsigned)(text[1] - '0') : 0;
}

/* The name of a month, 1 to 12. */
static sp_bytes
month_name(const sp_words *words, unsigned month)
{
    char key[16];
    snprintf(key, sizeof key, "month-%u", month);
    return sp_words_text(words, key);
}

sp_bytes
sp_html_date(sp_arena *arena, const sp_words *words, sp_bytes date)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    char number[12];
    unsigned month = date.len == 10 ? two_digits(date.data + 5) : 0;
    unsigned day = date.len == 10 ? two_digits(date.data + 8) : 0;
    if (month < 1 || month > 12 || day == 0)
        return date;
    snprintf(number, sizeof number, "%u", day);
    const sp_fill fills[] = {SP_FILL("day", sp_bytes_of(number)),
                             SP_FILL("month", month_name(words, month)),
                             SP_FILL("year", sp_bytes_slice(date, 0, 4))};
    sp_words_fill_plain(&text, sp_words_text(words, "date"), fills, 3);
    return sp_arena_copy_str(arena, &text);
}

static bool
is_safe(sp_bytes url)
{
    return sp_bytes_starts_with(url, SP_LITERAL("/")) ||
           sp_bytes_starts_with(url, SP_LITERAL("https://")) ||
           sp_bytes_starts_with(url, SP_LITERAL("http://"));
}

static void
put_lang(sp_str *out, sp_bytes lang)
{
    if (lang.len > 0)
        SP_HTML(out, " lang=\"{}\"", lang);
}

void
sp_html_link(sp_str *out, sp_bytes url, const sp_marked *text, sp_bytes lang)
{
    bool linked = is_safe(url);
    sp_str_append_text(out, linked ? "<a dir=\"auto\"" : "<span dir=\"auto\"");
    if (linked)
        SP_HTML(out, " href=\"{}\"", url);
    put_lang(out, lang);
    sp_str_append_char(out, '>');
    sp_marked_print_html(text, out);
    sp_str_append_text(out, linked ? "</a>" : "</span>");
}

void
sp_html_text(sp_str *out, const sp_marked *text, sp_bytes lang)
{
    sp_str_append_text(out, "<p class=\"text\" dir=\"auto\"");
    put_lang(out, lang);
    sp_str_append_char(out, '>');
    sp_marked_print_html(text, out);
    sp_str_append_text(out, "</p>\n");
}
