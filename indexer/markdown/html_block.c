// SPDX-License-Identifier: GPL-2.0-or-later
#include "html_block.h"

#include <signpost/ascii.h>

#include <stdlib.h>

#define FAILURES_MAX 16
#define DEPTH_MAX 64
#define TAG_MAX 4096

/* Inline elements, which open no block. */
static const char *const spans[] = {
    "a",      "abbr", "acronym", "b",   "bdo", "big",   "br",  "button", "cite",  "code",
    "del",    "dfn",  "em",      "i",   "img", "input", "ins", "kbd",    "label", "mark",
    "option", "q",    "rb",      "rbc", "rp",  "rt",    "rtc", "ruby",   "samp",  "select",
    "small",  "span", "strong",  "sub", "sup", "tt",    "u",   "var",
};

static const char *const void_elements[] = {
    "area",  "base",   "br",   "col",  "command", "embed",  "hr",    "img",
    "input", "keygen", "link", "meta", "param",   "source", "track", "wbr",
};

struct tag {
    sp_bytes name;
    size_t end;
    bool closing, closed, markdown;
};

static int
compare(const void *key, const void *item)
{
    return strcmp(key, *(const char *const *)item);
}

static bool
is_one_of(sp_bytes name, const char *const *names, size_t count)
{
    char key[16];
    if (name.len >= sizeof key)
        return false;
    for (size_t i = 0; i < name.len; i++)
        key[i] = sp_ascii_lower(name.data[i]);
    key[name.len] = '\0';
    return bsearch(key, names, count, sizeof *names, compare) != NULL;
}

static bool
is_name_char(char c)
{
    return sp_ascii_is_alphanumeric(c) || c == '-' || c == ':' || c == '_';
}

/* Offset of the '>' that ends the tag, which is the first '>' outside quotes; or 0. */
static size_t
tag_end(sp_bytes text, size_t at)
{
    size_t limit = text.len - at < TAG_MAX ? text.len : at + TAG_MAX;
    char quote = '\0';
    for (; at < limit; at++) {
        char c = text.data[at];
        if (quote)
            quote = c == quote ? '\0' : quote;
        else if (c == '>')
            return at;
        else if (c == '<')
            return 0;
        else if ((c == '"' || c == '\'') && text.data[at - 1] == '=')
            quote = c;
    }
    return 0;
}

static bool
read_tag(sp_bytes text, size_t at, struct tag *tag)
{
    *tag = (struct tag){0};
    size_t start = at + 1;
    tag->closing = start < text.len && text.data[start] == '/';
    start += tag->closing;
    size_t name = start;
    while (name < text.len && is_name_char(text.data[name]))
        name++;
    char first = start < text.len ? text.data[start] : '\0';
    if (name == start || !is_name_char(first) || first == '-' || sp_ascii_is_digit(first))
        return false;
    size_t close = tag_end(text, name);
    if (close == 0 ||
        (text.data[name] != '>' && text.data[name] != '/' && (unsigned char)text.data[name] > ' '))
        return false;
    sp_bytes inside = sp_bytes_slice(text, name, close);
    tag->name = sp_bytes_slice(text, start, name);
    tag->end = close + 1;
    tag->closed = text.data[close - 1] == '/' ||
                  is_one_of(tag->name, void_elements, sizeof void_elements / sizeof *void_elements);
    tag->markdown = sp_bytes_find(inside, SP_LITERAL(" markdown=\"1\""), 0) != SIZE_MAX ||
                    sp_bytes_find(inside, SP_LITERAL(" markdown=\"block\""), 0) != SIZE_MAX;
    return true;
}

static bool
is_raw(sp_bytes name)
{
    return sp_bytes_equal_ascii_case(name, SP_LITERAL("script")) ||
           sp_bytes_equal_ascii_case(name, SP_LITERAL("style"));
}

/* Reads the tag, comment or single '<' at `at`, updates the stack of open elements, and returns the
   offset after it. */
static size_t
step(sp_bytes text, size_t at, sp_bytes *stack, size_t *depth)
{
    struct tag tag;
    if (sp_bytes_starts_with(sp_bytes_slice(text, at, text.len), SP_LITERAL("<!--"))) {
        size_t end = sp_bytes_find(text, SP_LITERAL("-->"), at + 4);
        return end == SIZE_MAX ? text.len : end + 3;
    }
    if (!read_tag(text, at, &tag))
        return at + 1;
    bool raw = *depth > 0 && is_raw(stack[*depth - 1]);
    if (tag.closing) {
        if (*depth > 0 && sp_bytes_equal_ascii_case(stack[*depth - 1], tag.name))
            --*depth;
    } else if (!tag.closed && !raw) {
        if (*depth == DEPTH_MAX)
            return text.len;
        stack[(*depth)++] = tag.name;
    }
    return tag.end;
}

static bool
opens_block(sp_bytes text, size_t at, struct tag *tag)
{
    return at < text.len && text.data[at] == '<' && read_tag(text, at, tag) && !tag->closing &&
           !is_one_of(tag->name, spans, sizeof spans / sizeof *spans);
}

size_t
sp_html_block_end(sp_html_block_finder *blocks, size_t at, bool *markdown)
{
    sp_bytes text = blocks->text;
    sp_bytes stack[DEPTH_MAX];
    size_t depth = 0;
    struct tag tag;
    if (blocks->failures >= FAILURES_MAX || !opens_block(text, at, &tag))
        return 0;
    *markdown = tag.markdown;
    do {
        at = step(text, at, stack, &depth);
        if (depth == 0)
            return at;
        const char *next = at < text.len ? memchr(text.data + at, '<', text.len - at) : NULL;
        at = next ? (size_t)(next - text.data) : text.len;
    } while (at < text.len);
    blocks->failures++;
    return 0;
}
