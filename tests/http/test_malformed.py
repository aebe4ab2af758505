# SPDX-License-Identifier: GPL-2.0-or-later
"""Requests that no browser sends: each gets one answer, in time, and a line of the log; then the daemon closes
the connection and keeps running."""

import os
import socket
import time

import daemon
import harness
from daemon import HEAD, request

LINE = b"GET /healthz HTTP/1.1\r\n"
SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
BOTH = b"Content-Length: 4\r\n", b"Transfer-Encoding: chunked\r\n"


def line(text, rest=HEAD + b"\r\n"):
    return text + b"\r\n" + rest


def fields(text):
    """A request with more fields, followed by what a server that misreads them takes for a second request."""
    return LINE + HEAD + text + b"\r\n\r\n" + SMUGGLED


def host(value):
    return LINE + b"Host: " + value + b"\r\n\r\n"


# What RFC 9110 and RFC 9112 say must or should be rejected: the section, name, request and status.
REJECTED = [
    ("9112 2.2", "a bare CR in the request line", line(b"GET /heal\rthz HTTP/1.1"), 400),
    ("9112 2.2", "bare CRs as line ends", b"GET /healthz HTTP/1.1\rHost: x\r\r", 400),
    ("9112 2.2", "a bare CR in a value", fields(b"a: b\rc: d"), 400),
    ("9112 2.2", "a bare CR before a line end", fields(b"a: b\r"), 400),
    ("9112 2.2", "a space before the first field", LINE + b" " + HEAD + b"\r\n", 400),
    ("9112 2.2", "a tab before the first field", LINE + b"\t" + HEAD + b"\r\n", 400),
    ("9112 2.2", "a space before the request line", b" " + LINE + HEAD + b"\r\n", 400),
    ("9112 2.2", "TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"a" * 200, 400),
    ("9112 2.2", "SSH", b"SSH-2.0-x\r\n", 400),
    ("9112 2.2", "NULs", b"\0" * 1000, 400),
    ("9112 2.3", "version 2.0", line(b"GET /healthz HTTP/2.0"), 505),
    ("9112 2.3", "version 3.0", line(b"GET /healthz HTTP/3.0"), 505),
    ("9112 2.3", "version 0.9", line(b"GET /healthz HTTP/0.9"), 505),
    ("9112 2.3", "the preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    ("9112 2.3", "a version in lower case", line(b"GET /healthz http/1.1"), 400),
    ("9112 2.3", "another protocol", line(b"GET /healthz HTTQ/1.1"), 400),
    ("9112 2.3", "a version of two digits", line(b"GET /healthz HTTP/1.10"), 400),
    ("9112 2.3", "a version without a point", line(b"GET /healthz HTTP/11"), 400),
    ("9112 2.3", "a version without a minor", line(b"GET /healthz HTTP/1"), 400),
    ("9112 2.3", "a version with a letter", line(b"GET /healthz HTTP/1.x"), 400),
    ("9112 3", "no version", line(b"GET /healthz"), 400),
    ("9112 3", "only a method", line(b"GET"), 400),
    ("9112 3", "no method", line(b"/healthz HTTP/1.1"), 400),
    ("9112 3", "an empty method", line(b" /healthz HTTP/1.1"), 400),
    ("9112 3", "no target", line(b"GET HTTP/1.1"), 400),
    ("9112 3", "an empty target", line(b"GET  HTTP/1.1"), 400),
    ("9112 3", "two spaces before the target", line(b"GET  /healthz HTTP/1.1"), 400),
    ("9112 3", "two spaces before the version", line(b"GET /healthz  HTTP/1.1"), 400),
    ("9112 3", "a space after the version", line(b"GET /healthz HTTP/1.1 "), 400),
    ("9112 3", "tabs between the parts", line(b"GET\t/healthz\tHTTP/1.1"), 400),
    ("9112 3", "a second version", line(b"GET /healthz HTTP/1.1 HTTP/1.1"), 400),
    ("9112 3.1", "a method with a parenthesis", line(b"G(T /healthz HTTP/1.1"), 400),
    ("9112 3.1", "a method with a control character", line(b"G\x07T /healthz HTTP/1.1"), 400),
    ("9112 3.1", "a method with an 8-bit character", line(b"G\xc3\x89T /healthz HTTP/1.1"), 400),
    ("9112 3.2", "a space in the target", line(b"GET /api/v1/search?q=a b HTTP/1.1"), 400),
    ("9112 3.2", "a tab in the target", line(b"GET /api/v1/search?q=a\tb HTTP/1.1"), 400),
    ("9112 3.2", "a NUL in the path", line(b"GET /healthz\0?x HTTP/1.1"), 400),
    ("9112 3.2", "a NUL in the query", line(b"GET /api/v1/search?q=a\0b HTTP/1.1"), 400),
    ("9112 3.2", "a DEL in the target", line(b"GET /api/v1/search?q=a\x7fb HTTP/1.1"), 400),
    ("9112 3.2", "a fragment", line(b"GET /healthz#a HTTP/1.1"), 400),
    ("9112 3.2.1", "no slash", line(b"GET healthz HTTP/1.1"), 400),
    ("9112 3.2.1", "only a query", line(b"GET ?q=a HTTP/1.1"), 400),
    ("9112 3.2.2", "another scheme", line(b"GET ftp://localhost/healthz HTTP/1.1"), 400),
    ("9112 3.2.2", "no host in the target", line(b"GET http:///healthz HTTP/1.1"), 400),
    ("9112 3.2.2", "an invalid host in the target", line(b"GET http://a^b/healthz HTTP/1.1"), 400),
    ("9112 3.2.2", "an invalid port in the target", line(b"GET http://a:b/healthz HTTP/1.1"), 400),
    ("9110 4.2.4", "a user in the target", line(b"GET http://user@localhost/healthz HTTP/1.1"), 400),
    ("9112 3.2.3", "authority form without CONNECT", line(b"GET localhost:80 HTTP/1.1"), 400),
    ("9112 3.2.4", "a star without OPTIONS", line(b"GET * HTTP/1.1"), 400),
    ("9112 3.2", "no Host", LINE + b"\r\n", 400),
    ("9112 3.2", "two Host fields", LINE + HEAD + b"Host: x\r\n\r\n", 400),
    ("9112 3.2", "the same Host twice", LINE + HEAD + HEAD + b"\r\n", 400),
    ("9112 3.2", "two Host fields in version 1.0", line(b"GET /healthz HTTP/1.0", HEAD + HEAD + b"\r\n"), 400),
    ("9112 3.2", "an invalid Host in version 1.0", line(b"GET /healthz HTTP/1.0", b"Host: a b\r\n\r\n"), 400),
    ("9112 3.2", "a list of hosts", host(b"a, b"), 400),
    ("9112 3.2", "a host with a space", host(b"a b"), 400),
    ("9112 3.2", "a host with a path", host(b"localhost/healthz"), 400),
    ("9112 3.2", "a host with a user", host(b"user@localhost"), 400),
    ("9112 3.2", "a host that is a URL", host(b"http://localhost"), 400),
    ("9112 3.2", "an invalid port", host(b"localhost:http"), 400),
    ("9112 3.2", "an open bracket", host(b"[::1"), 400),
    ("9112 5", "a line without a colon", fields(b"abc"), 400),
    ("9112 5", "a second request line", fields(b"GET /healthz HTTP/1.1"), 400),
    ("9112 5.1", "a space before the colon", fields(b"a : b"), 400),
    ("9112 5.1", "a tab before the colon", fields(b"a\t: b"), 400),
    ("9112 5.1", "a space before the colon of a coding", fields(b"Transfer-Encoding : chunked"), 400),
    ("9112 5.1", "a space before the colon of a length", fields(b"Content-Length : 34"), 400),
    ("9112 5.1", "a space before the colon of the host", LINE + b"Host : localhost\r\n\r\n", 400),
    ("9110 5.1", "a field without a name", fields(b": b"), 400),
    ("9110 5.1", "a name with a space", fields(b"a b: c"), 400),
    ("9110 5.1", "a name with a parenthesis", fields(b"a(b: c"), 400),
    ("9110 5.1", "a name with a quotation mark", fields(b'a"b: c'), 400),
    ("9110 5.1", "a name with a NUL", fields(b"a\0b: c"), 400),
    ("9110 5.1", "a name with an 8-bit character", fields(b"Content\xadLength: 34"), 400),
    ("9110 5.5", "a NUL in a value", fields(b"a: b\0c"), 400),
    ("9110 5.5", "a control character in a value", fields(b"a: b\x01c"), 400),
    ("9110 5.5", "a DEL in a value", fields(b"a: b\x7f"), 400),
    ("9112 5.2", "a folded length", fields(b"Content-Length:\r\n 34"), 400),
    ("9112 5.2", "a folded coding", fields(b"Transfer-Encoding:\r\n chunked"), 400),
    ("9112 5.2", "a folded host", LINE + b"Host:\r\n localhost\r\n\r\n", 400),
    ("9112 5.2", "a fold of spaces only", fields(b"a: b\r\n "), 400),
    ("9112 6.1", "a length, then a coding", fields(b"".join(BOTH) + b"a: b") + b"0\r\n\r\n", 400),
    ("9112 6.1", "a coding, then a length", fields(b"".join(BOTH[::-1]) + b"a: b") + b"0\r\n\r\n", 400),
    ("9112 6.1", "a coding in version 1.0", line(b"GET / HTTP/1.0", b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400),
    ("9112 6.1", "an unknown coding", fields(b"Transfer-Encoding: xchunked"), 400),
    ("9112 6.1", "chunked twice", fields(b"Transfer-Encoding: chunked, chunked"), 400),
    ("9112 6.3", "a coding that does not end with chunked", fields(b"Transfer-Encoding: chunked, gzip"), 400),
    ("9112 6.3", "a list of equal lengths", fields(b"Content-Length: 5,5"), 400),
    ("9112 6.3", "two lengths", fields(b"Content-Length: 0\r\nContent-Length: 34"), 400),
    ("9112 6.3", "a length with a sign", fields(b"Content-Length: +5"), 400),
    ("9112 6.3", "a negative length", fields(b"Content-Length: -1"), 400),
    ("9112 6.3", "an empty length", fields(b"Content-Length:"), 400),
    ("9110 10.1.1", "an expectation without a body", fields(b"Expect: 100-continue"), 417),
    ("9110 9.1", "an unknown method", line(b"BREW /healthz HTTP/1.1"), 405),
    ("9110 9.1", "a method in lower case", line(b"get /healthz HTTP/1.1"), 405),
]

# What searchd refuses in addition: it answers requests without a body, of limited size.
REFUSED = [
    ("a body", fields(b"Content-Length: 34"), 413),
    ("a length with zeros", fields(b"Content-Length: 00"), 413),
    ("an endless length", fields(b"Content-Length: " + b"9" * 40), 413),
    ("a large body", LINE + HEAD + b"Content-Length: 3000000\r\n\r\n" + b"x" * 3000000, 413),
    ("a body to be", LINE + HEAD + b"Expect: 100-continue\r\nContent-Length: 10\r\n\r\n", 413),
    ("a posted body", b"POST /api/v1/search HTTP/1.1\r\n" + HEAD + b"Content-Length: 3\r\n\r\nq=a", 405),
    ("an empty host", host(b""), 400),
    ("url of 8193", line(b"GET /" + b"a" * 8192 + b" HTTP/1.1"), 414),
    ("url of 100000", line(b"GET /" + b"a" * 100000 + b" HTTP/1.1"), 414),
    ("5000 parameters", line(b"GET /api/v1/search?q=a" + b"&x=1" * 5000 + b" HTTP/1.1"), 414),
    ("2000 ampersands", line(b"GET /api/v1/search?q=a" + b"&" * 2000 + b" HTTP/1.1"), 400),
    ("a method of 9000", line(b"A" * 9000 + b" / HTTP/1.1"), 414),
    ("65 fields", LINE + HEAD + b"a: b\r\n" * 64 + b"\r\n", 431),
    ("5000 fields", LINE + HEAD + b"a: b\r\n" * 5000 + b"\r\n", 431),
    ("17 KiB of fields", LINE + HEAD + b"a: " + b"b" * 17 * 1024 + b"\r\n\r\n", 431),
    ("a megabyte of a field", LINE + HEAD + b"a: " + b"b" * 1000000 + b"\r\n\r\n", 431),
    ("1000 empty lines", b"\r\n" * 1000, 400),
]

ANSWERED = {
    "http/1.0": (b"GET /healthz HTTP/1.0\r\n\r\n", 200),
    "http/1.9": (line(b"GET /healthz HTTP/1.9", HEAD + b"Connection: close\r\n\r\n"), 200),
    "close": (LINE + HEAD + b"Connection: close\r\n\r\n", 200),
    "absolute form": (b"GET http://localhost/healthz HTTP/1.1\r\n" + HEAD + b"Connection: close\r\n\r\n", 200),
    "absolute form without a path": (b"GET http://localhost?q=a HTTP/1.1\r\n" + HEAD + b"Connection: close\r\n\r\n", 200),
    "line feeds only": (b"GET /healthz HTTP/1.1\nHost: x\nConnection: close\n\n", 200),
    "an empty line before": (b"\r\n" + LINE + HEAD + b"Connection: close\r\n\r\n", 200),
    "a length of zero": (LINE + HEAD + b"Content-Length: 0\r\nConnection: close\r\n\r\n", 200),
    "a length of zero before a tab": (LINE + HEAD + b"Content-Length: \t0\t \r\nConnection: close\r\n\r\n", 200),
    "4000 cookies": (LINE + HEAD + b"Cookie: " + b"a=b;" * 4000 + b"\r\nConnection: close\r\n\r\n", 200),
    "malformed cookies": (LINE + HEAD + b'Cookie: =;;"a\xff\r\nCookie:\r\nConnection: close\r\n\r\n', 200),
    "an expectation in 1.0": (line(b"GET /healthz HTTP/1.0", b"Expect: 100-continue\r\n\r\n"), 200),
    "an address as host": (LINE + b"Host: [::1]:8080\r\nConnection: close\r\n\r\n", 200),
    "text beyond ASCII in a value": (LINE + HEAD + b"a: caf\xe9\r\nConnection: close\r\n\r\n", 200),
    "text beyond ASCII in the target": (line("GET /api/v1/search?q=résumé HTTP/1.1".encode(),
                                             HEAD + b"Connection: close\r\n\r\n"), 200),
    "url of 8192": (b"GET /" + b"a" * 8191 + b" HTTP/1.1\r\n" + HEAD + b"Connection: close\r\n\r\n", 404),
    "64 fields": (LINE + HEAD + b"a: b\r\n" * 62 + b"Connection: close\r\n\r\n", 200),
    "15 KiB of fields": (LINE + HEAD + b"a: " + b"b" * 15 * 1024 + b"\r\nConnection: close\r\n\r\n", 200),
    "options of all": (b"OPTIONS * HTTP/1.1\r\n" + HEAD + b"Connection: close\r\n\r\n", 204),
}


def variations():
    """Lengths, encodings, folds and hosts, in several spellings: none may be answered."""
    for value in (b"5,5", b"5, 5", b"0,0", b"5;", b"5;q=1", b"0x5", b"1e1", b"+5", b"+0", b"-0", b"-5", b"", b" ", b"5 5",
                  b"5.0", b"5,", b",5", b"five", b"\"5\"", b"0\t0", b"\xb2", b"\xef\xbc\x95", b"1_0", b"5L", b"0o5", b"NaN"):
        yield fields(b"Content-Length: " + value)
        yield fields(b"content-LENGTH:\t" + value + b"\t")
    for value in (b"chunked", b"CHUNKED", b"identity", b"gzip, chunked", b"chunked, identity", b"chunked;a=b", b"", b"x",
                  b"\"chunked\"", b"chunked\x0b", b"\x0cchunked", b"chunked\xa0", b",chunked", b"chun ked", b"0"):
        yield fields(b"Transfer-Encoding: " + value)
        yield fields(b"Content-Length: 0\r\ntransfer-encoding:" + value)
    for name in (b"Content-Length", b"Transfer-Encoding", b"Host", b"Connection", b"X-Forwarded-For", b"a"):
        for fold in (b" ", b"\t", b"  \t", b" \r\n\t"):
            yield fields(name + b":\r\n" + fold + b"34")
            yield fields(name + b": 3\n" + fold + b"4")
    for value in (b"a,b", b"a b", b"a\tb", b"a:", b"a:80:80", b"a:-1", b"a:65536", b"a:99999999999999999999", b":80", b"@a",
                  b"a@b:80", b"a/", b"a?b", b"a#b", b"a\\b", b"<a>", b"\"a\"", b"a;b", b"[", b"]", b"[]", b"[::1", b"::1",
                  b"[a]", b"[1.2.3.4]", b"[::1]a", b"[::1]:x", b"[fe80::1%25lo]", b"%", b"%4", b"%zz", b"\xe9", b"a\0", b"a\x7f"):
        if value != b"a:":  # an empty port is valid
            yield host(value)
            yield line(b"GET http://" + value.split(b"/")[0].split(b"?")[0] + b"\0/ HTTP/1.1")


class Malformed(daemon.SharedCase):
    OPTIONS = ("--rate", "0", "--header-timeout", "2", "--idle-timeout", "2")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.daemon.stop()
        cls.log = os.path.join(cls.ground.name, "access.log")
        cls.daemon = daemon.Daemon(cls.index_path, *cls.OPTIONS, "--access-log", cls.log)

    def tearDown(self):
        """The next test counts the lines of the log, so those of this one must be there."""
        last = f"/healthz?{self.id()}"
        self.assertEqual(self.get(last).body, b"alive\n")
        self.eventually(lambda: last.encode() in self.logged())

    def logged(self):
        with open(self.log, "rb") as file:
            return file.read()

    def lines(self):
        return self.logged().count(b"\n")

    def refused(self, name, data, status):
        """Sends the request first, after an answered request, and right behind a request: three connections."""
        before, counted = self.lines(), 0
        for begin in (b"", request(), request("/nothing")):
            with self.daemon.connect() as link:
                if begin == request():
                    link.sendall(begin)
                    self.assertIn(b"alive", link.recv(65536))
                    begin, counted = b"", counted + 1
                received = daemon.exchange(link, begin + data)
            *others, last = daemon.parse_answers(received)
            self.assertEqual([answer.status for answer in others], [404] * bool(begin), f"{name}: {received[:1000]!r}")
            self.assertProblem(last, status)
            self.assertEqual(last["Connection"].lower(), "close")
            counted += 1 + bool(begin)
        self.eventually(lambda: self.lines() >= before + counted)
        self.assertEqual(self.lines(), before + counted, name)

    def test_what_the_rfcs_reject_is_refused(self):
        for section, name, data, status in REJECTED:
            with self.subTest(name, rfc=section):
                self.refused(name, data, status)
        self.assertGreaterEqual(len(REJECTED), 60)
        tried = list(variations())
        for data in tried:
            with self.subTest(data[:200]):
                self.refused(data, data, 400)
        self.assertGreaterEqual(len(tried), 100)
        harness.row("malformed requests", f"{len(REJECTED)} of {len(REJECTED)} and {len(tried)} of {len(tried)} variations "
                    "refused once, at each of three places, and logged; none is hidden by libmicrohttpd")

    def test_bodies_and_large_heads_are_refused(self):
        for name, data, status in REFUSED:
            with self.subTest(name):
                self.refused(name, data, status)

    def test_refusals_are_counted_and_logged_as_requests(self):
        def counted():
            return self.daemon.metrics().get('searchd_requests_total{route="none",status="400"}', 0)
        before = counted()
        self.daemon.raw(LINE + HEAD + b"User-Agent: x\r\nReferer: y\r\nContent-Length: 5,5\r\n\r\n")
        self.eventually(lambda: counted() == before + 1)
        with open(self.log, encoding="ascii") as file:
            last = [line for line in file if "/metrics" not in line][-1]
        self.assertRegex(last, r'"GET /healthz HTTP/1\.1" 400 \d+ "y" "x"$')

    def test_the_response_to_head_has_no_body(self):
        for data in (request(method="HEAD", version="HTTP/2.0"), request("/", "Content-Length: 1", method="HEAD")):
            head, _, body = self.daemon.raw(data).partition(b"\r\n\r\n")
            self.assertRegex(head, rb"^HTTP/1\.1 (505|413)")
            self.assertEqual(body, b"")

    def test_a_client_that_goes_on_sending_after_the_end_gets_the_response(self):
        """The second part arrives when the daemon has sent its response and would have closed the socket."""
        last = request("/healthz", "Connection: close")
        for data in (LINE + HEAD + b"Content-Length: 100000\r\n\r\n", b"G(T / HTTP/1.1\r\n", last + b"GET /", last + request(),
                     last + b"x" * 200000):
            with self.daemon.connect() as link:
                link.sendall(data)
                link.recv(1, socket.MSG_PEEK)
                time.sleep(0.2)
                link.sendall(b"x" * 100000)
                time.sleep(0.2)
                found = daemon.parse_answers(daemon.exchange(link, b"x"))
            self.assertIn(found[0].status, (200, 400, 413))

    def test_unusual_but_valid_requests_are_answered(self):
        for name, (data, status) in ANSWERED.items():
            with self.subTest(name):
                self.assertEqual([answer.status for answer in daemon.parse_answers(self.daemon.raw(data))], [status])

    def test_a_request_sent_byte_by_byte_is_answered(self):
        with self.daemon.connect() as link:
            for byte in request("/api/v1/search?q=residency", "Connection: close"):
                link.sendall(bytes([byte]))
            received = daemon.exchange(link, b"")
        self.assertEqual([answer.status for answer in daemon.parse_answers(received)], [200])

    def test_pipelined_requests_are_answered_in_order(self):
        paths = [f"/api/v1/search?q=data&limit=1&offset={number}" for number in range(50)]
        data = b"".join(map(request, paths)) + request("/healthz", "Connection: close")
        found = daemon.parse_answers(self.daemon.raw(data))
        self.assertEqual([answer.status for answer in found], [200] * 51)
        alone = [self.get(path)["ETag"] for path in paths]
        self.assertEqual([answer["ETag"] for answer in found[:-1]], alone)

    def test_the_largest_pipelined_heads_are_answered(self):
        """Together they are larger than the memory that libmicrohttpd has for a connection."""
        longest = "/healthz?" + "&a=b" * 128
        longest += "c" * (8192 - len(longest))
        for large in (request("/healthz", "a: " + "b" * 16000), request(longest, *["a: " + "b" * 240] * 63),
                      request(longest, "a: " + "b" * 16000)):
            data = large * 20 + request("/healthz", "Connection: close")
            self.assertEqual([answer.status for answer in daemon.parse_answers(self.daemon.raw(data))], [200] * 21)

    def test_a_refusal_ends_the_pipeline(self):
        data = request() + LINE + HEAD + b"Content-Length: 5\r\n\r\n" + request() * 3
        self.assertEqual([answer.status for answer in daemon.parse_answers(self.daemon.raw(data))], [200, 413])

    def test_a_half_closed_connection_is_answered(self):
        found = daemon.parse_answers(self.daemon.raw(request("/api/v1/search?q=residency"), half_close=True))
        self.assertEqual([answer.status for answer in found], [200])

    def test_a_truncated_request_gets_no_answer(self):
        whole = request("/api/v1/search?q=residency", "X: y")
        for length in range(1, len(whole) - 1, 7):
            self.assertEqual(self.daemon.raw(whole[:length], half_close=True), b"", whole[:length])

    def test_clients_that_leave_before_the_answer_do_no_harm(self):
        for _ in range(50):
            with self.daemon.connect() as link:
                link.sendall(request("/api/v1/search?q=data&limit=100"))

    def test_errors_reveal_nothing_about_the_server(self):
        said = b""
        for _, _, data, _ in REJECTED:
            said += self.daemon.raw(data)
        for path in ("/x", "/api/v1/search?q=%ff", "/api/v1/search", "/api/v1/search?q=a&limit=x"):
            said += self.get(path).body
        for word in (self.index_path, str(harness.ROOT), "searchd", ".c:", "xapian", "microhttpd", "/tmp", "errno"):
            self.assertNotIn(word.lower().encode(), said.lower())


class Unchecked(daemon.Case):
    def test_a_program_whose_recv_is_not_called_answers_nothing(self):
        """In a copy of searchd that exports recv() by another name, libmicrohttpd calls that of libc."""
        self.index(harness.CORPUS)
        with open(daemon.SEARCHD, "rb") as file:
            program = file.read()
        self.assertIn(b"\0recv\0", program)
        copy = self.dir / "searchd"
        copy.write_bytes(program.replace(b"\0recv\0", b"\0rxxv\0"))
        copy.chmod(0o755)
        served = self.serve(program=str(copy))
        for _ in range(2):
            self.assertEqual(served.raw(request()), b"")
        served.stop()
        self.assertEqual(served.errors().count(b"libmicrohttpd does not call recv() of searchd"), 1)


if __name__ == "__main__":
    harness.main()
