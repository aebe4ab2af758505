// SPDX-License-Identifier: GPL-2.0-or-later
/* Addresses, networks, and the rate limit. */

#include "client_address.h"

#include "searchd/rates.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>

ssize_t __wrap_getrandom(void *out, size_t size, unsigned flags);

/* A fixed key, so that no two clients of this test share a place in the table of times. */
ssize_t
__wrap_getrandom(void *out, size_t size, unsigned flags)
{
    (void)flags;
    memset(out, 7, size);
    return (ssize_t)size;
}

static void
test_addresses_are_read_and_printed(void **state)
{
    (void)state;
    static const struct {
        const char *text, *printed;
    } good[] = {
        {"192.0.2.1", "192.0.2.1"},
        {"192.0.2.1:80", "192.0.2.1"},
        {"2001:db8::1", "2001:db8::1"},
        {"[2001:db8::1]", "2001:db8::1"},
        {"[2001:DB8:0::1]:443", "2001:db8::1"},
        {"::ffff:192.0.2.1", "192.0.2.1"},
        {"::1", "::1"},
    };
    static const char *const bad[] = {"",           "x",    "192.0.2", "192.0.2.1.1", "192.0.2.256",
                                      "192.0.2.1 ", "[::1", "1::2::3", "unknown",     "_hidden",
                                      "192.0.2.1/8"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        char printed[SP_ADDRESS_TEXT_MAX];
        sp_address read = address(good[i].text);
        sp_address_print(&read, printed);
        assert_string_equal(printed, good[i].printed);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        sp_address untouched = {.family = SP_ADDRESS_IPV6};
        if (sp_address_read(sp_bytes_of(bad[i]), &untouched))
            fail_msg("an address: %s", bad[i]);
        assert_int_equal(untouched.family, SP_ADDRESS_IPV6);
    }
    assert_false(sp_address_read((sp_bytes){"192.0.2.1\0x", 11}, &(sp_address){0}));
}

static void
test_socket_addresses_are_converted(void **state)
{
    (void)state;
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0xc0000201)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    const struct sockaddr local = {.sa_family = AF_UNIX};
    inet_pton(AF_INET6, "::ffff:192.0.2.1", &v6.sin6_addr);
    sp_address expected = address("192.0.2.1");
    sp_address plain = sp_address_of((const struct sockaddr *)&v4);
    sp_address mapped = sp_address_of((const struct sockaddr *)&v6);
    sp_address unix_socket = sp_address_of(&local);
    assert_true(sp_address_equal(&plain, &expected));
    assert_true(sp_address_equal(&mapped, &expected));
    assert_false(sp_address_equal(&unix_socket, &expected));
    assert_true(sp_address_is_local(&unix_socket));
    assert_false(sp_address_is_local(&expected));
    for (int i = 0; i < 2; i++) {
        sp_address own = address(i ? "::1" : "127.8.9.1");
        assert_true(sp_address_is_local(&own));
    }
}

static void
test_a_network_contains_its_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *network, *address;
        bool has;
    } cases[] = {
        {"10.0.0.0/8", "10.255.0.1", true},
        {"10.0.0.0/8", "11.0.0.1", false},
        {"10.0.0.0/9", "10.127.0.1", true},
        {"10.0.0.0/9", "10.128.0.1", false},
        {"192.0.2.7", "192.0.2.7", true},
        {"192.0.2.7", "192.0.2.6", false},
        {"192.0.2.7/31", "192.0.2.6", true},
        {"0.0.0.0/0", "203.0.113.9", true},
        {"0.0.0.0/0", "2001:db8::1", false},
        {"::/0", "2001:db8::1", true},
        {"2001:db8::/33", "2001:db8:7fff::", true},
        {"2001:db8::/33", "2001:db8:8000::", false},
        {"unix", "127.0.0.1", false},
    };
    static const char *const bad[] = {
        "",       "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x",
        "::/129", "/8",          "host",      "10.0.0.0/8/8"};
    sp_network network;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sp_address member = address(cases[i].address);
        assert_true(sp_network_read(sp_bytes_of(cases[i].network), &network));
        if (sp_network_has(&network, &member) != cases[i].has)
            fail_msg("%s and %s", cases[i].network, cases[i].address);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (sp_network_read(sp_bytes_of(bad[i]), &network))
            fail_msg("a network: %s", bad[i]);
    }
    assert_true(sp_network_read(SP_LITERAL("unix"), &network));
    assert_true(sp_network_has(&network, &(sp_address){.family = SP_ADDRESS_UNIX}));
}

static void
test_clients_of_trusted_proxies_are_found(void **state)
{
    (void)state;
    sp_network proxies[2];
    assert_true(sp_network_read(SP_LITERAL("10.0.0.0/8"), &proxies[0]));
    assert_true(sp_network_read(SP_LITERAL("unix"), &proxies[1]));
    const sp_searchd_options options = {.proxies = proxies, .proxy_count = 2};
    sp_rates *rates = sp_rates_new(&options);
    static const struct {
        const char *peer, *forwarded, *client;
    } cases[] = {
        {"192.0.2.1", "198.51.100.1", "192.0.2.1"}, /* not a trusted proxy: ignored */
        {"10.0.0.1", "", "10.0.0.1"},
        {"10.0.0.1", "198.51.100.1", "198.51.100.1"},
        {"10.0.0.1", "203.0.113.5, 198.51.100.1", "198.51.100.1"},
        {"10.0.0.1", "203.0.113.5,198.51.100.1 , 10.1.1.1", "198.51.100.1"},
        {"10.0.0.1", "203.0.113.5, 10.1.1.1, x", "10.0.0.1"},
        {"10.0.0.1", "10.9.9.9, 10.1.1.1", "10.9.9.9"},
        {"10.0.0.1", "2001:db8::7", "2001:db8::7"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char printed[SP_ADDRESS_TEXT_MAX];
        sp_address peer = address(cases[i].peer);
        sp_address client = sp_rates_client(rates, &peer, sp_bytes_of(cases[i].forwarded));
        sp_address_print(&client, printed);
        assert_string_equal(printed, cases[i].client);
    }
    sp_rates_free(rates);
}

/* Counts `asked` requests at the same time; returns how many of them are within the limit. */
static unsigned
passing(sp_rates *rates, const char *client, unsigned asked, uint64_t now)
{
    unsigned passed = 0;
    sp_address from = address(client);
    for (unsigned i = 0; i < asked; i++)
        passed += sp_rates_count(rates, &from, now) == 0;
    return passed;
}

static void
test_requests_over_the_rate_are_refused(void **state)
{
    (void)state;
    const sp_searchd_options options = {.rate = 10, .burst = 5};
    const uint64_t start = 1000000000;
    sp_rates *rates = sp_rates_new(&options);
    sp_address client = address("192.0.2.1");
    assert_int_equal(passing(rates, "192.0.2.1", 20, start), 5);
    assert_int_equal(sp_rates_count(rates, &client, start), 1); /* seconds to wait */
    assert_int_equal(passing(rates, "192.0.2.1", 20, start + 99999), 0);
    assert_int_equal(passing(rates, "192.0.2.1", 20, start + 100000), 1);
    assert_int_equal(passing(rates, "192.0.2.1", 20, start + 400000), 3);
    assert_int_equal(passing(rates, "192.0.2.1", 20, start + 60000000), 5);
    assert_int_equal(passing(rates, "198.51.100.77", 20, start), 5);
    assert_int_equal(passing(rates, "127.0.0.1", 20, start), 20); /* local: exempt by default */
    assert_int_equal(passing(rates, "2001:db8::1", 3, start), 3);
    assert_int_equal(passing(rates, "2001:db8::2", 20, start), 2); /* same /64 */
    assert_int_equal(passing(rates, "2001:db8:0:1::1", 20, start), 5);
    sp_rates_free(rates);
    const sp_searchd_options slow = {.rate = 1, .burst = 1, .rate_local = true};
    rates = sp_rates_new(&slow);
    assert_int_equal(passing(rates, "127.0.0.1", 20, start), 1);
    sp_rates_free(rates);
    const sp_searchd_options none = {.rate = 0, .burst = 1, .rate_local = true};
    rates = sp_rates_new(&none);
    assert_int_equal(passing(rates, "127.0.0.1", 20, start), 20);
    sp_rates_free(rates);
}

/* A client that has a whole /48 network could otherwise take a new address for each request. */
static void
test_a_48_network_has_four_times_the_limit(void **state)
{
    (void)state;
    const sp_searchd_options options = {.rate = 10, .burst = 5};
    const uint64_t start = 1000000000;
    sp_rates *rates = sp_rates_new(&options);
    unsigned passed = 0, other = 0;
    for (unsigned i = 0; i < 300; i++) {
        char text[SP_ADDRESS_TEXT_MAX];
        snprintf(text, sizeof text, "2001:db8:7:%x::1", i);
        passed += passing(rates, text, 1, start);
        snprintf(text, sizeof text, "2001:db8:8%02x:1::1", i % 256);
        other += i < 256 ? passing(rates, text, 1, start) : 0;
    }
    assert_int_equal(passed, 20);
    assert_int_equal(other, 256); /* each in a network of its own */
    assert_int_equal(passing(rates, "2001:db8:7:ffff::1", 20, start + 100000), 4);
    assert_int_equal(passing(rates, "2001:db8:7:ffff::1", 20, start + 60000000), 5);
    sp_rates_free(rates);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses_are_read_and_printed),
        cmocka_unit_test(test_socket_addresses_are_converted),
        cmocka_unit_test(test_a_network_contains_its_addresses),
        cmocka_unit_test(test_clients_of_trusted_proxies_are_found),
        cmocka_unit_test(test_requests_over_the_rate_are_refused),
        cmocka_unit_test(test_a_48_network_has_four_times_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
