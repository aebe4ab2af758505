// SPDX-License-Identifier: GPL-2.0-or-later
/* The ranking that an index stores, the reading of pins files, and the pins that a search finds. */
#include "harness.h"

#include "engine/query/pins.h"
#include "indexer/run/pins_file.h"

#include <time.h>

static void
a_ranking_is_read_back(void **state)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_ranking ranking = SP_RANKING_DEFAULT, back;
    (void)state;
    ranking.k1 = 1.25;
    ranking.mentions = 0.375;
    ranking.recency = 2;
    ranking.half_life = 90;
    ranking.weights.wdf[SP_WEIGHT_INHERITED] = 7;
    sp_ranking_format(&ranking, &text);
    assert_true(sp_ranking_parse(sp_str_bytes(&text), &back));
    assert_memory_equal(&back.weights, &ranking.weights, sizeof back.weights);
    assert_true(back.k1 == 1.25 && back.mentions == 0.375 && back.recency == 2);
    assert_true(back.half_life == 90 && back.listed == ranking.listed && back.pair == ranking.pair);
}

static void
a_ranking_of_the_oldest_format_gets_defaults_for_newer_settings(void **state)
{
    sp_ranking back, plain = SP_RANKING_DEFAULT;
    (void)state;
    assert_true(sp_ranking_parse(SP_LITERAL("1.2 0.75 8 0"), &back));
    assert_true(back.k1 == 1.2 && back.b == 0.75 && back.k3 == 8 && back.pair == 0);
    assert_true(sp_weights_equal(&back.weights, &plain.weights));
    assert_true(back.listed == plain.listed);
}

static void
invalid_rankings_are_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "1 1 1",
        "1 1 1 1 1",
        "1 2 1 1",
        "-1 1 1 1",
        "nan 1 1 1",
        "1 1 1 1x",
        "1 1 1 1 0 0 0 0 3 2 1 2 6 3 1 2 1",
        "1 1 1 1 0 0 0 1 3 2 1 2 6 3 1 2 101",
    };
    sp_ranking back;
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_false(sp_ranking_parse(sp_bytes_of(texts[i]), &back));
    assert_true(back.k1 == SP_RANKING_DEFAULT.k1);
    assert_true(sp_ranking_parse(SP_LITERAL("1 1 1 1 0 0 0 1 3 2 1 2 6 3 1 2 100"), &back));
}

static void
pins_are_packed_by_query(void **state)
{
    sp_pins pins = {0};
    (void)state;
    assert_int_equal(sp_pins_add(&pins, "a/pins.tsv",
                                 SP_LITERAL("\xEF\xBB\xBF# b\r\n\nZ\xC3\xA9ta, Two!\t/z/#x\r\n"
                                            "alpha \t https://www.a.example/ \t/b/"),
                                 SP_LITERAL(""), NULL),
                     SP_OK);
    assert_int_equal(sp_pins_add(&pins, "b/pins.tsv",
                                 SP_LITERAL("zeta two\t/y/\thttps://s.example/z/\n"),
                                 SP_LITERAL("https://s.example"), NULL),
                     SP_OK);
    assert_int_equal(sp_pins_pack(&pins, NULL), SP_OK);
    assert_bytes(sp_str_bytes(&pins.packed), "\nalpha\ta.example\t/b/\nzeta two\t/z/\t/y/\n");
    assert_int_equal(pins.items[0].line, 4);
    assert_int_equal(pins.items[0].column, 9);
    sp_pins_done(&pins);
}

static void
a_file_of_pins_of_the_largest_size_is_read_quickly(void **state)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_pins pins = {0};
    sp_error err;
    clock_t began = clock();
    (void)state;
    for (unsigned i = 0; text.len + 20 < SP_PINS_BYTES_MAX; i++)
        sp_str_append_format(&text, "%x\t/b\n", i);
    assert_int_equal(sp_pins_add(&pins, "p", sp_str_bytes(&text), SP_LITERAL(""), &err), SP_OK);
    assert_true(pins.count > 100000);
    sp_str_append_text(&text, "x y\t/b\n3\t/b\t/c\n2\t/b\n");
    assert_int_equal(sp_pins_add(&pins, "p", sp_str_bytes(&text), SP_LITERAL(""), &err),
                     SP_BAD_INPUT);
    assert_string_equal(err.text, "the query is already pinned on line 4");
    assert_true(clock() - began < 5 * CLOCKS_PER_SEC);
    sp_pins_done(&pins);
}

static void
find(const char *packed, const char *text, const char *expected)
{
    SP_AUTO(sp_str_done) sp_str found = {0};
    sp_analyzer *analyzer;
    sp_arena arena = {0};
    sp_query query;
    sp_pinned pinned;
    assert_int_equal(sp_analyzer_new(SP_LITERAL("en"), &analyzer, NULL), SP_OK);
    assert_int_equal(sp_query_read(analyzer, sp_bytes_of(text), &arena, &query, NULL), SP_OK);
    assert_int_equal(sp_pinned_find(sp_bytes_of(packed), &query, &arena, &pinned, NULL), SP_OK);
    for (uint32_t i = 0; i < pinned.count; i++) {
        sp_str_append(&found, pinned.targets[i]);
        sp_str_append_char(&found, ' ');
    }
    assert_bytes(sp_str_bytes(&found), expected);
    sp_arena_done(&arena);
    sp_analyzer_free(analyzer);
}

static void
pins_are_found_by_the_whole_query(void **state)
{
    static const char packed[] = "\nalpha\ta.example\t/b/\nzeta two\t/z/\t/y/\n";
    (void)state;
    find(packed, "Alpha", "a.example /b/ ");
    find(packed, "z\xC3\x89TA two", "/z/ /y/ ");
    find(packed, "\"zeta two\"", "/z/ /y/ ");
    find(packed, "zeta two kind:post", "/z/ /y/ ");
    find(packed, "two", "");
    find(packed, "zeta", "");
    find(packed, "alpha beta", "");
    find(packed, "-alpha", "");
    find(packed, "title:alpha", "");
    find(packed, "\"zeta\" two", "");
    find(packed, "", "");
    find("", "alpha", "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ranking_is_read_back),
        cmocka_unit_test(a_ranking_of_the_oldest_format_gets_defaults_for_newer_settings),
        cmocka_unit_test(invalid_rankings_are_refused),
        cmocka_unit_test(pins_are_packed_by_query),
        cmocka_unit_test(a_file_of_pins_of_the_largest_size_is_read_quickly),
        cmocka_unit_test(pins_are_found_by_the_whole_query),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
