// SPDX-License-Identifier: GPL-2.0-or-later
/* The words of the pages: which language is chosen, plural forms, and filling of placeholders. */

#include "harness.h"

#include "searchd/web/html.h"
#include "searchd/web/language.h"

static void
assert_text(sp_bytes text, const char *expected)
{
    assert_int_equal(text.len, strlen(expected));
    assert_memory_equal(text.data, expected, text.len);
}

static void
test_a_tag_finds_the_words_of_its_primary_language(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"de", "de"}, {"de-AT", "de"}, {"DE_ch", "de"}, {"es-419", "es"}, {"en-GB", "en"},
        {"fr", "fr"}, {"deu", NULL},   {"", NULL},      {"tlh", NULL},    {"-de", NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const sp_words *words = sp_words_find(sp_bytes_of(cases[i][0]));
        if (cases[i][1])
            assert_string_equal(words->tag, cases[i][1]);
        else
            assert_null(words);
    }
}

static void
test_a_missing_word_is_english(void **state)
{
    (void)state;
    static const sp_page_word items[] = {{"next", "Avanti", true}};
    const sp_words words = {"it", items, 1};
    assert_text(sp_words_text(&words, "next"), "Avanti");
    assert_text(sp_words_text(&words, "previous"), "Previous");
    assert_text(sp_words_plural(&words, "count", 1), "{n} result");
    assert_text(sp_words_text(&words, "nonsuch"), "");
    assert_true(sp_words_has(&words, SP_LITERAL("next")));
    assert_false(sp_words_has(&words, SP_LITERAL("previous")));
}

/* From CLDR 42, as Intl.PluralRules of a browser has it. */
static void
test_plural_forms_are_those_of_unicode(void **state)
{
    (void)state;
    static const struct {
        const char *tag;
        uint32_t number;
        const char *form;
    } cases[] = {{"en", 0, "other"},    {"en", 1, "one"},        {"en", 21, "other"},
                 {"de-AT", 1, "one"},   {"fr", 0, "one"},        {"fr", 1, "one"},
                 {"fr", 2, "other"},    {"fr", 1000000, "many"}, {"es", 0, "other"},
                 {"es", 1, "one"},      {"es", 3000000, "many"}, {"pt", 0, "one"},
                 {"pt-PT", 0, "other"}, {"ja", 1, "other"},      {"zh-Hant", 1, "other"},
                 {"pl", 1, "one"},      {"pl", 22, "few"},       {"pl", 12, "many"},
                 {"pl", 21, "many"},    {"ru", 21, "one"},       {"ru", 11, "many"},
                 {"uk", 3, "few"},      {"cs", 3, "few"},        {"cs", 5, "other"},
                 {"sl", 101, "one"},    {"sl", 102, "two"},      {"sl", 103, "few"},
                 {"lt", 11, "other"},   {"lt", 21, "one"},       {"lt", 22, "few"},
                 {"lv", 10, "zero"},    {"lv", 21, "one"},       {"ro", 0, "few"},
                 {"ro", 119, "few"},    {"ro", 20, "other"},     {"ar", 0, "zero"},
                 {"ar", 2, "two"},      {"ar", 103, "few"},      {"ar", 111, "many"},
                 {"ar", 100, "other"},  {"he", 2, "two"},        {"ga", 7, "many"},
                 {"cy", 6, "many"},     {"cy", 5, "other"},      {"is", 21, "one"},
                 {"sr", 25, "other"},   {"hi", 0, "one"},        {"xx", 1, "one"},
                 {"", 2, "other"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(sp_plural_form(sp_bytes_of(cases[i].tag), cases[i].number),
                            cases[i].form);
}

static void
test_placeholders_are_filled_in_any_order_and_escaped(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected;
    } cases[] = {{"{b} & {a}", "<b> &amp; &lt;a&gt;"},
                 {"{a}{a}", "&lt;a&gt;&lt;a&gt;"},
                 {"no {c} here", "no  here"},
                 {"x } {", "x } "},
                 {"", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SP_AUTO(sp_str_done) sp_str out = {0};
        SP_WORDS_FILL(&out, sp_bytes_of(cases[i].text), SP_FILL("a", SP_LITERAL("<a>")),
                      SP_FILL_HTML("b", SP_LITERAL("<b>")));
        assert_text(sp_str_bytes(&out), cases[i].expected);
    }
}

static void
test_numbers_and_dates_are_written_as_the_language_does(void **state)
{
    (void)state;
    SP_AUTO(sp_arena_done) sp_arena arena = {0};
    const sp_words *english = sp_words_english(), *german = sp_words_find(SP_LITERAL("de"));
    assert_text(sp_html_number(&arena, english, 0), "0");
    assert_text(sp_html_number(&arena, english, 999), "999");
    assert_text(sp_html_number(&arena, english, 1000), "1,000");
    assert_text(sp_html_number(&arena, english, UINT32_MAX), "4,294,967,295");
    assert_text(sp_html_number(&arena, german, 1001002), "1.001.002");
    assert_text(sp_html_count(&arena, english, "count", 1), "1 result");
    assert_text(sp_html_count(&arena, english, "count", 2), "2 results");
    assert_text(sp_html_count(&arena, german, "count", 1), "1 Ergebnis");
    assert_text(sp_html_count(&arena, german, "count", 1234), "1.234 Ergebnisse");
    assert_text(sp_html_date(&arena, german, SP_LITERAL("2018-05-02")), "2. Mai 2018");
    assert_text(sp_html_date(&arena, sp_words_find(SP_LITERAL("es")), SP_LITERAL("2018-05-02")),
                "2 de mayo de 2018");
}

static void
test_accepted_languages_are_ordered_by_quality(void **state)
{
    (void)state;
    static const struct {
        const char *field, *expected;
    } cases[] = {{"de", "words de"},
                 {"de-AT, en;q=0.8", "words de en"},
                 {"en;q=0.5,fr;q=0.9, es ; q=0.7", "words fr es en"},
                 {"de;q=0, en", "words en"},
                 {"tlh, fr", "words fr"},
                 {"de-AT;q=0.3, en;q=0.5, de;q=0.9", "words de en"},
                 {"de, de-CH, de-AT, fr", "words de fr"},
                 {"*", "words"},
                 {"", "words"},
                 {",;,q=,;q=1,de;q=7, de;q=0.9999999", "words"},
                 {"en;q=0.1,de;q=0.2,fr;q=0.3,es;q=0.4,en;q=1.0", "words en es fr de"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SP_AUTO(sp_str_done) sp_str out = {0};
        sp_languages languages = {0};
        sp_languages_accept(sp_bytes_of(cases[i].field), &languages);
        sp_languages_canonical(&languages, &out);
        assert_text(sp_str_bytes(&out), cases[i].expected);
    }
}

static void
test_without_an_index_the_reader_decides(void **state)
{
    (void)state;
    sp_languages languages = {0};
    assert_string_equal(sp_languages_choose(&languages, NULL)->tag, "en");
    sp_languages_accept(SP_LITERAL("tlh, es;q=0.4, fr;q=0.7"), &languages);
    assert_string_equal(sp_languages_choose(&languages, NULL)->tag, "fr");
    languages.asked = sp_words_find(SP_LITERAL("de"));
    assert_string_equal(sp_languages_choose(&languages, NULL)->tag, "de");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_tag_finds_the_words_of_its_primary_language),
        cmocka_unit_test(test_a_missing_word_is_english),
        cmocka_unit_test(test_plural_forms_are_those_of_unicode),
        cmocka_unit_test(test_placeholders_are_filled_in_any_order_and_escaped),
        cmocka_unit_test(test_numbers_and_dates_are_written_as_the_language_does),
        cmocka_unit_test(test_accepted_languages_are_ordered_by_quality),
        cmocka_unit_test(test_without_an_index_the_reader_decides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
