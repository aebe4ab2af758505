// SPDX-License-Identifier: GPL-2.0-or-later
/* Printing for a terminal: control characters in every part of an answer are replaced. */

#include "harness.h"

#include "search/terminal.h"

#include <utf8proc.h>

#define EVIL                                                                                       \
    "a\x1b[31m\x07\x7f\xc2\x9b"                                                                    \
    "2J\nb"

static void
assert_harmless(const sp_str *out)
{
    for (size_t i = 0; i < out->len; i++) {
        unsigned char c = (unsigned char)out->data[i];
        assert_true(c >= 0x20 || c == '\n');
        assert_true(c != 0x7F);
        if (c == 0xC2)
            assert_true((unsigned char)out->data[i + 1] >= 0xA0);
    }
}

static void
test_control_characters_never_reach_the_terminal(void **state)
{
    SP_AUTO(sp_str_done) sp_str out = {0};
    const sp_terminal terminal = {.width = 80};
    sp_bytes evil = SP_LITERAL(EVIL);
    const sp_marked marked = {.text = evil};
    sp_passage passage = {.heading = &evil, .heading_count = 1, .url = evil, .text = marked};
    sp_answer_mention mention = {.title = evil, .url = evil};
    sp_hit hit = {.kind = SP_KIND_RESOURCE, .title = marked, .url = evil, .date = evil};
    (void)state;
    hit.missing = &evil;
    hit.missing_count = 1;
    hit.passages = &passage;
    hit.passage_count = 1;
    hit.description = marked;
    hit.mentions = &mention;
    hit.mention_count = 1;
    sp_answer answer = {.hits = &hit, .hit_count = 1};
    sp_terminal_print(&terminal, &answer, &out);
    assert_true(out.len > 0);
    assert_harmless(&out);
    sp_str_clear(&out);
    hit.kind = SP_KIND_POST;
    sp_terminal_print(&terminal, &answer, &out);
    assert_harmless(&out);
}

static void
expect_notes(const sp_answer *answer, const char *expected)
{
    SP_AUTO(sp_str_done) sp_str out = {0};
    sp_terminal_print_notes(answer, &out);
    assert_str(out, expected);
    assert_harmless(&out);
}

static void
test_notes_say_how_the_query_was_changed(void **state)
{
    sp_hit hit = {0};
    sp_answer answer = {.hits = &hit, .hit_count = 1, .total = 1, .limit = 10};
    (void)state;
    expect_notes(&answer, "");
    answer.corrected = SP_LITERAL("residency research");
    expect_notes(&answer, "search: showing results for residency research instead\n");
    answer.relaxed = true;
    expect_notes(&answer, "search: showing results for residency research instead\n"
                          "search: no result has all the words; these have some of them\n");
    answer.hit_count = answer.total = 0;
    answer.corrected = SP_LITERAL("a\x1b[31m\nb");
    expect_notes(&answer, "search: showing results for a\xEF\xBF\xBD[31m\xEF\xBF\xBD"
                          "b instead\nsearch: nothing found\n");
}

#define START "\xE2\x81\xA7" /* U+2067 */
#define END "\xE2\x81\xA9"
#define MARK "\xE2\x80\x8F"

/* Isolates and marks have no width: the lines of a passage break where those without them do. */
static void
test_isolates_do_not_shorten_lines(void **state)
{
    static const char *const words[] = {START "ab" END, MARK "ab" MARK, "ab"};
    const sp_terminal terminal = {.width = 24};
    size_t breaks[3] = {0};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        SP_AUTO(sp_str_done) sp_str text = {0}, out = {0};
        for (int word = 0; word < 14; word++) {
            sp_str_append_text(&text, word > 0 ? " " : "");
            sp_str_append_text(&text, words[i]);
        }
        sp_passage passage = {.text.text = sp_str_bytes(&text)};
        sp_hit hit = {.kind = SP_KIND_POST, .passages = &passage, .passage_count = 1};
        sp_answer answer = {.hits = &hit, .hit_count = 1};
        sp_terminal_print(&terminal, &answer, &out);
        for (size_t at = 0; at < out.len; at++)
            breaks[i] += out.data[at] == '\n';
    }
    assert_int_equal(breaks[0], breaks[2]);
    assert_int_equal(breaks[1], breaks[2]);
    assert_true(breaks[2] > 2);
}

/* A wide character takes two columns; a line does not begin with a full stop. */
static void
test_text_without_blanks_is_wrapped_at_the_width(void **state)
{
    static const char *const texts[] = {"履歴書を持って行きましょう。", "ผู้สมัครงานควรเตรียมเอกสาร",
                                        "使用Kubernetes部署。"};
    const sp_terminal terminal = {.width = 30};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        SP_AUTO(sp_str_done) sp_str text = {0}, out = {0};
        for (int times = 0; times < 6; times++)
            sp_str_append_text(&text, texts[i]);
        sp_passage passage = {.text.text = sp_str_bytes(&text)};
        sp_hit hit = {.kind = SP_KIND_POST, .passages = &passage, .passage_count = 1};
        sp_answer answer = {.hits = &hit, .hit_count = 1};
        sp_terminal_print(&terminal, &answer, &out);
        unsigned column = 0, lines = 0;
        for (size_t at = 0; at < out.len;) {
            uint32_t code;
            bool first = column == 4;
            at += sp_utf8_decode(sp_str_bytes(&out), at, &code);
            lines += code == '\n';
            column = code == '\n' ? 0 : column + (unsigned)utf8proc_charwidth((int32_t)code);
            assert_true(column <= 30);
            assert_false(first && code == 0x3002);
        }
        assert_true(lines > 5);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_control_characters_never_reach_the_terminal),
        cmocka_unit_test(test_isolates_do_not_shorten_lines),
        cmocka_unit_test(test_text_without_blanks_is_wrapped_at_the_width),
        cmocka_unit_test(test_notes_say_how_the_query_was_changed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
