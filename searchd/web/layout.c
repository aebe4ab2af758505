// SPDX-License-Identifier: GPL-2.0-or-later
/* The layout of every page: head, search form, end. */

#include "results_page.h"

void
sp_page_search_title(sp_str *out, const sp_words *words, sp_bytes title)
{
    if (title.len > 0)
        SP_WORDS(out, words, "search-site", SP_FILL("site", title));
    else
        sp_words_print(out, words, "search");
}

static void
put_title(sp_str *out, const sp_layout *layout)
{
    sp_str_append_text(out, "<title>");
    if (layout->heading.len > 0 && layout->title.len > 0)
        SP_HTML(out, "{} – {}", layout->heading, layout->title);
    else if (layout->heading.len > 0)
        SP_HTML(out, "{}", layout->heading);
    else
        sp_page_search_title(out, layout->words, layout->title);
    sp_str_append_text(out, "</title>\n");
}

static void
put_description(sp_str *out, const sp_layout *layout)
{
    if (layout->title.len == 0)
        return;
    sp_str_append_text(out, "<meta name=\"description\" content=\"");
    SP_WORDS(out, layout->words, "description", SP_FILL("site", layout->title));
    sp_str_append_text(out, "\">\n");
}

static void
put_head(sp_str *out, const sp_layout *layout)
{
    sp_bytes title = layout->title;
    SP_HTML(out, "<!DOCTYPE html>\n<html lang=\"{}\" dir=\"{}\">\n",
            sp_bytes_of(layout->words->tag), sp_words_text(layout->words, "direction"));
    sp_str_append_text(out, "<head>\n<meta charset=\"utf-8\">\n"
                            "<meta name=\"viewport\" content=\"width=device-width\">\n"
                            "<meta name=\"color-scheme\" content=\"light dark\">\n");
    if (!layout->indexable) /* otherwise crawlers would follow the links of facets endlessly */
        sp_str_append_text(out, "<meta name=\"robots\" content=\"noindex, nofollow\">\n");
    put_title(out, layout);
    put_description(out, layout);
    SP_HTML(out, "<link rel=\"icon\" href=\"{}search-icon.svg\" type=\"image/svg+xml\">\n",
            layout->root);
    SP_HTML(out, "<link rel=\"stylesheet\" href=\"{}search-page.css\">\n", layout->root);
    SP_HTML(out,
            "<link rel=\"search\" type=\"application/opensearchdescription+xml\" "
            "href=\"{}opensearch.xml\" title=\"{}\">\n",
            layout->root, title.len > 0 ? title : sp_words_text(layout->words, "search"));
    SP_HTML(out, "<script src=\"{}search-box.js\" defer></script>\n</head>\n<body>\n",
            layout->root);
}

static void
put_search_form(sp_str *out, const sp_layout *layout)
{
    sp_bytes label = sp_words_text(layout->words, "search-label");
    SP_HTML(out, "<form role=\"search\" action=\"{}search\">\n", layout->root);
    SP_HTML(out, "<signpost-search label=\"{}\" site=\"{}\">\n", label, layout->site);
    SP_HTML(out,
            "<input type=\"search\" name=\"q\" value=\"{}\" aria-label=\"{}\" "
            "autocomplete=\"off\">\n",
            layout->query, label);
    SP_HTML(out, "</signpost-search>\n<button type=\"submit\">{}</button>\n</form>\n",
            sp_words_text(layout->words, "search"));
}

void
sp_page_begin(sp_str *out, const sp_layout *layout)
{
    sp_bytes root = layout->root.len > 0 ? layout->root : SP_LITERAL("./");
    put_head(out, layout);
    SP_HTML(out, "<a class=\"skip\" href=\"#main\">{}</a>\n<header>\n",
            sp_words_text(layout->words, "skip"));
    SP_HTML(out, "<a class=\"brand\" href=\"{}\"><bdi>{}</bdi></a>\n", root,
            layout->title.len > 0 ? layout->title : sp_words_text(layout->words, "search"));
    put_search_form(out, layout);
    sp_str_append_text(out, "</header>\n<main id=\"main\">\n");
}

void
sp_page_end(sp_str *out)
{
    sp_str_append_text(out, "</main>\n</body>\n</html>\n");
}
