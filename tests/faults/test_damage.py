# SPDX-License-Identifier: GPL-2.0-or-later
"""Damage. A damaged manifest, or one of another index, is ignored, and the run gives a correct index. A
database that cannot be read is reported and left unchanged, and --full rebuilds the index."""

import os
import random
import re
import shutil
import subprocess

import faulty
import harness
from harness import post

ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
RECORD_MIN = 36  # every record is at least this long (43 bytes to the next), so no byte of Xapian's is hit
BLOCK = 8192

class Manifest(faulty.Case):
    def setUp(self):
        super().setUp()
        self.site(faulty.small_site(0, 8))
        self.index("site")
        self.manifest = self.index_dir / "manifest"
        self.whole = self.manifest.read_bytes()
        self.keep("good")
        (self.dir / "site/p1.md").unlink()
        self.site(faulty.small_site(1, 8))
        self.index("site")
        self.after = self.state()

    def check(self, about):
        report = self.index("site")
        self.assertEqual(report["revision"], self.after["revision"], about)
        self.assertEqual(self.state(), self.after, about)
        self.check_no_leftovers()
        self.put_back("good")

    def damaged(self):
        rng = random.Random(4)
        count = len(self.whole)
        for at in sorted(rng.sample(range(count), 12)) + [0, count - 1]:
            content = bytearray(self.whole)
            content[at] ^= 1 << rng.randrange(8)
            yield f"byte {at}", bytes(content)
        for size in (0, 1, 20, count // 2, count - 1):
            yield f"{size} bytes", self.whole[:size]
        yield "more", self.whole + b"\0"
        yield "nothing", None
        yield "zeros", b"\0" * count
        yield "future", self.whole.replace(b"signpost manifest 1", b"signpost manifest 2")
        yield "of another run", self.whole.replace(b"revision ", b"revision 0")

    def test_a_damaged_manifest_is_ignored(self):
        for about, content in self.damaged():
            self.put_back("good")
            if content is None:
                self.manifest.unlink()
            else:
                self.manifest.write_bytes(content)
            self.check(about)

    def test_a_manifest_of_another_index_is_ignored(self):
        other = self.site({f"p{n}.md": post(f"Other {n}", "other") for n in range(8)}, name="other")
        self.index(other, index=self.dir / "second")
        self.put_back("good")
        shutil.copy(self.dir / "second/manifest", self.manifest)
        self.check("of another index")

    def test_a_folder_pipe_or_link_in_place_of_the_manifest_is_ignored(self):
        """The run works without a manifest, and so does the run after it."""
        for name, make in {"folder": lambda path: path.mkdir(), "fifo": os.mkfifo,
                           "link": lambda path: path.symlink_to("/dev/zero"),
                           "loop": lambda path: path.symlink_to("manifest")}.items():
            self.put_back("good")
            self.manifest.unlink()
            make(self.manifest)
            for _ in range(2):
                self.assertEqual(self.index("site")["revision"], self.after["revision"], name)
                self.assertEqual(self.state(), self.after, name)

    def test_a_run_killed_after_its_commit_leaves_a_manifest_that_is_used(self):
        """The next run uses manifest.new, so it does not read any file again. A dry run leaves manifest.new."""
        self.put_back("good")
        code, _, calls = self.interposed("site")
        self.assertEqual(code, 0)
        [last] = [n for n, (name, path) in enumerate(calls, 1) if (name, path) ==
                  ("rename", str(self.manifest))] or [None]
        if last is None:
            self.skipTest("calls cannot be interposed on this system")
        self.put_back("good")
        self.assertEqual(self.interposed("site", at=last, how="KILL")[0], faulty.KILLED)
        self.assertEqual(self.state(), self.after)
        new = (self.index_dir / "manifest.new").read_bytes()
        self.indexer("-q", "-o", "index", "--dry-run", "site")
        self.assertEqual((self.index_dir / "manifest.new").read_bytes(), new)
        (self.dir / "site/p4.md").unlink()
        report = self.index("site")
        self.assertEqual((report["posts"]["removed"], report["posts"]["updated"]), (1, 0))
        self.check_no_leftovers()


class Database(faulty.Case):
    def setUp(self):
        super().setUp()
        self.site({f"p{n}.md": post(f"Post {n}", f"common word0 [R](https://r.example/{n % 5}) " +
                                    " ".join(f"w{n * 30 + k}" for k in range(60))) for n in range(30)})
        self.index("site")
        self.before = self.state()
        self.keep("good")
        self.site({"p3.md": post("Post 3", "common word1 [R](https://r.example/1)")})

    def generation(self):
        [found] = [path for path in self.index_dir.iterdir() if path.name.startswith("g") and path.is_dir()]
        return found

    def check_run(self, about):
        """The run reports that the index is damaged and leaves it unchanged, or does not notice and succeeds."""
        files = harness.tree(self.index_dir)
        result = self.indexer("-q", "-o", self.index_dir, "site", expect=None)
        if result.code == 3:
            self.assertRegex(result.errors, r"\Aindexer: [^\n]*(damaged|Couldn't open)[^\n]*\n\Z", about)
            left = harness.tree(self.index_dir)
            for name in (str(self.index_dir / "XAPIANDB"), str(self.index_dir / "manifest")):
                self.assertEqual(left.get(name), files.get(name), about)
            self.assertFalse([name for name in left if "/run." in name], about)
        else:
            self.assertEqual(result.code, 0, f"{about} {result}")
        return result.code

    def check_rebuilt(self, about):
        self.index("site", options=["--full"])
        self.assertEqual(self.answer("--exact", "--kind", "post", "common")["total"], 30, about)
        self.assertEqual(self.answer("--exact", "--kind", "post", "word1")["total"], 1, about)
        self.check_no_leftovers()
        self.put_back("good")

    def test_missing_or_truncated_files_are_reported_and_rebuilt_by_full(self):
        codes = []
        for name in ("iamglass", "position.glass", "postlist.glass", "termlist.glass"):
            for size in (None, 0, 100, 8192):
                path = self.generation() / name
                content = path.read_bytes()
                if size is None:
                    path.unlink()
                elif size < len(content):
                    path.write_bytes(content[:size])
                else:
                    continue
                about = f"{name} {size}"
                code = self.check_run(about)
                codes.append((about, code))
                if code == 0:
                    self.assertEqual(self.answer("--exact", "--kind", "post", "word1")["total"], 1, about)
                self.check_rebuilt(about)
        noticed = [about for about, code in codes if code == 3]
        self.assertGreaterEqual(len(noticed), 8, codes)

    STUBS = (b"", b"auto /x\n", b"auto g0\n", b"remote h:1\n", b"\0\0\0\0", b"auto g99999999999999999999999\n")

    def test_an_invalid_stub_file_is_reported_and_rebuilt_by_full(self):
        stub = self.index_dir / "XAPIANDB"
        for content in self.STUBS:
            stub.write_bytes(content)
            files = harness.tree(self.index_dir)
            result = self.indexer("-q", "-o", self.index_dir, "site", expect=3)
            self.assertRegex(result.errors, r"\Aindexer: \S+: the index is damaged \([^\n]+\); --full rebuilds it\n\Z")
            self.assertEqual(harness.tree(self.index_dir), files)
            self.indexer("-q", "-o", self.index_dir, "--full", "--dry-run", "site")
            self.assertEqual(harness.tree(self.index_dir), files)
            self.check_rebuilt(content)

    def test_rebuilding_after_an_invalid_stub_file_keeps_the_generation_of_readers(self):
        """They may have it open, and it is there if the run fails. The new generation gets a number of its own."""
        self.index("site", options=["--full"])
        self.site({"p4.md": post("Post 4", "common word1")})
        (self.index_dir / "XAPIANDB").write_bytes(b"")
        before = harness.tree(self.index_dir / "g2")
        self.site({"bad.md": "---\ntitle: [\n---\n"})
        self.indexer("-q", "-o", self.index_dir, "--full", "--strict", "site", expect=1)
        (self.dir / "site/bad.md").unlink()
        self.assertEqual(harness.tree(self.index_dir / "g2"), before)
        self.index("site", options=["--full"])
        self.assertEqual(harness.tree(self.index_dir / "g2"), before)
        self.assertEqual((self.index_dir / "XAPIANDB").read_bytes(), b"auto g3\n")
        self.check_no_leftovers()

    def test_an_invalid_stub_file_in_a_directory_without_our_mark_is_left(self):
        for content in self.STUBS:
            for lock in (None, b"", b"other\n"):
                self.put_back("good")
                (self.index_dir / "XAPIANDB").write_bytes(content)
                (self.index_dir / "lock").unlink()
                if lock is not None:
                    (self.index_dir / "lock").write_bytes(lock)
                files = harness.tree(self.index_dir)
                for options in ((), ("--full",)):
                    result = self.indexer("-q", "-o", self.index_dir, *options, "site", expect=3)
                    self.assertIn("index that indexer made", result.errors)
                    self.assertEqual(harness.tree(self.index_dir), files)

    def test_a_missing_generation_is_reported_and_rebuilt_by_full(self):
        stub = self.index_dir / "XAPIANDB"
        stub.write_bytes(b"auto g7\n")
        self.assertEqual(self.check_run("generation 7"), 3)
        self.check_rebuilt("generation 7")

    def test_an_overwritten_database_is_reported_and_rebuilt_by_full(self):
        (self.generation() / "iamglass").write_bytes(b"no longer")
        self.assertEqual(self.check_run("iamglass"), 3)
        self.check_rebuilt("iamglass")

    def test_damaged_records_are_reported_and_rebuilt_by_full(self):
        """Only records are damaged, because libxapian 1.4 does not checksum its own blocks and crashes on
        some flipped bits."""
        path = self.generation() / "postlist.glass"
        content = path.read_bytes()
        records = [found.start() for found in re.finditer(re.escape(ZSTD_MAGIC), content)
                   if found.start() % BLOCK + RECORD_MIN < BLOCK]
        self.assertGreater(len(records), 30)
        rng, codes = random.Random(3), {}
        for number in range(12):
            damaged = bytearray(content)
            for _ in range((1, 30, 300)[number % 3]):
                damaged[rng.choice(records) + rng.randrange(RECORD_MIN)] ^= 1 << rng.randrange(8)
            path.write_bytes(damaged)
            self.search_damaged()
            code = self.check_run(f"records {number}")
            codes[code] = codes.get(code, 0) + 1
            self.put_back("good")
        self.assertGreater(codes.get(3, 0), 2, codes)
        path.write_bytes(damaged)
        self.check_rebuilt("records")

    def search_damaged(self):
        """A search of the damaged index gives a valid answer or an error."""
        done = subprocess.run([harness.SEARCH, "-i", self.index_dir, "--json", "common", "w3"],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60,
                              env=harness.environment(), check=False)
        if done.returncode in (0, 1):
            harness.answers.parse(done.stdout)
            return
        self.assertEqual(done.returncode, 2, done)
        self.assertEqual(done.stdout, b"")
        self.assertTrue(done.stderr.startswith(b"search: "), done.stderr)

    def test_a_dry_run_reports_a_damaged_index(self):
        (self.generation() / "iamglass").write_bytes(b"no longer")
        result = self.indexer("-q", "-o", self.index_dir, "--dry-run", "site", expect=3)
        self.assertIn("damaged", result.errors)


if __name__ == "__main__":
    harness.main()
