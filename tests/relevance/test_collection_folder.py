# SPDX-License-Identifier: GPL-2.0-or-later
"""SIGNPOST_COLLECTIONS: tests that need a collection are skipped without the variable and fail if the
folder that the variable names does not contain the collection."""

import os
import pathlib
import subprocess
import sys

import collection_folder
import harness
from harness import post

TESTS = pathlib.Path(__file__).resolve().parents[1]
EVALUATE = (TESTS / "relevance/evaluate.py", "--indexer", harness.INDEXER, "--search", harness.SEARCH,
            "--floor", "0.9", "collections", "tiny")
SEED = (TESTS / "cli/test_seed.py",)
EVAL_PY = (TESTS / "cli/test_eval.py", "Runs.test_the_measures_equal_those_of_eval_py")


class CollectionFolder(harness.Case):
    def run_test(self, command, folder):
        """Runs a test program; folder None: without SIGNPOST_COLLECTIONS."""
        env = {name: value for name, value in os.environ.items() if name != collection_folder.VARIABLE}
        if folder is not None:
            env[collection_folder.VARIABLE] = str(folder)
        done = subprocess.run([sys.executable, *map(str, command)], env=env, cwd=self.dir, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=120, check=False)
        return done.returncode, done.stdout

    def test_without_the_variable_tests_are_skipped_and_say_so(self):
        for command, status in ((EVALUATE, 77), (SEED, 77), (EVAL_PY, 0)):
            code, said = self.run_test(command, None)
            self.assertEqual(code, status, said)
            self.assertIn("skipped", said)
            self.assertIn("SIGNPOST_COLLECTIONS is not set", said)

    def test_a_folder_without_the_collection_fails_the_test(self):
        (self.dir / "empty").mkdir()
        for command in (EVALUATE, SEED, EVAL_PY):
            for folder in (self.dir / "empty", self.dir / "misspelt", ""):
                code, said = self.run_test(command, folder)
                self.assertEqual(code, 1, said)
                self.assertIn(f"SIGNPOST_COLLECTIONS is set to '{folder}'", said)
                self.assertIn("does not exist", said)

    def test_evaluate_measures_a_collection_of_the_folder(self):
        self.write("all/relevance/tiny/posts/1.md", post("Geckos", "Geckos climb."))
        self.write("all/relevance/tiny/posts/2.md", post("Skinks", "Skinks dig."))
        self.write("all/relevance/tiny/queries.tsv", "a\tgeckos\n")
        self.write("all/relevance/tiny/qrels.tsv", "a\t1\t1\n")
        code, said = self.run_test(EVALUATE, self.dir / "all")
        self.assertEqual(code, 0, said)
        self.assertIn("mean nDCG@10, queries: 1.0000", said)
        self.write("all/relevance/tiny/qrels.tsv", "a\t2\t1\n")
        code, said = self.run_test(EVALUATE, self.dir / "all")
        self.assertEqual(code, 1, said)
        self.assertIn("below the floor", said)


if __name__ == "__main__":
    harness.main()
