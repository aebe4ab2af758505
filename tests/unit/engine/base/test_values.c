// SPDX-License-Identifier: GPL-2.0-or-later
#include "harness.h"

#include "engine/base/language.h"

#include <signpost/ascii.h>
#include <signpost/months.h>
#include <signpost/values.h>

static void
assert_names(const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_non_null(names[i]);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(names[i], names[k]);
    }
}

static void
test_every_value_has_a_different_name(void **state)
{
    (void)state;
    assert_names(sp_kind_names, SP_KIND_COUNT);
    assert_names(sp_sort_names, SP_SORT_COUNT);
    assert_names(sp_facet_names, SP_FACET_COUNT);
    assert_names(sp_field_names, SP_FIELD_COUNT);
    assert_names(sp_month_names, 12);
    assert_string_equal(sp_field_names[SP_FIELD_KIND], sp_facet_names[SP_FACET_KIND]);
}

static void
assert_language(const char *tag, const char *expected)
{
    char read[SP_LANGUAGE_MAX + 1];
    assert_int_equal(sp_language_read(sp_bytes_of(tag), read), strlen(expected));
    assert_string_equal(read, expected);
}

static void
test_the_primary_subtag_of_a_language_is_read(void **state)
{
    (void)state;
    assert_language("en", "en");
    assert_language("EN-us", "en");
    assert_language("pt_BR", "pt");
    assert_language("fil", "fil");
    assert_language("", "");
    assert_language("english", "");
    assert_language("e1", "");
    assert_language("-en", "");
    assert_bytes(sp_language_primary(SP_LITERAL("English-US")), "English");
}

static void
test_language_tags_keep_their_well_formed_subtags(void **state)
{
    static const char *const tags[][2] = {
        {"zh-Hans", "zh-Hans"},
        {"pt_BR", "pt-BR"},
        {"sr-Latn-RS", "sr-Latn-RS"},
        {"en-", "en"},
        {"de--AT", "de"},
        {"fr-<b>", "fr"},
        {"en-abcdefghi", "en"},
        {"English-US", ""},
        {"es-419", "es-419"},
        {"", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        SP_AUTO(sp_str_done) sp_str tag = {0};
        sp_language_append_tag(&tag, sp_bytes_of(tags[i][0]));
        assert_bytes(sp_str_bytes(&tag), tags[i][1]);
    }
    assert_true(sp_language_equal(SP_LITERAL("zh-Hans"), SP_LITERAL("ZH_Hant")));
    assert_false(sp_language_equal(SP_LITERAL("zh"), SP_LITERAL("z")));
    assert_false(sp_language_equal(SP_LITERAL("en"), SP_LITERAL("es")));
}

static void
test_letters_and_digits_are_those_of_ascii(void **state)
{
    (void)state;
    for (int c = -128; c < 128; c++) {
        bool lower = c >= 'a' && c <= 'z', upper = c >= 'A' && c <= 'Z';
        bool digit = c >= '0' && c <= '9';
        assert_int_equal(sp_ascii_is_letter((char)c), lower || upper);
        assert_int_equal(sp_ascii_is_digit((char)c), digit);
        assert_int_equal(sp_ascii_is_alphanumeric((char)c), lower || upper || digit);
        assert_int_equal(sp_ascii_lower((char)c), upper ? c + 32 : c);
    }
    assert_int_equal(sp_ascii_hex_value('0'), 0);
    assert_int_equal(sp_ascii_hex_value('f'), 15);
    assert_int_equal(sp_ascii_hex_value('F'), 15);
    assert_int_equal(sp_ascii_hex_value('g'), -1);
    assert_int_equal(sp_ascii_hex_value('\x10'), -1);
}

static void
test_cut_text_ends_with_a_whole_character(void **state)
{
    (void)state;
    assert_bytes(sp_utf8_cut(SP_LITERAL("aé€"), 6), "aé€");
    assert_bytes(sp_utf8_cut(SP_LITERAL("aé€"), 5), "aé");
    assert_bytes(sp_utf8_cut(SP_LITERAL("aé€"), 4), "aé");
    assert_bytes(sp_utf8_cut(SP_LITERAL("aé€"), 3), "aé");
    assert_bytes(sp_utf8_cut(SP_LITERAL("aé€"), 2), "a");
    assert_bytes(sp_utf8_cut(SP_LITERAL("é"), 1), "");
    assert_bytes(sp_utf8_cut(SP_LITERAL("abc"), 0), "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_value_has_a_different_name),
        cmocka_unit_test(test_the_primary_subtag_of_a_language_is_read),
        cmocka_unit_test(test_language_tags_keep_their_well_formed_subtags),
        cmocka_unit_test(test_letters_and_digits_are_those_of_ascii),
        cmocka_unit_test(test_cut_text_ends_with_a_whole_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
