// SPDX-License-Identifier: GPL-2.0-or-later
/* The searches whose answers the page shows. */

#include "results_page.h"

/* Number of newest guides that the start page and a page without hits show. */
#define RECENT 6

/* If the index changes between the searches of one page, all searches of the page are run again, up
   to this number of attempts. */
#define ATTEMPTS 3

void
sp_page_free_answers(sp_page *page)
{
    sp_answer_free(page->answer);
    sp_answer_free(page->recent);
    for (int kind = 0; kind < SP_FACET_COUNT; kind++)
        sp_answer_free(page->facet_answers[kind]);
    page->answer = page->recent = NULL;
    memset(page->facet_answers, 0, sizeof page->facet_answers);
}

bool
sp_page_is_start(const sp_request *asked)
{
    return sp_bytes_trim(asked->text).len == 0 && !sp_page_is_filtered(asked);
}

static enum sp_status
search_hits(sp_page *page, sp_reader *reader, sp_error *err)
{
    enum sp_status status = sp_search(reader, page->asked, &page->answer, err);
    if (status == SP_OK)
        page->more = page->answer->more;
    return status;
}

static enum sp_status
search_facets(sp_page *page, sp_reader *reader, sp_error *err)
{
    enum sp_status status = SP_OK;
    for (int kind = 0; kind < SP_FACET_COUNT && status == SP_OK; kind++) {
        sp_request request;
        if (!sp_page_without_facet(page, (enum sp_facet_kind)kind, &request))
            continue;
        request.limit = 0;
        status = sp_search(reader, &request, &page->facet_answers[kind], err);
    }
    return status;
}

static enum sp_status
search_recent(sp_page *page, sp_reader *reader, sp_error *err)
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

/* If filters exclude all hits, counts the hits without them. */
static enum sp_status
count_unfiltered(sp_page *page, sp_reader *reader, sp_error *err)
{
    sp_answer *unfiltered;
    sp_request request = sp_page_unfiltered(page->asked);
    request.limit = 0;
    enum sp_status status = SP_OK;
    page->unfiltered = 0;
    if (sp_answer_found(page->answer) > 0 || !sp_page_is_filtered(page->asked) ||
        sp_bytes_trim(page->asked->text).len == 0)
        return SP_OK;
    status = sp_search(reader, &request, &unfiltered, err);
    if (status != SP_OK)
        return status;
    page->unfiltered = sp_answer_found(unfiltered);
    sp_answer_free(unfiltered);
    return SP_OK;
}

static enum sp_status
find_nearest(sp_page *page, sp_reader *reader, sp_error *err)
{
    page->nearest = (sp_corrections){0};
    if (sp_answer_found(page->answer) > 0 || page->answer->corrected.data)
        return SP_OK;
    return sp_corrections_find(reader, page->asked, page->arena, &page->nearest, err);
}

static enum sp_status
search_all(sp_page *page, sp_reader *reader, sp_error *err)
{
    enum sp_status status = SP_OK;
    bool start = sp_page_is_start(page->asked);
    if (start)
        status = sp_reader_counts(reader, &page->posts, &page->resources, err);
    else
        status = search_hits(page, reader, err);
    if (status == SP_OK && !start)
        status = search_facets(page, reader, err);
    if (status == SP_OK && !start)
        status = find_nearest(page, reader, err);
    if (status == SP_OK && (start || page->answer->hit_count == 0))
        status = search_recent(page, reader, err);
    if (status == SP_OK && !start && page->answer->hit_count == 0)
        status = count_unfiltered(page, reader, err);
    return status;
}

enum sp_status
sp_page_search(sp_page *page, sp_reader *reader, sp_bytes *revision, sp_error *err)
{
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        *revision = sp_arena_copy(page->arena, sp_reader_revision(reader));
        enum sp_status status = search_all(page, reader, err);
        if (status != SP_OK || sp_bytes_equal(*revision, sp_reader_revision(reader)))
            return status;
        sp_page_free_answers(page);
    }
    return sp_fail(err, SP_STALE, "the index keeps changing");
}
