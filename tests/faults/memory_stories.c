// SPDX-License-Identifier: GPL-2.0-or-later
#include "memory_stories.h"

#include "indexer/run/run.h"

#include <signpost/answer_json.h>
#include <signpost/search.h>
#include <signpost/similar.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A test of memory need not wait for the disk. */
__attribute__((visibility("default"))) int
fsync(int file)
{
    (void)file;
    return 0;
}

__attribute__((visibility("default"))) int
fdatasync(int file)
{
    (void)file;
    return 0;
}

/* Questions */

const char *
story_option(const struct story *story, const char *name)
{
    size_t len = strlen(name);
    for (size_t i = 0; i < story->option_count; i++) {
        if (strncmp(story->options[i], name, len) == 0 && story->options[i][len] == '=')
            return story->options[i] + len + 1;
    }
    return NULL;
}

static sp_bytes
bytes_of(const struct story *story, const char *name)
{
    const char *value = story_option(story, name);
    return value ? sp_bytes_of(value) : (sp_bytes){0};
}

static sp_request
request_of(const struct story *story, sp_request_filter *filter)
{
    sp_request request = {.text = sp_bytes_of(story->text),
                          .limit = 10,
                          .exact = story_option(story, "exact") != NULL,
                          .facets = story_option(story, "facets") != NULL,
                          .explain = story_option(story, "explain") != NULL,
                          .after = bytes_of(story, "after"),
                          .before = bytes_of(story, "before"),
                          .base_url = SP_LITERAL("https://example.org"),
                          .sort =
                              story_option(story, "newest") ? SP_SORT_NEWEST : SP_SORT_RELEVANCE};
    *filter = (sp_request_filter){SP_FIELD_TAG, bytes_of(story, "tag")};
    if (filter->value.len > 0) {
        request.filters = filter;
        request.filter_count = 1;
    }
    return request;
}

static enum sp_status
print_answer(sp_answer *answer, sp_str *out)
{
    answer->took_us = 0;
    sp_answer_print_json(answer, out);
    for (uint32_t i = 0; i < answer->hit_count; i++) {
        if (answer->hits[i].explanation)
            sp_explanation_print_json(answer->hits[i].explanation, out);
    }
    sp_answer_free(answer);
    return out->failed ? SP_NO_MEMORY : SP_OK;
}

static enum sp_status
ask_similar(sp_reader *reader, const sp_request *request, sp_str *out, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str nearest = {0};
    sp_answer *answer = NULL;
    enum sp_status status = sp_similar(reader, request, &answer, &nearest, err);
    if (status != SP_OK)
        return status;
    sp_str_append(out, sp_str_bytes(&nearest));
    return answer           ? print_answer(answer, out)
           : nearest.failed ? SP_NO_MEMORY
                            : sp_str_check(out, err);
}

static enum sp_status
ask_reader(sp_reader *reader, const struct story *story, sp_str *out, sp_error *err)
{
    sp_request_filter filter;
    sp_request request = request_of(story, &filter);
    sp_answer *answer = NULL;
    sp_suggestions *suggestions = NULL;
    sp_why_not *why_not = NULL;
    enum sp_status status;
    if (strcmp(story->kind, "similar") == 0)
        return ask_similar(reader, &request, out, err);
    if (strcmp(story->kind, "suggest") == 0) {
        status = sp_suggest(reader, request.text, 10, request.base_url, &suggestions, err);
        if (status == SP_OK)
            sp_suggestions_print_json(suggestions, out);
        sp_suggestions_free(suggestions);
    } else if (strcmp(story->kind, "why-not") == 0) {
        status = sp_why_not_ask(reader, &request, bytes_of(story, "url"), &why_not, err);
        if (status == SP_OK)
            sp_why_not_print_json(why_not, out);
        sp_why_not_free(why_not);
    } else {
        status = sp_search(reader, &request, &answer, err);
        if (status == SP_OK)
            return print_answer(answer, out);
    }
    return status == SP_OK ? sp_str_check(out, err) : status;
}

enum sp_status
story_ask(sp_reader **reader, const struct story *story, sp_str *out, sp_error *err)
{
    enum sp_status status = SP_OK;
    sp_str_restart(out);
    if (!*reader)
        status = sp_reader_open(story->indexes, story->index_count, reader, err);
    return status == SP_OK ? ask_reader(*reader, story, out, err) : status;
}

/* Runs */

enum sp_status
story_run(const struct story *story, sp_str *out, sp_error *err)
{
    sp_run_progress progress = {0};
    sp_run_report report = {0};
    char site_path[512];
    snprintf(site_path, sizeof site_path, "%s/site", story->folder);
    const char *const sites[] = {site_path};
    const sp_run_options options = {.sites = sites,
                                    .site_count = 1,
                                    .index = story->indexes[0],
                                    .jobs = 1,
                                    .full = strcmp(story->kind, "full") == 0,
                                    .list_left_out = true,
                                    .site.now = 1700000000};
    enum sp_status status = sp_run(&options, &progress, &report, err);
    report.seconds = 0;
    sp_str_restart(out);
    if (status == SP_OK)
        sp_run_report_print_json(&report, out);
    sp_run_report_done(&report);
    return status == SP_OK ? sp_str_check(out, err) : status;
}

enum sp_status
story_ask_index(const struct story *run, sp_str *out, sp_error *err)
{
    char kind[] = "search", text[] = "portfolio interviews", facets[] = "facets=1";
    struct story story = {.kind = kind,
                          .text = text,
                          .options = {facets},
                          .option_count = 1,
                          .indexes = run->indexes,
                          .index_count = run->index_count};
    sp_reader *reader = NULL;
    enum sp_status status = story_ask(&reader, &story, out, err);
    sp_reader_close(reader);
    return status;
}
