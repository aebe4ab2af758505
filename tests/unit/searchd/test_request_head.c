// SPDX-License-Identifier: GPL-2.0-or-later
/* Which heads are valid, and what libmicrohttpd gets of the bytes that arrive. */

#include "harness.h"

#include "searchd/authority.h"
#include "searchd/incoming.h"

#define LINE "GET /healthz HTTP/1.1\r\n"
#define HOST "Host: localhost\r\n"
#define WHOLE LINE HOST "\r\n"
#define SUBSTITUTE "GET ! HTTP/1.1\r\nHost: localhost\r\n\r\n"

/* A head as a NUL-terminated text; `len` is given if it contains NUL bytes. */
struct bad_head {
    const char *text;
    unsigned status;
    size_t len;
};

static const struct bad_head bad_heads[] = {
    {"\r\n\r\n" WHOLE, 400, 0},
    {" " WHOLE, 400, 0},
    {"GET\r\n", 400, 0},
    {"GET /\r\n", 400, 0},
    {"GET  / HTTP/1.1\r\n", 400, 0},
    {"GET / HTTP/1.1 \r\n", 400, 0},
    {"GET\t/\tHTTP/1.1\r\n", 400, 0},
    {"G(T / HTTP/1.1\r\n", 400, 0},
    {" / HTTP/1.1\r\n", 400, 0},
    {"GET / http/1.1\r\n", 400, 0},
    {"GET / HTTP/1.10\r\n", 400, 0},
    {"GET / HTTP/11\r\n", 400, 0},
    {"GET / HTTP/2.0\r\n", 505, 0},
    {"GET / HTTP/0.9\r\n", 505, 0},
    {"GET a HTTP/1.1\r\n", 400, 0},
    {"GET * HTTP/1.1\r\n", 400, 0},
    {"GET /a#b HTTP/1.1\r\n", 400, 0},
    {"GET /a b HTTP/1.1\r\n", 400, 0},
    {"GET http:// HTTP/1.1\r\n", 400, 0},
    {"GET http:///a HTTP/1.1\r\n", 400, 0},
    {"GET http://a@b/ HTTP/1.1\r\n", 400, 0},
    {"GET ftp://a/ HTTP/1.1\r\n", 400, 0},
    {"GET /\r/ HTTP/1.1\r\n", 400, 0},
    {"GET /\0 HTTP/1.1\r\n", 400, 17},
    {LINE "\r\n", 400, 0},
    {LINE HOST HOST "\r\n", 400, 0},
    {LINE "Host:\r\n\r\n", 400, 0},
    {LINE HOST "Content-Length:\r\n 34\r\n\r\n", 400, 0},
    {LINE "Host:\r\n localhost\r\n\r\n", 400, 0},
    {LINE " " HOST "\r\n", 400, 0},
    {LINE HOST ": a\r\n\r\n", 400, 0},
    {LINE HOST "a\r\n\r\n", 400, 0},
    {LINE HOST "a : b\r\n\r\n", 400, 0},
    {LINE HOST "a\x80: b\r\n\r\n", 400, 0},
    {LINE HOST "a: b\rc\r\n\r\n", 400, 0},
    {LINE HOST "a: b\r\r\n\r\n", 400, 0},
    {LINE HOST "a: b\x7f\r\n\r\n", 400, 0},
    {LINE HOST "Content-Length: 0\r\nContent-Length: 0\r\n\r\n", 400, 0},
    {LINE HOST "Content-Length: 5\r\n\r\n", 413, 0},
    {LINE HOST "content-length: 00\r\n\r\n", 413, 0},
    {LINE HOST "Transfer-Encoding: chunked\r\n\r\n", 400, 0},
    {LINE HOST "transfer-encoding:\r\n\r\n", 400, 0},
    {LINE HOST "Expect: 100-continue\r\n\r\n", 417, 0},
    {"POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\n", 405, 0},
    {"get / HTTP/1.1\r\n" HOST "\r\n", 405, 0},
};

static const char *const good_heads[] = {
    WHOLE,
    "\r\n" WHOLE,
    "\n" WHOLE,
    "GET / HTTP/1.0\r\n\r\n",
    "GET / HTTP/1.9\r\n" HOST "\r\n",
    "GET /?q=\xc3\xa9\"<>|^ HTTP/1.1\r\n" HOST "\r\n",
    "GET http://localhost HTTP/1.1\r\n" HOST "\r\n",
    "HEAD HTTPS://localhost:80/?a HTTP/1.1\r\n" HOST "\r\n",
    "OPTIONS * HTTP/1.1\r\n" HOST "\r\n",
    "GET / HTTP/1.1\nhOST:a\n\n",
    LINE HOST "!#$%&'*+-.^_`|~09azAZ:\t \r\n\r\n",
    LINE HOST "a: \xff\t\"\\\r\nContent-Lengths:  0 \r\n\r\n",
};

static sp_bytes
bytes_of(const struct bad_head *head)
{
    return (sp_bytes){head->text, head->len > 0 ? head->len : strlen(head->text)};
}

/* Sends bytes in two pieces, or byte by byte if `cut` is 0, and appends what libmicrohttpd gets. */
static void
pass(sp_incoming *incoming, sp_bytes bytes, size_t cut, sp_str *out)
{
    char buffer[64];
    for (size_t at = 0; at < bytes.len && !incoming->refused;) {
        size_t len = cut == 0 ? 1 : at == 0 ? cut : bytes.len - at, taken;
        SP_AUTO(sp_str_done) sp_str piece = {0};
        sp_str_append(&piece, sp_bytes_slice(bytes, at, at + len));
        piece.len = sp_incoming_add(incoming, piece.data, len);
        sp_str_append(out, sp_str_bytes(&piece));
        while ((taken = sp_incoming_take(incoming, buffer, sizeof buffer)) > 0)
            sp_str_append(out, (sp_bytes){buffer, taken});
        at += len;
    }
}

static void
assert_passed(sp_bytes bytes, size_t cut, const char *expected, unsigned status)
{
    sp_incoming incoming = {0};
    SP_AUTO(sp_str_done) sp_str out = {0};
    pass(&incoming, bytes, cut, &out);
    if (!sp_bytes_equal(sp_str_bytes(&out), sp_bytes_of(expected)))
        fail_msg("'%.*s' in pieces of %zu gave '%.*s'", (int)bytes.len, bytes.data, cut,
                 (int)out.len, out.data ? out.data : "");
    assert_int_equal(incoming.refused, status != 0);
    if (status != 0 && incoming.problem.status != status)
        fail_msg("'%.*s' got %u", (int)bytes.len, bytes.data, incoming.problem.status);
    sp_incoming_done(&incoming);
}

static void
test_invalid_heads_never_pass(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_heads / sizeof *bad_heads; i++) {
        sp_bytes bytes = bytes_of(&bad_heads[i]);
        for (size_t cut = 0; cut <= bytes.len; cut++)
            assert_passed(bytes, cut, SUBSTITUTE, bad_heads[i].status);
    }
}

static void
test_valid_heads_pass_unchanged(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good_heads / sizeof *good_heads; i++) {
        sp_bytes bytes = sp_bytes_of(good_heads[i]);
        for (size_t cut = 0; cut <= bytes.len; cut++)
            assert_passed(bytes, cut, good_heads[i], 0);
    }
}

static void
test_fields_that_libmicrohttpd_would_interpret_do_not_pass(void **state)
{
    (void)state;
    static const char *const withheld[] = {"Content-Length: 0\r\n", "content-length:0\t\n",
                                           "Cookie: a=b\r\nCOOKIE:\r\n", "cookie: \"\r\n"};
    for (size_t i = 0; i < sizeof withheld / sizeof *withheld; i++) {
        SP_AUTO(sp_str_done) sp_str stream = {0};
        sp_str_append_format(&stream, WHOLE LINE "%s" HOST "%s\r\n" WHOLE, withheld[i],
                             withheld[i][0] == 'c' ? "" : "a: b\r\n");
        const char *expected = withheld[i][0] == 'c' ? WHOLE LINE HOST "\r\n" WHOLE
                                                     : WHOLE LINE HOST "a: b\r\n\r\n" WHOLE;
        for (size_t cut = 0; cut <= stream.len; cut++)
            assert_passed(sp_str_bytes(&stream), cut, expected, 0);
    }
}

static void
test_what_follows_a_refused_head_is_dropped(void **state)
{
    (void)state;
    const char stream[] = WHOLE WHOLE LINE HOST "Content-Length: 5,5\r\n\r\n" WHOLE;
    for (size_t cut = 0; cut < sizeof stream; cut++)
        assert_passed((sp_bytes){stream, sizeof stream - 1}, cut, WHOLE WHOLE SUBSTITUTE, 400);
}

static void
test_a_head_that_is_not_complete_is_held(void **state)
{
    (void)state;
    char whole[] = WHOLE;
    for (size_t len = 1; len + 1 < sizeof whole; len++) {
        sp_incoming incoming = {0};
        assert_int_equal(sp_incoming_add(&incoming, whole, len), 0);
        assert_true(sp_incoming_has_part(&incoming));
        assert_int_equal(sp_incoming_take(&incoming, (char[8]){0}, 8), 0);
        sp_incoming_done(&incoming);
    }
}

static void
test_the_substitute_has_what_the_access_log_shows(void **state)
{
    (void)state;
    char head[] = "HEAD /a HTTP/1.1\r\n" HOST "Cookie: a\r\nuser-agent: b\r\nReferer: c\r\n"
                  "X-Forwarded-For: d\r\nX-Forwarded-For: e\r\nContent-Length: 1\r\n\r\n";
    assert_passed((sp_bytes){head, sizeof head - 1}, 0,
                  "HEAD ! HTTP/1.1\r\nHost: localhost\r\nuser-agent: b\r\nReferer: c\r\n"
                  "X-Forwarded-For: d\r\nX-Forwarded-For: e\r\n\r\n",
                  413);
    sp_incoming incoming = {0};
    sp_incoming_add(&incoming, head, sizeof head - 1);
    assert_true(sp_bytes_equal(sp_str_bytes(&incoming.line), SP_LITERAL("HEAD /a HTTP/1.1")));
    sp_incoming_done(&incoming);
}

/* A head with a target, a field value and a number of other fields. */
static unsigned
status_of(size_t target, size_t value, unsigned fields, const char *end)
{
    sp_incoming incoming = {0};
    SP_AUTO(sp_str_done) sp_str head = {0};
    SP_AUTO(sp_str_done) sp_str passed = {0};
    sp_str_append_text(&head, "GET /");
    for (size_t i = 1; i < target; i++)
        sp_str_append_char(&head, 'a');
    sp_str_append_text(&head, " HTTP/1.1\r\nHost:a\r\na:");
    for (size_t i = 0; i < value; i++)
        sp_str_append_char(&head, 'b');
    for (unsigned i = 0; i < fields; i++)
        sp_str_append_text(&head, "\r\na:");
    sp_str_append_text(&head, end);
    pass(&incoming, sp_str_bytes(&head), head.len / 2, &passed);
    unsigned status = incoming.refused ? incoming.problem.status : 0;
    sp_incoming_done(&incoming);
    return status;
}

static void
test_sizes_are_limited(void **state)
{
    (void)state;
    const size_t others = strlen("Host:a\r\na:\r\n\r\n");
    assert_int_equal(status_of(SP_TARGET_MAX, 1, 0, "\r\n\r\n"), 0);
    assert_int_equal(status_of(SP_TARGET_MAX + 1, 1, 0, "\r\n\r\n"), 414);
    assert_int_equal(status_of(2 * SP_TARGET_MAX, 1, 0, "\r\n\r\n"), 414);
    assert_int_equal(status_of(1, SP_HEAD_MAX - others, 0, "\r\n\r\n"), 0);
    assert_int_equal(status_of(1, SP_HEAD_MAX - others + 1, 0, "\r\n\r\n"), 431);
    assert_int_equal(status_of(1, SP_HEAD_MAX, 0, ""), 431);
    assert_int_equal(status_of(1, 1, SP_FIELDS_MAX - 2, "\r\n\r\n"), 0);
    assert_int_equal(status_of(1, 1, SP_FIELDS_MAX - 1, "\r\n\r\n"), 431);
}

static void
test_a_line_without_an_end_is_refused_in_time(void **state)
{
    (void)state;
    char text[1024];
    for (int field = 0; field < 2; field++) {
        sp_incoming incoming = {0};
        size_t sent = 0;
        memcpy(text, LINE, sizeof LINE);
        sp_incoming_add(&incoming, text, field ? strlen(LINE) : 0);
        for (; !incoming.refused && sent <= SP_HEAD_MAX + sizeof text; sent += sizeof text) {
            memset(text, 'a', sizeof text);
            sp_incoming_add(&incoming, text, sizeof text);
        }
        assert_true(incoming.refused);
        assert_int_equal(incoming.problem.status, field ? 431 : 414);
        sp_incoming_done(&incoming);
    }
}

static void
test_a_host_has_a_name_or_address_and_a_port(void **state)
{
    (void)state;
    static const char *const good[] = {
        "a",      "a.b-c_d~", "A:80",  "a:",        "192.0.2.1", "[::1]", "[::1]:80",
        "%c3%A9", "a:065535", "[::]:", "localhost", "a..b",      "1",     "[::192.0.2.1]"};
    static const char *const bad[] = {"",
                                      " ",
                                      ":80",
                                      "a b",
                                      "a,b",
                                      "a/b",
                                      "a?b",
                                      "a@b",
                                      "a:b",
                                      "a:80:",
                                      "a:80a",
                                      "a:65536",
                                      "[::1",
                                      "::1",
                                      "[::1]a",
                                      "[]",
                                      "[a]",
                                      "[192.0.2.1]",
                                      "%",
                                      "%a",
                                      "%ag",
                                      "a\xe9",
                                      "[::1]]",
                                      "[1.2.3.4:80]",
                                      "a:-1",
                                      "a;b",
                                      "[::1%25a]",
                                      "a: 80",
                                      "a\tb",
                                      "[[::1]]",
                                      "a:99999999999999999999"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        if (!sp_authority_is_valid(sp_bytes_of(good[i])))
            fail_msg("refused: %s", good[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (sp_authority_is_valid(sp_bytes_of(bad[i])))
            fail_msg("accepted: %s", bad[i]);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_invalid_heads_never_pass),
        cmocka_unit_test(test_valid_heads_pass_unchanged),
        cmocka_unit_test(test_fields_that_libmicrohttpd_would_interpret_do_not_pass),
        cmocka_unit_test(test_what_follows_a_refused_head_is_dropped),
        cmocka_unit_test(test_a_head_that_is_not_complete_is_held),
        cmocka_unit_test(test_the_substitute_has_what_the_access_log_shows),
        cmocka_unit_test(test_sizes_are_limited),
        cmocka_unit_test(test_a_line_without_an_end_is_refused_in_time),
        cmocka_unit_test(test_a_host_has_a_name_or_address_and_a_port),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
