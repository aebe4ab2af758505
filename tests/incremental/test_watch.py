# SPDX-License-Identifier: GPL-2.0-or-later
"""indexer --watch: changes are found soon, other file activity starts no run, a post that is being
saved is never missing from answers, and only a signal ends the program."""

import contextlib
import datetime
import fcntl
import os
import pathlib
import re
import shutil
import signal
import subprocess
import threading
import time
import unittest

import harness
from harness import post

SOON = 60  # seconds after which the indexer counts as hung; a busy machine needs more than 10
QUIET = 0.6  # seconds of sleep after which the indexer waits for changes: more than SP_WATCH_QUIET_MS
NO_WATCHES = os.environ.get("SIGNPOST_NO_WATCHES")
GUIDE = {
    "one.md": post("First guide", "Words about residencies. [AI Grant](https://aigrant.org/) helps."),
    "deep/two.md": post("Second guide", "Words about research."),
}
BROKEN = "---\ntitle: [open\n---\n\nWords.\n"
MAX_EVENTS = "/proc/sys/fs/inotify/max_queued_events"


class Watch(harness.Case):
    """Starts `indexer --watch` on self.dir/site for self.dir/index, and reads its output."""

    def start(self, *args, site="site", env=None, cwd=None, ready=r"watching for changes|looking for"):
        self.out, self.err = self.dir / "out.txt", self.dir / "err.txt"
        with open(self.out, "wb") as out, open(self.err, "wb") as err:
            self.process = subprocess.Popen(
                [harness.INDEXER, "--watch", *map(str, ("-o", self.index_dir, *args, site))],
                cwd=cwd or self.dir, env=harness.environment(env), stdin=subprocess.DEVNULL,
                stdout=out, stderr=err)
        self.addCleanup(self.process.wait)
        self.addCleanup(self.process.kill)
        if ready:
            self.until(lambda: re.search(ready, self.errors()))

    def errors(self):
        return self.err.read_text()

    def output(self):
        return self.out.read_text()

    def runs(self):
        """The number of runs that printed a line; with -v every run prints one."""
        return self.output().count("indexed ") + self.output().count("nothing changed: ")

    def until(self, happened, seconds=SOON):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.assertIsNone(self.process.poll(), "the indexer ended")
            if happened():
                return
            time.sleep(0.02)
        self.fail(f"not within {seconds} s\nout: {self.output()}\nerr: {self.errors()}")

    def total(self, query):
        return self.answer("--exact", "--kind", "post", query)["total"]

    def found(self, query, count=1):
        self.until(lambda: self.total(query) == count)

    def threads(self):
        """For each thread: its state, number of context switches, and ticks of CPU time."""
        threads = {}
        for thread in pathlib.Path(f"/proc/{self.process.pid}/task").iterdir():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # the thread ended
                status = (thread / "status").read_text("utf-8")
                ticks = (thread / "stat").read_text("utf-8").rpartition(")")[2].split()[11:13]
                threads[thread.name] = (re.search(r"State:\s+(\S)", status)[1],
                                        re.findall(r"ctxt_switches:\s+(\d+)", status), ticks)
        return threads

    def settle(self):
        """Waits until every thread has slept for QUIET seconds without a break, and returns the number
        of runs. A thread that waits for a processor does not sleep, so a busy machine only makes this
        take longer."""
        before, end = None, time.monotonic() + SOON
        while time.monotonic() < end:
            threads = self.threads()
            asleep = all(state == "S" for state, _, _ in threads.values())
            if harness.SANITIZED:  # ThreadSanitizer's own thread wakes up now and then
                threads = {str(self.process.pid): threads[str(self.process.pid)]}
            if asleep and threads == before:
                return self.runs()
            before = threads
            time.sleep(QUIET)
        self.fail(f"still not idle: {before}")

    def finish(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        self.assertEqual(self.process.wait(timeout=60), 0, self.errors())
        self.assertNotIn("Sanitizer", self.errors())
        self.assertNotIn("runtime error", self.errors())

    @contextlib.contextmanager
    def reader(self, query):
        """Searches all the time. Yields a list, and appends the number of hits of each answer to the
        list."""
        seen, stop = [], threading.Event()

        def ask():
            while not stop.is_set():
                seen.append(self.total(query))

        thread = threading.Thread(target=ask)
        thread.start()
        try:
            yield seen
        finally:
            stop.set()
            thread.join()
        self.assertGreater(len(seen), 0)


class Changes(Watch):
    def test_changed_moved_and_removed_files_and_folders_are_found(self):
        site = self.site(GUIDE)
        self.start()
        self.write("site/one.md", post("First", "Now of quokkas."))
        self.found("quokkas")
        self.write("site/three.md", post("Third", "Of numbats."))
        self.found("numbats")
        (site / "three.md").rename(site / "deep/four.md")
        self.until(lambda: self.urls("numbats") == ["/deep/four/"])
        self.write("site/new/five.md", post("Fifth", "Of bilbies."))
        self.found("bilbies")
        self.write("site/a/b/c/d/e/six.md", post("Sixth", "Of dunnarts."))
        self.found("dunnarts")
        self.write("site/a/b/c/d/e/six.md", post("Sixth", "Of potoroos."))
        self.found("potoroos")
        (site / "a/b").rename(site / "moved")
        self.until(lambda: self.urls("potoroos") == ["/moved/c/d/e/six/"])
        self.write("site/moved/c/d/e/six.md", post("Sixth", "Of wombats."))
        self.found("wombats")
        shutil.rmtree(site / "moved")
        self.found("wombats", 0)
        self.write("site/moved/seven.md", post("Seventh", "Of wombats."))
        self.found("wombats")
        self.assertEqual(self.errors(), "indexer: watching for changes\n")
        self.finish()
        self.assertRegex(self.output().splitlines()[1], r"^\d\d:\d\d:\d\d indexed \d+ posts \(")

    def test_a_folder_moved_in_or_out_is_found(self):
        site = self.site(GUIDE)
        self.site({"in/eight.md": post("Eighth", "Of echidnas.")}, name="outside")
        self.start()
        (self.dir / "outside/in").rename(site / "in")
        self.found("echidnas")
        (site / "in").rename(self.dir / "outside/out")
        self.found("echidnas", 0)
        self.finish()

    def test_changes_of_several_sites_are_found(self):
        self.site(GUIDE)
        self.site({"nine.md": post("Ninth", "Of emus.")}, name="other")
        self.start("other")
        self.found("emus")
        self.write("other/nine.md", post("Ninth", "Of cassowaries."))
        self.found("cassowaries")
        self.finish()

    def test_a_replaced_site_folder_is_found(self):
        site = self.site(GUIDE)
        self.start()
        self.site({"one.md": post("First", "Of galahs.")}, name="next")
        site.rename(self.dir / "before")
        (self.dir / "next").rename(site)
        self.found("galahs")
        self.write("site/one.md", post("First", "Of corellas."))
        self.found("corellas")
        site.rename(self.dir / "away")  # for a while the site is missing
        self.until(lambda: "site" in self.errors().partition("changes\n")[2])
        self.assertEqual(self.total("corellas"), 1)
        (self.dir / "away").rename(site)
        self.write("site/one.md", post("First", "Of lorikeets."))
        self.found("lorikeets")
        self.assertEqual(len(self.errors().splitlines()), 2)
        self.finish()

    def test_a_site_link_changed_to_another_folder_is_found(self):
        for number, word in (("1", "galahs"), ("2", "corellas")):
            self.site({"one.md": post("First", f"Of {word}.")}, name=f"release{number}")
        os.symlink("release1", self.dir / "site")
        self.start()
        self.found("galahs")
        os.symlink("release2", self.dir / "new")
        os.rename(self.dir / "new", self.dir / "site")
        self.found("corellas")
        self.finish()

    def test_changes_of_linked_files_are_found(self):
        self.site({"_shared/a.txt": "---\ntitle: A\n---\nOf skinks.\n"}, config="title: T\n")
        os.symlink("_shared/a.txt", self.dir / "site/a.md")
        self.start()
        self.found("skinks")
        self.write("site/_shared/a.txt", "---\ntitle: A\n---\nOf geckos.\n")
        self.found("geckos")
        self.finish()

    def test_a_search_finds_every_post_while_many_files_are_replaced(self):
        """For some seconds each file is removed and written again, as version control does."""
        names = [f"p{n}.md" for n in range(200)]
        self.site({name: post(name, f"Words before, {name}.") for name in names} | GUIDE)
        self.start()
        with self.reader("residencies") as seen:
            for name in names:
                (self.dir / "site" / name).unlink()
                self.write(f"site/{name}", post(name, f"Words afterwards, {name}."))
                time.sleep(0.008)
            self.found("afterwards", len(names))
        self.assertEqual(set(seen), {1})
        self.assertEqual(self.total("before"), 0)
        self.finish()

    @unittest.skipUnless(os.path.exists(MAX_EVENTS), "this system has no inotify")
    def test_changes_are_found_after_the_event_queue_overflowed(self):
        with open(MAX_EVENTS, encoding="ascii") as limit:
            most = int(limit.read())
        if most > 100000:
            self.skipTest("the event queue of this system is too long")
        site = self.site(GUIDE)
        self.start()
        self.process.send_signal(signal.SIGSTOP)
        for number in range(most // 3 + 1):
            os.close(os.open(site / f"noise{number % 2}", os.O_CREAT | os.O_WRONLY))
            os.unlink(site / f"noise{number % 2}")
        self.write("site/late/ten.md", post("Tenth", "Of goannas."))
        self.process.send_signal(signal.SIGCONT)
        self.found("goannas")
        self.write("site/late/ten.md", post("Tenth", "Of monitors."))
        self.found("monitors")
        self.finish()


class Saving(Watch):
    """A file that an editor saves is missing or empty for an instant; its post stays in answers."""

    GAP = 0.15  # seconds for which a post may be missing, less than SP_WATCH_QUIET_MS

    def setUp(self):
        super().setUp()
        site = self.site(GUIDE)
        self.path, self.count = site / "one.md", 0
        self.start()

    def text(self):
        self.count += 1
        return post("First guide", f"Words about residencies, save{self.count}.").encode()

    @contextlib.contextmanager
    def gaps(self):
        """Yields a list, and appends the seconds between two moments at which the post was seen complete:
        at least the time that the post was missing or empty."""
        seen, stop = [0], threading.Event()

        def look():
            last = time.monotonic()
            while not stop.wait(0.005):
                began = time.monotonic()
                with contextlib.suppress(FileNotFoundError):
                    if self.path.stat().st_size > 0:
                        seen.append(time.monotonic() - last)
                        last = began

        thread = threading.Thread(target=look)
        thread.start()
        try:
            yield seen
        finally:
            stop.set()
            thread.join()

    def save(self, how, pauses, gap=GAP):
        """Saves the post, once before each pause, while a reader searches and must always find it. If a
        busy machine delays a save until the post is really gone, everything is repeated."""
        for _ in range(10):
            with self.gaps() as gaps, self.reader("residencies") as seen:
                for pause in pauses:
                    how(self.text())
                    time.sleep(pause)
                self.found(f"save{self.count}")
            if set(seen) == {1}:
                return self.finish()
            self.assertGreater(max(gaps), gap, f"{seen.count(0)} of {len(seen)} answers miss the post")
        return self.skipTest("the machine is too busy to save a file in time")

    def save_with_backup(self, text):
        """As vim does: renames the old file to a backup and writes a new file."""
        backup = self.path.with_name("one.md~")
        self.path.rename(backup)
        time.sleep(0.03)
        with open(self.path, "wb") as file:
            time.sleep(0.03)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        backup.unlink()

    def save_by_rename(self, text):
        temporary = self.path.with_name(".one.md.tmp")
        temporary.write_bytes(text)
        temporary.rename(self.path)

    def save_in_place(self, text, pause=0.03):
        with open(self.path, "wb") as file:
            time.sleep(pause)
            file.write(text[:20])
            file.flush()
            time.sleep(pause)
            file.write(text[20:])

    PAUSES = [0.01, 0.25, 0.1, 0.22, 0.3, 0.2] * 2

    def test_saving_with_a_backup_keeps_the_post(self):
        self.save(self.save_with_backup, self.PAUSES)

    def test_saving_by_rename_keeps_the_post(self):
        self.save(self.save_by_rename, self.PAUSES)

    def test_saving_in_place_keeps_the_post(self):
        self.save(self.save_in_place, self.PAUSES, 4)  # less than SP_WATCH_MAX_MS

    def test_saving_slowly_in_place_keeps_the_post(self):
        self.save(lambda text: self.save_in_place(text, 0.4), [0, 0.3], 4)

    def test_saving_without_a_pause_keeps_the_post(self):
        self.save(self.save_with_backup, [0.04] * 35)

    def test_saving_in_vim_keeps_the_post(self):
        vim = shutil.which("vim")
        if not vim:
            self.skipTest("vim is not installed")
        env = harness.environment({"TERM": "dumb"})

        def edit(text):
            self.write("text", text)
            subprocess.run([vim, "-u", "NONE", "-es", "-c", "set backupskip= backupcopy=no writebackup",
                            "-c", "%d", "-c", f"0r {self.dir}/text", "-c", "w", "-c", "q", self.path],
                           env=env, check=True, stdin=subprocess.DEVNULL, timeout=60)

        self.save(edit, [0.1, 0.25])


class Trouble(Watch):
    def test_an_invalid_post_is_reported_once_and_kept_until_fixed(self):
        self.site(GUIDE)
        self.start("-v")
        self.write("site/one.md", BROKEN)
        self.until(lambda: "one.md:3:" in self.errors())
        self.assertEqual(self.total("residencies"), 1)
        self.write("site/deep/two.md", post("Second", "Of quokkas."))
        self.found("quokkas")
        self.assertEqual(self.errors().count("one.md"), 1)
        self.write("site/deep/two.md", BROKEN)
        self.until(lambda: "two.md:3:" in self.errors())
        self.assertEqual(self.errors().count("one.md"), 1)
        self.write("site/one.md", post("First", "Of numbats."))
        self.found("numbats")
        self.settle()
        self.write("site/one.md", BROKEN)
        self.until(lambda: self.errors().count("one.md") == 2)
        self.finish()

    def test_restoring_an_invalid_post_is_printed(self):
        self.site(GUIDE)
        self.start()
        runs = self.runs()
        self.write("site/one.md", BROKEN)
        self.until(lambda: "one.md:3:" in self.errors())
        self.assertEqual(self.runs(), runs)
        self.write("site/one.md", GUIDE["one.md"])
        self.until(lambda: self.runs() == runs + 1)
        self.finish()

    def test_invalid_settings_are_reported_once_and_leave_the_old_index(self):
        files = {"_posts/2020-01-02-a.md": post("A", "Of quokkas.")}
        self.site(files, config="title: One\n")
        self.start()
        self.write("site/_config.yml", "title: [One\n")
        self.until(lambda: "_config.yml:" in self.errors())
        self.write("site/_posts/2020-01-03-b.md", post("B", "Of numbats."))
        self.settle()
        self.assertEqual(self.errors().count("_config.yml:"), 1)
        self.assertEqual((self.total("quokkas"), self.total("numbats")), (1, 0))
        self.write("site/_config.yml", "title: Two\n")
        self.found("numbats")
        self.finish()

    def test_strict_runs_change_nothing_until_every_post_is_valid(self):
        self.site(GUIDE)
        self.start("--strict")
        self.write("site/one.md", BROKEN)
        self.until(lambda: "nothing is changed" in self.errors())
        self.write("site/deep/two.md", post("Second", "Of quokkas."))
        self.settle()
        self.assertEqual(self.total("quokkas"), 0)
        self.assertEqual(self.errors().count("nothing is changed"), 1)
        self.write("site/one.md", GUIDE["one.md"])
        self.found("quokkas")
        self.finish()

    def test_a_first_run_that_fails_ends_the_program(self):
        self.indexer("--watch", "-o", "index", "nowhere", expect=3)
        self.site({"a.md": "text"}, config="title: [One\n")
        plain = self.indexer("-o", "index", "site", expect=None)
        watching = self.indexer("--watch", "-o", "index", "site", expect=plain.code)
        self.assertEqual(watching.err, plain.err)
        self.site(GUIDE | {"bad.md": BROKEN}, name="strict")
        self.assertIn("bad.md", self.indexer("--watch", "--strict", "-o", "index", "strict",
                                             expect=1).errors)

    def test_options_that_cannot_be_combined_with_watch_are_rejected(self):
        for args in (["--watch", "--dry-run"], ["--watch", "--report", "-"], ["--poll", "2"],
                     ["--watch", "--poll", "0"], ["--watch", "--poll", "x"],
                     ["--watch", "--poll", "86401"], ["--watch", "--poll", "-1"]):
            result = self.indexer("-o", "index", *args, "site", expect=2)
            self.assertTrue(result.err)
        self.assertFalse(self.index_dir.exists())

    def test_the_program_waits_for_the_lock_of_another_run(self):
        self.site(GUIDE)
        self.index("site")
        with open(self.index_dir / "lock", "r+b") as lock:
            fcntl.lockf(lock, fcntl.LOCK_EX)
            self.start(ready="locked by another run")
            self.write("site/one.md", post("First", "Of quokkas."))
            time.sleep(1.5)
            self.assertEqual(self.errors().count("locked"), 1)
            self.assertEqual(self.total("quokkas"), 0)
        self.found("quokkas")
        with open(self.index_dir / "lock", "r+b") as lock:
            fcntl.lockf(lock, fcntl.LOCK_EX)  # the watch does not keep the lock between runs
            self.write("site/one.md", post("First", "Of numbats."))
            self.until(lambda: self.errors().count("locked") == 2)
        self.found("numbats")
        self.index("site")
        self.finish()

    def test_without_free_inotify_watches_the_program_polls(self):
        if not NO_WATCHES:
            self.skipTest("SIGNPOST_NO_WATCHES is not set")
        self.site(GUIDE)
        env = {"LD_PRELOAD": NO_WATCHES, "SIGNPOST_WATCHES": "3",
               "ASAN_OPTIONS": harness.SANITIZERS["ASAN_OPTIONS"] + ":verify_asan_link_order=0"}
        self.start(env=env)
        self.assertIn("No space left on device; looking for changes every 2 s", self.errors())
        self.write("site/new/three.md", post("Third", "Of numbats."))
        self.found("numbats")
        self.write("site/one.md", post("First", "Of quokkas."))
        self.found("quokkas")
        self.assertEqual(len(self.errors().splitlines()), 1)
        self.assertEqual([name for name in os.listdir(f"/proc/{self.process.pid}/fd")
                          if "inotify" in os.readlink(f"/proc/{self.process.pid}/fd/{name}")], [])
        self.finish()

    def test_poll_looks_for_changes_at_the_given_interval(self):
        self.site(GUIDE)
        self.start("--poll", "1")
        self.assertIn("every 1 s", self.errors())
        self.write("site/new/three.md", post("Third", "Of numbats."))
        self.found("numbats")
        self.finish(signal.SIGINT)


class Signals(Watch):
    def test_a_signal_while_waiting_ends_the_program(self):
        self.site(GUIDE)
        for number in (signal.SIGTERM, signal.SIGINT):
            self.start()
            time.sleep(0.3)
            self.finish(number)
            self.assertEqual(self.errors(), "indexer: watching for changes\n")

    def test_a_signal_during_a_run_ends_it_and_leaves_nothing(self):
        words = " ".join(f"w{n}" for n in range(400))
        self.site({f"p{n}.md": post(f"P{n}", words) for n in range(1500)})
        for _ in range(10):
            self.start("--jobs", "1", ready=None)
            self.until(lambda: list(self.index_dir.glob("run.*")))
            self.process.send_signal(signal.SIGSTOP)
            self.until(lambda: all(state == "T" for state, _, _ in self.threads().values()))
            if not (self.index_dir / "XAPIANDB").exists():
                break
            self.process.kill()  # a busy machine let the run end before it was stopped
            self.process.wait()
            shutil.rmtree(self.index_dir)
        self.process.send_signal(signal.SIGTERM)
        self.finish(signal.SIGCONT)
        self.assertFalse((self.index_dir / "XAPIANDB").exists())
        self.assertEqual(set(os.listdir(self.index_dir)), {"lock"})
        self.assertNotIn("interrupted", self.errors())


class Idle(Watch):
    def spent(self):
        """What each thread has done; with a sanitizer only the main thread, because ThreadSanitizer's
        own thread wakes up now and then."""
        return {name: spent for name, spent in self.threads().items()
                if not harness.SANITIZED or name == str(self.process.pid)}

    def test_without_changes_the_program_uses_no_cpu(self):
        self.site(GUIDE)
        self.start("-v")
        self.settle()
        before = self.spent()
        time.sleep(3)
        self.assertEqual(self.spent(), before)
        self.finish()

    def test_the_programs_own_index_and_report_start_no_run(self):
        site = self.site(GUIDE | {"_site/one.html": "x"})
        self.index_dir = site / "index"
        self.start("-v", "--report", "report.json", site=".", cwd=site)
        runs = self.settle()
        self.write("site/one.md", post("First", "Of quokkas."))
        self.found("quokkas")
        self.assertLessEqual(self.settle(), runs + 2)
        harness.answers.check_report(harness.answers.parse((site / "report.json").read_bytes()))
        self.finish()

    def test_files_written_by_jekyll_and_editors_start_no_run(self):
        site = self.site({"_posts/2020-01-02-a.md": post("A", "Of quokkas."),
                          "_site/a/index.html": "x"}, config="title: T\n")
        self.index_dir = site / "index"
        self.start("-v", site=".", cwd=site)
        runs = self.settle()
        for number in range(5):
            self.write("site/_site/a/index.html", str(number))
            self.write("site/_site/b/note.md", str(number))
            self.write("site/one.md.swp", str(number))
        self.assertEqual(self.settle(), runs)
        self.finish()

    def test_a_touched_file_prints_nothing(self):
        self.site(GUIDE)
        self.start()
        runs = self.runs()
        os.utime(self.dir / "site/one.md")
        self.settle()
        self.assertEqual(self.runs(), runs)
        self.finish()

    def test_full_applies_to_the_first_run_only(self):
        self.site(GUIDE)
        self.index("site")
        self.start("-v", "--full")
        self.settle()
        self.assertEqual(self.output().count(", published"), 1)
        self.finish()

    def test_the_report_is_always_complete(self):
        self.site(GUIDE)
        report = self.dir / "reports/report.json"
        report.parent.mkdir()
        self.start("--report", report)
        stop, seen = threading.Event(), set()

        def read():
            while not stop.is_set():
                seen.add(harness.answers.parse(report.read_bytes())["revision"])

        thread = threading.Thread(target=read)
        thread.start()
        for count, word in enumerate(("quokkas", "numbats", "bilbies"), 2):
            self.write("site/one.md", post("First", f"Of {word}."))
            self.found(word)
            self.until(lambda count=count: len(seen) == count)
        stop.set()
        thread.join()
        self.assertEqual(os.listdir(report.parent), ["report.json"])
        self.finish()

    def test_a_post_is_published_when_its_date_comes(self):
        due = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=4)
        files = {"_posts/2020-01-02-a.md": post("A", "Of quokkas."),
                 "_posts/2020-01-03-b.md": post("B", "Of numbats.", date=f"{due:%Y-%m-%d %H:%M:%S} +0000")}
        self.site(files, config="title: T\n")
        self.start()
        total = self.total("numbats")
        if datetime.datetime.now(datetime.timezone.utc) < due:  # else the machine was too busy
            self.assertEqual(total, 0)
        self.found("numbats")
        self.assertGreaterEqual(datetime.datetime.now(datetime.timezone.utc),
                                due.replace(microsecond=0))
        self.finish()


if __name__ == "__main__":
    harness.main()
