// SPDX-License-Identifier: GPL-2.0-or-later
/* The handler of `/` and `/search`: puts the page together. */

#include "results_page.h"

#include "../handlers.h"
#include "../content.h"
#include "error_page.h"
#include "language.h"

struct page_request {
    sp_request search;
    sp_languages languages;
};

static void
put_heading(const sp_page *page)
{
    SP_AUTO(sp_str_done) sp_str query = {0};
    sp_bytes text = page->answer->text;
    bool found = sp_answer_found(page->answer) > 0;
    SP_HTML(&query, "<bdi>{}</bdi>", text);
    sp_str_append_text(page->out, "<h1>");
    if (text.len > 0)
        SP_WORDS(page->out, page->words, found ? "found" : "none",
                 SP_FILL_HTML("q", sp_str_bytes(&query)));
    else
        sp_words_print(page->out, page->words, found ? "everything" : "nothing");
    sp_str_append_text(page->out, "</h1>\n");
}

static void
put_results(const sp_page *page)
{
    put_heading(page);
    sp_page_active_filters(page);
    if (page->answer->hit_count == 0) {
        sp_page_no_results(page);
        sp_page_related(page);
        return;
    }
    sp_page_kinds(page);
    sp_str_append_text(page->out, "<div class=\"columns\">\n<div class=\"column\">\n");
    sp_page_sorts(page);
    sp_page_notices(page);
    sp_page_hits(page);
    sp_page_related(page);
    sp_page_pager(page);
    sp_str_append_text(page->out, "</div>\n");
    sp_page_facets(page);
    sp_str_append_text(page->out, "</div>\n");
}

static void
put_page(const sp_page *page)
{
    sp_bytes text = page->answer ? page->answer->text : SP_LITERAL("");
    const sp_layout layout = {.words = page->words,
                              .title = page->title,
                              .site = page->site,
                              .heading = text,
                              .query = text,
                              .indexable = page->answer == NULL};
    sp_page_begin(page->out, &layout);
    if (page->answer) {
        put_results(page);
    } else {
        sp_str_append_text(page->out, "<h1>");
        sp_page_search_title(page->out, page->words, page->title);
        sp_str_append_text(page->out, "</h1>\n");
        sp_page_start(page);
    }
    sp_page_end(page->out);
}

static bool
write_body(sp_worker *worker, const void *context, sp_str *body, sp_bytes *revision,
           sp_query_entry *entry, sp_problem *problem)
{
    sp_error err;
    const struct page_request *page_request = context;
    sp_request asked = page_request->search;
    if (asked.base_url.len == 0)
        asked.base_url = sp_arena_copy(&worker->arena, sp_reader_base_url(worker->reader));
    sp_page page = {.out = body,
                    .arena = &worker->arena,
                    .words = sp_languages_choose(&page_request->languages, worker->reader),
                    .title = sp_arena_copy(&worker->arena, sp_worker_title(worker)),
                    .site = asked.base_url,
                    .asked = &asked};
    enum sp_status status = sp_page_search(&page, worker->reader, revision, &err);
    if (status == SP_OK) {
        put_page(&page);
        if (page.answer)
            *entry =
                (sp_query_entry){.corrected = sp_arena_copy(&worker->arena, page.answer->corrected),
                                 .total = sp_answer_found(page.answer),
                                 .relaxed = page.answer->relaxed,
                                 .took_us = page.answer->took_us};
    }
    sp_page_free_answers(&page);
    return status == SP_OK ? !body->failed && !worker->arena.failed
                           : sp_problem_from_status(status, &err, problem);
}

sp_response
sp_handle_page(sp_worker *worker, sp_exchange *exchange, const char *origin)
{
    SP_AUTO(sp_str_done) sp_str canonical = {0};
    struct page_request request;
    sp_request *search = &request.search;
    sp_problem problem;
    sp_bytes logged = {0};
    if (!sp_search_params_read(exchange->query, SP_SEARCH_LENIENT, worker->server->options,
                               &worker->arena, search, &problem))
        return sp_response_error(exchange, &problem, origin);
    search->facets = true;
    if (search->limit == 0)
        search->limit = SP_SEARCH_LIMIT;
    if (!sp_page_is_start(search))
        logged = search->text;
    sp_languages_read(exchange, search, &request.languages);
    sp_str_append_text(&canonical, "page ");
    sp_languages_canonical(&request.languages, &canonical);
    sp_str_append_char(&canonical, ' ');
    sp_search_params_canonical(search, &canonical);
    const sp_content content = {.canonical = &canonical,
                                .logged = logged,
                                .type = "text/html; charset=utf-8",
                                .vary = "Accept, Accept-Encoding, Accept-Language",
                                .page = true,
                                .write = write_body,
                                .context = &request,
                                .query = true,
                                .facets = true,
                                .effort = (uint32_t)search->text.len};
    return sp_content_response(worker, exchange, origin, &content);
}
