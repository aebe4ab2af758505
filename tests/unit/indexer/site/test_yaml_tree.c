// SPDX-License-Identifier: GPL-2.0-or-later
/* YAML: values are read as in Ruby, errors have a line and column, and input that exceeds a limit
   is rejected quickly. */
#include "harness.h"

#include "indexer/site/front_matter_parser.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const sp_yaml_limits strict = {.bytes = 64 << 10, .depth = 8};
static const sp_yaml_limits lenient = {.bytes = 64 << 10, .depth = 8, .aliases = true};

struct fixture {
    sp_arena arena;
    sp_error err;
    const sp_yaml *root;
};

static int
setup(void **state)
{
    *state = calloc(1, sizeof(struct fixture));
    return *state ? 0 : -1;
}

static int
teardown(void **state)
{
    struct fixture *f = *state;
    sp_arena_done(&f->arena);
    free(f);
    return 0;
}

static enum sp_status
read_with(struct fixture *f, sp_bytes text, const sp_yaml_limits *limits)
{
    f->root = NULL;
    return sp_yaml_read(text, "x.md", 2, limits, &f->arena, &f->root, &f->err);
}

static const sp_yaml *
get(struct fixture *f, const char *key)
{
    return sp_yaml_get(f->root, key);
}

static void
scalars_read_as_in_ruby(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(read_with(f,
                               SP_LITERAL("a: yes\nb: \"yes\"\nc: ~\nd:\ne: Off\nf: ''\n"
                                          "g: false\nh: x\na: no\n"),
                               &strict),
                     SP_OK);
    assert_true(sp_yaml_is_false(get(f, "a"))); /* of a repeated key the last value counts */
    assert_false(sp_yaml_is_true(get(f, "b")));
    assert_bytes(sp_yaml_string(get(f, "b")), "yes");
    assert_true(sp_yaml_is_null(get(f, "c")));
    assert_true(sp_yaml_is_null(get(f, "d")));
    assert_true(sp_yaml_is_null(get(f, "none")));
    assert_bytes(sp_yaml_string(get(f, "e")), "false");
    assert_true(sp_yaml_is_truthy(get(f, "f"))); /* "" is not null */
    assert_false(sp_yaml_is_truthy(get(f, "g")));
    assert_bytes(sp_yaml_text(get(f, "h")), "x");
    assert_int_equal(get(f, "h")->line, 9);
    assert_int_equal(get(f, "h")->column, 4);
}

static void
nul_bytes_are_replaced(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(read_with(f, SP_LITERAL("\"k\\0\": \"a\\0b\""), &strict), SP_OK);
    assert_bytes(f->root->keys[0], "k\xEF\xBF\xBD");
    assert_bytes(sp_yaml_text(f->root->items[0]), "a\xEF\xBF\xBD"
                                                  "b");
}

static void
errors_have_line_and_column(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(read_with(f, SP_LITERAL("a: 1\nb: [1, 2\nc: 3\n"), &strict), SP_BAD_INPUT);
    assert_string_equal(f->err.path, "x.md");
    assert_int_equal(f->err.line, 4);
    assert_int_equal(read_with(f, SP_LITERAL("a: 1\nb: \"\xFF\"\n"), &strict), SP_BAD_INPUT);
    assert_int_equal(f->err.line, 3);
    assert_int_equal(f->err.column, 5);
    assert_int_equal(read_with(f, SP_LITERAL("a: \x01\n"), &strict), SP_BAD_INPUT);
    assert_int_equal(read_with(f, (sp_bytes){"a: \0b\n", 6}, &strict), SP_BAD_INPUT);
    assert_int_equal(read_with(f, SP_LITERAL("\ta: 1\n"), &strict), SP_BAD_INPUT);
}

static void
aliases_are_rejected_or_shared(void **state)
{
    struct fixture *f = *state;
    static const char bomb[] = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
                               "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c]\n";
    assert_int_equal(read_with(f, sp_bytes_of(bomb), &strict), SP_BAD_INPUT);
    assert_int_equal(f->err.line, 3);
    assert_non_null(strstr(f->err.text, "aliases"));
    assert_int_equal(read_with(f, sp_bytes_of(bomb), &lenient), SP_OK);
    assert_ptr_equal(get(f, "d")->items[0], get(f, "c"));
    assert_int_equal(read_with(f, SP_LITERAL("a: &a [*a]\n"), &lenient), SP_BAD_INPUT);
    assert_int_equal(read_with(f, SP_LITERAL("x: &x {p: 1, q: 2}\ny: {<<: *x, q: 3}\n"), &lenient),
                     SP_OK);
    assert_bytes(sp_yaml_text(sp_yaml_get(get(f, "y"), "p")), "1");
    assert_bytes(sp_yaml_text(sp_yaml_get(get(f, "y"), "q")), "3");
}

/* Appends `count` scalars as items of the list at the key `name`, which has an anchor. */
static void
append_list(sp_str *text, const char *name, size_t count)
{
    sp_str_append_format(text, "%s: &%s [", name, name);
    for (size_t i = 0; i < count; i++)
        sp_str_append_text(text, i > 0 ? ",x" : "x");
    sp_str_append_text(text, "]\n");
}

/* The map, its lists and the scalars count, at each alias again, but not the keys. */
static void
values_are_counted_at_each_alias(void **state)
{
    struct fixture *f = *state;
    for (size_t more = 0; more < 2; more++) {
        SP_AUTO(sp_str_done) sp_str text = {0};
        append_list(&text, "a", 9999);
        append_list(&text, "b", 9995 + more);                    /* with a and the map: 19,997 */
        sp_str_append_text(&text, "c: &c {k: *a, l: *a}\n");     /* 20,001 */
        sp_str_append_text(&text, "d: [*c, *a, *a, *a,\n*a]\n"); /* 60,002 with the list */
        enum sp_status status = read_with(f, sp_str_bytes(&text), &lenient);
        assert_int_equal(status, more ? SP_BAD_INPUT : SP_OK);
    }
    assert_int_equal(f->err.line, 6);
    assert_int_equal(f->err.column, 1);
    assert_non_null(strstr(f->err.text, "more than 100000 values"));
}

static void
values_are_counted_without_aliases_too(void **state)
{
    struct fixture *f = *state;
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_yaml_limits limits = {.bytes = 1 << 20, .depth = 8};
    for (size_t i = 0; i < SP_YAML_NODES_MAX - 1; i++)
        sp_str_append_text(&text, "- x\n");
    assert_int_equal(read_with(f, sp_str_bytes(&text), &limits), SP_OK);
    sp_str_append_text(&text, "- x\n");
    assert_int_equal(read_with(f, sp_str_bytes(&text), &limits), SP_BAD_INPUT);
    assert_int_equal(f->err.line, 1 + SP_YAML_NODES_MAX);
}

static void
the_last_anchor_of_a_name_counts(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(read_with(f, SP_LITERAL("a: &x 1\nb: *x\nc: &x 2\nd: *x\n"), &lenient), SP_OK);
    assert_bytes(sp_yaml_text(get(f, "b")), "1");
    assert_bytes(sp_yaml_text(get(f, "d")), "2");
}

static void
many_anchors_and_directives_are_read_quickly(void **state)
{
    struct fixture *f = *state;
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_yaml_limits limits = {.bytes = 2 << 20, .depth = 8, .aliases = true};
    for (unsigned i = 0; i < 49000; i++)
        sp_str_append_format(&text, "- &anchor%u x\n- *anchor%u\n", i, i / 2);
    clock_t start = clock();
    assert_int_equal(read_with(f, sp_str_bytes(&text), &limits), SP_OK);
    sp_str_clear(&text);
    for (unsigned i = 0; i < 40000; i++)
        sp_str_append_format(&text, "%%TAG !a%u! tag:x,\n", i);
    sp_str_append_text(&text, "---\na: b\n");
    assert_int_equal(read_with(f, sp_str_bytes(&text), &limits), SP_BAD_INPUT);
    assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 1.5);
    assert_int_equal(read_with(f, SP_LITERAL("%TAG !a! tag:x,\n---\na: b\n"), &limits), SP_OK);
}

/* libyaml reads directives at the beginning of a line only. */
static void
text_may_quote_directives(void **state)
{
    struct fixture *f = *state;
    static const char *const ends[] = {"\n", "\r", "\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"};
    sp_yaml_limits limits = {.bytes = 2 << 20, .depth = 8, .aliases = true};
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_str_append_text(&text, "a: |\n");
    for (unsigned i = 0; i < 500; i++)
        sp_str_append_text(&text, "  %TAG ! %TAG\n");
    assert_int_equal(read_with(f, sp_str_bytes(&text), &limits), SP_OK);
    for (size_t k = 0; k < sizeof ends / sizeof *ends; k++) {
        sp_str_clear(&text);
        for (unsigned i = 0; i < 101; i++)
            sp_str_append_format(&text, "%%TAG !a%u! tag:x,%s", i, ends[k]);
        sp_str_append_text(&text, "---\na: b\n");
        assert_int_equal(read_with(f, sp_str_bytes(&text), &limits), SP_BAD_INPUT);
        assert_non_null(strstr(f->err.text, "directives"));
    }
}

static double
seconds_to_read(struct fixture *f, const char *unit, enum sp_status wanted)
{
    sp_str text = {0};
    while (text.len + strlen(unit) <= strict.bytes)
        sp_str_append_text(&text, unit);
    clock_t start = clock();
    assert_int_equal(read_with(f, sp_str_bytes(&text), &strict), wanted);
    sp_str_done(&text);
    return (double)(clock() - start) / CLOCKS_PER_SEC;
}

static void
nested_and_repeated_input_is_read_quickly(void **state)
{
    struct fixture *f = *state;
    assert_true(seconds_to_read(f, "[", SP_BAD_INPUT) < 0.5);
    assert_non_null(strstr(f->err.text, "deep"));
    assert_true(seconds_to_read(f, "{a: ", SP_BAD_INPUT) < 0.5);
    assert_true(seconds_to_read(f, "- ", SP_BAD_INPUT) < 0.5);
    assert_true(seconds_to_read(f, "? ", SP_BAD_INPUT) < 0.5);
    assert_true(seconds_to_read(f, "a: b\n", SP_OK) < 0.5);
    assert_true(seconds_to_read(f, "- a\n", SP_OK) < 0.5);
    sp_str text = {0};
    while (text.len <= strict.bytes)
        sp_str_append_text(&text, "a: b\n");
    assert_int_equal(read_with(f, sp_str_bytes(&text), &strict), SP_BAD_INPUT);
    sp_str_done(&text);
}

static void
random_bytes_do_not_crash_the_reader(void **state)
{
    struct fixture *f = *state;
    static const char alphabet[] = "---\n: [{}]&*!|>'\"%@`#,? \tab\r\xC3\xA9\xFF\\0u~<";
    uint32_t random = 1;
    for (int round = 0; round < 20000; round++) {
        char text[48];
        size_t len = (size_t)round % sizeof text;
        for (size_t i = 0; i < len; i++) {
            random = random * 1664525u + 1013904223u;
            text[i] = alphabet[(random >> 16) % sizeof alphabet];
        }
        enum sp_status status = read_with(f, (sp_bytes){text, len}, &lenient);
        assert_true(status == SP_OK || status == SP_BAD_INPUT);
        sp_arena_clear(&f->arena);
    }
}

static void
front_matter_is_found_as_jekyll_does(void **state)
{
    (void)state;
    static const struct {
        const char *content, *yaml, *body;
        unsigned first_line;
        bool opened;
    } cases[] = {
        {"---\na: 1\n---\nB\n", "a: 1\n", "B\n", 4, true},
        {"---\n---\nB", "", "B", 3, true},
        {"---\r\na: 1\r\n---\r\nB", "a: 1\r\n", "B", 4, true},
        {"--- \t\na: 1\n...  \nB", "a: 1\n", "B", 4, true},
        {"---\na: 1\n---", "a: 1\n", "", 4, true},
        {"---\na: 1\n----\nB", "", "---\na: 1\n----\nB", 1, true},
        {"---\n\n\na: 1\n---\n\n\nB", "\n\na: 1\n", "\n\nB", 6, true},
        {"---", "", "---", 1, false},
        {"---x\n---\n", "", "---x\n---\n", 1, false},
        {"\n---\na: 1\n---\n", "", "\n---\na: 1\n---\n", 1, false},
        {"", "", "", 1, false},
        {"\xEF\xBB\xBF---\na: 1\n---\nB", "a: 1\n", "B", 4, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sp_front_matter found = sp_front_matter_find(sp_bytes_of(cases[i].content));
        assert_bytes(found.yaml, cases[i].yaml);
        assert_bytes(found.body, cases[i].body);
        assert_int_equal(found.first_line, cases[i].first_line);
        assert_int_equal(found.opened, cases[i].opened);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(scalars_read_as_in_ruby, setup, teardown),
        cmocka_unit_test_setup_teardown(nul_bytes_are_replaced, setup, teardown),
        cmocka_unit_test_setup_teardown(errors_have_line_and_column, setup, teardown),
        cmocka_unit_test_setup_teardown(aliases_are_rejected_or_shared, setup, teardown),
        cmocka_unit_test_setup_teardown(values_are_counted_at_each_alias, setup, teardown),
        cmocka_unit_test_setup_teardown(values_are_counted_without_aliases_too, setup, teardown),
        cmocka_unit_test_setup_teardown(the_last_anchor_of_a_name_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(many_anchors_and_directives_are_read_quickly, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(text_may_quote_directives, setup, teardown),
        cmocka_unit_test_setup_teardown(nested_and_repeated_input_is_read_quickly, setup, teardown),
        cmocka_unit_test_setup_teardown(random_bytes_do_not_crash_the_reader, setup, teardown),
        cmocka_unit_test(front_matter_is_found_as_jekyll_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
