// SPDX-License-Identifier: GPL-2.0-or-later
/* Terms whose weight does not count, in an index from which a document was removed: its list of all
   documents has a gap, and is stored in parts. libxapian cannot read that list in place of a term
   that every document has; see listed.hh. */
#include "support.h"

#include <stdio.h>

#define DOCUMENTS 3000
#define REMOVED 1500

static int
setup(void **state)
{
    xc_error err;
    char text[16];
    int failed = make_room(state);
    xc_writer *writer = open_writer(in(state, "index"), XC_OPEN_OR_CREATE);
    for (unsigned n = 1; n <= DOCUMENTS; n++) {
        xc_doc *doc = xc_doc_new();
        ok(xc_doc_add_term(doc, XC_BYTES("all"), 1, &err));
        ok(xc_doc_add_term(doc, bytes(n % 2 ? "odd" : "even"), 1, &err));
        snprintf(text, sizeof text, "Q%u", n);
        ok(xc_doc_add_boolean_term(doc, bytes(text), &err));
        ok(xc_writer_add(writer, doc, NULL, &err));
        xc_doc_free(doc);
    }
    snprintf(text, sizeof text, "Q%d", REMOVED);
    ok(xc_writer_commit(writer, &err));
    ok(xc_writer_delete(writer, bytes(text), &err));
    ok(xc_writer_commit(writer, &err));
    xc_writer_close(writer);
    shared_reader = open_reader(in(state, "index"));
    return failed;
}

/* Runs the query and frees it. Returns the number of matches. */
static uint32_t
found(xc_reader *of, xc_query *query, xc_weighting weighting)
{
    xc_error err;
    xc_page *page = NULL;
    const xc_request request = {
        .query = query, .limit = 1, .check_at_least = 2 * DOCUMENTS, .weighting = weighting};
    ok(xc_search(of, &request, &page, &err));
    uint32_t count = page->matches_lower;
    assert_int_equal(page->matches_upper, count);
    xc_page_free(page);
    xc_query_free(query);
    return count;
}

static uint32_t
ranked(xc_query *query)
{
    return found(shared_reader, query, XC_WEIGHT_BM25);
}

static void
a_term_of_every_document_filters(void **state)
{
    (void)state;
    assert_int_equal(ranked(xc_query_filter(term("odd"), term("all"))), 1500);
    assert_int_equal(ranked(xc_query_filter(term("all"), term("even"))), 1499);
    assert_int_equal(ranked(xc_query_filter(xc_query_all(), term("all"))), 2999);
    assert_int_equal(ranked(xc_query_and_not(term("even"), term("all"))), 0);
    assert_int_equal(ranked(xc_query_weigh(term("all"), 2)), 2999);
    assert_int_equal(ranked(xc_query_scale(term("all"), 0)), 2999);
}

/* Operators keep the filters of their parts. */
static void
a_filter_below_operators_filters(void **state)
{
    (void)state;
    xc_query *filter = xc_query_filter(term("odd"), term("all"));
    xc_query *any[] = {xc_query_copy(filter), term("Q2")};
    assert_int_equal(ranked(xc_query_or(any, 2)), 1501);
    assert_int_equal(ranked(xc_query_scale(xc_query_copy(filter), 2)), 1500);
    assert_int_equal(ranked(xc_query_and_maybe(xc_query_copy(filter), term("Q1"))), 1500);
    xc_query *both[] = {term("Q1"), term("all")};
    assert_int_equal(ranked(xc_query_filter(filter, xc_query_and(both, 2))), 1);
}

static void
a_term_of_every_document_is_found_without_weights(void **state)
{
    (void)state;
    assert_int_equal(found(shared_reader, term("all"), XC_WEIGHT_BOOLEAN), 2999);
    assert_int_equal(found(shared_reader, term("all"), XC_WEIGHT_COORDINATE), 2999);
}

static void
a_term_of_every_document_filters_in_each_shard(void **state)
{
    xc_error err;
    xc_reader *several = NULL;
    const char *paths[] = {in(state, "index"), in(state, "index")};
    ok(xc_reader_open_many(paths, 2, &several, &err));
    assert_int_equal(found(several, xc_query_filter(term("odd"), term("all")), XC_WEIGHT_BM25),
                     3000);
    assert_int_equal(found(several, term("all"), XC_WEIGHT_BOOLEAN), 5998);
    xc_reader_close(several);
}

/* The page names terms that filter like other terms. */
static void
hits_name_the_terms_that_filter(void **state)
{
    (void)state;
    xc_error err;
    xc_page *page = NULL;
    xc_query *query = xc_query_filter(term("odd"), term("all"));
    const xc_request request = {
        .query = query, .limit = 1, .fetch = XC_FETCH_TERMS | XC_FETCH_STATS};
    ok(xc_search(shared_reader, &request, &page, &err));
    assert_int_equal(page->hits[0].term_count, 2);
    assert_int_equal(page->stats_count, 2);
    xc_page_free(page);
    xc_query_free(query);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_term_of_every_document_filters),
        cmocka_unit_test(a_filter_below_operators_filters),
        cmocka_unit_test(a_term_of_every_document_is_found_without_weights),
        cmocka_unit_test(a_term_of_every_document_filters_in_each_shard),
        cmocka_unit_test(hits_name_the_terms_that_filter),
    };
    return cmocka_run_group_tests_name("binding.filter", tests, setup, close_shared);
}
