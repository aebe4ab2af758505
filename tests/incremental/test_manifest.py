# SPDX-License-Identifier: GPL-2.0-or-later
"""The manifest: a run reads only files that may have changed, and notices every changed file, even if
the times of the file are misleading."""

import os
import time

import faulty
import harness
from harness import post

OLD = 1_500_000_000
SIZE = 400


def text(word):
    """All texts have the same size, so that only times and content differ."""
    return post("Post", f"common {word} ".ljust(SIZE, "x"))


class Manifest(faulty.Case):
    def setUp(self):
        super().setUp()
        self.site({f"p{n}.md": text(f"start{n}") for n in range(5)})
        for path in (self.dir / "site").iterdir():
            os.utime(path, (OLD, OLD))
        self.settle()

    def forge(self, change=None, later=0):
        """Rewrites the manifest as if the run had seen p0.md as change(fields) leaves it, or as if the run
        had begun `later` seconds later."""
        path = self.index_dir / "manifest"
        entries = path.read_bytes().split(b"\0")[:-2]
        for at, entry in enumerate(entries):
            fields = entry.split(b" ")
            if fields[0] == b"run":
                fields[1] = b"%d" % (int(fields[1]) + later * 10**9)
            if entry.endswith(b" p0.md") and change:
                change(fields)
            entries[at] = b" ".join(fields)
        body = b"\0".join(entries) + b"\0"
        path.write_bytes(body + b"check %016x\0" % xxh64(body))

    def settle(self):
        """Makes a run that seems to have begun well after the last change, so that file times are trusted."""
        self.index("site")
        self.forge(later=3)

    def found(self, word):
        return self.answer("--exact", "--kind", "post", "-n", "0", word)["total"]

    def check_noticed(self, word, updated=1):
        report = self.index("site")
        self.assertEqual(report["posts"]["updated"], updated, word)
        self.assertEqual(self.found(word), 1, word)
        fresh = self.index("site", index=self.dir / f"fresh-{word}")
        self.assertEqual(report["revision"], fresh["revision"])

    def test_unchanged_files_are_not_read(self):
        report = self.index("site")
        self.assertEqual((report["files"], report["bytes"]), (0, 0))
        self.assertEqual(report["posts"]["unchanged"], 5)
        self.write("site/p2.md", text("other2"))
        report = self.index("site")
        self.assertEqual(report["files"], 1)
        self.assertEqual(report["posts"]["updated"], 1)

    def test_a_touched_file_is_read_and_updates_nothing(self):
        os.utime(self.dir / "site/p1.md")
        revision = self.revision()
        report = self.index("site")
        self.assertEqual((report["files"], report["posts"]["updated"]), (1, 0))
        self.assertEqual(report["revision"], revision)

    def test_a_change_with_its_time_set_back_is_noticed(self):
        path = self.write("site/p0.md", text("other0"))
        os.utime(path, (OLD, OLD))
        self.check_noticed("other0")

    def test_changes_with_times_in_the_future_are_noticed(self):
        path = self.write("site/p0.md", text("other0"))
        os.utime(path, (2**32, 2**32))
        self.check_noticed("other0")
        path.write_text(text("again0"), encoding="utf-8")
        os.utime(path, (2**32, 2**32))
        self.check_noticed("again0")

    def test_an_older_file_moved_into_place_is_noticed(self):
        old = self.write("old.md", text("older0"))
        os.utime(old, (OLD - 1000, OLD - 1000))
        old.replace(self.dir / "site/p0.md")
        self.check_noticed("older0")

    def test_two_swapped_files_are_noticed(self):
        """Both files have the same size and time, and only their names have changed."""
        site = self.dir / "site"
        (site / "p0.md").rename(self.dir / "x")
        (site / "p1.md").rename(site / "p0.md")
        (self.dir / "x").rename(site / "p1.md")
        self.check_noticed("start0", updated=2)
        self.assertEqual(self.urls("--exact", "start0"), ["/p1/"])

    def test_a_change_through_a_hard_link_is_noticed(self):
        os.link(self.dir / "site/p0.md", self.dir / "name")
        self.settle()
        with open(self.dir / "name", "r+", encoding="utf-8") as file:
            file.write(text("other0"))
        os.utime(self.dir / "name", (OLD, OLD))
        self.check_noticed("other0")

    def test_a_symbolic_link_to_another_file_is_noticed(self):
        (self.dir / "site/p0.md").rename(self.dir / "site/target.txt")
        self.write("site/second.txt", text("second0"))
        os.utime(self.dir / "site/second.txt", (OLD, OLD))
        (self.dir / "site/p0.md").symlink_to("target.txt")
        self.settle()
        (self.dir / "site/p0.md").unlink()
        (self.dir / "site/p0.md").symlink_to("second.txt")
        self.check_noticed("second0")

    def test_a_change_right_after_the_run_is_noticed(self):
        """Two changes within one tick of the file system's clock give a file the same times."""
        path = self.dir / "site/p0.md"
        for number in range(20):
            path.write_text(text(f"first{number:02}"), encoding="utf-8")
            self.indexer("-q", "-o", "index", "site")
            path.write_text(text(f"other{number:02}"), encoding="utf-8")
            self.indexer("-q", "-o", "index", "site")
            self.assertEqual(self.found(f"other{number:02}"), 1)

    def test_a_change_with_the_same_times_is_noticed_within_two_seconds(self):
        """On file systems that store times in steps of two seconds, a manifest can contain the size, times
        and inode of the changed file, but the hash of its former content."""
        self.write("site/p1.md", text("other1"))
        self.index("site")
        path = self.write("site/p0.md", text("other0"))
        about = path.stat()

        def change(fields):
            fields[2:6] = [b"%d" % number for number in
                           (about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_ino)]
        self.forge(change)
        self.check_noticed("other0")

    def test_a_forged_hash_is_trusted_if_the_times_are_old(self):
        """Shows that the previous test proves something: a file with old times is not read."""
        def change(fields):
            fields[7] = b"123"  # the hash
        self.forge(change)
        self.assertEqual(self.index("site")["files"], 0)

    def test_after_two_seconds_files_are_no_longer_read(self):
        self.write("site/p0.md", text("other0"))
        self.index("site")
        self.assertIn(self.index("site")["files"], (0, 5))  # 0 if this took two seconds
        time.sleep(2.1)
        self.index("site")
        self.assertEqual(self.index("site")["files"], 0)

    def test_a_change_after_the_clock_went_back_is_noticed(self):
        """The last run seems to be in the future, so later changes have times before the run."""
        self.forge(later=10**6)
        self.assertEqual(self.index("site")["files"], 0)
        self.write("site/p0.md", text("other0"))
        self.check_noticed("other0")

    def test_files_are_read_while_the_last_run_seems_older_than_they_are(self):
        self.forge(later=-10**6)
        self.assertEqual(self.index("site")["files"], 5)
        self.assertEqual(self.index("site")["files"], 5)
        self.settle()
        self.write("site/p0.md", text("other0"))
        self.check_noticed("other0")

    def test_changed_settings_read_every_file(self):
        self.write("site/_config.yml", "title: Guide\n")
        self.settle()
        self.assertEqual(self.index("site")["files"], 0)
        self.write("site/_config.yml", "title: Guide\npermalink: /:title.html\n")
        self.assertGreaterEqual(self.index("site")["files"], 5)

    def test_posts_with_long_paths_stay(self):
        """A term has at most 200 bytes; a longer path is in it only in part."""
        names = ["x" * length + ".md" for length in range(190, 204)] + ["y" * 248 + ".md", "z" * 248 + ".md",
                 "/".join(["folder" * 5] * 20) + "/deep.md", "\u00e9" * 120 + ".md"]
        folder = self.site({name: post("Long", f"longword word{number}") for number, name in enumerate(names)})
        total = len(names)
        self.assertEqual(self.index("site")["posts"]["added"], total)
        for options in ((), ("--full",), ()):
            report = self.index("site", options=options)
            self.assertEqual(report["posts"]["removed"], 0)
            self.assertEqual(self.answer("-n", 1, "longword")["total"], total)
        for name in names[-3:]:
            (folder / name).unlink()
            (folder / name).symlink_to("nothing.md")  # cannot be read: the last good post stays
            self.assertEqual(self.index("site", expect=1)["posts"]["removed"], 0)
            (folder / name).unlink()
            total -= 1
            self.assertEqual(self.index("site")["posts"]["removed"], 1)
        self.assertEqual(self.answer("-n", 1, "longword")["total"], total)

    def test_another_site_is_read_although_names_and_sizes_match(self):
        """The other folder contains files of the same names, sizes and times."""
        self.site({f"p{n}.md": text(f"third{n}") for n in range(5)}, name="other")
        for path in (self.dir / "other").iterdir():
            os.utime(path, (OLD, OLD))
        report = self.index("other")
        self.assertEqual(report["posts"]["updated"], 5)
        self.assertEqual(self.found("third3"), 1)


MASK = 2**64 - 1
PRIMES = (11400714785074694791, 14029467366897019727, 1609587929392839161, 9650029242287828579,
          2870177450012600261)


def rotate(value, bits):
    return ((value << bits) | (value >> (64 - bits))) & MASK


def stir(state, lane):
    return rotate((state + lane * PRIMES[1]) & MASK, 31) * PRIMES[0] & MASK


def xxh64(data):
    """XXH64 with seed 0, to write a valid checksum."""
    at, size = 0, len(data)
    if size >= 32:
        lanes = [(PRIMES[0] + PRIMES[1]) & MASK, PRIMES[1], 0, -PRIMES[0] & MASK]
        while at <= size - 32:
            lanes = [stir(lane, int.from_bytes(data[at + 8 * n:at + 8 * n + 8], "little"))
                     for n, lane in enumerate(lanes)]
            at += 32
        state = sum(rotate(lane, bits) for lane, bits in zip(lanes, (1, 7, 12, 18))) & MASK
        for lane in lanes:
            state = ((state ^ stir(0, lane)) * PRIMES[0] + PRIMES[3]) & MASK
    else:
        state = PRIMES[4]
    state = (state + size) & MASK
    while at + 8 <= size:
        state ^= stir(0, int.from_bytes(data[at:at + 8], "little"))
        state = (rotate(state, 27) * PRIMES[0] + PRIMES[3]) & MASK
        at += 8
    if at + 4 <= size:
        state ^= int.from_bytes(data[at:at + 4], "little") * PRIMES[0] & MASK
        state = (rotate(state, 23) * PRIMES[1] + PRIMES[2]) & MASK
        at += 4
    for byte in data[at:]:
        state ^= byte * PRIMES[4] & MASK
        state = rotate(state, 11) * PRIMES[0] & MASK
    state = (state ^ (state >> 33)) * PRIMES[1] & MASK
    state = (state ^ (state >> 29)) * PRIMES[2] & MASK
    return state ^ (state >> 32)


if __name__ == "__main__":
    harness.main()
