// SPDX-License-Identifier: GPL-2.0-or-later
/* Queries and searches, over one index of 300 documents. */
#include "support.h"

#include <math.h>
#include <string.h>

static void
operators_match_the_right_number_of_documents(void **state)
{
    (void)state;
    assert_int_equal(matches(term("even")), 150);
    assert_int_equal(matches(term("unheard")), 0);
    assert_int_equal(matches(xc_query_all()), 300);
    assert_int_equal(matches(xc_query_none()), 0);
    xc_query *two[] = {term("even"), term("w4")};
    assert_int_equal(matches(xc_query_and(two, 2)), 3);
    xc_query *any[] = {term("w1"), term("w4")};
    assert_int_equal(matches(xc_query_or(any, 2)), 6);
    xc_query *odd[] = {term("even"), term("w4"), term("all")};
    assert_int_equal(matches(xc_query_xor(odd, 3)), 153);
    xc_query *max[] = {term("w1"), term("w4")};
    assert_int_equal(matches(xc_query_max(max, 2)), 6);
    xc_query *synonym[] = {term("w1"), term("w4")};
    assert_int_equal(matches(xc_query_synonym(synonym, 2)), 6);
    xc_query *elite[] = {term("w1"), term("w4"), term("all")};
    assert_int_equal(matches(xc_query_elite(elite, 3, 2)), 6);
    assert_int_equal(matches(xc_query_and(NULL, 0)), 0);
    assert_int_equal(matches(xc_query_and_not(term("even"), term("w4"))), 147);
    assert_int_equal(matches(xc_query_and_not(xc_query_all(), term("w4"))), 297);
    assert_int_equal(matches(xc_query_and_maybe(term("w4"), term("even"))), 3);
    assert_int_equal(matches(xc_query_filter(term("w4"), term("even"))), 3);
    assert_int_equal(matches(xc_query_scale(term("even"), 0.5)), 150);
    assert_int_equal(matches(xc_query_value_weight(0)), 300);
    assert_int_equal(matches(xc_query_weigh(term("even"), 2)), 150);
}

/* The weight depends neither on the documents' lengths nor on how rare the term is. */
static void
weigh_gives_every_document_the_same_weight(void **state)
{
    (void)state;
    xc_error err;
    xc_page *page = NULL;
    xc_query *query = xc_query_and_maybe(xc_query_all(), xc_query_weigh(term("even"), 2.5));
    const xc_request request = {.query = query, .limit = 300};
    ok(xc_search(shared_reader, &request, &page, &err));
    assert_int_equal(page->hit_count, 300);
    for (size_t i = 0; i < 300; i++)
        assert_true(page->hits[i].weight == (i < 150 ? 2.5 : 0));
    xc_page_free(page);
    xc_query_free(query);
}

/* A query with an and_maybe in a part whose weights do not count: below the right side of and_not,
   or in a synonym. */
static xc_query *
unweighted_maybe(bool synonym)
{
    xc_query *both[] = {term("all"), xc_query_and_maybe(term("even"), term("w4"))};
    xc_query *part = xc_query_scale(xc_query_and(both, 2), 2);
    if (!synonym)
        return xc_query_and_not(term("all"), part);
    xc_query *parts[] = {part, term("w1")};
    return xc_query_synonym(parts, 2);
}

/* libxapian 1.4.22 reads uninitialised memory there, which filled_new.cc makes a negative
   number. */
static void
and_maybe_without_weights_matches_its_left_side(void **state)
{
    (void)state;
    assert_int_equal(matches(unweighted_maybe(false)), 150);
    assert_int_equal(matches(unweighted_maybe(true)), 153);
}

/* libxapian 1.4.22 can crash in OP_MAX when it skips documents that cannot reach the page. */
static void
max_looks_at_every_match(void **state)
{
    (void)state;
    xc_error err;
    xc_page *page = NULL;
    xc_query *max[] = {term("even"), term("w4")};
    xc_query *parts[] = {xc_query_max(max, 2), term("w1"), term("w2")};
    xc_query *query = xc_query_or(parts, 3);
    xc_request request = {.query = query, .limit = 1};
    ok(xc_search(shared_reader, &request, &page, &err));
    assert_int_equal(page->matches_lower, page->matches_upper);
    xc_page_free(page);
    xc_query_free(query);
}

static void
phrase_and_near_check_positions(void **state)
{
    (void)state;
    const xc_bytes forward[] = {XC_BYTES("all"), XC_BYTES("even")};
    const xc_bytes backward[] = {XC_BYTES("even"), XC_BYTES("all")};
    const xc_bytes apart[] = {XC_BYTES("all"), XC_BYTES("w4")};
    assert_int_equal(matches(xc_query_phrase(forward, 2, 0)), 150);
    assert_int_equal(matches(xc_query_phrase(backward, 2, 2)), 0);
    assert_int_equal(matches(xc_query_near(backward, 2, 2)), 150);
    assert_int_equal(matches(xc_query_phrase(apart, 2, 2)), 0);
    assert_int_equal(matches(xc_query_phrase(apart, 2, 3)), 3);
    assert_int_equal(matches(xc_query_phrase(apart, 1, 0)), 300);
    assert_int_equal(matches(xc_query_phrase(NULL, 0, 0)), 0);
}

static void
value_ranges_and_wildcards_match(void **state)
{
    (void)state;
    char low[XC_SORTABLE_MAX], high[XC_SORTABLE_MAX];
    xc_bytes from = {low, xc_sortable(100, low)}, to = {high, xc_sortable(199, high)};
    assert_int_equal(matches(xc_query_value_range(0, from, to)), 100);
    assert_int_equal(matches(xc_query_value_range(0, to, from)), 0);
    assert_int_equal(matches(xc_query_value_ge(0, from)), 201);
    assert_int_equal(matches(xc_query_value_ge(0, XC_BYTES(""))), 300);
    assert_int_equal(matches(xc_query_value_le(0, from)), 100);
    assert_int_equal(matches(xc_query_wildcard(XC_BYTES("w1"), 20, XC_EXPAND_OR_FAIL)), 33);
    assert_int_equal(matches(xc_query_wildcard(XC_BYTES("w"), 2, XC_EXPAND_FIRST)), 6);
    assert_int_equal(matches(xc_query_wildcard(XC_BYTES("w"), 2, XC_EXPAND_MOST_FREQUENT)), 6);

    xc_error err;
    xc_page *page = NULL;
    xc_query *query = xc_query_wildcard(XC_BYTES("w"), 3, XC_EXPAND_OR_FAIL);
    xc_request request = {.query = query, .limit = 1};
    assert_int_equal(xc_search(shared_reader, &request, &page, &err), XC_BAD_ARGUMENT);
    assert_null(page);
    xc_query_free(query);
}

static void
bad_queries_report_their_fault(void **state)
{
    (void)state;
    assert_int_equal(fault_of(NULL), XC_BAD_ARGUMENT);
    assert_int_equal(fault_of(xc_query_term(XC_BYTES(""), 1)), XC_BAD_ARGUMENT);
    assert_int_equal(fault_of(xc_query_term(XC_BYTES("a\0b"), 1)), XC_BAD_ARGUMENT);
    assert_int_equal(fault_of(xc_query_scale(term("a"), -1)), XC_BAD_ARGUMENT);
    assert_int_equal(fault_of(xc_query_scale(term("a"), (double)NAN)), XC_BAD_ARGUMENT);
    assert_int_equal(fault_of(xc_query_scale(NULL, 1)), XC_BAD_ARGUMENT);
    assert_int_equal(fault_of(xc_query_weigh(term("a"), -1)), XC_BAD_ARGUMENT);
    assert_int_equal(fault_of(xc_query_weigh(NULL, 1)), XC_BAD_ARGUMENT);
    assert_int_equal(fault_of(xc_query_value_weight(UINT32_MAX)), XC_BAD_ARGUMENT);
    assert_int_equal(fault_of(xc_query_value_ge(UINT32_MAX, XC_BYTES(""))), XC_BAD_ARGUMENT);
    assert_int_equal(fault_of(xc_query_and(NULL, 2)), XC_BAD_ARGUMENT);
    assert_int_equal(fault_of(xc_query_phrase(NULL, 2, 2)), XC_BAD_ARGUMENT);
    assert_int_equal(fault_of(xc_query_wildcard(XC_BYTES("w"), 0, XC_EXPAND_FIRST)),
                     XC_BAD_ARGUMENT);
    assert_int_equal(fault_of(xc_query_wildcard(XC_BYTES("w"), 9, (xc_expand)9)), XC_BAD_ARGUMENT);
    xc_query *parts[] = {term("a"), xc_query_term(XC_BYTES(""), 1), NULL};
    xc_query *bad = xc_query_filter(xc_query_or(parts, 3), term("b"));
    assert_int_equal(fault_of(xc_query_copy(bad)), XC_BAD_ARGUMENT);
    xc_query_free(bad);
}

/* Deep trees can overflow a stack; the limit on wildcards holds for all of a query together. */
static void
query_depth_and_wildcard_expansion_are_limited(void **state)
{
    (void)state;
    xc_query *deep = term("all");
    for (int i = 0; i < XC_QUERY_DEPTH_MAX - 1; i++)
        deep = xc_query_and_not(deep, term("unheard"));
    assert_int_equal(xc_query_check(deep, NULL), XC_OK);
    assert_int_equal(matches(xc_query_copy(deep)), 300);
    deep = xc_query_and_not(xc_query_and_not(deep, term("x")), term("y"));
    assert_int_equal(fault_of(deep), XC_BAD_ARGUMENT);
    xc_query *wild[3];
    for (int i = 0; i < 3; i++)
        wild[i] = xc_query_wildcard(XC_BYTES("w"), XC_EXPANSION_MAX / 2, XC_EXPAND_FIRST);
    assert_int_equal(matches(xc_query_or(wild, 2)), 300);
    xc_query *wide = xc_query_wildcard(XC_BYTES("w"), XC_EXPANSION_MAX / 2 + 1, XC_EXPAND_FIRST);
    assert_int_equal(fault_of(xc_query_and_maybe(wild[2], wide)), XC_BAD_ARGUMENT);
}

static void
hits_contain_what_the_request_asks_for(void **state)
{
    (void)state;
    xc_error err;
    xc_page *page = NULL;
    const uint32_t slots[] = {1, 0, 99}, facets[] = {1, 99};
    xc_query *parts[] = {term("w4"), term("even"), term("unheard")};
    xc_query *query = xc_query_or(parts, 3);
    xc_request request = {.query = query,
                          .limit = 2,
                          .offset = 1,
                          .check_at_least = UINT32_MAX,
                          .fetch = XC_FETCH_DATA | XC_FETCH_TERMS | XC_FETCH_STATS,
                          .value_slots = slots,
                          .value_slot_count = 3,
                          .facet_slots = facets,
                          .facet_slot_count = 2};
    ok(xc_search(shared_reader, &request, &page, &err));
    assert_int_equal(page->hit_count, 2);
    assert_int_equal(page->matches_lower, 150);
    assert_int_equal(page->matches_estimated, 150);
    const xc_hit *hit = &page->hits[1];
    assert_true(hit->weight > 0 && hit->weight <= page->max_weight);
    assert_in_range(hit->percent, 1, 100);
    assert_int_equal(hit->docid % 100, 4);
    assert_int_equal(hit->term_count, 2);
    assert_bytes(hit->terms[0], "even");
    assert_bytes(hit->terms[1], "w4");
    assert_non_null(strstr(hit->data.data, "doc "));
    assert_int_equal(hit->values[0].len, 1);
    assert_true(xc_sortable_read(hit->values[1]) == hit->docid);
    assert_int_equal(hit->values[2].len, 0);
    assert_int_equal(page->facet_count, 2);
    assert_int_equal(page->facets[0].seen, 150);
    assert_int_equal(page->facets[0].value_count, 3);
    assert_int_equal(page->facets[0].values[0].count, 50);
    assert_int_equal(page->facets[1].value_count, 0);
    assert_int_equal(page->stats_count, 3);
    assert_int_equal(page->stats[0].term_freq, 150); /* in byte order: even, unheard, w4 */
    assert_int_equal(page->stats[1].term_freq, 0);
    assert_true(page->stats[2].max_weight > page->stats[0].max_weight);
    xc_page_free(page);

    request.facet_max = 1;
    ok(xc_search(shared_reader, &request, &page, &err));
    assert_int_equal(page->facets[0].value_count, 1);
    xc_page_free(page);
    assert_non_null(strstr(xc_query_describe(query).data, "w4 OR even"));
    xc_query_free(query);
}

/* The first hit of a search for all documents that have the term, ordered by `request`. */
static uint32_t
first(const char *name, xc_request request)
{
    xc_error err;
    xc_page *page = NULL;
    xc_query *query = term(name);
    request.query = query;
    request.limit = 1;
    ok(xc_search(shared_reader, &request, &page, &err));
    uint32_t docid = page->hits[0].docid;
    xc_page_free(page);
    xc_query_free(query);
    return docid;
}

static void
sort_orders_and_weightings_decide_the_first_hit(void **state)
{
    (void)state;
    assert_int_equal(first("all", (xc_request){.sort = XC_SORT_VALUE}), 300);
    assert_int_equal(first("all", (xc_request){.sort = XC_SORT_VALUE, .sort_ascending = true}), 1);
    assert_int_equal(
        first("even", (xc_request){.sort = XC_SORT_VALUE_THEN_RELEVANCE, .sort_slot = 1}),
        14); /* n % 3 is 2, and n % 5 is 4 */
    assert_int_equal(first("even", (xc_request){.sort = XC_SORT_RELEVANCE_THEN_VALUE}), 294);
    assert_int_equal(first("even", (xc_request){.weighting = XC_WEIGHT_BOOLEAN}), 2);
    assert_int_equal(first("even", (xc_request){.weighting = XC_WEIGHT_TFIDF}), 4);
    assert_int_equal(first("even", (xc_request){.weighting = XC_WEIGHT_COORDINATE}), 2);
    const xc_bm25 flat = {.k1 = 0, .b = 0};
    assert_int_equal(first("even", (xc_request){.bm25 = &flat}), 2);
    assert_int_equal(first("even", (xc_request){0}), 4);
}

/* Each document has "all" and "long", as often as two digits of one number say. */
static xc_reader *
open_uneven(void **state)
{
    xc_error err;
    xc_writer *writer = open_writer(in(state, "uneven"), XC_CREATE);
    for (unsigned counts = 10; counts < 100; counts += 17) {
        xc_doc *doc = xc_doc_new();
        ok(xc_doc_add_term(doc, XC_BYTES("all"), counts % 10 + 1, &err));
        ok(xc_doc_add_term(doc, XC_BYTES("long"), counts, &err));
        ok(xc_writer_add(writer, doc, NULL, &err));
        xc_doc_free(doc);
    }
    ok(xc_writer_commit(writer, &err));
    xc_writer_close(writer);
    return open_reader(in(state, "uneven"));
}

/* Whether every document's weight is the same with both. */
static bool
weigh_alike(xc_reader *uneven, const xc_query *query, const xc_bm25 *a, const xc_bm25 *b)
{
    xc_error err;
    xc_page *pages[2] = {NULL, NULL};
    double weights[2][8] = {{0}};
    for (int i = 0; i < 2; i++) {
        const xc_request request = {.query = query, .limit = 8, .bm25 = i ? b : a};
        ok(xc_search(uneven, &request, &pages[i], &err));
        assert_int_equal(pages[i]->hit_count, 6);
        for (size_t hit = 0; hit < 6; hit++)
            weights[i][pages[i]->hits[hit].docid] = pages[i]->hits[hit].weight;
        xc_page_free(pages[i]);
    }
    for (size_t i = 0; i < 8; i++) {
        if (weights[0][i] != weights[1][i])
            return false;
    }
    return true;
}

static void
bm25_without_parameters_is_that_of_the_header(void **state)
{
    const xc_bm25 standard = {1, 0, 1, 0.5, 0.5, 0};
    const xc_bm25 others[] = {
        {1.1, 0, 1, 0.5, 0.5, 0}, {1, 0.1, 1, 0.5, 0.5, 0}, {1, 0, 1.1, 0.5, 0.5, 0},
        {1, 0, 1, 0.6, 0.5, 0},   {1, 0, 1, 0.5, 0.6, 0},   {1, 0, 1, 0.5, 0.5, 0.1},
    };
    xc_reader *uneven = open_uneven(state);
    xc_query *query = xc_query_term(bytes("all"), 3);
    assert_true(weigh_alike(uneven, query, NULL, &standard));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(weigh_alike(uneven, query, NULL, &others[i]));
    xc_query_free(query);
    xc_reader_close(uneven);
}

static void
collapsing_keeps_one_hit_per_value(void **state)
{
    (void)state;
    xc_error err;
    xc_page *page = NULL;
    xc_query *query = term("all");
    xc_request request = {
        .query = query, .limit = 10, .collapse_slot = 1, .collapse_max = 1, .check_at_least = 300};
    ok(xc_search(shared_reader, &request, &page, &err));
    assert_int_equal(page->hit_count, 3);
    assert_true(page->hits[0].collapsed > 0);
    xc_page_free(page);
    xc_query_free(query);
}

/* Numbers from users must not make Xapian allocate memory. */
static void
huge_limits_and_offsets_are_lowered(void **state)
{
    (void)state;
    xc_error err;
    xc_page *page = NULL;
    xc_query *query = term("all");
    xc_request request = {.query = query, .offset = 290, .limit = UINT32_MAX};
    ok(xc_search(shared_reader, &request, &page, &err));
    assert_int_equal(page->hit_count, 10);
    xc_page_free(page);
    request.offset = UINT32_MAX;
    request.check_at_least = UINT32_MAX;
    ok(xc_search(shared_reader, &request, &page, &err));
    assert_int_equal(page->hit_count, 0);
    assert_int_equal(page->matches_lower, 300);
    xc_page_free(page);
    request = (xc_request){.query = query};
    ok(xc_search(shared_reader, &request, &page, &err));
    assert_int_equal(page->hit_count, 0);
    assert_int_equal(page->matches_estimated, 300);
    xc_page_free(page);
    xc_query_free(query);
}

static void
bad_requests_are_refused(void **state)
{
    (void)state;
    xc_error err;
    xc_page *page = NULL;
    xc_query *query = term("all");
    const uint32_t none = UINT32_MAX;
    const xc_bm25 wrong = {.k1 = -1}, nan = {.b = (double)NAN};
    const xc_request requests[] = {
        {.query = query, .weighting = (xc_weighting)50},
        {.query = query, .sort = (xc_sort)50},
        {.query = query, .sort = XC_SORT_VALUE, .sort_slot = none},
        {.query = query, .collapse_max = 1, .collapse_slot = none},
        {.query = query, .fetch = 1024},
        {.query = query, .value_slot_count = 1},
        {.query = query, .facet_slot_count = 1},
        {.query = query, .facet_slots = &none, .facet_slot_count = 1},
        {.query = query, .bm25 = &wrong},
        {.query = query, .bm25 = &nan},
    };
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        assert_int_equal(xc_search(shared_reader, &requests[i], &page, &err), XC_BAD_ARGUMENT);
        assert_null(page);
    }
    xc_query_free(query);
}

/* Xapian's own time limit does not end a match. */
static void
a_search_ends_at_its_timeout(void **state)
{
    xc_error err;
    xc_page *page = NULL;
    make_index(in(state, "big"), 1, 60000);
    xc_reader *big = open_reader(in(state, "big"));
    xc_query *parts[] = {term("all"), term("even"), xc_query_wildcard(XC_BYTES("w"), 200, 0)};
    xc_query *query = xc_query_or(parts, 3);
    xc_request request = {
        .query = query, .limit = 10, .check_at_least = UINT32_MAX, .timeout_us = 300};
    assert_int_equal(xc_search(big, &request, &page, &err), XC_TIMEOUT);
    assert_null(page);
    assert_non_null(strstr(err.text, "300 us"));
    request.timeout_us = 100000000;
    ok(xc_search(big, &request, &page, &err));
    assert_int_equal(page->hit_count, 10);
    assert_int_equal(page->matches_estimated, 60000);
    xc_page_free(page);
    request.limit = UINT32_MAX;
    ok(xc_search(big, &request, &page, &err));
    assert_int_equal(page->hit_count, XC_LIMIT_MAX);
    xc_page_free(page);
    xc_query_free(query);
    xc_reader_close(big);
}

static void
words_are_stemmed_and_numbers_sort_as_bytes(void **state)
{
    (void)state;
    xc_error err;
    xc_stemmer *stemmer = NULL;
    assert_int_equal(xc_stemmer_new("klingon", &stemmer, &err), XC_BAD_ARGUMENT);
    ok(xc_stemmer_new("english", &stemmer, &err));
    assert_bytes(xc_stemmer_stem(stemmer, XC_BYTES("careers")), "career");
    assert_bytes(xc_stemmer_stem(stemmer, XC_BYTES("")), "");
    xc_stemmer_free(stemmer);
    ok(xc_stemmer_new("none", &stemmer, &err));
    assert_bytes(xc_stemmer_stem(stemmer, XC_BYTES("careers")), "careers");
    xc_stemmer_free(stemmer);
    xc_terms *languages = NULL;
    bool english = false;
    ok(xc_stemmer_languages(&languages, &err));
    for (size_t i = 0; i < languages->count; i++)
        english |= strcmp(languages->items[i].term.data, "english") == 0;
    assert_true(english);
    xc_terms_free(languages);

    const double numbers[] = {-INFINITY, -1e300, -2.5, 0, 1, 1.5, 1e9, INFINITY};
    char last[XC_SORTABLE_MAX] = "", now[XC_SORTABLE_MAX];
    for (size_t i = 0, last_len = 0; i < sizeof numbers / sizeof *numbers; i++) {
        size_t len = xc_sortable(numbers[i], now);
        int order = memcmp(last, now, last_len < len ? last_len : len);
        assert_true(i == 0 || order < 0 || (order == 0 && last_len < len));
        assert_true(xc_sortable_read((xc_bytes){now, len}) == numbers[i]);
        memcpy(last, now, len), last_len = len;
    }
    assert_int_equal(xc_sortable((double)NAN, now), xc_sortable(0, last));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operators_match_the_right_number_of_documents),
        cmocka_unit_test(weigh_gives_every_document_the_same_weight),
        cmocka_unit_test(and_maybe_without_weights_matches_its_left_side),
        cmocka_unit_test(max_looks_at_every_match),
        cmocka_unit_test(phrase_and_near_check_positions),
        cmocka_unit_test(value_ranges_and_wildcards_match),
        cmocka_unit_test(bad_queries_report_their_fault),
        cmocka_unit_test(query_depth_and_wildcard_expansion_are_limited),
        cmocka_unit_test(hits_contain_what_the_request_asks_for),
        cmocka_unit_test(sort_orders_and_weightings_decide_the_first_hit),
        cmocka_unit_test(bm25_without_parameters_is_that_of_the_header),
        cmocka_unit_test(collapsing_keeps_one_hit_per_value),
        cmocka_unit_test(huge_limits_and_offsets_are_lowered),
        cmocka_unit_test(bad_requests_are_refused),
        cmocka_unit_test(a_search_ends_at_its_timeout),
        cmocka_unit_test(words_are_stemmed_and_numbers_sort_as_bytes),
    };
    return cmocka_run_group_tests_name("binding.search", tests, open_shared, close_shared);
}
