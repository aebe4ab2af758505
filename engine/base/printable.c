// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/printable.h>

#include <stdio.h>

#define REPLACEMENT 0xFFFD

/* In ascending order. */
static const struct {
    uint32_t first, last;
} unprintable[] = {
    {0x00, 0x1F},     {0x7F, 0x9F},     {0x061C, 0x061C},
    {0x200E, 0x200F}, {0x202A, 0x202E}, {0x2066, 0x2069},
};

uint32_t
sp_printable(uint32_t code_point)
{
    if (code_point >= 0x20 && code_point < 0x7F)
        return code_point;
    for (size_t i = 0; i < sizeof unprintable / sizeof *unprintable; i++) {
        if (code_point >= unprintable[i].first && code_point <= unprintable[i].last)
            return REPLACEMENT;
    }
    return code_point;
}

/* The end of the printable ASCII that begins at `from`. */
static size_t
plain_end(sp_bytes text, size_t from)
{
    while (from < text.len && text.data[from] >= 0x20 && text.data[from] < 0x7F)
        from++;
    return from;
}

void
sp_printable_append(sp_str *out, sp_bytes text)
{
    for (size_t at = 0; at < text.len;) {
        size_t plain = plain_end(text, at);
        uint32_t code_point;
        sp_str_append(out, sp_bytes_slice(text, at, plain));
        at = plain;
        if (at == text.len)
            return;
        at += sp_utf8_decode(text, at, &code_point);
        sp_utf8_append(out, sp_printable(code_point));
    }
}

size_t
sp_printable_copy(char *out, size_t size, const char *text)
{
    static const char replacement[] = "\xEF\xBF\xBD";
    sp_bytes from = sp_bytes_of(text);
    size_t len = 0;
    for (size_t at = 0, width; at < from.len; at += width) {
        uint32_t code_point;
        width = sp_utf8_decode(from, at, &code_point);
        bool kept = sp_printable(code_point) == code_point && code_point != REPLACEMENT;
        sp_bytes shown = kept ? sp_bytes_slice(from, at, at + width) : sp_bytes_of(replacement);
        if (shown.len >= size - len)
            break;
        memcpy(out + len, shown.data, shown.len);
        len += shown.len;
    }
    out[len] = '\0';
    return len;
}

const char *
sp_error_line(const sp_error *err, char out[SP_ERROR_LINE_MAX])
{
    size_t len = sp_printable_copy(out, SP_ERROR_LINE_MAX, err->path);
    size_t room = SP_ERROR_LINE_MAX - len;
    if (err->line > 0)
        snprintf(out + len, room, ":%u:%u: %s", err->line, err->column, err->text);
    else
        snprintf(out + len, room, "%s%s", len > 0 ? ": " : "", err->text);
    return out;
}
