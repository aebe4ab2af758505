// SPDX-License-Identifier: GPL-2.0-or-later
/* TREC's formats: reading and writing them, and metrics compared with hand-computed values. */

#include "folder.h"

#include <signpost/trec.h>
#include <signpost/trec_run.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char directory[FOLDER_MAX], qrels_path[128], topics_path[128], run_path[128];
static const char *const qrels_paths[] = {qrels_path};
static sp_error error;

static int
make_directory(void **state)
{
    (void)state;
    if (make_folder(directory) != 0)
        return -1;
    snprintf(qrels_path, sizeof qrels_path, "%s/qrels", directory);
    snprintf(topics_path, sizeof topics_path, "%s/topics", directory);
    snprintf(run_path, sizeof run_path, "%s/run", directory);
    return 0;
}

static int
remove_directory(void **state)
{
    (void)state;
    return remove_folder(directory);
}

static enum sp_status
read_qrels(const char *qrels, const char *topics, sp_judgments *out)
{
    put_file(qrels_path, sp_bytes_of(qrels));
    if (topics)
        put_file(topics_path, sp_bytes_of(topics));
    error = (sp_error){0};
    *out = (sp_judgments){0};
    return sp_qrels_read(qrels_paths, 1, topics ? topics_path : NULL, out, &error);
}

static void
assert_place(const char *path, unsigned line, unsigned column, const char *says)
{
    assert_int_equal(error.status, SP_BAD_INPUT);
    assert_string_equal(error.path, path);
    assert_int_equal(error.line, line);
    assert_int_equal(error.column, column);
    if (!strstr(error.text, says))
        fail_msg("'%s' does not contain '%s'", error.text, says);
}

/* An invalid file and the expected error. */
struct mistake {
    const char *text;
    unsigned line, column;
    const char *says;
};

/* Judgments */

/* Judgments are written and read again, so the target of a target is the target. */
static void
test_a_url_without_a_host_is_not_a_page_of_the_site(void **state)
{
    static const char *const cases[][2] = {{"https://www.a.example/b/", "a.example/b"},
                                           {"/b/#c", "/b/"},
                                           {"file:///b#c", "file:///b#c"},
                                           {"https:///b/", "https:///b"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sp_bytes target = sp_target_of(sp_bytes_of(cases[i][0])), again = sp_target_of(target);
        assert_true(sp_bytes_equal(target, sp_bytes_of(cases[i][1])));
        assert_true(sp_bytes_equal(again, target));
    }
}

static void
test_qrels_and_topics_are_read(void **state)
{
    (void)state;
    sp_judgments judgments;
    assert_int_equal(read_qrels("q2 0 MED-1 2\nq1\tMED-2\t1\n# c\n\nq2  Q0\tMED-3   -1\nq3 0 x 0\n",
                                "q1\tone  query\nq2\t second \nq9\tunused\n", &judgments),
                     SP_OK);
    assert_int_equal(judgments.count, 2); /* q3 has no grade above 0 */
    assert_true(judgments.by_name);
    assert_bytes(judgments.queries[0].id, "q2");
    assert_bytes(judgments.queries[0].text, "second");
    assert_bytes(judgments.queries[1].text, "one  query");
    assert_int_equal(sp_judged_grade(&judgments.queries[0], SP_LITERAL("MED-1")), 2);
    assert_int_equal(sp_judged_grade(&judgments.queries[0], SP_LITERAL("MED-3")), 0);
    assert_bytes(sp_judged_target(&judgments, SP_LITERAL("/2020/01/MED-1/#a")), "MED-1");
    assert_bytes(sp_judged_target(&judgments, SP_LITERAL("/MED-1.html")), "MED-1");
    assert_bytes(sp_judged_target(&judgments, SP_LITERAL("/")), "/");
    assert_bytes(sp_judged_target(&judgments, SP_LITERAL("https://x.org/MED-1")), "x.org/MED-1");
    sp_judgments_done(&judgments);
}

static void
test_qrels_with_urls_identify_pages_by_url(void **state)
{
    (void)state;
    sp_judgments judgments;
    assert_int_equal(read_qrels("1 0 /a/b/#c 2\n1 0 https://www.x.org/ 1\n", NULL, &judgments),
                     SP_OK);
    assert_false(judgments.by_name);
    assert_int_equal(judgments.queries[0].text.len, 0);
    assert_bytes(sp_judged_target(&judgments, SP_LITERAL("/a/b/")), "/a/b/");
    assert_int_equal(sp_judged_grade(&judgments.queries[0], SP_LITERAL("/a/b/")), 2);
    assert_int_equal(sp_judged_grade(&judgments.queries[0], SP_LITERAL("x.org")), 1);
    sp_judgments_done(&judgments);
}

static void
test_the_format_is_recognised_by_the_first_judgment(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool qrels;
    } cases[] = {
        {"1 0 MED-1 2\n", true},
        {"1\t0\t/a/\t2\n", true},
        {"1\tMED-1\t2\n", true},
        {"# comment\n\n1\tMED-1\t2\n", true},
        {"machine learning\t/a/\t3\n", false},
        {"q\thttps://x.org\t1\n", false},
        {"two words\thttp://x.org/\t1\n1 0 MED-1 2\n", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool qrels = !cases[i].qrels;
        put_file(qrels_path, sp_bytes_of(cases[i].text));
        assert_int_equal(sp_qrels_are_in(qrels_path, &qrels, &error), SP_OK);
        assert_int_equal(qrels, cases[i].qrels);
    }
}

static void
assert_refused(const char *qrels, const char *topics, const struct mistake *mistake)
{
    sp_judgments judgments;
    assert_int_equal(read_qrels(qrels, topics, &judgments), SP_BAD_INPUT);
    assert_place(topics ? topics_path : qrels_path, mistake->line, mistake->column, mistake->says);
    sp_judgments_done(&judgments);
}

static void
test_invalid_qrels_are_reported_with_their_position(void **state)
{
    (void)state;
    static const struct mistake cases[] = {
        {"1 0 a 1\n1 0 a\n", 2, 5, "grade"}, /* three fields: the third is the grade */
        {"1 a\n", 1, 1, "four fields"},
        {"1 0 a 1 x\n", 1, 1, "four fields"},
        {"1 0 a good\n", 1, 7, "grade"},
        {"1 0 a 1.5\n", 1, 7, "grade"},
        {"1 0 a 1001\n", 1, 7, "grade"},
        {"1 0 a -\n", 1, 7, "grade"},
        {"1 0 a 1\n2 0 a 1\n\n1 0 a 2\n", 4, 1,
         "second time for the query '1'; the first is in "
         "line 1"},
        {"1 0 /a/#b 1\n1 0 /a/ 2\n", 2, 1, "'/a/'"},
        {"1 0 \xFF 1\n", 1, 5, "UTF-8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_refused(cases[i].text, NULL, &cases[i]);
}

static void
test_invalid_topics_are_reported_with_their_position(void **state)
{
    (void)state;
    static const struct mistake cases[] = {
        {"1\tgood\n2 no tab\n", 2, 1, "an id, a tab"},
        {"\tquery\n", 1, 1, "an id, a tab"},
        {"1\t \n", 1, 3, "'1' is empty"},
        {"2\ta\n1\tb\n2\tc\n", 3, 1, "'2' occurs a second time; the first is in line 1"},
        {"1\t\xC3(\n", 1, 3, "UTF-8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_refused("1 0 a 1\n", cases[i].text, &cases[i]);
}

static void
test_a_second_judgment_names_the_file_of_the_first(void **state)
{
    (void)state;
    sp_judgments judgments = {0};
    const char *const both[] = {qrels_path, topics_path};
    put_file(qrels_path, SP_LITERAL("1 0 b 1\n1 0 a 1\n"));
    put_file(topics_path, SP_LITERAL("1 0 a 2\n"));
    assert_int_equal(sp_qrels_read(both, 2, NULL, &judgments, &error), SP_BAD_INPUT);
    assert_place(topics_path, 1, 1, "the first is in line 2 of ");
    assert_non_null(strstr(error.text, qrels_path));
    sp_judgments_done(&judgments);
}

/* Runs */

static void
test_invalid_runs_are_reported_with_their_position(void **state)
{
    (void)state;
    static const struct mistake cases[] = {
        {"1 Q0 a 1 2.5 x\n1 Q0 b 2 2.5\n", 2, 1, "six fields"},
        {"1 Q0 a 1 2.5 x y\n", 1, 1, "(got 7)"},
        {"1 Q0 a first 2.5 x\n", 1, 8, "rank"},
        {"1 Q0 a 1 high x\n", 1, 10, "score"},
        {"1 Q0 a 1 nan x\n", 1, 10, "score"},
        {"1 Q0 a 1 0x1p3 x\n", 1, 10, "score"},
        {"1 Q0 a 1 1e x\n", 1, 10, "score"},
        {"1 Q0 a 1 1e999 x\n", 1, 10, "score"},
        {"1 Q0 a 1 3 x\n2 Q0 a 1 3 x\n1 Q0 a 2 2 x\n", 3, 1, "'a' occurs a second time"},
        {"1 Q0 \xFF 1 3 x\n", 1, 6, "UTF-8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sp_trec_run run = {0};
        put_file(run_path, sp_bytes_of(cases[i].text));
        assert_int_equal(sp_trec_run_read(run_path, &run, &error), SP_BAD_INPUT);
        assert_place(run_path, cases[i].line, cases[i].column, cases[i].says);
        sp_trec_run_done(&run);
    }
}

/* Neither the ranks in the file nor the order of its lines matter. Scores are compared as floats,
   so the scores of c and d are equal. */
static void
test_hits_rank_by_score_then_by_descending_id(void **state)
{
    (void)state;
    sp_trec_run run = {0};
    size_t count;
    put_file(run_path, SP_LITERAL("2 Q0 z 1 1 x\n"
                                  "1 Q0 a 1 -1e-3 x\r\n"
                                  "1 Q0 b 2 2 x\n\n"
                                  "1 Q0 c 9 16777216 x\n"
                                  "1\tQ0\td  9 16777217 x\n"
                                  "10 Q0 z 1 1 x\n"));
    assert_int_equal(sp_trec_run_read(run_path, &run, &error), SP_OK);
    const sp_trec_hit *hits = sp_trec_run_find(&run, SP_LITERAL("1"), &count);
    assert_int_equal(count, 4);
    assert_bytes(hits[0].document, "d");
    assert_bytes(hits[1].document, "c");
    assert_bytes(hits[2].document, "b");
    assert_bytes(hits[3].document, "a");
    sp_trec_run_find(&run, SP_LITERAL("3"), &count);
    assert_int_equal(count, 0);
    sp_trec_run_done(&run);
}

static const char qrels[] = "1 0 a 3\n1 0 b 1\n1 0 c 2\n2 0 a 1\n3 0 a 1\n";
/* Query 1 ranks x, c, y, a, and does not find b. Query 2 is missing, 4 is not judged. */
static const char ranked[] = "1 Q0 a 1 0.5 t\n1 Q0 x 2 3 t\n1 Q0 c 3 2 t\n1 Q0 y 4 1 t\n"
                             "3 Q0 z 1 1 t\n3 Q0 a 2 1 t\n4 Q0 a 1 1 t\n";
static const sp_metric metrics[] = {
    {SP_AVERAGE_PRECISION, SP_DEPTH_ALL},
    {SP_NDCG, 10},
    {SP_RECIPROCAL_RANK, 10},
    {SP_RECALL, 100},
    {SP_PRECISION, 10},
    {SP_AVERAGE_PRECISION, 2},
};

static void
evaluate(const sp_judgments *judgments, sp_trec_run *run, sp_evaluation *out)
{
    const sp_evaluation_options options = {
        .metrics = metrics, .metric_count = sizeof metrics / sizeof *metrics, .part = SP_PART_ALL};
    assert_int_equal(sp_trec_run_read(run_path, run, &error), SP_OK);
    assert_int_equal(sp_evaluate_run(run, judgments, &options, out, &error), SP_OK);
}

static void
test_metrics_of_a_run_match_hand_computed_values(void **state)
{
    (void)state;
    sp_judgments judgments;
    sp_trec_run run = {0};
    sp_evaluation evaluation = {0};
    assert_int_equal(read_qrels(qrels, NULL, &judgments), SP_OK);
    put_file(run_path, sp_bytes_of(ranked));
    evaluate(&judgments, &run, &evaluation);
    assert_int_equal(evaluation.count, 3);
    const double *first = evaluation.queries[0].values;
    assert_near(first[0], (1.0 / 2 + 2.0 / 4) / 3, 1e-6);
    assert_near(first[1], (2 / log2(3) + 3 / log2(5)) / (3 + 2 / log2(3) + 1.0 / 2), 1e-6);
    assert_near(first[2], 1.0 / 2, 1e-6);
    assert_near(first[3], 2.0 / 3, 1e-6);
    assert_near(first[4], 0.2, 1e-6);
    assert_near(first[5], (1.0 / 2) / 3, 1e-6);
    assert_int_equal(evaluation.queries[1].url_count, 0);
    assert_near(evaluation.queries[1].values[0], 0, 1e-6);
    assert_near(evaluation.queries[2].values[0], 1.0 / 2, 1e-6); /* z and a are tied: z first */
    assert_near(evaluation.means[0], (1.0 / 3 + 0 + 1.0 / 2) / 3, 1e-6);
    sp_evaluation_done(&evaluation);
    sp_trec_run_done(&run);
    sp_judgments_done(&judgments);
}

/* The address of an archived page contains a second "://". */
static void
test_written_targets_with_a_scheme_inside_read_back_as_the_same(void **state)
{
    (void)state;
    sp_judgments judgments, again;
    SP_AUTO(sp_str_done) sp_str judged = {0};
    assert_int_equal(
        read_qrels(" # c 0 d 1\n1 0 https://archive.org/web/2020/https://www.x.org/ 2\n", NULL,
                   &judgments),
        SP_OK);
    sp_qrels_append(&judgments, &judged);
    assert_str(judged, "1 0 archive.org/web/2020/https://www.x.org 2\n");
    assert_int_equal(read_qrels(judged.data, NULL, &again), SP_OK);
    assert_bytes(again.queries[0].targets[0].target, "archive.org/web/2020/https://www.x.org");
    sp_judgments_done(&judgments);
    sp_judgments_done(&again);
}

static void
test_written_runs_and_qrels_read_back_as_the_same(void **state)
{
    (void)state;
    sp_judgments judgments, again;
    sp_trec_run run = {0}, run_again = {0};
    sp_evaluation evaluation = {0}, evaluation_again = {0};
    SP_AUTO(sp_str_done) sp_str text = {0};
    SP_AUTO(sp_str_done) sp_str judged = {0};
    assert_int_equal(read_qrels(qrels, NULL, &judgments), SP_OK);
    put_file(run_path, sp_bytes_of(ranked));
    evaluate(&judgments, &run, &evaluation);
    sp_trec_run_append(&evaluation, "t", &text);
    assert_str(text, "1 Q0 x 1 4 t\n1 Q0 c 2 3 t\n1 Q0 y 3 2 t\n1 Q0 a 4 1 t\n"
                     "3 Q0 z 1 2 t\n3 Q0 a 2 1 t\n");
    sp_qrels_append(&judgments, &judged);
    assert_str(judged, qrels);
    assert_int_equal(read_qrels(judged.data, NULL, &again), SP_OK);
    put_file(run_path, sp_bytes_of(text.data));
    evaluate(&again, &run_again, &evaluation_again);
    for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++)
        assert_near(evaluation_again.means[i], evaluation.means[i], 1e-6);
    sp_evaluation_done(&evaluation);
    sp_evaluation_done(&evaluation_again);
    sp_trec_run_done(&run);
    sp_trec_run_done(&run_again);
    sp_judgments_done(&judgments);
    sp_judgments_done(&again);
}

static void
test_repeated_targets_keep_their_rank_and_blanks_are_escaped(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str text = {0};
    const sp_judged_query query = {.id = SP_LITERAL("1")};
    sp_bytes targets[] = {SP_LITERAL("/a/"), SP_LITERAL("/b c/"), SP_LITERAL("/a/")};
    sp_evaluated evaluated = {.query = &query, .urls = targets, .targets = targets, .url_count = 3};
    const sp_evaluation evaluation = {.queries = &evaluated, .count = 1};
    sp_trec_run_append(&evaluation, "t", &text);
    assert_str(text, "1 Q0 /a/ 1 3 t\n1 Q0 /b%20c/ 2 2 t\n1 Q0 /a/=3 3 1 t\n");
}

/* Writing this many hits would take minutes in quadratic time. */
static void
test_writing_a_long_ranking_takes_no_quadratic_time(void **state)
{
    (void)state;
    enum { HITS = 300000 };
    SP_AUTO(sp_str_done) sp_str text = {0};
    const sp_judged_query query = {.id = SP_LITERAL("1")};
    char(*names)[12] = calloc(HITS, sizeof *names);
    sp_bytes *targets = calloc(HITS, sizeof *targets);
    assert_true(names && targets);
    for (size_t i = 0; i < HITS; i++) {
        snprintf(names[i], sizeof names[i], "d%zu", i + 1 < HITS ? i : 7);
        targets[i] = sp_bytes_of(names[i]);
    }
    sp_evaluated evaluated = {
        .query = &query, .urls = targets, .targets = targets, .url_count = HITS};
    const sp_evaluation evaluation = {.queries = &evaluated, .count = 1};
    sp_trec_run_append(&evaluation, "t", &text);
    assert_true(
        sp_bytes_ends_with(sp_str_bytes(&text), SP_LITERAL("\n1 Q0 d7=300000 300000 1 t\n")));
    assert_null(memchr(text.data, '=', text.len - sizeof "=300000 300000 1 t"));
    free(names);
    free(targets);
}

static void
test_missing_files_are_rejected_and_an_empty_run_is_read(void **state)
{
    (void)state;
    sp_judgments judgments = {0};
    sp_trec_run run = {0};
    bool qrels_there;
    unlink(qrels_path);
    unlink(run_path);
    assert_int_equal(sp_qrels_are_in(qrels_path, &qrels_there, &error), SP_NOT_FOUND);
    assert_int_equal(sp_qrels_read(qrels_paths, 1, NULL, &judgments, &error), SP_NOT_FOUND);
    assert_int_equal(sp_trec_run_read(run_path, &run, &error), SP_NOT_FOUND);
    put_file(run_path, SP_LITERAL(""));
    assert_int_equal(sp_trec_run_read(run_path, &run, &error), SP_OK);
    assert_int_equal(run.count, 0);
    sp_trec_run_done(&run);
    sp_judgments_done(&judgments);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_url_without_a_host_is_not_a_page_of_the_site),
        cmocka_unit_test(test_qrels_and_topics_are_read),
        cmocka_unit_test(test_qrels_with_urls_identify_pages_by_url),
        cmocka_unit_test(test_the_format_is_recognised_by_the_first_judgment),
        cmocka_unit_test(test_invalid_qrels_are_reported_with_their_position),
        cmocka_unit_test(test_invalid_topics_are_reported_with_their_position),
        cmocka_unit_test(test_a_second_judgment_names_the_file_of_the_first),
        cmocka_unit_test(test_invalid_runs_are_reported_with_their_position),
        cmocka_unit_test(test_hits_rank_by_score_then_by_descending_id),
        cmocka_unit_test(test_metrics_of_a_run_match_hand_computed_values),
        cmocka_unit_test(test_written_targets_with_a_scheme_inside_read_back_as_the_same),
        cmocka_unit_test(test_written_runs_and_qrels_read_back_as_the_same),
        cmocka_unit_test(test_repeated_targets_keep_their_rank_and_blanks_are_escaped),
        cmocka_unit_test(test_writing_a_long_ranking_takes_no_quadratic_time),
        cmocka_unit_test(test_missing_files_are_rejected_and_an_empty_run_is_read),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
