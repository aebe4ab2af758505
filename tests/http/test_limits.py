# SPDX-License-Identifier: GPL-2.0-or-later
"""Time limits of connections, and limits on their number and on the rate of requests. test_slow_clients.py has
many slow clients at once."""

import itertools
import re
import resource
import select
import signal
import socket
import time

import daemon
import harness
from daemon import request


def statuses(served, count, headers=(), source=None):
    return [served.get("/api/v1/search?q=a", headers, source=source).status for _ in range(count)]


class Slow(daemon.Case):
    def setUp(self):
        super().setUp()
        self.index(harness.CORPUS)

    def closed_after(self, link, began, drip=b"", limit=30):
        """Seconds from `began` until the daemon closes a connection that sends `drip` now and then."""
        link.settimeout(0.2)
        while time.monotonic() - began < limit:
            try:
                if drip:
                    link.send(drip)
                if link.recv(65536) == b"":
                    return time.monotonic() - began
            except socket.timeout:
                continue
            except OSError:
                return time.monotonic() - began
        self.fail("still open")

    def test_a_connection_whose_head_arrives_slowly_is_closed(self):
        served = self.serve("--header-timeout", "1", "--idle-timeout", "60")
        for start, drip in ((b"", b"x"), (b"G", b"x"), (b"GET /healthz HTTP/1.1\r\nHost: x\r\n", b"x"), (b"", b""),
                            (request() + b"GET", b"x"), (request() + b"GET", b"")):
            began = time.monotonic()
            with served.connect() as link:
                link.send(start)
                self.assertGreater(self.closed_after(link, began, drip), 0.8)
        # The daemon closes a connection before it counts it as rejected.
        self.eventually(lambda: served.metrics()['searchd_connections_rejected_total{reason="slow"}'] >= 3)

    def test_a_connection_that_the_client_has_closed_for_writing_is_closed(self):
        served = self.serve("--header-timeout", "60", "--idle-timeout", "60", "--rate", "0")
        for data, answers in ((b"", 0), (b"G", 0), (request(), 1), (request() + b"GET", 1), (request() * 3, 3)):
            for pause in (0, 0, 0.2):  # without a pause, request and end can be one event for libmicrohttpd
                began = time.monotonic()
                with served.connect(60) as link:
                    if pause > 0:
                        link.sendall(data)
                        time.sleep(pause)
                        data = b""
                    found = daemon.parse_answers(daemon.exchange(link, data, half_close=True))
                self.assertEqual(len(found), answers, data)
                self.assertLess(time.monotonic() - began, 30, data)

    def test_an_idle_connection_is_closed(self):
        served = self.serve("--idle-timeout", "1", "--header-timeout", "60")
        with served.connect() as link:
            began = time.monotonic()
            link.send(request())
            self.assertIn(b"alive", link.recv(65536))
            self.assertGreater(self.closed_after(link, began), 0.8)

    def test_128_requests_at_once_are_all_answered(self):
        """If libmicrohttpd fetches exactly 128 events at once, it waits for more before it handles any."""
        served = self.serve("--threads", "1", "--rate", "0", "--max-connections-per-address", "0")
        links = []
        self.addCleanup(lambda: [link.close() for link in links])
        for count in range(125, 131):
            while len(links) < count:
                links.append(served.connect())
                links[-1].sendall(request())
                self.assertIn(b"alive", links[-1].recv(65536))
            served.process.send_signal(signal.SIGSTOP)
            for link in links:
                link.sendall(request())
            served.process.send_signal(signal.SIGCONT)
            for link in links:
                self.assertIn(b"alive", link.recv(65536), count)

    def test_a_thousand_idle_connections_do_not_block_others(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        served = self.serve("--max-connections", "1100", "--rate", "0", "--header-timeout", "60")
        links = [served.connect() for _ in range(1000)]
        try:
            self.eventually(lambda: served.metrics()["searchd_connections_open"] >= 1000)
            for _ in range(100):
                self.assertEqual(served.get("/api/v1/search?q=residency").status, 200)
            links[500].sendall(request())
            self.assertIn(b"alive", links[500].recv(65536))
        finally:
            for link in links:
                link.close()


class ManyConnections(daemon.Case):
    def setUp(self):
        super().setUp()
        self.index(harness.CORPUS)

    def fill(self, served, count):
        links = [served.connect() for _ in range(count)]
        self.addCleanup(lambda: [link.close() for link in links])
        return links

    def first_refused(self, links):
        """The refused connections, each with the answer that it received."""
        ready = select.select(links, [], [], 10)[0]
        return [(link, daemon.parse_answers(link.recv(65536))[0]) for link in ready]

    def test_a_refused_connection_is_not_reset(self):
        """The request has arrived before the daemon accepts the connection: the kernel resets a connection that is
        closed with unread bytes, and the client could lose the answer."""
        served = self.serve("--max-connections", "1", "--rate", "0", "--idle-timeout", "60")
        first = self.fill(served, 1)[0]

        def rejected():
            first.sendall(request("/metrics"))
            data = b""
            while not daemon.answer_if_complete(data):
                chunk = first.recv(65536)
                self.assertNotEqual(chunk, b"", "the daemon closed the connection")
                data += chunk
            return int(re.search(rb'rejected_total{reason="connections"} (\d+)', data).group(1))
        for number, size in enumerate((0, 1, 30000), 1):
            served.process.send_signal(signal.SIGSTOP)
            with served.connect() as link:
                link.sendall(request("/healthz", f"X: {'x' * size}"))
                served.process.send_signal(signal.SIGCONT)
                self.eventually(lambda: rejected() == number)  # and closed
                self.assertEqual(link.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR), 0)
                self.assertProblem(daemon.parse_answers(daemon.exchange(link, b""))[0], 503)

    def test_connections_above_the_total_limit_get_503(self):
        served = self.serve("--max-connections", "8", "--header-timeout", "60")
        links = self.fill(served, 9)
        refused = self.first_refused(links)
        self.assertEqual(len(refused), 1)
        answer = self.assertProblem(refused[0][1], 503)
        self.assertEqual((answer["Retry-After"], answer["Connection"]), ("1", "close"))
        self.assertEqual(refused[0][0].recv(1), b"")
        for link in links:
            link.close()
        self.eventually(lambda: self.alive(served))
        self.assertGreaterEqual(served.metrics()['searchd_connections_rejected_total{reason="connections"}'], 1)

    def alive(self, served):
        try:
            return served.get("/healthz").status == 200
        except daemon.pycurl.error:
            return False

    def test_connections_above_the_limit_of_an_address_get_503(self):
        served = self.serve("--max-connections-per-address", "4", "--header-timeout", "60")
        links = self.fill(served, 5)
        self.assertProblem(self.first_refused(links)[0][1], 503)
        self.assertEqual(served.get("/healthz", source="127.0.0.2").status, 200)
        links[0].close()
        self.eventually(lambda: self.alive(served))
        counted = served.metrics()
        self.assertGreaterEqual(counted['searchd_connections_rejected_total{reason="address"}'], 1)

    def test_by_default_loopback_connections_are_not_limited(self):
        served = self.serve("--header-timeout", "60")
        self.fill(served, 150)
        self.assertEqual(served.get("/healthz").status, 200)


class Rate(daemon.Case):
    def setUp(self):
        super().setUp()
        self.index(harness.CORPUS)

    def limited(self, served, addresses=itertools.repeat(None)):
        """Sends requests until the daemon refuses one, and returns that answer. Each request is forwarded for
        the next address. A slow machine needs more requests, because each second allows one more."""
        for _, address in zip(range(100), addresses):
            answer = served.get("/api/v1/search?q=a", {"X-Forwarded-For": address} if address else ())
            if answer.status == 429:
                return answer
        return self.fail("no request was refused")

    def test_requests_above_the_burst_get_429(self):
        served = self.serve("--rate", "1", "--burst", "3")
        self.assertEqual(statuses(served, 3), [200, 200, 200])
        answer = self.assertProblem(self.limited(served), 429)
        self.assertGreaterEqual(int(answer["Retry-After"]), 1)
        self.assertEqual(served.get("/healthz").status, 200)
        self.assertEqual(served.get("/metrics").status, 200)
        self.assertEqual(statuses(served, 1, source="127.0.0.2"), [200])
        self.assertGreaterEqual(served.metrics()["searchd_rate_limited_total"], 1)
        self.eventually(lambda: statuses(served, 1) == [200])

    def test_by_default_loopback_requests_are_not_limited(self):
        self.assertEqual(set(statuses(self.serve(), 400)), {200})

    def test_forwarded_addresses_are_trusted_from_proxies_only(self):
        served = self.serve("--rate", "1", "--burst", "2")
        self.limited(served, (f"192.0.2.{number}" for number in range(100)))
        served = self.serve("--rate", "1", "--burst", "2", "--trusted-proxy", "127.0.0.0/8")
        for number in range(6):
            self.assertEqual(statuses(served, 1, {"X-Forwarded-For": f"192.0.2.{number}"}), [200])
        for number in range(6):
            self.assertEqual(statuses(served, 1, {"X-Forwarded-For": f"2001:db8:{number}::1, 127.0.0.9"}), [200])
        self.limited(served, (f"192.0.2.{number}, 198.51.100.7" for number in range(100)))
        self.limited(served, (f"2001:db8::{number}" for number in range(100)))
        for odd in ("", ",", "x", "192.0.2.1:99", "[2001:db8::9]:1", "192.0.2.1, x", "," * 1000, "1.1.1.1," * 500):
            self.assertIn(statuses(served, 1, {"X-Forwarded-For": odd})[0], (200, 429), odd)

    def test_a_query_above_the_time_limit_gets_503(self):
        files = {f"{n}.md": f"# Guide {n}\n\n" + "\n\n".join(f"word{k} and a{k % 7} of b{n % 11}" for k in range(60))
                 for n in range(1500)}
        self.index(self.site(files), index=self.dir / "large")
        served = self.serve("--query-timeout", "1", "--cache", "0", index=self.dir / "large")
        path = "/api/v1/search?facets=1&q=" + "+".join(f"word{k}" for k in range(60)) + "+a1+a2+a3+b1"
        answer = self.assertProblem(served.get(path), 503)
        self.assertEqual(answer["Retry-After"], "1")
        self.assertEqual(served.get("/healthz").status, 200)  # not a search, as any search may take a millisecond


if __name__ == "__main__":
    harness.main()
