// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/answer_json.h>
#include <signpost/escape.h>
#include <signpost/json.h>

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

static void
put_marked(sp_str *out, const char *key, const sp_marked *marked)
{
    SP_AUTO(sp_str_done) sp_str html = {0};
    sp_marked_print_html(marked, &html);
    sp_json_text_or_null(out, key, sp_str_bytes(&html));
    out->failed |= html.failed;
}

static void
put_passages(sp_str *out, const sp_hit *hit)
{
    sp_json_open_array(out, "passages");
    for (uint32_t i = 0; i < hit->passage_count; i++) {
        const sp_passage *passage = &hit->passages[i];
        sp_json_open_object(out, NULL);
        sp_json_texts(out, "heading", passage->heading, passage->heading_count);
        sp_json_text(out, "url", passage->url);
        sp_json_text(out, "text", passage->text.text);
        put_marked(out, "html", &passage->text);
        sp_json_uint(out, "line", passage->line);
        sp_json_close_object(out);
    }
    sp_json_close_array(out);
}

static void
put_elsewhere(sp_str *out, const sp_hit *hit)
{
    static const char *const fields[SP_ELSEWHERE_COUNT] = {[SP_ELSEWHERE_URL] = "url",
                                                           [SP_ELSEWHERE_TAG] = "tag",
                                                           [SP_ELSEWHERE_CATEGORY] = "category"};
    sp_json_open_array(out, "elsewhere");
    for (uint32_t i = 0; i < hit->elsewhere_count; i++) {
        sp_json_open_object(out, NULL);
        sp_json_text(out, "field", sp_bytes_of(fields[hit->elsewhere[i].field]));
        put_marked(out, "html", &hit->elsewhere[i].text);
        sp_json_close_object(out);
    }
    sp_json_close_array(out);
}

static void
put_section(sp_str *out, const sp_hit *hit)
{
    if (hit->section.data)
        sp_json_text(out, "section", hit->section);
    else
        sp_json_null(out, "section");
}

/* Appends the members that posts and resources have in common. */
static void
put_common(sp_str *out, const sp_hit *hit)
{
    sp_json_text_or_null(out, "date", hit->date);
    sp_json_texts(out, "categories", hit->categories, hit->category_count);
    sp_json_texts(out, "tags", hit->tags, hit->tag_count);
    sp_json_text_or_null(out, "lang", hit->lang);
    sp_json_fixed(out, "score", hit->score, 2);
    sp_json_texts(out, "missing", hit->missing, hit->missing_count);
    if (hit->pinned)
        sp_json_bool(out, "pinned", true);
}

static void
put_post(sp_str *out, const sp_hit *hit)
{
    put_common(out, hit);
    sp_json_open_object(out, "source");
    sp_json_text(out, "path", hit->path);
    sp_json_uint(out, "line", hit->line);
    sp_json_close_object(out);
}

static void
put_resource(sp_str *out, const sp_hit *hit)
{
    sp_json_text_or_null(out, "description", hit->description.text);
    put_common(out, hit);
    sp_json_open_array(out, "mentions");
    for (uint32_t i = 0; i < hit->mention_count; i++) {
        const sp_answer_mention *mention = &hit->mentions[i];
        sp_json_open_object(out, NULL);
        sp_json_text_or_null(out, "title", mention->title);
        sp_json_text(out, "url", mention->url);
        sp_json_texts(out, "heading", mention->heading, mention->heading_count);
        sp_json_uint(out, "line", mention->line);
        sp_json_close_object(out);
    }
    sp_json_close_array(out);
}

static void
put_hit(sp_str *out, const sp_hit *hit)
{
    bool is_post = hit->kind == SP_KIND_POST;
    sp_json_open_object(out, NULL);
    sp_json_text(out, "kind", sp_bytes_of(sp_kind_names[hit->kind]));
    sp_json_text_or_null(out, "title", hit->title.text);
    put_marked(out, "title_html", &hit->title);
    sp_json_text(out, "url", hit->url);
    if (is_post)
        put_post(out, hit);
    else
        put_resource(out, hit);
    put_passages(out, hit);
    put_elsewhere(out, hit);
    put_section(out, hit);
    if (hit->explanation) {
        sp_json_key(out, "explain");
        sp_explanation_print_json(hit->explanation, out);
    }
    sp_json_close_object(out);
}

static void
put_hits(sp_str *out, const char *key, const sp_hit *hits, uint32_t count)
{
    sp_json_open_array(out, key);
    for (uint32_t i = 0; i < count; i++)
        put_hit(out, &hits[i]);
    sp_json_close_array(out);
}

static void
put_query(sp_str *out, const sp_answer *answer)
{
    sp_json_open_object(out, "query");
    sp_json_text(out, "text", answer->text);
    sp_json_text(out, "parsed", answer->parsed);
    sp_json_bool(out, "relaxed", answer->relaxed);
    sp_json_bool(out, "mixed", answer->mixed);
    if (answer->corrected.data)
        sp_json_text(out, "corrected", answer->corrected);
    else
        sp_json_null(out, "corrected");
    if (answer->did_you_mean.data)
        sp_json_text(out, "did_you_mean", answer->did_you_mean);
    else
        sp_json_null(out, "did_you_mean");
    sp_json_bool(out, "truncated", answer->truncated);
    sp_json_close_object(out);
}

static void
put_facets(sp_str *out, const sp_facet *facets)
{
    sp_json_open_object(out, "facets");
    for (int kind = 0; kind < SP_FACET_COUNT; kind++) {
        sp_json_open_array(out, sp_facet_names[kind]);
        for (uint32_t i = 0; i < facets[kind].value_count; i++) {
            sp_json_open_object(out, NULL);
            sp_json_text(out, "value", facets[kind].values[i].value);
            sp_json_uint(out, "count", facets[kind].values[i].count);
            sp_json_close_object(out);
        }
        sp_json_close_array(out);
    }
    sp_json_close_object(out);
}

void
sp_answer_print_json(const sp_answer *answer, sp_str *out)
{
    sp_json_open_object(out, NULL);
    put_query(out, answer);
    sp_json_text(out, "revision", answer->revision);
    sp_json_uint(out, "took_us", answer->took_us);
    sp_json_uint(out, "total", answer->total);
    sp_json_bool(out, "total_exact", answer->total_exact);
    sp_json_uint(out, "total_partial", answer->total_partial);
    sp_json_bool(out, "total_partial_exact", answer->total_partial_exact);
    sp_json_uint(out, "offset", answer->offset);
    sp_json_uint(out, "limit", answer->limit);
    put_hits(out, "hits", answer->hits, answer->hit_count);
    put_hits(out, "related", answer->related, answer->related_count);
    if (answer->facets)
        put_facets(out, answer->facets);
    sp_json_close_object(out);
}
