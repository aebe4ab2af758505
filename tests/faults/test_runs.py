# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs during which another run starts, the index is removed or replaced, or the site changes."""

import os
import re
import shutil
import signal

import faulty
import harness
from harness import post


class Runs(faulty.Case):
    def setUp(self):
        super().setUp()
        self.site(faulty.small_site(0, 8))
        self.index("site")
        self.before = self.state()

    def change(self):
        (self.dir / "site/p1.md").unlink()
        self.site(faulty.small_site(1, 8))

    def stopped(self, call, *options):
        """Starts a run that stops before its first call that matches "NAME END-OF-PATH"."""
        self.keep("kept")
        code, errors, calls = self.interposed("--jobs", "1", *options, "site")
        self.assertEqual((code, errors), (0, ""))
        self.put_back("kept")
        shutil.rmtree(self.dir / "kept")
        name, end = call.split(" ")
        found = [n for n, (what, path) in enumerate(calls, 1) if what == name and path.endswith(end)]
        if not calls:
            self.skipTest("calls cannot be interposed on this system")
        env = {"LD_PRELOAD": " ".join([*faulty.sanitizer_runtime(), faulty.INTERPOSE]),
               "FAULT_BELOW": str(self.index_dir), "FAULT_AT": str(found[0]), "FAULT_HOW": "STOP",
               **faulty.LEAKY}
        process = self.start("-o", self.index_dir, "--jobs", "1", *options, "site", env=env)
        _, status = os.waitpid(process.pid, os.WUNTRACED)
        self.assertTrue(os.WIFSTOPPED(status), process.stderr)
        return process

    def go_on(self, process):
        """Continues a stopped run; returns its exit code and standard error."""
        process.send_signal(signal.SIGCONT)
        errors = process.communicate(timeout=60)[1].decode()
        return process.returncode, errors


class Lock(Runs):
    def test_a_second_run_ends_and_names_the_run_that_holds_the_lock(self):
        self.change()
        for options in ((), ("--full",)):
            holder = self.stopped("open manifest.new", *options)
            for others in ((), ("--full",), ("--strict",)):
                files = set(os.listdir(self.index_dir))
                result = self.indexer("-o", "index", *others, "site", expect=3)
                said = re.fullmatch(r"indexer: .*index: locked by another run \(process (\d+)"
                                    r"(, since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d)?\)\n", result.errors)
                self.assertTrue(said, result.errors)
                self.assertEqual(int(said.group(1)), holder.pid)
                self.assertEqual(set(os.listdir(self.index_dir)), files)
                self.assertEqual(self.state(), self.before)
            self.indexer("-q", "-o", "index", "--dry-run", "site")
            self.assertEqual(self.go_on(holder), (0, ""))
            self.check_no_leftovers()
            self.before = self.state()
            self.site({"p7.md": post("Post 7", "common and changed again")})

    def test_a_run_whose_lock_file_is_removed_ends_without_a_change(self):
        """Another run can begin meanwhile. At most one of the two changes the index."""
        for options in ((), ("--full",)):
            self.change()
            holder = self.stopped("open manifest.new", *options)
            (self.index_dir / "lock").unlink()
            self.index("site", options=["--full"])
            between = self.state()
            code, errors = self.go_on(holder)
            self.assertEqual(code, 3)
            self.assertRegex(errors, r"\Aindexer: [^\n]*(was removed during the run|No such file)[^\n]*\n\Z")
            self.assertEqual(self.state(), between)
            self.index("site")
            self.check_no_leftovers()
            self.setUp()

    def test_the_lock_of_a_killed_run_does_not_block(self):
        self.change()
        holder = self.stopped("open manifest.new")
        holder.kill()
        holder.wait()
        self.index("site")
        self.check_no_leftovers()

    def test_many_simultaneous_runs_each_succeed_or_report_the_lock(self):
        self.change()
        for options in ((), ("--full",)):
            runs = [self.start("-o", "index", *options, "site") for _ in range(6)]
            codes = []
            for run in runs:
                errors = run.communicate(timeout=120)[1].decode()
                codes.append(run.returncode)
                self.assertIn(run.returncode, (0, 3))
                self.assertEqual("locked by another run" in errors, run.returncode == 3, errors)
            self.assertIn(0, codes)
            self.check_no_leftovers()
        self.assertEqual(self.answer("--kind", "post", "--exact", "word1")["total"], 3)


class MovedIndex(Runs):
    POINTS = ("open lock", "open manifest.new")

    def each_point(self):
        for options in ((), ("--full",)):
            for point in self.POINTS:
                self.put_back("good")
                yield options, point

    def setUp(self):
        super().setUp()
        self.keep("good")
        self.change()

    def test_an_index_removed_during_a_run_fails_the_run(self):
        for options, point in self.each_point():
            run = self.stopped(point, *options)
            shutil.rmtree(self.index_dir)
            code, errors = self.go_on(run)
            self.assertEqual(code, 3, f"{options} {point} {errors}")
            self.assertRegex(errors, r"\Aindexer: [^\n]+\n\Z")
            self.index("site")
            self.check_no_leftovers()

    def test_an_index_that_replaces_the_runs_index_is_not_changed(self):
        """The run changes neither the index that it began with nor the index that has replaced it."""
        other = self.site({"a.md": post("Other", "other common")}, name="other")
        self.index(other, index=self.dir / "second")
        expected = self.state(index=self.dir / "second")
        for options, point in self.each_point():
            shutil.rmtree(self.dir / "first", ignore_errors=True)
            run = self.stopped(point, *options)
            self.index_dir.rename(self.dir / "first")
            shutil.copytree(self.dir / "second", self.index_dir)
            code, errors = self.go_on(run)
            about = f"{options} {point} {errors}"
            self.assertEqual(code, 3, about)
            self.assertEqual(self.state(), expected, about)
            self.assertEqual(self.state(index=self.dir / "first"), self.before, about)
            self.index(other)
            self.check_no_leftovers()


class ChangingSite(Runs):
    """The site changes after the run has listed the files and before it reads them."""

    def check_next(self):
        """The next run gives the same index as a run that begins without an index."""
        fresh = self.index("site", index=self.dir / "fresh")
        report = self.index("site")
        self.assertEqual(report["revision"], fresh["revision"])
        self.assertEqual(self.state(), self.state(index=self.dir / "fresh"))
        self.check_no_leftovers()
        shutil.rmtree(self.dir / "fresh")

    def during(self, options, action):
        self.change()
        run = self.stopped("open lock", *options)
        action(self.dir / "site")
        code, errors = self.go_on(run)
        self.assertIn(code, (0, 1), errors)
        return code, errors

    def both(self, action, code=0):
        for options in ((), ("--full",)):
            self.setUp()
            shutil.rmtree(self.dir / "site")
            self.site(faulty.small_site(0, 8))
            found, errors = self.during(options, action)
            self.assertEqual(found, code, f"{options} {errors}")
            if code == 1:
                self.assertRegex(errors, r"\A(site/[^\n:]+:\d+:\d+: [^\n]+\n)+\Z")
            yield errors

    def test_files_that_vanish_are_reported_and_removed_by_the_next_run(self):
        def vanish(site):
            (site / "p0.md").unlink()
            (site / "new.md").unlink()
        for _ in self.both(vanish, code=1):
            self.check_next()

    def test_files_that_grow_are_indexed_by_the_next_run(self):
        def grow(site):
            with open(site / "p0.md", "a", encoding="utf-8") as file:
                file.write("\n" + "more common words " * 20000)
        for _ in self.both(grow):
            self.check_next()

    def test_replaced_files_are_indexed(self):
        def replace(site):
            (site / "x").write_text(post("Another", "common other"), encoding="utf-8")
            (site / "x").replace(site / "p2.md")
        for _ in self.both(replace):
            self.assertEqual(self.answer("--kind", "post", "--exact", "other")["total"], 1)
            self.check_next()

    def test_files_that_become_folders_pipes_or_devices_are_reported(self):
        """The run ends although /dev/zero never does."""
        def replace(site):
            for name in ("p0", "p2", "p3"):
                (site / f"{name}.md").unlink()
            (site / "p0.md").mkdir()
            os.mkfifo(site / "p2.md")
            (site / "p3.md").symlink_to("/dev/zero")
        for _ in self.both(replace, code=1):
            for name in ("p2", "p3"):
                (self.dir / f"site/{name}.md").unlink()
            self.check_next()

    def test_a_site_folder_that_vanishes_keeps_its_posts(self):
        def remove(site):
            shutil.rmtree(site)
        for _ in self.both(remove, code=1):
            posts = self.answer("--kind", "post", "-n", "0", "common")["total"]
            self.assertEqual(posts, 7)  # all except the one removed before the run, as they last were
            self.indexer("-q", "-o", "index", "site", expect=3)
            self.site(faulty.small_site(1, 8))
            self.check_next()

    def test_changes_after_the_run_are_indexed_by_the_next_run(self):
        def nothing(_):
            pass
        for _ in self.both(nothing):
            path = self.dir / "site/p4.md"
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace("text4", "text9"), encoding="utf-8")
            self.check_next()
            self.assertEqual(self.answer("--kind", "post", "--exact", "text9")["total"], 1)


del Runs

if __name__ == "__main__":
    harness.main()
