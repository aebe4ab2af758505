# SPDX-License-Identifier: GPL-2.0-or-later
"""Queries that run, wait and are refused: --max-queries, --queue, and the share of one address.

$SIGNPOST_HOLD_LIBRARY: a library that holds queries while a file exists, so that a test decides when they end.
"""

import json
import os
import signal
import socket
import time

import daemon
import faulty
import harness
from daemon import request


class Queue(daemon.Case):
    def setUp(self):
        super().setUp()
        self.index(harness.CORPUS)
        self.hold = self.dir / "hold"
        self.number = 0

    def serve_held(self, *options, **kwargs):
        """A daemon whose queries are held from now on. All threads have opened the index before."""
        preload = " ".join([*faulty.sanitizer_runtime(), os.environ["SIGNPOST_HOLD_LIBRARY"]])
        served = self.serve("--trusted-proxy", "127.0.0.1", "--trusted-proxy", "unix", "--threads", "2",
                            "--rate", "0", *options, env={"LD_PRELOAD": preload, "SIGNPOST_HOLD": str(self.hold)},
                            **kwargs)
        for path in ("/api/v1/search?q=cached", "/search?q=cached"):
            for _ in range(4):  # the threads get connections in turn
                self.assertIn(b"200 OK", served.raw(request(path, "Connection: close")))
        self.hold.touch()
        self.addCleanup(self.hold.unlink, missing_ok=True)
        return served

    def path(self):
        """A query that is long, so that it does not run in a thread of libmicrohttpd, and is not cached."""
        self.number += 1
        return f"/api/v1/search?q={self.query(self.number).replace(' ', '+')}"

    def query(self, number):
        return f"data zq{number} -{'x' * 260}"

    def ask(self, served, client=None, path=None):
        """Sends a query and returns its connection."""
        link = served.connect()
        self.addCleanup(link.close)
        fields = [f"X-Forwarded-For: {client}"] if client else []
        link.sendall(request(path or self.path(), "Connection: close", *fields))
        return link

    def answers_of(self, links):
        """Reads all answers to their end."""
        found = []
        for link in links:
            received = b""
            while chunk := link.recv(1 << 20):
                received += chunk
            found.append(daemon.parse_answers(received)[0])
        return found

    def counted(self, served, running, waiting):
        """Waits until the metrics report these numbers of queries."""
        def reached():
            found = served.metrics()
            return (found["searchd_queries_running"], found["searchd_queries_waiting"]) == (running, waiting)
        self.eventually(reached)

    def refused(self, served, reason):
        return served.metrics()[f'searchd_queries_refused_total{{reason="{reason}"}}']

    def test_more_queries_than_run_and_wait_are_refused_at_once(self):
        served = self.serve_held("--max-queries", "2", "--queue", "3", "--query-timeout", "60000")
        links = [self.ask(served) for _ in range(5)]
        self.counted(served, 2, 3)
        for path, kind in ((self.path(), None), ("/search?q=other", "text/html"),
                           ("/api/v1/similar?url=/x/", None), ("/api/v1/search?q=short", None)):
            answer = served.get(path, {"Accept": kind} if kind else {})
            self.assertEqual(answer.status, 503, path)
            self.assertEqual(answer["Retry-After"], "1")
            if kind:
                self.assertIn(b"too many queries are waiting", answer.body)
            else:
                self.assertProblem(answer, 503)
        # Cached answers and routes that cost little pass.
        for path in ("/api/v1/search?q=cached", "/search?q=cached", "/api/v1/suggest?q=d", "/healthz", "/readyz",
                     "/metrics", "/search-box.js", "/openapi.json", "/opensearch.xml"):
            self.assertEqual(served.get(path).status, 200, path)
        self.assertEqual(served.get("/api/v1/search?q=%ff").status, 400)
        self.assertEqual(self.refused(served, "queue"), 4)  # none waited for its limit first
        self.hold.unlink()
        for answer in self.answers_of(links):
            self.assertEqual(answer.status, 200)
        self.counted(served, 0, 0)
        self.assertEqual(served.get(self.path()).status, 200)

    def test_an_address_has_a_quarter_of_both(self):
        served = self.serve_held("--max-queries", "8", "--queue", "8", "--query-timeout", "60000")
        greedy = [self.ask(served, "198.51.100.1") for _ in range(10)]
        self.counted(served, 2, 2)
        self.eventually(lambda: self.refused(served, "address") == 6)
        others = [self.ask(served, "198.51.100.2"), self.ask(served, "2001:db8::1")]
        self.counted(served, 4, 2)
        same = [self.ask(served, f"2001:db8::{number}") for number in range(2, 12)]  # the same /64
        self.counted(served, 5, 4)
        local = [self.ask(served) for _ in range(5)]  # this machine may have all that is left
        self.counted(served, 8, 6)
        self.hold.unlink()
        statuses = [[answer.status for answer in self.answers_of(links)] for links in (greedy, same)]
        self.assertEqual([each.count(200) for each in statuses], [4, 3])
        self.assertEqual([each.count(503) for each in statuses], [6, 7])
        self.assertEqual({answer.status for answer in self.answers_of(others + local)}, {200})

    def test_equal_queries_are_run_once(self):
        log = self.dir / "queries.log"
        served = self.serve_held("--max-queries", "1", "--queue", "1", "--query-timeout", "60000",
                                 "--query-log", log)
        misspelt = f"residensy -{'x' * 260}"
        path = f"/api/v1/search?q={misspelt.replace(' ', '+')}"
        links = [self.ask(served, f"198.51.100.{number % 3}", path) for number in range(20)]
        other = self.ask(served, "198.51.100.9")
        self.counted(served, 1, 1)
        self.eventually(lambda: served.metrics()["searchd_queries_shared_total"] == 19)
        bad = [self.ask(served, None, "/api/v1/similar?url=/nowhere/") for _ in range(2)]
        self.hold.unlink()
        found = self.answers_of(links)
        self.assertEqual({answer.status for answer in found}, {200})
        self.assertEqual(len({answer.body for answer in found}), 1)
        self.assertEqual(len({answer["ETag"] for answer in found}), 1)
        self.answers_of([other, *bad])
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        ours = [line for line in lines if line["query"] == misspelt]
        self.assertEqual((len(ours), len({line["took_us"] for line in ours})), (20, 1))
        self.assertEqual({line["corrected"] for line in ours}, {misspelt.replace("residensy", "residency")})

    def test_an_address_cannot_make_others_wait_for_its_share(self):
        """The query of an address without a share left is asked by another address, too, and places are free."""
        served = self.serve_held("--max-queries", "4", "--query-timeout", "60000")
        greedy = [self.ask(served, "192.0.2.1")]
        self.counted(served, 1, 0)  # the threads must not exchange the two
        greedy.append(self.ask(served, "192.0.2.1"))
        self.counted(served, 1, 1)
        good = self.ask(served, "198.51.100.1", f"/api/v1/search?q={self.query(self.number).replace(' ', '+')}")
        self.counted(served, 2, 0)
        self.hold.unlink()
        self.assertEqual([answer.status for answer in self.answers_of([*greedy, good])], [200] * 3)

    def test_equal_queries_share_a_problem(self):
        served = self.serve_held("--max-queries", "1", "--query-timeout", "60000")
        first = self.ask(served)
        self.counted(served, 1, 0)
        links = [self.ask(served, None, "/api/v1/similar?url=/nowhere/") for _ in range(3)]
        self.eventually(lambda: served.metrics()["searchd_queries_shared_total"] == 2)
        self.hold.unlink()
        self.assertEqual([answer.status for answer in self.answers_of([first, *links])], [200, 404, 404, 404])

    def test_the_query_of_a_client_that_went_away_is_not_run(self):
        log = self.dir / "queries.log"
        path = self.dir / "socket"
        served = self.serve_held("--max-queries", "1", "--query-timeout", "60000", "--query-log", log,
                                 listen=("127.0.0.1:0", f"unix:{path}"))
        first = self.ask(served)
        self.counted(served, 1, 0)
        gone = self.ask(served)
        with socket.socket(socket.AF_UNIX) as other:
            other.connect(str(path))
            other.sendall(request(self.path()))
            self.counted(served, 1, 2)
        stays = self.ask(served)
        self.counted(served, 1, 3)
        gone.close()
        self.hold.unlink()
        self.assertEqual([answer.status for answer in self.answers_of([first, stays])], [200, 200])
        self.eventually(lambda: self.refused(served, "gone") == 2)
        queries = [json.loads(line)["query"] for line in log.read_text().splitlines()]
        self.assertNotIn(self.query(2), queries)
        self.assertNotIn(self.query(3), queries)
        self.assertIn(self.query(4), queries)

    def test_a_client_that_shut_down_writing_is_answered(self):
        served = self.serve_held()
        self.hold.unlink()
        for path in (self.path(), "/search?q=data", "/", "/api/v1/search?q=data"):
            for _ in range(5):
                self.assertIn(b"200 OK", served.raw(request(path, "Connection: close"), half_close=True), path)

    def test_a_query_that_waits_too_long_is_refused(self):
        limit = 4000 if harness.SANITIZED else 400  # milliseconds; the first queries of serve_held() must keep it
        served = self.serve_held("--max-queries", "1", "--query-timeout", str(limit))
        first = self.ask(served)
        self.counted(served, 1, 0)
        began = time.monotonic()
        answer = self.answers_of([self.ask(served)])[0]
        # A query waits for its limit; behind a queue that never empties for half a second, only for a fifth of it.
        self.assertGreaterEqual(time.monotonic() - began, 0.39)
        self.assertProblem(answer, 503)
        self.assertEqual(answer["retry-after"], "1")
        self.assertEqual(self.refused(served, "late"), 1)
        self.hold.unlink()
        self.answers_of([first])

    def test_sigterm_lets_waiting_queries_finish(self):
        served = self.serve_held("--max-queries", "2", "--query-timeout", "60000", "--drain-timeout", "60")
        links = [self.ask(served) for _ in range(10)]
        self.counted(served, 2, 8)
        served.process.send_signal(signal.SIGTERM)
        self.eventually(lambda: self.is_refused(served))
        self.hold.unlink()
        self.assertEqual({answer.status for answer in self.answers_of(links)}, {200})
        self.assertEqual(served.stop(None), 0)

    def is_refused(self, served):
        try:
            served.connect().close()
        except ConnectionError:
            return True
        return False

    def test_what_still_waits_after_the_drain_timeout_is_refused(self):
        served = self.serve_held("--max-queries", "1", "--query-timeout", "60000", "--drain-timeout", "0")
        running = self.ask(served)
        self.counted(served, 1, 0)
        links = [self.ask(served) for _ in range(3)]
        links += [self.ask(served, None, f"/api/v1/search?q={self.query(self.number).replace(' ', '+')}")]  # an equal one
        self.counted(served, 1, 3)
        served.process.send_signal(signal.SIGTERM)
        self.eventually(lambda: self.is_refused(served))
        time.sleep(0.05)
        self.hold.unlink()
        self.assertEqual(served.stop(None), 0)
        for link in links:
            self.assertIn(link.recv(12), (b"HTTP/1.1 503", b"HTTP/1.1 200"))
        running.close()

    def connected(self, served):
        link = served.connect()
        self.addCleanup(link.close)
        return link

    def metrics_on(self, link):
        link.sendall(request("/metrics"))
        data = b""
        while not (answer := daemon.answer_if_complete(data)):
            chunk = link.recv(1 << 20)
            self.assertNotEqual(chunk, b"", "the daemon closed the connection")
            data += chunk
        return answer.body.decode()

    def test_at_the_end_no_connection_waits_for_another_thread(self):
        """A query that is not long runs in the thread that asks, and a client of the other thread waits for its answer.
        libmicrohttpd ends the process if a connection is suspended when it stops the thread of the connection."""
        for before in range(2):  # which of the threads has the query
            served = self.serve_held("--query-timeout", "60000", "--drain-timeout", "0")
            for _ in range(before):
                served.raw(request("/healthz", "Connection: close"))
            _, free = [self.connected(served) for _ in range(2)]  # the threads get connections in turn
            links = []
            for metric in "searchd_queries_running", "searchd_queries_shared_total":
                links.append(self.ask(served, None, "/api/v1/search?q=short"))
                self.eventually(lambda: f"\n{metric} 1\n" in self.metrics_on(free))
            served.process.send_signal(signal.SIGTERM)
            if not harness.SANITIZED:  # with a sanitizer, queries are too slow for the thread that asks
                self.assertIn(b"503 ", links[1].recv(100))
            time.sleep(0.5)  # libmicrohttpd is being stopped
            self.hold.unlink()
            self.assertEqual(served.stop(None), 0)


if __name__ == "__main__":
    harness.main()
