// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuzz.h"

#include <signpost/ascii.h>

/* A reader of RFC 8259's grammar; it keeps no values. */
struct reader {
    sp_bytes text;
    size_t at;
    unsigned depth;
};

#define DEPTH_MAX 64

static char
peek(const struct reader *reader)
{
    return reader->at < reader->text.len ? reader->text.data[reader->at] : '\0';
}

static bool
skip(struct reader *reader, const char *word)
{
    size_t len = strlen(word);
    if (reader->text.len - reader->at < len ||
        memcmp(reader->text.data + reader->at, word, len) != 0)
        return false;
    reader->at += len;
    return true;
}

static void
skip_space(struct reader *reader)
{
    while (peek(reader) != '\0' && strchr(" \t\r\n", peek(reader)))
        reader->at++;
}

static bool
read_escape(struct reader *reader)
{
    char c = peek(reader);
    reader->at++;
    if (c != 'u')
        return c != '\0' && strchr("\"\\/bfnrt", c);
    for (int i = 0; i < 4; i++, reader->at++) {
        if (peek(reader) == '\0' || !strchr("0123456789abcdefABCDEF", peek(reader)))
            return false;
    }
    return true;
}

static bool
read_string(struct reader *reader)
{
    if (!skip(reader, "\""))
        return false;
    while (reader->at < reader->text.len) {
        unsigned char c = (unsigned char)reader->text.data[reader->at++];
        if (c == '"')
            return true;
        if (c < ' ' || (c == '\\' && !read_escape(reader)))
            return false;
    }
    return false;
}

static bool
read_digits(struct reader *reader)
{
    size_t from = reader->at;
    while (sp_ascii_is_digit(peek(reader)))
        reader->at++;
    return reader->at > from;
}

static bool
read_number(struct reader *reader)
{
    skip(reader, "-");
    if (!skip(reader, "0") && !read_digits(reader))
        return false;
    if (skip(reader, ".") && !read_digits(reader))
        return false;
    if (!skip(reader, "e") && !skip(reader, "E"))
        return true;
    if (!skip(reader, "+"))
        skip(reader, "-");
    return read_digits(reader);
}

static bool read_value(struct reader *reader);

/* The values of an array, or the members of an object, up to `end`. */
static bool
read_parts(struct reader *reader, const char *end, bool members)
{
    skip_space(reader);
    if (skip(reader, end))
        return true;
    do {
        skip_space(reader);
        if (members && !read_string(reader))
            return false;
        skip_space(reader);
        if ((members && !skip(reader, ":")) || !read_value(reader))
            return false;
    } while (skip(reader, ","));
    return skip(reader, end);
}

static bool
read_value(struct reader *reader)
{
    bool good;
    if (++reader->depth > DEPTH_MAX)
        return false;
    skip_space(reader);
    if (skip(reader, "{"))
        good = read_parts(reader, "}", true);
    else if (skip(reader, "["))
        good = read_parts(reader, "]", false);
    else if (peek(reader) == '"')
        good = read_string(reader);
    else
        good = skip(reader, "true") || skip(reader, "false") || skip(reader, "null") ||
               read_number(reader);
    skip_space(reader);
    reader->depth--;
    return good;
}

bool
fuzz_is_json(sp_bytes text)
{
    struct reader reader = {.text = text};
    return sp_utf8_invalid(text) == SIZE_MAX && read_value(&reader) && reader.at == text.len;
}
