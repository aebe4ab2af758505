// SPDX-License-Identifier: GPL-2.0-or-later
/* On every page, hits of equal rank are ordered by a value and not by their ids. */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DOCUMENTS 700
#define TIES_SLOT 5

/* Adds document n. The documents form three groups of equal weight: "word" occurs once, twice or
 * three times. The value for ties depends only on n, so two indexes of the same documents have the
 * same values even if the documents were added in another order. */
static void
put(xc_writer *writer, unsigned n)
{
    xc_error err;
    char text[32];
    xc_doc *doc = xc_doc_new();
    snprintf(text, sizeof text, "%05u", n * 7919 % 100003);
    ok(xc_doc_set_value(doc, TIES_SLOT, bytes(text), &err));
    ok(xc_doc_set_data(doc, bytes(text), &err));
    snprintf(text, sizeof text, "%u", n % 2);
    ok(xc_doc_set_value(doc, 1, bytes(text), &err));
    ok(xc_doc_add_term(doc, bytes("word"), 1 + n % 3, &err));
    ok(xc_doc_add_term(doc, bytes("filler"), 3 - n % 3, &err));
    ok(xc_writer_add(writer, doc, NULL, &err));
    xc_doc_free(doc);
}

/* Makes an index of all documents; each `step` adds them in another order. */
static xc_reader *
make(void **state, const char *name, unsigned step)
{
    xc_error err;
    xc_writer *writer = open_writer(in(state, name), XC_CREATE);
    for (unsigned i = 0; i < DOCUMENTS; i++)
        put(writer, i * step % DOCUMENTS);
    ok(xc_writer_commit(writer, &err));
    xc_writer_close(writer);
    return open_reader(in(state, name));
}

static xc_page *
page_of(xc_reader *reader, xc_sort sort, uint32_t offset, uint32_t limit)
{
    xc_error err;
    xc_page *page;
    xc_query *query = xc_query_term(XC_BYTES("word"), 1);
    const uint32_t facets[] = {1};
    xc_request request = {.query = query,
                          .offset = offset,
                          .limit = limit,
                          .sort = sort,
                          .sort_slot = 1,
                          .break_ties = true,
                          .tie_slot = TIES_SLOT,
                          .fetch = XC_FETCH_DATA,
                          .facet_slots = facets,
                          .facet_slot_count = 1,
                          .check_at_least = DOCUMENTS};
    ok(xc_search(reader, &request, &page, &err));
    assert_int_equal(page->facets[0].seen,
                     DOCUMENTS); /* once each, even if the search matched twice */
    xc_query_free(query);
    return page;
}

static bool
ranks_alike(const xc_hit *a, const xc_hit *b)
{
    return a->weight == b->weight;
}

static void
ties_are_ordered_by_the_value(void **state)
{
    xc_reader *reader = make(state, "one", 1);
    xc_page *page = page_of(reader, XC_SORT_RELEVANCE, 0, DOCUMENTS);
    unsigned ties = 0;
    assert_int_equal(page->hit_count, DOCUMENTS);
    for (size_t i = 1; i < page->hit_count; i++) {
        assert_true(page->hits[i - 1].weight >= page->hits[i].weight);
        if (ranks_alike(&page->hits[i - 1], &page->hits[i])) {
            ties++;
            assert_true(strcmp(page->hits[i - 1].data.data, page->hits[i].data.data) < 0);
        }
    }
    assert_int_equal(ties, DOCUMENTS - 3);
    xc_page_free(page);
    xc_reader_close(reader);
}

/* Each page equals that part of the full list, in both indexes, even where a tie crosses the ends
 * of the page and is longer than what the first match looked at. */
static void
every_page_is_the_same_in_two_indexes_of_the_same_documents(void **state)
{
    const uint32_t limits[] = {1, 3, 10, 100, 233, 234};
    const xc_sort sorts[] = {XC_SORT_RELEVANCE, XC_SORT_VALUE, XC_SORT_VALUE_THEN_RELEVANCE};
    xc_reader *readers[] = {open_reader(in(state, "one")), make(state, "two", 13)};
    for (size_t s = 0; s < sizeof sorts / sizeof *sorts; s++) {
        xc_page *whole = page_of(readers[0], sorts[s], 0, DOCUMENTS);
        for (size_t l = 0; l < sizeof limits / sizeof *limits; l++) {
            for (uint32_t offset = 0; offset < DOCUMENTS + 5; offset += 31) {
                xc_page *page = page_of(readers[offset % 2], sorts[s], offset, limits[l]);
                for (size_t i = 0; i < page->hit_count; i++)
                    assert_string_equal(page->hits[i].data.data, whole->hits[offset + i].data.data);
                uint32_t rest = offset < DOCUMENTS ? DOCUMENTS - offset : 0;
                assert_int_equal(page->hit_count, rest < limits[l] ? rest : limits[l]);
                xc_page_free(page);
            }
        }
        xc_page_free(whole);
    }
    xc_reader_close(readers[0]);
    xc_reader_close(readers[1]);
}

static void
an_invalid_tie_slot_is_refused(void **state)
{
    xc_error err;
    xc_page *page = NULL;
    xc_reader *reader = open_reader(in(state, "one"));
    xc_query *query = xc_query_all();
    xc_request request = {.query = query, .limit = 1, .break_ties = true, .tie_slot = UINT32_MAX};
    assert_int_equal(xc_search(reader, &request, &page, &err), XC_BAD_ARGUMENT);
    xc_query_free(query);
    xc_reader_close(reader);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ties_are_ordered_by_the_value),
        cmocka_unit_test(every_page_is_the_same_in_two_indexes_of_the_same_documents),
        cmocka_unit_test(an_invalid_tie_slot_is_refused),
    };
    return cmocka_run_group_tests_name("binding.ties", tests, make_room, clear_room);
}
