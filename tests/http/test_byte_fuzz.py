# SPDX-License-Identifier: GPL-2.0-or-later
"""Mutated requests, pipelined and split at random: every answer is well formed, no request is answered twice,
every connection ends, and every answer is logged.

Takes 600 mutated requests, the full form 100,000. SIGNPOST_SEED chooses others; a failure prints its stream."""

import os
import random
import re
import socket

import answers
import daemon
import harness
from daemon import request

COUNT = 100_000 if harness.LONG else 600
SEED = int(os.environ.get("SIGNPOST_SEED", "1"))
LAST = request("/healthz", "Connection: close")

VALID = [
    request("/healthz"),
    request("/api/v1/search?q=residency&limit=1", "Accept-Encoding: gzip", "User-Agent: Mozilla/5.0 (X11)"),
    request("/api/v1/suggest?q=res", "Accept: */*", "Origin: https://example.org", "Cookie: a=b; c=d"),
    request("/search?q=data", "Accept: text/html", "Accept-Language: en-GB,en;q=0.5"),
    request("/nothing", 'If-None-Match: "abc"', "Range: bytes=0-9"),
    request("/api/v1/search?q=", "Connection: keep-alive", "Keep-Alive: timeout=5"),
    request("/healthz", "Content-Length: 0"),
    request("/search-box.css", method="HEAD"),
    request("/api/v1/search?q=a", "Access-Control-Request-Method: GET", method="OPTIONS"),
    request("*", method="OPTIONS"),
    request("http://localhost/healthz"),
    b"GET /healthz HTTP/1.1\nHost: localhost\n\n",
    b"\r\n" + request("/openapi.json"),
]
PIECES = [b"\r\n", b"\n", b"\r", b" ", b"\t", b"\0", b":", b",", b";", b"/", b"?", b"&", b"%00", b"%0d%0a", b"\x7f", b"\x80",
          b"\xff", b"\r\n ", b"\r\n\t", b"\r\n\r\n", b"\n\n", b"\r\r", b"HTTP/1.1", b"HTTP/1.0", b"HTTP/2.0", b"GET ", b"HEAD ",
          b"POST ", b"OPTIONS ", b"Host: x\r\n", b"Host:", b"Content-Length: 5\r\n", b"Content-Length: 0\r\n", b"Content-Length",
          b"Transfer-Encoding: chunked\r\n", b"Expect: 100-continue\r\n", b"Connection: close\r\n", b"Upgrade: h2c\r\n",
          b"a" * 300, b"a: b\r\n" * 70, b"b" * 9000, b"c" * 17000, b"&x=1" * 200, b"!", b"GET ! HTTP/1.1\r\nHost: x\r\n\r\n"]
STATUS_LINE = re.compile(rb"HTTP/1\.1 ([1-5]\d\d) [A-Z][A-Za-z' -]*")
FIELD = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+: [\t\x20-\x7e]*")


def mutate(data, source):
    """The request with one to four changes."""
    for _ in range(source.choice((1, 1, 1, 2, 4))):
        at = source.randrange(len(data) + 1)
        end = min(len(data), at + source.choice((0, 1, 1, 2, 5, 20)))
        kind = source.randrange(6)
        if kind == 0 and at < len(data):
            data = data[:at] + bytes([source.randrange(256)]) + data[at + 1:]
        elif kind == 1:
            data = data[:at] + data[end:]
        elif kind == 2:
            data = data[:at] + source.choice(PIECES) + data[end:]
        elif kind == 3:
            lines = data.split(b"\r\n")
            lines.insert(source.randrange(len(lines)), source.choice(lines))
            data = b"\r\n".join(lines)
        elif kind == 4:
            lines = data.split(b"\r\n")
            source.shuffle(lines)
            data = b"\r\n".join(lines)
        elif data:
            at = min(at, len(data) - 1)
            data = data[:at] + bytes([data[at] ^ 1 << source.randrange(8)]) + data[at + 1:]
    return data


def heads(stream):
    """The heads of a stream: the lines up to an empty one. One empty line may come before a head; two are a head
    that must be refused."""
    found, lines = [], []
    for line in stream.split(b"\n")[:-1]:
        lines.append(line[:-1] if line.endswith(b"\r") else line)
        if not lines[-1] and len(lines) > 1:
            found.append([line for line in lines if line] or [b""])
            lines = []
    return found


def parse(received, asked):
    """The answers in a stream, parsed strictly; asked: the heads, in order."""
    found = []
    while received:
        head, end, rest = received.partition(b"\r\n\r\n")
        status_line, *fields = head.split(b"\r\n")
        matched = STATUS_LINE.fullmatch(status_line)
        assert end and matched, f"not an answer: {received[:200]!r}"
        assert all(FIELD.fullmatch(field) for field in fields), head
        names = [field.split(b":")[0].lower() for field in fields]
        assert len(set(names)) == len(names), head
        status, values = daemon.parse_head(head)
        assert status >= 200, head
        head_only = len(found) < len(asked) and asked[len(found)][0].startswith(b"HEAD ")
        length = 0 if status in (204, 304) or head_only else int(values["content-length"])
        assert len(rest) >= length, f"incomplete body: {head!r}"
        answer = daemon.Answer(status, values, rest[:length])
        if values.get("content-type") == "application/problem+json" and not head_only:
            assert answers.parse(answer.body)["status"] == status
        found.append(answer)
        received = rest[length:]
    return found


def closes(answer):
    return (answer["Connection"] or "").lower() == "close"


class ByteFuzz(daemon.Case):
    def setUp(self):
        super().setUp()
        self.index(harness.CORPUS)

    def send(self, served, stream, source):
        """Sends a stream in pieces and returns what arrives until the end of the connection. A client that has asked
        to close the connection must not send more (RFC 9112, 9.6): such a stream is sent at once."""
        cuts = sorted(source.sample(range(len(stream)), min(len(stream), source.choice((0, 0, 1, 2, 5, 30)))))
        if any(b"HTTP/1.0" in head[0] or b"close" in b" ".join(head).lower() for head in heads(stream)[:-1]):
            cuts = []
        with served.connect(20) as link:
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                for begin, end in zip([0, *cuts], [*cuts, len(stream)]):
                    link.sendall(stream[begin:end])
            except (BrokenPipeError, ConnectionResetError):
                pass
            return daemon.exchange(link, b"")

    def check(self, served, stream, source):
        """Sends a stream and returns the number of answers."""
        asked = heads(stream)
        found = parse(self.send(served, stream, source), asked)
        self.assertTrue(found and closes(found[-1]), "the connection ended without an answer that says so")
        self.assertFalse(any(map(closes, found[:-1])), "an answer after the last one")
        # A head that is refused before its end is one more.
        self.assertLessEqual(len(found), len(asked) + (found[-1].status in (400, 414, 431)), "answered twice")
        self.assertTrue(all(answer.status < 500 or answer.status == 505 for answer in found), [str(a) for a in found])
        return len(found)

    def test_mutated_requests_get_one_answer_each(self):
        log = self.dir / "access.log"
        served = self.serve("--rate", "0", "--access-log", log, "--cors", "*")
        source, mutated, answered = random.Random(SEED), 0, 0
        while mutated < COUNT:
            requests = source.choices(VALID, k=source.choice((0, 0, 1, 3)))
            for _ in range(source.choice((1, 1, 2))):
                requests.append(mutate(source.choice(VALID), source))
                mutated += 1
            stream = b"".join(requests) + LAST
            try:
                answered += self.check(served, stream, source)
            except Exception:
                print(f"seed {SEED}, after {mutated} requests: {stream!r}", flush=True)
                raise
        self.eventually(lambda: log.read_bytes().count(b"\n") >= answered)
        self.assertEqual(log.read_bytes().count(b"\n"), answered)
        self.assertEqual(served.get("/healthz").body, b"alive\n")
        harness.row("byte fuzz over sockets", f"{mutated} mutated requests, {answered} answers: all well formed and "
                    "logged, none twice, none hanging")


if __name__ == "__main__":
    harness.main()
