# SPDX-License-Identifier: GPL-2.0-or-later
"""Signals: SIGTERM and SIGINT end the daemon and lose no request; SIGHUP reopens the logs and loses no line."""

import collections
import signal
import socket
import threading
import time

import daemon
import harness
from daemon import request

ROUNDS = 20 if harness.LONG else 2
RELOADS = 200 if harness.LONG else 20
WITHIN = 5 if harness.LONG else 60  # seconds until the daemon has answered and ended; a busy machine is slow
PATIENT = ("--query-timeout", "60000", "--drain-timeout", "600")  # a busy machine is no reason for 503 or an early end


class Shutdown(daemon.Case):
    def setUp(self):
        super().setUp()
        self.index(harness.CORPUS)

    def test_sigterm_and_sigint_end_the_daemon(self):
        for number in signal.SIGTERM, signal.SIGINT:
            self.assertEqual(self.serve().stop(number), 0)

    def test_idle_connections_do_not_delay_shutdown(self):
        served = self.serve("--drain-timeout", "600", "--idle-timeout", "600", "--header-timeout", "600")
        links = [served.connect() for _ in range(20)]
        for link in links[:10]:
            link.sendall(request())
            self.assertIn(b"alive", link.recv(65536))
        self.assertEqual(served.stop(), 0)  # within a minute
        for link in links:
            link.close()

    def test_requests_in_flight_are_answered_before_shutdown(self):
        """Each time 200 connections have a request in flight, and half of them two more behind it."""
        statuses, sent_all, slowest = collections.Counter(), 0, 0
        for _ in range(ROUNDS):
            served = self.serve("--cache", "0", "--rate", "0", "--queue", "1000", *PATIENT)
            links = [served.connect() for _ in range(200)]
            sent = [1 + 2 * (number % 2) for number in range(len(links))]
            sent_all += sum(sent)
            for number, (link, count) in enumerate(zip(links, sent)):
                link.sendall(request(f"/api/v1/search?q=data+{number}&limit=20") * count)
            began = time.monotonic()
            served.process.send_signal(signal.SIGTERM)
            for link, count in zip(links, sent):
                found = daemon.parse_answers(daemon.exchange(link, b""))
                statuses.update(answer.status for answer in found)
                statuses["none"] += count - len(found)
                link.close()
            self.assertEqual(served.stop(None), 0)
            slowest = max(slowest, time.monotonic() - began)
            with self.assertRaises(OSError):
                served.connect().close()
        self.assertEqual((statuses["none"], statuses[200]), (0, sent_all), statuses)
        self.assertLess(slowest, WITHIN)
        harness.row("SIGTERM with 200 in flight", f"{ROUNDS} times: {statuses[200]} of {sent_all} requests answered; "
                    f"exit 0 within {slowest:.1f} s")

    def test_a_request_that_is_arriving_is_answered_before_shutdown(self):
        """A part of the head arrives before the signal, and the rest soon after it. An idle client is not waited for."""
        served = self.serve()
        whole = request("/api/v1/search?q=data", "Connection: close")
        idle = served.connect()
        idle.sendall(request())
        self.assertIn(b"alive", idle.recv(65536))
        cases = [(before, cut) for before in (b"", request()) for cut in (0, 1, 20, len(whole) - 1) if before == b"" or cut]
        links = [served.connect() for _ in cases]
        for link, (before, cut) in zip(links, cases):
            link.sendall(before + whole[:cut])
            if before:  # the answer to it says that the part behind it was read, too
                self.assertIn(b"alive", link.recv(65536))
        served.process.send_signal(signal.SIGTERM)
        self.assertEqual(idle.recv(1), b"")
        idle.close()
        for link, (before, cut) in zip(links, cases):
            found = daemon.parse_answers(daemon.exchange(link, whole[cut:]))
            self.assertEqual([answer.status for answer in found], [200], (before, cut))
            link.close()
        self.assertEqual(served.stop(None), 0)

    def test_a_client_that_does_not_read_does_not_prevent_shutdown(self):
        served = self.serve("--drain-timeout", "1", "--write-timeout", "600")
        with socket.socket() as link:
            link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            link.connect(("127.0.0.1", served.port))
            link.settimeout(1)
            try:
                link.sendall(request("/api/v1/search?q=data&limit=100") * 300)
            except socket.timeout:
                pass
            self.assertEqual(served.stop(), 0)  # within a minute

    def test_clients_during_shutdown_get_a_whole_answer_or_none(self):
        """Eight clients keep connecting and sending requests while the daemon shuts down."""
        served = self.serve()
        broken, stop = [], threading.Event()

        def ask():
            while not stop.is_set():
                try:
                    received = served.raw(request("/api/v1/search?q=data", "Connection: close"), timeout=20)
                    if received:
                        assert [a.status for a in daemon.parse_answers(received)] == [200]
                except OSError:
                    return
                except AssertionError as error:
                    broken.append(error)
                    return
        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        time.sleep(0.3)
        self.assertEqual(served.stop(), 0)
        stop.set()
        for thread in threads:
            thread.join()
        self.assertEqual(broken, [])


class Reload(daemon.Case):
    def setUp(self):
        super().setUp()
        self.index(harness.CORPUS)

    def ask(self, served, stop, counts, failed):
        """Sends requests on connections of 50 each until it is stopped."""
        count = 0
        try:
            while not stop.is_set():
                with served.connect() as link:
                    data = request("/healthz") * 49 + request("/healthz", "Connection: close")
                    found = daemon.parse_answers(daemon.exchange(link, data))
                    assert [answer.status for answer in found] == [200] * 50, found
                    count += 50
        except (AssertionError, OSError) as error:
            failed.append(error)
        counts.append(count)

    def test_sighup_under_load_loses_no_request_and_no_line(self):
        log = self.dir / "access.log"
        served = self.serve("--access-log", log, "--rate", "0")
        stop, counts, failed = threading.Event(), [], []
        threads = [threading.Thread(target=self.ask, args=(served, stop, counts, failed)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for number in range(RELOADS):
            log.rename(self.dir / f"access.log.{number}")
            served.process.send_signal(signal.SIGHUP)
            self.eventually(log.exists)
        stop.set()
        for thread in threads:
            thread.join()
        self.assertEqual(failed, [])
        self.assertEqual(served.stop(), 0)
        lines = sum(path.read_bytes().count(b"\n") for path in self.dir.glob("access.log*"))
        self.assertEqual(lines, sum(counts))
        harness.row("SIGHUP under load", f"{RELOADS} times: {lines} of {sum(counts)} requests answered and logged")


if __name__ == "__main__":
    harness.main()
