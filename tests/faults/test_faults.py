"""Kills, interrupts, full disks and folders that cannot be written: readers see the index before a
run or after it, the next run is clean, and nothing is left lying about."""

import os
import pwd
import random
import re
import signal
import subprocess
import time

import harness
from harness import post

KILLS = 30
POSTS = 300


def guide(generation, count=POSTS):
    rng = random.Random(generation)
    return {f"p{n}.md": post(f"Post {n}", f"word{generation} common " +
                             " ".join(f"w{rng.randrange(50000)}" for _ in range(120)) +
                             f" [R{n}](https://r.example/{generation}/{n})") for n in range(count)}


class Faults(harness.Case):
    def start(self, *args, **kwargs):
        process = subprocess.Popen([harness.INDEXER, "-q", *map(str, args)], cwd=self.dir,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   stdin=subprocess.DEVNULL, env=harness.environment(), **kwargs)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def seen(self, index=None):
        """What a reader sees: (revision, posts with word0, posts with word1)."""
        counts, revisions = [], set()
        for word in ("word0", "word1"):
            answer = self.answer("--kind", "post", "-n", 0, word, index=index)
            counts.append(answer["total"])
            revisions.add(answer["revision"])
        self.assertEqual(len(revisions), 1)
        return (revisions.pop(), *counts)

    def check_no_leftovers(self):
        names = set(os.listdir(self.index_dir))
        generations = {name for name in names if re.fullmatch(r"g\d+", name)}
        self.assertEqual(names - generations, {"XAPIANDB", "lock"})
        self.assertLessEqual(len(generations), 2)


class Killed(Faults):
    def setUp(self):
        super().setUp()
        self.site(guide(0))
        began = time.monotonic()
        first = self.index("site", options=["--jobs", 2])["revision"]
        self.length = time.monotonic() - began
        self.before = (first, POSTS, 0)
        self.site(guide(1))
        report = self.index("site", options=["--dry-run"])
        self.after = (report["revision"], 0, POSTS)

    def restore(self):
        self.site(guide(0))
        self.assertEqual(self.index("site")["revision"], self.before[0])
        self.site(guide(1))

    def test_killed_at_any_instant(self):
        rng = random.Random(5)
        states = {"before": 0, "after": 0}
        for number in range(KILLS):
            process = self.start("-o", "index", "--jobs", 2, "site")
            time.sleep(rng.uniform(0, self.length * 1.1))
            process.send_signal(signal.SIGKILL)
            process.wait()
            seen = self.seen()
            self.assertIn(seen, (self.before, self.after), f"kill {number}")
            states["before" if seen == self.before else "after"] += 1
            if seen == self.after:
                self.restore()
        self.assertGreater(states["before"], KILLS // 4, states)
        self.assertEqual(self.index("site")["revision"], self.after[0])
        self.assertEqual(self.seen(), self.after)
        self.check_no_leftovers()

    def test_killed_before_the_first_index(self):
        process = self.start("-o", "fresh", "site")
        time.sleep(self.length / 3)
        process.kill()
        process.wait()
        if not (self.dir / "fresh/XAPIANDB").exists():
            self.search("common", index="fresh", expect=2)
        self.assertEqual(self.index("site", index="fresh")["revision"], self.after[0])

    def interrupt(self, number):
        for part in (0.2, 0.4, 0.6):
            process = self.start("-o", "index", "--jobs", 1, "site")
            time.sleep(self.length * part)
            process.send_signal(number)
            began = time.monotonic()
            code = process.wait(timeout=60)
            self.assertLess(time.monotonic() - began, 30)
            if code == 0:
                self.restore()
                continue
            err = process.stderr.read()
            self.assertIn(code, (3, -number), err)
            self.assertEqual(self.seen(), self.before)
            if code == 3:
                self.assertIn(b"interrupted", err)
                self.check_no_leftovers()
                self.interrupted = True
        self.assertEqual(self.index("site")["revision"], self.after[0])
        self.check_no_leftovers()

    def test_interrupted(self):
        self.interrupted = False
        self.interrupt(signal.SIGINT)
        if not self.interrupted:
            self.skipTest("every run was too fast to be interrupted")

    def test_terminated(self):
        self.interrupt(signal.SIGTERM)


class Disk(Faults):
    # libxapian 1.4 loses memory where its merging of databases ends in an exception.
    LEAKY = {"ASAN_OPTIONS": harness.SANITIZERS["ASAN_OPTIONS"] + ":detect_leaks=0"}

    def mount(self, size):
        where = self.dir / "disk"
        where.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", where],
                              stderr=subprocess.PIPE, check=False)
        if done.returncode != 0:
            self.skipTest(f"cannot mount: {done.stderr.decode().strip()}")
        self.addCleanup(subprocess.run, ["umount", "-l", where], check=False)
        return where

    def test_full_disk(self):
        if os.getuid() != 0:
            self.skipTest("only root mounts")
        self.site(guide(0, 20))
        self.index_dir = self.mount("6m") / "index"
        self.index("site")
        before, files = self.seen(), harness.tree(self.index_dir)
        self.site(guide(1, 1500))
        for _ in range(2):
            result = self.indexer("-q", "-o", self.index_dir, "site", expect=3, env=self.LEAKY)
            self.assertIn("No space left", result.errors)
            self.assertEqual(self.seen(), before)
            self.assertEqual(harness.tree(self.index_dir), files)
        self.site(guide(1, 20))
        for number in range(20, 1500):
            (self.dir / f"site/p{number}.md").unlink()
        self.index("site")
        self.assertEqual(self.seen()[1:], (0, 20))
        self.check_no_leftovers()

    def test_full_at_every_size(self):
        """The disk is full a little later each time, up to where it is large enough."""
        if os.getuid() != 0:
            self.skipTest("only root mounts")
        self.site(guide(0, 5))
        where = self.mount("64m")
        self.index_dir = where / "index"
        self.index("site")
        before = self.seen()
        self.site(guide(1, 100))
        codes = []
        for free in range(0, 8_000_000, 200_000):
            subprocess.run(["mount", "-o", "remount,size=64m", where], check=True)
            space = os.statvfs(where)
            ballast = where / "ballast"
            ballast.write_bytes(b"\0" * max(0, space.f_bavail * space.f_frsize - free))
            result = self.indexer("-q", "-o", self.index_dir, "site", expect=None, env=self.LEAKY)
            codes.append(result.code)
            ballast.unlink()
            if result.code == 0:
                break
            self.assertEqual(result.code, 3, str(result))
            self.assertEqual(self.seen(), before)
        self.assertEqual(codes[-1], 0, codes)
        self.assertGreater(len(codes), 3)
        self.assertEqual(self.seen()[1:], (0, 100))

    def test_report_on_a_full_disk(self):
        self.site(guide(0, 3))
        result = self.indexer("-q", "-o", "index", "--report", "/dev/full", "site", expect=3)
        self.assertIn("/dev/full", result.errors)


class ReadOnly(Faults):
    def as_nobody(self):
        if os.getuid() != 0:
            return {}
        try:
            nobody = pwd.getpwnam("nobody")
        except KeyError:
            self.skipTest("no user nobody")
        user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        try:
            harness.run([harness.INDEXER, "--version"], **user)
        except PermissionError:
            self.skipTest("nobody cannot run the programs where they are")
        return user

    def test_directory_that_cannot_be_written(self):
        user = self.as_nobody()
        self.dir.chmod(0o755)
        self.site(guide(0, 5))
        self.index("site")
        before, files = self.seen(), harness.tree(self.index_dir)
        self.site(guide(1, 5))
        self.index_dir.chmod(0o555)
        self.addCleanup(self.index_dir.chmod, 0o755)
        result = self.indexer("-q", "-o", "index", "site", expect=3, **user)
        self.assertTrue(result.errors.startswith("indexer: "), result.errors)
        self.assertEqual(result.errors.count("\n"), 1)
        self.assertEqual(harness.tree(self.index_dir), files)
        self.assertEqual(self.seen(), before)
        readable = self.search("--json", "common", **user)
        harness.answers.check(readable.out)

    def test_no_place_for_a_new_index(self):
        user = self.as_nobody()
        self.dir.chmod(0o555)
        self.addCleanup(self.dir.chmod, 0o755)
        self.dir.chmod(0o755)
        self.site(guide(0, 5))
        self.dir.chmod(0o555)
        self.indexer("-q", "-o", "new/index", "site", expect=3, **user)
        self.assertFalse((self.dir / "new").exists())


class Damaged(Faults):
    def files(self):
        [generation] = [path for path in self.index_dir.iterdir() if path.name.startswith("g")]
        return generation

    def test_damaged_records(self):
        """Records are ours to check. (Of its own blocks libxapian 1.4 has no checksums, and crashes on
        some flipped bits; that is not tested here.)"""
        self.site(guide(0, 30))
        self.index("site")
        path = self.files() / "docdata.glass"
        content = path.read_bytes()
        rng, said = random.Random(3), 0
        for _ in range(60):
            damaged = bytearray(content)
            for _ in range(rng.choice((1, 30, 300))):
                damaged[rng.randrange(8192, len(damaged))] ^= 1 << rng.randrange(8)
            path.write_bytes(damaged)
            said += self.look()
        self.assertGreater(said, 20)
        path.write_bytes(content)
        self.assertEqual(self.seen()[1:], (30, 0))

    def test_missing_and_empty_files(self):
        self.site(guide(0, 30))
        self.index("site")
        said = 0
        for name in ("docdata.glass", "iamglass", "position.glass", "postlist.glass", "termlist.glass"):
            path = self.files() / name
            content = path.read_bytes()
            path.unlink()
            said += self.look()
            path.write_bytes(b"")
            said += self.look()
            path.write_bytes(content)
        self.assertGreaterEqual(said, 6)
        self.index("site", options=["--full"])
        self.assertEqual(self.seen()[1:], (30, 0))

    def look(self):
        done = subprocess.run([harness.SEARCH, "-i", self.index_dir, "--json", "common", "w3"],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60,
                              env=harness.environment(), check=False)
        if done.returncode in (0, 1):
            harness.answers.parse(done.stdout)
            return 0
        self.assertEqual(done.returncode, 2, done)
        self.assertEqual(done.stdout, b"")
        self.assertTrue(done.stderr.startswith(b"search: "), done.stderr)
        return 1

    def test_next_run_after_damage(self):
        self.site(guide(0, 30))
        self.index("site")
        (self.files() / "iamglass").write_bytes(b"no longer")
        result = self.indexer("-q", "-o", "index", "site", expect=None)
        self.assertIn(result.code, (0, 3), str(result))
        self.index("site", options=["--full"])
        self.assertEqual(self.seen()[1:], (30, 0))


if __name__ == "__main__":
    harness.main()
