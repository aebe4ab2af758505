// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines of text files. */
#include "harness.h"

#include "engine/base/lines.h"

static void
assert_lines(sp_bytes content, const char *const *lines, size_t count)
{
    sp_bytes rest = sp_without_bom(content), line;
    for (size_t i = 0; i < count; i++) {
        assert_true(sp_line_next(&rest, &line));
        assert_bytes(line, lines[i]);
    }
    assert_false(sp_line_next(&rest, &line));
}

static void
test_lines_end_at_a_newline_or_at_the_end(void **state)
{
    (void)state;
    static const char *const lines[] = {"one", "", "two"};
    assert_lines(SP_LITERAL("one\n\ntwo"), lines, 3);
    assert_lines(SP_LITERAL("one\n\ntwo\n"), lines, 3);
    assert_lines(SP_LITERAL("one\r\n\r\ntwo\r\n"), lines, 3);
    assert_lines((sp_bytes){0}, lines, 0);
}

static void
test_a_byte_order_mark_is_skipped_only_at_the_beginning(void **state)
{
    (void)state;
    static const char *const lines[] = {"one", "\xEF\xBB\xBFtwo"};
    assert_lines(SP_LITERAL("\xEF\xBB\xBFone\n\xEF\xBB\xBFtwo"), lines, 2);
}

static void
test_a_carriage_return_inside_a_line_stays(void **state)
{
    (void)state;
    static const char *const lines[] = {"a\rb", "c\r"};
    assert_lines(SP_LITERAL("a\rb\nc\r\r"), lines, 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_end_at_a_newline_or_at_the_end),
        cmocka_unit_test(test_a_byte_order_mark_is_skipped_only_at_the_beginning),
        cmocka_unit_test(test_a_carriage_return_inside_a_line_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
