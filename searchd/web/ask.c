// SPDX-License-Identifier: GPL-2.0-or-later
/* What the page is made of, asked of the engine. */

#include "page.h"

/* Newest guides, on the start page and where nothing is found. */
#define RECENT 6

/* When the index changes between the searches of one page they are all made anew, so often. */
#define ATTEMPTS 3

void
sp_page_free_answers(sp_page *page)
{
    sp_answer_free(page->answer);
    sp_answer_free(page->recent);
    for (int kind = 0; kind < SP_FACET_COUNT; kind++)
        sp_answer_free(page->open[kind]);
    page->answer = page->recent = NULL;
    memset(page->open, 0, sizeof page->open);
}

bool
sp_page_is_start(const sp_request *asked)
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
    if (page->answer->hit_count == page->asked->limit) /* the room for one hit more is none */
        page->answer->related_count = 0;
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
    const sp_request_filter posts = {SP_FIELD_KIND, SP_LITERAL(SP_POST_NAME)};
    sp_request request = {.filters = &posts,
                          .filter_count = 1,
                          .limit = RECENT,
                          .sort = SP_SORT_NEWEST,
                          .facets = sp_page_is_start(page->asked),
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
    page->nearest = (sp_corrections){0};
    if (page->answer->total > 0 || page->answer->corrected.data)
        return SP_OK;
    return sp_corrections_find(reader, page->asked, page->arena, &page->nearest, err);
}

static enum sp_status
ask_all(sp_page *page, sp_reader *reader, sp_error *err)
{
    enum sp_status status = SP_OK;
    bool start = sp_page_is_start(page->asked);
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

enum sp_status
sp_page_ask(sp_page *page, sp_reader *reader, sp_bytes *revision, sp_error *err)
{
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        *revision = sp_arena_copy(page->arena, sp_reader_revision(reader));
        enum sp_status status = ask_all(page, reader, err);
        if (status != SP_OK || sp_bytes_equal(*revision, sp_reader_revision(reader)))
            return status;
        sp_page_free_answers(page);
    }
    return sp_fail(err, SP_STALE, "the index keeps changing");
}
