# SPDX-License-Identifier: GPL-2.0-or-later
"""indexer: what a run may overwrite and remove, and that only one run at a time changes an index."""

import contextlib
import fcntl
import os
import shutil
import signal
import struct
import subprocess
import time

import harness
from harness import post

GUIDE = {
    "one.md": post("First guide", "Words about residencies. [AI Grant](https://aigrant.org/) helps."),
    "two.md": post("Second guide", "Words about research. Also [the grant](http://aigrant.org)."),
    "deep/three.md": post("Third guide", "Words about bootcamps."),
}


class Ownership(harness.Case):
    """A run removes and overwrites only what indexer has made."""

    OTHERS = {"run.sh": "echo\n", "run.d/job": "job\n", "run.abcdefgh/file": "x", "g7/iamglass": "x",
              "g9.sums": "x", ".git/config": "x", "notes.txt": "x"}

    def test_a_directory_that_holds_other_things_is_refused_and_left(self):
        site = self.site(GUIDE)
        for name, content in {**self.OTHERS, "manifest": "x", "lock": "x", "XAPIANDB": "x"}.items():
            shutil.rmtree(self.index_dir, ignore_errors=True)
            self.write(f"index/{name}", content)
            before = harness.tree(self.index_dir)
            for options in ((), ("--full",)):
                result = self.indexer("-o", "index", *options, site, expect=None)
                self.assertIn(result.code, (2, 3), name)
                self.assertRegex(result.errors, r"\Aindexer: [^\n]*index: not an index[^\n]*\n\Z")
                self.assertEqual(harness.tree(self.index_dir), before)

    def test_other_things_in_an_index_directory_are_left(self):
        site = self.site(GUIDE)
        self.index(site)
        for name, content in self.OTHERS.items():
            self.write(f"index/{name}", content)
        shutil.copytree(self.index_dir / "g1", self.index_dir / "g8")
        (self.dir / "elsewhere").mkdir()
        (self.index_dir / "g3").symlink_to(self.dir / "elsewhere")
        copied = harness.tree(self.index_dir / "g8")
        for number in range(9):
            self.write("site/one.md", post("First guide", f"Changed {number}."))
            self.index(site, options=["--full"] if number > 1 else [])
        for name, content in self.OTHERS.items():
            self.assertEqual((self.index_dir / name).read_text(encoding="utf-8"), content)
        self.assertEqual(harness.tree(self.index_dir / "g8"), copied)
        self.assertTrue((self.index_dir / "g3").is_symlink())
        self.assertEqual(os.listdir(self.dir / "elsewhere"), [])
        self.indexer("--verify", "-o", "index")

    def test_a_generation_of_an_earlier_version_is_removed(self):
        """Version 0.1 wrote no sums files."""
        site = self.site(GUIDE)
        self.index(site)
        self.index(site, options=["--full"])
        for path in self.index_dir.glob("*.sums"):
            path.unlink()
        self.index(site, options=["--full"])
        self.assertEqual(sorted(path.name for path in self.index_dir.glob("g*")),
                         ["g2", "g3", "g3.sums"])
        self.index(site, options=["--full"])
        self.assertEqual(sorted(path.name for path in self.index_dir.glob("g*")),
                         ["g3", "g3.sums", "g4", "g4.sums"])

    def test_a_generation_that_is_a_link_is_refused(self):
        site = self.site(GUIDE)
        self.index(site)
        (self.index_dir / "g1").rename(self.dir / "elsewhere")
        (self.index_dir / "g1").symlink_to(self.dir / "elsewhere")
        before = harness.tree(self.dir / "elsewhere")
        for options in ((), ("--full",)):
            self.indexer("-o", "index", *options, site, expect=3)
        self.assertEqual(harness.tree(self.dir / "elsewhere"), before)


class Lock(harness.Case):
    def hold(self, path):
        """Starts a process that takes the lock as a run does, and returns the process."""
        script = ("import fcntl,sys,time\nf=open(sys.argv[1],'r+')\nfcntl.lockf(f,fcntl.LOCK_EX)\n"
                  "print('held',flush=True)\ntime.sleep(600)\n")
        held = subprocess.Popen(["python3", "-c", script, path], stdout=subprocess.PIPE)
        self.addCleanup(held.stdout.close)
        self.addCleanup(held.wait)
        self.addCleanup(held.kill)
        self.assertEqual(held.stdout.readline(), b"held\n")
        return held

    def test_a_second_run_ends_at_once_and_names_the_first(self):
        site = self.site(GUIDE)
        self.index(site)
        held = self.hold(self.index_dir / "lock")
        self.write("site/one.md", post("First guide", "Changed."))
        before = harness.tree(self.index_dir)
        began = time.monotonic()
        result = self.indexer("-o", "index", site, expect=3)
        self.assertLess(time.monotonic() - began, 30)
        self.assertIn(str(held.pid), result.errors)
        self.assertIn("lock", result.errors)
        self.assertEqual(harness.tree(self.index_dir), before)
        self.assertEqual(self.answer("words", "kind:post")["total"], 3)
        held.kill()
        held.wait()
        self.assertEqual(self.index(site)["posts"]["updated"], 1)

    def test_a_lock_file_that_nobody_holds_does_not_block(self):
        site = self.site(GUIDE)
        self.index(site)
        for content in ("", "12345\n"):
            self.write("index/lock", content)
            self.assertEqual(self.index(site)["posts"]["unchanged"], 3)
            self.assertEqual((self.index_dir / "lock").read_text(encoding="utf-8"), "signpost index\n")

    def test_only_the_owner_can_open_the_lock_files(self):
        """Anyone who can open a file for reading can lock it, and so stop all runs."""
        old = os.umask(0)
        try:
            site = self.site(GUIDE)
            self.index(site)
            lock = self.index_dir / "lock"
            locks = [lock, *self.index_dir.glob("g*/flintlock")]  # the second is libxapian's
            self.assertEqual([path.stat().st_mode & 0o777 for path in locks], [0o600] * 2)
            for path in locks:
                path.chmod(0o666)  # as an earlier version made it
            self.write("site/one.md", post("First guide", "Changed."))
            self.assertEqual(self.index(site)["posts"]["updated"], 1)
            self.assertEqual([path.stat().st_mode & 0o777 for path in locks], [0o600] * 2)
        finally:
            os.umask(old)

    def test_who_has_opened_the_lock_files_of_an_earlier_version_stops_no_run(self):
        """The user can lock what is open, whatever mode the file has later, but not the file that runs use now."""
        for held in (True, False):
            with self.subTest(held=held):
                self.run_while_others_lock(held)

    def run_while_others_lock(self, held):
        """held: the locks are held from the beginning on."""
        shutil.rmtree(self.index_dir, ignore_errors=True)
        site = self.site(GUIDE)
        self.index(site)
        with contextlib.ExitStack() as stack:
            opened = []
            for path in (self.index_dir / "lock", self.index_dir / "g1/flintlock"):
                path.chmod(0o644)
                opened.append(os.open(path, os.O_RDONLY))
                stack.callback(os.close, opened[-1])
            for file in opened if held else opened[1:]:
                fcntl.lockf(file, fcntl.LOCK_SH)
            for number, options in enumerate(((), (), ("--full",), ())):
                self.write("site/one.md", post("First guide", f"Changed {number}."))
                self.assertEqual(self.index(site, options=options)["posts"]["updated"], 1)
                fcntl.lockf(opened[0], fcntl.LOCK_SH)
        self.assertEqual((self.index_dir / "lock").read_text(encoding="utf-8"), "signpost index\n")
        self.assertEqual([path.name for path in self.index_dir.rglob("*lock*")].count("lock"), 1)

    def test_a_folder_in_the_way_of_the_new_index_is_named_with_the_reason(self):
        site = self.site(GUIDE)
        self.index(site)
        (self.index_dir / "XAPIANDB.new").mkdir()
        said = self.indexer("-q", "-o", "index", "--full", site, expect=3).errors
        self.assertIn("cannot write XAPIANDB.new: Is a directory", said)

    def test_dates_without_a_zone_are_in_the_time_zone_of_the_site_unless_yaml_reads_them(self):
        """Psych reads dates with hyphens as UTC; Jekyll parses others."""
        day = "permalink: /{}/\ndate: {} 20:00:00"
        files = {f"{name}.md": f"---\ntitle: Guide\n{day.format(name, date)}\n---\n\nText.\n"
                 for name, date in (("yaml", "2018-04-10"), ("slashes", "2018/04/10"), ("short", "18-04-10"))}
        self.index(self.site(files, config="timezone: Asia/Tokyo\n"))
        self.assertEqual({hit["url"]: hit["date"] for hit in self.answer("guide")["hits"]},
                         {"/yaml/": "2018-04-11", "/slashes/": "2018-04-10", "/short/": "2018-04-10"})

    def test_other_users_cannot_open_the_lock_of_an_index_that_is_being_made(self):
        """While the run has its folder, no user but its owner can enter it; what it publishes, all can read."""
        old = os.umask(0o022)
        try:
            site = self.site({f"{n}.md": post(f"Post {n}", f"words {n} of it " * 300) for n in range(300)})
            run = subprocess.Popen([harness.INDEXER, "-q", "-o", "index", "--jobs", "1", str(site)],
                                   cwd=self.dir, env=harness.environment())
            self.addCleanup(run.wait)
            self.addCleanup(run.kill)
            while not list(self.index_dir.glob("run.*")):
                self.assertIsNone(run.poll(), "the run ended")
            run.send_signal(signal.SIGSTOP)
            os.waitpid(run.pid, os.WUNTRACED)
            self.assertEqual([path.stat().st_mode & 0o777 for path in self.index_dir.glob("run.*")], [0o700])
            run.send_signal(signal.SIGCONT)
            self.assertEqual(run.wait(), 0)
            [generation] = [path for path in self.index_dir.glob("g*") if path.is_dir()]
            self.assertEqual(generation.stat().st_mode & 0o777, 0o755)
            self.assertEqual({path.stat().st_mode & 0o777 for path in generation.glob("*.glass")}, {0o644})
            judgments = self.write("judgments.tsv", "copy\t/0/\t3\n")  # such a run changes a copy
            self.write("site/0.md", post("Post 0", "A copy of the index is changed."))
            self.index("site", options=("--judgments", judgments, "--require", "nDCG@10>=0.1"))
            [copy] = [path for path in self.index_dir.glob("g*") if path.is_dir() and path != generation]
            self.assertEqual({path.stat().st_mode & 0o777 for path in copy.glob("*.glass")}, {0o644})
        finally:
            os.umask(old)

    def test_a_reader_who_locks_the_directory_and_its_files_stops_no_run(self):
        site = self.site(GUIDE)
        self.index(site)
        with contextlib.ExitStack() as stack:
            for path in (self.index_dir, *self.index_dir.rglob("*")):
                if path.name != "lock" and path.name != "flintlock":
                    file = os.open(path, os.O_RDONLY)
                    stack.callback(os.close, file)
                    fcntl.flock(file, fcntl.LOCK_EX)
                    if path.is_file():
                        fcntl.lockf(file, fcntl.LOCK_SH)
            self.write("site/one.md", post("First guide", "Changed."))
            self.assertEqual(self.index(site)["posts"]["updated"], 1)
            self.index(site, options=["--full"])
    def test_a_run_holds_the_lock_while_it_works(self):
        """The first run is paused while it works. F_GETLK names the first run, and a second run ends."""
        site = self.site({f"{n}.md": post(f"Post {n}", "words " * 3000) for n in range(400)})
        first = subprocess.Popen([harness.INDEXER, "-q", "-o", "index", "--jobs", "1", str(site)],
                                 cwd=self.dir, env=harness.environment())
        self.addCleanup(first.wait)
        self.addCleanup(first.kill)
        self.wait_for_lock(first)
        os.kill(first.pid, signal.SIGSTOP)
        if not self.owner():
            self.skipTest("the run ended before it could be stopped")
        result = self.indexer("-o", "index", site, expect=3)
        self.assertIn(str(first.pid), result.errors)
        os.kill(first.pid, signal.SIGCONT)
        self.assertEqual(first.wait(timeout=120), 0)

    def owner(self):
        lock = self.index_dir / "lock"
        if not lock.exists():
            return 0
        with open(lock, "r+b") as file:
            asked = struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0)
            kind, _, _, _, pid = struct.unpack("hhqqi4x", fcntl.fcntl(file, fcntl.F_GETLK, asked))
        return 0 if kind == fcntl.F_UNLCK else pid

    def wait_for_lock(self, process):
        for _ in range(2000):
            if self.owner() or process.poll() is not None:
                return
            time.sleep(0.002)


if __name__ == "__main__":
    harness.main()
