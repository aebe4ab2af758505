// SPDX-License-Identifier: GPL-2.0-or-later
/* Judged queries: how their files are read, and metrics compared with hand-computed values. */

#include "folder.h"

#include <signpost/evaluate.h>
#include <support/generations.h>

#include "engine/base/lines.h"
#include "indexer/run/requirement.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[FOLDER_MAX], path[128], other_path[128];
static sp_error error;

static int
make_directory(void **state)
{
    (void)state;
    if (make_folder(directory) != 0)
        return -1;
    snprintf(path, sizeof path, "%s/judgments.tsv", directory);
    snprintf(other_path, sizeof other_path, "%s/other.tsv", directory);
    return 0;
}

static int
remove_directory(void **state)
{
    (void)state;
    return remove_folder(directory);
}

static enum sp_status
read_text(const char *text, sp_judgments *out)
{
    const char *paths[] = {path};
    put_file(path, sp_bytes_of(text));
    error = (sp_error){0};
    *out = (sp_judgments){0};
    return sp_judgments_read(paths, 1, out, &error);
}

/* Reading */

static void
test_judgments_are_read(void **state)
{
    (void)state;
    sp_judgments judgments;
    assert_int_equal(
        read_text("\xEF\xBB\xBF# a comment\nb query\t/b/#part\t3\r\n\nb query\thttps://x.org/\t0\n"
                  "a query\t http://www.x.org/y// \t 2\n# held out\nb query\t/c/\t1",
                  &judgments),
        SP_OK);
    assert_int_equal(judgments.count, 3);
    assert_bytes(judgments.queries[0].text, "b query");
    assert_int_equal(judgments.queries[0].target_count, 2);
    assert_int_equal(judgments.queries[0].relevant, 1);
    assert_false(judgments.queries[0].held_out);
    assert_bytes(judgments.queries[1].text, "a query");
    assert_bytes(judgments.queries[1].targets[0].target, "x.org/y");
    assert_true(judgments.queries[2].held_out);
    assert_int_equal(sp_judged_grade(&judgments.queries[0], SP_LITERAL("/b/")), 3);
    assert_int_equal(sp_judged_grade(&judgments.queries[0],
                                     sp_judged_target(&judgments, SP_LITERAL("/b/#other"))),
                     3);
    assert_int_equal(sp_judged_grade(&judgments.queries[0], SP_LITERAL("/c/")), 0);
    assert_int_equal(sp_judged_grade(&judgments.queries[1],
                                     sp_judged_target(&judgments, SP_LITERAL("https://x.org/y"))),
                     2);
    assert_int_equal(sp_judged_grade(&judgments.queries[1], SP_LITERAL("x.org/y#z")), 0);
    sp_judgments_done(&judgments);
}

static void
test_the_later_of_two_grades_counts(void **state)
{
    (void)state;
    sp_judgments judgments;
    assert_int_equal(read_text("q\t/a/\t3\nr\t/a/\t1\nq\t/a/#b\t1\n", &judgments), SP_OK);
    assert_int_equal(judgments.queries[0].target_count, 1);
    assert_int_equal(sp_judged_grade(&judgments.queries[0], SP_LITERAL("/a/")), 1);
    sp_judgments_done(&judgments);
}

static void
test_queries_without_a_grade_above_0_are_left_out(void **state)
{
    (void)state;
    sp_judgments judgments;
    assert_int_equal(read_text("none\t/a/\t0\nsome\t/a/\t1\n", &judgments), SP_OK);
    assert_int_equal(judgments.count, 1);
    assert_bytes(judgments.queries[0].text, "some");
    sp_judgments_done(&judgments);
    assert_int_equal(read_text("# nothing\n\n", &judgments), SP_OK);
    assert_int_equal(judgments.count, 0);
    sp_judgments_done(&judgments);
}

static void
test_several_files_are_read_as_one(void **state)
{
    (void)state;
    const char *paths[] = {path, other_path};
    sp_judgments judgments = {0};
    put_file(path, SP_LITERAL("q\t/a/\t1\n# held out\nr\t/a/\t1\n"));
    put_file(other_path, SP_LITERAL("q\t/b/\t2\n"));
    assert_int_equal(sp_judgments_read(paths, 2, &judgments, &error), SP_OK);
    assert_int_equal(judgments.count, 2);
    assert_int_equal(judgments.queries[0].target_count, 2);
    assert_int_equal(judgments.queries[0].grades[0], 2);
    sp_judgments_done(&judgments);
}

static void
assert_mistake(const char *text, unsigned line, unsigned column, const char *says)
{
    sp_judgments judgments;
    assert_int_equal(read_text(text, &judgments), SP_BAD_INPUT);
    assert_string_equal(error.path, path);
    assert_int_equal(error.line, line);
    assert_int_equal(error.column, column);
    if (!strstr(error.text, says))
        fail_msg("'%s' does not say '%s'", error.text, says);
    sp_judgments_done(&judgments);
}

static void
test_invalid_lines_are_reported_with_their_position(void **state)
{
    (void)state;
    assert_mistake("q\t/a/\t1\nno tabs here\n", 2, 1, "three fields");
    assert_mistake("q\t/a/\n", 1, 1, "three fields");
    assert_mistake(" \t/a/\t1\n", 1, 1, "query is empty");
    assert_mistake("q\t\t1\n", 1, 3, "neither a page");
    assert_mistake("q\thttps://\t1\n", 1, 3, "neither a page");
    assert_mistake("q\t/a/\t\n", 1, 7, "grade");
    assert_mistake("q\t/a/\t-1\n", 1, 7, "grade");
    assert_mistake("q\t/a/\t10\n", 1, 7, "grade");
    assert_mistake("q\t/a/\t2.5\n", 1, 7, "grade");
    assert_mistake("q\t/a/\tgood\n", 1, 7, "grade");
    assert_mistake("q\t/a/\t1\tmore\n", 1, 7, "grade");
    assert_mistake("\n\n# c\nq\xFF\t/a/\t1\n", 4, 2, "UTF-8");
}

static void
test_unreadable_files_are_rejected(void **state)
{
    (void)state;
    sp_judgments judgments = {0};
    const char *paths[] = {path};
    unlink(path);
    assert_int_equal(sp_judgments_read(paths, 1, &judgments, &error), SP_NOT_FOUND);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(sp_judgments_read(paths, 1, &judgments, &error), SP_IO);
    unlink(path);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(sp_judgments_read(paths, 1, &judgments, &error), SP_IO);
    rmdir(path);
    put_file(path, SP_LITERAL(""));
    assert_int_equal(truncate(path, (off_t)SP_LINES_BYTES_MAX + 1), 0);
    assert_int_equal(sp_judgments_read(paths, 1, &judgments, &error), SP_BAD_INPUT);
    sp_judgments_done(&judgments);
}

/* Metrics */

static double
value(const char *metric, const sp_judged_query *query, const unsigned *grades, size_t count)
{
    sp_metric read;
    assert_true(sp_metric_read(sp_bytes_of(metric), &read));
    return sp_metric_of(&read, query, grades, count);
}

static void
test_metrics_of_graded_hits_match_hand_computed_values(void **state)
{
    (void)state;
    unsigned judged[] = {3, 2, 1};
    const unsigned found[] = {2, 0, 3, 1};
    const sp_judged_query query = {.grades = judged, .relevant = 3};
    /* (2/1 + 3/2 + 1/log2 5) / (3/1 + 2/log2 3 + 1/2) */
    assert_near(value("nDCG@10", &query, found, 4), 0.8254499, 1e-6);
    assert_near(value("nDCG@2", &query, found, 4), 0.4692786, 1e-6); /* 2 / (3 + 2/log2 3) */
    assert_near(value("P@4", &query, found, 4), 0.75, 1e-6);
    assert_near(value("P@10", &query, found, 4), 0.3,
                1e-6); /* 3 of 10, although there are fewer hits */
    assert_near(value("recall@3", &query, found, 4), 2.0 / 3, 1e-6);
    assert_near(value("MRR", &query, found, 4), 1, 1e-6);
    assert_near(value("success@1", &query, found, 4), 1, 1e-6);
}

static void
test_metrics_of_a_late_first_hit_match_hand_computed_values(void **state)
{
    (void)state;
    unsigned judged[] = {1};
    const unsigned found[] = {0, 0, 1};
    const sp_judged_query query = {.grades = judged, .relevant = 1};
    assert_near(value("RR@10", &query, found, 3), 1.0 / 3, 1e-6);
    assert_near(value("MRR@2", &query, found, 3), 0, 1e-6);
    assert_near(value("nDCG@3", &query, found, 3), 0.5, 1e-6);
    assert_near(value("success@3", &query, found, 3), 0, 1e-6); /* the grade 1 is too low */
    assert_near(value("P@1", &query, found, 3), 0, 1e-6);
}

static void
test_ndcg_of_equal_grades_matches_hand_computed_values(void **state)
{
    (void)state;
    unsigned judged[] = {1, 1, 1};
    const unsigned found[] = {0, 1, 1, 0, 1};
    const sp_judged_query query = {.grades = judged, .relevant = 3};
    const unsigned best[] = {1, 1, 1};
    assert_near(value("nDCG", &query, best, 3), 1, 1e-6);
    /* (1/log2 3 + 1/2 + 1/log2 6) / (1 + 1/log2 3 + 1/2) */
    assert_near(value("nDCG", &query, found, 5), 0.7122631, 1e-6);
}

static void
test_average_precision_matches_hand_computed_values(void **state)
{
    (void)state;
    unsigned judged[] = {3, 2, 1, 1};
    const unsigned found[] = {1, 0, 3, 0, 0, 2};
    const sp_judged_query query = {.grades = judged, .relevant = 4};
    assert_near(value("MAP", &query, found, 6), (1 + 2.0 / 3 + 3.0 / 6) / 4, 1e-6);
    assert_near(value("MAP@3", &query, found, 6), (1 + 2.0 / 3) / 4, 1e-6);
    assert_near(value("AP@1", &query, found, 6), 1.0 / 4, 1e-6);
}

static void
test_metrics_without_relevant_hits_are_0(void **state)
{
    (void)state;
    unsigned judged[] = {2};
    const sp_judged_query query = {.grades = judged, .relevant = 1}, none = {0};
    const char *const metrics[] = {"nDCG", "P", "success", "MRR", "recall", "MAP"};
    const unsigned zeros[] = {0, 0};
    for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++) {
        assert_near(value(metrics[i], &query, NULL, 0), 0, 1e-6);
        assert_near(value(metrics[i], &query, zeros, 2), 0, 1e-6);
        assert_near(value(metrics[i], &none, zeros, 2), 0, 1e-6);
    }
}

static void
test_ndcg_is_1_with_more_targets_than_depth(void **state)
{
    (void)state;
    unsigned judged[] = {3, 3, 3};
    const unsigned found[] = {3, 3};
    const sp_judged_query query = {.grades = judged, .relevant = 3};
    assert_near(value("nDCG@2", &query, found, 2), 1, 1e-6);
    assert_near(value("recall@2", &query, found, 2), 2.0 / 3, 1e-6);
}

static void
test_names_of_metrics_are_read_and_written(void **state)
{
    (void)state;
    static const char *const good[][2] = {
        {"ndcg", "nDCG@10"},          {"NDCG@5", "nDCG@5"}, {"p@1", "P@1"},
        {"Success@3", "success@3"},   {"rr", "MRR@10"},     {"mrr@1000", "MRR@1000"},
        {"RECALL@0010", "recall@10"}, {"map", "MAP"},       {"AP@5", "MAP@5"}};
    static const char *const bad[] = {"",          "mapp",     "nDCG@",  "nDCG@0",
                                      "nDCG@1001", "@10",      "nDCG@x", "nDCG@-1",
                                      "nDCG@1 ",   "nDCG@1@2", "nDCG10"};
    sp_metric metric;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        SP_AUTO(sp_str_done) sp_str name = {0};
        assert_true(sp_metric_read(sp_bytes_of(good[i][0]), &metric));
        sp_metric_append(&name, &metric);
        assert_str(name, good[i][1]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(sp_metric_read(sp_bytes_of(bad[i]), &metric));
}

static void
test_requirements_are_read_and_checked(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",         "nDCG",      "nDCG>=",    "nDCG>=x",    "nDCG>=1.1", "nDCG>=-0.1", "nDCG=0.5",
        "nDCG<0.5", "nDCG>=nan", "nDCG>=1e0", "nDCG>=0,5",  "nDCG>==1",  ">=0.5",      "nDCG>=.",
        "x>=0.5",   "nDCG>>0.5", "nDCG>=0x1", "nDCG>=0.5%", "nDCG>=0..5"};
    sp_requirement requirement;
    assert_true(sp_requirement_read(SP_LITERAL("nDCG@5>=0.8"), &requirement));
    assert_int_equal(requirement.metric.depth, 5);
    assert_false(requirement.above);
    assert_near(requirement.wanted, 0.8, 1e-6);
    assert_true(sp_requirement_is_met(&requirement, 0.8));
    assert_true(
        sp_requirement_is_met(&requirement, (0.7 + 0.9 + 0.8) / 3)); /* equal except for rounding */
    assert_false(sp_requirement_is_met(&requirement, 0.79999));
    assert_true(sp_requirement_read(SP_LITERAL(" p > .5 "), &requirement));
    assert_true(requirement.above);
    assert_false(sp_requirement_is_met(&requirement, 0.5));
    assert_true(sp_requirement_is_met(&requirement, 0.50001));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(sp_requirement_read(sp_bytes_of(bad[i]), &requirement));
}

/* Evaluating an index in which each post has the URL /x/ */

static enum sp_status
refuse(void *context, sp_error *err)
{
    int *calls = context;
    return ++*calls == 2 ? sp_fail(err, SP_CANCELLED, "enough") : SP_OK;
}

static void
check_evaluation(sp_reader *reader, const sp_judgments *judgments)
{
    const sp_metric metrics[] = {{SP_NDCG, 10}, {SP_RECIPROCAL_RANK, 10}, {SP_RECALL, 1}};
    int calls = 0;
    sp_evaluation_options options = {.metrics = metrics, .metric_count = 3, .part = SP_PART_ALL};
    sp_evaluation all = {0}, held_out = {0}, cancelled = {0};
    assert_int_equal(sp_evaluate(reader, judgments, &options, &all, &error), SP_OK);
    assert_int_equal(all.count, 3);
    assert_true(all.queries[0].url_count > 1);
    assert_bytes(all.queries[0].urls[1], "/x/");
    assert_near(all.queries[0].values[0], 1, 1e-6); /* each target counts once */
    assert_near(all.queries[0].values[2], 1, 1e-6);
    assert_near(all.queries[1].values[1], 0, 1e-6);
    assert_near(all.means[0], 2.0 / 3, 1e-6);
    options.part = SP_PART_HELD_OUT;
    assert_int_equal(sp_evaluate(reader, judgments, &options, &held_out, &error), SP_OK);
    assert_int_equal(held_out.count, 1);
    assert_near(held_out.means[1], 1, 1e-6);
    options = (sp_evaluation_options){.metrics = metrics,
                                      .metric_count = 3,
                                      .part = SP_PART_ALL,
                                      .step = refuse,
                                      .context = &calls};
    assert_int_equal(sp_evaluate(reader, judgments, &options, &cancelled, &error), SP_CANCELLED);
    sp_evaluation_done(&all);
    sp_evaluation_done(&held_out);
    sp_evaluation_done(&cancelled);
}

static void
test_an_index_is_evaluated_by_part_and_can_be_cancelled(void **state)
{
    (void)state;
    sp_store *store;
    sp_reader *reader;
    sp_judgments judgments;
    char index[128];
    const char *const paths[] = {index};
    snprintf(index, sizeof index, "%s/index", directory);
    assert_int_equal(sp_store_open(index, false, NULL, &store, NULL), SP_OK);
    generation_swap(store, 1);
    sp_store_close(store);
    assert_int_equal(sp_reader_open(paths, 1, &reader, NULL), SP_OK);
    assert_int_equal(
        read_text("residency\t/x/#a\t3\nresearch\t/y/\t3\n# held out\nguide\t/x/\t1\n", &judgments),
        SP_OK);
    check_evaluation(reader, &judgments);
    sp_judgments_done(&judgments);
    sp_reader_close(reader);
}

static void
test_the_mean_of_no_queries_is_0(void **state)
{
    (void)state;
    size_t count = 5;
    const sp_evaluation none = {0};
    assert_near(sp_evaluation_mean(&none, 0, SP_PART_ALL, &count), 0, 0);
    assert_int_equal(count, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_judgments_are_read),
        cmocka_unit_test(test_the_later_of_two_grades_counts),
        cmocka_unit_test(test_queries_without_a_grade_above_0_are_left_out),
        cmocka_unit_test(test_several_files_are_read_as_one),
        cmocka_unit_test(test_invalid_lines_are_reported_with_their_position),
        cmocka_unit_test(test_unreadable_files_are_rejected),
        cmocka_unit_test(test_metrics_of_graded_hits_match_hand_computed_values),
        cmocka_unit_test(test_metrics_of_a_late_first_hit_match_hand_computed_values),
        cmocka_unit_test(test_ndcg_of_equal_grades_matches_hand_computed_values),
        cmocka_unit_test(test_average_precision_matches_hand_computed_values),
        cmocka_unit_test(test_metrics_without_relevant_hits_are_0),
        cmocka_unit_test(test_ndcg_is_1_with_more_targets_than_depth),
        cmocka_unit_test(test_the_mean_of_no_queries_is_0),
        cmocka_unit_test(test_names_of_metrics_are_read_and_written),
        cmocka_unit_test(test_requirements_are_read_and_checked),
        cmocka_unit_test(test_an_index_is_evaluated_by_part_and_can_be_cancelled),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
