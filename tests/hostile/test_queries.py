# SPDX-License-Identifier: GPL-2.0-or-later
"""Hostile queries: no query that hostile/queries.c generates fails. That program can also be run by hand
on a larger index, and prints what the queries cost."""

import os
import subprocess

import harness

COUNT = 1000


class Queries(harness.Case):
    def test_no_generated_query_fails(self):
        self.index(harness.ROOT / "corpus")
        done = subprocess.run([os.environ["SIGNPOST_HOSTILE_QUERIES"], self.index_dir, str(COUNT)],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=500, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertIn(f"{COUNT} queries".encode(), done.stdout)


if __name__ == "__main__":
    harness.main()
