// SPDX-License-Identifier: GPL-2.0-or-later
#include "nesting.h"

#include <signpost/ascii.h>

/* The beginnings and ends of those kinds of raw HTML that a blank line does not end. */
static const struct {
    const char *open, *close, *upper;
} raw[SP_NESTING_CLOSERS] = {
    {"<!--", "-->", "-->"},           {"<script", "</script", "</SCRIPT"},
    {"<style", "</style", "</STYLE"}, {"<textarea", "</textarea", "</TEXTAREA"},
    {"<pre", "</pre", "</PRE"},       {"<?", "?>", "?>"},
    {"<![CDATA[", "]]>", "]]>"},      {"<!", ">", ">"},
};

static bool
is_space(char c)
{
    return c == ' ' || c == '\t';
}

/* Length of the container mark (`>`, `-`, `+`, `*`, `1.`, `1)`) at the start of rest, or 0. */
static size_t
mark_length(sp_bytes rest)
{
    if (rest.len > 0 && rest.data[0] == '>')
        return 1;
    size_t len = 0;
    while (len < rest.len && len < 9 && sp_ascii_is_digit(rest.data[len]))
        len++;
    if (len >= rest.len || rest.data[len] == '\0' || !strchr(len ? ".)" : "-+*", rest.data[len]))
        return 0;
    len++;
    return len == rest.len || is_space(rest.data[len]) ? len : 0;
}

/* Whether the line is a thematic break, such as `- - -` of any length, and not a list. */
static bool
is_rule(sp_bytes line)
{
    line = sp_bytes_trim(line);
    for (size_t i = 0; i < line.len; i++) {
        if (line.data[i] != line.data[0] && !is_space(line.data[i]))
            return false;
    }
    return line.len > 0 && line.data[0] != '\0' && strchr("-*_", line.data[0]);
}

/* Appends the line's white space and container marks, up to the limits, and returns the rest of the
   line. */
static sp_bytes
append_prefix(sp_nesting_limiter *limiter, sp_bytes line)
{
    size_t columns = 0, marks = 0, at = 0;
    while (at < line.len) {
        if (is_space(line.data[at])) {
            columns += line.data[at] == '\t' ? 4 : 1;
            if (columns <= SP_NESTING_INDENT || (at > 0 && !is_space(line.data[at - 1])))
                sp_str_append_char(limiter->out, line.data[at]);
            at++;
            continue;
        }
        size_t len = mark_length(sp_bytes_slice(line, at, line.len));
        if (len == 0)
            break;
        if (++marks > SP_NESTING_MARKS) {
            sp_str_append_char(limiter->out, '\\');
            break;
        }
        sp_str_append(limiter->out, sp_bytes_slice(line, at, at + len));
        at += len;
    }
    return sp_bytes_slice(line, at, line.len);
}

static bool
starts_with_ascii_case(sp_bytes text, sp_bytes prefix)
{
    return text.len >= prefix.len &&
           sp_bytes_equal_ascii_case(sp_bytes_slice(text, 0, prefix.len), prefix);
}

static bool
is_ahead(const sp_nesting_limiter *limiter, sp_finder *finder, const char *closer, size_t from)
{
    finder->text = limiter->text;
    finder->needle = sp_bytes_of(closer);
    return sp_finder_next(finder, from) != SIZE_MAX;
}

/* Whether rest begins raw HTML that is not closed anywhere after it. */
static bool
never_closes(sp_nesting_limiter *limiter, sp_bytes rest)
{
    if (rest.len == 0 || rest.data[0] != '<')
        return false;
    for (size_t i = 0; i < SP_NESTING_CLOSERS; i++) {
        if (!starts_with_ascii_case(rest, sp_bytes_of(raw[i].open)))
            continue;
        size_t from = (size_t)(rest.data - limiter->text.data) + 2;
        return !is_ahead(limiter, &limiter->closers[i], raw[i].close, from) &&
               !is_ahead(limiter, &limiter->upper_closers[i], raw[i].upper, from);
    }
    return false;
}

static void
append_content(sp_nesting_limiter *limiter, sp_bytes rest)
{
    while (rest.len > 0) {
        size_t image = sp_bytes_find(rest, SP_LITERAL("!["), 0);
        if (image == SIZE_MAX)
            break;
        sp_str_append(limiter->out, sp_bytes_slice(rest, 0, image));
        if (++limiter->images > SP_NESTING_IMAGES)
            sp_str_append_char(limiter->out, '\\');
        sp_str_append_text(limiter->out, "![");
        rest = sp_bytes_slice(rest, image + 2, rest.len);
    }
    sp_str_append(limiter->out, rest);
}

void
sp_nesting_limiter_append(sp_nesting_limiter *limiter, sp_bytes line)
{
    if (sp_bytes_trim(line).len == 0) {
        limiter->images = 0;
        return;
    }
    sp_bytes rest = is_rule(line) ? line : append_prefix(limiter, line);
    if (never_closes(limiter, rest))
        sp_str_append_char(limiter->out, '\\');
    append_content(limiter, rest);
}
