// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A query to its answer, in an index of corpus/ that is built when the target starts. The first
 * three bytes of the input choose the options of the request and where the hits begin; if a filter
 * is chosen, the first line is its value. The rest is the query.
 */
#include "fuzz.h"

#include "indexer/run/run.h"
#include <signpost/answer_json.h>
#include <signpost/similar.h>

#include <stdio.h>

enum { EXACT = 4, FACETS = 8, EXPLAIN = 16, FILTER = 32, OTHERS = 64, TWICE = 128 };

static sp_reader *reader;

static void
set_up(void)
{
    static char index[512];
    const char *site = SOURCE_DIR "/corpus", *path = index;
    const sp_run_options options = {
        .sites = &site, .site_count = 1, .index = index, .site = {.now = 1800000000}, .jobs = 1};
    sp_run_progress progress = {0};
    sp_run_report report = {0};
    snprintf(index, sizeof index, "%s/index", fuzz_folder());
    MUST(sp_run(&options, &progress, &report, NULL));
    PROMISE(report.posts.total >= 50); /* the least that vectors are learnt from */
    sp_run_report_done(&report);
    MUST(sp_reader_open(&path, 1, &reader, NULL));
}

/* The marks ascend, and none cuts a character. */
static void
check_marked(const sp_marked *marked)
{
    uint32_t at = 0;
    sp_bytes text = marked->text;
    PROMISE(sp_utf8_invalid(text) == SIZE_MAX);
    for (uint32_t i = 0; i < marked->mark_count; i++) {
        sp_range mark = marked->marks[i];
        PROMISE(mark.start >= at && mark.start < mark.end && mark.end <= text.len);
        PROMISE(!sp_utf8_is_continuation(text.data[mark.start]));
        PROMISE(mark.end == text.len || !sp_utf8_is_continuation(text.data[mark.end]));
        at = mark.end;
    }
}

/* Returns the number of hits that contain every word. */
static uint32_t
check_hits(const sp_hit *hits, uint32_t count)
{
    uint32_t complete = 0;
    for (uint32_t i = 0; i < count; i++) {
        const sp_hit *hit = &hits[i];
        complete += hit->missing_count == 0;
        PROMISE(hit->url.len > 0 && hit->score >= 0);
        check_marked(&hit->title);
        check_marked(&hit->description);
        for (uint32_t j = 0; j < hit->passage_count; j++)
            check_marked(&hit->passages[j].text);
    }
    return complete;
}

static void
check_answer(sp_answer *answer, const sp_request *request, sp_str *json)
{
    PROMISE(answer->hit_count <= request->limit);
    PROMISE(answer->facets || !request->facets);
    PROMISE(check_hits(answer->hits, answer->hit_count) <= answer->total || !answer->total_exact);
    check_hits(answer->related, answer->related_count);
    answer->took_us = 0;
    sp_str_clear(json);
    sp_answer_print_json(answer, json);
    PROMISE(fuzz_is_json(sp_str_bytes(json)));
}

static enum sp_status
search(const sp_request *request, sp_str *json, sp_error *err)
{
    sp_answer *answer;
    enum sp_status status = sp_search(reader, request, &answer, err);
    if (status == SP_OK) {
        check_answer(answer, request, json);
        sp_answer_free(answer);
    } else {
        PROMISE(err->status == SP_BAD_ARGUMENT && request->filter_count > 0);
    }
    return status;
}

/* What else readers and authors ask with the same text. */
static void
check_others(const sp_request *request, sp_str *json)
{
    sp_suggestions *suggestions;
    sp_why_not *why_not;
    sp_answer *similar;
    SP_AUTO(sp_str_done) sp_str nearest = {0};
    MUST(sp_suggest(reader, request->text, 10, request->base_url, &suggestions, NULL));
    sp_str_clear(json);
    sp_suggestions_print_json(suggestions, json);
    PROMISE(fuzz_is_json(sp_str_bytes(json)));
    sp_suggestions_free(suggestions);
    if (sp_why_not_ask(reader, request, SP_LITERAL("/about/"), &why_not, NULL) == SP_OK) {
        sp_str_clear(json);
        sp_why_not_print_json(why_not, json);
        PROMISE(fuzz_is_json(sp_str_bytes(json)));
        sp_why_not_free(why_not);
    }
    if (sp_similar(reader, request, &similar, &nearest, NULL) == SP_OK)
        sp_answer_free(similar);
}

/* libFuzzer calls it first, and does not count its time. */
int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    set_up();
    return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SP_AUTO(sp_str_done) sp_str json = {0}, again = {0};
    sp_bytes rest = {(const char *)data, size};
    sp_error err = {0};
    if (!reader)
        set_up();
    unsigned how = fuzz_byte(&rest);
    sp_request request = {.sort = (enum sp_sort)(how % 3),
                          .exact = how & EXACT,
                          .facets = how & FACETS,
                          .explain = how & EXPLAIN};
    request.offset = fuzz_byte(&rest) % 32;
    request.limit = fuzz_byte(&rest) % 32;
    sp_request_filter filter = {.field = (enum sp_field)(request.offset % SP_FIELD_COUNT)};
    if (how & FILTER) {
        filter.value = fuzz_line(&rest);
        request.filters = &filter;
        request.filter_count = 1;
    }
    request.text = rest;
    enum sp_status status = search(&request, &json, &err);
    if (how & TWICE) {
        PROMISE(search(&request, &again, &err) == status);
        PROMISE(sp_bytes_equal(sp_str_bytes(&json), sp_str_bytes(&again)));
    }
    if (how & OTHERS)
        check_others(&request, &again);
    return 0;
}
