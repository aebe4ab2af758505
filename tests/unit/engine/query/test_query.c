// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading queries: the table tests/cases/query.txt, limits, and arbitrary byte strings. */

#include "analysis.h"
#include "cases.h"

#include <signpost/query.h>

#include <stdlib.h>

static sp_analyzer *analyzer;

static int
open_analyzer(void **state)
{
    (void)state;
    analyzer = analyzer_of(SP_LITERAL("en"));
    return 0;
}

static int
close_analyzer(void **state)
{
    (void)state;
    sp_analyzer_free(analyzer);
    return 0;
}

static void
describe_clause(sp_str *out, const sp_clause *clause)
{
    static const char *const scopes[] = {"", "title:", "under:"};
    sp_str_append_text(out, clause->excluded ? "clause: -" : "clause: ");
    sp_str_append_text(out, scopes[clause->scope]);
    sp_str_append_text(out, clause->phrase ? "\"" : "");
    for (uint32_t i = 0; i < clause->word_count; i++) {
        sp_str_append_text(out, i > 0 ? " " : "");
        sp_str_append(out, clause->prefix ? clause->words[i].word : clause->words[i].stem);
    }
    sp_str_append_text(out, clause->phrase ? "\"" : "");
    sp_str_append_text(out, clause->prefix ? "*" : "");
    if (clause->form.word.len > 0) {
        sp_str_append_text(out, " = ");
        sp_str_append(out, clause->form.stem);
    }
    sp_str_append_text(out, clause->stop ? " stop\n" : "\n");
}

/* Appends a description of the operators, indented by depth. */
static void
describe_node(sp_str *out, const sp_query *query, const sp_node *node, int depth)
{
    static const char *const kinds[] = {"clause", "filter", "all", "any"};
    if (depth == 0 && node->kind == SP_NODE_CLAUSE && !node->required)
        return;
    sp_str_append_format(out, "%*s%s%s%s", depth * 2, "", node->excluded ? "-" : "",
                         node->required ? "+" : "", kinds[node->kind]);
    if (node->kind == SP_NODE_CLAUSE) {
        sp_str_append_format(out, " %u", node->clause + 1);
    } else if (node->kind == SP_NODE_FILTER) {
        sp_str_append_format(out, " %s ", sp_field_names[node->filter.field]);
        sp_str_append(out, node->filter.value);
    }
    sp_str_append_char(out, '\n');
    for (size_t i = 0; i < node->part_count; i++)
        describe_node(out, query, &node->parts[i], depth + 1);
}

static void
describe(sp_str *out, const sp_query *query)
{
    sp_str_append_text(out, "parsed: ");
    sp_str_append(out, query->parsed);
    sp_str_append_char(out, '\n');
    for (size_t i = 0; i < query->clause_count; i++)
        describe_clause(out, &query->clauses[i]);
    for (size_t i = 0; i < query->part_count; i++)
        describe_node(out, query, &query->parts[i], 0);
    for (size_t i = 0; i < query->filter_count; i++) {
        const sp_filter *filter = &query->filters[i];
        sp_str_append_format(out, "filter: %s%s ", filter->excluded ? "-" : "",
                             sp_field_names[filter->field]);
        sp_str_append(out, filter->value);
        sp_str_append_char(out, '\n');
    }
}

static sp_query
read_query(sp_bytes text, sp_arena *arena)
{
    sp_query query;
    assert_int_equal(sp_query_read(analyzer, text, arena, &query, NULL), SP_OK);
    return query;
}

static void
unescape(sp_str *out, sp_bytes line)
{
    for (size_t at = 0; at < line.len;) {
        if (line.data[at] == '\\' && at + 3 < line.len && line.data[at + 1] == 'x') {
            char digits[3] = {line.data[at + 2], line.data[at + 3], '\0'};
            sp_str_append_char(out, (char)strtoul(digits, NULL, 16));
            at += 4;
        } else {
            sp_str_append_char(out, line.data[at++]);
        }
    }
}

static void
test_queries_are_parsed_as_the_table_says(void **state)
{
    SP_AUTO(sp_str_done) sp_str table = {0}, input = {0}, actual = {0};
    struct test_case test;
    size_t count = 0, failures = 0;
    (void)state;
    read_file(&table, SOURCE_DIR "/tests/cases/query.txt");
    for (sp_bytes rest = sp_str_bytes(&table); next_case(&rest, &test); count++) {
        sp_arena arena = {0};
        sp_str_clear(&input);
        sp_str_clear(&actual);
        unescape(&input, sp_bytes_slice(test.input, 0, test.input.len - 1));
        sp_query query = read_query(sp_str_bytes(&input), &arena);
        describe(&actual, &query);
        if (!sp_bytes_equal(sp_bytes_trim(sp_str_bytes(&actual)), sp_bytes_trim(test.expected))) {
            print_error("%.*s\n%.*s", (int)test.name.len, test.name.data, (int)actual.len,
                        actual.data);
            failures++;
        }
        sp_arena_done(&arena);
    }
    assert_int_equal(failures, 0);
    assert_true(count > 15);
}

static void
test_a_query_is_cut_at_its_maximal_length(void **state)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_arena arena = {0};
    (void)state;
    for (int i = 0; i < SP_QUERY_BYTES_MAX; i++)
        sp_str_append_char(&text, 'x');
    assert_false(read_query(sp_str_bytes(&text), &arena).truncated);
    sp_str_append_char(&text, 'x');
    sp_query query = read_query(sp_str_bytes(&text), &arena);
    assert_true(query.truncated);
    assert_int_equal(query.text.len, SP_QUERY_BYTES_MAX);
    sp_arena_done(&arena);
}

static void
test_words_after_the_64th_are_ignored(void **state)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_arena arena = {0};
    (void)state;
    for (int i = 0; i < SP_QUERY_WORDS_MAX; i++)
        sp_str_append_format(&text, "w%d ", i);
    assert_false(read_query(sp_str_bytes(&text), &arena).truncated);
    sp_str_append_text(&text, "more");
    sp_query query = read_query(sp_str_bytes(&text), &arena);
    assert_true(query.truncated);
    assert_int_equal(query.clause_count, SP_QUERY_WORDS_MAX);
    sp_arena_done(&arena);
}

static void
test_a_phrase_is_cut_at_the_maximal_number_of_words(void **state)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_arena arena = {0};
    (void)state;
    sp_str_append_text(&text, "first \"");
    for (int i = 0; i < 100; i++)
        sp_str_append_format(&text, "w%d ", i);
    sp_query query = read_query(sp_str_bytes(&text), &arena);
    assert_true(query.truncated);
    assert_int_equal(query.clause_count, 2);
    assert_int_equal(query.clauses[1].word_count, SP_QUERY_WORDS_MAX - 1);
    sp_arena_done(&arena);
}

static void
test_a_filter_by_kind_accepts_only_known_kinds(void **state)
{
    sp_arena arena = {0};
    sp_error err = {0};
    sp_query query = read_query(SP_LITERAL("x"), &arena);
    (void)state;
    assert_int_equal(
        sp_query_add_filter(&query, &arena, SP_FIELD_KIND, SP_LITERAL("page"), false, &err),
        SP_BAD_ARGUMENT);
    assert_non_null(strstr(err.text, "page"));
    assert_int_equal(query.filter_count, 0);
    assert_int_equal(
        sp_query_add_filter(&query, &arena, SP_FIELD_KIND, SP_LITERAL("Post"), true, &err), SP_OK);
    assert_bytes(query.filters[0].value, "post");
    assert_true(query.filters[0].excluded);
    sp_arena_done(&arena);
}

/* Checks the properties of every valid query, and that reading its `parsed` gives the same
   `parsed`. */
static void
check_any(sp_bytes text)
{
    sp_arena arena = {0};
    SP_AUTO(sp_str_done) sp_str repaired = {0};
    sp_query query = read_query(text, &arena);
    size_t words = 0;
    for (size_t i = 0; i < query.clause_count; i++) {
        assert_true(query.clauses[i].word_count > 0);
        words += query.clauses[i].word_count;
    }
    assert_true(words <= SP_QUERY_WORDS_MAX);
    sp_utf8_append_repaired(&repaired, query.parsed);
    assert_true(sp_bytes_equal(sp_str_bytes(&repaired), query.parsed));
    if (!query.truncated && query.parsed.len < SP_QUERY_BYTES_MAX) {
        sp_query again = read_query(query.parsed, &arena);
        if (!sp_bytes_equal(again.parsed, query.parsed))
            fail_msg("'%.*s' is '%.*s' is '%.*s'", (int)text.len, text.data, (int)query.parsed.len,
                     query.parsed.data, (int)again.parsed.len, again.parsed.data);
    }
    sp_arena_done(&arena);
}

static void
test_every_byte_string_is_a_query(void **state)
{
    static const char *const pieces[] = {"\"", "-",    " ",        "tag:", "kind:", "post",
                                         "x",  "C++",  "é",        ":",    "(",     "full-time",
                                         "\t", "\xff", "\xe2\x80", "*"};
    unsigned random = 1;
    (void)state;
    for (int round = 0; round < 20000; round++) {
        SP_AUTO(sp_str_done) sp_str text = {0};
        for (int i = 0; i < round % 30; i++) {
            random = random * 1103515245u + 12345u;
            if (random >> 28 < 12)
                sp_str_append_text(&text, pieces[random >> 16 & 15]);
            else
                sp_str_append_char(&text, (char)(random >> 16));
        }
        check_any(sp_str_bytes(&text));
    }
}

static void
test_a_parsed_query_reads_back_as_itself(void **state)
{
    static const char *const pieces[] = {"a1",
                                         "b1 ",
                                         "\"c1 d1\"",
                                         "(",
                                         ")",
                                         " ( ",
                                         " OR ",
                                         " AND ",
                                         "NOT ",
                                         "-",
                                         "+",
                                         "OR",
                                         " title:",
                                         "under:",
                                         "tag:x ",
                                         "site:x.org ",
                                         "the ",
                                         "full-time",
                                         "re*",
                                         " -(",
                                         "kind:post ",
                                         "after:2018 ",
                                         "\"",
                                         "lang:fr ",
                                         "-tag:y ",
                                         " ",
                                         "*",
                                         ":",
                                         "R&D ",
                                         "before:x ",
                                         "tag:\"q r\" ",
                                         "site:\"a\tb\" ",
                                         "site:http://\"x ",
                                         "+tag:z ",
                                         "「a 24/7」",
                                         "» ",
                                         "−24/7 ",
                                         "site:（x「y ",
                                         "）　",
                                         "：＊＋",
                                         "IT ",
                                         "WHO ",
                                         "IT-"};
    (void)state;
    srand(7);
    for (int round = 0; round < 20000; round++) {
        SP_AUTO(sp_str_done) sp_str text = {0};
        sp_arena arena = {0};
        for (int i = rand() % 24; i >= 0; i--)
            sp_str_append_text(&text, pieces[(size_t)rand() % (sizeof pieces / sizeof *pieces)]);
        sp_bytes parsed = read_query(sp_str_bytes(&text), &arena).parsed;
        sp_bytes again = read_query(parsed, &arena).parsed;
        if (!sp_bytes_equal(parsed, again))
            fail_msg("%s\n%.*s\n%.*s", text.data, (int)parsed.len, parsed.data, (int)again.len,
                     again.data);
        sp_arena_done(&arena);
    }
}

static int
depth_of(const sp_node *nodes, size_t count)
{
    int most = 0;
    for (size_t i = 0; i < count; i++) {
        int depth = 1 + depth_of(nodes[i].parts, nodes[i].part_count);
        most = depth > most ? depth : most;
    }
    return most;
}

static void
test_nesting_is_limited(void **state)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_arena arena = {0};
    (void)state;
    for (int i = 0; i < 60; i++)
        sp_str_append_format(&text, "(w%d OR -(x%d ", i, i);
    sp_query query = read_query(sp_str_bytes(&text), &arena);
    int depth = depth_of(query.parts, query.part_count);
    assert_true(depth > SP_QUERY_DEPTH_MAX / 2);
    assert_true(depth <= 2 * SP_QUERY_DEPTH_MAX + 2);
    sp_arena_done(&arena);
}

static void
test_filters_after_the_64th_are_ignored(void **state)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_arena arena = {0};
    (void)state;
    for (int i = 0; i < SP_QUERY_FILTERS_MAX; i++)
        sp_str_append_format(&text, "tag:t%d ", i);
    assert_false(read_query(sp_str_bytes(&text), &arena).truncated);
    sp_str_append_text(&text, "(tag:more OR x)");
    sp_query query = read_query(sp_str_bytes(&text), &arena);
    assert_true(query.truncated);
    assert_int_equal(query.filter_count, SP_QUERY_FILTERS_MAX);
    sp_arena_done(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_queries_are_parsed_as_the_table_says),
        cmocka_unit_test(test_a_query_is_cut_at_its_maximal_length),
        cmocka_unit_test(test_words_after_the_64th_are_ignored),
        cmocka_unit_test(test_a_phrase_is_cut_at_the_maximal_number_of_words),
        cmocka_unit_test(test_a_filter_by_kind_accepts_only_known_kinds),
        cmocka_unit_test(test_every_byte_string_is_a_query),
        cmocka_unit_test(test_a_parsed_query_reads_back_as_itself),
        cmocka_unit_test(test_nesting_is_limited),
        cmocka_unit_test(test_filters_after_the_64th_are_ignored),
    };
    return cmocka_run_group_tests(tests, open_analyzer, close_analyzer);
}
