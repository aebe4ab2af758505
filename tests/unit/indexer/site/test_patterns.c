// SPDX-License-Identifier: GPL-2.0-or-later
/* Patterns of settings: what they match is compared with Jekyll elsewhere; here, the time they take
   is limited, and sets of prefixes are complete. */
#include "harness.h"

#include "indexer/site/glob.h"
#include "indexer/site/patterns.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double
seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void
fill(sp_str *out, const char *begin, char c, size_t len)
{
    sp_str_append_text(out, begin);
    while (out->len < len)
        sp_str_append_char(out, c);
}

/* Whether a `[` is closed is seen only at the end of the pattern, each time. */
static void
unclosed_sets_use_up_the_steps(void **state)
{
    (void)state;
    static const struct {
        const char *begin;
        char pattern, path;
    } cases[] = {{"/*[", 'a', 'a'},    {"/*[!", 'a', 'a'}, {"/*[]", 'a', 'a'}, {"/*a[", 'a', 'a'},
                 {"/*?[a[", 'a', 'a'}, {"/*", '[', '['},   {"/[", '[', '['}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SP_AUTO(sp_str_done) sp_str pattern = {0}, path = {0};
        uint64_t steps = SP_GLOB_STEPS;
        fill(&pattern, cases[i].begin, cases[i].pattern, 1 << 20);
        fill(&path, "/", cases[i].path, 4000);
        double begin = seconds_now();
        assert_false(sp_glob_match(sp_str_bytes(&pattern), sp_str_bytes(&path), &steps));
        assert_int_equal(steps, 0);
        assert_true(seconds_now() - begin < 0.5);
    }
}

static void
sets_of_usual_length_take_few_steps(void **state)
{
    (void)state;
    uint64_t steps = 1000;
    assert_true(sp_glob_match(SP_LITERAL("/*[0-9][!a-z][[]*.[mM]d"), SP_LITERAL("/notes/19[x].md"),
                              &steps));
    assert_true(steps > 800);
}

/* Texts with the same FNV-1a hash, which is a usual hash for prefixes: 16 pairs of blocks that lead
   to the same hash make 65536 such texts (Joux, "Multicollisions in iterated hash functions",
   2004). */
enum { PAIRS = 16, TEXTS = 1 << PAIRS, BLOCK = 8, TEXT_LEN = PAIRS * BLOCK };

/* Writes a block of letters, another for each number, and returns the hash after the block. */
static uint32_t
put_block(uint32_t hash, uint32_t number, char block[BLOCK])
{
    uint32_t mixed = number * UINT32_C(2654435761);
    for (size_t i = 0; i < BLOCK; i++, mixed >>= 4) {
        block[i] = (char)('a' + mixed % 16);
        hash = (hash ^ (unsigned char)block[i]) * UINT32_C(16777619);
    }
    return hash;
}

static void
find_pair(uint32_t *hash, char pair[2][BLOCK])
{
    enum { SLOTS = 1 << 20 };
    struct seen {
        uint32_t hash, number;
    } *seen = calloc(SLOTS, sizeof *seen);
    assert_non_null(seen);
    for (uint32_t number = 1;; number++) {
        uint32_t found = put_block(*hash, number, pair[0]);
        struct seen *slot = &seen[found % SLOTS];
        if (slot->number > 0 && slot->hash == found) {
            *hash = put_block(*hash, slot->number, pair[1]);
            break;
        }
        *slot = (struct seen){found, number};
    }
    free(seen);
}

static void
texts_chosen_for_a_known_hash_take_little_time(void **state)
{
    (void)state;
    char pairs[PAIRS][2][BLOCK], *texts = calloc(TEXTS, TEXT_LEN);
    uint32_t hash = UINT32_C(2166136261), item;
    SP_AUTO(sp_prefixes_done) sp_prefixes set = {0};
    assert_non_null(texts);
    for (size_t i = 0; i < PAIRS; i++)
        find_pair(&hash, pairs[i]);
    double begin = seconds_now();
    for (uint32_t n = 0; n < TEXTS; n++) {
        for (size_t i = 0; i < PAIRS; i++)
            memcpy(texts + TEXT_LEN * n + BLOCK * i, pairs[i][n >> i & 1], BLOCK);
        assert_true(sp_prefixes_add(&set, (sp_bytes){texts + TEXT_LEN * n, TEXT_LEN}, n));
    }
    assert_true(sp_prefixes_find(&set, (sp_bytes){texts, TEXT_LEN}, &item));
    assert_int_equal(item, 0);
    assert_true(seconds_now() - begin < 2);
    free(texts);
}

/* Adds each prefix of "abcabcabc" of an even length, most twice, and asks for those of another
   text. */
static void
all_prefixes_of_a_text_are_found(void **state)
{
    (void)state;
    sp_bytes text = SP_LITERAL("abcabcabc"), other = SP_LITERAL("abcabcaab");
    SP_AUTO(sp_prefixes_done) sp_prefixes set = {0};
    for (uint32_t item = 0; item < 9; item++)
        assert_true(sp_prefixes_add(&set, sp_bytes_slice(text, 0, item / 2 * 2), item));
    uint32_t item, found = 0;
    for (sp_prefix_walk walk = {.text = other}; sp_prefixes_next(&set, &walk, &item);)
        found |= 1u << item;
    assert_int_equal(found, 0xFF); /* of the lengths 0, 2, 4 and 6 */
    assert_true(sp_prefixes_has(&set, SP_LITERAL("")));
    assert_true(sp_prefixes_has(&set, SP_LITERAL("abca")));
    assert_false(sp_prefixes_has(&set, SP_LITERAL("abc")));
    assert_false(sp_prefixes_has(&set, other));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unclosed_sets_use_up_the_steps),
        cmocka_unit_test(sets_of_usual_length_take_few_steps),
        cmocka_unit_test(texts_chosen_for_a_known_hash_take_little_time),
        cmocka_unit_test(all_prefixes_of_a_text_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
