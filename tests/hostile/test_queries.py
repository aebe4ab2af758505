# SPDX-License-Identifier: GPL-2.0-or-later
"""Hostile queries: none fails, whatever it is made of. hostile/queries.c makes them and, by hand on a larger
index, says what they cost."""

import os
import subprocess

import harness

COUNT = 1000


class Queries(harness.Case):
    def test_none_fails(self):
        self.index(harness.ROOT / "corpus")
        done = subprocess.run([os.environ["SIGNPOST_HOSTILE_QUERIES"], self.index_dir, str(COUNT)],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=500, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertIn(f"{COUNT} queries".encode(), done.stdout)


if __name__ == "__main__":
    harness.main()
