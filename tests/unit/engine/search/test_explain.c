// SPDX-License-Identifier: GPL-2.0-or-later
/* Explanations: how a weight is divided among places, and which difference is the largest. */

#include "harness.h"

#include <signpost/explain.h>

#include <math.h>

static void
share(double weight, const uint32_t counts[SP_PLACE_COUNT], const uint32_t units[SP_PLACE_COUNT],
      uint32_t wdf, sp_explained_place out[SP_PLACE_COUNT])
{
    double sum = 0;
    sp_explain_share(weight, counts, units, wdf, SP_PLACE_TAGS, out);
    for (int i = 0; i < SP_PLACE_COUNT; i++)
        sum += out[i].weight;
    assert_true(fabs(sum - weight) < 1e-12);
}

static void
test_a_weight_is_divided_by_units_of_wdf(void **state)
{
    (void)state;
    const uint32_t counts[SP_PLACE_COUNT] = {[SP_PLACE_TITLE] = 1, [SP_PLACE_TEXT] = 3};
    const uint32_t units[SP_PLACE_COUNT] = {[SP_PLACE_TITLE] = 3, [SP_PLACE_TEXT] = 3};
    const uint32_t none[SP_PLACE_COUNT] = {0};
    sp_explained_place out[SP_PLACE_COUNT];
    share(8, counts, units, 8, out); /* the remaining 2 of the 8 are in the tags */
    assert_true(out[SP_PLACE_TITLE].weight == 3 && out[SP_PLACE_TEXT].weight == 3);
    assert_true(out[SP_PLACE_TAGS].weight == 2);
    assert_int_equal(out[SP_PLACE_TEXT].count, 3);
    share(8, counts, units, 6, out);
    assert_true(out[SP_PLACE_TITLE].weight == 4 && out[SP_PLACE_TAGS].weight == 0);
    share(8, counts, units, 5, out); /* fewer than the 6 units: nothing is left */
    assert_true(out[SP_PLACE_TITLE].weight == 4 && out[SP_PLACE_TAGS].weight == 0);
    share(8, none, none, 0, out);
    assert_true(out[SP_PLACE_TAGS].weight == 8);
    share(0, none, none, 0, out);
    assert_true(out[SP_PLACE_TAGS].weight == 0);
}

/* Two hits. The score of each consists of two words, a pair and something else. */
struct two {
    sp_explained_word words[2][2];
    sp_explained_pair pairs[2];
    sp_explanation explanations[2];
    sp_hit hits[2];
    sp_answer answer;
};

static void
set_up(struct two *two, const double upper[4], const double lower[4])
{
    *two = (struct two){0};
    for (int i = 0; i < 2; i++) {
        const double *parts = i == 0 ? upper : lower;
        sp_explanation *explanation = &two->explanations[i];
        two->words[i][0].weight = two->words[i][0].places[SP_PLACE_HEADING].weight = parts[0];
        two->words[i][1].weight = two->words[i][1].places[SP_PLACE_TEXT].weight = parts[1];
        two->pairs[i].weight = parts[2];
        *explanation = (sp_explanation){.words = two->words[i],
                                        .word_count = 2,
                                        .pairs = &two->pairs[i],
                                        .pair_count = 1,
                                        .other = parts[3],
                                        .score = parts[0] + parts[1] + parts[2] + parts[3]};
        two->hits[i].explanation = explanation;
    }
    two->answer = (sp_answer){.hits = two->hits, .hit_count = 2};
}

static void
test_the_largest_difference_explains_the_order(void **state)
{
    (void)state;
    static const struct {
        double upper[4], lower[4];
        enum sp_above above;
        double here, there;
    } rows[] = {
        {{3, 2, 0, 0}, {1, 2, 0, 0}, SP_ABOVE_WORD, 3, 1},
        {{1, 5, 0, 0}, {2, 2, 0, 0}, SP_ABOVE_WORD, 5, 2},
        {{3, 2, 2, 0}, {2, 2, 0, 0}, SP_ABOVE_PAIRS, 2, 0},
        {{3, 2, 0, 4}, {2, 2, 1, 1}, SP_ABOVE_OTHER, 4, 1},
        {{2, 2, 0, 0}, {2, 2, 0, 0}, SP_ABOVE_EQUAL, 0, 0},
        {{1, 3, 0, 0}, {3, 1, 0, 0}, SP_ABOVE_EQUAL, 0, 0},
        {{2, 2, 0, -1}, {2, 1, 0, -3}, SP_ABOVE_OTHER, -1, -3},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct two two;
        set_up(&two, rows[i].upper, rows[i].lower);
        sp_explain_order(&two.answer, false);
        const sp_explanation *upper = &two.explanations[0];
        assert_int_equal(upper->above, rows[i].above);
        assert_true(upper->here == rows[i].here && upper->there == rows[i].there);
        assert_int_equal(two.explanations[1].above, SP_ABOVE_NOTHING);
        if (upper->above == SP_ABOVE_WORD) {
            assert_int_equal(upper->above_word, i);
            assert_int_equal(upper->above_place, i == 0 ? SP_PLACE_HEADING : SP_PLACE_TEXT);
        }
    }
}

static void
test_pins_titles_and_missing_words_explain_the_order_before_scores(void **state)
{
    (void)state;
    struct two two;
    set_up(&two, (const double[]){1, 0, 0, 0}, (const double[]){9, 0, 0, 0});
    sp_explain_order(&two.answer, true);
    assert_int_equal(two.explanations[0].above, SP_ABOVE_DATE);
    two.hits[0].whole_title = true;
    sp_explain_order(&two.answer, false);
    assert_int_equal(two.explanations[0].above, SP_ABOVE_TITLE);
    two.hits[1].whole_title = true; /* both hits have the title, so the scores decide */
    sp_explain_order(&two.answer, false);
    assert_int_equal(two.explanations[0].above, SP_ABOVE_EQUAL);
    two.hits[1].missing_count = 1;
    sp_explain_order(&two.answer, false);
    assert_int_equal(two.explanations[0].above, SP_ABOVE_COMPLETE);
    two.hits[0].pinned = true;
    sp_explain_order(&two.answer, false);
    assert_int_equal(two.explanations[0].above, SP_ABOVE_PINNED);
    two.hits[0].pinned = false;
    two.hits[1].explanation = NULL; /* the next hit has no explanation to compare with */
    two.explanations[0].above = SP_ABOVE_NOTHING;
    sp_explain_order(&two.answer, false);
    assert_int_equal(two.explanations[0].above, SP_ABOVE_NOTHING);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_weight_is_divided_by_units_of_wdf),
        cmocka_unit_test(test_the_largest_difference_explains_the_order),
        cmocka_unit_test(test_pins_titles_and_missing_words_explain_the_order_before_scores),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
