// SPDX-License-Identifier: GPL-2.0-or-later
/* The parts of the results page, made from hand-built answers that searches of an index rarely
   give. */

#include "folder.h"

#include "searchd/web/results_page.h"
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
    static struct fixture fixture;
    fixture =
        (struct fixture){.asked = {.text = SP_LITERAL("residancy & co"), .limit = SP_SEARCH_LIMIT},
                         .answer = {.text = SP_LITERAL("residancy & co"), .total_exact = true}};
    fixture.page = (sp_page){.words = sp_words_english(),
                             .out = &fixture.out,
                             .arena = &fixture.arena,
                             .title = SP_LITERAL("Guides"),
                             .asked = &fixture.asked,
                             .answer = &fixture.answer};
    *state = &fixture;
    return 0;
}

static int
teardown(void **state)
{
    struct fixture *fixture = *state;
    sp_str_done(&fixture->out);
    sp_arena_done(&fixture->arena);
    return 0;
}

static bool
shows(const struct fixture *fixture, const char *text)
{
    return sp_bytes_find(sp_str_bytes(&fixture->out), sp_bytes_of(text), 0) != SIZE_MAX;
}

static void
test_a_correction_is_shown_with_a_link_to_the_exact_search(void **state)
{
    struct fixture *fixture = *state;
    fixture->answer.corrected = SP_LITERAL("residency <& co>");
    fixture->answer.relaxed = true;
    fixture->asked.offset = 20;
    sp_page_notices(&fixture->page);
    assert_true(shows(fixture,
                      "Showing results for <strong><a href=\"search?q=residency+%3C%26+co%3E\">"
                      "<bdi>residency &lt;&amp; co&gt;</bdi></a></strong>"));
    assert_true(shows(fixture,
                      "<a href=\"search?q=residancy+%26+co&amp;exact=1\">Search exactly as typed"));
    assert_true(shows(fixture, "No result has all of your words"));
}

static void
test_an_inexact_total_is_shown_as_more_than_1000(void **state)
{
    struct fixture *fixture = *state;
    fixture->answer.total = 1234;
    sp_page_notices(&fixture->page);
    assert_true(shows(fixture, "<strong>1,234 results</strong>"));
    fixture->answer.total_exact = false;
    sp_page_notices(&fixture->page);
    assert_true(shows(fixture, "<strong>More than 1,000 results</strong>"));
}

static void
test_only_http_and_relative_urls_become_links(void **state)
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
    struct fixture *fixture = *state;
    const sp_marked text = {.text = SP_LITERAL("A < B")};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sp_str_clear(&fixture->out);
        sp_html_link(&fixture->out, sp_bytes_of(cases[i].url), &text, (sp_bytes){0});
        assert_int_equal(shows(fixture, "<a "), cases[i].link);
        assert_true(shows(fixture, "A &lt; B"));
    }
}

static void
test_dates_are_written_out(void **state)
{
    struct fixture *fixture = *state;
    static const char *const cases[][2] = {{"2018-05-02", "2 May 2018"},
                                           {"2024-12-31", "31 December 2024"},
                                           {"2018-13-02", "2018-13-02"},
                                           {"2018-00-02", "2018-00-02"},
                                           {"2018", "2018"},
                                           {"", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_true(sp_bytes_equal(
            sp_html_date(&fixture->arena, sp_words_english(), sp_bytes_of(cases[i][0])),
            sp_bytes_of(cases[i][1])));
}

static void
test_a_search_read_back_from_its_link_is_unchanged(void **state)
{
    struct fixture *fixture = *state;
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
    sp_search_params_link(&asked, &fixture->out);
    assert_false(shows(fixture, "\"") || shows(fixture, "<") || shows(fixture, " "));
    SP_AUTO(sp_str_done) sp_str query = {0};
    for (size_t i = strlen("search?"); i < fixture->out.len; i++) {
        sp_str_append_char(&query, fixture->out.data[i]);
        if (fixture->out.data[i] == '&')
            i += strlen("amp;");
    }
    assert_true(sp_search_params_read(sp_str_bytes(&query), SP_SEARCH_STRICT, &options,
                                      &fixture->arena, &read, &problem));
    sp_search_params_canonical(&asked, &before);
    sp_search_params_canonical(&read, &after);
    assert_string_equal(before.data, after.data);
}

/* Makes the index change to the next generation after each of the next `changes` searches. */
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
    assert_int_equal(sp_store_open(directory, false, NULL, &store, NULL), SP_OK);
    generation_swap(store, 0);
    sp_store_close(store);
    assert_int_equal(sp_reader_open(paths, 1, reader, NULL), SP_OK);
}

/* The search has a filter by kind, so the page runs two searches. The index changes after the first
   of them, so both are run again. */
static void
test_all_searches_of_a_page_use_one_revision(void **state)
{
    struct fixture *fixture = *state;
    char directory[FOLDER_MAX];
    const sp_request_filter posts = {SP_FIELD_KIND, SP_LITERAL("post")};
    sp_request asked = {
        .text = SP_LITERAL("residency"), .filters = &posts, .filter_count = 1, .limit = 10};
    sp_page page = {.out = &fixture->out, .arena = &fixture->arena, .asked = &asked};
    sp_reader *reader;
    sp_bytes revision;
    open_generations(directory, &reader);
    asked.facets = true;
    changing.directory = directory;
    changing.changes = 1;
    assert_int_equal(sp_page_search(&page, reader, &revision, NULL), SP_OK);
    assert_bytes(revision, "1");
    assert_int_equal(page.answer->total, GENERATION_POSTS + 1);
    assert_int_equal(page.facet_answers[SP_FACET_KIND]->total, GENERATION_POSTS + 1);
    assert_int_equal(changing.searches, 4);
    sp_page_free_answers(&page);
    changing.changes = 100;
    assert_int_equal(sp_page_search(&page, reader, &revision, NULL), SP_STALE);
    sp_page_free_answers(&page);
    sp_reader_close(reader);
    assert_int_equal(remove_folder(directory), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_correction_is_shown_with_a_link_to_the_exact_search,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_an_inexact_total_is_shown_as_more_than_1000, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_only_http_and_relative_urls_become_links, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_dates_are_written_out, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_search_read_back_from_its_link_is_unchanged, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_all_searches_of_a_page_use_one_revision, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
