// SPDX-License-Identifier: GPL-2.0-or-later
/* What clients send about representations: Accept-Encoding and If-None-Match. */

#include "harness.h"

#include "searchd/response.h"

static void
test_gzip_is_sent_only_if_it_is_accepted(void **state)
{
    (void)state;
    static const char *const accepting[] = {
        "gzip",       "x-gzip",           "GZIP",        "*",          "gzip;q=1",
        "gzip;q=0.1", "gzip; q=0.001",    "gzip;q=0.9",  "gzip;Q=0.5", "br, gzip",
        " gzip ,br",  "gzip;q=0.1,*;q=0", "*;q=0, gzip", "br,*;q=0.1", "identity;q=0,gzip",
    };
    static const char *const refusing[] = {
        "",           "br",           "gzip;q=0", "gzip; q=0", "gzip;Q=0",
        "gzip;q=0.0", "gzip;q=0.000", "*;q=0",    "gzi",       "gzipp",
        "*;q=0,br",   "gzip;q=0,*",   ",",        ",,",        "deflate, br;q=1",
    };
    assert_false(sp_accepts_gzip(NULL));
    for (size_t i = 0; i < sizeof accepting / sizeof *accepting; i++) {
        if (!sp_accepts_gzip(accepting[i]))
            fail_msg("refused: %s", accepting[i]);
    }
    for (size_t i = 0; i < sizeof refusing / sizeof *refusing; i++) {
        if (sp_accepts_gzip(refusing[i]))
            fail_msg("accepted: %s", refusing[i]);
    }
}

static void
test_a_tag_is_found_in_a_list(void **state)
{
    (void)state;
    static const char *const listing[] = {
        "\"abc\"", "W/\"abc\"", "*", "\"x\", \"abc\"", "\"x\",W/\"abc\" , \"y\"", "\"x\", *"};
    static const char *const others[] = {
        "",       "abc",       "\"ab\"",      "\"abcd\"", "\"abd\"", "\"abc", "abc\"", "\"abcx",
        "xabc\"", "w/\"abc\"", "W/W/\"abc\"", "\"abc\"x", "W/",      ",",     "\"\""};
    assert_false(sp_tag_is_listed(NULL, SP_LITERAL("abc")));
    for (size_t i = 0; i < sizeof listing / sizeof *listing; i++) {
        if (!sp_tag_is_listed(listing[i], SP_LITERAL("abc")))
            fail_msg("not found: %s", listing[i]);
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (sp_tag_is_listed(others[i], SP_LITERAL("abc")))
            fail_msg("found: %s", others[i]);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_gzip_is_sent_only_if_it_is_accepted),
                                       cmocka_unit_test(test_a_tag_is_found_in_a_list)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
