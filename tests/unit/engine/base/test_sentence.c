// SPDX-License-Identifier: GPL-2.0-or-later
/* Where sentences end: in each text, `|` is where a sentence ends. */

#include "harness.h"

#include "engine/base/sentence.h"

#include <string.h>

static const char *const texts[] = {
    "One interview.| Practice it!| Why?| Because.|",
    "He said \"stop.\"| (Then he left.)| “We know.”| «Oui !»| Non.|",
    "Wait...| Then go. and stay…| Yes?!| No.|",
    "See e.g. this, i.e. that, etc. and more.|",
    "Dr. Smith, Mr. Jones and Prof. Doe vs. St. Louis Inc. Partners.|",
    "J. Smith of the U.S. Army has a Ph.D. Degree.|",
    "Version 1.5 is out.| Version 1.5.| In 2018.| 40 people.|",
    "Version 2.| Released in step 4.| Then 12.| Go.|",
    "3. Oktober.| Im 2. Weltkrieg, vom 1. Mai bis 3. Juni, Montag, 5. Juli, 3./4. August.|",
    "Am 3. Oktober, Nr. 5, z. B. Bonn, Bzw. Ulm.|",
    "Vol. 3 says no. 4 is here.| The answer is no.| Practice.|",
    "node.js.| Next is example.com.| Then a.b/c?x=1 and end.next.|",
    "Été.| École. école.| Да.| Нет. да.|",
    "面试。|工作！|「是。」|好？|",
    "हा।| नहीं।|",
    "A heading|\nA block, without a stop|\nThe next|",
    "Yahoo! and (what?) else: a; b, c - d.|",
};

static void
test_sentences_end_where_the_table_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        SP_AUTO(sp_str_done) sp_str text = {0}, actual = {0};
        for (const char *c = texts[i]; *c; c++) {
            if (*c != '|')
                sp_str_append_char(&text, *c);
        }
        sp_bytes bytes = sp_str_bytes(&text);
        for (size_t at = 0; at <= bytes.len; at++) {
            if (sp_sentence_ends_at(bytes, at))
                sp_str_append_char(&actual, '|');
            if (at < bytes.len)
                sp_str_append_char(&actual, bytes.data[at]);
        }
        assert_string_equal(actual.data, texts[i]);
    }
}

static void
test_words_are_in_different_sentences_if_one_ends_between_them(void **state)
{
    (void)state;
    static const struct {
        const char *left, *between, *right;
        bool ends;
    } cases[] = {
        {"a word", " ", "Next", false},   {"a word", ". ", "Next", true},
        {"a word", ". ", "next", false},  {"a word", "\n", "next", true},
        {"a word", ", ", "Next", false},  {"a word", ".\" (", "Next", true},
        {"a word", "  ", "next", true},   {"Dr", ". ", "Next", false},
        {"a word", "? – ", "Next", true}, {"a word", " · ", "Next", false},
        {"word", ".", "Next", false},     {"a word", "。", "next", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SP_AUTO(sp_str_done) sp_str text = {0};
        sp_str_append_text(&text, cases[i].left);
        size_t from = text.len;
        sp_str_append_text(&text, cases[i].between);
        size_t to = text.len;
        sp_str_append_text(&text, cases[i].right);
        assert_int_equal(sp_sentence_ends_between(sp_str_bytes(&text), from, to), cases[i].ends);
    }
}

/* All bytes, in texts that are not UTF-8. */
static void
test_any_bytes_can_be_asked(void **state)
{
    (void)state;
    uint32_t seed = 1;
    for (int round = 0; round < 2000; round++) {
        char bytes[40];
        for (size_t i = 0; i < sizeof bytes; i++) {
            seed = seed * 1664525 + 1013904223;
            bytes[i] = seed >> 31 ? (char)(seed >> 16) : ".!?\" \n\xE3\x80\x82"[seed >> 16 & 7];
        }
        for (size_t at = 0; at <= sizeof bytes; at++)
            (void)sp_sentence_ends_at((sp_bytes){bytes, sizeof bytes}, at);
        (void)sp_sentence_ends_between((sp_bytes){bytes, sizeof bytes}, 0, sizeof bytes - 1);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sentences_end_where_the_table_says),
        cmocka_unit_test(test_words_are_in_different_sentences_if_one_ends_between_them),
        cmocka_unit_test(test_any_bytes_can_be_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
