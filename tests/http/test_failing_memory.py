# SPDX-License-Identifier: GPL-2.0-or-later
"""Allocations of the daemon fail, each in turn, once or from then on: a response is the right one or an error, and
the next response is the right one. Libmicrohttpd may also close the connection.

$SIGNPOST_FAILING_MEMORY is preloaded into searchd; ctest sets it. $SIGNPOST_LONG=1: every allocation.
"""

import collections
import gzip
import mmap
import os
import random
import re
import struct

import pycurl

import daemon
import harness

LIBRARY = os.environ.get("SIGNPOST_FAILING_MEMORY", "")
SAMPLE = 10  # points of each request, in the short form
REQUESTS = [
    ("/api/v1/search?q=portfolio+interviews&facets=1", {}),
    ("/api/v1/search?q=portfolo+-networking+tag:introverts&after=2017", {}),
    ("/api/v1/search?q=%22what+it+means%22+portf*", {"Origin": "https://example.org"}),
    ("/api/v1/suggest?q=portf", {}),
    ("/api/v1/similar?url=/about/", {}),
    ("/?q=portfolio+interviews&tag=design", {}),
    ("/search-box.js", {"Accept-Encoding": "gzip"}),
    ("/opensearch.xml", {}),
]
HEADERS = ("content-type", "etag", "cache-control", "vary", "x-content-type-options", "content-security-policy",
           "retry-after", "referrer-policy", "access-control-allow-origin")
CRASH = re.compile(rb"^(\S*?)\((\S*?)\+?0x[0-9a-f]+\)\[0x", re.M)
RUNTIME = (b"libc.so", b"libstdc++.so", b"libgcc_s.so", b"failing_memory")


class FailingMemory(daemon.Case):
    def setUp(self):
        super().setUp()
        self.indexer("-q", "-o", self.index_dir, harness.CORPUS)
        path = self.write("control", bytes(24))
        with open(path, "r+b") as file:
            self.control = mmap.mmap(file.fileno(), 24)
        self.env = {"LD_PRELOAD": LIBRARY, "FAILING_MEMORY": str(path)}
        self.start()

    def start(self):
        self.arm(0, False)
        self.server = self.serve("--rate", "0", "--threads", "1", "--cache", "0", "--cors", "https://example.org",
                                 env=self.env)

    def arm(self, nth, stays):
        self.control[:] = struct.pack("=qqq", 0, nth, stays)

    def disarm(self):
        count = struct.unpack("=q", self.control[:8])[0]
        self.arm(0, False)
        return count

    def ask(self, path, headers):
        """The answer as status, header fields and body; None if the connection was closed."""
        try:
            answer = self.server.get(path, headers)
        except pycurl.error:
            return None
        fields = {name: answer[name] for name in HEADERS}
        body = answer.body
        if answer["content-encoding"] == "gzip":  # without memory to compress, the response is sent as it is
            body = gzip.decompress(body)
            fields["etag"] = fields["etag"].replace("-gzip", "")
        body = re.sub(rb'"took_us":\d+', b'"took_us":0', body)
        body = re.sub(rb"in \d[\d., ]* m?s", b"", body)
        return answer.status, fields, body

    def restart_after_crash(self):
        """Starts searchd again, which must have crashed inside libxapian."""
        self.server.process.wait(timeout=30)
        modules = [module for module, _ in CRASH.findall(self.server.errors())]
        modules = [module for module in modules if not any(name in module for name in RUNTIME)]
        self.assertTrue(modules and b"libxapian" in modules[0], self.server.errors())
        self.start()

    def point(self, path, headers, right, nth, stays):
        about = f"{path}, allocation {nth}, {'on' if stays else 'once'}"
        self.arm(nth, stays)
        answer = self.ask(path, headers)
        self.disarm()
        self.server.curl = pycurl.Curl()
        again = self.ask(path, headers)
        if answer is None and again is None:
            self.restart_after_crash()
            self.counts["crashes inside libxapian"] += 1
            again = self.ask(path, headers)
        elif answer is None:
            self.counts["closed"] += 1
        elif answer[0] >= 500:
            self.counts["refused"] += 1
            self.assertEqual(answer[0], 503, about)
            if not stays:
                self.assertEqual(answer[1]["retry-after"], "1", about)
        else:
            self.counts["right"] += 1
            self.assertEqual(answer, right, about)
        self.assertEqual(again, right, f"after {about}")

    def test_a_refused_request_ends_the_connection(self):
        """The bytes after an invalid head are dropped, so the connection must end with whatever error is sent."""
        data = b"GET /a HTTP/1.1\r\nHost: x\r\nbad field\r\n\r\n" + daemon.request()
        self.arm(0, False)
        self.assertEqual([answer.status for answer in daemon.parse_answers(self.server.raw(data))], [400])
        found = collections.Counter()
        for nth in range(1, self.disarm() + 1):
            self.arm(nth, False)
            answers = daemon.parse_answers(self.server.raw(data, timeout=10))  # to the end of the stream
            self.disarm()
            self.assertLessEqual(len(answers), 1)
            found.update(answer.status for answer in answers)
        self.assertGreater(found[503], 0, found)

    def test_a_response_is_right_or_an_error(self):
        self.counts = collections.Counter()
        chosen = random.Random(1)
        for path, headers in REQUESTS:
            right = self.ask(path, headers)
            self.assertEqual(right[0], 200, path)
            self.arm(0, False)
            self.assertEqual(self.ask(path, headers), right, path)
            points = range(1, self.disarm() + 1)
            if not harness.LONG:
                points = sorted(chosen.sample(points, min(SAMPLE, len(points))))
            for nth in points:
                for stays in (False, True):
                    self.point(path, headers, right, nth, stays)
        self.assertGreater(self.counts["refused"], 0)
        figures = ", ".join(f"{number} {what}" for what, number in sorted(self.counts.items()))
        harness.row("failed allocations: responses of searchd", f"{sum(self.counts.values())} points, 0 wrong: {figures}")


if __name__ == "__main__":
    harness.main()
