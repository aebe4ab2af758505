// SPDX-License-Identifier: GPL-2.0-or-later
/* Which queries run, wait and are refused. */

#include "harness.h"

#include "searchd/queries.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>

#define MS ((uint64_t)1000)
#define MUCH (SP_LONG_QUERY + 1U)

/* A simulated clock, in microseconds; the processor time is the same. */
static uint64_t now = 1000000000;

int __wrap_clock_gettime(clockid_t clock, struct timespec *out);

int
__wrap_clock_gettime(clockid_t clock, struct timespec *out)
{
    (void)clock;
    *out = (struct timespec){.tv_sec = (time_t)(now / 1000000),
                             .tv_nsec = (long)(now % 1000000) * 1000};
    return 0;
}

int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex);
int __real_pthread_mutex_lock(pthread_mutex_t *mutex);

/* Called once, before the next lock is taken: what another thread does while this one waits. */
static void (*meanwhile)(void);

int
__wrap_pthread_mutex_lock(pthread_mutex_t *mutex)
{
    void (*call)(void) = meanwhile;
    meanwhile = NULL;
    if (call)
        call();
    return __real_pthread_mutex_lock(mutex);
}

static unsigned parked;

static void
park(sp_ticket *ticket)
{
    (void)ticket;
    parked++;
}

static sp_metrics metrics;

static sp_queries *
queries_of(uint32_t max_queries, uint32_t queue)
{
    const sp_queries_options options = {.max_queries = max_queries,
                                        .queue = queue,
                                        .timeout_us = 1000 * MS,
                                        .park = park,
                                        .metrics = &metrics};
    metrics = (sp_metrics){0};
    parked = 0;
    return sp_queries_new(&options);
}

static sp_ticket
ticket_of(const char *client, uint32_t effort)
{
    static uint64_t number;
    sp_ticket ticket = {.kind = effort < SP_LONG_QUERY ? SP_QUERY_SHORT : SP_QUERY_LONG,
                        .effort = effort,
                        .same = {++number, 0}};
    if (!sp_address_read(sp_bytes_of(client), &ticket.client))
        fail_msg("no address: %s", client);
    return ticket;
}

/* Asks for `count` queries of one client; returns how many of them are not refused. */
static unsigned
ask_all(sp_queries *queries, sp_ticket *tickets, unsigned count, const char *client)
{
    unsigned admitted = 0;
    for (unsigned i = 0; i < count; i++) {
        tickets[i] = ticket_of(client, MUCH);
        admitted += sp_queries_ask(queries, &tickets[i], true) != SP_REFUSE;
    }
    return admitted;
}

static void
test_queries_run_then_wait_then_are_refused(void **state)
{
    (void)state;
    sp_queries *queries = queries_of(2, 3);
    sp_ticket tickets[8];
    assert_int_equal(ask_all(queries, tickets, 8, "127.0.0.1"), 5);
    assert_int_equal(parked, 5);
    assert_int_equal(metrics.queries_running, 2);
    assert_int_equal(metrics.queries_waiting, 3);
    assert_int_equal(metrics.queries_refused[SP_REFUSED_FULL], 3);
    assert_ptr_equal(sp_queries_next(queries, 0), &tickets[0]);
    assert_ptr_equal(sp_queries_next(queries, 0), &tickets[1]);
    now += 10 * MS;
    assert_null(sp_queries_next(queries, 0));
    for (unsigned i = 0; i < 5; i++) {
        assert_null(sp_queries_leave(queries, &tickets[i]));
        if (i < 3)
            assert_ptr_equal(sp_queries_next(queries, 0), &tickets[i + 2]);
    }
    assert_int_equal(metrics.queries_running, 0);
    assert_int_equal(metrics.queries_waiting, 0);
    sp_queries_free(queries);
}

static void
test_no_queue_means_that_nothing_waits(void **state)
{
    (void)state;
    sp_queries *queries = queries_of(1, 0);
    sp_ticket tickets[3];
    assert_int_equal(ask_all(queries, tickets, 3, "127.0.0.1"), 1);
    assert_int_equal(metrics.queries_running, 1);
    sp_queries_free(queries);
}

static void
test_an_address_has_a_quarter_and_a_48_network_half(void **state)
{
    (void)state;
    sp_queries *queries = queries_of(8, 8);
    sp_ticket tickets[9][10];
    assert_int_equal(ask_all(queries, tickets[0], 10, "192.0.2.1"), 4);
    assert_int_equal(metrics.queries_running, 2);
    assert_int_equal(metrics.queries_waiting, 2);
    assert_int_equal(metrics.queries_refused[SP_REFUSED_ADDRESS], 6);
    assert_int_equal(ask_all(queries, tickets[1], 10, "2001:db8:1:1::1"), 4);
    assert_int_equal(ask_all(queries, tickets[2], 10, "2001:db8:1:1::2"), 0); /* the same /64 */
    assert_int_equal(ask_all(queries, tickets[3], 10, "2001:db8:1:2::1"), 4);
    assert_int_equal(ask_all(queries, tickets[4], 10, "2001:db8:1:3::1"), 0); /* the same /48 */
    assert_int_equal(metrics.queries_running, 6);
    assert_int_equal(ask_all(queries, tickets[5], 10, "127.0.0.1"), 4); /* all that is left */
    assert_int_equal(metrics.queries_running, 8);
    assert_int_equal(metrics.queries_waiting, 8);
    sp_queries_free(queries);

    queries = queries_of(2, 1); /* a quarter is at least one */
    assert_int_equal(ask_all(queries, tickets[0], 10, "192.0.2.1"), 2);
    assert_int_equal(ask_all(queries, tickets[1], 10, "192.0.2.2"), 1);
    assert_int_equal(metrics.queries_running, 2);
    sp_queries_free(queries);
}

/* An address whose share runs does not keep the queries behind it from running. */
static void
test_a_place_goes_to_an_address_below_its_share(void **state)
{
    (void)state;
    sp_queries *queries = queries_of(4, 64);
    sp_ticket greedy[10], others[3];
    assert_int_equal(ask_all(queries, greedy, 10, "192.0.2.1"), 10);
    assert_int_equal(metrics.queries_running, 1);
    for (unsigned i = 0; i < 3; i++) {
        char client[32];
        snprintf(client, sizeof client, "198.51.100.%u", i);
        others[i] = ticket_of(client, MUCH);
        sp_queries_ask(queries, &others[i], true);
    }
    assert_int_equal(metrics.queries_running, 4);
    sp_queries_free(queries);
}

static void
test_the_address_that_used_least_comes_first(void **state)
{
    (void)state;
    sp_queries *queries = queries_of(1, 64);
    sp_ticket first = ticket_of("192.0.2.1", MUCH), heavy = ticket_of("192.0.2.1", MUCH);
    sp_ticket other = ticket_of("192.0.2.2", MUCH), little = ticket_of("192.0.2.2", 5);
    sp_queries_ask(queries, &first, true);
    assert_ptr_equal(sp_queries_next(queries, 0), &first);
    now += 100 * MS;
    sp_queries_ask(queries, &heavy, true);
    sp_queries_ask(queries, &other, true);
    sp_queries_ask(queries, &little, true);
    sp_queries_leave(queries, &first);
    assert_ptr_equal(sp_queries_next(queries, 0), &little); /* of one address, the short query */
    now += MS;
    sp_queries_leave(queries, &little);
    assert_ptr_equal(sp_queries_next(queries, 0), &other);
    sp_queries_leave(queries, &other);
    assert_ptr_equal(sp_queries_next(queries, 0), &heavy);
    sp_queries_free(queries);
}

static void
test_equal_queries_run_once_and_do_not_count(void **state)
{
    (void)state;
    sp_queries *queries = queries_of(1, 1);
    sp_ticket tickets[6];
    for (unsigned i = 0; i < 6; i++) {
        tickets[i] = ticket_of("127.0.0.1", MUCH);
        tickets[i].same[0] = 7 + (i == 5);
        assert_int_equal(sp_queries_ask(queries, &tickets[i], true), SP_PARKED);
    }
    assert_int_equal(metrics.queries_shared, 4);
    assert_ptr_equal(sp_queries_next(queries, 0), &tickets[0]);
    assert_false(sp_queries_give_up(queries, &tickets[0])); /* others want the answer */
    unsigned followers = 0;
    for (sp_ticket *each = sp_queries_leave(queries, &tickets[0]); each; each = each->next)
        followers++;
    assert_int_equal(followers, 4);
    assert_ptr_equal(sp_queries_next(queries, 0), &tickets[5]);
    assert_true(sp_queries_give_up(queries, &tickets[5]));
    assert_int_equal(metrics.queries_refused[SP_REFUSED_GONE], 1);
    assert_int_equal(metrics.queries_running, 0);
    /* An answer is shared while it is made, not later. */
    sp_ticket later = ticket_of("127.0.0.1", MUCH);
    later.same[0] = 7;
    sp_queries_ask(queries, &later, true);
    assert_ptr_equal(sp_queries_next(queries, 0), &later);
    sp_queries_free(queries);
}

static sp_ticket
same_as(const sp_ticket *ticket, const char *client)
{
    sp_ticket same = ticket_of(client, MUCH);
    same.same[0] = ticket->same[0];
    return same;
}

static unsigned
count(const sp_ticket *list)
{
    unsigned count = 0;
    for (; list; list = list->next)
        count++;
    return count;
}

/* The address that was the first to ask has no share left, but that of a later one has. */
static void
test_equal_queries_run_when_one_of_them_may(void **state)
{
    (void)state;
    sp_queries *queries = queries_of(4, 64);
    sp_ticket greedy[3], others[3], same[4];
    assert_int_equal(ask_all(queries, greedy, 3, "192.0.2.1"), 3);
    assert_ptr_equal(sp_queries_next(queries, 0), &greedy[0]);
    same[0] = same_as(&greedy[1], "192.0.2.1");
    assert_int_equal(sp_queries_ask(queries, &same[0], true), SP_PARKED);
    assert_int_equal(metrics.queries_running, 1); /* no share */
    same[1] = same_as(&greedy[1], "192.0.2.2");
    assert_int_equal(sp_queries_ask(queries, &same[1], true), SP_PARKED);
    assert_int_equal(metrics.queries_running, 2);
    assert_int_equal(metrics.queries_waiting, 1);
    assert_ptr_equal(sp_queries_next(queries, 0), &same[1]);
    same[2] = same_as(&greedy[1], "192.0.2.3"); /* to a query that runs */
    assert_int_equal(sp_queries_ask(queries, &same[2], true), SP_PARKED);
    assert_int_equal(metrics.queries_running, 2);

    /* The same when all places are taken, and one becomes free. */
    assert_int_equal(ask_all(queries, others, 2, "127.0.0.1"), 2);
    same[3] = same_as(&greedy[2], "192.0.2.4");
    assert_int_equal(sp_queries_ask(queries, &same[3], true), SP_PARKED);
    assert_int_equal(metrics.queries_running, 4);
    sp_ticket *followers = sp_queries_leave(queries, &same[1]);
    assert_int_equal(count(followers), 3);
    assert_ptr_equal(followers, &greedy[1]);
    assert_int_equal(metrics.queries_waiting, 0);
    sp_queries_next(queries, 0);
    sp_queries_next(queries, 0);
    assert_ptr_equal(sp_queries_next(queries, 0), &same[3]);
    assert_ptr_equal(sp_queries_leave(queries, &same[3]), &greedy[2]);
    assert_null(greedy[2].next);
    sp_queries_free(queries);
}

/* A client that has just begun to wait is not refused because an equal query has waited too
   long. */
static void
test_equal_queries_expire_each_in_its_time(void **state)
{
    (void)state;
    sp_queries *queries = queries_of(1, 64);
    sp_ticket runs[1], first = ticket_of("192.0.2.2", MUCH), later, second, third;
    assert_int_equal(ask_all(queries, runs, 1, "192.0.2.1"), 1);
    assert_ptr_equal(sp_queries_next(queries, 0), &runs[0]);
    sp_queries_ask(queries, &first, true);
    now += 190 * MS;
    later = ticket_of("192.0.2.5", MUCH);
    second = same_as(&first, "192.0.2.3");
    third = same_as(&first, "192.0.2.4");
    sp_queries_ask(queries, &later, true);
    sp_queries_ask(queries, &second, true);
    sp_queries_ask(queries, &third, true);
    now += 820 * MS;
    assert_ptr_equal(sp_queries_expired(queries), &first);
    assert_null(first.followers);
    assert_int_equal(metrics.queries_waiting, 2);
    assert_null(sp_queries_leave(queries, &runs[0]));
    assert_ptr_equal(sp_queries_next(queries, 0),
                     &second); /* before `later`: the place of the first */
    assert_ptr_equal(sp_queries_leave(queries, &second), &third);
    assert_null(third.next);
    sp_queries_free(queries);
}

/* At the end, nobody waits for a query that runs in a thread of libmicrohttpd. */
static void
test_at_the_end_nobody_waits_for_the_thread_that_asked(void **state)
{
    (void)state;
    sp_queries *queries = queries_of(4, 64);
    sp_ticket here = ticket_of("127.0.0.1", 10), followers[2];
    assert_int_equal(sp_queries_ask(queries, &here, true), SP_RUN);
    for (unsigned i = 0; i < 2; i++) {
        followers[i] = same_as(&here, "127.0.0.1");
        assert_int_equal(sp_queries_ask(queries, &followers[i], true), SP_PARKED);
    }
    now += 60000 * MS;
    assert_null(sp_queries_expired(queries));
    sp_queries_end(queries);
    for (unsigned i = 0; i < 2; i++) {
        assert_false(sp_queries_have_ended(queries));
        assert_ptr_equal(sp_queries_expired(queries), &followers[i]);
        assert_null(followers[i].next);
    }
    assert_null(sp_queries_expired(queries));
    assert_true(sp_queries_have_ended(queries));
    assert_null(sp_queries_leave(queries, &here));
    sp_queries_free(queries);
}

static void
test_a_query_waits_less_in_a_queue_that_stays(void **state)
{
    (void)state;
    sp_queries *queries = queries_of(1, 64);
    sp_ticket runs = ticket_of("127.0.0.1", MUCH), first, follower, later;
    sp_queries_ask(queries, &runs, true);
    assert_ptr_equal(sp_queries_next(queries, 0), &runs);
    first = ticket_of("127.0.0.1", MUCH);
    sp_queries_ask(queries, &first, true);
    follower = first;
    sp_queries_ask(queries, &follower, true);
    now += 450 * MS;
    assert_null(sp_queries_expired(queries)); /* a burst may wait for a second */
    later = ticket_of("127.0.0.1", MUCH);
    sp_queries_ask(queries, &later, true);
    now += 100 * MS;
    assert_ptr_equal(sp_queries_expired(queries), &first);
    assert_null(first.next);
    assert_int_equal(metrics.queries_waiting, 2); /* the follower is in the place of the first */
    assert_ptr_equal(sp_queries_expired(queries), &follower);
    assert_null(sp_queries_expired(queries));
    now += 110 * MS;
    assert_ptr_equal(sp_queries_expired(queries), &later);
    assert_int_equal(metrics.queries_refused[SP_REFUSED_LATE], 3);
    assert_int_equal(metrics.queries_waiting, 0);

    first = ticket_of("127.0.0.1", MUCH); /* the queue was empty in between */
    sp_queries_ask(queries, &first, true);
    now += 300 * MS;
    assert_null(sp_queries_expired(queries));
    sp_queries_drain(queries);
    now += 60000 * MS;
    assert_null(sp_queries_expired(queries));
    assert_false(sp_queries_have_ended(queries));
    sp_queries_end(queries);
    assert_false(sp_queries_have_ended(queries));
    assert_ptr_equal(sp_queries_expired(queries), &first);
    assert_int_equal(sp_queries_ask(queries, &later, true), SP_REFUSE);
    sp_queries_leave(queries, &runs);
    assert_true(sp_queries_have_ended(queries));
    assert_null(sp_queries_next(queries, 10));
    sp_queries_free(queries);
}

static void
test_queries_run_in_the_thread_that_asks_unless_they_are_slow(void **state)
{
    (void)state;
    sp_queries *queries = queries_of(4, 64);
    sp_ticket tickets[5];
    for (unsigned i = 0; i < 5; i++)
        tickets[i] = ticket_of("127.0.0.1", SP_LONG_QUERY - 1);
    assert_int_equal(sp_queries_ask(queries, &tickets[0], false), SP_RUN);
    assert_int_equal(sp_queries_ask(queries, &tickets[1], false), SP_RUN);
    sp_ticket lengthy = ticket_of("127.0.0.1", SP_LONG_QUERY), same = tickets[1];
    assert_int_equal(sp_queries_ask(queries, &lengthy, false), SP_AGAIN);
    assert_int_equal(sp_queries_ask(queries, &same, false), SP_AGAIN);
    assert_int_equal(metrics.queries_running, 2);
    now += 4 * MS;
    sp_queries_leave(queries, &tickets[0]);
    now += 2 * MS; /* a thread is blocked for 6 ms */
    sp_ticket facets = ticket_of("127.0.0.1", 1);
    facets.kind = SP_QUERY_FACETS;
    assert_int_equal(sp_queries_ask(queries, &facets, false), SP_AGAIN);
    sp_queries_leave(queries, &tickets[1]);
    assert_int_equal(sp_queries_ask(queries, &tickets[2], false), SP_AGAIN);
    assert_int_equal(sp_queries_ask(queries, &facets, false), SP_RUN); /* of another kind */
    sp_queries_leave(queries, &facets);
    now += 1001 * MS;
    assert_int_equal(sp_queries_ask(queries, &tickets[3], false), SP_RUN);
    now += 100 * MS; /* the kind is slow on average, until others have been quick */
    sp_queries_leave(queries, &tickets[3]);
    now += 1001 * MS;
    unsigned handed_over = 0;
    while (sp_queries_ask(queries, &tickets[4], true) == SP_PARKED) {
        assert_ptr_equal(sp_queries_next(queries, 0), &tickets[4]);
        sp_queries_leave(queries, &tickets[4]);
        assert_true(++handed_over < 20);
    }
    assert_true(handed_over > 3);
    sp_queries_free(queries);
}

/* Queries that were not run, because their clients are gone, say nothing about the kind. */
static void
test_clients_that_are_gone_do_not_make_a_kind_look_fast(void **state)
{
    (void)state;
    sp_queries *queries = queries_of(4, 64);
    sp_ticket slow = ticket_of("127.0.0.1", 1), gone[30], next = ticket_of("127.0.0.1", 1);
    assert_int_equal(sp_queries_ask(queries, &slow, true), SP_RUN);
    now += 100 * MS;
    sp_queries_leave(queries, &slow);
    for (unsigned i = 0; i < 30; i++) {
        gone[i] = ticket_of("127.0.0.1", 1);
        assert_int_equal(sp_queries_ask(queries, &gone[i], true), SP_PARKED);
        assert_ptr_equal(sp_queries_next(queries, 0), &gone[i]);
        assert_true(sp_queries_give_up(queries, &gone[i]));
    }
    now += 1001 * MS;
    assert_int_equal(sp_queries_ask(queries, &next, false), SP_AGAIN);
    sp_queries_free(queries);
}

static struct {
    sp_queries *queries;
    sp_ticket ticket;
    enum sp_query_verdict verdict;
} other;

static void
another_thread_asks(void)
{
    now++;
    other.verdict = sp_queries_ask(other.queries, &other.ticket, true);
}

/* A thread that waits for the lock must not compare a time from before with later times. */
static void
test_times_are_read_with_the_lock(void **state)
{
    (void)state;
    sp_ticket runs = ticket_of("127.0.0.1", MUCH), here = ticket_of("127.0.0.1", 1);
    other.queries = queries_of(1, 64);
    other.ticket = ticket_of("127.0.0.1", MUCH);
    sp_queries_ask(other.queries, &runs, true);
    assert_ptr_equal(sp_queries_next(other.queries, 0), &runs);
    meanwhile = another_thread_asks;
    assert_null(sp_queries_expired(other.queries)); /* it has only begun to wait */
    assert_int_equal(other.verdict, SP_PARKED);
    assert_int_equal(metrics.queries_waiting, 1);
    sp_queries_free(other.queries);

    other.queries = queries_of(4, 64);
    other.ticket = ticket_of("127.0.0.1", 1);
    meanwhile = another_thread_asks;
    assert_int_equal(sp_queries_ask(other.queries, &here, false), SP_RUN); /* none is blocked */
    assert_int_equal(other.verdict, SP_RUN);
    sp_queries_free(other.queries);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_queries_run_then_wait_then_are_refused),
        cmocka_unit_test(test_no_queue_means_that_nothing_waits),
        cmocka_unit_test(test_an_address_has_a_quarter_and_a_48_network_half),
        cmocka_unit_test(test_a_place_goes_to_an_address_below_its_share),
        cmocka_unit_test(test_the_address_that_used_least_comes_first),
        cmocka_unit_test(test_equal_queries_run_once_and_do_not_count),
        cmocka_unit_test(test_equal_queries_run_when_one_of_them_may),
        cmocka_unit_test(test_equal_queries_expire_each_in_its_time),
        cmocka_unit_test(test_at_the_end_nobody_waits_for_the_thread_that_asked),
        cmocka_unit_test(test_a_query_waits_less_in_a_queue_that_stays),
        cmocka_unit_test(test_queries_run_in_the_thread_that_asks_unless_they_are_slow),
        cmocka_unit_test(test_clients_that_are_gone_do_not_make_a_kind_look_fast),
        cmocka_unit_test(test_times_are_read_with_the_lock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
