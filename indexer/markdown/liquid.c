// SPDX-License-Identifier: GPL-2.0-or-later
#include "liquid.h"

#include "finder.h"

#include <signpost/ascii.h>

#define FENCE "~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~"

struct strip {
    sp_str *out;
    sp_bytes text;
    size_t at;
    sp_finder tag_end, output_end, blank, end_comment, end_highlight;
    bool raw, comment, highlight;
    size_t closer;     /* the `endhighlight` that was examined last, or SIZE_MAX */
    bool closer_alone; /* whether it is alone on its line */
};

static void
keep_newlines(struct strip *s, size_t end)
{
    for (; s->at < end; s->at++) {
        if (s->text.data[s->at] == '\n')
            sp_str_append_char(s->out, '\n');
    }
}

/* The first word inside the tag at [start, end). */
static sp_bytes
tag_name(sp_bytes text, size_t start, size_t end)
{
    sp_bytes inside = sp_bytes_slice(text, start + 2, end - 2);
    if (inside.len > 0 && inside.data[0] == '-')
        inside = sp_bytes_slice(inside, 1, inside.len);
    inside = sp_bytes_trim(inside);
    size_t len = 0;
    while (len < inside.len && sp_ascii_is_lower(inside.data[len]))
        len++;
    return sp_bytes_slice(inside, 0, len);
}

static bool
is_blank(sp_bytes text, size_t start, size_t end)
{
    return sp_bytes_trim(sp_bytes_slice(text, start, end)).len == 0;
}

/* Whether [start, end) is alone on its lines, with only white space before and after it. */
static bool
is_alone(sp_bytes text, size_t start, size_t end)
{
    size_t from = start, to = end;
    while (from > 0 && (text.data[from - 1] == ' ' || text.data[from - 1] == '\t'))
        from--;
    while (to < text.len && (text.data[to] == ' ' || text.data[to] == '\t'))
        to++;
    return (from == 0 || text.data[from - 1] == '\n') && (to == text.len || text.data[to] == '\n');
}

/* Whether the tag with the word `endhighlight` is alone on its line. */
static bool
closes_alone(const struct strip *s, size_t word)
{
    size_t start = word, end = word + s->end_highlight.needle.len;
    while (start > 0 && s->text.data[start] != '{' && s->text.data[start] != '\n')
        start--;
    while (end < s->text.len && s->text.data[end] != '}' && s->text.data[end] != '\n')
        end++;
    return end < s->text.len && is_alone(s->text, start, end + 1);
}

/* Whether the next `endhighlight` is alone on its line, so that a fence can replace it. Many tags
   may have the same next one, and its line may be long, so each is examined once. */
static bool
highlight_closes(struct strip *s)
{
    size_t word = sp_finder_next(&s->end_highlight, s->at);
    if (word == SIZE_MAX)
        return false;
    if (word != s->closer)
        s->closer_alone = closes_alone(s, word);
    s->closer = word;
    return s->closer_alone;
}

static void
append_mark(struct strip *s)
{
    const sp_str *out = s->out;
    if (out->len > 0 && !strchr(" \t\n", out->data[out->len - 1]))
        sp_str_append_text(s->out, SP_LIQUID_MARK);
}

static void
read_tag(struct strip *s, size_t end)
{
    sp_bytes name = tag_name(s->text, s->at, end);
    bool alone = is_alone(s->text, s->at, end);
    size_t start = s->at;
    if (sp_bytes_equal(name, SP_LITERAL("raw"))) {
        s->raw = true;
    } else if (sp_bytes_equal(name, SP_LITERAL("comment"))) {
        s->comment = sp_finder_next(&s->end_comment, end) != SIZE_MAX;
    } else if (sp_bytes_equal(name, SP_LITERAL("highlight")) && alone && highlight_closes(s)) {
        s->highlight = true;
        sp_str_append_text(s->out, FENCE);
    } else if (sp_bytes_equal(name, SP_LITERAL("endhighlight")) && s->highlight) {
        s->highlight = false;
        sp_str_append_text(s->out, FENCE);
    } else if (!is_blank(s->text, start, end)) {
        append_mark(s);
    }
    keep_newlines(s, end);
}

/* Inside `{% raw %}` or `{% comment %}`, reads a tag if it is the end tag. */
static bool
read_end_tag(struct strip *s, size_t end)
{
    sp_bytes name = tag_name(s->text, s->at, end);
    if (s->raw && sp_bytes_equal(name, SP_LITERAL("endraw")))
        s->raw = false;
    else if (s->comment && sp_bytes_equal(name, SP_LITERAL("endcomment")))
        s->comment = false;
    else
        return false;
    keep_newlines(s, end);
    return true;
}

/* The end of the mark that begins at s->at, or 0 if the mark is not closed before a blank line. */
static size_t
mark_end(struct strip *s, bool tag)
{
    size_t close = sp_finder_next(tag ? &s->tag_end : &s->output_end, s->at + 2);
    if (close == SIZE_MAX || sp_finder_next(&s->blank, s->at) < close)
        return 0;
    return close + 2;
}

static bool
read_mark(struct strip *s)
{
    bool tag = s->at + 1 < s->text.len && s->text.data[s->at + 1] == '%';
    bool output = s->at + 1 < s->text.len && s->text.data[s->at + 1] == '{';
    size_t end = tag || output ? mark_end(s, tag) : 0;
    if (end == 0)
        return false;
    if (s->raw || s->comment)
        return tag && read_end_tag(s, end);
    if (tag) {
        read_tag(s, end);
    } else {
        sp_str_append_text(s->out, SP_LIQUID_MARK);
        keep_newlines(s, end);
    }
    return true;
}

static void
copy_until_brace(struct strip *s)
{
    size_t from = s->at + (s->text.data[s->at] == '{');
    const char *brace =
        from < s->text.len ? memchr(s->text.data + from, '{', s->text.len - from) : NULL;
    size_t end = brace ? (size_t)(brace - s->text.data) : s->text.len;
    if (s->comment) {
        keep_newlines(s, end);
    } else {
        sp_str_append(s->out, sp_bytes_slice(s->text, s->at, end));
        s->at = end;
    }
}

void
sp_liquid_strip(sp_str *out, sp_bytes text)
{
    struct strip s = {
        .out = out,
        .text = text,
        .tag_end = {.text = text, .needle = SP_LITERAL("%}")},
        .output_end = {.text = text, .needle = SP_LITERAL("}}")},
        .blank = {.text = text, .needle = SP_LITERAL("\n\n")},
        .end_comment = {.text = text, .needle = SP_LITERAL("endcomment")},
        .end_highlight = {.text = text, .needle = SP_LITERAL("endhighlight")},
        .closer = SIZE_MAX,
    };
    while (s.at < text.len) {
        if (text.data[s.at] != '{' || !read_mark(&s))
            copy_until_brace(&s);
    }
}
