# SPDX-License-Identifier: GPL-2.0-or-later
"""Each call by which a run changes files is made to fail, or the run is killed at the call. In all cases
readers see either the old index or the new one, and the next run succeeds without repair.

$SIGNPOST_INTERPOSE: the library that counts the calls. $SIGNPOST_LONG=1: every call and every fault;
otherwise a sample.
"""

import random
import unittest

import faulty
import harness

WRITES = ("write", "pwrite")
IN_PLACE = "may not survive a power cut"


class Calls(faulty.Case):
    COUNT = 8
    OPTIONS = ()

    def setUp(self):
        super().setUp()
        self.site(faulty.small_site(0, self.COUNT))
        self.index("site")
        self.before = self.state()
        self.keep("good")
        (self.dir / "site/p1.md").unlink()
        self.site(faulty.small_site(1, self.COUNT))
        code, errors, self.calls = self.run_with()
        self.assertEqual((code, errors), (0, ""))
        self.check_no_leftovers()
        self.after = self.state()
        self.assertNotEqual(self.before, self.after)
        if len(self.calls) < 10:
            self.skipTest("calls cannot be interposed on this system")

    def run_with(self, at=0, how=None, **kwargs):
        return self.interposed("--jobs", "1", *self.OPTIONS, "site", at=at, how=how, **kwargs)

    def chosen(self, names=None):
        """Numbers of calls: with $SIGNPOST_LONG all, else a sample."""
        numbers = [n for n in range(1, len(self.calls) + 1) if not names or self.calls[n - 1][0] in names]
        if harness.LONG:
            return numbers
        return sorted(random.Random(1).sample(numbers, min(len(numbers), self.SAMPLE)))

    def check_after(self, at, how, code, errors):
        call = " ".join(self.calls[at - 1]) if at <= len(self.calls) else "?"
        about = f"call {at} ({call}) {how}: exit {code}, {errors!r}"
        state = self.state()
        self.assertIn(state, (self.before, self.after), about)
        if how == "KILL":
            self.assertEqual(code, faulty.KILLED, about)
        elif code == 0:
            self.assertEqual((errors, state), ("", self.after), about)
        else:
            self.assertEqual(code, 3, about)
            self.assertRegex(errors, r"\Aindexer: [^\n]{10,}\n\Z", about)
            self.assertNotIn("locked by another run", errors, about)
            self.assertEqual(state, self.after if IN_PLACE in errors else self.before, about)
        result = self.indexer("-q", "-o", self.index_dir, "site", expect=None)
        self.assertEqual((result.code, result.errors), (0, ""), about)
        self.assertEqual(self.state(), self.after, about)
        self.check_no_leftovers()
        result = self.indexer("--verify", "-o", self.index_dir, expect=None)
        self.assertEqual((result.code, result.errors), (0, ""), about)

    def each(self, how, numbers, **kwargs):
        seen = {}
        for at in numbers:
            self.put_back("good")
            code, errors, _ = self.run_with(at, how, **kwargs)
            self.check_after(at, how, code, errors)
            seen[code] = seen.get(code, 0) + 1
        often = "from a call on" if kwargs.get("stays") else "of reads" if kwargs.get("reads") else "once"
        harness.row(f"{how} {often} in {self.KIND} runs", f"{len(numbers)} of {len(self.calls)} calls tried, "
                    f"each index old or new, next run clean (exit codes {seen})")
        return seen


class Incremental(Calls):
    KIND, SAMPLE = "incremental", 7

    def test_one_call_that_fails_for_lack_of_space_fails_the_run_cleanly(self):
        self.assertIn(3, self.each("ENOSPC", self.chosen()))

    def test_a_disk_that_fills_up_at_any_call_fails_the_run_cleanly(self):
        self.assertIn(3, self.each("ENOSPC", self.chosen(), stays=True))

    def test_an_input_output_error_fails_the_run_cleanly(self):
        self.assertIn(3, self.each("EIO", self.chosen()))

    def test_a_failed_read_is_not_taken_for_a_missing_file(self):
        """In this test, calls that read the index fail."""
        self.put_back("good")
        self.calls = self.run_with(reads=True)[2]
        self.SAMPLE = 14
        self.assertIn(3, self.each("EIO", self.chosen(), reads=True))

    def test_a_directory_that_is_not_synced_leaves_checksums_of_the_commit(self):
        """The commit is in place, and the next run has nothing to do but to name it in the checksums."""
        numbers = [n for n in range(1, len(self.calls) + 1) if self.calls[n - 1][0] == "fsync"]
        self.assertIn(3, self.each("EIO", numbers))

    def test_short_writes_are_completed(self):
        self.each("SHORT", self.chosen(names=WRITES))

    def test_a_run_killed_at_any_call_leaves_the_old_or_the_new_index(self):
        self.each("KILL", self.chosen())


class Full(Incremental):
    OPTIONS = ("--full",)
    KIND, SAMPLE = "full", 5


del Calls

if __name__ == "__main__":
    harness.main()
