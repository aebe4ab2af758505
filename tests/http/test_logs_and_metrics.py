# SPDX-License-Identifier: GPL-2.0-or-later
"""Logs and metrics."""

import contextlib
import datetime
import json
import os
import re
import signal
import time

from prometheus_client.parser import text_string_to_metric_families

import answers
import daemon
import harness
from daemon import request

COMBINED = re.compile(r'(\S+) - - \[(\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] '
                      r'"((?:[^"\\]|\\x[0-9a-f]{2})*)" (\d{3}) (\d+) "((?:[^"\\]|\\x[0-9a-f]{2})*)" "((?:[^"\\]|\\x[0-9a-f]{2})*)"')


class Logs(daemon.Case):
    def setUp(self):
        super().setUp()
        self.index(harness.CORPUS)
        self.access, self.queries = self.dir / "access.log", self.dir / "query.log"

    def served(self, *options):
        return self.serve("--access-log", self.access, "--query-log", self.queries, *options)

    def lines(self, count):
        self.eventually(lambda: self.access.read_bytes().count(b"\n") >= count)
        lines = self.access.read_text("ascii").splitlines()
        self.assertEqual(len(lines), count, lines)
        return [COMBINED.fullmatch(line) or self.fail(line) for line in lines]

    def test_the_access_log_has_combined_format(self):
        served = self.served()
        found = served.get("/api/v1/search?q=a", {"Referer": "https://x.example/", "User-Agent": 'a"b\\c\t.'})
        served.get("/x", method="HEAD")
        first, second = self.lines(2)
        self.assertEqual(first.group(1, 3, 4, 5, 6), ("127.0.0.1", "GET /api/v1/search?q=a HTTP/1.1", "200",
                                                      str(len(found.body)), "https://x.example/"))
        self.assertEqual(first.group(7), r"a\x22b\x5cc\x09.")
        self.assertEqual(second.group(3, 4, 5), ("HEAD /x HTTP/1.1", "404", "0"))

    def test_requests_cannot_forge_log_lines(self):
        served = self.served()
        for data in (request("/api/v1/search?q=%0d%0a1.2.3.4%20-%20-"), request('/x"%20200%200%20"'),
                     b'GET /\x1b[31m"\\ HTTP/1.1\r\nHost: x\r\n\r\n', b"G\x07T / HTTP/1.1\r\nHost: x\r\n\r\n",
                     b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
                     request("/", 'User-Agent: a" 200 0 "-" "-"')):
            served.raw(data.replace(b"Host: ", b"Connection: close\r\nHost: ", 1))
        for line in self.lines(6):
            self.assertNotRegex(line.group(0), r"[\x00-\x1f\x7f]")

    def test_the_log_shows_the_client_of_a_trusted_proxy(self):
        self.served("--trusted-proxy", "127.0.0.1").get("/healthz", {"X-Forwarded-For": "2001:db8::1"})
        self.assertEqual(self.lines(1)[0].group(1), "2001:db8::1")

    def test_the_query_log_lists_searches_without_addresses(self):
        served = self.served()
        texts = ["residency research", 'a"b\\c', "résumé \u2028", "zzzz residency", "zzzzqqq", "data\nscience"]
        for text in texts:
            found = served.get("/api/v1/search?q=" + "".join(f"%{byte:02x}" for byte in text.encode()))
            self.assertEqual(found.status, 200)
        served.get("/api/v1/search?q=residency+research")
        served.get("/api/v1/search?q=a&limit=x")
        served.get("/api/v1/suggest?q=a")
        for path in ("/", "/search?q=+", "/search?q=zzzzqqq", "/search?q=a&sort=x"):
            served.get(path)
        served.stop()
        lines = self.queries.read_bytes().splitlines()
        entries = [answers.parse(line) for line in lines]
        texts[-1] = "data\ufffdscience"  # no character that a terminal obeys
        self.assertEqual([entry["query"] for entry in entries], [*texts, texts[0], "zzzzqqq"])
        for entry in entries:
            self.assertEqual(list(entry), ["time", "query", "total", "relaxed", "corrected", "took_us"])
            self.assertRegex(entry["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual([entry["relaxed"] for entry in entries], [False, False, False, True, False, False, False, False])
        self.assertNotIn(b"127.0.0.1", self.queries.read_bytes())

    def test_the_query_log_has_the_values_of_the_answers(self):
        served = self.served()
        before = time.time()
        found = []
        for text in ("residency", "zzzz+residency", "residensy", "zzzzqqq"):
            for _ in range(2):  # the second time from the cache
                found.append(answers.parse(served.get(f"/api/v1/search?q={text}").body))
        served.stop()
        entries = [answers.parse(line) for line in self.queries.read_bytes().splitlines()]
        self.assertEqual(len(entries), len(found))
        for entry, answer in zip(entries, found):
            query = answer["query"]
            self.assertEqual((entry["query"], entry["relaxed"], entry["corrected"]),
                             (query["text"], query["relaxed"], query["corrected"]))
            self.assertEqual(entry["total"], answer["total"] + answer["total_partial"])
            self.assertTrue(0 < entry["took_us"] < 60_000_000, entry)
            logged = datetime.datetime.fromisoformat(entry["time"].replace("Z", "+00:00")).timestamp()
            self.assertTrue(before - 2 <= logged <= time.time() + 2, entry)
        self.assertEqual([entry["corrected"] for entry in entries[4:6]], ["residency"] * 2)
        self.assertEqual([entry["relaxed"] for entry in entries[2:4]], [True] * 2)

    def test_the_query_log_says_which_query_was_run_instead(self):
        served = self.served()
        for path in ("/api/v1/search?q=residensy", "/search?q=residensy") * 3:  # also from the cache
            self.assertIn(b"residency", served.get(path).body)
        served.get("/api/v1/search?q=residency")
        served.stop()
        lines = self.queries.read_bytes().splitlines()
        self.assertEqual([answers.parse(line)["corrected"] for line in lines], ["residency"] * 6 + [None])

    def read_pipe(self, pipe):
        """Everything that is in the pipe."""
        data = b""
        with contextlib.suppress(BlockingIOError):
            while chunk := os.read(pipe, 1 << 20):
                data += chunk
        return data

    def test_a_long_line_in_a_pipe_is_whole_and_spoils_no_other(self):
        """Nobody reads until the pipes are full: what does not fit is lost by whole lines. URLs of 8 KB would be
        lines of 32 KB, because each byte is escaped."""
        pipes = []
        for path in self.access, self.queries:
            os.mkfifo(path)
            pipes.append(os.open(path, os.O_RDONLY | os.O_NONBLOCK))
            self.addCleanup(os.close, pipes[-1])
        served = self.served("--rate", "0")
        texts = {"raw": b"\xff" * 8000, "quotes": b'%22' * 2500, "letters": b"%c3%a9" * 1300, "long": b"a" * 8000}
        for text in [*texts.values()] * 40:
            head = b"GET /api/v1/search?q=" + text + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            served.raw(head + b"Referer: " + b'"' * 5000 + b"\r\nUser-Agent: " + b"\xff" * 4000 + b"\r\n\r\n")
        access, queries = [self.read_pipe(pipe) for pipe in pipes]
        served.get("/api/v1/search?q=residency")
        served.stop()
        access += self.read_pipe(pipes[0])
        queries += self.read_pipe(pipes[1])
        for data in access, queries:
            self.assertGreater(len(data), 30000)
            self.assertLess(data.count(b"\n"), 90, "the pipe has never been full")
            self.assertTrue(data.endswith(b"\n"))
        lines = access.decode("ascii").splitlines()
        for line in lines:
            self.assertLess(len(line), 4096)
            self.assertIsNotNone(COMBINED.fullmatch(line), line)
        self.assertIn("q=residency HTTP", lines[-1])
        self.assertEqual(answers.parse(queries.splitlines()[-1])["query"], "residency")
        for line in queries.splitlines():
            self.assertLess(len(line), 4096)
            self.assertEqual(list(answers.parse(line))[-1], "took_us")

    def test_a_line_that_a_full_disk_has_torn_does_not_spoil_the_next(self):
        """A limit on the size of files: a write at its edge is short, as on a full disk."""
        import resource
        size = 4096

        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        served = self.serve("--access-log", self.access, "--rate", "0", preexec_fn=limit)
        for _ in range(100):
            self.assertEqual(served.get("/healthz").status, 200)
        self.assertEqual(self.access.stat().st_size, size)
        os.truncate(self.access, size - 1000)  # an administrator makes room, in the middle of a line
        resource.prlimit(served.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        served.get("/x")
        served.stop()
        last = self.access.read_text("ascii").splitlines()[-1]
        self.assertIsNotNone(COMBINED.fullmatch(last), last)
        self.assertIn("GET /x", last)

    def open_files(self, served):
        """The files that the daemon has open; an empty set while one of them is a renamed log."""
        folder = f"/proc/{served.pid}/fd"
        with contextlib.suppress(FileNotFoundError):  # a descriptor was closed while this looked
            names = {os.readlink(f"{folder}/{number}") for number in os.listdir(folder)}
            return set() if any(name.endswith(".log.1") for name in names) else names
        return set()

    def test_sighup_reopens_the_logs(self):
        served = self.served()
        served.get("/api/v1/search?q=before")
        self.lines(1)
        for path in self.access, self.queries:
            path.rename(str(path) + ".1")
        served.process.send_signal(signal.SIGHUP)
        # For an instant after it has created a new log, the daemon still writes to the old log.
        self.eventually(lambda: {str(self.access), str(self.queries)} <= self.open_files(served))
        served.get("/api/v1/search?q=after")
        self.assertIn("q=after", self.lines(1)[0].group(3))
        self.eventually(lambda: b"after" in self.queries.read_bytes())
        self.assertIn(b"before", (self.dir / "query.log.1").read_bytes())
        self.access.unlink()
        os.chmod(self.dir, 0o500)
        self.addCleanup(os.chmod, self.dir, 0o700)
        served.process.send_signal(signal.SIGHUP)
        self.eventually(lambda: b"access.log" in served.errors() or self.access.exists())  # root may write
        self.assertEqual(served.get("/healthz").status, 200)
        os.chmod(self.dir, 0o700)

    def test_the_access_log_can_be_standard_output(self):
        served = self.serve("--access-log", "-")
        served.get("/healthz")
        served.stop()
        self.assertRegex(served.out.decode().strip(), COMBINED)

    def test_a_full_disk_does_not_stop_the_daemon(self):
        served = self.serve("--access-log", "/dev/full", "--query-log", "/dev/full")
        for _ in range(3):
            self.assertEqual(served.get("/api/v1/search?q=a").status, 200)


class Metrics(daemon.Case):
    def families(self, served):
        found = served.get("/metrics")
        self.assertEqual(found["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
        families = list(text_string_to_metric_families(found.body.decode()))
        names = [family.name for family in families]
        self.assertEqual(len(set(names)), len(names))
        for family in families:
            self.assertTrue(family.documentation, family.name)
            self.assertIn(family.type, ("counter", "gauge", "histogram"), family.name)
        return {(sample.name, tuple(sorted(sample.labels.items()))): sample.value
                for family in families for sample in family.samples}

    def test_requests_are_counted_by_route_and_status(self):
        self.index(harness.CORPUS)
        served = self.serve("--threads", "2")
        for path, times in (("/api/v1/search?q=a", 3), ("/api/v1/search?q=a&limit=x", 2), ("/x", 4), ("/healthz", 1)):
            for _ in range(times):
                served.get(path)
        served.raw(b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")

        def all_counted():
            self.found = self.families(served)
            return self.found.get(count("none", 414)) == 1

        def count(route, status):
            return ("searchd_requests_total", (("route", route), ("status", str(status))))
        self.eventually(all_counted)
        found = self.found
        for route, status, expected in (("search", 200, 3), ("search", 400, 2), ("none", 404, 4), ("healthz", 200, 1)):
            self.assertEqual(found[count(route, status)], expected)
        name = "searchd_request_duration_seconds"
        self.assertEqual(found[(name + "_count", (("route", "search"),))], 5)
        self.assertGreater(found[(name + "_sum", (("route", "search"),))], 0)
        buckets = [(float(dict(labels)["le"]), value) for (sample, labels), value in found.items()
                   if sample == name + "_bucket" and ("route", "search") in labels]
        self.assertEqual(buckets, sorted(buckets))
        self.assertEqual([value for _, value in buckets], sorted(value for _, value in buckets))
        self.assertEqual(buckets[-1], (float("inf"), 5))
        self.assertGreaterEqual(found[("searchd_connections_total", ())], 2)
        self.assertGreaterEqual(found[("searchd_connections_open", ())], 1)

    def test_metrics_describe_the_index_and_the_process(self):
        report = self.index(harness.CORPUS)
        served = self.serve()
        found = self.families(served)
        self.assertEqual(found[("searchd_index_ready", ())], 1)
        self.assertEqual(found[("searchd_index_info", (("revision", report["revision"]),))], 1)
        self.assertEqual(found[("searchd_index_documents", (("kind", "post"),))], report["posts"]["added"])
        self.assertEqual(found[("searchd_index_documents", (("kind", "resource"),))], report["resources"]["total"])
        size = sum(path.stat().st_size for path in self.index_dir.rglob("*") if path.is_file())
        self.assertEqual(found[("searchd_index_bytes", ())], size)
        self.assertGreater(found[("process_resident_memory_bytes", ())], 1 << 20)
        self.assertGreater(found[("process_open_fds", ())], 5)
        self.assertLess(abs(found[("process_start_time_seconds", ())] - self.index_dir.stat().st_mtime), 100)

    def test_metrics_without_an_index_say_it_is_not_ready(self):
        found = self.families(self.serve())
        self.assertEqual(found[("searchd_index_ready", ())], 0)
        self.assertNotIn(("searchd_index_bytes", ()), found)

    def test_memory_does_not_grow_with_requests(self):
        if harness.SANITIZED:
            self.skipTest("memory is not measured with a sanitizer")
        self.index(harness.CORPUS)
        # On a busy machine the daemon must not mistake its own delay for a slow client.
        timeouts = ("--header-timeout", "600", "--idle-timeout", "600", "--write-timeout", "600")
        served = self.serve("--rate", "0", "--threads", "2", *timeouts)

        def ask(start, count):
            with served.connect(300) as link:
                for number in range(start, start + count, 50):
                    link.sendall(b"".join(request(f"/api/v1/search?q=data+{k}") for k in range(number, number + 50)))
                    received = b""
                    while received.count(b"HTTP/1.1 ") < 50 or not received.endswith(b"}\n"):
                        chunk = link.recv(1 << 20)
                        self.assertTrue(chunk, "the daemon closed the connection")
                        received += chunk
                    self.assertEqual(received.count(b"HTTP/1.1 200"), 50)
            with open(f"/proc/{served.pid}/statm") as file:
                return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")
        for warm in range(4):
            ask(warm * 2000, 2000)
        before = ask(8000, 2000)
        growths = []  # on a busy machine queries move to other threads, which then fill their caches
        for number in range(3):
            after = ask(10000 * (number + 1), 10000)
            growths.append(after - before)
            if growths[-1] < 3 << 20:
                return
            before = after
        self.fail(f"bytes of growth with 10,000 requests: {growths}")


if __name__ == "__main__":
    harness.main()
