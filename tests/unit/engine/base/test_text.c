// SPDX-License-Identifier: GPL-2.0-or-later
#include "harness.h"

#include <signpost/memory.h>
#include <signpost/arena.h>

static void
test_ill_formed_utf8_decodes_to_one_replacement(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "\x80",         "\xC0\x80",         "\xC1\xBF",         "\xE0\x80\x80",
        "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE2\x82",
        "\xFF"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint32_t code_point = 0;
        assert_int_equal(sp_utf8_decode(sp_bytes_of(bad[i]), 0, &code_point), 1);
        assert_int_equal(code_point, 0xFFFD);
        assert_int_equal(sp_utf8_invalid(sp_bytes_of(bad[i])), 0);
    }
}

static void
test_every_code_point_round_trips(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str str = {0};
    for (uint32_t c = 1; c <= 0x10FFFF; c++) {
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        sp_str_clear(&str);
        sp_utf8_append(&str, c);
        uint32_t back = 0;
        assert_int_equal(sp_utf8_decode(sp_str_bytes(&str), 0, &back), str.len);
        assert_int_equal(back, c);
    }
}

static void
test_repair_replaces_only_ill_formed_bytes(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str str = {0};
    sp_utf8_append_repaired(&str, SP_LITERAL("a\xFF"
                                             "b\xC3\xA9\xC3"));
    assert_str(str, "a\xEF\xBF\xBD"
                    "b\xC3\xA9\xEF\xBF\xBD");
}

static void
test_find_and_trim_respect_their_bounds(void **state)
{
    (void)state;
    sp_bytes text = SP_LITERAL("  one two one ");
    assert_int_equal(sp_bytes_find(text, SP_LITERAL("one"), 3), 10);
    assert_int_equal(sp_bytes_find(text, SP_LITERAL("onee"), 0), SIZE_MAX);
    assert_int_equal(sp_bytes_find(text, SP_LITERAL(""), text.len), text.len);
    assert_bytes(sp_bytes_trim(text), "one two one");
    assert_bytes(sp_bytes_trim(SP_LITERAL(" \t")), "");
}

static void
test_append_keeps_nul_bytes(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str str = {0};
    for (int i = 0; i < 1000; i++)
        sp_str_append(&str, (sp_bytes){"a\0b", 3});
    assert_int_equal(str.len, 3000);
    assert_int_equal(str.data[2998], '\0');
    sp_str_clear(&str);
    sp_str_append_format(&str, "%d-%s", 7, "x");
    assert_str(str, "7-x");
}

static void
test_arena_arrays_grow_and_stay_aligned(void **state)
{
    (void)state;
    SP_AUTO(sp_arena_done) sp_arena arena = {0};
    size_t capacity = 0;
    uint64_t *numbers = NULL;
    for (uint64_t i = 0; i < 10000; i++) {
        numbers = sp_arena_grow(&arena, numbers, &capacity, i + 1, sizeof *numbers);
        assert_non_null(numbers);
        assert_int_equal((uintptr_t)numbers % sizeof *numbers, 0);
        numbers[i] = i;
        sp_arena_copy(&arena, SP_LITERAL("x"));
    }
    assert_int_equal(numbers[9999], 9999);
    assert_null(sp_arena_array(&arena, SIZE_MAX, 2));
    assert_int_equal(sp_arena_check(&arena, NULL), SP_NO_MEMORY);
    assert_null(sp_arena_alloc(&arena, 1));
}

static void
test_error_keeps_the_end_of_a_long_path(void **state)
{
    (void)state;
    char path[2000];
    memset(path, 'a', sizeof path);
    memcpy(path + sizeof path - 9, "/last.md", 9);
    sp_error err;
    assert_int_equal(sp_fail_at(&err, SP_BAD_INPUT, path, 3, 4, "%s", "no"), SP_BAD_INPUT);
    assert_true(sp_bytes_ends_with(sp_bytes_of(err.path), SP_LITERAL("/last.md")));
    assert_int_equal(err.line, 3);
    assert_string_equal(err.text, "no");
}

/* An allocation of nearly the whole address space fails. */
static void
fail_to_grow(sp_str *str)
{
    assert_false(sp_str_reserve(str, SIZE_MAX / 16));
}

static void
test_a_cleared_string_remembers_a_failure_until_it_is_restarted(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str str = {0};
    sp_str_append_text(&str, "kept");
    fail_to_grow(&str);
    sp_str_clear(&str);
    sp_str_append_text(&str, "no");
    assert_int_equal(str.len, 0);
    assert_int_equal(sp_str_check(&str, NULL), SP_NO_MEMORY);
    sp_str_restart(&str);
    sp_str_append_text(&str, "yes");
    assert_string_equal(str.data, "yes");
    assert_int_equal(sp_str_check(&str, NULL), SP_OK);
}

static void
test_failures_of_a_thread_are_counted(void **state)
{
    (void)state;
    sp_error err;
    SP_AUTO(sp_str_done) sp_str str = {0};
    SP_AUTO(sp_arena_done) sp_arena arena = {0};
    size_t before = sp_memory_failures();
    assert_int_equal(sp_memory_check(before, &err), SP_OK);
    fail_to_grow(&str);
    assert_int_equal(sp_memory_failures(), before + 1);
    assert_null(sp_arena_alloc(&arena, SIZE_MAX / 4));
    assert_int_equal(sp_memory_failures(), before + 2);
    assert_int_equal(sp_memory_check(before, &err), SP_NO_MEMORY);
    assert_string_equal(err.text, "out of memory");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ill_formed_utf8_decodes_to_one_replacement),
        cmocka_unit_test(test_every_code_point_round_trips),
        cmocka_unit_test(test_repair_replaces_only_ill_formed_bytes),
        cmocka_unit_test(test_find_and_trim_respect_their_bounds),
        cmocka_unit_test(test_append_keeps_nul_bytes),
        cmocka_unit_test(test_arena_arrays_grow_and_stay_aligned),
        cmocka_unit_test(test_error_keeps_the_end_of_a_long_path),
        cmocka_unit_test(test_a_cleared_string_remembers_a_failure_until_it_is_restarted),
        cmocka_unit_test(test_failures_of_a_thread_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
