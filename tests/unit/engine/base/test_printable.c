// SPDX-License-Identifier: GPL-2.0-or-later
/* Which characters messages replace: a table of all code points that a terminal could obey. */
#include "harness.h"

#include <signpost/printable.h>

static bool
is_replaced(uint32_t code_point)
{
    return sp_printable(code_point) == 0xFFFD && code_point != 0xFFFD;
}

static void
test_exactly_control_and_bidi_characters_are_replaced(void **state)
{
    (void)state;
    static const struct {
        uint32_t first, last;
    } replaced[] = {{0x00, 0x1F},     {0x7F, 0x9F},     {0x61C, 0x61C},
                    {0x200E, 0x200F}, {0x202A, 0x202E}, {0x2066, 0x2069}};
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        bool expected = false;
        for (size_t i = 0; i < sizeof replaced / sizeof *replaced; i++)
            expected |= c >= replaced[i].first && c <= replaced[i].last;
        if (is_replaced(c) != expected)
            fail_msg("U+%04X", (unsigned)c);
    }
}

static void
test_bytes_that_are_not_utf_8_are_replaced(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str out = {0};
    sp_printable_append(&out, SP_LITERAL("a\x9b\0\xC3é\xC2\x9b\xE2\x80\xAE\xE2\x80z"));
    assert_str(out, "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDé\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"
                    "\xEF\xBF\xBDz");
}

static void
test_a_copy_is_cut_after_a_character(void **state)
{
    (void)state;
    char out[8];
    assert_int_equal(sp_printable_copy(out, sizeof out, "ab\x1b\x1b\x1b"), 5);
    assert_string_equal(out, "ab\xEF\xBF\xBD");
    assert_int_equal(sp_printable_copy(out, sizeof out, "1234567"), 7);
    assert_string_equal(out, "1234567");
    assert_int_equal(sp_printable_copy(out, sizeof out, "123456é"), 6);
    assert_string_equal(out, "123456");
    assert_int_equal(sp_printable_copy(out, 1, "x"), 0);
    assert_string_equal(out, "");
}

static void
test_the_line_of_any_error_fits(void **state)
{
    (void)state;
    char path[600], line[SP_ERROR_LINE_MAX];
    sp_error err;
    memset(path, '\x1b', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    sp_fail_at(&err, SP_BAD_INPUT, path, 4294967295U, 4294967295U, "%s", path);
    sp_error_line(&err, line);
    assert_int_equal(strlen(line), 3 * (sizeof err.path - 1) + strlen(":4294967295:4294967295: ") +
                                       strlen(err.text));
    sp_fail_at(&err, SP_BAD_INPUT, "a\x9b.md", 3, 4, "bad\n%s", "\xE2\x80\xAE");
    assert_string_equal(sp_error_line(&err, line),
                        "a\xEF\xBF\xBD.md:3:4: bad\xEF\xBF\xBD\xEF\xBF\xBD");
    sp_fail(&err, SP_IO, "no disk");
    assert_string_equal(sp_error_line(&err, line), "no disk");
    sp_fail_at(&err, SP_IO, "a", 0, 0, "gone");
    assert_string_equal(sp_error_line(&err, line), "a: gone");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exactly_control_and_bidi_characters_are_replaced),
        cmocka_unit_test(test_bytes_that_are_not_utf_8_are_replaced),
        cmocka_unit_test(test_a_copy_is_cut_after_a_character),
        cmocka_unit_test(test_the_line_of_any_error_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
