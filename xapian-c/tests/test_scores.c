// SPDX-License-Identifier: GPL-2.0-or-later
/* Queries of xapian-c-scores.h, over one index of 300 documents. */
#include "support.h"

#include "xapian-c-scores.h"

#include <math.h>

static void
bad_scores_and_shares_are_refused(void **state)
{
    (void)state;
    const float scores[] = {1, NAN};
    assert_int_equal(fault_of(xc_query_scores(NULL, 1, 1)), XC_BAD_ARGUMENT);
    assert_int_equal(fault_of(xc_query_scores(scores, 1, -1)), XC_BAD_ARGUMENT);
    assert_int_equal(fault_of(xc_query_scores(scores, 2, 1)), XC_BAD_ARGUMENT);
    const xc_bytes covered[] = {XC_BYTES("a"), XC_BYTES("")};
    const double shares[] = {.5, -1};
    assert_int_equal(fault_of(xc_query_coverage(NULL, shares, 1, 1, 1, 0)), XC_BAD_ARGUMENT);
    assert_int_equal(fault_of(xc_query_coverage(covered, NULL, 1, 1, 1, 0)), XC_BAD_ARGUMENT);
    assert_int_equal(fault_of(xc_query_coverage(covered, shares, 2, 1, 1, 0)), XC_BAD_ARGUMENT);
    assert_int_equal(fault_of(xc_query_coverage(covered, shares + 1, 1, 1, 1, 0)), XC_BAD_ARGUMENT);
    assert_int_equal(fault_of(xc_query_coverage(covered, shares, 1, UINT32_MAX, 1, 0)),
                     XC_BAD_ARGUMENT);
    assert_int_equal(fault_of(xc_query_coverage(covered, shares, 1, 1, -1, 0)), XC_BAD_ARGUMENT);
    assert_int_equal(fault_of(xc_query_coverage(covered, shares, 1, 1, 1, (double)NAN)),
                     XC_BAD_ARGUMENT);
}

/* Scores of the caller: alone, added to the weight of terms, and page by page. */
static void
scores_weight_documents(void **state)
{
    xc_error err;
    xc_page *page = NULL;
    float scores[310] = {0};
    (void)state;
    scores[6] = .5F, scores[9] = .25F, scores[12] = -1, scores[305] = .125F;
    assert_int_equal(matches(xc_query_scores(scores, 300, 2)), 2);
    assert_int_equal(matches(xc_query_scores(NULL, 0, 2)), 0);
    assert_int_equal(matches(xc_query_scores(scores, 300, 0)), 0);
    xc_query *both[] = {xc_query_scores(scores, 300, 2), term("even")};
    assert_int_equal(matches(xc_query_and(both, 2)), 1);
    assert_int_equal(matches(xc_query_and_not(xc_query_scores(scores, 300, 2), term("even"))), 1);
    xc_query *query = xc_query_and_maybe(term("even"), xc_query_scores(scores, 310, 8));
    xc_request request = {.query = query, .limit = 2, .weighting = XC_WEIGHT_COORDINATE};
    ok(xc_search(shared_reader, &request, &page, &err));
    assert_int_equal(page->hits[0].docid, 10);
    assert_true(fabs(page->hits[0].weight - page->hits[1].weight - 2) < 1e-9);
    assert_int_equal(page->matches_lower, 150);
    xc_page_free(page);
    for (request.limit = 1, request.offset = 0; request.offset < 3; request.offset++) {
        ok(xc_search(shared_reader, &request, &page, &err));
        assert_true((page->hits[0].docid == 10) == (request.offset == 0));
        xc_page_free(page);
    }
    xc_query_free(query);
}

/* Scores refer to the document ids of one index. */
static void
scores_need_a_single_local_index(void **state)
{
    xc_error err;
    xc_reader *several = NULL;
    xc_page *page = NULL;
    const float scores[] = {1};
    const char *paths[] = {in(state, "index"), in(state, "index")};
    ok(xc_reader_open_many(paths, 2, &several, &err));
    xc_query *query = xc_query_scores(scores, 1, 1);
    xc_query *copy = xc_query_copy(query);
    const xc_request request = {.query = copy, .limit = 2};
    assert_int_equal(xc_search(several, &request, &page, &err), XC_UNSUPPORTED);
    ok(xc_search(shared_reader, &request, &page, &err));
    assert_int_equal(page->hit_count, 1);
    xc_page_free(page);
    xc_query_free(query);
    xc_query_free(copy);
    xc_reader_close(several);
}

/* The weight of the document by coverage; 0 if it does not match. */
static double
coverage_of(xc_reader *of, uint32_t docid, double scale, double least)
{
    xc_error err;
    xc_page *page = NULL;
    double weight = 0;
    const xc_bytes terms[] = {XC_BYTES("even"), XC_BYTES("w4"), XC_BYTES("absent")};
    const double shares[] = {.5, .25, .25};
    xc_query *query = xc_query_coverage(terms, shares, 3, 1, scale, least);
    const xc_request request = {.query = query, .limit = 300};
    ok(xc_search(of, &request, &page, &err));
    for (size_t i = 0; i < page->hit_count; i++)
        weight += page->hits[i].docid == docid ? page->hits[i].weight : 0;
    xc_page_free(page);
    xc_query_free(query);
    return weight;
}

/* The slot holds the digit n % 3, which is read as the byte '0' + n % 3. */
static void
coverage_weighs_query_and_field(void **state)
{
    (void)state;
    assert_true(fabs(coverage_of(shared_reader, 4, 2, 0) - 2 * .75 * .75 * 2 / ('0' + 1)) < 1e-9);
    assert_true(fabs(coverage_of(shared_reader, 2, 2, 0) - 2 * .5 * .5 * 1 / ('0' + 2)) < 1e-9);
    assert_true(fabs(coverage_of(shared_reader, 3, 2, 0) - 0) < 1e-9);
    assert_true(fabs(coverage_of(shared_reader, 4, 2, .6) - 2 * .75 * .75 * 2 / ('0' + 1)) < 1e-9);
    assert_true(fabs(coverage_of(shared_reader, 2, 2, .6) - 0) < 1e-9);

    const xc_bytes even[] = {XC_BYTES("even")};
    const double share[] = {1};
    assert_int_equal(matches(xc_query_coverage(even, share, 1, 9, 1, 0)), 300);
    assert_int_equal(matches(xc_query_coverage(NULL, NULL, 0, 1, 1, 0)), 300);
    assert_int_equal(
        matches(xc_query_and_maybe(term("odd"), xc_query_coverage(even, share, 1, 1, 1, 0))), 150);
}

/* Optional parts side by side keep their weights, and a small page has the hits of a large one. */
static void
coverage_goes_with_other_optional_parts(void **state)
{
    xc_error err;
    xc_page *pages[2] = {NULL, NULL};
    float scores[300];
    const xc_bytes terms[] = {XC_BYTES("w4")}, pair[] = {XC_BYTES("all"), XC_BYTES("even")};
    const double shares[] = {1};
    (void)state;
    for (int i = 0; i < 300; i++)
        scores[i] = (float)(i % 7) / 7;
    xc_query *phrase = xc_query_and_maybe(xc_query_phrase(pair, 2, 2), xc_query_all());
    xc_query *query = xc_query_and_maybe(term("all"), phrase);
    query = xc_query_and_maybe(query, xc_query_coverage(terms, shares, 1, 1, 50, 0));
    query = xc_query_and_maybe(query, xc_query_scores(scores, 300, .1));
    for (uint32_t i = 0; i < 2; i++) {
        const xc_request request = {.query = query,
                                    .limit = i ? 300 : 5,
                                    .check_at_least = 10,
                                    .weighting = XC_WEIGHT_BM25};
        ok(xc_search(shared_reader, &request, &pages[i], &err));
    }
    for (size_t i = 0; i < 3; i++) /* documents 4, 104, 204 */
        assert_int_equal(pages[1]->hits[i].docid % 100, 4);
    assert_true(pages[1]->hits[2].weight > pages[1]->hits[3].weight + .9);
    for (size_t i = 0; i < 5; i++)
        assert_true(pages[0]->hits[i].docid == pages[1]->hits[i].docid &&
                    fabs(pages[0]->hits[i].weight - pages[1]->hits[i].weight) < 1e-9);
    for (int i = 0; i < 2; i++)
        xc_page_free(pages[i]);
    xc_query_free(query);
}

static void
coverage_is_found_in_every_shard(void **state)
{
    xc_error err;
    xc_reader *several = NULL;
    const char *paths[] = {in(state, "index"), in(state, "index")};
    ok(xc_reader_open_many(paths, 2, &several, &err));
    for (uint32_t docid = 7; docid <= 8; docid++) /* document 4 of each shard */
        assert_true(fabs(coverage_of(several, docid, 2, 0) - 2 * .75 * .75 * 2 / ('0' + 1)) < 1e-9);
    xc_reader_close(several);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_scores_and_shares_are_refused),
        cmocka_unit_test(scores_weight_documents),
        cmocka_unit_test(scores_need_a_single_local_index),
        cmocka_unit_test(coverage_weighs_query_and_field),
        cmocka_unit_test(coverage_goes_with_other_optional_parts),
        cmocka_unit_test(coverage_is_found_in_every_shard),
    };
    return cmocka_run_group_tests_name("binding.scores", tests, open_shared, close_shared);
}
