// SPDX-License-Identifier: GPL-2.0-or-later
/* The parts of the results page, of answers made by hand: what no index gives yet or gives rarely.
 */

#include "folder.h"

#include "searchd/web/page.h"
#include <support/generations.h>

#include <stdio.h>
#include <stdlib.h>

struct fixture {
    sp_arena arena;
    sp_str out;
    sp_request asked;
    sp_answer answer;
    sp_page page;
};

static int
setup(void **state)
{
    static struct fixture at;
    at = (struct fixture){.asked = {.text = SP_LITERAL("residancy & co"), .limit = SP_SEARCH_LIMIT},
                          .answer = {.text = SP_LITERAL("residancy & co"), .total_exact = true}};
    at.page = (sp_page){.out = &at.out,
                        .arena = &at.arena,
                        .title = SP_LITERAL("Guides"),
                        .asked = &at.asked,
                        .answer = &at.answer};
    *state = &at;
    return 0;
}

static int
teardown(void **state)
{
    struct fixture *at = *state;
    sp_str_done(&at->out);
    sp_arena_done(&at->arena);
    return 0;
}

static bool
shows(const struct fixture *at, const char *text)
{
    return sp_bytes_find(sp_str_bytes(&at->out), sp_bytes_of(text), 0) != SIZE_MAX;
}

static void
test_a_correction_is_said_and_can_be_taken_back(void **state)
{
    struct fixture *at = *state;
    at->answer.corrected = SP_LITERAL("residency <& co>");
    at->answer.relaxed = true;
    at->asked.offset = 20;
    sp_page_notices(&at->page);
    assert_true(shows(at, "Showing results for <strong><a href=\"search?q=residency+%3C%26+co%3E\">"
                          "<bdi>residency &lt;&amp; co&gt;</bdi></a></strong>"));
    assert_true(
        shows(at, "<a href=\"search?q=residancy+%26+co&amp;exact=1\">Search exactly as typed"));
    assert_true(shows(at, "Nothing has all of your words"));
}

static void
test_counts_that_are_not_exact(void **state)
{
    struct fixture *at = *state;
    at->answer.total = 1234;
    sp_page_notices(&at->page);
    assert_true(shows(at, "<strong>1,234 results</strong>"));
    at->answer.total_exact = false;
    sp_page_notices(&at->page);
    assert_true(shows(at, "More than <strong>1,000 results</strong>"));
}

static void
test_links_that_are_none(void **state)
{
    static const struct {
        const char *url;
        bool link;
    } cases[] = {{"https://example.org/", true},
                 {"http://example.org/", true},
                 {"/guides/", true},
                 {"javascript:alert(1)", false},
                 {"JavaScript:alert(1)", false},
                 {"data:text/html,x", false},
                 {" https://example.org/", false},
                 {"", false}};
    struct fixture *at = *state;
    const sp_marked text = {.text = SP_LITERAL("A < B")};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sp_str_clear(&at->out);
        sp_html_link(&at->out, sp_bytes_of(cases[i].url), &text, (sp_bytes){0});
        assert_int_equal(shows(at, "<a "), cases[i].link);
        assert_true(shows(at, "A &lt; B"));
    }
}

static void
test_dates(void **state)
{
    struct fixture *at = *state;
    static const char *const cases[][2] = {{"2018-05-02", "2 May 2018"},
                                           {"2024-12-31", "31 December 2024"},
                                           {"2018-13-02", "2018-13-02"},
                                           {"2018-00-02", "2018-00-02"},
                                           {"2018", "2018"},
                                           {"", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_true(sp_bytes_equal(sp_html_date(&at->arena, sp_bytes_of(cases[i][0])),
                                   sp_bytes_of(cases[i][1])));
}

/* Every search can be written into a link and read back from it. */
static void
test_links_hold_the_whole_search(void **state)
{
    struct fixture *at = *state;
    const sp_request_filter filters[] = {{SP_FIELD_TAG, SP_LITERAL("a&b=c d+e%")},
                                         {SP_FIELD_CATEGORY, SP_LITERAL("é\"'<>")},
                                         {SP_FIELD_KIND, SP_LITERAL("post")}};
    const sp_searchd_options options = {.base_url = "", .query_timeout = 1000};
    SP_AUTO(sp_str_done) sp_str before = {0};
    SP_AUTO(sp_str_done) sp_str after = {0};
    sp_request asked = {.text = SP_LITERAL("R&D \"new jobs\" #1?"),
                        .filters = filters,
                        .filter_count = 3,
                        .after = SP_LITERAL("2018-04"),
                        .before = SP_LITERAL("2019"),
                        .sort = SP_SORT_OLDEST,
                        .exact = true,
                        .limit = 25,
                        .offset = 50},
               read;
    sp_problem problem;
    sp_search_params_link(&asked, &at->out);
    assert_false(shows(at, "\"") || shows(at, "<") || shows(at, " "));
    SP_AUTO(sp_str_done) sp_str query = {0};
    for (size_t i = strlen("search?"); i < at->out.len; i++) {
        sp_str_append_char(&query, at->out.data[i]);
        if (at->out.data[i] == '&')
            i += strlen("amp;");
    }
    assert_true(sp_search_params_read(sp_str_bytes(&query), SP_SEARCH_STRICT, &options, &at->arena,
                                      &read, &problem));
    sp_search_params_canonical(&asked, &before);
    sp_search_params_canonical(&read, &after);
    assert_string_equal(before.data, after.data);
}

/* The next searches that the index changes behind, each time by a generation. */
static struct {
    const char *directory;
    int changes, generation, searches;
} changing;

enum sp_status __real_sp_search(sp_reader *reader, const sp_request *request, sp_answer **out,
                                sp_error *err);
enum sp_status __wrap_sp_search(sp_reader *reader, const sp_request *request, sp_answer **out,
                                sp_error *err);

enum sp_status
__wrap_sp_search(sp_reader *reader, const sp_request *request, sp_answer **out, sp_error *err)
{
    bool changed;
    enum sp_status status = __real_sp_search(reader, request, out, err);
    changing.searches++;
    if (changing.changes > 0) {
        changing.changes--;
        generation_commit(changing.directory, ++changing.generation);
        assert_int_equal(sp_reader_refresh(reader, &changed, NULL), SP_OK);
        assert_true(changed);
    }
    return status;
}

static void
open_generations(char *directory, sp_reader **reader)
{
    sp_store *store;
    const char *paths[] = {directory};
    assert_int_equal(make_folder(directory), 0);
    assert_int_equal(sp_store_open(directory, &store, NULL), SP_OK);
    generation_swap(store, 0);
    sp_store_close(store);
    assert_int_equal(sp_reader_open(paths, 1, reader, NULL), SP_OK);
}

/* A kind is asked for, so the page makes two searches. */
static void
test_all_searches_are_of_one_revision(void **state)
{
    struct fixture *at = *state;
    char directory[FOLDER_MAX];
    const sp_request_filter posts = {SP_FIELD_KIND, SP_LITERAL("post")};
    sp_request asked = {
        .text = SP_LITERAL("residency"), .filters = &posts, .filter_count = 1, .limit = 10};
    sp_page page = {.out = &at->out, .arena = &at->arena, .asked = &asked};
    sp_reader *reader;
    sp_bytes revision;
    open_generations(directory, &reader);
    asked.facets = true;
    changing.directory = directory;
    changing.changes = 1;
    assert_int_equal(sp_page_ask(&page, reader, &revision, NULL), SP_OK);
    assert_bytes(revision, "1");
    assert_int_equal(page.answer->total, GENERATION_POSTS + 1);
    assert_int_equal(page.open[SP_FACET_KIND]->total, GENERATION_POSTS + 1);
    assert_int_equal(changing.searches, 4);
    sp_page_free_answers(&page);
    changing.changes = 100;
    assert_int_equal(sp_page_ask(&page, reader, &revision, NULL), SP_STALE);
    sp_page_free_answers(&page);
    sp_reader_close(reader);
    assert_int_equal(remove_folder(directory), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_correction_is_said_and_can_be_taken_back, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_counts_that_are_not_exact, setup, teardown),
        cmocka_unit_test_setup_teardown(test_links_that_are_none, setup, teardown),
        cmocka_unit_test_setup_teardown(test_dates, setup, teardown),
        cmocka_unit_test_setup_teardown(test_links_hold_the_whole_search, setup, teardown),
        cmocka_unit_test_setup_teardown(test_all_searches_are_of_one_revision, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
