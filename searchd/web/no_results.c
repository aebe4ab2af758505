// SPDX-License-Identifier: GPL-2.0-or-later
/* Help for a search without hits. */

#include "results_page.h"

/* Lists the words that no document has, each with similar words. */
static void
put_near_words(const sp_page *page)
{
    for (uint32_t i = 0; i < page->nearest.count; i++) {
        const sp_misspelt_word *word = &page->nearest.words[i];
        if (word->near_count == 1)
            continue; /* "Did you mean" offers the similar words */
        SP_HTML(page->out, "<li>No guide or resource contains “<bdi>{}</bdi>”", word->typed);
        for (uint32_t k = 0; k < word->near_count; k++) {
            sp_str_append_text(page->out, k == 0 ? ". Similar words: " : ", ");
            sp_page_query_link(page, sp_corrections_text(&page->nearest, i, k, page->arena),
                               word->near[k]);
        }
        sp_str_append_text(page->out, ".</li>\n");
    }
}

static void
put_did_you_mean(const sp_page *page)
{
    sp_str_append_text(page->out, "<p>Did you mean <strong>");
    sp_page_query_link(page, page->nearest.instead, page->nearest.instead);
    sp_str_append_text(page->out, "</strong>?</p>\n");
}

static void
put_unfiltered(const sp_page *page)
{
    const sp_request to = sp_page_unfiltered(page->asked);
    sp_str_append_text(page->out, "<li>Without the filters there ");
    sp_str_append_text(page->out, page->unfiltered == 1 ? "is " : "are ");
    sp_page_open_link(page, &to, "");
    SP_HTML(page->out, "{}</a>.</li>\n",
            sp_html_count(page->arena, page->unfiltered, "result", "results"));
}

static void
put_advice(const sp_page *page)
{
    sp_request inexact = *page->asked;
    inexact.exact = false;
    inexact.offset = 0;
    if (page->nearest.instead.data)
        put_did_you_mean(page);
    sp_str_append_text(page->out, "<ul class=\"advice\">\n");
    put_near_words(page);
    if (page->unfiltered > 0)
        put_unfiltered(page);
    if (page->asked->exact) {
        sp_str_append_text(page->out, "<li>Only the words exactly as typed were searched for. ");
        sp_page_text_link(page, &inexact, "Search less strictly");
        sp_str_append_text(page->out, "</li>\n");
    }
    sp_str_append_text(page->out, "<li>Try fewer words, or more general ones.</li>\n</ul>\n");
}

void
sp_page_no_results(const sp_page *page)
{
    sp_request first = *page->asked;
    first.offset = 0;
    sp_str_append_text(page->out, "<div class=\"nothing\">\n");
    if (page->answer->total > 0) {
        sp_str_append_text(page->out, "<p><strong>There is no such page of results.</strong> ");
        sp_page_text_link(page, &first, "Go to the first page");
        sp_str_append_text(page->out, "</p>\n");
    } else {
        put_advice(page);
    }
    sp_str_append_text(page->out, "</div>\n");
    sp_page_recent(page);
}
