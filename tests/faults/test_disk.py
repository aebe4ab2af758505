# SPDX-License-Identifier: GPL-2.0-or-later
"""A disk that becomes full at any point of a run: the old index stays, and the next run that has enough
space succeeds without repair."""

import os

import faulty
import harness
from test_faults import guide


class Disk(faulty.Case):
    def test_a_full_disk_leaves_the_old_index(self):
        self.site(guide(0, 20))
        self.index_dir = self.mount_tmpfs("4m") / "index"
        self.index("site")
        before, files = self.state(), harness.tree(self.index_dir)
        self.site(guide(1, 900, 900))
        for _ in range(2):
            result = self.indexer("-q", "-o", self.index_dir, "site", expect=3, env=faulty.LEAKY)
            self.assertIn("No space left", result.errors)
            self.assertEqual(self.state(), before)
            self.assertEqual(harness.tree(self.index_dir), files)
        self.site(guide(1, 20))
        for number in range(20, 900):
            (self.dir / f"site/p{number}.md").unlink()
        self.index("site")
        self.assertEqual(self.answer("--kind", "post", "word1")["total"], 20)
        self.check_no_leftovers()

    def at_every_size(self, step, count, edited, options):
        """Repeats a run with a little more free space each time, until the space is enough."""
        self.site(guide(0, count))
        where = self.mount_tmpfs("64m")
        self.index_dir = where / "index"
        self.index("site")
        before = self.state("word1")
        self.site(guide(1, count, edited))
        codes, ballast = [], where / "ballast"
        for free in range(0, 8_000_000, step):
            space = os.statvfs(where)
            ballast.write_bytes(b"\0" * max(0, space.f_bavail * space.f_frsize - free))
            result = self.indexer("-q", "-o", self.index_dir, *options, "site", expect=None,
                                  env=faulty.LEAKY)
            codes.append(result.code)
            ballast.unlink()
            if result.code == 0:
                break
            self.assertEqual(result.code, 3, str(result))
            self.assertNotIn("locked by another run", result.errors)
            self.assertEqual(self.state("word1"), before)
            self.check_no_leftovers(failed=True)
        self.assertEqual(codes[-1], 0, codes)
        self.assertGreater(len(codes), 3)
        self.assertEqual(self.answer("--kind", "post", "word1")["total"], edited)
        self.check_no_leftovers()

    def test_a_full_run_with_too_little_space_leaves_the_old_index(self):
        self.at_every_size(400_000, 60, 60, ("--full",))

    def test_an_incremental_run_with_too_little_space_leaves_the_old_index(self):
        self.at_every_size(98_304, 40, 10, ())

    def test_a_report_that_cannot_be_written_fails_the_run(self):
        self.site(guide(0, 3))
        result = self.indexer("-q", "-o", "index", "--report", "/dev/full", "site", expect=3)
        self.assertIn("/dev/full", result.errors)


if __name__ == "__main__":
    harness.main()
