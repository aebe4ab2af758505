// SPDX-License-Identifier: GPL-2.0-or-later
#include "harness.h"

#include "engine/base/bound.h"
#include "engine/base/table.h"

static bool
is_number(const void *items, uint32_t item, const void *key)
{
    return ((const uint64_t *)items)[item] == *(const uint64_t *)key;
}

/* Adds a number to the table, unless the table already contains it. */
static void
add(sp_table *table, uint64_t *items, uint32_t *count, uint64_t number, uint32_t hash)
{
    assert_true(sp_table_reserve(table, *count + 1));
    sp_table_slot *slot = sp_table_find(table, hash, is_number, items, &number);
    assert_non_null(slot);
    if (sp_table_has_item(slot))
        return;
    sp_table_fill(table, slot, hash, *count);
    items[(*count)++] = number;
}

static void
test_items_are_found_after_the_table_grew(void **state)
{
    (void)state;
    sp_table table = {0};
    static uint64_t items[5000];
    uint32_t count = 0;
    for (int twice = 0; twice < 2; twice++) {
        for (uint64_t i = 0; i < 5000; i++)
            add(&table, items, &count, i * 977, (uint32_t)i * 2654435761u);
    }
    assert_int_equal(count, 5000);
    assert_int_equal(table.count, 5000);
    for (uint64_t i = 0; i < 5000; i++) {
        uint64_t key = i * 977;
        sp_table_slot *slot =
            sp_table_find(&table, (uint32_t)i * 2654435761u, is_number, items, &key);
        assert_true(sp_table_has_item(slot));
        assert_int_equal(sp_table_item(slot), i);
    }
    sp_table_done(&table);
}

static void
test_equal_hashes_do_not_mix_items_up(void **state)
{
    (void)state;
    sp_table table = {0};
    uint64_t items[100];
    uint32_t count = 0;
    for (uint64_t i = 0; i < 100; i++)
        add(&table, items, &count, i, 7);
    for (uint64_t i = 0; i < 100; i++)
        assert_int_equal(sp_table_item(sp_table_find(&table, 7, is_number, items, &i)), i);
    uint64_t missing = 100;
    assert_false(sp_table_has_item(sp_table_find(&table, 7, is_number, items, &missing)));
    sp_table_done(&table);
}

static void
test_an_empty_table_has_no_slot(void **state)
{
    (void)state;
    sp_table table = {0};
    uint64_t key = 1;
    assert_null(sp_table_find(&table, 1, is_number, NULL, &key));
    assert_false(sp_table_has_item(NULL));
    sp_table_clear(&table);
    sp_table_done(&table);
}

static void
test_a_search_ends_after_the_allowed_probes(void **state)
{
    (void)state;
    sp_table table = {.probes_max = 4};
    uint64_t items[4];
    uint32_t count = 0;
    for (uint64_t i = 0; i < 4; i++)
        add(&table, items, &count, i, 9);
    uint64_t fifth = 4;
    assert_null(sp_table_find(&table, 9, is_number, items, &fifth));
    assert_true(sp_table_reserve(&table, 4000)); /* in a larger table all four still collide */
    for (uint64_t i = 0; i < 4; i++)
        assert_true(sp_table_has_item(sp_table_find(&table, 9, is_number, items, &i)));
    sp_table_done(&table);
}

static void
test_a_reset_table_is_empty_and_as_small_as_asked(void **state)
{
    (void)state;
    sp_table table = {0};
    static uint64_t items[3000];
    uint32_t count = 0;
    assert_true(sp_table_reset(&table, 3000));
    size_t large = table.slot_count;
    for (uint64_t i = 0; i < 3000; i++)
        add(&table, items, &count, i, (uint32_t)i);
    assert_int_equal(table.slot_count, large);
    assert_true(sp_table_reset(&table, 10));
    assert_true(table.slot_count < large);
    assert_true(sp_table_reset(&table, 3000));
    for (uint64_t i = 0; i < 3000; i++)
        assert_false(sp_table_has_item(sp_table_find(&table, (uint32_t)i, is_number, items, &i)));
    assert_int_equal(table.count, 0);
    sp_table_done(&table);
}

static void
test_the_lower_bound_is_the_first_item_not_before_the_key(void **state)
{
    (void)state;
    const uint64_t hashes[] = {2, 4, 4, 4, 9};
    const size_t expected[] = {0, 0, 0, 1, 1, 4, 4, 4, 4, 4, 5};
    for (uint64_t key = 0; key < 11; key++)
        assert_int_equal(sp_lower_bound(hashes, 5, sp_hash_is_before, &key), expected[key]);
    uint64_t key = 1;
    assert_int_equal(sp_lower_bound(NULL, 0, sp_hash_is_before, &key), 0);
    assert_true(sp_has_hash(hashes, 5, 9));
    assert_false(sp_has_hash(hashes, 5, 3));
    assert_false(sp_has_hash(NULL, 0, 3));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_items_are_found_after_the_table_grew),
        cmocka_unit_test(test_equal_hashes_do_not_mix_items_up),
        cmocka_unit_test(test_an_empty_table_has_no_slot),
        cmocka_unit_test(test_a_search_ends_after_the_allowed_probes),
        cmocka_unit_test(test_a_reset_table_is_empty_and_as_small_as_asked),
        cmocka_unit_test(test_the_lower_bound_is_the_first_item_not_before_the_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
