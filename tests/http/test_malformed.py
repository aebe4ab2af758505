# SPDX-License-Identifier: GPL-2.0-or-later
"""Requests that no browser sends: each gets at most one answer, in time, and the daemon keeps running."""

import daemon
import harness
from daemon import HEAD, request

LINE = b"GET /healthz HTTP/1.1\r\n"
SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"

# Refused by searchd itself: name -> (request, status). searchd closes the connection after each.
REFUSED = {
    "no host": (LINE + b"\r\n", 400),
    "two hosts": (LINE + HEAD + HEAD + b"\r\n", 400),
    "a list of hosts": (LINE + b"Host: a, b\r\n\r\n", 400),
    "a host with a space": (LINE + b"Host: a b\r\n\r\n", 400),
    "length and coding": (LINE + HEAD + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED, 400),
    "coding and length": (LINE + HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + SMUGGLED, 400),
    "two lengths": (LINE + HEAD + b"Content-Length: 0\r\nContent-Length: 36\r\n\r\n" + SMUGGLED, 400),
    "the same length twice": (LINE + HEAD + b"Content-Length: 0\r\nContent-Length: 0\r\n\r\n" + SMUGGLED, 400),
    "chunked": (LINE + HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED, 400),
    "odd coding": (LINE + HEAD + b"Transfer-Encoding: xchunked\r\n\r\n" + SMUGGLED, 400),
    "identity": (LINE + HEAD + b"Transfer-Encoding: identity\r\n\r\n", 400),
    "a body": (LINE + HEAD + b"Content-Length: 36\r\n\r\n" + SMUGGLED, 413),
    "a large body": (LINE + HEAD + b"Content-Length: 99999999\r\n\r\n" + b"x" * 100000, 413),
    "a body to be": (LINE + HEAD + b"Expect: 100-continue\r\nContent-Length: 10\r\n\r\n", 413),
    "a length with zeros": (LINE + HEAD + b"Content-Length: 00\r\n\r\n", 413),
    "a posted body": (b"POST /api/v1/search HTTP/1.1\r\n" + HEAD + b"Content-Length: 3\r\n\r\nq=a", 405),
    "space before the colon": (LINE + HEAD + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + SMUGGLED, 400),
    "a name with a space": (LINE + HEAD + b"a b: c\r\n\r\n", 400),
    "a name with a parenthesis": (LINE + HEAD + b"a(b: c\r\n\r\n", 400),
    "a carriage return": (LINE + HEAD + b"a: b\rc: d\r\n\r\n", 400),
    "a control character": (LINE + HEAD + b"a: b\x01c\r\n\r\n", 400),
    "nul in the line": (b"GET /healthz\0?x HTTP/1.1\r\n" + HEAD + b"\r\n", 400),
    "nul in the query": (b"GET /api/v1/search?q=a\0b HTTP/1.1\r\n" + HEAD + b"\r\n", 400),
    "space in the target": (b"GET /api/v1/search?q=a b HTTP/1.1\r\n" + HEAD + b"\r\n", 400),
    "tab in the target": (b"GET /api/v1/search?q=a\tb HTTP/1.1\r\n" + HEAD + b"\r\n", 400),
    "control in the target": (b"GET /api/v1/search?q=a\x7fb HTTP/1.1\r\n" + HEAD + b"\r\n", 400),
    "no slash": (b"GET healthz HTTP/1.1\r\n" + HEAD + b"\r\n", 400),
    "authority form": (b"GET localhost:80 HTTP/1.1\r\n" + HEAD + b"\r\n", 400),
    "a star": (b"GET * HTTP/1.1\r\n" + HEAD + b"\r\n", 400),
    "another scheme": (b"GET ftp://localhost/healthz HTTP/1.1\r\n" + HEAD + b"\r\n", 400),
    "url of 8193": (b"GET /" + b"a" * 8192 + b" HTTP/1.1\r\n" + HEAD + b"\r\n", 414),
    "url of 40000": (b"GET /" + b"a" * 40000 + b" HTTP/1.1\r\n" + HEAD + b"\r\n", 414),
    "5000 parameters": (b"GET /api/v1/search?q=a" + b"&x=1" * 5000 + b" HTTP/1.1\r\n" + HEAD + b"\r\n", 414),
    "2000 ampersands": (b"GET /api/v1/search?q=a" + b"&" * 2000 + b" HTTP/1.1\r\n" + HEAD + b"\r\n", 400),
    "65 fields": (LINE + HEAD + b"a: b\r\n" * 64 + b"\r\n", 431),
    "17 KiB of fields": (LINE + HEAD + b"a: " + b"b" * 17 * 1024 + b"\r\n\r\n", 431),
}

# Refused by libmicrohttpd before searchd sees the request; libmicrohttpd then closes the connection.
REFUSED_BY_LIBRARY = {
    "no colon": LINE + HEAD + b"abc\r\n\r\n",
    "no version": b"GET /healthz\r\n\r\n",
    "another protocol": b"GET /healthz HTTQ/1.1\r\n" + HEAD + b"\r\n",
    "version 2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "version 0.9": b"GET /healthz HTTP/0.9\r\n\r\n",
    "a negative length": LINE + HEAD + b"Content-Length: -1\r\n\r\n",
    "a length with a sign": LINE + HEAD + b"Content-Length: +5\r\n\r\nhello",
    "an endless length": LINE + HEAD + b"Content-Length: 99999999999999999999999\r\n\r\n",
    "url of 100000": b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\n" + HEAD + b"\r\n",
    "5000 fields": LINE + HEAD + b"a: b\r\n" * 5000 + b"\r\n",
    "a megabyte of a field": LINE + HEAD + b"a: " + b"b" * 1000000 + b"\r\n\r\n",
}

ANSWERED = {
    "http/1.0": (b"GET /healthz HTTP/1.0\r\n\r\n", 200),
    "close": (LINE + HEAD + b"Connection: close\r\n\r\n", 200),
    "absolute form": (b"GET http://localhost/healthz HTTP/1.1\r\n" + HEAD + b"Connection: close\r\n\r\n", 200),
    "line feeds only": (b"GET /healthz HTTP/1.1\nHost: x\nConnection: close\n\n", 200),
    "an empty line before": (b"\r\n" + LINE + HEAD + b"Connection: close\r\n\r\n", 200),
    "a length of zero": (LINE + HEAD + b"Content-Length: 0\r\nConnection: close\r\n\r\n", 200),
    "url of 8192": (b"GET /" + b"a" * 8191 + b" HTTP/1.1\r\n" + HEAD + b"Connection: close\r\n\r\n", 404),
    "64 fields": (LINE + HEAD + b"a: b\r\n" * 62 + b"Connection: close\r\n\r\n", 200),
    "15 KiB of fields": (LINE + HEAD + b"a: " + b"b" * 15 * 1024 + b"\r\nConnection: close\r\n\r\n", 200),
    "options of all": (b"OPTIONS * HTTP/1.1\r\n" + HEAD + b"Connection: close\r\n\r\n", 204),
}


class Malformed(daemon.SharedCase):
    OPTIONS = ("--rate", "0", "--header-timeout", "2", "--idle-timeout", "2")

    def tearDown(self):
        self.assertEqual(self.get("/healthz").body, b"alive\n")

    def one(self, name, data):
        found = daemon.parse_answers(self.daemon.raw(data))
        self.assertEqual(len(found), 1, f"{name}: {[str(answer) for answer in found]}")
        return found[0]

    def test_malformed_requests_are_refused_and_their_connections_closed(self):
        for name, (data, status) in REFUSED.items():
            with self.subTest(name):
                answer = self.assertProblem(self.one(name, data), status)
                self.assertEqual(answer["Connection"].lower(), "close")

    def test_requests_that_libmicrohttpd_refuses_get_an_error(self):
        for name, data in REFUSED_BY_LIBRARY.items():
            with self.subTest(name):
                received = self.daemon.raw(data)
                if not received:  # reset before the answer was read, as bytes were still arriving
                    self.assertGreater(len(data), 65536)
                    continue
                self.assertRegex(received[:12], rb"^HTTP/1\.1 (400|413|414|431|505)")
                self.assertNotIn(b"alive", received)

    def test_unusual_but_valid_requests_are_answered(self):
        for name, (data, status) in ANSWERED.items():
            with self.subTest(name):
                self.assertEqual(self.one(name, data).status, status)

    def test_other_protocols_get_no_answer(self):
        for data in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"a" * 200, b"\0" * 1000, b"SSH-2.0-x\r\n",
                     b"\r\n" * 1000, b" \r\n\r\n", b"G"):
            self.assertNotIn(b" 200 ", self.daemon.raw(data))

    def test_a_request_sent_byte_by_byte_is_answered(self):
        with self.daemon.connect() as link:
            for byte in request("/api/v1/search?q=residency", "Connection: close"):
                link.sendall(bytes([byte]))
            received = b""
            while chunk := link.recv(65536):
                received += chunk
        self.assertEqual([answer.status for answer in daemon.parse_answers(received)], [200])

    def test_pipelined_requests_are_answered_in_order(self):
        paths = [f"/api/v1/search?q=data&limit=1&offset={number}" for number in range(50)]
        data = b"".join(map(request, paths)) + request("/healthz", "Connection: close")
        found = daemon.parse_answers(self.daemon.raw(data))
        self.assertEqual([answer.status for answer in found], [200] * 51)
        alone = [self.get(path)["ETag"] for path in paths]
        self.assertEqual([answer["ETag"] for answer in found[:-1]], alone)

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
        for data, _ in REFUSED.values():
            said += self.daemon.raw(data)
        for path in ("/x", "/api/v1/search?q=%ff", "/api/v1/search", "/api/v1/search?q=a&limit=x"):
            said += self.get(path).body
        for word in (self.index_path, str(harness.ROOT), "searchd", ".c:", "xapian", "microhttpd", "/tmp", "errno"):
            self.assertNotIn(word.lower().encode(), said.lower())


if __name__ == "__main__":
    harness.main()
