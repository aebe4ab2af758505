// SPDX-License-Identifier: GPL-2.0-or-later
/* The hits of the results page: guides with the passages that match, resources with their host and
   mentions. */

#include "results_page.h"

#include <signpost/answer_json.h>
#include <signpost/url.h>

/* Maximum number of mentions of a resource that are shown. */
#define MENTIONS_MAX 20
#define SEPARATOR " <span class=\"sep\">›</span> "

static void
put_breadcrumb(sp_str *out, const sp_bytes *heading, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0)
            sp_str_append_text(out, SEPARATOR);
        SP_HTML(out, "<bdi>{}</bdi>", heading[i]);
    }
}

static void
put_passage(const sp_page *page, const sp_hit *hit, const sp_passage *passage)
{
    sp_str_append_text(page->out, "<div class=\"passage\">");
    if (passage->heading_count > 0) {
        const sp_answer_mention *mention = sp_hit_mention_at(hit, passage->url);
        SP_HTML(page->out, "<p class=\"trail\"><a href=\"{}\">", passage->url);
        if (mention)
            SP_HTML(page->out, "<bdi>{}</bdi>" SEPARATOR, mention->title);
        put_breadcrumb(page->out, passage->heading, passage->heading_count);
        sp_str_append_text(page->out, "</a></p>\n");
    }
    sp_html_text(page->out, &passage->text, hit->lang);
    sp_str_append_text(page->out, "</div>\n");
}

static void
put_passages(const sp_page *page, const sp_hit *hit)
{
    if (hit->opening)
        put_passage(page, hit, hit->opening);
    for (uint32_t i = hit->passages_from; i < hit->passage_count; i++)
        put_passage(page, hit, &hit->passages[i]);
}

static void
put_missing(const sp_page *page, const sp_hit *hit)
{
    SP_AUTO(sp_str_done) sp_str missing = {0};
    for (uint32_t i = 0; i < hit->missing_count; i++)
        SP_HTML(&missing, i == 0 ? "<del>{}</del>" : ", <del>{}</del>", hit->missing[i]);
    if (missing.len == 0)
        return;
    sp_str_append_text(page->out, "<p class=\"missing\">");
    SP_WORDS(page->out, page->words, "without", SP_FILL_HTML("words", sp_str_bytes(&missing)));
    sp_str_append_text(page->out, "</p>\n");
}

/* Says where words of the query are that the hit does not show otherwise. */
static void
put_elsewhere(const sp_page *page, const sp_hit *hit)
{
    static const char *const keys[SP_ELSEWHERE_COUNT] = {[SP_ELSEWHERE_URL] = "in-url",
                                                         [SP_ELSEWHERE_TAG] = "in-tag",
                                                         [SP_ELSEWHERE_CATEGORY] = "in-category"};
    for (uint32_t i = 0; i < hit->elsewhere_count; i++) {
        SP_AUTO(sp_str_done) sp_str text = {0};
        sp_str_append_text(&text, "<bdi>");
        sp_marked_print_html(&hit->elsewhere[i].text, &text);
        sp_str_append_text(&text, "</bdi>");
        page->out->failed |= text.failed;
        sp_str_append_text(page->out, "<p class=\"elsewhere\">");
        SP_WORDS(page->out, page->words, keys[hit->elsewhere[i].field],
                 SP_FILL_HTML("text", sp_str_bytes(&text)));
        sp_str_append_text(page->out, "</p>\n");
    }
}

static void
put_filter_item(const sp_page *page, enum sp_field field, sp_bytes value)
{
    sp_str_append_text(page->out, "<li>");
    sp_page_filter_link(page, field, value);
    sp_str_append_text(page->out, "</li>\n");
}

static bool
is_category(const sp_hit *hit, sp_bytes tag)
{
    for (uint32_t i = 0; i < hit->category_count; i++) {
        if (sp_page_same_name(hit->categories[i], tag))
            return true;
    }
    return false;
}

/* Appends links to the categories and tags of a hit, each name once. */
static void
put_filter_links(const sp_page *page, const sp_hit *hit)
{
    for (uint32_t i = 0; i < hit->category_count; i++)
        put_filter_item(page, SP_FIELD_CATEGORY, hit->categories[i]);
    for (uint32_t i = 0; i < hit->tag_count; i++) {
        if (!is_category(hit, hit->tags[i]))
            put_filter_item(page, SP_FIELD_TAG, hit->tags[i]);
    }
}

/* Opens the list of facts about a hit. `key` is the text that names its kind. */
static void
open_meta(const sp_page *page, const sp_hit *hit, const char *key)
{
    SP_HTML(page->out, "<ul class=\"meta\"><li class=\"kind\">{}</li>\n",
            sp_words_text(page->words, key));
    if (hit->pinned)
        SP_HTML(page->out, "<li class=\"pinned\">{}</li>\n", sp_words_text(page->words, "pinned"));
}

static void
put_post(const sp_page *page, const sp_hit *hit)
{
    open_meta(page, hit, "guide");
    if (hit->date.len > 0)
        SP_HTML(page->out, "<li><time datetime=\"{}\">{}</time></li>\n", hit->date,
                sp_html_date(page->arena, page->words, hit->date));
    put_filter_links(page, hit);
    sp_str_append_text(page->out, "</ul>\n");
    put_passages(page, hit);
}

static sp_bytes
page_of(sp_bytes url)
{
    const char *fragment = memchr(url.data, '#', url.len);
    return fragment ? sp_bytes_slice(url, 0, (size_t)(fragment - url.data)) : url;
}

/* The number of guides that mention the resource. Mentions in the same guide are adjacent. */
static uint32_t
count_guides(const sp_hit *hit)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < hit->mention_count; i++)
        count += i == 0 ||
                 !sp_bytes_equal(page_of(hit->mentions[i - 1].url), page_of(hit->mentions[i].url));
    return count;
}

static void
put_mention(const sp_page *page, const sp_answer_mention *mention)
{
    const sp_marked title = {.text = mention->title};
    sp_html_link(page->out, mention->url, &title, (sp_bytes){0});
    if (mention->heading_count > 0) {
        sp_str_append_text(page->out, SEPARATOR);
        put_breadcrumb(page->out, mention->heading, mention->heading_count);
    }
}

static void
put_only_mention(const sp_page *page, const sp_answer_mention *mention)
{
    SP_AUTO(sp_str_done) sp_str guide = {0};
    sp_page part = *page;
    part.out = &guide;
    put_mention(&part, mention);
    sp_str_append_text(page->out, "<p class=\"mentions\">");
    SP_WORDS(page->out, page->words, "mentioned", SP_FILL_HTML("guide", sp_str_bytes(&guide)));
    sp_str_append_text(page->out, "</p>\n");
}

static void
put_mentions(const sp_page *page, const sp_hit *hit)
{
    uint32_t shown = hit->mention_count < MENTIONS_MAX ? hit->mention_count : MENTIONS_MAX;
    if (hit->mention_count == 1) {
        put_only_mention(page, &hit->mentions[0]);
    } else if (shown > 1) {
        SP_HTML(page->out, "<details class=\"mentions\"><summary>{}</summary>\n<ul>\n",
                sp_html_count(page->arena, page->words, "mentioned-in", count_guides(hit)));
        for (uint32_t i = 0; i < shown; i++) {
            sp_str_append_text(page->out, "<li>");
            put_mention(page, &hit->mentions[i]);
            sp_str_append_text(page->out, "</li>\n");
        }
        if (hit->mention_count > shown)
            SP_HTML(
                page->out, "<li>{}</li>\n",
                sp_html_count(page->arena, page->words, "and-more", hit->mention_count - shown));
        sp_str_append_text(page->out, "</ul></details>\n");
    }
}

/* Whether a passage that is shown contains the description. */
static bool
passage_describes(const sp_hit *hit)
{
    const sp_passage *opening = hit->opening;
    bool found = opening && sp_bytes_find(opening->text.text, hit->description.text, 0) != SIZE_MAX;
    for (uint32_t i = 0; i < hit->passage_count; i++)
        found |= sp_bytes_find(hit->passages[i].text.text, hit->description.text, 0) != SIZE_MAX;
    return found;
}

static bool
links_to(const sp_passage *passage, const sp_answer_mention *mention)
{
    return passage->heading_count > 0 && sp_bytes_equal(passage->url, mention->url);
}

/* Whether the resource's only mention is already linked: by a passage, or by the first hit of a
   group. */
static bool
is_linked(const sp_hit *hit)
{
    const sp_answer_mention *mention = &hit->mentions[0];
    bool linked = hit->grouped || (hit->opening && links_to(hit->opening, mention));
    for (uint32_t i = 0; i < hit->passage_count; i++)
        linked |= links_to(&hit->passages[i], mention);
    return linked && hit->mention_count == 1;
}

static void
put_resource(const sp_page *page, const sp_hit *hit)
{
    open_meta(page, hit, "resource");
    SP_HTML(page->out, "<li class=\"host\">{}</li></ul>\n",
            sp_url_without_www(sp_url_authority(hit->url)));
    if (hit->description.text.len > 0 && !hit->described_above && !passage_describes(hit))
        sp_html_text(page->out, &hit->description, hit->lang);
    put_passages(page, hit);
    if (!is_linked(hit))
        put_mentions(page, hit);
}

static void
put_hit(const sp_page *page, const sp_hit *hit)
{
    bool is_post = hit->kind == SP_KIND_POST;
    SP_HTML(page->out, "<li class=\"hit {}{}\"><h3>",
            is_post ? SP_LITERAL("guide") : SP_LITERAL("resource"),
            sp_bytes_of(hit->grouped ? " grouped" : ""));
    sp_html_link(page->out, hit->url, &hit->title, hit->lang);
    sp_str_append_text(page->out, "</h3>\n");
    if (is_post)
        put_post(page, hit);
    else
        put_resource(page, hit);
    put_elsewhere(page, hit);
    put_missing(page, hit);
    sp_str_append_text(page->out, "</li>\n");
}

static void
open_list(const sp_page *page, uint32_t index)
{
    sp_str_append_format(page->out, "<ol class=\"hits\" start=\"%u\">\n",
                         page->answer->offset + index + 1);
}

/* Appends the heading before the hits that have only some of the words. Pinned hits come before
   this heading, even if they do not have all the words. */
static void
put_divider(const sp_page *page)
{
    SP_HTML(page->out, "<h2 class=\"divider\">{}</h2>\n<p>", sp_words_text(page->words, "partial"));
    sp_page_exact_link(page, "only-whole");
    sp_str_append_text(page->out, "</p>\n");
}

void
sp_page_hits(const sp_page *page)
{
    const sp_answer *answer = page->answer;
    /* no heading if a notice says that no hit has all the words, or if hits of both kinds mix */
    bool divided = answer->relaxed || answer->mixed;
    SP_HTML(page->out, "<h2 class=\"unseen\">{}</h2>\n", sp_words_text(page->words, "list"));
    for (uint32_t i = 0; i < answer->hit_count; i++) {
        const sp_hit *hit = &answer->hits[i];
        bool divides = hit->missing_count > 0 && !hit->pinned && !divided;
        if (divides) {
            sp_str_append_text(page->out, i > 0 ? "</ol>\n" : "");
            put_divider(page);
        }
        if (divides || i == 0)
            open_list(page, i);
        divided |= divides;
        put_hit(page, hit);
    }
    sp_str_append_text(page->out, answer->hit_count > 0 ? "</ol>\n" : "");
}

void
sp_page_related(const sp_page *page)
{
    const sp_answer *answer = page->answer;
    if (answer->related_count == 0)
        return;
    SP_HTML(page->out, "<h2 class=\"divider\">{}</h2>\n<ul class=\"hits related\">\n",
            sp_words_text(page->words, "related"));
    for (uint32_t i = 0; i < answer->related_count; i++)
        put_hit(page, &answer->related[i]);
    sp_str_append_text(page->out, "</ul>\n");
}
