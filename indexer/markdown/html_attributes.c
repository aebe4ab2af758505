// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads attributes as libxml2's htmlParseStartElement does, so that both agree where a tag ends. */
#include "html_attributes.h"

#include <signpost/ascii.h>

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t
skip_blanks(sp_bytes text, size_t at)
{
    while (at < text.len && is_blank(text.data[at]))
        at++;
    return at;
}

static size_t
skip_to_blank(sp_bytes text, size_t at)
{
    while (at < text.len && !is_blank(text.data[at]) && text.data[at] != '>')
        at++;
    return at;
}

static bool
is_name_start(char c)
{
    return sp_ascii_is_alphanumeric(c) ? !sp_ascii_is_digit(c) : c == '_' || c == ':' || c == '.';
}

/* at: after the equals sign and blanks. */
static size_t
skip_value(sp_bytes text, size_t at)
{
    if (at == text.len || (text.data[at] != '"' && text.data[at] != '\''))
        return skip_to_blank(text, at);
    const char *end = memchr(text.data + at + 1, text.data[at], text.len - at - 1);
    return end ? (size_t)(end - text.data) + 1 : text.len;
}

/* Returns the offset after the attribute that begins at `at`. */
static size_t
skip_attribute(sp_bytes text, size_t at)
{
    if (!is_name_start(text.data[at]))
        return skip_to_blank(text, at + 1);
    while (at < text.len && (is_name_start(text.data[at]) || sp_ascii_is_digit(text.data[at]) ||
                             text.data[at] == '-'))
        at++;
    size_t equals = skip_blanks(text, at);
    if (equals == text.len || text.data[equals] != '=')
        return at;
    return skip_value(text, skip_blanks(text, equals + 1));
}

/* Returns the offset of the end of a tag whose name begins at `at`, and sets *most to the offset
   where its further attributes begin, or to the end if it has no more than allowed. */
static size_t
skip_tag(sp_bytes text, size_t at, size_t *most)
{
    *most = SIZE_MAX;
    while (at < text.len && !is_blank(text.data[at]) && text.data[at] != '>' &&
           text.data[at] != '/')
        at++;
    for (size_t count = 0;; count++) {
        at = skip_blanks(text, at);
        if (at == text.len || text.data[at] == '>')
            break;
        if (count == SP_HTML_ATTRIBUTES_MAX)
            *most = at;
        at = skip_attribute(text, at);
    }
    *most = *most == SIZE_MAX ? at : *most;
    return at;
}

static void
append_line_ends(sp_str *out, sp_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '\n')
            sp_str_append_char(out, '\n');
    }
}

sp_bytes
sp_html_limit_attributes(sp_bytes piece, sp_str *copy)
{
    size_t done = 0; /* what comes before it is in the copy, if there is one */
    for (size_t at = 0; at + 1 < piece.len; at++) {
        if (piece.data[at] != '<' || !is_name_start(piece.data[at + 1]))
            continue;
        size_t most, end = skip_tag(piece, at + 1, &most);
        if (most < end) {
            sp_str_append(copy, sp_bytes_slice(piece, done, most));
            append_line_ends(copy, sp_bytes_slice(piece, most, end));
            done = end;
        }
        at = end - 1;
    }
    if (done == 0)
        return piece;
    sp_str_append(copy, sp_bytes_slice(piece, done, piece.len));
    return sp_str_bytes(copy);
}
