// SPDX-License-Identifier: GPL-2.0-or-later
/* Readers in several threads, each with its own handle, while a writer commits continuously. */
#include "support.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { threads = 4, seconds = 3 };

/* At most one search in this many may be stale. ThreadSanitizer slows readers down, so the writer
 * overtakes them more often. */
#ifdef __SANITIZE_THREAD__
enum { stale_share = 5 };
#else
enum { stale_share = 50 };
#endif

static const char *path;
static atomic_bool done;
static atomic_uint searches, stale, wrong, moves;

static void *
read_on(void *unused)
{
    xc_reader *reader = open_reader(path);
    unsigned n = 0;
    (void)unused;
    while (!atomic_load(&done)) {
        xc_error err;
        xc_page *page = NULL;
        const xc_bytes phrase[] = {XC_BYTES("all"), XC_BYTES("even")};
        xc_query *parts[] = {xc_query_phrase(phrase, 2, 2), xc_query_term(XC_BYTES("w4"), 1)};
        xc_query *query = xc_query_filter(xc_query_or(parts, 2),
                                          xc_query_and_not(xc_query_all(), xc_query_none()));
        xc_request request = {.query = query,
                              .limit = 20,
                              .fetch = XC_FETCH_DATA | XC_FETCH_TERMS,
                              .timeout_us = 5000000};
        /* Refreshes only every 16th time, like a slow client. */
        xc_status status = n++ % 16 ? XC_OK : xc_reader_refresh(reader, NULL, &err);
        if (!status)
            status = xc_search(reader, &request, &page, &err);
        if (status == XC_STALE || status == XC_CORRUPT)
            atomic_fetch_add(&stale, 1);
        else if (status || page->hit_count != 20 ||
                 strncmp(page->hits[19].data.data, "doc ", 4) != 0)
            atomic_fetch_add(&wrong, 1);
        if (status && status != XC_STALE && status != XC_CORRUPT)
            print_error("%s: %s\n", xc_status_name(status), err.text);
        atomic_fetch_add(&searches, 1);
        xc_page_free(page);
        xc_query_free(query);
    }
    atomic_fetch_add(&moves, (unsigned)xc_reader_moves(reader));
    xc_reader_close(reader);
    return NULL;
}

static void
readers_get_whole_answers_while_a_writer_commits(void **state)
{
    pthread_t reader[threads];
    xc_error err;
    const struct timespec pause = {.tv_nsec = 2000000};
    unsigned commits = 0;
    path = in(state, "live");
    xc_writer *writer = NULL;
    ok(xc_writer_open(path, &(xc_writer_options){.no_sync = true}, &writer, &err));
    write_docs(writer, 1, 2000);
    ok(xc_writer_commit(writer, &err));
    for (int i = 0; i < threads; i++)
        assert_int_equal(pthread_create(&reader[i], NULL, read_on, NULL), 0);
    xc_doc *doc = xc_doc_new();
    for (time_t end = time(NULL) + seconds; time(NULL) < end; commits++) {
        for (unsigned n = 1; n <= 20; n++) {
            char term[32];
            unsigned which = (commits * 20 + n) % 2000 + 1;
            fill_doc(doc, which);
            snprintf(term, sizeof term, "Q%u", which);
            ok(xc_writer_replace(writer, bytes(term), doc, NULL, &err));
        }
        ok(xc_writer_commit(writer, &err));
        nanosleep(&pause, NULL);
    }
    atomic_store(&done, true);
    for (int i = 0; i < threads; i++)
        pthread_join(reader[i], NULL);
    xc_doc_free(doc);
    xc_writer_close(writer);
    print_message("%u commits, %u searches, %u moves, %u stale\n", commits, searches, moves, stale);
    assert_int_equal(wrong, 0);
    assert_true(moves > threads);
    assert_true(stale <= 1 + searches / stale_share); /* with one attempt: four in ten */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readers_get_whole_answers_while_a_writer_commits)};
    return cmocka_run_group_tests_name("binding.live", tests, make_room, clear_room);
}
