// SPDX-License-Identifier: GPL-2.0-or-later
#include "prepare.h"

#include "finder.h"
#include "html_block.h"
#include "liquid.h"
#include "nesting.h"
#include "engine/base/bound.h"

#include <signpost/ascii.h>

struct reader {
    sp_prepared *prepared;
    sp_arena *arena;
    sp_str *out;
    sp_bytes text; /* clean, without Liquid */
    sp_nesting_limiter nesting;
    sp_html_block_finder html_blocks;
    sp_finder end_comment;
    uint32_t line;   /* of the body */
    size_t html_end; /* end of the last block of raw HTML, in text */
    size_t old_end;  /* end of the last block of raw HTML whose content is Markdown */
    size_t id_capacity;
    char fence;       /* of the open fenced block, or 0 */
    size_t fence_len; /* its length */
    bool comment;     /* inside {::comment} */
    bool after_text;  /* the line before is not blank, nor an attribute list after a blank line */
};

static sp_bytes
trim_left(sp_bytes line, const char *set)
{
    while (line.len > 0 && line.data[0] != '\0' && strchr(set, line.data[0]))
        line = sp_bytes_slice(line, 1, line.len);
    return line;
}

/* Opens or closes a fenced block if the line is a fence. Returns whether the line is code or a
   fence. */
static bool
track_fence(struct reader *r, sp_bytes line)
{
    sp_bytes rest = trim_left(line, r->fence ? " \t>" : " \t>-*+");
    size_t len = 0;
    while (len < rest.len && rest.data[len] == rest.data[0])
        len++;
    char c = rest.len > 0 ? rest.data[0] : '\0';
    bool fence = len >= 3 && (c == '`' || c == '~');
    sp_bytes info = sp_bytes_slice(rest, len, rest.len);
    if (r->fence) {
        if (fence && c == r->fence && len >= r->fence_len && sp_bytes_trim(info).len == 0)
            r->fence = '\0';
        return true;
    }
    if (!fence || (c == '`' && info.len > 0 && memchr(info.data, '`', info.len)))
        return false;
    r->fence = c;
    r->fence_len = len;
    return true;
}

static void
add_id(struct reader *r, sp_bytes id, bool on_heading)
{
    sp_prepared *prepared = r->prepared;
    sp_prepared_id *ids = sp_arena_grow(r->arena, prepared->ids, &r->id_capacity,
                                        prepared->id_count + 1, sizeof *ids);
    if (!ids)
        return;
    prepared->ids = ids;
    ids[prepared->id_count++] =
        (sp_prepared_id){(uint32_t)prepared->row_count, on_heading, !on_heading && !r->after_text,
                         sp_arena_copy(r->arena, id)};
}

static bool
is_id_char(char c)
{
    return sp_ascii_is_alphanumeric(c) || c == '-' || c == '_' || c == ':' || c == '.' ||
           (unsigned char)c >= 0x80;
}

static size_t
id_length(sp_bytes text)
{
    size_t len = 0;
    while (len < text.len && is_id_char(text.data[len]))
        len++;
    return len;
}

/* The id inside `{: ... }`: the last `#id`, which may follow a class, or `id="..."`. */
static sp_bytes
id_in_list(sp_bytes list)
{
    sp_bytes id = {"", 0};
    for (size_t i = 0; i + 1 < list.len; i++) {
        sp_bytes rest = sp_bytes_slice(list, i, list.len);
        if (list.data[i] == '"' || list.data[i] == '\'') {
            const char *close = memchr(list.data + i + 1, list.data[i], list.len - i - 1);
            i = close ? (size_t)(close - list.data) : list.len - 1;
        } else if (list.data[i] == '#') {
            rest = sp_bytes_slice(rest, 1, rest.len);
            size_t len = 0;
            while (len < rest.len && rest.data[len] != '.' && is_id_char(rest.data[len]))
                len++;
            id = sp_bytes_slice(rest, 0, len);
            i += len;
        } else if (sp_bytes_starts_with(rest, SP_LITERAL("id=")) && rest.len > 4) {
            const char *close = memchr(rest.data + 4, rest.data[3], rest.len - 4);
            if (close)
                id = sp_bytes_slice(rest, 4, (size_t)(close - rest.data));
            i += 2;
        }
    }
    return id;
}

/* Removes the line before `{:toc}`: kramdown replaces the list before `{:toc}` by a table of
   contents. */
static void
drop_line_before(struct reader *r)
{
    sp_prepared *prepared = r->prepared;
    if (prepared->row_count < 2)
        return;
    sp_prepared_row *before = &prepared->rows[prepared->row_count - 2];
    r->out->len = before->start;
    sp_str_append_char(r->out, '\n');
    prepared->rows[prepared->row_count - 1].start = (uint32_t)r->out->len;
}

static bool
read_attributes(struct reader *r, sp_bytes trimmed)
{
    if (trimmed.len < 3 || trimmed.data[0] != '{' || trimmed.data[1] != ':')
        return false;
    const char *close = memchr(trimmed.data, '}', trimmed.len);
    if (!close)
        return false;
    if (sp_bytes_starts_with(trimmed, SP_LITERAL("{::comment}")) &&
        sp_finder_next(&r->end_comment, (size_t)(close - r->text.data)) != SIZE_MAX) {
        r->comment = true;
        return true;
    }
    if (close != trimmed.data + trimmed.len - 1)
        return false;
    sp_bytes list = sp_bytes_slice(trimmed, 2, trimmed.len - 1);
    if (list.len == 0 || list.data[0] == ':' || list.data[0] == '/')
        return true;
    sp_bytes name = sp_bytes_slice(list, 0, id_length(list));
    if (name.len > 1 && name.data[name.len - 1] == ':')
        return true; /* the definition of an attribute list that other lists refer to */
    if (sp_bytes_equal(sp_bytes_trim(list), SP_LITERAL("toc")) ||
        sp_bytes_starts_with(sp_bytes_trim(list), SP_LITERAL("toc ")))
        drop_line_before(r);
    add_id(r, id_in_list(list), false);
    return true;
}

/* Length of `[^name]:` or `*[name]:` at the start of line, or 0. */
static size_t
definition_mark(sp_bytes line, const char *open)
{
    if (!sp_bytes_starts_with(line, sp_bytes_of(open)))
        return 0;
    const char *close = memchr(line.data, ']', line.len);
    size_t end = close ? (size_t)(close - line.data) + 1 : line.len;
    return end < line.len && line.data[end] == ':' ? end + 1 : 0;
}

static bool
is_underline(sp_bytes line)
{
    line = sp_bytes_trim(line);
    size_t same = 0;
    while (same < line.len && line.data[same] == line.data[0])
        same++;
    return same > 0 && same == line.len && (line.data[0] == '=' || line.data[0] == '-');
}

/* Removes ` {#id}` from the end of a heading's line, and records the id. */
static sp_bytes
remove_heading_id(struct reader *r, sp_bytes line, sp_bytes following)
{
    sp_bytes whole = sp_bytes_trim(line);
    if (whole.len < 5 || whole.data[whole.len - 1] != '}')
        return line;
    if (trim_left(whole, "> ").data[0] != '#' && !is_underline(following))
        return line;
    size_t open = whole.len - 1;
    while (open > 0 && is_id_char(whole.data[open - 1]))
        open--;
    sp_bytes id = sp_bytes_slice(whole, open, whole.len - 1);
    if (open < 3 || id.len == 0 || whole.data[open - 1] != '#' || whole.data[open - 2] != '{' ||
        (whole.data[open - 3] != ' ' && whole.data[open - 3] != '\t') ||
        strchr("-.0123456789", id.data[0]))
        return line;
    add_id(r, id, true);
    return sp_bytes_slice(line, 0, (size_t)(whole.data - line.data) + open - 2);
}

/* Appends one line of Markdown without kramdown's additions. */
static void
read_line(struct reader *r, sp_bytes line, sp_bytes following)
{
    sp_bytes trimmed = sp_bytes_trim(line);
    if (r->comment) {
        r->comment = sp_bytes_find(trimmed, SP_LITERAL("{:/"), 0) == SIZE_MAX;
        return;
    }
    if (track_fence(r, line)) {
        sp_nesting_limiter_append(&r->nesting, line);
        return;
    }
    bool attributes = read_attributes(r, trim_left(trimmed, ">\t "));
    if (attributes || definition_mark(trimmed, "*[") > 0) {
        r->after_text = attributes && r->after_text;
        return;
    }
    r->after_text = trimmed.len > 0;
    size_t note = definition_mark(trimmed, "[^");
    if (note > 0)
        line = sp_bytes_trim(sp_bytes_slice(trimmed, note, trimmed.len));
    sp_nesting_limiter_append(&r->nesting, remove_heading_id(r, line, following));
}

static sp_bytes
line_at(sp_bytes text, size_t start)
{
    if (start >= text.len)
        return (sp_bytes){"", 0};
    const char *end = memchr(text.data + start, '\n', text.len - start);
    return sp_bytes_slice(text, start, end ? (size_t)(end - text.data) : text.len);
}

static void
add_row(struct reader *r, enum sp_heading_id_rule rule)
{
    sp_prepared *prepared = r->prepared;
    sp_prepared_row *rows = sp_arena_grow(r->arena, prepared->rows, &prepared->row_capacity,
                                          prepared->row_count + 1, sizeof *rows);
    if (!rows)
        return;
    prepared->rows = rows;
    rows[prepared->row_count++] = (sp_prepared_row){(uint32_t)r->out->len, r->line, rule};
}

/* If raw HTML begins on the line at `at`, records where the HTML ends. Returns whether the line
   consists of a tag with markdown="1"; such a line is removed. */
static bool
open_html(struct reader *r, size_t at, sp_bytes line)
{
    sp_bytes rest = trim_left(line, " ");
    bool markdown;
    size_t indent = line.len - rest.len;
    size_t end = indent < 4 && !r->fence && !r->comment
                     ? sp_html_block_end(&r->html_blocks, at + indent, &markdown)
                     : 0;
    if (end == 0)
        return false;
    if (!markdown) {
        r->html_end = end;
        return false;
    }
    r->old_end = end;
    const char *close = memchr(rest.data, '>', rest.len);
    return close &&
           sp_bytes_trim(sp_bytes_slice(rest, (size_t)(close - rest.data) + 1, rest.len)).len == 0;
}

/* Appends a line of raw HTML. Adds a blank line where the HTML ends, because CommonMark reads
   Markdown again only after a blank line. Returns the length of the HTML on the line. */
static size_t
read_html_line(struct reader *r, size_t at, sp_bytes line)
{
    size_t used = r->html_end < at + line.len ? r->html_end - at : line.len;
    sp_bytes html = sp_bytes_slice(line, 0, used);
    sp_bytes rest = trim_left(html, " \t");
    if (rest.len > 0 && rest.data[0] == '<') /* after a blank line, indented HTML would be code */
        html = rest;
    sp_nesting_limiter_append(&r->nesting, html);
    if (r->html_end <= at + line.len) {
        sp_str_append_char(r->out, '\n');
        add_row(r, SP_RULE_NEW);
        r->after_text = false;
        if (sp_bytes_trim(sp_bytes_slice(line, used, line.len)).len == 0)
            return line.len;
    }
    return used;
}

static enum sp_heading_id_rule
rule_at(const struct reader *r, size_t at)
{
    if (at < r->html_end)
        return SP_RULE_NONE;
    return at < r->old_end ? SP_RULE_OLD : SP_RULE_NEW;
}

/* Adds a blank line before a heading that begins with `#`: in kramdown, such a heading ends raw
   HTML, which in CommonMark continues to a blank line. */
static void
separate_heading(struct reader *r, size_t at, sp_bytes line)
{
    size_t len = 0;
    while (len < line.len && line.data[len] == '#')
        len++;
    if (len == 0 || len > 6 || len == line.len || r->fence || !r->after_text)
        return;
    if (line.data[len] == ' ' || line.data[len] == '\t') {
        add_row(r, rule_at(r, at));
        sp_str_append_char(r->out, '\n');
    }
}

static void
read_lines(struct reader *r)
{
    for (size_t at = 0; at < r->text.len;) {
        sp_bytes line = line_at(r->text, at);
        sp_bytes following = line_at(r->text, at + line.len + 1);
        size_t end = at + line.len;
        r->line++;
        if (at >= r->html_end && open_html(r, at, line))
            line = sp_bytes_slice(line, 0, 0);
        if (at < r->html_end) {
            add_row(r, SP_RULE_NONE);
            size_t used = read_html_line(r, at, line);
            line = sp_bytes_slice(line, used, line.len);
            at += used;
            if (line.len > 0) {
                sp_str_append_char(r->out, '\n');
                add_row(r, rule_at(r, at));
                read_line(r, line, following);
            }
        } else {
            separate_heading(r, at, line);
            add_row(r, rule_at(r, at));
            read_line(r, line, following);
        }
        sp_str_append_char(r->out, '\n');
        at = end + 1;
    }
}

/* Appends bytes as UTF-8 with '\n' as line ends, without byte order mark, U+FDD0 and control
   characters except NUL and tab. */
static void
append_clean(sp_str *out, sp_bytes bytes)
{
    if (sp_bytes_starts_with(bytes, SP_LITERAL("\xEF\xBB\xBF")))
        bytes = sp_bytes_slice(bytes, 3, bytes.len);
    sp_utf8_append_repaired(out, bytes);
    if (out->failed || out->len == 0)
        return;
    size_t to = 0;
    for (size_t at = 0; at < out->len; at++) {
        char c = out->data[at];
        if (c == '\r') {
            if (at + 1 < out->len && out->data[at + 1] == '\n')
                continue;
            c = '\n';
        } else if (c == '\x90' && at >= 2 && memcmp(out->data + at - 2, SP_LIQUID_MARK, 3) == 0) {
            memcpy(out->data + to - 2, "\xEF\xBF", 2);
            c = '\xBD';
        } else if ((unsigned char)c < ' ' && c != '\n' && c != '\t' && c != '\0') {
            c = ' ';
        }
        out->data[to++] = c;
    }
    out->len = to;
}

static void
replace_nul(sp_str *text)
{
    if (text->len == 0 || !memchr(text->data, '\0', text->len))
        return;
    sp_str replaced = {0};
    for (size_t at = 0; at < text->len;) {
        const char *nul = memchr(text->data + at, '\0', text->len - at);
        size_t end = nul ? (size_t)(nul - text->data) : text->len;
        sp_str_append(&replaced, sp_bytes_slice(sp_str_bytes(text), at, end));
        if (nul)
            sp_utf8_append(&replaced, 0xFFFD);
        at = end + 1;
    }
    replaced.failed |= text->failed;
    sp_str_done(text);
    *text = replaced;
}

enum sp_status
sp_prepare(sp_prepared *prepared, sp_bytes body, sp_arena *arena, sp_error *err)
{
    *prepared = (sp_prepared){0};
    SP_AUTO(sp_str_done) sp_str clean = {0};
    SP_AUTO(sp_str_done) sp_str plain = {0};
    append_clean(&clean, body);
    replace_nul(&clean);
    sp_liquid_strip(&plain, sp_str_bytes(&clean));
    struct reader r = {.prepared = prepared, .arena = arena, .out = &prepared->text};
    r.text = sp_str_bytes(&plain);
    r.nesting = (sp_nesting_limiter){.out = r.out, .text = r.text};
    r.html_blocks = (sp_html_block_finder){.text = r.text};
    r.end_comment = (sp_finder){.text = r.text, .needle = SP_LITERAL("{:/")};
    read_lines(&r);
    prepared->text.failed = prepared->text.failed || clean.failed || plain.failed;
    enum sp_status status = sp_str_check(&prepared->text, err);
    return status == SP_OK ? sp_arena_check(arena, err) : status;
}

void
sp_prepared_done(sp_prepared *prepared)
{
    sp_str_done(&prepared->text);
}

sp_bytes
sp_prepared_line(const sp_prepared *prepared, uint32_t line)
{
    if (line == 0 || line > prepared->row_count)
        return (sp_bytes){"", 0};
    return line_at(sp_str_bytes(&prepared->text), prepared->rows[line - 1].start);
}

static bool
is_line_before(const void *items, size_t index, const void *key)
{
    return ((const sp_prepared_id *)items)[index].line < *(const uint32_t *)key;
}

static size_t
first_id_at(const sp_prepared *prepared, uint32_t line)
{
    return sp_lower_bound(prepared->ids, prepared->id_count, is_line_before, &line);
}

sp_bytes
sp_prepared_id_of(const sp_prepared *prepared, uint32_t first, uint32_t last)
{
    sp_bytes id = {"", 0};
    size_t at = first_id_at(prepared, first);
    size_t before = at;
    for (uint32_t line = first; before > 0 && prepared->ids[before - 1].line + 1 == line; line--) {
        before--;
        if (prepared->ids[before].for_next && prepared->ids[before].id.len > 0)
            id = prepared->ids[before].id;
    }
    for (uint32_t line = last + 1; at < prepared->id_count; at++) {
        const sp_prepared_id *given = &prepared->ids[at];
        if (given->line > last && (given->line != line++ || given->for_next))
            break;
        if (given->id.len > 0)
            id = given->id;
    }
    return id;
}
