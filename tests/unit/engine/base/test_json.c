// SPDX-License-Identifier: GPL-2.0-or-later
#include "harness.h"

#include <signpost/escape.h>
#include <signpost/json.h>

static void
test_commas_appear_only_between_values(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str out = {0};
    sp_json_open_object(&out, NULL);
    sp_json_uint(&out, "a", 1);
    sp_json_open_array(&out, "list");
    sp_json_open_object(&out, NULL);
    sp_json_close_object(&out);
    sp_json_open_object(&out, NULL);
    sp_json_bool(&out, "yes", true);
    sp_json_bool(&out, "no", false);
    sp_json_close_object(&out);
    sp_json_open_array(&out, NULL);
    sp_json_close_array(&out);
    sp_json_null(&out, NULL);
    sp_json_close_array(&out);
    sp_json_null(&out, "z");
    sp_json_close_object(&out);
    assert_str(out, "{\"a\":1,\"list\":[{},{\"yes\":true,\"no\":false},[],null],\"z\":null}");
}

static void
test_a_nested_printer_continues_after_a_key(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str out = {0};
    sp_json_open_object(&out, NULL);
    sp_json_uint(&out, "before", 0);
    sp_json_key(&out, "inner");
    sp_json_open_object(&out, NULL);
    sp_json_close_object(&out);
    sp_json_uint(&out, "after", UINT64_MAX);
    sp_json_close_object(&out);
    assert_str(out, "{\"before\":0,\"inner\":{},\"after\":18446744073709551615}");
}

static void
test_text_that_ends_like_an_opening_bracket_gets_a_comma(void **state)
{
    (void)state;
    const sp_bytes items[] = {SP_LITERAL("{"), SP_LITERAL("["), SP_LITERAL(":"), SP_LITERAL("")};
    SP_AUTO(sp_str_done) sp_str out = {0};
    sp_json_texts(&out, NULL, items, 4);
    assert_str(out, "[\"{\",\"[\",\":\",\"\"]");
}

static void
test_each_line_is_a_document(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str out = {0};
    sp_json_uint(&out, NULL, 1);
    sp_str_append_char(&out, '\n');
    sp_json_uint(&out, NULL, 2);
    assert_str(out, "1\n2");
}

static void
test_numbers_have_the_digits_asked_for(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str out = {0};
    sp_json_open_array(&out, NULL);
    sp_json_fixed(&out, NULL, 1.005, 2);
    sp_json_fixed(&out, NULL, -0.5, 6);
    sp_json_fixed(&out, NULL, 2.5, 0);
    sp_json_number(&out, NULL, 0.75);
    sp_json_number(&out, NULL, 1e-7);
    sp_json_number(&out, NULL, 123456789);
    sp_json_close_array(&out);
    assert_str(out, "[1.00,-0.500000,2,0.75,1e-07,1.23457e+08]");
}

/* Plain text is found in steps of eight bytes; each byte is tried at each place of a step. */
static void
test_each_byte_of_ascii_is_escaped_at_each_place(void **state)
{
    (void)state;
    for (int c = 0; c < 0x80; c++) {
        for (size_t at = 0; at < 16; at++) {
            SP_AUTO(sp_str_done) sp_str out = {0};
            SP_AUTO(sp_str_done) sp_str expected = {0};
            char text[] = "aaaaaaaaaaaaaaaa";
            text[at] = (char)c;
            sp_json_text(&out, NULL, (sp_bytes){text, 16});
            sp_str_append_format(&expected, "\"%.*s", (int)at, "aaaaaaaaaaaaaaaa");
            if (c == '"' || c == '\\')
                sp_str_append_format(&expected, "\\%c", c);
            else if (c == '\n')
                sp_str_append_text(&expected, "\\n");
            else if (c < 0x20 || c == 0x7F)
                sp_str_append_format(&expected, "\\u%04x", (unsigned)c);
            else
                sp_str_append_char(&expected, (char)c);
            sp_str_append_format(&expected, "%.*s\"", (int)(15 - at), "aaaaaaaaaaaaaaaa");
            assert_str(out, expected.data);
        }
    }
}

static void
test_text_is_escaped_and_repaired(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str out = {0};
    sp_json_text(&out, NULL, (sp_bytes){"a\"\\\n\t\0\x7F", 7});
    assert_str(out, "\"a\\\"\\\\\\n\\u0009\\u0000\\u007f\"");
    sp_str_clear(&out);
    sp_json_text(&out, NULL, SP_LITERAL("é\xE2\x80\xA8/\xFF"));
    assert_str(out, "\"é\\u2028/\xEF\xBF\xBD\"");
    sp_str_clear(&out);
    sp_json_text(&out, NULL,
                 SP_LITERAL("\xC2\x80\xC2\x9B\xC2\x9F\xC2\xA0\xE2\x80\xAE\xE2\x81\xA9\x9B"));
    assert_str(out, "\"\\u0080\\u009b\\u009f\xC2\xA0\\u202e\\u2069\xEF\xBF\xBD\"");
    sp_str_clear(&out);
    sp_json_open_object(&out, NULL);
    sp_json_text_or_null(&out, "a", SP_LITERAL(""));
    sp_json_text_or_null(&out, "b", SP_LITERAL("x"));
    sp_json_close_object(&out);
    assert_str(out, "{\"a\":null,\"b\":\"x\"}");
}

static void
test_html_escape_leaves_no_markup(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str out = {0};
    sp_html_escape(&out, SP_LITERAL("<a href=\"x\">'R&D'</a>"));
    assert_str(out, "&lt;a href=&quot;x&quot;&gt;&#39;R&amp;D&#39;&lt;/a&gt;");
    sp_str_clear(&out);
    sp_html_escape(&out, SP_LITERAL("plain"));
    assert_str(out, "plain");
}

static void
test_html_escape_replaces_control_characters_only(void **state)
{
    (void)state;
    static const char *const texts[][2] = {
        {"\x1b\x7f\xC2\x80x\xC2\x9F", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDx\xEF\xBF\xBD"},
        {"\xC2\xA0\t\n", "\xC2\xA0\t\n"},
        {"\xC2"
         "A",
         "\xC2"
         "A"},
        {"\xC2<b", "\xC2&lt;b"},
        {"\xC2\xC2\x9B\xC2", "\xC2\xEF\xBF\xBD\xC2"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        SP_AUTO(sp_str_done) sp_str out = {0};
        sp_html_escape(&out, sp_bytes_of(texts[i][0]));
        assert_str(out, texts[i][1]);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commas_appear_only_between_values),
        cmocka_unit_test(test_a_nested_printer_continues_after_a_key),
        cmocka_unit_test(test_text_that_ends_like_an_opening_bracket_gets_a_comma),
        cmocka_unit_test(test_each_line_is_a_document),
        cmocka_unit_test(test_numbers_have_the_digits_asked_for),
        cmocka_unit_test(test_each_byte_of_ascii_is_escaped_at_each_place),
        cmocka_unit_test(test_text_is_escaped_and_repaired),
        cmocka_unit_test(test_html_escape_leaves_no_markup),
        cmocka_unit_test(test_html_escape_replaces_control_characters_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
