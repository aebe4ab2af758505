// SPDX-License-Identifier: GPL-2.0-or-later
/* The layout of every page: head, search form, end. */

#include "results_page.h"

void
sp_page_begin(sp_str *out, sp_bytes root, sp_bytes site_title, sp_bytes heading, bool indexable)
{
    sp_str_append_text(out,
                       "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width\">\n"
                       "<meta name=\"color-scheme\" content=\"light dark\">\n");
    if (!indexable) /* otherwise crawlers would follow the links of facets endlessly */
        sp_str_append_text(out, "<meta name=\"robots\" content=\"noindex, nofollow\">\n");
    SP_HTML(out, "<title>{}{}{}</title>\n", heading,
            sp_bytes_of(heading.len > 0 ? " – " : "Search "), site_title);
    SP_HTML(out, "<meta name=\"description\" content=\"Guides and resources: {}\">\n", site_title);
    SP_HTML(out, "<link rel=\"icon\" href=\"{}search-icon.svg\" type=\"image/svg+xml\">\n", root);
    SP_HTML(out, "<link rel=\"stylesheet\" href=\"{}search-page.css\">\n", root);
    SP_HTML(out,
            "<link rel=\"search\" type=\"application/opensearchdescription+xml\" "
            "href=\"{}opensearch.xml\" title=\"{}\">\n",
            root, site_title);
    SP_HTML(out, "<script src=\"{}search-box.js\" defer></script>\n</head>\n<body>\n", root);
}

static void
put_search_form(sp_str *out, sp_bytes root, sp_bytes site, sp_bytes query)
{
    SP_HTML(out, "<form role=\"search\" action=\"{}search\">\n", root);
    SP_HTML(out, "<signpost-search label=\"Search guides and resources\" site=\"{}\">\n", site);
    SP_HTML(out,
            "<input type=\"search\" name=\"q\" value=\"{}\" aria-label=\"Search guides and "
            "resources\" autocomplete=\"off\">\n",
            query);
    sp_str_append_text(out,
                       "</signpost-search>\n<button type=\"submit\">Search</button>\n</form>\n");
}

void
sp_page_header(sp_str *out, sp_bytes root, sp_bytes title, sp_bytes site, sp_bytes query)
{
    sp_str_append_text(out, "<a class=\"skip\" href=\"#main\">Skip to the results</a>\n<header>\n");
    SP_HTML(out, "<a class=\"brand\" href=\"{}\"><bdi>{}</bdi></a>\n",
            root.len > 0 ? root : SP_LITERAL("./"), title);
    put_search_form(out, root, site, query);
    sp_str_append_text(out, "</header>\n<main id=\"main\">\n");
}

void
sp_page_end(sp_str *out)
{
    sp_str_append_text(out, "</main>\n</body>\n</html>\n");
}
