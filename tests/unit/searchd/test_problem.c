// SPDX-License-Identifier: GPL-2.0-or-later
/* The texts of problems are cut between two characters. */

#include "harness.h"

#include "searchd/problem.h"

static const char *const characters[] = {"a", "é", "履", "𝄞"};

/* `lead` letters and copies of the character, up to `most` bytes. */
static sp_str
text_of(const char *character, size_t lead, size_t most)
{
    sp_str text = {0};
    for (size_t i = 0; i < lead; i++)
        sp_str_append_char(&text, 'x');
    while (text.len + strlen(character) <= most)
        sp_str_append_text(&text, character);
    return text;
}

static void
expect_cut(const char *actual, sp_bytes whole, size_t most)
{
    sp_bytes expected = sp_utf8_cut(whole, most);
    assert_int_equal(sp_utf8_invalid(sp_bytes_of(actual)), SIZE_MAX);
    assert_int_equal(strlen(actual), expected.len);
    assert_memory_equal(actual, expected.data, expected.len);
}

static void
test_the_name_of_a_parameter_is_cut_between_characters(void **state)
{
    (void)state;
    for (size_t c = 0; c < sizeof characters / sizeof *characters; c++) {
        for (size_t lead = 0; lead < 4; lead++) {
            for (size_t length = 1; length < 130; length++) {
                SP_AUTO(sp_str_done) sp_str name = text_of(characters[c], lead, length);
                sp_problem problem;
                assert_false(sp_problem_parameter(&problem, sp_str_bytes(&name), "wrong: %d", 5));
                assert_int_equal(problem.status, 400);
                assert_string_equal(problem.detail, "wrong: 5");
                expect_cut(problem.parameter, sp_str_bytes(&name), 60);
            }
        }
    }
}

/* The name is a part of a longer text. */
static void
test_the_name_of_a_parameter_ends_where_it_says(void **state)
{
    (void)state;
    sp_problem problem;
    assert_false(sp_problem_parameter(&problem, (sp_bytes){"limit=5", 5}, "x"));
    assert_string_equal(problem.parameter, "limit");
}

static void
test_a_detail_is_cut_between_characters(void **state)
{
    (void)state;
    for (size_t c = 0; c < sizeof characters / sizeof *characters; c++) {
        for (size_t lead = 0; lead < 4; lead++) {
            for (size_t length = 230; length < 250; length++) {
                SP_AUTO(sp_str_done) sp_str text = text_of(characters[c], lead, length);
                sp_problem problem;
                assert_false(sp_problem_set(&problem, 404, "%.*s", (int)text.len, text.data));
                assert_int_equal(problem.status, 404);
                expect_cut(problem.detail, sp_str_bytes(&text), 239);
                assert_string_equal(problem.parameter, "");
                assert_false(sp_problem_parameter(&problem, SP_LITERAL("q"), "%.*s", (int)text.len,
                                                  text.data));
                expect_cut(problem.detail, sp_str_bytes(&text), 239);
            }
        }
    }
}

static void
expect_problem(enum sp_status status, unsigned http, unsigned retry_after, const char *detail)
{
    sp_problem problem;
    sp_error err = {.text = "from the engine"};
    assert_false(sp_problem_from_status(status, &err, &problem));
    assert_int_equal(problem.status, http);
    assert_int_equal(problem.retry_after, retry_after);
    assert_string_equal(problem.detail, detail);
}

static void
test_only_an_argument_that_is_wrong_is_explained_by_the_engine(void **state)
{
    (void)state;
    expect_problem(SP_BAD_ARGUMENT, 400, 0, "from the engine");
    expect_problem(SP_TIMEOUT, 503, 1, "the query took too long");
    expect_problem(SP_NO_MEMORY, 503, 1, "out of memory");
    expect_problem(SP_DAMAGED, 503, 1, "the index cannot be read at the moment");
    expect_problem(SP_INTERNAL, 500, 0, "internal error");
}

static void
expect_printed(const sp_problem *problem, const char *expected)
{
    SP_AUTO(sp_str_done) sp_str out = {0};
    sp_problem_print(problem, &out);
    assert_str(out, expected);
}

static void
test_a_problem_names_its_parameter_if_it_has_one(void **state)
{
    (void)state;
    sp_problem problem;
    assert_false(sp_problem_parameter(&problem, SP_LITERAL("é\""), "no"));
    expect_printed(&problem, "{\"type\":\"about:blank\",\"title\":\"Bad Request\",\"status\":400,"
                             "\"detail\":\"no\",\"parameter\":\"é\\\"\"}\n");
    assert_false(sp_problem_set(&problem, 418, "no"));
    expect_printed(&problem, "{\"type\":\"about:blank\",\"title\":\"Internal Server Error\","
                             "\"status\":418,\"detail\":\"no\"}\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_name_of_a_parameter_is_cut_between_characters),
        cmocka_unit_test(test_the_name_of_a_parameter_ends_where_it_says),
        cmocka_unit_test(test_a_detail_is_cut_between_characters),
        cmocka_unit_test(test_only_an_argument_that_is_wrong_is_explained_by_the_engine),
        cmocka_unit_test(test_a_problem_names_its_parameter_if_it_has_one)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
