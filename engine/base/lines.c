// SPDX-License-Identifier: GPL-2.0-or-later
#include "lines.h"

#include "file.h"

#include <signpost/ascii.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

/* Reads the file into the arena. */
static enum sp_status
read_file(sp_arena *arena, const char *path, const char *what, sp_bytes *out, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str content = {0};
    char text[64];
    snprintf(text, sizeof text, "cannot read %s", what);
    switch (sp_file_read(AT_FDCWD, path, 0, SP_LINES_BYTES_MAX, &content)) {
    case SP_FILE_READ:
        *out = sp_arena_copy_str(arena, &content);
        return sp_arena_check(arena, err);
    case SP_FILE_NOT_REGULAR:
        return sp_fail_at(err, SP_IO, path, 0, 0, "%s: not a regular file", text);
    case SP_FILE_TOO_LONG:
        return sp_fail_at(err, SP_BAD_INPUT, path, 0, 0, "%s: larger than %zu MB", text,
                          SP_LINES_BYTES_MAX >> 20);
    case SP_FILE_NOT_READ:
        return sp_fail_errno(err, errno, path, "cannot read");
    case SP_FILE_NOT_OPENED:
        break;
    }
    return sp_fail_errno(err, errno, path, text);
}

sp_bytes
sp_without_bom(sp_bytes content)
{
    bool has_bom = sp_bytes_starts_with(content, SP_LITERAL("\xEF\xBB\xBF"));
    return sp_bytes_slice(content, has_bom ? 3 : 0, content.len);
}

bool
sp_line_next(sp_bytes *rest, sp_bytes *line)
{
    if (rest->len == 0)
        return false;
    size_t newline = sp_bytes_find(*rest, SP_LITERAL("\n"), 0);
    size_t end = newline == SIZE_MAX ? rest->len : newline;
    *line = sp_bytes_slice(*rest, 0, end);
    if (sp_bytes_ends_with(*line, SP_LITERAL("\r")))
        line->len--;
    *rest = sp_bytes_slice(*rest, newline == SIZE_MAX ? end : end + 1, rest->len);
    return true;
}

enum sp_status
sp_lines_split(sp_bytes content, const char *path, sp_line_function *take, void *context,
               sp_error *err)
{
    sp_file_line line = {.path = path};
    enum sp_status status = SP_OK;
    content = sp_without_bom(content);
    while (status == SP_OK && sp_line_next(&content, &line.text)) {
        line.number++;
        status = take(context, &line, err);
    }
    return status;
}

enum sp_status
sp_lines_read(sp_arena *arena, const char *path, const char *what, sp_line_function *take,
              void *context, sp_error *err)
{
    sp_bytes content = {0};
    enum sp_status status = read_file(arena, path, what, &content, err);
    return status == SP_OK ? sp_lines_split(content, path, take, context, err) : status;
}

enum sp_status
sp_line_fail(const sp_file_line *line, sp_bytes where, sp_error *err, const char *format, ...)
{
    char text[sizeof err->text];
    unsigned column = (unsigned)(where.data - line->text.data) + 1;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return sp_fail_at(err, SP_BAD_INPUT, line->path, line->number, column, "%s", text);
}

enum sp_status
sp_line_check(const sp_file_line *line, sp_error *err)
{
    size_t bad = sp_utf8_invalid(line->text);
    if (bad == SIZE_MAX)
        return SP_OK;
    return sp_line_fail(line, sp_bytes_slice(line->text, bad, line->text.len), err, "not UTF-8");
}

bool
sp_line_field(sp_bytes *rest, sp_bytes *field)
{
    size_t tab = sp_bytes_find(*rest, SP_LITERAL("\t"), 0);
    if (tab == SIZE_MAX)
        return false;
    *field = sp_bytes_trim(sp_bytes_slice(*rest, 0, tab));
    *rest = sp_bytes_slice(*rest, tab + 1, rest->len);
    return true;
}

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == '\r';
}

size_t
sp_line_words(sp_bytes text, sp_bytes *words, size_t max)
{
    size_t count = 0;
    for (size_t at = 0, end; at < text.len; at = end) {
        end = at + 1;
        if (is_blank(text.data[at]))
            continue;
        while (end < text.len && !is_blank(text.data[end]))
            end++;
        if (count < max)
            words[count] = sp_bytes_slice(text, at, end);
        count++;
    }
    return count;
}

bool
sp_line_number(sp_bytes text, int max, int *out)
{
    bool minus = text.len > 0 && text.data[0] == '-';
    int number = 0;
    if (text.len == minus)
        return false;
    for (size_t i = minus; i < text.len; i++) {
        if (!sp_ascii_is_digit(text.data[i]))
            return false;
        number = number * 10 + (text.data[i] - '0');
        if (number > max)
            return false;
    }
    *out = minus ? -number : number;
    return true;
}
