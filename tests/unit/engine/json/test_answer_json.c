// SPDX-License-Identifier: GPL-2.0-or-later
/* Answers as JSON and HTML: a text of any bytes becomes one well-formed string. */

#include "harness.h"

#include <signpost/answer_json.h>
#include <signpost/json.h>

static void
assert_json(const char *text, size_t len, const char *expected)
{
    SP_AUTO(sp_str_done) sp_str out = {0};
    sp_json_text(&out, NULL, (sp_bytes){text, len});
    assert_str(out, expected);
}

#define ASSERT_JSON(text, expected) assert_json(text, sizeof(text) - 1, expected)

static void
test_json_strings_are_escaped(void **state)
{
    (void)state;
    ASSERT_JSON("", "\"\"");
    ASSERT_JSON("plain text", "\"plain text\"");
    ASSERT_JSON("a\"b\\c/d", "\"a\\\"b\\\\c/d\"");
    ASSERT_JSON("a\nb\rc\td", "\"a\\nb\\u000dc\\u0009d\"");
    ASSERT_JSON("\0\x01\x1f\x7f", "\"\\u0000\\u0001\\u001f\\u007f\"");
    ASSERT_JSON("é 履 \xF0\x9F\x98\x80", "\"é 履 \xF0\x9F\x98\x80\"");
    ASSERT_JSON("\xE2\x80\xA8\xE2\x80\xA9", "\"\\u2028\\u2029\"");
    ASSERT_JSON("</script>", "\"</script>\"");
}

static void
test_ill_formed_utf8_becomes_replacement_characters(void **state)
{
    (void)state;
    ASSERT_JSON("a\xff"
                "b",
                "\"a\xEF\xBF\xBD"
                "b\"");
    ASSERT_JSON("\xC3", "\"\xEF\xBF\xBD\"");
    ASSERT_JSON("\xC3(", "\"\xEF\xBF\xBD(\"");
    ASSERT_JSON("\xC0\xAF", "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

static void
assert_html(const char *text, size_t count, sp_range *marks, const char *expected)
{
    SP_AUTO(sp_str_done) sp_str out = {0};
    sp_marked marked = {sp_bytes_of(text), marks, (uint32_t)count};
    sp_marked_print_html(&marked, &out);
    assert_str(out, expected);
}

static void
test_marks_and_special_characters_become_html(void **state)
{
    sp_range one[] = {{0, 3}}, two[] = {{0, 1}, {4, 5}}, all[] = {{0, 8}};
    (void)state;
    assert_html("", 0, NULL, "");
    assert_html("<a href=\"x\">&'", 0, NULL, "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
    assert_html("one two", 1, one, "<mark>one</mark> two");
    assert_html("a b c", 2, two, "<mark>a</mark> b <mark>c</mark>");
    assert_html("</mark>&", 1, all, "<mark>&lt;/mark&gt;&amp;</mark>");
}

static void
test_no_byte_opens_a_tag_or_ends_an_attribute(void **state)
{
    (void)state;
    for (int byte = 1; byte < 256; byte++) {
        SP_AUTO(sp_str_done) sp_str out = {0};
        char text[2] = {(char)byte, '\0'};
        sp_marked marked = {{text, 1}, NULL, 0};
        sp_marked_print_html(&marked, &out);
        if (strchr("<>\"'&", byte))
            assert_true(out.len > 1 && out.data[0] == '&');
        else if ((byte < 0x20 && byte != '\t' && byte != '\n') || byte == 0x7F)
            assert_str(out, "\xEF\xBF\xBD");
        else
            assert_true(out.len == 1 && out.data[0] == text[0]);
    }
}

static void
test_an_empty_answer_has_every_member(void **state)
{
    SP_AUTO(sp_str_done) sp_str out = {0};
    sp_answer answer = {.text = SP_LITERAL("q"), .parsed = SP_LITERAL("q"), .total_exact = true};
    (void)state;
    answer.revision = SP_LITERAL("r");
    answer.limit = 10;
    sp_answer_print_json(&answer, &out);
    assert_str(
        out,
        "{\"query\":{\"text\":\"q\",\"parsed\":\"q\",\"relaxed\":false,\"mixed\":false,"
        "\"corrected\":null,"
        "\"did_you_mean\":null,\"truncated\":false},\"revision\":\"r\",\"took_us\":0,\"total\":0,"
        "\"total_exact\":true,\"total_partial\":0,\"total_partial_exact\":false,"
        "\"offset\":0,\"limit\":10,\"hits\":[],\"related\":[]}");
}

static void
test_corrected_is_a_string_or_null(void **state)
{
    const struct {
        sp_bytes corrected;
        const char *expected;
    } rows[] = {
        {SP_LITERAL("residency \"a\""), "\"corrected\":\"residency \\\"a\\\"\","},
        {SP_LITERAL(""), "\"corrected\":\"\","},
        {{0}, "\"corrected\":null,"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        SP_AUTO(sp_str_done) sp_str out = {0};
        sp_answer answer = {.corrected = rows[i].corrected};
        sp_answer_print_json(&answer, &out);
        assert_non_null(strstr(out.data, rows[i].expected));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_strings_are_escaped),
        cmocka_unit_test(test_ill_formed_utf8_becomes_replacement_characters),
        cmocka_unit_test(test_marks_and_special_characters_become_html),
        cmocka_unit_test(test_no_byte_opens_a_tag_or_ends_an_attribute),
        cmocka_unit_test(test_an_empty_answer_has_every_member),
        cmocka_unit_test(test_corrected_is_a_string_or_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
