// SPDX-License-Identifier: GPL-2.0-or-later
/* Help for a search without hits. */

#include "results_page.h"

/* Appends a word that no document has, with similar words. */
static void
put_unknown_word(const sp_page *page, uint32_t index)
{
    SP_AUTO(sp_str_done) sp_str typed = {0};
    SP_AUTO(sp_str_done) sp_str near = {0};
    const sp_misspelt_word *word = &page->nearest.words[index];
    sp_page part = *page;
    part.out = &near;
    SP_HTML(&typed, "<bdi>{}</bdi>", word->typed);
    for (uint32_t k = 0; k < word->near_count; k++) {
        sp_str_append_text(&near, k == 0 ? "" : ", ");
        sp_page_query_link(&part, sp_corrections_text(&page->nearest, index, k, page->arena),
                           word->near[k]);
    }
    sp_str_append_text(page->out, "<li>");
    SP_WORDS(page->out, page->words, near.len > 0 ? "unknown-near" : "unknown",
             SP_FILL_HTML("word", sp_str_bytes(&typed)),
             SP_FILL_HTML("words", sp_str_bytes(&near)));
    sp_str_append_text(page->out, "</li>\n");
}

static void
put_near_words(const sp_page *page)
{
    for (uint32_t i = 0; i < page->nearest.count; i++) {
        if (page->nearest.words[i].near_count != 1) /* else "Did you mean" offers the word */
            put_unknown_word(page, i);
    }
}

static void
put_did_you_mean(const sp_page *page)
{
    sp_str_append_text(page->out, "<p>");
    sp_page_put_query(page, "did-you-mean", page->nearest.instead);
    sp_str_append_text(page->out, "</p>\n");
}

static void
put_unfiltered(const sp_page *page)
{
    SP_AUTO(sp_str_done) sp_str link = {0};
    const sp_request to = sp_page_unfiltered(page->asked);
    sp_page part = *page;
    part.out = &link;
    sp_page_text_link(&part, &to,
                      sp_html_count(page->arena, page->words, "count", page->unfiltered));
    sp_str_append_text(page->out, "<li>");
    SP_WORDS_FILL(page->out, sp_words_plural(page->words, "unfiltered", page->unfiltered),
                  SP_FILL_HTML("count", sp_str_bytes(&link)));
    sp_str_append_text(page->out, "</li>\n");
}

static void
put_advice(const sp_page *page)
{
    const sp_bytes text = sp_bytes_trim(page->asked->text);
    const bool is_word = sp_bytes_until(text, " \t\r\n") == text.len;
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
        SP_HTML(page->out, "<li>{} ", sp_words_text(page->words, "typed-only"));
        sp_page_text_link(page, &inexact, sp_words_text(page->words, "inexact"));
        sp_str_append_text(page->out, "</li>\n");
    }
    SP_HTML(page->out, "<li>{}</li>\n</ul>\n",
            sp_words_text(page->words, is_word ? "advice-word" : "advice"));
}

void
sp_page_no_results(const sp_page *page)
{
    sp_request first = *page->asked;
    first.offset = 0;
    sp_str_append_text(page->out, "<div class=\"nothing\">\n");
    if (sp_answer_found(page->answer) > 0) {
        SP_HTML(page->out, "<p><strong>{}</strong> ", sp_words_text(page->words, "no-such-page"));
        sp_page_text_link(page, &first, sp_words_text(page->words, "first-page"));
        sp_str_append_text(page->out, "</p>\n");
    } else {
        put_advice(page);
    }
    sp_str_append_text(page->out, "</div>\n");
    sp_page_recent(page);
}
