// SPDX-License-Identifier: GPL-2.0-or-later
/* The content of the start page: newest guides, categories and tags. */

#include "results_page.h"

/* Maximum number of tags, and of categories, that are listed. */
#define VALUES_MAX 24

void
sp_page_recent(const sp_page *page)
{
    const sp_answer *recent = page->recent;
    if (!recent || recent->hit_count == 0)
        return;
    sp_str_append_text(page->out, "<section><h2>");
    sp_words_print(page->out, page->words, "recent");
    sp_str_append_text(page->out, "</h2>\n<ul class=\"recent\">\n");
    for (uint32_t i = 0; i < recent->hit_count; i++) {
        const sp_hit *hit = &recent->hits[i];
        sp_str_append_text(page->out, "<li>");
        sp_html_link(page->out, hit->url, &hit->title, hit->lang);
        if (hit->date.len > 0)
            SP_HTML(page->out, " <time datetime=\"{}\">{}</time>", hit->date,
                    sp_html_date(page->arena, page->words, hit->date));
        sp_str_append_text(page->out, "</li>\n");
    }
    sp_str_append_text(page->out, "</ul></section>\n");
}

static bool
has_value(const sp_facet *facet, sp_bytes value)
{
    for (uint32_t i = 0; i < facet->value_count && i < VALUES_MAX; i++) {
        if (sp_page_same_name(facet->values[i].value, value))
            return true;
    }
    return false;
}

/* Appends links to the most frequent values of a facet, without those that `shown` has already. */
static void
put_values(const sp_page *page, enum sp_facet_kind kind, enum sp_field field, const char *key,
           const sp_facet *shown)
{
    const sp_facet *facet = &page->recent->facets[kind];
    uint32_t left = 0;
    for (uint32_t i = 0; i < facet->value_count && i < VALUES_MAX; i++)
        left += !shown || !has_value(shown, facet->values[i].value);
    if (left == 0)
        return;
    SP_HTML(page->out, "<section><h2>{}</h2>\n<ul class=\"chips\">\n",
            sp_words_text(page->words, key));
    for (uint32_t i = 0; i < facet->value_count && i < VALUES_MAX; i++) {
        if (shown && has_value(shown, facet->values[i].value))
            continue;
        sp_str_append_text(page->out, "<li>");
        sp_page_filter_link(page, field, facet->values[i].value);
        sp_str_append_text(page->out, "</li>\n");
    }
    sp_str_append_text(page->out, "</ul></section>\n");
}

void
sp_page_start(const sp_page *page)
{
    const sp_words *words = page->words;
    sp_bytes guides = sp_html_count(page->arena, words, "size-guides", page->posts);
    sp_bytes resources = sp_html_count(page->arena, words, "size-resources", page->resources);
    sp_str_append_text(page->out, "<p class=\"total\">");
    SP_WORDS(page->out, words, "size", SP_FILL("guides", guides), SP_FILL("resources", resources));
    sp_str_append_text(page->out, "</p>\n");
    sp_page_recent(page);
    put_values(page, SP_FACET_CATEGORY, SP_FIELD_CATEGORY, "categories", NULL);
    put_values(page, SP_FACET_TAG, SP_FIELD_TAG, "tags", &page->recent->facets[SP_FACET_CATEGORY]);
}
