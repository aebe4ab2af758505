// SPDX-License-Identifier: GPL-2.0-or-later
/* The choice of passages from hand-made records. */
#include "harness.h"

#include "engine/search/passages.h"
#include "engine/analysis/stem_cache.h"
#include "engine/index/token_table.h"

static sp_range
range_of(const char *text, const char *from, size_t len)
{
    uint32_t start = (uint32_t)(from - text);
    return (sp_range){start, start + (uint32_t)len};
}

/* Two sections are equal; the passage of the third section must have its own marks. */
static void
test_sections_with_the_same_words_give_one_passage(void **state)
{
    (void)state;
    static const char text[] = "one job two job three job\none job two job three job\njob ad";
    const char *second = strchr(text, '\n') + 1, *third = strchr(second, '\n') + 1;
    sp_record_section sections[] = {
        {.body = range_of(text, text, 25), .parent = SP_NO_SECTION, .link = SP_LITERAL("")},
        {.body = range_of(text, second, 25), .parent = SP_NO_SECTION, .link = SP_LITERAL("")},
        {.body = range_of(text, third, 6), .parent = SP_NO_SECTION, .link = SP_LITERAL("")}};
    SP_AUTO(sp_str_done) sp_str hashes = {0}, spans = {0};
    SP_AUTO(sp_arena_done) sp_arena arena = {0};
    sp_analyzer *analyzer;
    sp_tokens tokens;
    sp_error err;
    assert_int_equal(sp_analyzer_new(SP_LITERAL("en"), &analyzer, &err), SP_OK);
    assert_int_equal(sp_analyze(analyzer, sp_bytes_of(text), &tokens, &err), SP_OK);
    sp_token_table_append(&hashes, &spans, &tokens);
    const sp_record record = {.text = sp_bytes_of(text),
                              .url = SP_LITERAL("/"),
                              .sections = sections,
                              .section_count = 3,
                              .token_count = (uint32_t)tokens.count,
                              .hashes = sp_str_bytes(&hashes),
                              .spans = sp_str_bytes(&spans)};

    const sp_query_word word = {.word = SP_LITERAL("job"), .stem = SP_LITERAL("job")};
    uint32_t hash = sp_stem_hash(word.stem);
    sp_pattern pattern = {.words = &word, .hashes = &hash, .count = 1};
    sp_plan_clause clause = {.weight = 1};
    const sp_plan plan = {
        .clauses = &clause, .clause_count = 1, .patterns = &pattern, .pattern_count = 1};
    sp_match_finder finder = {0};
    sp_matches matches;
    sp_hit hit = {0};
    assert_int_equal(sp_matches_find(&finder, &plan, &record, &matches, &err), SP_OK);
    assert_int_equal(matches.count, 7);
    assert_int_equal(sp_hit_show(&plan, &record, &matches, SP_LITERAL(""), &arena, &hit, &err),
                     SP_OK);
    assert_int_equal(hit.passage_count, 2);
    assert_int_equal(hit.passages[0].text.mark_count, 3);
    assert_int_equal(hit.passages[1].text.mark_count, 1);
    assert_int_equal(hit.passages[1].text.marks[0].end, 3);
    sp_match_finder_done(&finder);
    sp_analyzer_free(analyzer);
}

/* A text that no blank divides, long enough to be cut: a title, "job" as heading, and a body of
   `lead` letters and copies of one character. */
struct solid {
    sp_str text;
    sp_record record;
    sp_record_section section;
};

static uint32_t
append_solid(sp_str *text, const char *character, size_t lead, size_t bytes)
{
    size_t start = text->len;
    for (size_t i = 0; i < lead; i++)
        sp_str_append_char(text, 'a');
    while (text->len - start + strlen(character) <= bytes)
        sp_str_append_text(text, character);
    sp_str_append_char(text, '\n');
    return (uint32_t)(text->len - 1);
}

static void
make_solid(struct solid *solid, const char *character, size_t lead, size_t bytes)
{
    *solid = (struct solid){0};
    sp_str_append_text(&solid->text, "job\n");
    solid->section = (sp_record_section){.heading = {0, 3}, .parent = SP_NO_SECTION};
    solid->section.link = SP_LITERAL("");
    solid->section.body = (sp_range){4, append_solid(&solid->text, character, lead, bytes)};
    solid->record = (sp_record){.text = sp_str_bytes(&solid->text),
                                .url = SP_LITERAL("/"),
                                .sections = &solid->section,
                                .section_count = 1};
}

/* The body's beginning, as many whole characters as 300 bytes hold, with "…" if it was cut. */
static void
assert_beginning(sp_bytes shown, const struct solid *solid)
{
    sp_range body = solid->section.body;
    sp_bytes whole = sp_bytes_slice(sp_str_bytes(&solid->text), body.start, body.end);
    sp_bytes kept = sp_utf8_cut(whole, 300);
    SP_AUTO(sp_str_done) sp_str expected = {0};
    sp_str_append(&expected, kept);
    if (kept.len < whole.len)
        sp_str_append_text(&expected, "…");
    assert_int_equal(sp_utf8_invalid(shown), SIZE_MAX);
    assert_true(sp_bytes_equal(shown, sp_str_bytes(&expected)));
}

static sp_hit
show(const sp_record *record, const sp_match *match, sp_arena *arena)
{
    sp_plan_clause clause = {.weight = 1};
    const sp_plan plan = {.clauses = &clause, .clause_count = 1};
    sp_match item = match ? *match : (sp_match){0};
    const sp_matches matches = {&item, match ? 1 : 0};
    sp_hit hit = {0};
    sp_error err;
    assert_int_equal(sp_hit_show(&plan, record, &matches, SP_LITERAL(""), arena, &hit, &err),
                     SP_OK);
    return hit;
}

/* The heading matched, or nothing did; and the same text as a description. */
static void
expect_whole_characters(const char *character, size_t lead, size_t bytes)
{
    const sp_match heading = {.start = 0, .end = 3};
    SP_AUTO(sp_arena_done) sp_arena arena = {0};
    struct solid solid;
    make_solid(&solid, character, lead, bytes);
    for (int matched = 0; matched < 2; matched++) {
        sp_hit hit = show(&solid.record, matched ? &heading : NULL, &arena);
        assert_int_equal(hit.passage_count, 1);
        assert_beginning(hit.passages[0].text.text, &solid);
    }
    solid.record.description = solid.section.body;
    sp_hit hit = show(&solid.record, NULL, &arena);
    assert_beginning(hit.description.text, &solid);
    sp_str_done(&solid.text);
}

static void
test_text_without_blanks_is_cut_between_characters(void **state)
{
    (void)state;
    static const char *const characters[] = {"a", "é", "履", "𝄞"};
    for (size_t c = 0; c < sizeof characters / sizeof *characters; c++) {
        for (size_t lead = 0; lead < 5; lead++) {
            for (size_t bytes = 290; bytes < 310; bytes++)
                expect_whole_characters(characters[c], lead, bytes);
            expect_whole_characters(characters[c], lead, 1000);
        }
    }
}

/* The match lies anywhere in the text, also at its ends. */
static void
test_a_match_in_text_without_blanks_is_shown_whole(void **state)
{
    (void)state;
    struct solid solid;
    make_solid(&solid, "履", 1, 1000);
    sp_range body = solid.section.body;
    for (uint32_t start = body.start + 1; start + 6 <= body.end; start += 3) {
        SP_AUTO(sp_arena_done) sp_arena arena = {0};
        const sp_match match = {.start = start, .end = start + 6};
        sp_hit hit = show(&solid.record, &match, &arena);
        assert_int_equal(hit.passage_count, 1);
        const sp_marked *shown = &hit.passages[0].text;
        assert_int_equal(sp_utf8_invalid(shown->text), SIZE_MAX);
        assert_int_equal(shown->mark_count, 1);
        sp_range mark = shown->marks[0];
        assert_bytes(sp_bytes_slice(shown->text, mark.start, mark.end), "履履");
    }
    sp_str_done(&solid.text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sections_with_the_same_words_give_one_passage),
        cmocka_unit_test(test_text_without_blanks_is_cut_between_characters),
        cmocka_unit_test(test_a_match_in_text_without_blanks_is_shown_whole)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
