// SPDX-License-Identifier: GPL-2.0-or-later
/* Random queries with optional parts: a short page has the first hits of a long one. libxapian may
   skip documents that cannot reach a page, but no others. */
#include "support.h"

#include "xapian-c-scores.h"

#include <math.h>
#include <stdio.h>

#define DOCUMENTS 300
#define QUERIES 1000
#define WORDS 18
#define PAGE 10

static uint32_t seed = 1;

static unsigned
below(unsigned limit)
{
    seed = seed * 1103515245U + 12345U;
    return (seed >> 16) % limit;
}

/* Half of the words are among the first three, a quarter among the next three, and so on. */
static xc_bytes
any_word(void)
{
    static const char names[WORDS][2] = {"a", "b", "c", "d", "e", "f", "g", "h", "i",
                                         "j", "k", "l", "m", "n", "o", "p", "q", "r"};
    unsigned bits = below(32), step = 0;
    for (; bits & 1; bits >>= 1)
        step++;
    return (xc_bytes){names[step * 3 + below(3)], 1};
}

static int
setup(void **state)
{
    xc_error err;
    int failed = make_room(state);
    xc_writer *writer = open_writer(in(state, "index"), XC_OPEN_OR_CREATE);
    for (unsigned n = 0; n < DOCUMENTS; n++) {
        xc_doc *doc = xc_doc_new();
        char length = (char)(1 + below(4));
        for (uint32_t words = 3 + below(60), at = 1; at <= words; at++)
            ok(xc_doc_add_posting(doc, any_word(), at, 1, &err));
        ok(xc_doc_set_value(doc, 1, (xc_bytes){&length, 1}, &err));
        ok(xc_writer_add(writer, doc, NULL, &err));
        xc_doc_free(doc);
    }
    ok(xc_writer_commit(writer, &err));
    xc_writer_close(writer);
    shared_reader = open_reader(in(state, "index"));
    return failed;
}

static double
up_to(double most)
{
    return most * below(100) / 100;
}

/* Two words side by side, in the form that works around a bug of libxapian; see phrase_within() in
   the engine. */
static xc_query *
phrase(const xc_bytes *words)
{
    return xc_query_and_maybe(xc_query_phrase(words, 2, 2), xc_query_all());
}

static xc_query *
optional(const xc_bytes *words)
{
    xc_query *part = below(4) ? phrase(words) : xc_query_term(words[0], 1);
    return xc_query_scale(part, .3 + up_to(3));
}

static xc_query *
with_bonus(xc_query *tree)
{
    xc_query *bonuses[] = {xc_query_weigh(xc_query_term(any_word(), 0), up_to(2)),
                           xc_query_weigh(xc_query_term(any_word(), 0), up_to(2)), xc_query_all()};
    xc_query *both[] = {tree, xc_query_or(bonuses, 3)};
    return xc_query_and(both, 2);
}

static xc_query *
random_query(void)
{
    xc_bytes words[4];
    double shares[4];
    float scores[DOCUMENTS];
    xc_query *terms[4];
    unsigned count = 2 + below(3), parts = below(16);
    for (unsigned i = 0; i < count; i++) {
        words[i] = any_word();
        shares[i] = 1.0 / count;
        terms[i] = i == 0 || below(6) ? xc_query_term(words[i], 1) : phrase(words + i - 1);
    }
    for (unsigned i = 0; i < DOCUMENTS; i++)
        scores[i] = below(3) ? 0 : (float)up_to(1);
    xc_query *tree = below(2) ? xc_query_or(terms, count) : xc_query_and(terms, count);
    for (unsigned i = 0; parts & 1 && i + 1 < count; i++)
        tree = xc_query_and_maybe(tree, optional(words + i));
    if (parts & 2)
        tree = with_bonus(tree);
    if (parts & 4)
        tree = xc_query_and_maybe(tree, xc_query_coverage(words, shares, count, 1, up_to(4), 0));
    if (parts & 8)
        tree = xc_query_and_maybe(tree, xc_query_scores(scores, DOCUMENTS, up_to(3)));
    return tree;
}

static void
a_short_page_has_the_first_hits_of_a_long_one(void **state)
{
    xc_error err;
    (void)state;
    for (unsigned n = 0; n < QUERIES; n++) {
        xc_page *few = NULL, *many = NULL;
        xc_query *query = random_query();
        xc_request request = {.query = query, .limit = PAGE, .check_at_least = PAGE + below(100)};
        ok(xc_search(shared_reader, &request, &few, &err));
        request.limit = DOCUMENTS;
        ok(xc_search(shared_reader, &request, &many, &err));
        assert_int_equal(few->hit_count, many->hit_count < PAGE ? many->hit_count : PAGE);
        for (size_t i = 0; i < few->hit_count; i++) {
            const xc_hit *a = &few->hits[i], *b = &many->hits[i];
            if (a->docid != b->docid || fabs(a->weight - b->weight) > 1e-9)
                fail_msg("query %u, hit %zu: %u (%g), not %u (%g)", n, i, a->docid, a->weight,
                         b->docid, b->weight);
        }
        xc_page_free(few);
        xc_page_free(many);
        xc_query_free(query);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_short_page_has_the_first_hits_of_a_long_one),
    };
    return cmocka_run_group_tests_name("binding.optional", tests, setup, close_shared);
}
