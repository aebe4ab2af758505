// SPDX-License-Identifier: GPL-2.0-or-later
/* URLs: the table in tests/cases/url.txt. */
#include "harness.h"
#include "cases.h"

#include <signpost/url.h>

static sp_bytes
cut(sp_bytes *rest, char end)
{
    const char *stop = rest->len ? memchr(rest->data, end, rest->len) : NULL;
    size_t len = stop ? (size_t)(stop - rest->data) : rest->len;
    sp_bytes taken = sp_bytes_slice(*rest, 0, len);
    *rest = sp_bytes_slice(*rest, stop ? len + 1 : len, rest->len);
    return taken;
}

/* A linear congruential generator, so that each run tests the same URLs. */
static uint32_t
next_random(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 16;
}

static void
canonical_of(sp_str *out, sp_bytes text)
{
    sp_url url;
    sp_str_clear(out);
    if (sp_url_parse(text, &url))
        sp_url_append_canonical(out, &url);
    else
        sp_str_append_char(out, '-');
}

static bool
check(sp_bytes url, sp_bytes expected)
{
    SP_AUTO(sp_str_done) sp_str actual = {0}, again = {0};
    canonical_of(&actual, url);
    canonical_of(&again, sp_str_bytes(&actual));
    bool same = sp_bytes_equal(sp_str_bytes(&actual), expected) &&
                sp_bytes_equal(sp_str_bytes(&again), expected);
    if (!same)
        print_error("%.*s\n  expected: %.*s\n  actual:   %s\n  again:    %s\n", (int)url.len,
                    url.data, (int)expected.len, expected.data, actual.data, again.data);
    return same;
}

/* Each line of the table is a URL, a tab, and the canonical form of the URL, or "-" if the URL does
   not name a resource. '#' begins a comment. A canonical form is its own canonical form. */
static void
test_canonical_urls_match_the_table(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str table = {0};
    read_file(&table, SOURCE_DIR "/tests/cases/url.txt");
    sp_bytes rest = sp_str_bytes(&table);
    size_t count = 0, failed = 0;
    while (rest.len > 0) {
        sp_bytes line = cut(&rest, '\n');
        if (line.len == 0 || line.data[0] == '#')
            continue;
        sp_bytes url = cut(&line, '\t');
        count++;
        failed += !check(url, line);
    }
    assert_true(count > 50);
    assert_int_equal(failed, 0);
}

static const char *const host_pieces[] = {
    /* clang-format off */
    "www.", "WWW.", "xn--", "XN--bcher-kva", "bücher", "BÜCHER", "u\xCC\x88", "ß", "İ", "☃",
    "a", "B1", "-", "--", "_", ".", "..", "。", "．", "｡", "／", "⒈", "%C3%BC", "%2e", "%2F",
    "%", "%25", "%77ww.", "ｗｗｗ", "שלום", "\xE2\x80\x8D", "١", "127.0.0.1", "localhost",
    "org", "a.org", "[::1]", "ä\xCC\x81",
    /* clang-format on */
};
static const char *const tail_pieces[] = {
    /* clang-format off */
    "/", "/b/", "/./", "/../", "//", "/%2e%2E", "?", "a=1", "&", "utm%5Fsource=1", "%2%35",
    "%zz", "#c", ":~:", ":%7E:", "%3A~:", "é", " ", "\xE2\x80\xAE", "\xC2\x9B", ":80",
    "%26", "=", "@", "x",
    /* clang-format on */
};

/* Appends a URL made of pieces that were once not idempotent, or that could be. */
static void
append_random_url(sp_str *out, uint32_t *seed)
{
    sp_str_clear(out);
    sp_str_append_text(out, "http://");
    for (unsigned i = 1 + next_random(seed) % 5; i > 0; i--)
        sp_str_append_text(
            out, host_pieces[next_random(seed) % (sizeof host_pieces / sizeof *host_pieces)]);
    for (unsigned i = next_random(seed) % 6; i > 0; i--)
        sp_str_append_text(
            out, tail_pieces[next_random(seed) % (sizeof tail_pieces / sizeof *tail_pieces)]);
}

static void
test_a_canonical_form_is_its_own_canonical_form(void **state)
{
    (void)state;
    uint32_t seed = 13;
    size_t resources = 0, failed = 0;
    SP_AUTO(sp_str_done) sp_str url = {0}, once = {0}, twice = {0};
    for (int i = 0; i < 40000 && failed < 10; i++) {
        append_random_url(&url, &seed);
        canonical_of(&once, sp_str_bytes(&url));
        canonical_of(&twice, sp_str_bytes(&once));
        resources += once.len > 1;
        if (!sp_bytes_equal(sp_str_bytes(&once), sp_str_bytes(&twice))) {
            print_error("%s\n  once:  %s\n  twice: %s\n", url.data, once.data, twice.data);
            failed++;
        }
    }
    assert_true(resources > 10000);
    assert_int_equal(failed, 0);
}

static void
test_hosts_are_shown_in_their_own_script(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_host_append_unicode(&text, SP_LITERAL("xn--bcher-kva.example"));
    assert_str(text, "bücher.example");
    sp_str_clear(&text);
    sp_host_append_unicode(&text, SP_LITERAL("xn--a.example"));
    assert_str(text, "xn--a.example");
    sp_str_clear(&text);
    sp_host_append_folded(&text, SP_LITERAL("Bu\xCC\x88"
                                            "cher。Example"));
    assert_str(text, "bücher.example");
}

static void
test_shown_urls_have_no_tracking_parameters_or_control_characters(void **state)
{
    (void)state;
    sp_url url;
    SP_AUTO(sp_str_done) sp_str shown = {0};
    assert_true(sp_url_parse(SP_LITERAL("http://A.org/B?utm_source=x&c=%7e&_ga=2.8"), &url));
    sp_url_append_shown(&shown, &url);
    assert_str(shown, "http://A.org/B?c=%7e");
    sp_str_clear(&shown);
    assert_true(sp_url_parse(SP_LITERAL("https://x.org/a\nb\x1b[31m?q=\x7f"), &url));
    sp_url_append_shown(&shown, &url);
    assert_str(shown, "https://x.org/a%0Ab%1B[31m?q=%7F");
    sp_str_clear(&shown);
    assert_true(sp_url_parse(SP_LITERAL("https://x.org/\xE2\x80\xAE"
                                        "é?\xC2\x9B#\xD8\x9C"),
                             &url));
    sp_url_append_shown(&shown, &url);
    assert_str(shown, "https://x.org/%E2%80%AEé?%C2%9B#%D8%9C");
}

static void
test_hosts_have_no_control_characters(void **state)
{
    (void)state;
    static const char *const hosts[] = {
        "exa\xE2\x80\xAEmple.com", "a\xC2\x9B.org",    "a\xE2\x81\xA6.org", "\xD8\x9C.org",
        "xn--a\xC2\x85.org",       "[::\xE2\x80\xAE]",
    };
    sp_url url;
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        SP_AUTO(sp_str_done) sp_str text = {0};
        sp_str_append_format(&text, "https://%s/x", hosts[i]);
        assert_false(sp_url_parse(sp_str_bytes(&text), &url));
    }
    assert_true(sp_url_parse(SP_LITERAL("https://a\xE2\x80\x8D.org/"), &url));
}

static void
test_ports_have_only_digits_and_end_at_65535(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int expected;
    } rows[] = {
        {"", 0},       {"0", 0},           {"80", 80},
        {"0080", 80},  {"00000080", 80},   {"65535", 65535},
        {"65536", -1}, {"4294967296", -1}, {"18446744073709551696", -1},
        {"-1", -1},    {"+1", -1},         {" 1", -1},
        {"8x", -1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t port;
        bool read = sp_port_read(sp_bytes_of(rows[i].text), &port);
        assert_int_equal(read ? (int)port : -1, rows[i].expected);
    }
}

static void
test_shown_urls_hide_passwords(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str shown = {0};
    sp_url url;
    assert_true(sp_url_parse(SP_LITERAL("HTTP://me:pw@Host.org:80/a?b#c"), &url));
    sp_url_append_shown(&shown, &url);
    assert_str(shown, "http://Host.org:80/a?b#c");
}

static void
test_the_sites_own_host_matches_with_and_without_www(void **state)
{
    (void)state;
    sp_url url;
    assert_true(sp_url_parse(SP_LITERAL("https://WWW.Site.org/x"), &url));
    assert_true(sp_url_is_host(&url, SP_LITERAL("site.org")));
    assert_true(sp_url_is_host(&url, SP_LITERAL("www.site.org")));
    assert_false(sp_url_is_host(&url, SP_LITERAL("ite.org")));
    assert_false(sp_url_is_host(&url, SP_LITERAL("")));
}

static void
test_authority_host_and_path_are_separated_at_the_same_characters(void **state)
{
    (void)state;
    static const struct {
        const char *url, *authority, *host, *path;
    } rows[] = {
        {"https://example.org:4000/x?y#z", "example.org:4000", "example.org", "/x?y#z"},
        {"https://example.org", "example.org", "example.org", "/"},
        {"https://example.org?y=/", "example.org", "example.org", "/"},
        {"https://example.org#z", "example.org", "example.org", "/"},
        {"example.org/x", "example.org", "example.org", "example.org/x"},
        {"a.org/web/https://b.org/x", "a.org", "a.org", "a.org/web/https://b.org/x"},
        {"/x", "", "", "/x"},
        {"/x?to=https://b.org/y", "", "", "/x?to=https://b.org/y"},
        {"", "", "", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sp_bytes url = sp_bytes_of(rows[i].url);
        assert_bytes(sp_url_authority(url), rows[i].authority);
        assert_bytes(sp_url_host(url), rows[i].host);
        assert_bytes(sp_url_path(url), rows[i].path);
    }
}

static void
test_www_is_removed_from_hosts_in_any_case(void **state)
{
    (void)state;
    assert_bytes(sp_url_without_www(SP_LITERAL("www.example.org/x")), "example.org/x");
    assert_bytes(sp_url_without_www(SP_LITERAL("WWW.example.org")), "WWW.example.org");
    assert_bytes(sp_host_without_www(SP_LITERAL("www.example.org")), "example.org");
    assert_bytes(sp_host_without_www(SP_LITERAL("WWW.example.org")), "example.org");
    assert_bytes(sp_host_without_www(SP_LITERAL("wwwexample.org")), "wwwexample.org");
    assert_bytes(sp_host_without_www(SP_LITERAL("www.")), "www.");
}

static void
test_a_relative_url_has_neither_scheme_nor_host(void **state)
{
    (void)state;
    assert_true(sp_url_is_relative(SP_LITERAL("/x:y")));
    assert_true(sp_url_is_relative(SP_LITERAL("x?y:z")));
    assert_true(sp_url_is_relative(SP_LITERAL("#x:y")));
    assert_true(sp_url_is_relative(SP_LITERAL("")));
    assert_false(sp_url_is_relative(SP_LITERAL("mailto:x")));
    assert_false(sp_url_is_relative(SP_LITERAL("//host/x")));
    assert_false(sp_url_is_relative(SP_LITERAL("https://host/x")));
    assert_true(sp_url_is_absolute(SP_LITERAL("https://host/x")));
    assert_false(sp_url_is_absolute(SP_LITERAL("/x")));
}

/* A host of `len` bytes in labels of at most 20 characters. */
static void
append_host(sp_str *out, const char *character, size_t len)
{
    size_t start = out->len, size = strlen(character);
    while (out->len - start + size <= len) {
        bool dot = (out->len - start) % 61 >= 57;
        sp_str_append_text(out, dot ? "." : character);
    }
    while (out->len - start < len)
        sp_str_append_char(out, 'x');
}

static void
test_a_host_has_at_most_255_bytes(void **state)
{
    (void)state;
    static const char *const characters[] = {"a", "é", "履", "𝄞"};
    for (size_t c = 0; c < sizeof characters / sizeof *characters; c++) {
        for (size_t len = 250; len < 262; len++) {
            SP_AUTO(sp_str_done) sp_str text = {0}, canonical = {0};
            sp_url url;
            sp_str_append_text(&text, "https://");
            append_host(&text, characters[c], len);
            assert_int_equal(text.len, 8 + len);
            assert_int_equal(sp_url_parse(sp_str_bytes(&text), &url), len <= 255);
            if (len > 255)
                continue;
            sp_host_append_canonical(&canonical, url.host);
            assert_true(canonical.len > 0);
            assert_int_equal(sp_utf8_invalid(sp_str_bytes(&canonical)), SIZE_MAX);
        }
    }
}

static void
test_base_urls_are_absolute_and_lose_their_final_slashes(void **state)
{
    (void)state;
    static const char *const good[][2] = {
        {"https://x.org", "https://x.org"},
        {"https://x.org/", "https://x.org"},
        {"HTTP://X.org:8080/a/b//", "HTTP://X.org:8080/a/b"},
        {"http://localhost:4000", "http://localhost:4000"},
        {"http://[::1]:80/", "http://[::1]:80"},
        {"https://bücher.example/é", "https://bücher.example/é"},
    };
    static const char *const bad[] = {
        "",
        "foo",
        "/a",
        "//x.org",
        "x.org/a",
        "https://",
        "https:///x",
        "https:x.org",
        "ftp://x.org",
        "javascript:alert(1)",
        "https://x.org?q",
        "https://x.org/#a",
        "https://user@x.org",
        "https://u:p@x.org/",
        "https://x.org:",
        "https://x.org:65536",
        "https://x.org:a",
        "http://[::1",
        "http://[x]",
        "https://x org",
        "https://x.org/a b",
        "https://x..org",
        "https://.org",
        "https://x.org/\"><b>",
        "https://x.org/\n",
        "https://x.org/\xff",
        "https://x.org/\u202E",
        "https://%41.org",
    };
    sp_bytes url;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(sp_base_url_read(sp_bytes_of(good[i][0]), &url));
        assert_bytes(url, good[i][1]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(sp_base_url_read(sp_bytes_of(bad[i]), &url));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_host_has_at_most_255_bytes),
        cmocka_unit_test(test_canonical_urls_match_the_table),
        cmocka_unit_test(test_a_canonical_form_is_its_own_canonical_form),
        cmocka_unit_test(test_hosts_are_shown_in_their_own_script),
        cmocka_unit_test(test_hosts_have_no_control_characters),
        cmocka_unit_test(test_ports_have_only_digits_and_end_at_65535),
        cmocka_unit_test(test_shown_urls_hide_passwords),
        cmocka_unit_test(test_shown_urls_have_no_tracking_parameters_or_control_characters),
        cmocka_unit_test(test_the_sites_own_host_matches_with_and_without_www),
        cmocka_unit_test(test_authority_host_and_path_are_separated_at_the_same_characters),
        cmocka_unit_test(test_www_is_removed_from_hosts_in_any_case),
        cmocka_unit_test(test_a_relative_url_has_neither_scheme_nor_host),
        cmocka_unit_test(test_base_urls_are_absolute_and_lose_their_final_slashes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
