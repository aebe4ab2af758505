// SPDX-License-Identifier: GPL-2.0-or-later
/* Words are stemmed once. The linker's --wrap counts the calls of the stemmer. */

#include "harness.h"

#include "engine/analysis/stem_cache.h"

#include <stdio.h>
#include <xapian-c.h>

#define WORDS_MAX 65536u

static size_t stemmed;

xc_bytes __real_xc_stemmer_stem(xc_stemmer *stemmer, xc_bytes word);
xc_bytes __wrap_xc_stemmer_stem(xc_stemmer *stemmer, xc_bytes word);

xc_bytes
__wrap_xc_stemmer_stem(xc_stemmer *stemmer, xc_bytes word)
{
    stemmed++;
    return __real_xc_stemmer_stem(stemmer, word);
}

/* A word of letters only, different for each number. */
static sp_bytes
word_of(uint32_t number, char letters[8])
{
    for (int i = 0; i < 5; i++, number /= 16)
        letters[i] = (char)('a' + number % 16);
    letters[5] = 'z';
    return (sp_bytes){letters, 6};
}

/* Looks up the words [from, until), and returns how many of them were stemmed. */
static size_t
look_up(sp_stem_cache *cache, uint32_t from, uint32_t until)
{
    char letters[8];
    size_t before = stemmed;
    for (uint32_t i = from; i < until; i++) {
        sp_bytes word = word_of(i, letters);
        const struct sp_stem_cache_entry *entry = sp_stem_cache_look_up(cache, word);
        assert_non_null(entry);
        assert_true(sp_bytes_equal(entry->word, word));
        assert_int_equal(entry->hash, sp_stem_hash(entry->stem));
    }
    return stemmed - before;
}

static void
test_a_word_is_stemmed_once(void **state)
{
    (void)state;
    sp_stem_cache *cache;
    assert_int_equal(sp_stem_cache_new("english", SP_LITERAL("en"), &cache, NULL), SP_OK);
    for (int text = 0; text < 3; text++) {
        sp_stem_cache_begin(cache);
        assert_int_equal(look_up(cache, 0, 100), text == 0 ? 100 : 0);
        assert_int_equal(look_up(cache, 0, 100), 0);
    }
    const struct sp_stem_cache_entry *entry = sp_stem_cache_look_up(cache, SP_LITERAL("careers"));
    assert_bytes(entry->stem, "career");
    sp_stem_cache_free(cache);
}

/* A few words share a slot with others while the table grows, and are stemmed again. */
static void
test_a_full_cache_is_emptied_at_the_next_text(void **state)
{
    (void)state;
    sp_stem_cache *cache;
    assert_int_equal(sp_stem_cache_new("english", SP_LITERAL("en"), &cache, NULL), SP_OK);
    sp_stem_cache_begin(cache);
    assert_int_equal(look_up(cache, 0, WORDS_MAX / 2), WORDS_MAX / 2);
    sp_stem_cache_begin(cache);
    assert_true(look_up(cache, 0, WORDS_MAX / 2) < WORDS_MAX / 100);
    look_up(cache, 0, WORDS_MAX + WORDS_MAX / 4);
    assert_true(look_up(cache, WORDS_MAX, WORDS_MAX + 100) > 90); /* no room */
    sp_stem_cache_begin(cache);
    assert_int_equal(look_up(cache, 0, 100), 100);
    assert_int_equal(look_up(cache, 0, 100), 0);
    sp_stem_cache_free(cache);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_word_is_stemmed_once),
        cmocka_unit_test(test_a_full_cache_is_emptied_at_the_next_text)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
