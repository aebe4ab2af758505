// SPDX-License-Identifier: GPL-2.0-or-later
/* The word that an author probably meant: what counts as a typing error, and the longest words. */

#include "harness.h"

#include "indexer/diagnose/misspelling.h"

#include <stdlib.h>

#define LETTERS_MAX 40 /* of a word that is checked */

/* The words of a site with the number of their posts. */
struct words {
    const char *word[2];
    uint32_t posts[2];
    size_t longest; /* of those that were looked up */
    unsigned lookups;
};

static uint32_t
posts_with(void *context, sp_bytes word)
{
    struct words *words = context;
    words->lookups++;
    words->longest = word.len > words->longest ? word.len : words->longest;
    for (int i = 0; i < 2; i++) {
        if (words->word[i] && sp_bytes_equal(word, sp_bytes_of(words->word[i])))
            return words->posts[i];
    }
    return 0;
}

/* The word is copied to memory of its own length, so that a sanitizer sees a byte read beyond. */
static uint32_t
check(const char *written, uint32_t least, struct words *words, sp_str *meant)
{
    size_t len = strlen(written);
    char *copy = malloc(len);
    assert_non_null(copy);
    memcpy(copy, written, len);
    uint32_t posts = sp_misspelling_of((sp_bytes){copy, len}, least, posts_with, words, meant);
    free(copy);
    return posts;
}

static void
expect(const char *written, const char *frequent, bool found)
{
    struct words words = {.word = {frequent}, .posts = {10}};
    SP_AUTO(sp_str_done) sp_str meant = {0};
    uint32_t posts = check(written, 3, &words, &meant);
    if (posts != (found ? 10 : 0))
        print_error("%s for %s\n", frequent, written);
    assert_int_equal(posts, found ? 10 : 0);
    assert_str(meant, found ? frequent : "");
}

static void
test_typing_errors_are_found(void **state)
{
    (void)state;
    expect("experiance", "experience", true);  /* another vowel */
    expect("exeprience", "experience", true);  /* swapped */
    expect("experrience", "experience", true); /* doubled */
    expect("ful", "full", false);              /* an ending */
    expect("adress", "address", true);         /* one of a double letter */
    expect("experienqce", "experience", true); /* inserted */
    expect("experince", "experience", true);   /* omitted */
    expect("experience", "experience", false);
}

/* Each rule with a word on either side of it. */
static void
test_correct_words_are_left_alone(void **state)
{
    (void)state;
    expect("ocmpany", "company", false);       /* the first letter */
    expect("xompany", "company", false);       /* the first letter */
    expect("experienge", "experience", false); /* another consonant */
    expect("experienca", "experience", false); /* the last letter */
    expect("manager", "manages", false);
    expect("compaany", "company", true);   /* a double letter in a short word */
    expect("compqany", "company", false);  /* eight letters, one inserted */
    expect("compqanys", "companys", true); /* nine letters */
    expect("compny", "company", false);
    expect("companes", "companies", false); /* eight letters, one omitted */
    expect("companyis", "companyiis", true);
    expect("cempany", "company", false);    /* seven letters, another vowel */
    expect("cempanyx", "companyx", true);   /* eight letters */
    expect("engineers", "engineer", false); /* an ending */
    expect("engineer", "engineers", false);
    expect("engineero", "engineer", true); /* not an ending */
    expect("technicia", "technician", false);
    expect("technicio", "techniciop", true);
}

static void
test_the_meant_word_is_the_most_frequent(void **state)
{
    (void)state;
    struct words words = {.word = {"experience", "experiance"}, .posts = {4, 5}};
    SP_AUTO(sp_str_done) sp_str meant = {0};
    assert_int_equal(check("experiunce", 3, &words, &meant), 5);
    assert_str(meant, "experiance");
    words.posts[0] = 6;
    sp_str_clear(&meant);
    assert_int_equal(check("experiunce", 3, &words, &meant), 6);
    assert_str(meant, "experience");
    sp_str_clear(&meant);
    assert_int_equal(check("experiunce", 6, &words, &meant), 6);
    sp_str_clear(&meant);
    assert_int_equal(check("experiunce", 7, &words, &meant), 0);
    assert_str(meant, "");
}

/* A word of `len` letters in which no two neighbours are equal and every other one is a vowel. */
static void
make_word(char *word, size_t len)
{
    for (size_t i = 0; i < len; i++)
        word[i] = "bakeziqoxu"[i % 10];
    word[len] = '\0';
}

/* *out becomes `written` with `letters` in the place of the `removed` letters at `at`. */
static const char *
changed(sp_str *out, const char *written, size_t at, size_t removed, const char *letters)
{
    sp_str_clear(out);
    sp_str_append(out, (sp_bytes){written, at});
    sp_str_append_text(out, letters);
    sp_str_append_text(out, written + at + removed);
    sp_str_append_char(out, '\0');
    return out->data;
}

/* Every error at one place of a word. */
static void
expect_errors(const char *written, size_t at, bool found)
{
    SP_AUTO(sp_str_done) sp_str meant = {0};
    bool inner = at + 1 < strlen(written), vowel = strchr("aeiouy", written[at]) != NULL;
    bool ending = !inner && strchr("sdrynelmactgi", written[at]);
    const char swapped[] = {written[at + 1], written[at], '\0'};
    expect(written, changed(&meant, written, at, 1, ""), found && !ending);
    expect(written, changed(&meant, written, at, 0, "w"), found);
    expect(written, changed(&meant, written, at, 1, "y"), found && vowel && inner);
    if (inner)
        expect(written, changed(&meant, written, at, 2, swapped), found);
}

static void
test_the_longest_words_are_checked_at_every_letter(void **state)
{
    (void)state;
    char written[LETTERS_MAX + 8];
    SP_AUTO(sp_str_done) sp_str meant = {0};
    for (size_t len = LETTERS_MAX - 2; len <= LETTERS_MAX + 2; len++) {
        make_word(written, len);
        for (size_t at = 1; at < len; at++)
            expect_errors(written, at, len <= LETTERS_MAX);
        expect(written, changed(&meant, written, len, 0, "w"), len <= LETTERS_MAX);
    }
}

static void
test_longer_words_are_not_looked_up(void **state)
{
    (void)state;
    char written[LETTERS_MAX + 8];
    for (size_t len = LETTERS_MAX - 1; len <= LETTERS_MAX + 1; len++) {
        SP_AUTO(sp_str_done) sp_str meant = {0};
        struct words words = {0};
        make_word(written, len);
        assert_int_equal(check(written, 1, &words, &meant), 0);
        assert_int_equal(words.longest, len <= LETTERS_MAX ? len + 1 : 0);
        assert_true(words.lookups < 2000);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_typing_errors_are_found),
        cmocka_unit_test(test_correct_words_are_left_alone),
        cmocka_unit_test(test_the_meant_word_is_the_most_frequent),
        cmocka_unit_test(test_the_longest_words_are_checked_at_every_letter),
        cmocka_unit_test(test_longer_words_are_not_looked_up)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
