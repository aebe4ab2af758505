// SPDX-License-Identifier: GPL-2.0-or-later
/* Each allocation fails in turn: the call returns XC_NO_MEMORY, and everything works afterwards.
 *
 * The queries contain no AND, because libxapian 1.4.22 itself crashes at a few failed allocations
 * while it builds the posting lists below an AND, before an exception could reach the binding. */
#include "support.h"

#include "xapian-c-scores.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

void fail_allocation(long nth);
bool allocation_failed(void);

static bool
fine(xc_status status)
{
    return status == XC_OK || status == XC_NO_MEMORY;
}

/* Runs `story` with the first allocation failing, then the second, and so on until all succeed. */
static void
each_fails(void **state, xc_status (*story)(void **state, xc_error *err))
{
    xc_status status = XC_NO_MEMORY;
    long n = 0;
    for (bool failed = true; failed && n < 100000;) {
        xc_error err = {XC_OK, ""};
        fail_allocation(++n);
        status = story(state, &err);
        failed = allocation_failed();
        fail_allocation(0);
        if (!fine(status))
            print_error("at allocation %ld: %s\n", n, err.text);
        assert_true(fine(status));
        assert_int_equal(err.status, status);
    }
    assert_int_equal(status, XC_OK);
    assert_true(n > 1);
    print_message("%ld allocations\n", n - 1);
}

static xc_status
search(void **state, xc_error *err)
{
    (void)state;
    const uint32_t slots[] = {0, 1};
    const xc_bytes phrase[] = {XC_BYTES("odd")};
    const float scores[] = {.5F, 0, 1};
    const xc_bytes covered[] = {XC_BYTES("odd"), XC_BYTES("all")};
    const double shares[] = {.5, .5};
    xc_query *parts[] = {
        xc_query_scores(scores, 3, 2),
        xc_query_coverage(covered, shares, 2, 0, 1, 0),
        xc_query_term(XC_BYTES("a term that is longer than a small string"), 1),
        xc_query_term(XC_BYTES("all"), 1),
        xc_query_phrase(phrase, 1, 0),
        xc_query_scale(xc_query_wildcard(XC_BYTES("w1"), 20, XC_EXPAND_FIRST), 2),
    };
    xc_query *query = xc_query_or(parts, sizeof parts / sizeof *parts);
    xc_request request = {.query = query,
                          .limit = 5,
                          .fetch = XC_FETCH_DATA | XC_FETCH_TERMS | XC_FETCH_STATS,
                          .value_slots = slots,
                          .value_slot_count = 2,
                          .facet_slots = slots,
                          .facet_slot_count = 2,
                          .timeout_us = 10000000};
    xc_page *page = NULL;
    xc_status status = xc_search(shared_reader, &request, &page, err);
    assert_true((status == XC_OK) == (page != NULL));
    xc_query_describe(query);
    xc_page_free(page);
    xc_query_free(query);
    return status;
}

static xc_status
look_up(void **state, xc_error *err)
{
    xc_reader *mine = NULL;
    xc_record *record = NULL;
    xc_terms *terms = NULL;
    xc_bytes value;
    unsigned all = XC_FETCH_DATA | XC_FETCH_VALUES | XC_FETCH_TERMS;
    xc_status status = xc_reader_open(in(state, "index"), &mine, err);
    if (!status)
        status = xc_reader_find(mine, XC_BYTES("Q7"), all, &record, err);
    if (!status)
        status = xc_reader_vocabulary(mine, XC_BYTES("w"), XC_BYTES("w5"), 20, &terms, err);
    if (!status)
        status = xc_reader_metadata(mine, XC_BYTES("key"), &value, err);
    if (!status)
        status = xc_reader_suggest(mine, XC_BYTES("carreer"), 2, &value, err);
    if (!status)
        status = xc_reader_refresh(mine, NULL, err);
    xc_terms_free(terms);
    xc_record_free(record);
    xc_reader_close(mine);
    return status;
}

static uint64_t
choose(void *context, size_t number, int *folder, char *name)
{
    (void)number;
    if (folder) {
        *folder = open(context, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        snprintf(name, XC_CHOICE_MAX, "longer than a small string");
    }
    return 1;
}

/* A failure leaves no descriptor open. */
static xc_status
open_chosen(void **state, xc_error *err)
{
    char path[4096];
    snprintf(path, sizeof path, "%s", in(state, "index"));
    const char *const paths[] = {path};
    const xc_reader_options options = {.choose = choose, .choose_context = path};
    xc_reader *mine = NULL;
    int before = dup(0);
    close(before);
    xc_status status = xc_reader_open_with(paths, 1, &options, &mine, err);
    xc_reader_close(mine);
    int after = dup(0);
    close(after);
    assert_int_equal(after, before);
    return status;
}

/* Adds two documents in one commit; a failure commits neither. */
static xc_status
write_round(void **state, xc_error *err)
{
    xc_writer *writer = NULL;
    xc_terms *terms = NULL;
    xc_doc *doc = xc_doc_new();
    char term[] = "a unique term that is longer than a small string";
    xc_status status = doc ? XC_OK : XC_NO_MEMORY;
    if (status)
        err->status = status;
    if (!status)
        status = xc_doc_add_posting(doc, bytes(term), 1, 1, err);
    if (!status)
        status = xc_doc_terms(doc, XC_BYTES("a"), &terms, err);
    xc_terms_free(terms);
    if (!status)
        status = xc_doc_set_data(doc, bytes(term), err);
    if (!status)
        status = xc_doc_set_value(doc, 3, bytes(term), err);
    if (!status)
        status = xc_writer_open(in(state, "written"), NULL, &writer, err);
    if (!status) {
        xc_status first = xc_writer_add(writer, doc, NULL, err);
        xc_status second = xc_writer_add(writer, doc, NULL, first ? NULL : err);
        xc_status last = xc_writer_commit(writer, first || second ? NULL : err);
        status = first ? first : second ? second : last;
        if (status)
            assert_int_equal(last, status);
    }
    xc_writer_close(writer);
    xc_doc_free(doc);
    return status;
}

static void
a_search_survives_any_failed_allocation(void **state)
{
    each_fails(state, search);
}

static void
a_choice_is_closed_after_any_failed_allocation(void **state)
{
    each_fails(state, open_chosen);
}

static void
lookups_survive_any_failed_allocation(void **state)
{
    each_fails(state, look_up);
}

enum { finished = 10, refused, survived };

/* Runs write_round in a child process. libxapian 1.4.22 itself calls std::terminate if one or two
 * of the allocations inside a commit fail; nobody can catch that, but the index must survive it. */
static int
round_in_child(void **state, long n)
{
    int result = 0;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        xc_error err = {XC_OK, ""};
        fail_allocation(n);
        xc_status status = write_round(state, &err);
        bool failed = allocation_failed();
        fail_allocation(0);
        _exit(!fine(status) || err.status != status ? 1
              : status                              ? refused
              : failed                              ? survived
                                                    : finished);
    }
    assert_int_equal(waitpid(pid, &result, 0), pid);
    if (WIFSIGNALED(result))
        return -WTERMSIG(result);
    return WEXITSTATUS(result);
}

static void
a_failed_allocation_never_commits_half_a_batch(void **state)
{
    uint32_t docs = 1;
    unsigned terminated = 0;
    int result = 0;
    make_index(in(state, "written"), 1, 1);
    for (long n = 1; n < 100000 && result != finished; n++) {
        result = round_in_child(state, n);
        terminated += result == -SIGABRT;
        if (result == finished || result == survived)
            docs += 2;
        else if (result != refused)
            assert_int_equal(result, -SIGABRT);
        xc_reader *mine = open_reader(in(state, "written"));
        assert_int_equal(doc_count(mine), docs);
        xc_reader_close(mine);
    }
    assert_int_equal(result, finished);
    print_message("libxapian terminated the process %u times\n", terminated);
    assert_true(terminated <= 3);
}

static xc_status
others(void **state, xc_error *err)
{
    const char *sources[] = {in(state, "index"), in(state, "index")};
    xc_terms *languages = NULL;
    xc_stemmer *stemmer = NULL;
    remove_tree(in(state, "compacted"));
    xc_status status = xc_stemmer_languages(&languages, err);
    if (!status)
        status = xc_stemmer_new("english", &stemmer, err);
    if (!status && !xc_stemmer_stem(stemmer, XC_BYTES("counterrevolutionaries")).data)
        status = err->status = XC_NO_MEMORY;
    if (!status)
        status = xc_compact(sources, 2, in(state, "compacted"),
                            &(xc_compact_options){.no_sync = true}, err);
    xc_stemmer_free(stemmer);
    xc_terms_free(languages);
    return status;
}

static void
stemming_and_compacting_survive_any_failed_allocation(void **state)
{
    each_fails(state, others);
}

static int
setup(void **state)
{
    xc_error err;
    int failed = make_room(state);
    xc_writer *writer = open_writer(in(state, "index"), XC_CREATE);
    write_docs(writer, 1, 20);
    ok(xc_writer_add_spelling(writer, XC_BYTES("career"), 1, &err));
    ok(xc_writer_set_metadata(writer, XC_BYTES("key"), XC_BYTES("value"), &err));
    ok(xc_writer_commit(writer, &err));
    xc_writer_close(writer);
    shared_reader = open_reader(in(state, "index"));
    return failed;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_search_survives_any_failed_allocation),
        cmocka_unit_test(a_choice_is_closed_after_any_failed_allocation),
        cmocka_unit_test(lookups_survive_any_failed_allocation),
        cmocka_unit_test(a_failed_allocation_never_commits_half_a_batch),
        cmocka_unit_test(stemming_and_compacting_survive_any_failed_allocation),
    };
    return cmocka_run_group_tests_name("binding.memory", tests, setup, close_shared);
}
