// SPDX-License-Identifier: GPL-2.0-or-later
/* The choice of passages from hand-made records. */
#include "engine/search/passages.h"
#include "engine/analysis/stem_cache.h"
#include "engine/index/token_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sections_with_the_same_words_give_one_passage)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
