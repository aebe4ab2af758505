// SPDX-License-Identifier: GPL-2.0-or-later
/* Failed allocations are counted: those of strings, of arenas, and of the libraries below them. */
#include "harness.h"

#include "tests/support/failing_memory.h"

#include <signpost/arena.h>
#include <signpost/memory.h>
#include <signpost/url.h>

#include <wchar.h>

/* Fails each allocation in turn. If libunistring has no memory to make a block smaller, it keeps
   the block, so an answer can also be right. */
static void
test_a_host_is_compared_rightly_or_the_failure_is_counted(void **state)
{
    (void)state;
    sp_url url;
    size_t counted = 0;
    bool done = false;
    assert_true(sp_url_parse(SP_LITERAL("https://B\xC3\x9C"
                                        "cher.xn--bcher-kva.example/x"),
                             &url));
    for (long nth = 1; !done; nth++) {
        size_t before = sp_memory_failures();
        failing_start(nth, false);
        bool same = sp_url_is_host(&url, SP_LITERAL("xn--bcher-kva.bücher.example"));
        bool other = sp_url_is_host(&url, SP_LITERAL("bucher.bücher.example"));
        done = failing_stop() < nth;
        assert_true((same && !other) || sp_memory_failures() > before);
        counted += sp_memory_failures() > before;
    }
    assert_true(counted > 20);
}

static void
test_a_host_is_folded_and_decoded_rightly_or_the_failure_is_counted(void **state)
{
    (void)state;
    bool done = false;
    for (long nth = 1; !done; nth++) {
        SP_AUTO(sp_str_done) sp_str folded = {0}, decoded = {0};
        size_t before = sp_memory_failures();
        failing_start(nth, false);
        sp_host_append_folded(&folded, SP_LITERAL("Bu\xCC\x88"
                                                  "cher.example"));
        sp_host_append_unicode(&decoded, SP_LITERAL("xn--bcher-kva.example"));
        done = failing_stop() < nth;
        if (sp_memory_failures() > before)
            continue;
        assert_str(folded, "bücher.example");
        assert_str(decoded, "bücher.example");
    }
}

static void
test_a_size_that_overflows_is_counted(void **state)
{
    (void)state;
    SP_AUTO(sp_arena_done) sp_arena arena = {0};
    size_t before = sp_memory_failures();
    assert_null(sp_arena_alloc(&arena, SIZE_MAX));
    assert_int_equal(sp_memory_failures(), before + 1);
    sp_arena_clear(&arena);
    assert_null(sp_arena_array(&arena, SIZE_MAX / 2, 3));
    assert_int_equal(sp_memory_failures(), before + 2);
    sp_arena_clear(&arena);
    assert_bytes(sp_arena_copy(&arena, (sp_bytes){"", SIZE_MAX}), "");
    assert_int_equal(sp_memory_failures(), before + 3);
    assert_int_equal(sp_arena_check(&arena, NULL), SP_NO_MEMORY);
}

static void
test_text_that_cannot_be_formatted_is_counted(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str text = {0};
    size_t before = sp_memory_failures();
    sp_str_append_format(&text, "%lc", (wint_t)0x7FFFFFFF);
    assert_true(text.failed);
    assert_int_equal(sp_memory_failures(), before + 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_host_is_compared_rightly_or_the_failure_is_counted),
        cmocka_unit_test(test_a_host_is_folded_and_decoded_rightly_or_the_failure_is_counted),
        cmocka_unit_test(test_a_size_that_overflows_is_counted),
        cmocka_unit_test(test_text_that_cannot_be_formatted_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
