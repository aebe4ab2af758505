# SPDX-License-Identifier: GPL-2.0-or-later
"""Clients that occupy connections: they send or read slowly, or do nothing. searchd closes them in time, and
other clients are served as quickly as before.

The full form has 900 drips, with the default time limits, and measures how long another client waits; the quick
form has 300 and shorter limits, and measures processor time, because it runs next to other tests."""

import contextlib
import multiprocessing
import resource
import select
import socket
import time

import daemon
import harness
from daemon import request

DRIPS = 900 if harness.LONG else 300
READERS = 100 if harness.LONG else 20
LIMITS = () if harness.LONG else ("--header-timeout", "1", "--write-timeout", "1", "--idle-timeout", "1")
# Seconds until connections are closed; in the quick form less than the default limits on a busy machine.
WITHIN = 10 if harness.LONG else 25
READ_WITHIN = 32 if harness.LONG else 25
IDLE_WITHIN = 63 if harness.LONG else 25
P99 = 0.050  # seconds
BUSY = 0.5  # seconds of processor time that the daemon may use in a second
SEARCH = "/api/v1/search?q=data&limit=100"

# What a drip sends before it goes on byte by byte.
BEGINS = [b"", b"G", b"\r\n", b"GET /healthz HTTP/1.1\r\n", b"GET /healthz HTTP/1.1\r\nHost: x\r\na: ", b"GET /" + b"a" * 4000,
          request(), request() + b"GET /", request() * 3 + b"GET /healthz HTTP/1.1\r\nHost: x\r\n"]


class Good:
    """A client that asks until it is stopped: a process of its own, which the work of the test does not delay."""

    def __init__(self, served):
        self.stopped, self.result = multiprocessing.Event(), multiprocessing.Queue()
        with served.connect() as link:
            self.process = multiprocessing.Process(target=self.run, args=(link,))
            self.process.start()

    def run(self, link):
        took = []
        while not took or not self.stopped.wait(0.005):
            began = time.monotonic()
            link.sendall(request("/api/v1/search?q=residency"))
            received = link.recv(1 << 20)
            while received and not received.endswith(b"}\n"):
                received += link.recv(1 << 20)
            took.append(time.monotonic() - began)
            if [answer.status for answer in daemon.parse_answers(received)] != [200]:
                self.result.put(f"not served: {received!r}")
                return
        self.result.put(sorted(took)[len(took) * 99 // 100])

    def stop(self):
        """Returns the seconds that 99 % of the answers took at most, or what was wrong."""
        self.stopped.set()
        result = self.result.get(timeout=60)
        self.process.join()
        return result


class Slow(daemon.Case):
    def setUp(self):
        super().setUp()
        self.index(harness.CORPUS)
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))

    @contextlib.contextmanager
    def good_client(self, served):
        """A client that must be served all the time, in the full form not much slower than without the others."""
        alone = Good(served)
        time.sleep(0.5 if harness.LONG else 0.1)
        alone, good = alone.stop(), Good(served)
        began, before = time.monotonic(), self.ticks(served)
        try:
            yield
        finally:
            self.p99 = good.stop()
        self.assertIsInstance(self.p99, float, self.p99)
        if harness.LONG:
            self.assertLess(self.p99, max(P99, 3 * alone), f"seconds; {alone} without the others")
        elif not harness.SANITIZED:
            used = (self.ticks(served) - before) / 100
            self.assertLess(used, BUSY * (time.monotonic() - began), "seconds of processor time")

    def closed(self, links, within, step):
        """Calls step(link) for the links until the daemon has closed all; returns the seconds until then."""
        began, last = time.monotonic(), 0
        while links:
            self.assertLess(time.monotonic() - began, within, f"{len(links)} are still open")
            for link in list(links):
                if step(link):
                    links.remove(link)
                    last = time.monotonic() - began
            time.sleep(0.1)
        return last

    def drip(self, link):
        """Sends a byte and reads what has arrived. Returns whether the connection has ended."""
        try:
            link.send(b"x")
            while chunk := link.recv(65536):
                self.assertIn(b"alive", chunk)
            return True
        except BlockingIOError:
            return False
        except OSError:
            return True

    def test_drips_are_closed_and_others_are_served(self):
        served = self.serve("--rate", "0", *LIMITS, "--idle-timeout", "60")
        links = []
        with self.good_client(served), contextlib.ExitStack() as stack:
            for number in range(DRIPS):
                link = stack.enter_context(served.connect())
                link.sendall(BEGINS[number % len(BEGINS)])
                link.setblocking(False)
                links.append(link)
            took = self.closed(links, WITHIN, self.drip)
        self.eventually(lambda: served.metrics()['searchd_connections_rejected_total{reason="slow"}'] >= DRIPS)
        harness.row("drips", f"{DRIPS} of {DRIPS} closed within {took:.1f} s; p99 of another client "
                    f"{self.p99 * 1000:.1f} ms")

    def read_byte(self, link):
        try:
            return link.recv(1) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def test_slow_readers_are_closed_and_others_are_served(self):
        served = self.serve("--rate", "0", *LIMITS)
        links = []
        with self.good_client(served), contextlib.ExitStack() as stack:
            for _ in range(READERS):
                link = stack.enter_context(socket.socket())
                link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                link.connect(("127.0.0.1", served.port))
                link.setblocking(False)
                with contextlib.suppress(BlockingIOError):
                    while True:
                        link.send(request(SEARCH) * 100)
                links.append(link)
            began = time.monotonic()
            while served.metrics()['searchd_connections_rejected_total{reason="slow"}'] < len(links):
                self.assertLess(time.monotonic() - began, READ_WITHIN)
                for link in links:
                    self.read_byte(link)
                time.sleep(0.1)
            took = time.monotonic() - began
        harness.row("slow readers", f"{len(links)} of {len(links)} closed within {took:.1f} s; p99 of another client "
                    f"{self.p99 * 1000:.1f} ms")

    def test_idle_connections_are_closed_and_others_are_served(self):
        served = self.serve("--rate", "0", *LIMITS)
        links = []
        with self.good_client(served), contextlib.ExitStack() as stack:
            for _ in range(DRIPS):
                link = stack.enter_context(served.connect())
                link.sendall(request())
                self.assertIn(b"alive", link.recv(65536))
                link.setblocking(False)
                links.append(link)
            took = self.closed(links, IDLE_WITHIN, self.read_byte)
        harness.row("idle connections", f"{DRIPS} of {DRIPS} closed within {took:.1f} s; p99 of another client "
                    f"{self.p99 * 1000:.1f} ms")

    def ticks(self, served):
        """CPU time of the daemon in hundredths of a second."""
        with open(f"/proc/{served.pid}/stat") as file:
            return sum(map(int, file.read().rsplit(")", 1)[1].split()[11:13]))

    def test_without_free_descriptors_the_daemon_refuses_and_recovers(self):
        served = self.serve("--max-connections", "1000", "--threads", "1", *LIMITS,
                            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128)))
        with contextlib.ExitStack() as stack:
            links = [stack.enter_context(served.connect()) for _ in range(500)]
            self.eventually(lambda: len(select.select(links, [], [], 1)[0]) > 350)
            refused = [link for link in select.select(links, [], [], 0)[0]]
            statuses = [daemon.parse_answers(link.recv(65536))[0].status for link in refused]
            self.assertEqual(set(statuses), {503})
            before = self.ticks(served)
            time.sleep(1)
            self.assertLess(self.ticks(served) - before, 50, "hundredths of a second in one second")
        began = time.monotonic()
        self.eventually(lambda: self.answers(served))
        took = time.monotonic() - began
        harness.row("descriptors exhausted", f"500 connections with 128 descriptors: {len(refused)} got 503, serving "
                    f"{took:.1f} s after they ended")

    def answers(self, served):
        try:
            return served.get(SEARCH).status == 200
        except daemon.pycurl.error:
            return False


if __name__ == "__main__":
    harness.main()
