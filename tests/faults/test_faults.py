# SPDX-License-Identifier: GPL-2.0-or-later
"""Kills, interrupts and folders that cannot be written: readers see either the old index or the new one,
the next run succeeds, and no temporary files are left.

$SIGNPOST_LONG=1: two hundred kills instead of a few.
"""

import os
import pwd
import random
import re
import signal
import time
import unittest

import faulty
import harness
from harness import post

KILLS = 100 if harness.LONG else 5
INTERRUPTS = 20 if harness.LONG else 1
POSTS = 60
EDITED = 20


def guide(generation, count=POSTS, edited=POSTS):
    files = {}
    for number in range(count):
        changed = generation if number < edited else 0
        rng = random.Random(number + 1000 * changed)
        files[f"p{number}.md"] = post(f"Post {number}", f"word{changed} common " +
                                      " ".join(f"w{rng.randrange(50000)}" for _ in range(120)) +
                                      f" [R{number}](https://r.example/{changed}/{number})")
    return files


class Killed(faulty.Case):
    """A full run in which every post changes."""

    KIND, EDITED, OPTIONS = "full", POSTS, ("--full",)

    def setUp(self):
        super().setUp()
        self.site(guide(0))
        self.index("site")
        self.before = self.state("word1")
        self.keep("good")
        self.site(guide(1, edited=self.EDITED))
        lengths = []
        for _ in range(3 if harness.LONG else 1):
            self.put_back("good")
            began = time.monotonic()
            self.assertEqual(self.start("-o", "index", *self.OPTIONS, "site").wait(), 0)
            lengths.append(time.monotonic() - began)
        self.length = sorted(lengths)[len(lengths) // 2]
        self.after = self.state("word1")
        self.assertNotEqual(self.before, self.after)
        self.put_back("good")

    def instant(self, rng, number):
        """A random time in the run; for odd numbers in the last quarter of the run."""
        return self.length * rng.uniform(0.75 * (number % 2), 1)

    def sent(self, number, delay):
        """Sends a signal to a run after the delay; returns the run's exit code and standard error."""
        process = self.start("-o", "index", "--jobs", 2, *self.OPTIONS, "site")
        time.sleep(delay)
        process.send_signal(number)
        code = process.wait(timeout=60)
        self.length *= 0.94 if code == 0 else 1.02  # follows changes in how busy the machine is
        return code, process.stderr.read().decode()

    def check_next_run(self, about):
        self.assertEqual(self.index("site")["revision"], self.after["revision"], about)
        self.assertEqual(self.state("word1"), self.after, about)
        self.check_no_leftovers()
        self.put_back("good")

    def test_a_run_killed_at_any_instant_leaves_the_old_or_the_new_index(self):
        rng, inside, published = random.Random(5), 0, 0
        for number in range(3 * KILLS):
            if number >= KILLS and inside > KILLS // 4:
                break  # further kills only if most runs ended before they were killed
            delay = self.instant(rng, number)
            code, _ = self.sent(signal.SIGKILL, delay)
            about = f"kill {number} after {delay:.3f} of {self.length:.3f} s"
            self.assertIn(code, (0, -signal.SIGKILL), about)
            state = self.state("word1")
            self.assertIn(state, (self.before, self.after) if code else (self.after,), about)
            inside += code != 0
            published += state == self.after
            self.check_next_run(about)
        self.assertGreater(inside, KILLS // 4)
        harness.row(f"kill -9 of {self.KIND} runs", f"{number} of {number} indexes whole, next run clean "
                    f"({inside} killed before their end, {published} after the new index was published)")

    def test_a_run_interrupted_at_any_instant_leaves_the_old_index(self):
        rng, codes = random.Random(6), {}
        for number in range(2 * INTERRUPTS):
            name = (signal.SIGINT, signal.SIGTERM)[number % 2]
            delay = self.instant(rng, number // 2)
            code, errors = self.sent(name, delay)
            about = f"{name} after {delay:.3f} of {self.length:.3f} s: {errors}"
            self.assertIn(code, (0, 3, -name), about)
            self.assertEqual(self.state("word1"), self.after if code == 0 else self.before, about)
            if code == 3:
                self.assertEqual(errors, "indexer: interrupted\n")
            if code >= 0:
                self.check_no_leftovers()
            codes[code] = codes.get(code, 0) + 1
            self.check_next_run(about)
        print(f"{2 * INTERRUPTS} interrupts: exit codes {codes}", flush=True)


class KilledInPlace(Killed):
    """An incremental run in which some posts change."""

    KIND, EDITED, OPTIONS = "incremental", EDITED, ()


class KilledWhileWatching(faulty.Case):
    def hits(self):
        return self.answer("-n", "100", "--kind", "post", "common")["hits"]

    def change_at_once(self, process, number):
        """Writes the posts while the indexer, which waits for changes, is stopped: no run sees a part of them."""
        while not re.search(b"watching for changes|looking for changes", line := process.stderr.readline()):
            self.assertNotEqual(line, b"", "the indexer ended")
        process.send_signal(signal.SIGSTOP)
        os.waitpid(process.pid, os.WUNTRACED)
        self.site(guide(number, edited=EDITED))
        process.send_signal(signal.SIGCONT)

    def test_a_watching_indexer_killed_at_any_instant_leaves_the_old_or_the_new_index(self):
        rng, changed = random.Random(7), 0
        self.site(guide(0))
        self.index("site")
        before = self.hits()
        for number in range(1, KILLS + 1):
            process = self.start("-v", "--watch", "-o", "index", "site")
            self.change_at_once(process, number)
            time.sleep(rng.uniform(0, 1.2))
            process.kill()
            process.wait()
            found = self.hits()
            self.index("site")
            after = self.hits()
            self.assertNotEqual(before, after)
            self.assertIn(found, (before, after), f"kill {number}")
            self.check_no_leftovers()
            changed += found == after
            before = after
        harness.row("kill -9 of watching indexers", f"{KILLS} of {KILLS} indexes whole, next run clean "
                    f"({changed} killed after the new index was published)")


class FirstIndex(faulty.Case):
    def test_a_first_run_that_is_killed_does_not_disturb_the_next(self):
        self.site(guide(0))
        began = time.monotonic()
        revision = self.index("site")["revision"]
        length = time.monotonic() - began
        for part in (0.2, 0.5, 0.8):
            process = self.start("-o", "fresh", "site")
            time.sleep(length * part)
            process.kill()
            process.wait()
            if not (self.dir / "fresh/XAPIANDB").exists():
                self.search("common", index="fresh", expect=2)
            self.assertEqual(self.index("site", index="fresh")["revision"], revision)
            harness.shutil.rmtree(self.dir / "fresh")


class ReadOnly(faulty.Case):
    def as_nobody(self):
        if os.getuid() != 0:
            return {}
        try:
            nobody = pwd.getpwnam("nobody")
        except KeyError:
            self.skipTest("there is no user nobody")
        user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        try:
            harness.run([harness.INDEXER, "--version"], **user)
        except PermissionError:
            self.skipTest("the user nobody cannot run the programs")
        return user

    @unittest.skipIf(harness.COVERAGE, "a user who cannot write the counts gets messages about them")
    def test_a_read_only_index_is_searchable_and_left_unchanged(self):
        user = self.as_nobody()
        self.dir.chmod(0o755)
        self.site(guide(0, 5))
        self.index("site")
        before, files = self.state(), harness.tree(self.index_dir)
        for edited in (5, 0):
            self.site(guide(1, 5, edited))
            self.index_dir.chmod(0o555)
            self.addCleanup(self.index_dir.chmod, 0o755)
            for options in ((), ("--full",)):
                result = self.indexer("-q", "-o", "index", *options, "site", expect=3, **user)
                self.assertTrue(result.errors.startswith("indexer: "), result.errors)
                self.assertEqual(result.errors.count("\n"), 1)
            self.indexer("-q", "-o", "index", "--dry-run", "site", **user)
            self.assertEqual(harness.tree(self.index_dir), files)
            self.assertEqual(self.state(), before)
        readable = self.search("--json", "common", **user)
        harness.answers.check(readable.out)

    def test_a_read_only_database_fails_the_run_cleanly(self):
        user = self.as_nobody()
        if not user:
            self.skipTest("only root can change the owner of a folder")
        self.site(guide(0, 5))
        self.index("site")
        before = self.state()
        os.chmod(self.dir, 0o755)
        for path in (self.index_dir, self.index_dir / "lock", self.index_dir / "manifest"):
            os.chown(path, user["user"], user["group"])
        self.site(guide(1, 5))
        result = self.indexer("-q", "-o", "index", "site", expect=3, **user)
        self.assertIn("ermission denied", result.errors)
        self.assertEqual(self.state(), before)
        self.check_no_leftovers()

    def test_a_folder_that_cannot_be_created_fails_the_run(self):
        user = self.as_nobody()
        self.dir.chmod(0o755)
        self.site(guide(0, 5))
        self.dir.chmod(0o555)
        self.addCleanup(self.dir.chmod, 0o755)
        self.indexer("-q", "-o", "new/index", "site", expect=3, **user)
        self.assertFalse((self.dir / "new").exists())


if __name__ == "__main__":
    harness.main()
