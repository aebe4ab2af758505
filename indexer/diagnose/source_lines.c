// SPDX-License-Identifier: GPL-2.0-or-later
#include "source_lines.h"

sp_source_lines
sp_source_lines_of(sp_bytes content, sp_arena *arena)
{
    sp_source_lines lines = {.content = content};
    size_t capacity = 0;
    const char *end = content.data + content.len;
    for (const char *line = content.data; line; line = line ? line + 1 : NULL) {
        lines.starts =
            sp_arena_grow(arena, lines.starts, &capacity, lines.count + 1, sizeof *lines.starts);
        if (!lines.starts)
            return (sp_source_lines){0};
        lines.starts[lines.count++] = (uint32_t)(line - content.data);
        line = memchr(line, '\n', (size_t)(end - line));
    }
    return lines;
}

sp_bytes
sp_source_lines_get(const sp_source_lines *lines, uint32_t line)
{
    if (line == 0 || line > lines->count)
        return (sp_bytes){"", 0};
    size_t start = lines->starts[line - 1];
    size_t end = line < lines->count ? lines->starts[line] - 1 : lines->content.len;
    return sp_bytes_slice(lines->content, start, end);
}

uint32_t
sp_source_lines_find(const sp_source_lines *lines, uint32_t line, uint32_t from, sp_bytes needle)
{
    sp_bytes text = sp_source_lines_get(lines, line);
    if (needle.len == 0 || from == 0 || from > text.len)
        return 0;
    if (text.len > from - 1 + SP_COLUMN_WINDOW)
        text.len = from - 1 + SP_COLUMN_WINDOW;
    size_t found = sp_bytes_find(text, needle, from - 1);
    return found == SIZE_MAX ? 0 : (uint32_t)found + 1;
}
