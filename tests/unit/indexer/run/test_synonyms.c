// SPDX-License-Identifier: GPL-2.0-or-later
/* Synonyms: reading a file, with the line and column of each mistake, and matching a query's words.
 */

#include "harness.h"

#include "engine/query/synonyms.h"
#include "indexer/run/synonym_file.h"
#include <signpost/schema.h>

#include <stdlib.h>

/* The file */

static const struct {
    const char *file, *stored, *faults; /* faults: "LINE:COLUMN text", each on a line */
} files[] = {
    {"", "", ""},
    {"cv, Résumé ,curriculum  Vitae\n", "cv\tresume\tcurriculum vitae\n", ""},
    {"pi => principal investigator, Chief\n", "pi\t=>\tprincipal investigator\tchief\n", ""},
    {"a b,c=>d", "a b\tc\t=>\td\n", ""},
    {"\xEF\xBB\xBF# BOM\r\n\r\n  # blank before\n \t\nx, y\r\n", "x\ty\n", ""},
    {"c#, c sharp\nc++, cpp\n", "c#\tc sharp\nc++\tcpp\n", ""},
    {"p\\, q, r\n", "p q\tr\n", ""},
    {"p\\=>q, r\n", "p q\tr\n", ""},
    {"p = q, r > s\n", "p q\tr s\n", ""},
    {"p\\\\q, r\n", "p q\tr\n", ""},
    {"\\# five, fünf\n", "five\tfunf\n", ""},
    {"full-time, whole time\n", "full time\twhole time\n", ""},
    {"alone\nx, y\n", "x\ty\n", "1:1 a line needs at least two entries\n"},
    {"x, , y\n", "", "1:4 an entry is missing here\n"},
    {"x, y,\n", "", "1:6 an entry is missing here\n"},
    {"=> y\n", "", "1:1 an entry is missing here\n"},
    {"x =>\n", "", "1:5 an entry is missing here\n"},
    {"x => y => z\n", "", "1:8 only one => is allowed in a line\n"},
    {"x,  !?\n", "", "1:5 this entry has no word\n"},
    {"# fine\nx, y\\", "", "2:5 nothing follows the backslash\n"},
    {"x, \xFFy\n", "", "1:4 not UTF-8\n"},
    {"x, 1 2 3 4 5 6 7 8\n", "x\t1 2 3 4 5 6 7 8\n", ""},
    {"x, 1 2 3 4 5 6 7 8 9\n", "", "1:4 more than 8 words in one entry\n"},
    {"a,,b\nc, d\ne\nf => g\n", "c\td\nf\t=>\tg\n",
     "1:3 an entry is missing here\n3:1 a line needs at least two entries\n"},
};

static void
print_faults(const sp_synonym_faults *faults, sp_str *out)
{
    for (size_t i = 0; i < faults->count; i++)
        sp_str_append_format(out, "%u:%u %s\n", faults->items[i].line, faults->items[i].column,
                             faults->items[i].text);
}

static void
test_files_are_read_and_mistakes_have_their_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        SP_AUTO(sp_str_done) sp_str stored = {0};
        SP_AUTO(sp_str_done) sp_str actual = {0};
        sp_synonym_faults faults;
        sp_synonym_file_read(sp_bytes_of(files[i].file), &stored, &faults);
        print_faults(&faults, &actual);
        assert_str(stored, files[i].stored);
        assert_str(actual, files[i].faults);
    }
}

static void
test_a_nul_does_not_end_a_line(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str stored = {0};
    sp_synonym_faults faults;
    sp_synonym_file_read(SP_LITERAL("a\0b, c\nd, e\n"), &stored, &faults);
    assert_str(stored, "a b\tc\nd\te\n");
    assert_int_equal(faults.count, 0);
}

static void
append_times(sp_str *out, const char *text, size_t times)
{
    for (size_t i = 0; i < times; i++)
        sp_str_append_text(out, text);
}

static void
read_times(const char *first, const char *text, size_t times, sp_str *stored,
           sp_synonym_faults *faults)
{
    SP_AUTO(sp_str_done) sp_str file = {0};
    sp_str_append_text(&file, first);
    append_times(&file, text, times);
    sp_synonym_file_read(sp_str_bytes(&file), stored, faults);
}

static void
test_a_file_over_its_limits_is_cut_with_a_mistake(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str stored = {0};
    sp_synonym_faults faults;
    read_times("a", ",b", SP_SYNONYMS_ENTRIES_MAX - 1, &stored, &faults);
    assert_int_equal(faults.count, 0);
    read_times("a", ",b", SP_SYNONYMS_ENTRIES_MAX, &stored, &faults);
    assert_int_equal(faults.count, 1);
    assert_int_equal(faults.items[0].column, 2 * SP_SYNONYMS_ENTRIES_MAX + 1);

    sp_str_clear(&stored);
    read_times("", "#\na,b\n", SP_SYNONYMS_LINES_MAX, &stored, &faults);
    assert_int_equal(faults.count, 0);
    assert_int_equal(stored.len, 4 * SP_SYNONYMS_LINES_MAX);
    sp_str_clear(&stored);
    read_times("", "a,b\n", SP_SYNONYMS_LINES_MAX + 7, &stored, &faults);
    assert_int_equal(faults.count, 1);
    assert_int_equal(faults.items[0].line, SP_SYNONYMS_LINES_MAX + 1);
    assert_int_equal(stored.len, 4 * SP_SYNONYMS_LINES_MAX);

    sp_str_clear(&stored);
    read_times("a,b\n", "c\n", SP_SYNONYM_FAULTS_MAX * 3, &stored, &faults);
    assert_int_equal(faults.count, SP_SYNONYM_FAULTS_MAX + 1);
    assert_str(stored, "a\tb\n");
}

static void
test_the_default_synonyms_have_no_mistake(void **state)
{
    (void)state;
    size_t lines = 0;
    SP_AUTO(sp_str_done) sp_str stored = {0};
    SP_AUTO(sp_str_done) sp_str actual = {0};
    sp_synonym_faults faults;
    sp_synonym_file_read(sp_synonym_file_default(), &stored, &faults);
    print_faults(&faults, &actual);
    assert_str(actual, "");
    for (size_t i = 0; i < stored.len; i++)
        lines += stored.data[i] == '\n';
    assert_in_range(lines, 80, 120);
}

/* Matching */

static const char synonyms_text[] = "ml\tmachine learning\tstatistical learning\n"
                                    "learning\tstudy\n"
                                    "machine\tdevice\n"
                                    "cv\tresume\n"
                                    "cv\tresumes\tcurriculum vitae\n"
                                    "pi\t=>\tprincipal investigator\n"
                                    "information technology\tit\tcomputing\n"
                                    "back to work\treturnship\n"
                                    "cpp\tcplusplus\n"
                                    "full time\twhole\n"
                                    "no arrow's left\t=>\n"
                                    "\n";

/* For each sequence of words with synonyms, `matches` has a line with the numbers of the clauses
   and the synonyms. */
static const struct {
    const char *query, *matches;
} queries[] = {
    {"nothing here", ""},
    {"ml", "0: machine learning, statistical learning\n"},
    {"machine learning", "01: ml, statistical learning\n"},
    {"machines learning", "01: ml, machine learning, statistical learning\n"},
    {"Machine Learning jobs", "01: ml, statistical learning\n"},
    {"free machine learning cv", "12: ml, statistical learning\n3: resume, curriculum vitae\n"},
    {"machine-learning", "0: ml, statistical learning\n"},
    {"machine tool learning", "0: device\n2: study\n"},
    {"learning machine", "0: study\n1: device\n"},
    {"learning machine learning", "0: study\n012: ml, statistical learning\n"},
    {"statistical machine learning", "12: ml, statistical learning\n"},
    {"résumés", "0: cv, curriculum vitae\n"},
    {"pi", "0: principal investigator\n"},
    {"principal investigator", ""},
    {"information technology", "01: ^it, computing\n"},
    {"it", "0: information technology, computing\n"},
    {"IT", "0: information technology, computing\n"},
    {"back to work", "012: returnship\n"},
    {"c++", "0: cplusplus\n"},
    {"full-time", "0: whole\n"},
    {"full time", "01: whole\n"},
    {"\"machine learning\"", ""},
    {"\"ml\"", ""},
    {"-ml", ""},
    {"NOT ml", ""},
    {"x -(ml cv)", ""},
    {"ml*", ""},
    {"title:ml", ""},
    {"under:cv", ""},
    {"machine -learning", "0: device\n"},
    {"machine \"learning\"", "0: device\n"},
    {"+machine +learning", "01: ml, statistical learning\n"},
    {"machine OR learning", "0: device\n1: study\n"},
    {"x (machine learning OR cv)", "1: device\n2: study\n3: resume, curriculum vitae\n"},
    {"x ((machine AND learning) OR cv)",
     "12: ml, statistical learning\n3: resume, curriculum vitae\n"},
    {"no arrow's left", ""},
};

static void
print_match(const sp_synonym_match *match, sp_str *out)
{
    for (int i = 0; i < 64; i++) {
        if (match->clauses >> i & 1)
            sp_str_append_format(out, "%d", i);
    }
    for (uint32_t i = 0; i < match->other_count; i++) {
        sp_str_append_text(out, i > 0 ? "," : ":");
        for (uint32_t k = 0; k < match->others[i]->count; k++) {
            sp_str_append_char(out, ' ');
            sp_str_append(out, match->others[i]->words[k].word);
        }
    }
    sp_str_append_char(out, '\n');
}

static void
match(sp_analyzer *analyzer, const sp_synonyms *synonyms, sp_bytes text, sp_str *out)
{
    SP_AUTO(sp_arena_done) sp_arena arena = {0};
    sp_query query;
    sp_synonym_matches matches;
    assert_int_equal(sp_query_read(analyzer, text, &arena, &query, NULL), SP_OK);
    assert_int_equal(sp_synonyms_match(synonyms, &query, &arena, &matches, NULL), SP_OK);
    for (size_t i = 0; i < matches.count; i++)
        print_match(&matches.items[i], out);
}

static void
test_the_longest_words_of_a_query_match_first(void **state)
{
    (void)state;
    sp_analyzer *analyzer;
    sp_synonyms *synonyms;
    assert_int_equal(sp_analyzer_new(SP_LITERAL("en"), &analyzer, NULL), SP_OK);
    assert_int_equal(sp_synonyms_new(analyzer, sp_bytes_of(synonyms_text), &synonyms, NULL), SP_OK);
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        SP_AUTO(sp_str_done) sp_str actual = {0};
        match(analyzer, synonyms, sp_bytes_of(queries[i].query), &actual);
        if (!sp_bytes_equal(sp_str_bytes(&actual), sp_bytes_of(queries[i].matches)))
            print_error("query: %s\n", queries[i].query);
        assert_str(actual, queries[i].matches);
    }
    sp_synonyms_free(synonyms);
    sp_analyzer_free(analyzer);
}

static void
test_a_query_gets_only_a_few_synonyms(void **state)
{
    (void)state;
    sp_analyzer *analyzer;
    sp_synonyms *synonyms;
    SP_AUTO(sp_str_done) sp_str text = {0};
    SP_AUTO(sp_str_done) sp_str query = {0};
    SP_AUTO(sp_str_done) sp_str actual = {0};
    for (int i = 0; i < SP_SYNONYMS_LINES_MAX; i++)
        sp_str_append_format(&text, "a1\tother%d\n", i);
    append_times(&query, "a1 ", SP_QUERY_WORDS_MAX);
    assert_int_equal(sp_analyzer_new(SP_LITERAL("en"), &analyzer, NULL), SP_OK);
    assert_int_equal(sp_synonyms_new(analyzer, sp_str_bytes(&text), &synonyms, NULL), SP_OK);
    match(analyzer, synonyms, SP_LITERAL("a1"), &actual);
    assert_str(actual, "0: other0, other1, other2, other3, other4, other5, other6, other7, other8, "
                       "other9, other10, other11, other12, other13, other14, other15\n");
    match(analyzer, synonyms, sp_str_bytes(&query),
          &actual); /* as many words as a query may have */
    sp_synonyms_free(synonyms);
    sp_analyzer_free(analyzer);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files_are_read_and_mistakes_have_their_place),
        cmocka_unit_test(test_a_nul_does_not_end_a_line),
        cmocka_unit_test(test_a_file_over_its_limits_is_cut_with_a_mistake),
        cmocka_unit_test(test_the_default_synonyms_have_no_mistake),
        cmocka_unit_test(test_the_longest_words_of_a_query_match_first),
        cmocka_unit_test(test_a_query_gets_only_a_few_synonyms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
