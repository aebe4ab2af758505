// SPDX-License-Identifier: GPL-2.0-or-later
/* Which connections are admitted, and what becomes of sockets that were closed without a word. */

#include "client_address.h"

#include "searchd/connections.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#define SECOND ((uint64_t)1000000)

/* Opens up to `count` connections from an address; returns how many are admitted. No sockets belong
   to the numbers. */
static unsigned
open_some(sp_connections *all, const char *from, unsigned count)
{
    static int next_fd = 100;
    sp_address client = address(from);
    sp_connection *connection;
    unsigned admitted = 0;
    while (admitted < count &&
           sp_connections_admit(all, next_fd, &client, SECOND, &connection) == SP_ADMITTED) {
        assert_ptr_equal(sp_connections_find(all, next_fd), connection);
        admitted++;
        next_fd++;
    }
    return admitted;
}

static void
test_an_address_and_a_48_network_have_a_share(void **state)
{
    (void)state;
    sp_network proxy;
    assert_true(sp_network_read(SP_LITERAL("192.0.2.9"), &proxy));
    const sp_connection_limits limits = {
        .max = 100, .max_per_address = 3, .proxies = &proxy, .proxy_count = 1};
    sp_connections *all = sp_connections_new(&limits);
    assert_int_equal(open_some(all, "192.0.2.1", 10), 3);
    assert_int_equal(open_some(all, "192.0.2.2", 10), 3); /* every IPv4 address has its own */
    assert_int_equal(open_some(all, "192.0.2.9", 10), 10);
    assert_int_equal(open_some(all, "127.0.0.1", 10), 10);
    assert_int_equal(open_some(all, "2001:db8:1:1::1", 10), 3);
    assert_int_equal(open_some(all, "2001:db8:1:1::2", 10), 0); /* the same /64 */
    assert_int_equal(open_some(all, "2001:db8:1:2::1", 10), 3);
    assert_int_equal(open_some(all, "2001:db8:1:3::1", 2), 2);
    assert_int_equal(open_some(all, "2001:db8:1:4::1", 10), 3);
    assert_int_equal(open_some(all, "2001:db8:1:5::1", 10), 1); /* four times 3 in the /48 */
    assert_int_equal(open_some(all, "2001:db8:1:6::1", 10), 0);
    assert_int_equal(open_some(all, "2001:db8:2:1::1", 10), 3);
    sp_connection *first = sp_connections_find(all, 100 + 3 + 3 + 10 + 10);
    sp_connections_release(all, first);
    assert_int_equal(open_some(all, "2001:db8:1:6::1", 10), 1);
    sp_connections_free(all);
}

static void
test_no_limit_per_address_is_none_for_a_48_network(void **state)
{
    (void)state;
    const sp_connection_limits limits = {.max = 20};
    sp_connections *all = sp_connections_new(&limits);
    assert_int_equal(open_some(all, "2001:db8:1:1::1", 100), 20);
    assert_int_equal(sp_connections_count(all), 20);
    sp_connections_free(all);
}

/* libmicrohttpd has closed the socket without a notification, and another one has its number. */
static void
test_a_stale_connection_gives_its_place_to_the_next_with_its_number(void **state)
{
    (void)state;
    const sp_connection_limits limits = {.max = 2};
    sp_connections *all = sp_connections_new(&limits);
    sp_address client = address("192.0.2.1");
    sp_connection *stale, *next, *other;
    assert_int_equal(sp_connections_admit(all, 50, &client, SECOND, &stale), SP_ADMITTED);
    assert_int_equal(sp_connections_admit(all, 50, &client, SECOND, &next), SP_ADMITTED);
    assert_int_equal(sp_connections_count(all), 1);
    assert_ptr_equal(sp_connections_find(all, 50), next);

    /* The number goes to the copy of a socket that lingers. */
    assert_int_equal(sp_connections_admit(all, 51, &client, SECOND, &other), SP_ADMITTED);
    assert_true(sp_connections_move(all, other, 50, SECOND));
    assert_int_equal(sp_connections_count(all), 1);
    assert_ptr_equal(sp_connections_find(all, 50), other);
    assert_null(sp_connections_find(all, 51));
    /* MHD_add_connection returns only now that it has failed. */
    sp_connections_release(all, next);
    assert_int_equal(sp_connections_count(all), 1);
    assert_ptr_equal(sp_connections_find(all, 50), other);
    sp_connections_release(all, other);
    assert_int_equal(sp_connections_count(all), 0);
    assert_int_equal(open_some(all, "192.0.2.1", 10), 2);
    sp_connections_free(all);
}

static void
test_a_stale_connection_is_released_at_its_deadline(void **state)
{
    (void)state;
    const sp_connection_limits limits = {.max = 2};
    sp_connections *all = sp_connections_new(&limits);
    sp_address client = address("192.0.2.1");
    sp_connection *connection;
    int pair[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    for (int i = 0; i < 2; i++)
        assert_int_equal(sp_connections_admit(all, pair[i], &client, 0, &connection), SP_ADMITTED);
    close(pair[1]);
    sp_connections_reap(all);
    assert_int_equal(sp_connections_count(all), 1);
    assert_null(sp_connections_find(all, pair[1]));
    char byte;
    assert_int_equal(read(pair[0], &byte, 1), 0); /* shut down, and its thread will release it */
    close(pair[0]);
    sp_connections_free(all);
}

/* The number of a stale connection belongs to a file, or to a socket that no client has opened. */
static void
test_a_stale_connection_whose_number_is_taken_is_released_and_the_taker_left_alone(void **state)
{
    (void)state;
    const sp_connection_limits limits = {.max = 4};
    sp_connections *all = sp_connections_new(&limits);
    sp_address client = address("192.0.2.1");
    sp_connection *connection;
    int own[2], pair[2], file = open("/dev/null", O_RDWR);
    for (int drain = 0; drain < 2; drain++) {
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, own), 0);
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
        for (int i = 0; i < 2; i++)
            assert_int_equal(sp_connections_admit(all, own[i], &client, 0, &connection),
                             SP_ADMITTED);
        assert_int_equal(dup2(file, own[0]), own[0]);
        assert_int_equal(dup2(pair[0], own[1]), own[1]);
        if (drain)
            sp_connections_drain(all, false);
        else
            assert_int_equal(sp_connections_reap(all), 0);
        assert_int_equal(sp_connections_count(all), 0);
        assert_int_equal(write(own[1], "x", 1), 1);
        assert_int_equal(recv(own[1], &(char){0}, 1, MSG_DONTWAIT), -1); /* and not the end */
        for (int i = 0; i < 2; i++) {
            close(own[i]);
            close(pair[i]);
        }
    }
    close(file);
    sp_connections_free(all);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_address_and_a_48_network_have_a_share),
        cmocka_unit_test(test_no_limit_per_address_is_none_for_a_48_network),
        cmocka_unit_test(test_a_stale_connection_gives_its_place_to_the_next_with_its_number),
        cmocka_unit_test(test_a_stale_connection_is_released_at_its_deadline),
        cmocka_unit_test(
            test_a_stale_connection_whose_number_is_taken_is_released_and_the_taker_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
