// SPDX-License-Identifier: GPL-2.0-or-later
/* The handlers of /openapi.json, /opensearch.xml, and the scripts, styles and icon of pages. */

#include "embedded.h"
#include "handlers.h"
#include "params.h"
#include "content.h"

/* Maximum number of characters that OpenSearch 1.1 allows in a short name. */
#define SHORT_NAME_MAX 16

static bool
check_no_parameters(const sp_exchange *exchange, sp_worker *worker, sp_problem *problem)
{
    sp_params params;
    return sp_params_read(exchange->query, NULL, 0, &worker->arena, &params, problem);
}

/* Answers with a file that is compiled in. */
static sp_response
answer_file(const sp_exchange *exchange, const char *origin, const char *type,
            const unsigned char *content, size_t len)
{
    sp_str body = {0};
    sp_str_append(&body, (sp_bytes){(const char *)content, len});
    return sp_static_response(exchange, origin, type, "Accept-Encoding, Origin", &body);
}

sp_response
sp_handle_openapi(sp_worker *worker, sp_exchange *exchange, const char *origin)
{
    sp_problem problem;
    if (!check_no_parameters(exchange, worker, &problem))
        return sp_response_problem(&problem, origin);
    return answer_file(exchange, origin, "application/json", sp_openapi_json, sp_openapi_json_len);
}

/* Accepts any parameters, because pages use them to bypass caches (`?v=3`). */
sp_response
sp_handle_asset(sp_worker *worker, sp_exchange *exchange, const char *origin)
{
    const struct {
        const char *path, *type;
        const unsigned char *content;
        size_t len;
    } files[] = {
        {"/search-box.js", "text/javascript; charset=utf-8", sp_search_box_js,
         sp_search_box_js_len},
        {"/search-box.css", "text/css; charset=utf-8", sp_search_box_css, sp_search_box_css_len},
        {"/search-results.js", "text/javascript; charset=utf-8", sp_search_results_js,
         sp_search_results_js_len},
        {"/search-results.css", "text/css; charset=utf-8", sp_search_results_css,
         sp_search_results_css_len},
        {"/search-page.css", "text/css; charset=utf-8", sp_search_page_css, sp_search_page_css_len},
        {"/search-icon.svg", "image/svg+xml", sp_search_icon_svg, sp_search_icon_svg_len},
    };
    sp_problem problem;
    (void)worker;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (strcmp(files[i].path, exchange->route->path) == 0)
            return answer_file(exchange, origin, files[i].type, files[i].content, files[i].len);
    }
    sp_problem_set(&problem, 404, "there is no page at this URL");
    return sp_response_problem(&problem, origin);
}

static void
append_xml(sp_str *out, sp_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        switch (text.data[i]) {
        case '&':
            sp_str_append_text(out, "&amp;");
            break;
        case '<':
            sp_str_append_text(out, "&lt;");
            break;
        case '>':
            sp_str_append_text(out, "&gt;");
            break;
        case '"':
            sp_str_append_text(out, "&quot;");
            break;
        default: /* XML 1.0 allows no control characters, not even escaped */
            sp_str_append_char(out, (unsigned char)text.data[i] < ' ' ? ' ' : text.data[i]);
        }
    }
}

/* The first words of the title, as many as fit into a short name, or the beginning of a first word
   that does not fit. */
static sp_bytes
short_name(sp_bytes title)
{
    size_t end = 0, characters = 0, words_end = 0;
    while (end < title.len && characters < SHORT_NAME_MAX) {
        uint32_t code_point;
        if (title.data[end] == ' ')
            words_end = end;
        end += sp_utf8_decode(title, end, &code_point);
        characters++;
    }
    if (end < title.len && title.data[end] != ' ' && words_end > 0)
        end = words_end;
    return sp_bytes_slice(title, 0, end);
}

/* Appends the origin of the daemon as the client sees it: the host is that of the Host field, and
   the scheme that of X-Forwarded-Proto if a trusted proxy sent it. */
static void
append_base(const sp_worker *worker, const sp_exchange *exchange, sp_str *out)
{
    const char *host = sp_request_field(exchange, "Host");
    const char *scheme = NULL;
    if (sp_rates_is_proxy(worker->server->rates, &exchange->peer))
        scheme = sp_request_field(exchange, "X-Forwarded-Proto");
    sp_str_append_text(out, scheme && strcmp(scheme, "https") == 0 ? "https://" : "http://");
    append_xml(out, sp_bytes_of(host && *host ? host : "localhost"));
}

static void
append_url(sp_str *out, const char *type, const char *path, sp_bytes base)
{
    sp_str_append_format(out, "  <Url type=\"%s\" ", type);
    sp_str_append_text(out, "template=\"");
    sp_str_append(out, base);
    sp_str_append_format(out, "%s\"/>\n", path);
}

sp_response
sp_handle_opensearch(sp_worker *worker, sp_exchange *exchange, const char *origin)
{
    SP_AUTO(sp_str_done) sp_str base = {0};
    sp_problem problem;
    sp_str body = {0};
    sp_bytes title = {0};
    if (!check_no_parameters(exchange, worker, &problem))
        return sp_response_problem(&problem, origin);
    (void)sp_worker_ready(worker, &problem); /* without an index, --title may still say it */
    title = sp_worker_title(worker);
    if (title.len == 0)
        title = SP_LITERAL("Site search");
    append_base(worker, exchange, &base);
    sp_str_append_text(&body, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<OpenSearchDescription "
                              "xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\n  <ShortName>");
    append_xml(&body, short_name(title));
    sp_str_append_text(&body, "</ShortName>\n  <Description>Search of ");
    append_xml(&body, title);
    sp_str_append_text(&body, "</Description>\n  <InputEncoding>UTF-8</InputEncoding>\n");
    append_url(&body, "text/html", "/search?q={searchTerms}", sp_str_bytes(&base));
    append_url(&body, "application/x-suggestions+json", "/api/v1/suggest?q={searchTerms}",
               sp_str_bytes(&base));
    append_url(&body, "application/opensearchdescription+xml\" rel=\"self", "/opensearch.xml",
               sp_str_bytes(&base));
    sp_str_append_text(&body, "</OpenSearchDescription>\n");
    body.failed |= base.failed;
    return sp_static_response(exchange, origin, "application/opensearchdescription+xml",
                              "Accept-Encoding, Host, Origin", &body);
}
