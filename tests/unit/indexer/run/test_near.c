// SPDX-License-Identifier: GPL-2.0-or-later
/* The prose that mentions inherit from the blocks near them. */
#include "harness.h"

#include "indexer/run/near.h"

#include <stdio.h>
#include <string.h>

/* A post of two sections: a heading with a label below it. The links are marked with '[' and ']';
   listed ones begin their block. */
struct fixture {
    sp_post post;
    sp_section sections[2];
    sp_mention mentions[8];
    sp_arena arena;
};

static void
add_link(struct fixture *fixture, uint32_t start, uint32_t section)
{
    const char *text = fixture->post.text.data;
    bool listed = start == 0 || text[start - 1] == '\n';
    fixture->mentions[fixture->post.mention_count++] =
        (sp_mention){.name = {start, start + 1},
                     .section = section,
                     .form = listed ? SP_MENTION_LISTED : SP_MENTION_INLINE};
}

/* heading and label: their texts, blocks that end in '\n'. */
static void
make(struct fixture *fixture, const char *heading, const char *label)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_str_append_text(&text, heading);
    uint32_t middle = (uint32_t)text.len;
    sp_str_append_text(&text, label);
    *fixture = (struct fixture){0};
    fixture->post.text = sp_arena_copy_str(&fixture->arena, &text);
    fixture->sections[0] =
        (sp_section){.kind = SP_SECTION_HEADING, .parent = SP_NO_SECTION, .body = {0, middle}};
    fixture->sections[1] =
        (sp_section){.kind = SP_SECTION_LABEL, .parent = 0, .body = {middle, (uint32_t)text.len}};
    fixture->post.sections = fixture->sections;
    fixture->post.section_count = 2;
    fixture->post.mentions = fixture->mentions;
    for (uint32_t i = 0; i < text.len; i++) {
        if (text.data[i] == '[')
            add_link(fixture, i, i >= middle);
    }
}

/* Visits all mentions, and asserts what the one with this index inherits. */
static void
assert_inherits(struct fixture *fixture, size_t index, size_t max, const char *expected)
{
    sp_near near;
    sp_resource_mention out = {0};
    sp_near_begin(&near, &fixture->post);
    for (size_t i = 0; i <= index; i++)
        sp_near_visit(&near, &fixture->mentions[i], max, &fixture->arena, i == index ? &out : NULL);
    if (out.prose.len != strlen(expected) || memcmp(out.prose.data, expected, out.prose.len) != 0)
        fail_msg("inherits '%.*s'", (int)out.prose.len, out.prose.data);
    for (uint32_t i = 1; i < out.line_count; i++)
        assert_true(out.prose.data[out.lines[i].offset - 1] == '\n');
}

static void
test_a_link_in_running_text_inherits_its_block_and_the_first_of_the_section(void **state)
{
    struct fixture fixture;
    (void)state;
    make(&fixture, "First.\nSecond.\nSee [x] there.\nLast.\n", "");
    assert_inherits(&fixture, 0, SP_NEAR_MAX, "See [x] there.\nFirst.\n");
    sp_arena_done(&fixture.arena);
    make(&fixture, "See [x] first.\nSecond.\n", "");
    assert_inherits(&fixture, 0, SP_NEAR_MAX, "See [x] first.\n");
    sp_arena_done(&fixture.arena);
}

static void
test_a_listed_link_inherits_what_comes_before_its_list(void **state)
{
    struct fixture fixture;
    (void)state;
    make(&fixture, "First.\nThe list:\n[a]: one\n[b]: two\nMore:\n[c]: three\n", "");
    assert_inherits(&fixture, 0, SP_NEAR_MAX, "The list:\nFirst.\n");
    assert_inherits(&fixture, 1, SP_NEAR_MAX, "The list:\nFirst.\n");
    assert_inherits(&fixture, 2, SP_NEAR_MAX, "More:\nFirst.\n");
    sp_arena_done(&fixture.arena);
    make(&fixture, "[a]: one\n[b]: two\n", "");
    assert_inherits(&fixture, 0, SP_NEAR_MAX, "");
    sp_arena_done(&fixture.arena);
}

static void
test_a_link_below_a_label_inherits_the_first_block_of_the_heading(void **state)
{
    struct fixture fixture;
    (void)state;
    make(&fixture, "Of the heading.\nMore.\n", "Of the label.\n[a]: one\n");
    assert_inherits(&fixture, 0, SP_NEAR_MAX, "Of the label.\nOf the heading.\n");
    sp_arena_done(&fixture.arena);
}

static void
test_long_blocks_are_cut_around_the_link(void **state)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    struct fixture fixture;
    sp_near near;
    (void)state;
    for (int i = 0; i < 300; i++)
        sp_str_append_text(&text, i == 200 ? "[here] " : "word ");
    sp_str_append_text(&text, "\n");
    make(&fixture, sp_str_bytes(&text).data, "");
    for (size_t max = 0; max <= SP_NEAR_MAX; max += 20) {
        sp_resource_mention out = {0};
        sp_near_begin(&near, &fixture.post);
        sp_near_visit(&near, &fixture.mentions[0], max, &fixture.arena, &out);
        assert_true(out.prose.len <= max + 1);
        if (max == SP_NEAR_MAX)
            assert_true(sp_bytes_find(out.prose, SP_LITERAL("word [here] word"), 0) != SIZE_MAX);
        assert_true(out.prose.len == 0 || !memcmp(out.prose.data, "word ", 5));
    }
    sp_arena_done(&fixture.arena);
}

static void
test_text_without_blanks_is_cut_between_characters(void **state)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    struct fixture fixture;
    sp_near near;
    sp_resource_mention out = {0};
    (void)state;
    for (int i = 0; i < 400; i++)
        sp_str_append_text(&text, i == 1 ? "[" : "\xE7\xAE\x80");
    sp_str_append_text(&text, "\n");
    make(&fixture, sp_str_bytes(&text).data, "");
    sp_near_begin(&near, &fixture.post);
    sp_near_visit(&near, &fixture.mentions[0], SP_NEAR_MAX, &fixture.arena, &out);
    assert_true(out.prose.len > SP_NEAR_MAX - 8 && out.prose.len <= SP_NEAR_MAX + 1);
    assert_int_equal(sp_utf8_cut(out.prose, out.prose.len).len, out.prose.len);
    assert_true((out.prose.len - 2) % 3 == 0); /* "[", whole characters, "\n" */
    sp_arena_done(&fixture.arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            test_a_link_in_running_text_inherits_its_block_and_the_first_of_the_section),
        cmocka_unit_test(test_a_listed_link_inherits_what_comes_before_its_list),
        cmocka_unit_test(test_a_link_below_a_label_inherits_the_first_block_of_the_heading),
        cmocka_unit_test(test_long_blocks_are_cut_around_the_link),
        cmocka_unit_test(test_text_without_blanks_is_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
