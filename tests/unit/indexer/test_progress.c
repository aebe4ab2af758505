// SPDX-License-Identifier: GPL-2.0-or-later
/* What `indexer` prints during a run and after it: the rate, the text of the bar, the summary. */
#include "harness.h"

#include "indexer/rate.h"
#include "indexer/progress_text.h"
#include "indexer/summary.h"

#include <math.h>

static void
assert_about(double actual, double expected)
{
    if (fabs(actual - expected) > expected / 10)
        fail_msg("%g is not about %g", actual, expected);
}

/* The rate of steady work is estimated ten times a second. */
static void
test_steady_work_has_a_steady_rate(void **state)
{
    (void)state;
    sp_rate rate;
    double per_second, left;
    sp_rate_start(&rate, 1000);
    for (int i = 1; i <= 9; i++)
        assert_false(
            sp_rate_estimate(&rate, 1000 + i / 10.0, (size_t)i * 10, 5000, &per_second, &left));
    for (int i = 11; i <= 400; i++) {
        assert_true(
            sp_rate_estimate(&rate, 1000 + i / 10.0, (size_t)i * 10, 5000, &per_second, &left));
        assert_about(per_second, 100);
        if (i <= 350)
            assert_true(fabs(left - (50 - i / 10.0)) < 1.5);
    }
}

/* If steps come in bursts, the time left changes by less than a fifth between two estimates. */
static void
test_bursts_do_not_make_the_time_left_jump(void **state)
{
    (void)state;
    sp_rate rate;
    double per_second, left, before = 0;
    size_t done = 0;
    sp_rate_start(&rate, 0);
    for (int i = 1; i <= 600; i++) {
        done += i % 7 == 0 ? 70 : 0;
        bool known = sp_rate_estimate(&rate, i / 10.0, done, 100000, &per_second, &left);
        if (i > 50) {
            assert_true(known);
            assert_true(before == 0 || fabs(left - before) < before / 5);
            before = left;
        }
    }
}

static void
test_the_rate_forgets_work_after_ten_seconds(void **state)
{
    (void)state;
    sp_rate rate;
    double per_second, left;
    size_t done = 0;
    sp_rate_start(&rate, 0);
    for (int i = 1; i <= 400; i++) {
        done += i <= 200 ? 1000 : 10;
        sp_rate_estimate(&rate, i / 10.0, done, 1000000, &per_second, &left);
    }
    assert_about(per_second, 100);
    for (int i = 401; i <= 520; i++) /* no work is done any more */
        sp_rate_estimate(&rate, i / 10.0, done, 1000000, &per_second, &left);
    assert_false(sp_rate_estimate(&rate, 60, done, 1000000, &per_second, &left));
}

static void
test_an_unknown_total_has_no_rate(void **state)
{
    (void)state;
    sp_rate rate;
    double per_second, left;
    sp_rate_start(&rate, 0);
    assert_false(sp_rate_estimate(&rate, 5, 0, 0, &per_second, &left));
    assert_false(sp_rate_estimate(&rate, 9, 7, 0, &per_second, &left));
    sp_rate_start(&rate,
                  0); /* more steps than the total, because other threads are still counting */
    assert_true(sp_rate_estimate(&rate, 5, 12, 10, &per_second, &left));
    assert_true(left <= 0);
}

static void
test_longer_durations_are_shown_with_coarser_units(void **state)
{
    (void)state;
    static const struct {
        double seconds;
        const char *text;
    } cases[] = {{0, "1 s"},        {1, "1 s"},          {59.9, "59 s"},
                 {60, "1 min 0 s"}, {99, "1 min 30 s"},  {600, "10 min"},
                 {3599, "59 min"},  {3600, "1 h 0 min"}, {36000.0 * 24 * 10 - 1, "2399 h 59 min"},
                 {1e300, "months"}, {INFINITY, "months"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SP_AUTO(sp_str_done) sp_str text = {0};
        sp_rate_append_time(&text, cases[i].seconds);
        assert_str(text, cases[i].text);
    }
}

static const sp_progress_state reading = {.phase = SP_PHASE_POSTS,
                                          .done = 1000,
                                          .total = 4000,
                                          .seconds = 2,
                                          .has_rate = true,
                                          .rate = 512.3,
                                          .left = 5.9};

static void
test_a_narrow_bar_drops_its_parts_in_order(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_progress_text_bar(&reading, 79, &text);
    assert_str(text, "reading posts [#######.......................] 1000/4000  512/s  5 s left");
    sp_progress_text_bar(&reading, 60, &text);
    assert_str(text, "reading posts [####.............] 1000/4000  512/s  5 s left");
    sp_progress_text_bar(&reading, 50, &text);
    assert_str(text, "reading posts [###...........] 1000/4000  5 s left");
    sp_progress_text_bar(&reading, 40, &text);
    assert_str(text, "reading posts 1000/4000  5 s left");
    sp_progress_text_bar(&reading, 30, &text);
    assert_str(text, "reading posts 1000/4000");
    sp_progress_text_bar(&reading, 9, &text);
    assert_str(text, "reading p");
    sp_progress_text_bar(&reading, 0, &text);
    assert_str(text, "");
}

/* The bar fits even if more steps are done than the total. */
static void
test_a_bar_is_never_wider_than_the_terminal(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str text = {0};
    for (int phase = SP_PHASE_START; phase <= SP_PHASE_MERGE; phase++) {
        sp_progress_state wild = {(enum sp_phase)phase, SIZE_MAX, 7, 1e9, true, 1e9, 1e9};
        for (size_t columns = 0; columns < 300; columns++) {
            sp_progress_text_bar(&wild, columns, &text);
            assert_true(text.len <= columns);
            wild.total = columns % 2 ? SIZE_MAX : 0;
        }
    }
}

static void
test_each_phase_has_its_own_text(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_progress_state resources = reading;
    resources.phase = SP_PHASE_RESOURCES;
    sp_progress_text_bar(&resources, 79, &text);
    assert_str(text, "gathering resources [#######.......................] 25 %  5 s left");
    sp_progress_text_line(&resources, &text);
    assert_str(text, "gathering resources: 25 %, 5 s left");
    sp_progress_state merging = {.phase = SP_PHASE_MERGE, .seconds = 12.3};
    sp_progress_text_bar(&merging, 79, &text);
    assert_str(text, "writing the index 12 s");
    sp_progress_text_line(&merging, &text);
    assert_str(text, "writing the index: 12 s");
    sp_progress_text_end(&merging, &text);
    assert_str(text, "writing the index: 12.3 s");
}

static void
test_plain_lines_show_counts_rate_and_time_left(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_progress_state early = reading;
    sp_progress_text_line(&reading, &text);
    assert_str(text, "reading posts: 1000 of 4000, 512/s, 5 s left");
    early.has_rate = false;
    sp_progress_text_line(&early, &text);
    assert_str(text, "reading posts: 1000 of 4000");
    sp_progress_text_end(&early, &text);
    assert_str(text, "reading posts: 1000 of 4000 in 2.0 s");
    early.done = 4000;
    sp_progress_text_end(&early, &text);
    assert_str(text, "reading posts: 4000 in 2.0 s");
}

/* The summary */

static void
assert_summary(const sp_run_report *report, bool dry_run, const char *expected)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_summary_append(report, dry_run, &text);
    assert_str(text, expected);
}

static void
test_the_summary_leaves_out_zero_counts(void **state)
{
    (void)state;
    sp_run_report report = {.posts = {.added = 2, .updated = 1, .removed = 3, .total = 60},
                            .resources = {.added = 1, .total = 1},
                            .changed = true,
                            .published = true,
                            .seconds = 0.125};
    assert_summary(&report, false,
                   "indexed 60 posts (2 added, 1 updated, 3 removed), 1 resource (1 added) in "
                   "0.12 s\n");
    report.published = false;
    assert_summary(&report, true,
                   "would index 60 posts (2 added, 1 updated, 3 removed), 1 resource (1 added) in "
                   "0.12 s\n");
    report.posts = report.resources = (sp_run_counts){.total = 1};
    assert_summary(&report, true, "would index 1 post, 1 resource in 0.12 s\n");
    report.changed = false;
    assert_summary(&report, true, "nothing would change: 1 post, 1 resource in 0.12 s\n");
    assert_summary(&report, false, "nothing changed: 1 post, 1 resource in 0.12 s\n");
    report.published = true; /* --full */
    assert_summary(&report, false, "indexed 1 post, 1 resource in 0.12 s\n");
}

static void
test_the_summary_counts_failures_and_kept_posts(void **state)
{
    (void)state;
    sp_run_error errors[3] = {{.kept = true}};
    sp_run_report report = {.errors = errors, .error_count = 1};
    assert_summary(&report, false,
                   "nothing changed: 0 posts, 0 resources in 0.00 s; 1 file could not be indexed; "
                   "its last good version stays in the index\n");
    report.error_count = 3;
    assert_summary(&report, false,
                   "nothing changed: 0 posts, 0 resources in 0.00 s; 3 files could not be indexed; "
                   "the last good version of 1 of them stays in the index\n");
    errors[1].kept = errors[2].kept = true;
    assert_summary(&report, false,
                   "nothing changed: 0 posts, 0 resources in 0.00 s; 3 files could not be indexed; "
                   "their last good versions stay in the index\n");
    errors[0] = errors[1] = errors[2] = (sp_run_error){.kept = false};
    assert_summary(&report, false,
                   "nothing changed: 0 posts, 0 resources in 0.00 s; 3 files could not be "
                   "indexed\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steady_work_has_a_steady_rate),
        cmocka_unit_test(test_bursts_do_not_make_the_time_left_jump),
        cmocka_unit_test(test_the_rate_forgets_work_after_ten_seconds),
        cmocka_unit_test(test_an_unknown_total_has_no_rate),
        cmocka_unit_test(test_longer_durations_are_shown_with_coarser_units),
        cmocka_unit_test(test_a_narrow_bar_drops_its_parts_in_order),
        cmocka_unit_test(test_a_bar_is_never_wider_than_the_terminal),
        cmocka_unit_test(test_each_phase_has_its_own_text),
        cmocka_unit_test(test_plain_lines_show_counts_rate_and_time_left),
        cmocka_unit_test(test_the_summary_leaves_out_zero_counts),
        cmocka_unit_test(test_the_summary_counts_failures_and_kept_posts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
