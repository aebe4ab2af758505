/* What the reader must know of how the query was taken; help where nothing is found; the start
 * page. */

#include "page.h"

/* So many tags or categories are offered on the start page. */
#define OFFERED_MAX 24

static void
put_link(const sp_page *page, const sp_request *to, const char *text)
{
    sp_page_open_link(page, to, "");
    sp_str_append_format(page->out, "%s</a>", text);
}

void
sp_page_exact_link(const sp_page *page, const char *text)
{
    sp_request to = *page->asked;
    to.exact = true;
    to.offset = 0;
    put_link(page, &to, text);
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

/* What was searched for instead; the search form keeps what was typed. */
static void
put_corrected(const sp_page *page)
{
    sp_request to = *page->asked;
    to.text = page->answer->corrected;
    to.offset = 0;
    sp_str_append_text(page->out, "Showing results for ");
    sp_page_open_link(page, &to, "");
    SP_HTML(page->out, "<strong><bdi>{}</bdi></strong></a>. ", to.text);
}

void
sp_page_notices(const sp_page *page)
{
    const sp_answer *answer = page->answer;
    put_total(page);
    if (answer->truncated)
        sp_str_append_text(page->out, "<p class=\"notice\">The query is long: only its beginning "
                                      "was searched for.</p>\n");
    if (!answer->corrected.data && !answer->relaxed)
        return;
    sp_str_append_text(page->out, "<p class=\"notice\">");
    if (answer->corrected.data)
        put_corrected(page);
    if (answer->relaxed)
        sp_str_append_text(page->out, "<strong>Nothing has all of your words.</strong> Each result "
                                      "says which it lacks. ");
    sp_page_exact_link(page, "Search exactly as typed");
    sp_str_append_text(page->out, "</p>\n");
}

static void
put_recent(const sp_page *page)
{
    const sp_answer *recent = page->recent;
    if (!recent || recent->hit_count == 0)
        return;
    sp_str_append_text(page->out, "<section><h2>Newest guides</h2>\n<ul class=\"recent\">\n");
    for (uint32_t i = 0; i < recent->hit_count; i++) {
        const sp_hit *hit = &recent->hits[i];
        sp_str_append_text(page->out, "<li>");
        sp_html_link(page->out, hit->url, &hit->title, hit->lang);
        if (hit->date.len > 0)
            SP_HTML(page->out, " <time datetime=\"{}\">{}</time>", hit->date,
                    sp_html_date(page->arena, hit->date));
        sp_str_append_text(page->out, "</li>\n");
    }
    sp_str_append_text(page->out, "</ul></section>\n");
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
    sp_request to = *page->asked;
    sp_str_append_text(page->out, "<ul class=\"advice\">\n");
    if (page->unfiltered > 0)
        put_unfiltered(page);
    if (to.exact) {
        to.exact = false;
        sp_str_append_text(page->out, "<li>Only the words exactly as typed were looked for. ");
        put_link(page, &to, "Search with some freedom");
        sp_str_append_text(page->out, "</li>\n");
    }
    sp_str_append_text(page->out, "<li>Try fewer words, or more general ones.</li>\n</ul>\n");
}

void
sp_page_nothing(const sp_page *page)
{
    sp_request first = *page->asked;
    first.offset = 0;
    sp_str_append_text(page->out, "<div class=\"nothing\">\n");
    if (page->answer->total > 0) {
        sp_str_append_text(page->out, "<p><strong>There is no such page of results.</strong> ");
        put_link(page, &first, "Go to the first");
        sp_str_append_text(page->out, "</p>\n");
    } else {
        put_advice(page);
    }
    sp_str_append_text(page->out, "</div>\n");
    put_recent(page);
}

static void
put_offers(const sp_page *page, enum sp_facet_kind kind, enum sp_field field, const char *heading)
{
    const sp_facet *facet = &page->recent->facets[kind];
    if (facet->value_count == 0)
        return;
    sp_str_append_format(page->out, "<section><h2>%s</h2>\n<ul class=\"chips\">\n", heading);
    for (uint32_t i = 0; i < facet->value_count && i < OFFERED_MAX; i++) {
        sp_str_append_text(page->out, "<li>");
        sp_page_filter_link(page, field, facet->values[i].value);
        sp_str_append_text(page->out, "</li>\n");
    }
    sp_str_append_text(page->out, "</ul></section>\n");
}

void
sp_page_start(const sp_page *page)
{
    SP_HTML(page->out, "<p class=\"total\">{} and {}</p>\n",
            sp_html_count(page->arena, page->posts, "guide", "guides"),
            sp_html_count(page->arena, page->resources, "resource", "resources"));
    put_recent(page);
    put_offers(page, SP_FACET_CATEGORY, SP_FIELD_CATEGORY, "Categories");
    put_offers(page, SP_FACET_TAG, SP_FIELD_TAG, "Tags");
}
