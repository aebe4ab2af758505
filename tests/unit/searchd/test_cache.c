// SPDX-License-Identifier: GPL-2.0-or-later
/* The answer cache: what it keeps, and what it evicts. */

#include "harness.h"

#include "searchd/cache.h"

#include <stdlib.h>

static sp_metrics metrics;

static sp_cached *
answer(const char *key, size_t size, const char *corrected)
{
    sp_cached *made = calloc(1, sizeof *made);
    sp_str body = {0};
    if (!made)
        abort();
    for (size_t i = 0; i < size; i++)
        sp_str_append_char(&body, 'x');
    made->body = sp_str_bytes(&body);
    made->plain = sp_response_new(&body, &(sp_head){.type = "text/plain"});
    assert_non_null(made->plain);
    sp_str_append_text(&made->key, key);
    sp_str_append_text(&made->corrected, corrected);
    made->entry.corrected = sp_str_bytes(&made->corrected);
    return made;
}

static void
test_the_least_recently_used_answer_is_evicted(void **state)
{
    (void)state;
    sp_answer_cache cache = {.max = 40000, .metrics = &metrics};
    const char *const keys[] = {"a", "b", "c", "d"};
    for (size_t i = 0; i < 4; i++) {
        assert_true(sp_cache_keep(&cache, answer(keys[i], 8000, "")));
        assert_non_null(sp_cache_find(&cache, SP_LITERAL("a")));
    }
    assert_true(sp_cache_keep(&cache, answer("e", 8000, "")));
    assert_null(sp_cache_find(&cache, SP_LITERAL("b")));
    assert_non_null(sp_cache_find(&cache, SP_LITERAL("a")));
    sp_cached *large = answer("f", 10000, "");
    assert_false(sp_cache_keep(&cache, large));
    sp_cached_free(large);
    sp_cache_clear(&cache);
    assert_int_equal(cache.size, 0);
    assert_int_equal(metrics.cache_entries, 0);
}

static void
test_a_key_is_kept_once(void **state)
{
    (void)state;
    sp_answer_cache cache = {.max = 40000, .metrics = &metrics};
    sp_cached *first = answer("a", 100, ""), *second = answer("a", 100, "");
    assert_true(sp_cache_keep(&cache, first));
    assert_false(sp_cache_keep(&cache, second));
    assert_ptr_equal(sp_cache_find(&cache, SP_LITERAL("a")), first);
    assert_int_equal(metrics.cache_entries, 1);
    sp_cached_free(second);
    sp_cache_clear(&cache);
}

static void
test_a_copy_owns_what_it_says(void **state)
{
    (void)state;
    sp_cached *made = answer("a", 100, "guide"), *copy = sp_cached_copy(made);
    assert_non_null(copy);
    sp_cached_free(made);
    assert_true(sp_bytes_equal(copy->entry.corrected, SP_LITERAL("guide")));
    assert_true(sp_bytes_equal(sp_str_bytes(&copy->key), SP_LITERAL("a")));
    assert_int_equal(copy->body.len, 100);
    sp_cached_free(copy);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_least_recently_used_answer_is_evicted),
        cmocka_unit_test(test_a_key_is_kept_once),
        cmocka_unit_test(test_a_copy_owns_what_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
