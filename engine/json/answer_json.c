// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/answer_json.h>

/* Bytes that stand for themselves in both JSON strings and, but for four of them, HTML. */
static size_t
plain_run(sp_bytes text, size_t at)
{
    size_t end = at;
    while (end < text.len) {
        unsigned char c = (unsigned char)text.data[end];
        if (c < 0x20 || c == '"' || c == '\\' || c >= 0x7F)
            break;
        end++;
    }
    return end - at;
}

static size_t
put_special(sp_str *out, sp_bytes text, size_t at)
{
    uint32_t c;
    size_t len = sp_utf8_decode(text, at, &c);
    if (c == '"' || c == '\\')
        sp_str_append_format(out, "\\%c", (int)c);
    else if (c == '\n')
        sp_str_append_text(out, "\\n");
    else if (c < 0x20 || c == 0x7F || c == 0x2028 || c == 0x2029)
        sp_str_append_format(out, "\\u%04x", (unsigned)c);
    else
        sp_utf8_append(out, c);
    return len;
}

void
sp_json_string(sp_str *out, sp_bytes text)
{
    sp_str_append_char(out, '"');
    for (size_t at = 0; at < text.len;) {
        size_t run = plain_run(text, at);
        sp_str_append(out, sp_bytes_slice(text, at, at + run));
        at += run;
        if (at < text.len)
            at += put_special(out, text, at);
    }
    sp_str_append_char(out, '"');
}

void
sp_html_escape(sp_str *out, sp_bytes text)
{
    size_t from = 0;
    for (size_t at = 0; at < text.len; at++) {
        const char *entity = NULL;
        switch (text.data[at]) {
        case '&':
            entity = "&amp;";
            break;
        case '<':
            entity = "&lt;";
            break;
        case '>':
            entity = "&gt;";
            break;
        case '"':
            entity = "&quot;";
            break;
        case '\'':
            entity = "&#39;";
            break;
        default:
            continue;
        }
        sp_str_append(out, sp_bytes_slice(text, from, at));
        sp_str_append_text(out, entity);
        from = at + 1;
    }
    sp_str_append(out, sp_bytes_slice(text, from, text.len));
}

void
sp_marked_print_html(const sp_marked *marked, sp_str *out)
{
    uint32_t from = 0;
    for (uint32_t i = 0; i < marked->mark_count; i++) {
        sp_range mark = marked->marks[i];
        sp_html_escape(out, sp_bytes_slice(marked->text, from, mark.start));
        sp_str_append_text(out, "<mark>");
        sp_html_escape(out, sp_bytes_slice(marked->text, mark.start, mark.end));
        sp_str_append_text(out, "</mark>");
        from = mark.end;
    }
    sp_html_escape(out, sp_bytes_slice(marked->text, from, marked->text.len));
}

/* Printing: every member but the first of its object writes the comma before it. */

static void
put_key(sp_str *out, const char *key)
{
    char last = out->len > 0 ? out->data[out->len - 1] : '{';
    if (last != '{' && last != '[')
        sp_str_append_char(out, ',');
    sp_str_append_char(out, '"');
    sp_str_append_text(out, key);
    sp_str_append(out, SP_LITERAL("\":"));
}

static void
put_text(sp_str *out, const char *key, sp_bytes text)
{
    put_key(out, key);
    sp_json_string(out, text);
}

static void
put_uint(sp_str *out, const char *key, uint64_t number)
{
    char digits[20]; /* of 2^64 - 1 */
    size_t at = sizeof digits;
    put_key(out, key);
    do
        digits[--at] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    sp_str_append(out, (sp_bytes){digits + at, sizeof digits - at});
}

static void
put_bool(sp_str *out, const char *key, bool value)
{
    put_key(out, key);
    sp_str_append_text(out, value ? "true" : "false");
}

static void
put_list(sp_str *out, const char *key, const sp_bytes *items, uint32_t count)
{
    put_key(out, key);
    sp_str_append_char(out, '[');
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0)
            sp_str_append_char(out, ',');
        sp_json_string(out, items[i]);
    }
    sp_str_append_char(out, ']');
}

static void
put_html_member(sp_str *out, const char *key, const sp_marked *marked)
{
    SP_AUTO(sp_str_done) sp_str html = {0};
    sp_marked_print_html(marked, &html);
    put_text(out, key, sp_str_bytes(&html));
    out->failed |= html.failed;
}

static void
open_element(sp_str *out, bool first)
{
    sp_str_append_text(out, first ? "{" : ",{");
}

static void
put_passages(sp_str *out, const sp_hit *hit)
{
    put_key(out, "passages");
    sp_str_append_char(out, '[');
    for (uint32_t i = 0; i < hit->passage_count; i++) {
        const sp_passage *passage = &hit->passages[i];
        open_element(out, i == 0);
        put_list(out, "heading", passage->heading, passage->heading_count);
        put_text(out, "url", passage->url);
        put_text(out, "text", passage->text.text);
        put_html_member(out, "html", &passage->text);
        put_uint(out, "line", passage->line);
        sp_str_append_char(out, '}');
    }
    sp_str_append_char(out, ']');
}

static void
put_post(sp_str *out, const sp_hit *hit)
{
    put_text(out, "date", hit->date);
    put_list(out, "categories", hit->categories, hit->category_count);
    put_list(out, "tags", hit->tags, hit->tag_count);
    put_text(out, "lang", hit->lang);
    put_key(out, "score");
    sp_str_append_format(out, "%.2f", hit->score);
    put_list(out, "missing", hit->missing, hit->missing_count);
    if (hit->pinned)
        put_bool(out, "pinned", true);
    put_key(out, "source");
    sp_str_append_char(out, '{');
    put_text(out, "path", hit->path);
    put_uint(out, "line", hit->line);
    sp_str_append_char(out, '}');
}

static void
put_resource(sp_str *out, const sp_hit *hit)
{
    put_text(out, "description", hit->description.text);
    put_text(out, "date", hit->date);
    put_key(out, "score");
    sp_str_append_format(out, "%.2f", hit->score);
    put_list(out, "missing", hit->missing, hit->missing_count);
    if (hit->pinned)
        put_bool(out, "pinned", true);
    put_key(out, "mentions");
    sp_str_append_char(out, '[');
    for (uint32_t i = 0; i < hit->mention_count; i++) {
        const sp_answer_mention *mention = &hit->mentions[i];
        open_element(out, i == 0);
        put_text(out, "title", mention->title);
        put_text(out, "url", mention->url);
        put_list(out, "heading", mention->heading, mention->heading_count);
        put_uint(out, "line", mention->line);
        sp_str_append_char(out, '}');
    }
    sp_str_append_char(out, ']');
}

static void
put_hit(sp_str *out, const sp_hit *hit, bool first)
{
    bool is_post = hit->kind == SP_KIND_POST;
    open_element(out, first);
    put_text(out, "kind", is_post ? SP_LITERAL("post") : SP_LITERAL("resource"));
    put_text(out, "title", hit->title.text);
    put_html_member(out, "title_html", &hit->title);
    put_text(out, "url", hit->url);
    if (is_post)
        put_post(out, hit);
    else
        put_resource(out, hit);
    put_passages(out, hit);
    if (hit->explanation) {
        put_key(out, "explain");
        sp_explanation_print_json(hit->explanation, out);
    }
    sp_str_append_char(out, '}');
}

static void
put_hits(sp_str *out, const char *key, const sp_hit *hits, uint32_t count)
{
    put_key(out, key);
    sp_str_append_char(out, '[');
    for (uint32_t i = 0; i < count; i++)
        put_hit(out, &hits[i], i == 0);
    sp_str_append_char(out, ']');
}

static void
put_query(sp_str *out, const sp_answer *answer)
{
    put_key(out, "query");
    sp_str_append_char(out, '{');
    put_text(out, "text", answer->text);
    put_text(out, "parsed", answer->parsed);
    put_bool(out, "relaxed", answer->relaxed);
    put_key(out, "corrected");
    if (answer->corrected.data)
        sp_json_string(out, answer->corrected);
    else
        sp_str_append_text(out, "null");
    put_bool(out, "truncated", answer->truncated);
    sp_str_append_char(out, '}');
}

static void
put_facets(sp_str *out, const sp_facet *facets)
{
    static const char *const names[SP_FACET_COUNT] = {"kind", "tag", "category", "lang", "year"};
    put_key(out, "facets");
    sp_str_append_char(out, '{');
    for (int kind = 0; kind < SP_FACET_COUNT; kind++) {
        put_key(out, names[kind]);
        sp_str_append_char(out, '[');
        for (uint32_t i = 0; i < facets[kind].value_count; i++) {
            open_element(out, i == 0);
            put_text(out, "value", facets[kind].values[i].value);
            put_uint(out, "count", facets[kind].values[i].count);
            sp_str_append_char(out, '}');
        }
        sp_str_append_char(out, ']');
    }
    sp_str_append_char(out, '}');
}

void
sp_answer_print_json(const sp_answer *answer, sp_str *out)
{
    sp_str_append_char(out, '{');
    put_query(out, answer);
    put_text(out, "revision", answer->revision);
    put_uint(out, "took_us", answer->took_us);
    put_uint(out, "total", answer->total);
    put_bool(out, "total_exact", answer->total_exact);
    put_uint(out, "offset", answer->offset);
    put_uint(out, "limit", answer->limit);
    put_hits(out, "hits", answer->hits, answer->hit_count);
    put_hits(out, "related", answer->related, answer->related_count);
    if (answer->facets)
        put_facets(out, answer->facets);
    sp_str_append_char(out, '}');
}
