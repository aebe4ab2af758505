// SPDX-License-Identifier: GPL-2.0-or-later
#include "inlines.h"

#include <signpost/ascii.h>

/* Length of the characters at the start of text that kramdown replaces by a typographic sign,
   including the space that belongs to the sign; or 0. Ids do not contain these characters. */
static size_t
typographic_length(sp_bytes text)
{
    static const char *const signs[] = {"---", "--", "<< ", "<<", " >>", ">>"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (sp_bytes_starts_with(text, sp_bytes_of(signs[i])))
            return strlen(signs[i]);
    }
    return 0;
}

static void
emit_raw(sp_str *raw, sp_bytes text)
{
    while (text.len > 0) {
        size_t sign = typographic_length(text);
        if (sign == 0)
            sp_str_append_char(raw, text.data[0]);
        text = sp_bytes_slice(text, sign ? sign : 1, text.len);
    }
}

static void
emit(sp_inlines *in, sp_bytes text)
{
    sp_compose_text(in->compose, text);
    if (in->raw && !in->image)
        emit_raw(in->raw, text);
}

/* Length of the URL at the start of text, without punctuation that belongs to the sentence around
   the URL. */
static size_t
url_length(sp_bytes text)
{
    size_t len = 0, open = 0;
    while (len < text.len && (unsigned char)text.data[len] > ' ' &&
           !memchr("<>\"`|{}", text.data[len], 7)) {
        open += text.data[len] == '(';
        len++;
    }
    while (len > 0 && memchr(".,:;!?'*_~)]", text.data[len - 1], 12)) {
        if (text.data[len - 1] == ')' && open > 0)
            break;
        len--;
    }
    return len;
}

static size_t
bare_url(sp_inlines *in, sp_bytes rest)
{
    if (in->compose->in_link || (!sp_bytes_starts_with(rest, SP_LITERAL("http://")) &&
                                 !sp_bytes_starts_with(rest, SP_LITERAL("https://"))))
        return 0;
    size_t len = url_length(rest);
    if (len < sizeof "http://x" - 1)
        return 0;
    sp_bytes url = sp_bytes_slice(rest, 0, len);
    sp_compose_link_open(in->compose, url);
    emit(in, url);
    sp_compose_link_close(in->compose);
    return len;
}

/* Length of the mark to remove at the start of rest: `{:...}`, `{::...}`, `[^...]`; or 0. */
static size_t
silent_mark(sp_bytes rest)
{
    bool list = sp_bytes_starts_with(rest, SP_LITERAL("{:"));
    if (!list && !sp_bytes_starts_with(rest, SP_LITERAL("[^")))
        return 0;
    size_t room = rest.len < 500 ? rest.len : 500;
    const char *close = memchr(rest.data, list ? '}' : ']', room);
    if (!close || close - rest.data < 3)
        return 0;
    size_t len = (size_t)(close - rest.data) + 1;
    if (sp_bytes_starts_with(rest, SP_LITERAL("{::comment}"))) {
        size_t end = sp_bytes_find(sp_bytes_slice(rest, 0, room), SP_LITERAL("{:/"), len);
        return end == SIZE_MAX ? len : end;
    }
    return !list && memchr(rest.data, ' ', len) ? 0 : len;
}

/* Handles the special character at the start of rest. Returns the number of bytes used, 0 if it is
   ordinary text. */
static size_t
read_special(sp_inlines *in, sp_bytes rest, bool after_text, bool word_before)
{
    size_t len;
    switch (rest.data[0]) {
    case '{':
        len = silent_mark(rest);
        if (in->raw && after_text)
            emit_raw(in->raw, sp_bytes_slice(rest, 0, len)); /* kramdown keeps the mark in ids */
        return len;
    case '[':
        return silent_mark(rest);
    case '~':
        return sp_bytes_starts_with(rest, SP_LITERAL("~~")) ? 2 : 0;
    case '$':
        return sp_bytes_starts_with(rest, SP_LITERAL("$$")) ? 2 : 0;
    case '|':
        if (!in->table)
            return 0;
        sp_compose_gap(in->compose);
        return 1;
    case 'h':
        return word_before ? 0 : bare_url(in, rest);
    default:
        return 0;
    }
}

/* Length of the mark at the start of a line, `: ` of a definition or `[ ] ` of a task; or 0. */
static size_t
line_mark(sp_inlines *in, sp_bytes text)
{
    if (in->raw || !in->line_start)
        return 0;
    if (sp_bytes_starts_with(text, SP_LITERAL(": "))) {
        sp_compose_block(in->compose);
        return 2;
    }
    bool task = sp_bytes_starts_with(text, SP_LITERAL("[ ] ")) ||
                sp_bytes_starts_with(text, SP_LITERAL("[x] ")) ||
                sp_bytes_starts_with(text, SP_LITERAL("[X] "));
    return task ? 4 : 0;
}

static bool
is_table_rule(sp_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!memchr("|-:+= \t", text.data[i], 7))
            return false;
    }
    return true;
}

void
sp_inlines_text(sp_inlines *in, sp_bytes text)
{
    if (in->table && in->line_start && is_table_rule(text)) {
        in->line_start = text.len == 0;
        return;
    }
    size_t from = line_mark(in, text);
    in->line_start = false;
    for (size_t at = from; at < text.len;) {
        char c = text.data[at];
        if (!memchr("{[~$|h", c, 6)) {
            at++;
            continue;
        }
        bool word_before = at > 0 && sp_ascii_is_alphanumeric(text.data[at - 1]);
        if (c != 'h' && from < at) {
            emit(in, sp_bytes_slice(text, from, at));
            from = at;
        }
        if (c == 'h' && (word_before || at + 7 > text.len || text.data[at + 4] == ' ' ||
                         memcmp(text.data + at, "http", 4) != 0)) {
            at++;
            continue;
        }
        if (from < at) {
            emit(in, sp_bytes_slice(text, from, at));
            from = at;
        }
        size_t len = read_special(in, sp_bytes_slice(text, at, text.len), at > 0, word_before);
        at += len ? len : 1;
        from += len;
    }
    if (from < text.len)
        emit(in, sp_bytes_slice(text, from, text.len));
}

void
sp_inlines_code(sp_inlines *in, sp_bytes text)
{
    in->line_start = false;
    uint32_t line = in->compose->line;
    in->compose->inline_code = true;
    sp_compose_text(in->compose, text);
    in->compose->inline_code = false;
    in->compose->line = line;
    if (in->raw && !in->image)
        sp_str_append(in->raw, text);
}
