// SPDX-License-Identifier: GPL-2.0-or-later
#include "error_page.h"

#include "../route.h"
#include "language.h"
#include "results_page.h"

/* Links to the daemon's root begin with at most this many "../". Mistyped addresses need fewer. */
#define DEPTH_MAX 16

static bool
wants_page(const sp_exchange *exchange)
{
    const char *accept = sp_request_field(exchange, "Accept");
    return (!exchange->route || exchange->route->page) && accept && strstr(accept, "text/html");
}

/* The heading of the page, in words that readers understand. */
static sp_bytes
heading_of(const sp_words *words, unsigned status)
{
    switch (status) {
    case 400:
        return sp_words_text(words, "error-invalid");
    case 404:
        return sp_words_text(words, "error-missing");
    case 429:
        return sp_words_text(words, "error-often");
    case 503:
        return sp_words_text(words, "error-closed");
    default:
        return sp_bytes_of(sp_problem_title(status));
    }
}

/* Appends the relative path from the requested path to the daemon's root. */
static void
append_root(sp_bytes path, sp_str *out)
{
    size_t depth = 0;
    for (size_t i = 1; i < path.len && depth < DEPTH_MAX; i++)
        depth += path.data[i] == '/';
    for (size_t i = 0; i < depth; i++)
        sp_str_append_text(out, "../");
}

/* The query of the request, which the page shows so that the reader need not type it again. */
static sp_bytes
query_of(const sp_exchange *exchange, sp_arena *arena)
{
    static const sp_param_rule rules[] = {{"q", false, false}, {NULL, false, true}};
    sp_params params;
    sp_problem ignored;
    return sp_params_read(exchange->query, rules, 2, arena, &params, &ignored)
               ? sp_params_get(&params, "q")
               : (sp_bytes){0};
}

static void
print_page(const sp_exchange *exchange, const sp_problem *problem, sp_arena *arena, sp_str *out)
{
    SP_AUTO(sp_str_done) sp_str relative = {0};
    append_root(exchange->path, &relative);
    sp_languages languages;
    sp_languages_read(exchange, NULL, &languages);
    const sp_words *words = sp_languages_choose(&languages, NULL);
    sp_bytes heading = heading_of(words, problem->status);
    const sp_layout layout = {.words = words,
                              .root = sp_str_bytes(&relative),
                              .heading = heading,
                              .query = query_of(exchange, arena)};
    sp_page_begin(out, &layout);
    SP_HTML(out, "<h1>{}</h1>\n<p class=\"notice detail\" lang=\"en\" dir=\"ltr\">{}.</p>\n",
            heading, sp_bytes_of(problem->detail));
    sp_page_end(out);
    out->failed |= relative.failed;
}

sp_response
sp_response_error(const sp_exchange *exchange, const sp_problem *problem, const char *origin)
{
    SP_AUTO(sp_arena_done) sp_arena arena = {0};
    sp_str body = {0};
    if (!wants_page(exchange))
        return sp_response_problem(problem, origin);
    print_page(exchange, problem, &arena, &body);
    const sp_head head = {.type = "text/html; charset=utf-8",
                          .cache_control = "no-store",
                          .vary = "Accept, Accept-Language",
                          .page = true};
    return sp_response_problem_as(problem, &body, &head);
}
