# SPDX-License-Identifier: GPL-2.0-or-later
"""The verifier: a damaged index is answered 503 once the damage is found, a new generation is verified before
it is served, and an index without checksums is served. Pipes in place of files do not make the daemon wait."""

import os
import re
import signal
import time

import daemon
import harness
from harness import post

SEARCH = "/api/v1/search?q=common"


class Case(daemon.Case):
    def setUp(self):
        super().setUp()
        self.site({f"p{n}.md": post(f"Post {n}", "common " + " ".join(f"w{n}x{k}" for k in range(300)))
                   for n in range(40)})
        self.index("site")

    def database(self):
        return self.index_dir / (self.index_dir / "XAPIANDB").read_text(encoding="utf-8").split()[1]

    def damage(self, name="position.glass"):
        """Flips a bit in a block that a change of one post does not rewrite."""
        path = self.database() / name
        content = bytearray(path.read_bytes())
        content[len(content) // 2 // 8192 * 8192 + 4000] ^= 16
        path.write_bytes(content)

    def until(self, served, status, text=b"", seconds=30):
        end = time.monotonic() + seconds
        while True:
            answer = served.get(SEARCH)
            if answer.status == status and text in answer.body:
                return answer
            self.assertLess(time.monotonic(), end, f"{answer} {served.errors()!r}")
            time.sleep(daemon.PAUSE)

    def until_said(self, served, pattern, seconds=30):
        end = time.monotonic() + seconds
        while not re.search(pattern, served.errors()):
            self.assertLess(time.monotonic(), end, served.errors())
            time.sleep(daemon.PAUSE)

    def change(self, number=1):
        self.site({"p0.md": post("Changed", f"common changed{number}")})
        return self.index("site")["revision"]


class Verifier(Case):
    def test_a_whole_index_is_served_without_a_word(self):
        served = self.serve()
        for number in range(3):
            self.until(served, 200, self.change(number).encode())
        self.until(served, 200, self.index("site", options=["--full"])["revision"].encode())
        time.sleep(0.5)
        self.assertRegex(served.errors(), rb"\A(searchd: listening on [^\n]*\n)+\Z")

    def test_an_index_that_is_damaged_at_the_start_is_refused_once_that_is_found(self):
        self.damage()
        served = self.serve()
        answer = self.until(served, 503)
        self.assertIn(b"the index is damaged", answer.body)
        self.assertEqual((served.get("/readyz").status, served.get("/healthz").status), (503, 200))
        self.assertRegex(served.errors(), rb"index/g1/position\.glass: damaged: [^\n]*; queries are refused")
        self.index("site", options=["--full"])
        self.until(served, 200)
        self.assertEqual(served.get("/readyz").status, 200)
        self.assertIn(b"searchd: the index is whole again\n", served.errors())

    def test_damage_is_found_after_a_change_in_place(self):
        served = self.serve()
        self.until(served, 200)
        time.sleep(0.5)  # the verification at the start
        self.damage()
        self.change()
        self.until(served, 503)

    def test_a_new_generation_that_is_damaged_is_not_served(self):
        served = self.serve()
        before = self.until(served, 200).body
        served.process.send_signal(signal.SIGSTOP)
        self.site({"p0.md": post("Changed", "common changed")})
        revision = self.index("site", options=["--full"])["revision"].encode()
        self.damage()
        served.process.send_signal(signal.SIGCONT)
        self.until_said(served, rb"index/g2/position\.glass: damaged: [^\n]*; the index before it is served")
        for _ in range(20):
            answer = served.get(SEARCH)
            self.assertEqual((answer.status, revision in answer.body), (200, False))
            time.sleep(daemon.PAUSE)
        self.assertIn(b'"total":40', before.replace(b" ", b""))
        self.index("site", options=["--full"])  # a whole one
        self.until(served, 200, revision)

    def test_no_verify_serves_damage(self):
        self.damage()
        served = self.serve("--no-verify")
        self.until(served, 200)
        time.sleep(0.5)
        self.assertEqual(served.get(SEARCH).status, 200)
        self.index("site", options=["--full"])
        self.damage()
        time.sleep(0.5)
        self.assertEqual(served.get(SEARCH).status, 200)

    def test_an_index_without_checksums_is_served_and_named_once(self):
        (self.index_dir / "g1.sums").unlink()
        served = self.serve()
        self.until_said(served, rb"searchd: [^\n]*index/g1: cannot be verified: it has no checksums \(\.sums\); "
                                rb"it is served all the same\n")
        self.until(served, 200, self.change().encode())
        time.sleep(0.5)
        self.assertEqual(served.errors().count(b"cannot be verified"), 1)
        self.assertEqual(served.get(SEARCH).status, 200)

    def test_runs_while_the_verifier_reads_are_not_taken_for_damage(self):
        served = self.serve()
        for number in range(25):
            self.change(number)
            if number % 8 == 7:
                self.index("site", options=["--full"])
            self.assertEqual(served.get(SEARCH).status, 200)
        time.sleep(0.5)
        self.assertEqual(served.get(SEARCH).status, 200)
        self.assertNotIn(b"damaged", served.errors())
        self.assertNotIn(b"cannot be verified", served.errors())

    def test_one_damaged_index_of_several_is_enough(self):
        self.index(self.site({"a.md": post("Other", "common other")}, name="other"), index=self.dir / "second")
        self.damage()
        served = self.serve(index=[self.dir / "second", self.index_dir])
        self.until(served, 503)
        self.index("site", options=["--full"])
        self.until(served, 200)


class Pipes(Case):
    def replace_by_pipe(self, name):
        path = self.index_dir / name
        path.unlink()
        os.mkfifo(path)

    def test_pipes_in_an_index_make_nothing_wait(self):
        for name in ("XAPIANDB", "g1.sums", "g1/iamglass", "g1/postlist.glass", "g1/termlist.glass"):
            self.setUp()
            self.replace_by_pipe(name)
            began = time.monotonic()
            self.assertIn(self.search("common", expect=None).code, (0, 2), name)
            self.indexer("-q", "-o", self.index_dir, "site", expect=3)
            served = self.serve()
            self.assertIn(served.get(SEARCH).status, (200, 503), name)
            served.stop()
            self.assertLess(time.monotonic() - began, 20, name)

    def test_a_pipe_as_log_needs_a_reader_and_never_makes_the_daemon_wait(self):
        pipe = self.dir / "log"
        os.mkfifo(pipe)
        refused = daemon.Daemon(self.index_dir, "--query-log", pipe, wait=False)
        refused.stop(None, check=False)
        self.assertEqual(refused.code, 3)
        self.assertIn(b"log: cannot open the log: a pipe that nobody reads", refused.errors())
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, reader)
        served = self.serve("--query-log", pipe)
        served.get(SEARCH)
        self.assertIn(b'"query":"common"', os.read(reader, 65536).replace(b" ", b""))
        for number in range(1500):  # more than fits into the pipe
            served.get(f"/api/v1/search?q=common+{'x' * 60}{number}")
        self.assertEqual(served.get(SEARCH).status, 200)

    def test_standard_error_can_be_the_log(self):
        served = self.serve("--access-log", "/dev/stderr")
        served.get(SEARCH)
        self.until_said(served, rb'"GET /api/v1/search\?q=common HTTP/1\.1" 200')


del Case

if __name__ == "__main__":
    harness.main()
