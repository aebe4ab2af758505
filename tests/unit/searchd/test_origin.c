// SPDX-License-Identifier: GPL-2.0-or-later
/* Origins that a browser can send. */

#include "harness.h"

#include "searchd/origin.h"

static void
test_origins_as_browsers_send_them_can_match(void **state)
{
    (void)state;
    static const char *const good[] = {
        "https://example.org",
        "http://example.org:8080",
        "http://example.org:443",
        "https://example.org:80",
        "http://localhost:4000",
        "http://127.0.0.1:4000",
        "http://[::1]:4000",
        "https://[2001:db8::1]",
        "https://xn--bcher-kva.example",
        "https://my_host.example",
        "https://example.org.",
        "https://1password.example",
        "http://a:1",
        "http://a:65535",
        "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
        "capacitor://localhost",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        if (!sp_origin_can_match(sp_bytes_of(good[i])))
            fail_msg("refused: %s", good[i]);
    }
}

static void
test_origins_in_another_form_can_never_match(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "example.org",
        "://example.org",
        "https://",
        "https:///",
        "https:example.org",
        "https://example.org/",
        "https://example.org/path",
        "https://example.org?x",
        "https://example.org#x",
        "https://Example.org",
        "HTTPS://example.org",
        "https://example.org:443",
        "http://example.org:80",
        "https://example.org:",
        "https://example.org:0443",
        "https://example.org:65536",
        "https://example.org:99999999999",
        "https://example.org:8x",
        "https://example.org:8443:1",
        "https://user@example.org",
        "https://*.example.org",
        "https://*",
        ("https://b\xc3\xbc"
         "cher.example"),
        "https://b%c3%bccher.example",
        "https://example.org ",
        " https://example.org",
        "https://exam ple.org",
        "https://.example.org",
        "https://a..b",
        "http://127.1",
        "http://0x7f.0.0.1",
        "http://127.0.0.01",
        "http://1.2.3.256",
        "http://[::1",
        "http://[0:0:0:0:0:0:0:1]",
        "http://[2001:DB8::1]",
        "http://[::1]x",
        "http://::1",
        "file://",
        "file://host",
        "1http://a",
        "null",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (sp_origin_can_match(sp_bytes_of(bad[i])))
            fail_msg("accepted: %s", bad[i]);
    }
    assert_false(sp_origin_can_match((sp_bytes){"http://a\0b", 10}));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_origins_as_browsers_send_them_can_match),
        cmocka_unit_test(test_origins_in_another_form_can_never_match),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
