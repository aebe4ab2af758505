// SPDX-License-Identifier: GPL-2.0-or-later
/* The paired randomisation test, compared with values that can be computed by counting. */

#include "harness.h"

#include <signpost/comparison.h>

#include <math.h>

static double
paired_p(const double *differences, size_t count, bool exact)
{
    double copy[256];
    bool counted;
    for (size_t i = 0; i < count; i++)
        copy[i] = differences[i];
    double p = sp_paired_test(copy, count, &counted);
    assert_int_equal(counted, exact);
    return p;
}

static void
test_few_differences_are_counted_exactly(void **state)
{
    (void)state;
    const double none[] = {0, 0, 0}, one[] = {0.3}, alike[] = {0.1, 0.1, 0.1, 0.1, 0.1};
    const double mixed[] = {1, 2, 3, -4, 0}, balanced[] = {0.5, -0.5};
    assert_near(paired_p(none, 3, true), 1, 0);
    assert_near(paired_p(none, 0, true), 1, 0);
    assert_near(paired_p(one, 1, true), 1, 0);
    assert_near(paired_p(alike, 5, true), 2.0 / 32, 1e-12); /* two of the 2^5 assignments */
    assert_near(paired_p(balanced, 2, true), 1, 1e-12);
    /* The sum is 2. Of the 16 sign assignments of 1, 2, 3, 4, only two have a sum closer to 0. */
    assert_near(paired_p(mixed, 5, true), 14.0 / 16, 1e-12);
    double far[20];
    for (size_t i = 0; i < 20; i++)
        far[i] = 0.01 * ((double)i + 1);
    assert_near(paired_p(far, 20, true), 2 / pow(2, 20), 1e-12);
}

/* Differences of equal size behave like tosses of a coin: the share of sums that are at least as
   far from 0 follows the binomial distribution. */
static void
test_many_differences_are_sampled_close_to_the_exact_value(void **state)
{
    (void)state;
    double coins[100];
    for (size_t i = 0; i < 100; i++)
        coins[i] = i < 60 ? 0.25 : -0.25;
    assert_near(paired_p(coins, 100, false), 0.0568879, 0.003); /* 2 P(X >= 60), X ~ B(100, 1/2) */
    assert_near(paired_p(coins, 100, false), paired_p(coins, 100, false), 0);
    for (size_t i = 0; i < 100; i++)
        coins[i] = 0.25;
    assert_near(paired_p(coins, 100, false), 1.0 / (SP_SIGNS_SAMPLES + 1), 1e-12);
}

static void
test_two_evaluations_are_compared_by_query(void **state)
{
    (void)state;
    double values[2][4][1] = {{{0.5}, {0.5}, {0.5}, {0}}, {{1}, {0.25}, {0.5}, {1}}};
    double means[2][1] = {{0.375}, {0.6875}};
    sp_evaluated queries[2][4];
    sp_comparison comparison;
    for (int which = 0; which < 2; which++) {
        for (int i = 0; i < 4; i++)
            queries[which][i] = (sp_evaluated){.values = values[which][i]};
    }
    const sp_evaluation first = {.queries = queries[0], .count = 4, .means = means[0]},
                        second = {.queries = queries[1], .count = 4, .means = means[1]};
    assert_int_equal(sp_evaluations_compare(&first, &second, 0, &comparison, NULL), SP_OK);
    assert_int_equal(comparison.better, 2);
    assert_int_equal(comparison.worse, 1);
    assert_int_equal(comparison.same, 1);
    assert_true(comparison.exact);
    /* The differences 0.5, -0.25 and 1 have the sum 1.25. Of the possible sums 1.75, 1.25, 0.75 and
       0.25, two are at least as far from 0. */
    assert_near(comparison.p, 0.5, 1e-12);
    assert_near(comparison.second - comparison.first, 0.3125, 1e-12);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_few_differences_are_counted_exactly),
        cmocka_unit_test(test_many_differences_are_sampled_close_to_the_exact_value),
        cmocka_unit_test(test_two_evaluations_are_compared_by_query),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
