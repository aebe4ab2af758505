// SPDX-License-Identifier: GPL-2.0-or-later
/* The notices above the hits: their total, and how the query was corrected or cut. */

#include "results_page.h"

void
sp_page_exact_link(const sp_page *page, const char *key)
{
    sp_request to = *page->asked;
    to.exact = true;
    to.offset = 0;
    sp_page_text_link(page, &to, sp_words_text(page->words, key));
}

/* Appends the number of results, and which of the words they have. */
static void
put_count(const sp_page *page, sp_str *out)
{
    const sp_answer *answer = page->answer;
    const sp_words *words = page->words;
    bool exact = answer->relaxed ? answer->total_partial_exact : answer->total_exact;
    uint32_t total = answer->relaxed ? answer->total_partial : answer->total;
    SP_AUTO(sp_str_done) sp_str count = {0};
    SP_HTML(&count, "<strong>{}</strong>",
            exact ? sp_html_count(page->arena, words, "count", total)
                  : sp_html_count(page->arena, words, "count-over",
                                  answer->relaxed ? SP_COUNT : SP_COUNT_FACETS));
    if (answer->relaxed)
        SP_WORDS(out, words, "total-some", SP_FILL_HTML("count", sp_str_bytes(&count)));
    else if (answer->total_partial > 0)
        SP_WORDS(out, words, answer->mixed ? "total-among" : "total-first",
                 SP_FILL_HTML("count", sp_str_bytes(&count)));
    else
        sp_str_append(out, sp_str_bytes(&count));
}

static void
put_total(const sp_page *page)
{
    SP_AUTO(sp_str_done) sp_str count = {0};
    uint32_t number = page->asked->offset / page->asked->limit + 1;
    put_count(page, &count);
    sp_str_append_text(page->out, "<p class=\"total\">");
    if (page->asked->offset > 0)
        SP_WORDS(page->out, page->words, "total-page", SP_FILL_HTML("total", sp_str_bytes(&count)),
                 SP_FILL("n", sp_html_number(page->arena, page->words, number)));
    else
        sp_str_append(page->out, sp_str_bytes(&count));
    sp_str_append_text(page->out, "</p>\n");
}

void
sp_page_query_link(const sp_page *page, sp_bytes text, sp_bytes shown)
{
    sp_request to = *page->asked;
    to.text = text;
    to.offset = 0;
    sp_page_open_link(page, &to, "");
    SP_HTML(page->out, "<bdi>{}</bdi></a>", shown);
}

void
sp_page_put_query(const sp_page *page, const char *key, sp_bytes query)
{
    SP_AUTO(sp_str_done) sp_str link = {0};
    sp_page part = *page;
    part.out = &link;
    sp_str_append_text(&link, "<strong>");
    sp_page_query_link(&part, query, query);
    sp_str_append_text(&link, "</strong>");
    SP_WORDS(page->out, page->words, key, SP_FILL_HTML("q", sp_str_bytes(&link)));
}

void
sp_page_notices(const sp_page *page)
{
    const sp_answer *answer = page->answer;
    put_total(page);
    if (answer->truncated)
        SP_HTML(page->out, "<p class=\"notice\">{}</p>\n", sp_words_text(page->words, "truncated"));
    if (answer->did_you_mean.data) {
        sp_str_append_text(page->out, "<p class=\"notice\">");
        sp_page_put_query(page, "did-you-mean", answer->did_you_mean);
        sp_str_append_text(page->out, "</p>\n");
    }
    if (!answer->corrected.data && !answer->relaxed)
        return;
    sp_str_append_text(page->out, "<p class=\"notice\">");
    if (answer->corrected.data) { /* the search form keeps the query as typed */
        sp_page_put_query(page, "instead", answer->corrected);
        sp_str_append_char(page->out, ' ');
    }
    if (answer->relaxed)
        SP_HTML(page->out, "<strong>{}</strong> {} ", sp_words_text(page->words, "none-has-all"),
                sp_words_text(page->words, "each-lists"));
    sp_page_exact_link(page, "exact");
    sp_str_append_text(page->out, "</p>\n");
}
