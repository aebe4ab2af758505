/* `/` and `/search`: what the page is made of, asked of the engine, and put together. */

#include "page.h"

#include "../answering.h"
#include "../handlers.h"
#include "refusal.h"

/* Newest guides, on the start page and where nothing is found. */
#define RECENT 6

/* When the index changes between the searches of one page they are all made anew, so often. */
#define ATTEMPTS 3

static void
free_answers(sp_page *page)
{
    sp_answer_free(page->answer);
    sp_answer_free(page->recent);
    for (int kind = 0; kind < SP_FACET_COUNT; kind++)
        sp_answer_free(page->open[kind]);
    page->answer = page->recent = NULL;
    memset(page->open, 0, sizeof page->open);
}

static bool
is_start(const sp_request *asked)
{
    return sp_bytes_trim(asked->text).len == 0 && !sp_page_is_filtered(asked);
}

/* The hits, and whether there are more. */
static enum sp_status
ask_hits(sp_page *page, sp_reader *reader, sp_error *err)
{
    sp_request request = *page->asked;
    request.limit++;
    enum sp_status status = sp_search(reader, &request, &page->answer, err);
    if (status != SP_OK)
        return status;
    page->more = page->answer->hit_count > page->asked->limit;
    page->answer->hit_count -= page->more;
    return SP_OK;
}

static enum sp_status
ask_open_facets(sp_page *page, sp_reader *reader, sp_error *err)
{
    enum sp_status status = SP_OK;
    for (int kind = 0; kind < SP_FACET_COUNT && status == SP_OK; kind++) {
        sp_request request;
        if (!sp_page_without_facet(page, (enum sp_facet_kind)kind, &request))
            continue;
        request.limit = 0;
        status = sp_search(reader, &request, &page->open[kind], err);
    }
    return status;
}

static enum sp_status
ask_recent(sp_page *page, sp_reader *reader, sp_error *err)
{
    const sp_request_filter posts = {SP_FIELD_KIND, SP_LITERAL("post")};
    sp_request request = {.filters = &posts,
                          .filter_count = 1,
                          .limit = RECENT,
                          .sort = SP_SORT_NEWEST,
                          .facets = is_start(page->asked),
                          .timeout_us = page->asked->timeout_us,
                          .base_url = page->site};
    return sp_search(reader, &request, &page->recent, err);
}

/* What helps where nothing is found. */
static enum sp_status
ask_unfiltered(sp_page *page, sp_reader *reader, sp_error *err)
{
    sp_answer *unfiltered;
    sp_request request = sp_page_unfiltered(page->asked);
    request.limit = 0;
    enum sp_status status = SP_OK;
    page->unfiltered = 0;
    if (page->answer->total > 0 || !sp_page_is_filtered(page->asked) ||
        sp_bytes_trim(page->asked->text).len == 0)
        return SP_OK;
    status = sp_search(reader, &request, &unfiltered, err);
    if (status != SP_OK)
        return status;
    page->unfiltered = unfiltered->total;
    sp_answer_free(unfiltered);
    return SP_OK;
}

static enum sp_status
ask_nearest(sp_page *page, sp_reader *reader, sp_error *err)
{
    page->nearest = (sp_nearest){0};
    if (page->answer->total > 0 && !page->answer->relaxed)
        return SP_OK;
    return sp_nearest_find(reader, page->asked, page->arena, &page->nearest, err);
}

static enum sp_status
ask_all(sp_page *page, sp_reader *reader, sp_error *err)
{
    enum sp_status status = SP_OK;
    bool start = is_start(page->asked);
    if (start)
        status = sp_reader_counts(reader, &page->posts, &page->resources, err);
    else
        status = ask_hits(page, reader, err);
    if (status == SP_OK && !start)
        status = ask_open_facets(page, reader, err);
    if (status == SP_OK && !start)
        status = ask_nearest(page, reader, err);
    if (status == SP_OK && (start || page->answer->hit_count == 0))
        status = ask_recent(page, reader, err);
    if (status == SP_OK && !start && page->answer->hit_count == 0)
        status = ask_unfiltered(page, reader, err);
    return status;
}

/* All searches of the page, from one revision of the index; *revision is that. */
static enum sp_status
ask_one_revision(sp_page *page, sp_reader *reader, sp_bytes *revision, sp_error *err)
{
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        *revision = sp_arena_copy(page->arena, sp_reader_revision(reader));
        enum sp_status status = ask_all(page, reader, err);
        if (status != SP_OK || sp_bytes_equal(*revision, sp_reader_revision(reader)))
            return status;
        free_answers(page);
    }
    return sp_fail(err, SP_STALE, "the index keeps changing");
}

static void
put_heading(const sp_page *page)
{
    sp_bytes text = page->answer->text;
    bool found = page->answer->total > 0;
    if (text.len > 0)
        SP_HTML(page->out, "<h1>{} “<bdi>{}</bdi>”</h1>\n",
                sp_bytes_of(found ? "Results for" : "Nothing found for"), text);
    else
        sp_str_append_text(page->out, found ? "<h1>All guides and resources</h1>\n"
                                            : "<h1>Nothing found</h1>\n");
}

static void
put_results(const sp_page *page)
{
    put_heading(page);
    sp_page_active_filters(page);
    if (page->answer->hit_count == 0) {
        sp_page_nothing(page);
        return;
    }
    sp_page_kinds(page);
    sp_str_append_text(page->out, "<div class=\"columns\">\n<div class=\"column\">\n");
    sp_page_sorts(page);
    sp_page_notices(page);
    sp_page_hits(page);
    sp_page_pager(page);
    sp_str_append_text(page->out, "</div>\n");
    sp_page_facets(page);
    sp_str_append_text(page->out, "</div>\n");
}

static void
put_page(const sp_page *page)
{
    sp_bytes root = {0}, text = page->answer ? page->answer->text : SP_LITERAL("");
    sp_page_begin(page->out, root, page->title, text, page->answer == NULL);
    sp_page_header(page->out, root, page->title, page->site, text);
    if (page->answer) {
        put_results(page);
    } else {
        SP_HTML(page->out, "<h1>Search {}</h1>\n", page->title);
        sp_page_start(page);
    }
    sp_page_end(page->out);
}

static bool
make(sp_worker *worker, const void *context, sp_str *body, sp_bytes *revision,
     sp_query_entry *entry, sp_problem *problem)
{
    sp_error err;
    sp_request asked = *(const sp_request *)context;
    if (asked.base_url.len == 0)
        asked.base_url = sp_arena_copy(&worker->arena, sp_reader_base_url(worker->reader));
    sp_page page = {.out = body,
                    .arena = &worker->arena,
                    .title = sp_arena_copy(&worker->arena, sp_reader_title(worker->reader)),
                    .site = asked.base_url,
                    .asked = &asked};
    if (page.title.len == 0)
        page.title = SP_LITERAL("this site");
    enum sp_status status = ask_one_revision(&page, worker->reader, revision, &err);
    if (status == SP_OK) {
        put_page(&page);
        if (page.answer)
            *entry = (sp_query_entry){.total = page.answer->total,
                                      .relaxed = page.answer->relaxed,
                                      .took_us = page.answer->took_us};
    }
    free_answers(&page);
    return status == SP_OK ? !body->failed && !worker->arena.failed
                           : sp_problem_of(status, &err, problem);
}

sp_reply
sp_handle_page(sp_worker *worker, sp_exchange *exchange, const char *origin)
{
    SP_AUTO(sp_str_done) sp_str canonical = {0};
    sp_request request;
    sp_problem problem;
    sp_bytes logged = {0};
    if (!sp_search_params_read(exchange->query, SP_SEARCH_LENIENT, worker->server->options,
                               &worker->arena, &request, &problem))
        return sp_refuse(exchange, &problem, origin);
    request.facets = true;
    if (request.limit == 0)
        request.limit = SP_SEARCH_LIMIT;
    if (!is_start(&request))
        logged = request.text;
    sp_str_append_text(&canonical, "page ");
    sp_search_params_canonical(&request, &canonical);
    const sp_question question = {.canonical = sp_str_bytes(&canonical),
                                  .query = logged,
                                  .type = "text/html; charset=utf-8",
                                  .vary = "Accept, Accept-Encoding",
                                  .page = true,
                                  .make = make,
                                  .context = &request};
    return sp_answer_question(worker, exchange, origin, &question);
}
