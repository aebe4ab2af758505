// SPDX-License-Identifier: GPL-2.0-or-later
/* The notices above the hits: their total, and how the query was corrected or cut. */

#include "results_page.h"

void
sp_page_exact_link(const sp_page *page, const char *text)
{
    sp_request to = *page->asked;
    to.exact = true;
    to.offset = 0;
    sp_page_text_link(page, &to, text);
}

static void
put_total(const sp_page *page)
{
    const sp_answer *answer = page->answer;
    sp_str_append_text(page->out, "<p class=\"total\">");
    if (!answer->total_exact)
        sp_str_append_text(page->out, "More than ");
    SP_HTML(page->out, "<strong>{}</strong>",
            sp_html_count(page->arena, answer->total_exact ? answer->total : 1000, "result",
                          "results"));
    if (answer->relaxed)
        sp_str_append_text(page->out, " with some of your words");
    else if (answer->hit_count > 0 && answer->hits[answer->hit_count - 1].missing_count > 0)
        sp_str_append_text(page->out, " with all of your words, then others with some");
    if (page->asked->offset > 0)
        SP_HTML(page->out, ", page {}",
                sp_html_number(page->arena, page->asked->offset / page->asked->limit + 1));
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

/* Shows the corrected query. The search form keeps the query as typed. */
static void
put_corrected(const sp_page *page)
{
    sp_str_append_text(page->out, "Showing results for <strong>");
    sp_page_query_link(page, page->answer->corrected, page->answer->corrected);
    sp_str_append_text(page->out, "</strong>. ");
}

void
sp_page_notices(const sp_page *page)
{
    const sp_answer *answer = page->answer;
    put_total(page);
    if (answer->truncated)
        sp_str_append_text(page->out, "<p class=\"notice\">The query is too long: only its "
                                      "beginning was used.</p>\n");
    if (!answer->corrected.data && !answer->relaxed)
        return;
    sp_str_append_text(page->out, "<p class=\"notice\">");
    if (answer->corrected.data)
        put_corrected(page);
    if (answer->relaxed)
        sp_str_append_text(page->out, "<strong>No result has all of your words.</strong> Each one "
                                      "lists the words that are missing. ");
    sp_page_exact_link(page, "Search exactly as typed");
    sp_str_append_text(page->out, "</p>\n");
}
