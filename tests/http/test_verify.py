# SPDX-License-Identifier: GPL-2.0-or-later
"""The verifier: a damaged index is answered 503 once the damage is found, a new generation is verified before
it is served, and an index without checksums is served. Pipes in place of files do not make the daemon wait."""

import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import time

import daemon
import faulty
import harness
from harness import post

SEARCH = "/api/v1/search?q=common"
LONG_SEARCH = SEARCH + "+-absent" * 40  # another thread answers it


class Case(daemon.Case):
    def setUp(self):
        super().setUp()
        self.site({f"p{n}.md": post(f"Post {n}", "common " + " ".join(f"w{n}x{k}" for k in range(300)))
                   for n in range(40)})
        self.index("site")

    def serve(self, *options, **kwargs):
        return super().serve("--rate", "0", *options, **kwargs)

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

    def until_verified(self, served, database=None):
        """Waits until a thread has read as many bytes as the files of the database contain."""
        size = sum(path.stat().st_size for path in (database or self.database()).glob("*.glass"))
        threads = pathlib.Path(f"/proc/{served.process.pid}/task")
        self.eventually(lambda: max(int(path.read_text().split()[1]) for path in threads.glob("*/io")) >= size)

    def answers(self, served):
        """Answers of several threads, also of readers that open the index afresh."""
        return [daemon.parse_answers(served.raw(daemon.request(path, "Connection: close")))[0]
                for path in (SEARCH, LONG_SEARCH) * 6]

    def check_served(self, served, revision, seconds=1.0):
        """Every thread answers from this revision, and goes on doing so."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for answer in self.answers(served):
                self.assertEqual((answer.status, revision.encode() in answer.body), (200, True), str(answer))

    def publish(self, served, spoil):
        """Publishes a generation while the daemon sleeps, after spoil() has spoilt it; returns its revision."""
        served.process.send_signal(signal.SIGSTOP)
        self.site({"p0.md": post("Changed", f"common changed{time.monotonic_ns()}")})
        revision = self.index("site", options=["--full"])["revision"]
        spoil()
        served.process.send_signal(signal.SIGCONT)
        return revision

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
        self.until_verified(served)
        self.damage()
        self.change()
        self.until(served, 503)

    def test_a_new_generation_that_is_damaged_is_not_served(self):
        before = self.change()
        served = self.serve()
        self.until(served, 200, before.encode())
        self.publish(served, self.damage)
        self.until_said(served, rb"index/g2/position\.glass: damaged: [^\n]*; the index before it is served")
        changes = served.metrics()["searchd_index_changes_total"]
        self.check_served(served, before)
        self.assertEqual(served.metrics()["searchd_index_changes_total"], changes)
        revision = self.index("site", options=["--full"])["revision"]  # a whole one
        self.until(served, 200, revision.encode())
        self.check_served(served, revision)

    def test_damaged_generations_do_not_make_a_damaged_one_whole(self):
        """The one that is served is damaged, and so are two that replace it."""
        self.damage()
        served = self.serve()
        self.until(served, 503)
        self.publish(served, self.damage)
        self.until_said(served, rb"index/g2/position\.glass: damaged: [^\n]*; queries are refused")
        for _ in range(20):
            self.assertEqual({answer.status for answer in self.answers(served)}, {503})
        self.publish(served, self.damage)  # and g1 is removed
        self.until_said(served, rb"index/g3/position\.glass: damaged: [^\n]*; queries are refused")
        self.until(served, 503)
        self.assertNotIn(b"whole again", served.errors())
        revision = self.index("site", options=["--full"])["revision"]
        self.until(served, 200, revision.encode())
        self.assertEqual(served.errors().count(b"whole again"), 1)

    def test_a_generation_that_is_known_to_be_damaged_is_refused_when_it_is_all_there_is(self):
        served = self.serve()
        self.until(served, 200)
        self.publish(served, self.damage)
        self.until_said(served, rb"index/g2/position\.glass: damaged: [^\n]*; the index before it is served")
        shutil.rmtree(self.index_dir / "g1")
        self.until(served, 503, b"the index is damaged")
        self.until_said(served, rb"index: damaged; queries are refused until the index is replaced\n")
        self.until(served, 200, self.index("site", options=["--full"])["revision"].encode())
        self.until_said(served, rb"the index is whole again\n")
        self.assertEqual(served.errors().count(b"queries are refused"), 1)

    def test_a_generation_without_its_version_file_is_not_served(self):
        before = self.change()
        served = self.serve()
        self.until(served, 200, before.encode())
        self.publish(served, lambda: (self.database() / "iamglass").unlink())
        self.until_said(served, rb"index/g2: damaged: files are missing; the index before it is served\n")
        self.check_served(served, before)
        shutil.rmtree(self.index_dir / "g1")
        self.until(served, 503, b"no index is available yet")
        revision = self.index("site", options=["--full"])["revision"]
        self.until(served, 200, revision.encode())

    def test_a_generation_that_arrives_after_its_name_is_verified_before_it_is_served(self):
        """As in an index that is being copied: XAPIANDB first, then the folder, which is damaged."""
        before = self.change()
        served = self.serve()
        self.until(served, 200, before.encode())
        shutil.copytree(self.index_dir / "g1", self.dir / "g7")
        path = self.dir / "g7/position.glass"
        path.write_bytes(path.read_bytes()[:-8192])
        shutil.copy(self.index_dir / "g1.sums", self.index_dir / "g7.sums")
        self.write("index/XAPIANDB", "auto g7\n")
        self.until_said(served, rb"index/g7: damaged: files are missing; the index before it is served\n")
        self.check_served(served, before)
        (self.dir / "g7").rename(self.index_dir / "g7")
        self.until_said(served, rb"index/g7/position\.glass: damaged: [^\n]*; the index before it is served\n")
        self.check_served(served, before)
        self.assertEqual(served.metrics()["searchd_index_changes_total"], 0)
        self.assertEqual(served.errors().count(b"damaged"), 2)

    def test_an_index_that_appears_is_verified_without_requests(self):
        self.damage()
        self.index_dir.rename(self.dir / "away")
        served = self.serve()
        (self.dir / "away").rename(self.index_dir)
        self.until_said(served, rb"position\.glass: damaged: [^\n]*; queries are refused")
        self.assertRegex(served.errors(), rb"\A(searchd: (listening on|.*: no index)[^\n]*\n)+"
                                          rb"searchd: [^\n]*position\.glass: damaged: [^\n]*\n\Z")

    def test_a_version_file_that_becomes_damaged_in_place_is_found(self):
        served = self.serve()
        self.until_verified(served)
        self.write("index/g1/iamglass", "damaged")
        self.until_said(served, rb"index/g1/iamglass: [^\n]*; queries are refused")

    def test_a_generation_that_cannot_be_read_is_not_served(self):
        """Every read of g2 fails."""
        before = self.change()
        preload = " ".join([*faulty.sanitizer_runtime(), faulty.INTERPOSE])
        served = self.serve(env={**faulty.LEAKY, "LD_PRELOAD": preload, "FAULT_BELOW": str(self.index_dir / "g2"),
                                 "FAULT_READS": "1", "FAULT_AT": "1", "FAULT_HOW": "EIO", "FAULT_STAYS": "1"})
        self.until(served, 200, before.encode())
        self.index("site", options=["--full"])
        self.until_said(served, rb"index/g2/iamglass: cannot be read: [^\n]*; the index before it is served")
        self.check_served(served, before, 2.5)
        self.assertEqual(served.errors().count(b"cannot be read"), 1)
        revision = self.index("site", options=["--full"])["revision"]
        self.until(served, 200, revision.encode())
        self.check_served(served, revision)

    def test_while_no_descriptor_is_free_the_index_stays(self):
        before = self.change()
        served = self.serve()
        self.until(served, 200, before.encode())
        process = served.process.pid
        used = set(map(int, os.listdir(f"/proc/{process}/fd")))
        soft, hard = resource.prlimit(process, resource.RLIMIT_NOFILE)
        self.publish(served, lambda: (self.damage(), resource.prlimit(
            process, resource.RLIMIT_NOFILE, (min(set(range(len(used) + 1)) - used), hard))))
        # A connection that closes meanwhile frees a descriptor for the folder, but not for a file in it.
        self.until_said(served, rb"index(: cannot open the index|/g2/\w+: cannot be read): [^\n]*; "
                                rb"the index before it is served")
        resource.prlimit(process, resource.RLIMIT_NOFILE, (soft, hard))
        self.until_said(served, rb"index/g2/position\.glass: damaged: [^\n]*; the index before it is served")
        self.check_served(served, before)

    def test_an_index_that_appears_is_served_at_once_and_its_damage_found(self):
        self.index_dir.rename(self.dir / "away")
        served = self.serve()
        self.assertIn(b"no index is available yet", self.until(served, 503).body)
        (self.dir / "away").rename(self.index_dir)
        self.until(served, 200)
        self.index_dir.rename(self.dir / "away")
        self.until(served, 503, b"no index is available yet")
        path = self.dir / "away/g1/position.glass"
        path.write_bytes(path.read_bytes()[:-8192])
        (self.dir / "away").rename(self.index_dir)
        self.until(served, 503, b"the index is damaged")

    def test_an_index_that_replaces_another_by_a_link_is_verified_before(self):
        """A symbolic link that is turned to another index; then the first one is removed."""
        before = self.change()
        link, other = self.dir / "current", self.dir / "other"
        link.symlink_to("index")
        shutil.copytree(self.index_dir, other)
        served = self.serve(index=link)
        self.until(served, 200, before.encode())
        self.site({"p0.md": post("Changed", "common changed again")})
        revision = self.index("site", index=other, options=["--full"])["revision"]
        path = other / "g2/position.glass"
        path.write_bytes(path.read_bytes()[:-8192])
        (self.dir / "new").symlink_to("other")
        (self.dir / "new").rename(link)
        self.until_said(served, rb"current/g2/position\.glass: damaged: [^\n]*; the index before it is served")
        self.check_served(served, before)
        revision = self.index("site", index=other, options=["--full"])["revision"]
        self.until(served, 200, revision.encode())
        shutil.rmtree(self.index_dir)
        self.check_served(served, revision)

    def test_the_verifier_and_the_reader_agree_where_the_database_is(self):
        """A directory that is a database itself, whatever its XAPIANDB says; its path may end with a slash."""
        shutil.copytree(self.index_dir / "g1", self.dir / "plain")
        shutil.copy(self.index_dir / "g1.sums", self.dir / "plain.sums")
        shutil.copytree(self.index_dir / "g1", self.dir / "plain/g9")
        self.write("plain/XAPIANDB", "auto g9\n")
        self.write("plain/g9/position.glass", "damaged, but nobody reads it")
        for index in (self.dir / "plain", f"{self.dir}/plain/", f"{self.dir}/plain/g9/.."):
            served = self.serve(index=index)
            self.until(served, 200)
            path = self.dir / "plain/position.glass"
            kept = path.read_bytes()
            self.assertEqual(self.search("--verify", index=index).errors, "")
            self.until_verified(served, self.dir / "plain")
            path.write_bytes(kept[:-8192])
            self.assertIn("position.glass: damaged", self.search("--verify", index=index, expect=3).errors)
            damaged = self.serve(index=index)
            self.until(damaged, 503, b"the index is damaged")
            self.assertRegex(damaged.errors(), rb"plain[^\n]*/position\.glass: damaged")
            path.write_bytes(kept)
            served.stop()
            self.assertNotRegex(served.errors(), rb"damaged|cannot be verified")
            damaged.stop()

    def test_a_database_in_a_single_file_is_served_and_named_once(self):
        single = self.dir / "single"
        subprocess.run(["xapian-compact", "--single-file", "--no-renumber", str(self.index_dir), str(single)], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        served = self.serve(index=single)
        self.until_said(served, rb"single: cannot be verified: a database in a single file has no checksums; it is served")
        self.until(served, 200)
        before = self.index("site")["revision"]
        self.check_served(served, before)
        self.assertEqual(served.errors().count(b"cannot be verified"), 1)
        self.assertIn("cannot be verified", self.search("--verify", index=single, expect=3).errors)
        single.unlink()
        self.until(served, 503)
        single.symlink_to("index")
        self.until(served, 200)

    def test_the_verifier_gives_way_to_queries(self):
        served = self.serve()
        threads = pathlib.Path(f"/proc/{served.process.pid}/task")
        own = os.getpriority(os.PRIO_PROCESS, 0)
        self.eventually(lambda: {int(path.read_text().rpartition(")")[2].split()[16])
                                 for path in threads.glob("*/stat")} == {own, max(own, 10)})

    def test_messages_do_not_obey_the_path_of_an_index(self):
        index = self.dir / "index\x1b]0;title\x07"
        self.index_dir.rename(index)
        (index / "g1.sums").unlink()
        served = self.serve(index=index)
        self.until_said(served, rb"cannot be verified")
        self.assertNotRegex(served.errors(), rb"[\x00-\x09\x0b-\x1f]")
        result = self.search("--verify", index=index, expect=3)
        self.assertNotRegex(result.err + result.out, rb"[\x00-\x09\x0b-\x1f]")

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
