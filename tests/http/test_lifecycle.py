# SPDX-License-Identifier: GPL-2.0-or-later
"""Starting, listening, an index that appears and disappears, and systemd."""

import os
import re
import resource
import shutil
import signal
import socket
import stat
import subprocess
import sys
import unittest

import daemon
import harness
from daemon import request

SEARCH = "/api/v1/search?q=residency"


class Listening(daemon.Case):
    def setUp(self):
        super().setUp()
        self.index(harness.CORPUS)

    def fails(self, code, *options, **kwargs):
        served = daemon.Daemon(self.index_dir, *options, wait=False, **kwargs)
        served.stop(None, check=False)
        self.assertEqual(served.code, code, served.errors())
        self.assertTrue(served.errors().startswith(b"searchd: "), served.errors())
        return served.errors().decode()

    def test_every_given_address_is_served(self):
        path = str(self.dir / "socket")
        served = self.serve(listen=("127.0.0.1:0", "[::1]:0", f"unix:{path}", "localhost:0"))
        self.assertGreaterEqual(len(served.addresses), 4)
        self.assertRegex(served.addresses[1], r"^http://\[::1\]:\d+/$")
        for address in served.addresses:
            if address.startswith("unix:"):
                self.assertEqual(address, f"unix:{path}")
                self.assertEqual(served.get("/healthz", base="http://x", unix=path).status, 200)
            else:
                self.assertEqual(served.get("/healthz", base=address.rstrip("/")).status, 200)

    def test_unix_sockets_get_their_mode_and_are_removed(self):
        path = str(self.dir / "socket")
        for options, mode in ((), 0o660), (("--socket-mode", "0606"), 0o606):
            served = self.serve(*options, listen=(f"unix:{path}",))
            self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), mode)
            said = self.fails(3, listen=(f"unix:{path}",))
            self.assertIn("in use", said)
            self.assertEqual(served.get("/healthz", unix=path).status, 200)
            served.stop()
            self.assertFalse(os.path.exists(path))
        left = socket.socket(socket.AF_UNIX)
        left.bind(path)
        left.close()
        self.assertEqual(self.serve(listen=(f"unix:{path}",)).get("/healthz", unix=path).status, 200)
        other = self.write("file", "kept")
        self.fails(3, listen=(f"unix:{other}",))
        self.assertEqual(other.read_text(), "kept")

    def test_the_unit_allows_the_threads_of_the_largest_machine(self):
        unit = (harness.ROOT / "packaging/searchd.service.in").read_text()
        allowed = int(re.search(r"^TasksMax=(\d+)$", unit, re.M)[1])
        served = self.serve("--threads", 256)  # the most; by default, one for each processor
        threads = len(os.listdir(f"/proc/{served.pid}/task"))
        self.assertGreaterEqual(threads, 3 * 256)
        self.assertLess(threads, allowed)

    @unittest.skipIf(harness.SANITIZED, "skipped: sanitizers need more addresses than the limit")
    def test_a_thread_that_cannot_start_is_named(self):
        size = 400 << 20  # of all addresses; each thread has a stack of 1 MiB
        for options, name in (("--threads", 2, "--max-queries", 512), r"query thread \d+ of 512"), (
                ("--threads", 256, "--max-queries", 1), r"HTTP thread \d+ of 256"):
            said = self.fails(3, *options, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (size, size)))
            self.assertRegex(said, f"searchd: cannot start {name}: [A-Z]")

    def test_an_address_in_use_is_an_error(self):
        served = self.serve()
        self.assertIn("in use", self.fails(3, listen=(f"127.0.0.1:{served.port}",)))

    def test_wrong_usage_is_rejected(self):
        for options in (["--nonsense"], ["word"], ["--limit"], ["--rate", "x"], ["--rate", "-1"], ["--threads", "0"],
                        ["--cors", "example.org"], ["--cors", "https://a/b"], ["--trusted-proxy", "x"],
                        ["--trusted-proxy", "10.0.0.0/33"], ["--base-url", "foo"], ["--base-url", ""],
                        ["--base-url", "https://x.example?a"], ["--socket-mode", "9"], ["--max-connections", "0"],
                        ["--title", "two\nlines"], ["--title", "x" * 201]):
            self.assertIn("--help", self.fails(2, *options), options)
        for address in ("8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "::1:80", "unix:", "[::1]", "127.0.0.1:http"):
            self.fails(2, listen=(address,))
        for options in (["--access-log", "/nonexistent/x"], ["--query-log", str(self.dir)]):
            self.fails(3, *options)

    def test_a_bad_title_is_rejected_in_one_short_line(self):
        for title in "two\nlines", "x" * 5000:
            said = self.fails(2, "--title", title)
            self.assertIn("--title must be one line of at most 200 bytes", said.splitlines()[0])
            self.assertLess(len(said), 300)

    def test_help_and_version_are_printed(self):
        for option, word in ("--help", b"usage: searchd"), ("--version", b"searchd (Signpost) "):
            done = harness.run([daemon.SEARCHD, option])
            self.assertEqual((done.code, done.err), (0, b""))
            self.assertIn(word, done.out)

    def test_the_index_is_taken_from_the_environment(self):
        served = self.serve(index=[], env={"SIGNPOST_INDEX": str(self.index_dir)})
        self.assertEqual(served.get(SEARCH).status, 200)

    def test_several_indexes_answer_as_one(self):
        self.index(self.site({"a.md": "# A\n\nresidency zebra\n"}), index=self.dir / "two")
        served = self.serve(index=[self.index_dir, self.dir / "two"])
        found = served.get("/api/v1/search?q=zebra")
        printed = self.search("--json", "-i", self.dir / "two", "zebra")
        self.assertIn(b'"total":1', found.body)
        self.assertEqual(found.body.split(b'"total"')[1], printed.out.split(b'"total"')[1])


class Index(daemon.Case):
    def answers(self, served, status):
        self.eventually(lambda: served.get(SEARCH).status == status)
        self.assertEqual(served.get("/readyz").status, status)
        self.assertEqual(served.get("/healthz").status, 200)
        self.assertEqual(served.metrics()["searchd_index_ready"], float(status == 200))
        if status == 503:
            for path in (SEARCH, "/readyz", "/api/v1/suggest?q=a"):
                found = self.assertProblem(served.get(path), 503)
                self.assertEqual(found["Retry-After"], "1")
            self.assertEqual(served.get("/openapi.json").status, 200)
            self.assertEqual(served.get("/opensearch.xml").status, 200)

    def test_an_index_may_appear_disappear_and_reappear(self):
        served = self.serve()
        self.answers(served, 503)
        self.index(harness.CORPUS)
        self.soon(lambda: served.get(SEARCH).status == 200)
        self.answers(served, 200)
        kept = served.get(SEARCH)
        self.index_dir.rename(self.dir / "away")
        self.answers(served, 503)
        self.assertEqual(served.get(SEARCH, {"If-None-Match": kept["ETag"]}).status, 503)
        (self.dir / "away").rename(self.index_dir)
        self.answers(served, 200)
        self.assertEqual(served.get(SEARCH)["ETag"], kept["ETag"])
        shutil.rmtree(self.index_dir)
        self.answers(served, 503)
        said = served.errors()
        self.assertIn(b"the index is available again", said)
        self.assertLess(said.count(b"\n"), 10, "the message is repeated with each request")

    def test_an_invalid_or_damaged_index_is_unavailable_and_not_fatal(self):
        served = self.serve()
        self.index_dir.mkdir()
        self.write("index/XAPIANDB", "nonsense\n")
        self.answers(served, 503)
        self.write("index/XAPIANDB", "auto g7\n")
        self.answers(served, 503)
        shutil.rmtree(self.index_dir)
        self.index(harness.CORPUS)
        self.answers(served, 200)
        for path in self.index_dir.glob("g*/*.glass"):
            path.write_bytes(b"garbage" * 1000)
        (self.index_dir / "XAPIANDB").touch()
        self.assertEqual(served.get("/healthz").status, 200)
        self.assertIn(served.get("/api/v1/search?q=fresh").status, (200, 500, 503))


# Passes the descriptors of the first argument as systemd does: from 3 on, to the process that they are for.
PASS = """
import fcntl, os, sys
passed = [fcntl.fcntl(int(fd), fcntl.F_DUPFD_CLOEXEC, 50) for fd in sys.argv[1].split(",")]
for number, fd in enumerate(passed):
    os.dup2(fd, 3 + number)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(passed)))
os.execv(sys.argv[2], sys.argv[2:])
"""


class Systemd(daemon.Case):
    def setUp(self):
        super().setUp()
        self.index(harness.CORPUS)

    def test_systemd_is_notified_of_ready_reload_and_stop(self):
        path = str(self.dir / "notify")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link:
            link.bind(path)
            link.settimeout(30)
            served = self.serve(env={"NOTIFY_SOCKET": path})
            self.assertEqual(link.recv(1000), b"READY=1")
            served.process.send_signal(signal.SIGHUP)
            self.assertIn(b"RELOADING=1", link.recv(1000))
            self.assertEqual(link.recv(1000), b"READY=1")
            served.stop()
            self.assertEqual(link.recv(1000), b"STOPPING=1")

    def passing(self, *sockets):
        """The command that runs searchd with these sockets, as systemd does."""
        return [sys.executable, "-c", PASS, ",".join(str(passed.fileno()) for passed in sockets),
                daemon.SEARCHD, "-i", str(self.index_dir)]

    def test_sockets_passed_by_systemd_are_served(self):
        listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
        ports = [listener.getsockname()[1] for listener in listeners]
        log = open(self.dir / "log", "wb")
        process = subprocess.Popen(self.passing(*listeners), pass_fds=[listener.fileno() for listener in listeners],
                                   stderr=log, env=harness.environment())
        try:
            for listener, port in zip(listeners, ports):
                listener.close()
                with socket.create_connection(("127.0.0.1", port), timeout=30) as link:
                    link.sendall(request(SEARCH, "Connection: close"))
                    received = b""
                    while chunk := link.recv(65536):
                        received += chunk
                self.assertEqual([a.status for a in daemon.parse_answers(received)], [200])
        finally:
            process.terminate()
            self.assertEqual(process.wait(60), 0)
            log.close()
        self.assertEqual((self.dir / "log").read_text(),
                         "".join(f"searchd: listening on http://127.0.0.1:{port}/\n" for port in ports))

    def test_a_descriptor_that_is_no_listening_stream_is_refused(self):
        quiet = socket.socket()
        quiet.bind(("127.0.0.1", 0))
        datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        datagrams.bind(("127.0.0.1", 0))
        for about, passed in (("not listening", quiet), ("datagrams", datagrams),
                              ("a file", open(self.dir / "file", "wb"))):
            with self.subTest(about), passed:
                result = harness.run(self.passing(passed), pass_fds=[passed.fileno()])
                self.assertEqual((result.code, result.errors),
                                 (2, "searchd: descriptor 3 is not a listening socket\n"))


if __name__ == "__main__":
    harness.main()
