// SPDX-License-Identifier: GPL-2.0-or-later
/* Slugs, titles, globs and permalinks: tables of inputs with their expected results. */
#include "harness.h"

#include "indexer/site/glob.h"
#include "indexer/site/permalink.h"
#include "indexer/site/slug.h"

#include <stdio.h>
#include <time.h>

static void
slugs_are_like_jekylls(void **state)
{
    (void)state;
    static const struct {
        const char *text, *plain, *pretty;
    } cases[] = {
        {"The _config.yml file", "the-config-yml-file", "The-_config.yml-file"},
        {"Data Science", "data-science", "Data-Science"},
        {"C++", "c", "C++"},
        {"--a--b--", "a-b", "a-b"},
        {"Élan Ωmega", "élan-ωmega", "Élan-Ωmega"},
        {"履歴書 2018", "履歴書-2018", "履歴書-2018"},
        {"İ", "i\xCC\x87", "İ"},
        {"½ 🎉", "", ""},
        {"a\xFFz", "a-z", "a-z"},
        {"", "", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SP_AUTO(sp_str_done) sp_str plain = {0};
        SP_AUTO(sp_str_done) sp_str pretty = {0};
        sp_slug_append(&plain, sp_bytes_of(cases[i].text), SP_SLUG_DEFAULT);
        sp_slug_append(&pretty, sp_bytes_of(cases[i].text), SP_SLUG_PRETTY);
        assert_str(plain, cases[i].plain);
        assert_str(pretty, cases[i].pretty);
    }
}

static void
titles_of_slugs_are_capitalised(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str title = {0};
    sp_slug_append_title(&title, SP_LITERAL("no-TITLE-élan-2nd-"));
    assert_str(title, "No Title Élan 2nd ");
}

static void
globs_match_as_file_fnmatch(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *text;
        bool matches;
    } cases[] = {
        {"*.md", "a/b.md", true}, {"a*c", "abbbc", true},  {"a*c", "abbbd", false},
        {"a?c", "aéc", true},     {"a?c", "ac", false},    {"[a-c]x", "bx", true},
        {"[!a-c]x", "bx", false}, {"[^a-c]x", "zx", true}, {"[]]", "]", true},
        {"[a", "[a", true},       {"\\*", "*", true},      {"\\*", "a", false},
        {"**", "a/b/c", true},    {"", "", true},          {"", "a", false},
        {"*", "", true},          {"[é-ü]", "ö", true},    {"a\\", "a\\", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t steps = SP_GLOB_STEPS;
        if (sp_glob_match(sp_bytes_of(cases[i].pattern), sp_bytes_of(cases[i].text), &steps) !=
            cases[i].matches)
            fail_msg("%s %s", cases[i].pattern, cases[i].text);
    }
}

static void
globs_match_paths_as_dir_glob(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *path;
        bool matches;
    } cases[] = {
        {"a/*/c", "a/b/c", true},
        {"a/*/c", "a/b/b/c", false},
        {"a/**/c", "a/b/b/c", true},
        {"a/**/c", "a/c", true},
        {"**/c", "c", true},
        {"*", "a/b", false},
        {"a/*", "a/.b", false},
        {"a/.*", "a/.b", true},
        {"**/c", ".h/c", false},
        {"a/b", "a", false},
        {"a/**/b/**/c", "a/x/b/y/z/c", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t steps = SP_GLOB_STEPS;
        if (sp_glob_match_path(sp_bytes_of(cases[i].pattern), sp_bytes_of(cases[i].path), &steps) !=
            cases[i].matches)
            fail_msg("%s %s", cases[i].pattern, cases[i].path);
    }
}

static void
many_stars_do_not_take_exponential_time(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str pattern = {0};
    SP_AUTO(sp_str_done) sp_str text = {0};
    for (int i = 0; i < 500; i++)
        sp_str_append_text(&pattern, "*a");
    for (int i = 0; i < 4000; i++)
        sp_str_append_char(&text, 'a');
    sp_str_append_char(&pattern, 'b');
    clock_t start = clock();
    uint64_t steps = UINT64_MAX;
    assert_false(sp_glob_match(sp_str_bytes(&pattern), sp_str_bytes(&text), &steps));
    assert_true(steps > 0 && steps < UINT64_MAX);
    steps = 1000;
    assert_false(sp_glob_match(sp_str_bytes(&pattern), sp_str_bytes(&text), &steps));
    assert_int_equal(steps, 0);
    assert_false(sp_glob_match(SP_LITERAL("*"), SP_LITERAL("a?"), &steps));
    assert_true(clock() - start < CLOCKS_PER_SEC);
}

static void
permalinks_replace_all_placeholders(void **state)
{
    (void)state;
    static const sp_bytes categories[] = {{"A/b", 3}, {"b", 1}, {"B", 1}, {"é", 2}};
    const sp_permalink_facts facts = {
        .collection = SP_LITERAL("posts"),
        .path = SP_LITERAL("/sub/2018-01-01-a b"),
        .name = SP_LITERAL("2018-01-01-a b"),
        .slug = SP_LITERAL("A b?"),
        .categories = categories,
        .category_count = 4,
        .date = {2018, 1, 1, 2, 3, 4},
    };
    static const struct {
        const char *template, *url;
    } cases[] = {
        {"/:year-:short_year/:month:i_month/:day:i_day/", "/2018-18/011/011/"},
        {":hour:minute:second:y_day", "020304001"},
        {":w_year:week:w_day:short_day:long_day", "2018011MonMonday"},
        {":short_month:long_month", "JanJanuary"},
        {":title:slug:name", "A-ba-b2018-01-01-a-b"},
        {":path|:collection", "/sub/2018-01-01-a%20b|posts"},
        {":categories|:slugified_categories", "a/b/b/%C3%A9|a-b/b/%C3%A9"},
        {":month_:day_x", NULL},
        {":month_:day_", "01_01_"},
        {":Year::", ":Year::"},
        {":output_ext:output_ext", ".html.html"},
        {"/:nothing/", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SP_AUTO(sp_str_done) sp_str url = {0};
        sp_bytes unknown;
        bool known = sp_permalink_expand(sp_bytes_of(cases[i].template), &facts, &url, &unknown);
        assert_int_equal(known, cases[i].url != NULL);
        if (known)
            assert_str(url, cases[i].url);
    }
}

static void
urls_are_clean(void **state)
{
    (void)state;
    static const struct {
        const char *raw, *clean;
    } cases[] = {
        {"", "/"},
        {"a", "/a"},
        {"//a///b//", "/a/b/"},
        {"/../../etc/passwd", "/etc/passwd"},
        {"/a/./b/../c", "/a/b/c"},
        {"/....//", "/"},
        {"/a b/é\"<>`{|}\\^\n", "/a%20b/%C3%A9%22%3C%3E%60%7B%7C%7D%5C%5E%0A"},
        {"/100%25?q#f", "/100%25?q#f"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SP_AUTO(sp_str_done) sp_str url = {0};
        sp_permalink_append_clean(&url, sp_bytes_of(cases[i].raw));
        assert_str(url, cases[i].clean);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slugs_are_like_jekylls),
        cmocka_unit_test(titles_of_slugs_are_capitalised),
        cmocka_unit_test(globs_match_as_file_fnmatch),
        cmocka_unit_test(globs_match_paths_as_dir_glob),
        cmocka_unit_test(permalinks_replace_all_placeholders),
        cmocka_unit_test(many_stars_do_not_take_exponential_time),
        cmocka_unit_test(urls_are_clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
