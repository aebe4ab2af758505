// SPDX-License-Identifier: GPL-2.0-or-later
#include "html.h"

#include <signpost/answer_json.h>
#include <signpost/ascii.h>
#include <signpost/escape.h>
#include <signpost/months.h>

#include <assert.h>

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
sp_html_number(sp_arena *arena, uint32_t number)
{
    char text[16];
    size_t start = sizeof text, digits = 0;
    do {
        if (digits > 0 && digits % 3 == 0)
            text[--start] = ',';
        text[--start] = (char)('0' + number % 10);
        digits++;
    } while ((number /= 10) > 0);
    return sp_arena_copy(arena, (sp_bytes){text + start, sizeof text - start});
}

sp_bytes
sp_html_count(sp_arena *arena, uint32_t number, const char *one, const char *many)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_str_append(&text, sp_html_number(arena, number));
    sp_str_append_format(&text, " %s", number == 1 ? one : many);
    return sp_arena_copy_str(arena, &text);
}

static unsigned
two_digits(const char *text)
{
    bool digits = sp_ascii_is_digit(text[0]) && sp_ascii_is_digit(text[1]);
    return digits ? (unsigned)(text[0] - '0') * 10 + (unsigned)(text[1] - '0') : 0;
}

sp_bytes
sp_html_date(sp_arena *arena, sp_bytes date)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    unsigned month = date.len == 10 ? two_digits(date.data + 5) : 0;
    unsigned day = date.len == 10 ? two_digits(date.data + 8) : 0;
    if (month < 1 || month > 12 || day == 0)
        return date;
    sp_str_append_format(&text, "%u %s %.4s", day, sp_month_names[month - 1], date.data);
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
