# SPDX-License-Identifier: GPL-2.0-or-later
"""indexer --watch: what changes is found soon, nothing that only looks like a change costs a run, a
post that is being saved is never missed, and nothing but a signal ends it."""

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

SOON = 10  # seconds in which a change must be found, on a machine that has other things to do
QUIET = 0.6  # and in which nothing more happens, where nothing should
NO_WATCHES = os.environ.get("SIGNPOST_NO_WATCHES")
GUIDE = {
    "one.md": post("First guide", "Words about residencies. [AI Grant](https://aigrant.org/) helps."),
    "deep/two.md": post("Second guide", "Words about research."),
}
BROKEN = "---\ntitle: [open\n---\n\nWords.\n"
MAX_EVENTS = "/proc/sys/fs/inotify/max_queued_events"


class Watch(harness.Case):
    """A watch of self.dir/site into self.dir/index, with what it has said so far."""

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
        """How many runs have said something; with -v, all."""
        return self.output().count("indexed ") + self.output().count("nothing changed: ")

    def until(self, happened, seconds=SOON):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.assertIsNone(self.process.poll(), "it ended")
            if happened():
                return
            time.sleep(0.02)
        self.fail(f"not within {seconds} s\nout: {self.output()}\nerr: {self.errors()}")

    def total(self, query):
        return self.answer("--exact", "--kind", "post", query)["total"]

    def found(self, query, count=1):
        self.until(lambda: self.total(query) == count)

    def settle(self):
        """Until the runs have come to rest, however many there are; only with -v."""
        runs = -1
        while runs != self.runs():
            runs = self.runs()
            time.sleep(QUIET)
        return runs

    def finish(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        self.assertEqual(self.process.wait(timeout=60), 0, self.errors())
        self.assertNotIn("Sanitizer", self.errors())
        self.assertNotIn("runtime error", self.errors())

    @contextlib.contextmanager
    def reader(self, query, count=1):
        """Somebody who asks all the time, and must get an answer each time."""
        seen, stop = [], threading.Event()

        def ask():
            while not stop.is_set():
                seen.append(self.total(query))

        thread = threading.Thread(target=ask)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
        self.assertGreater(len(seen), 0)
        self.assertEqual(set(seen), {count})


class Changes(Watch):
    def test_files_and_folders(self):
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

    def test_a_folder_moved_in_and_out(self):
        site = self.site(GUIDE)
        self.site({"in/eight.md": post("Eighth", "Of echidnas.")}, name="beside")
        self.start()
        (self.dir / "beside/in").rename(site / "in")
        self.found("echidnas")
        (site / "in").rename(self.dir / "beside/out")
        self.found("echidnas", 0)
        self.finish()

    def test_several_sites(self):
        self.site(GUIDE)
        self.site({"nine.md": post("Ninth", "Of emus.")}, name="other")
        self.start("other")
        self.found("emus")
        self.write("other/nine.md", post("Ninth", "Of cassowaries."))
        self.found("cassowaries")
        self.finish()

    def test_the_site_itself_is_replaced(self):
        site = self.site(GUIDE)
        self.start()
        self.site({"one.md": post("First", "Of galahs.")}, name="next")
        site.rename(self.dir / "before")
        (self.dir / "next").rename(site)
        self.found("galahs")
        self.write("site/one.md", post("First", "Of corellas."))
        self.found("corellas")
        site.rename(self.dir / "away")  # for a while there is none
        self.until(lambda: "site" in self.errors().partition("changes\n")[2])
        self.assertEqual(self.total("corellas"), 1)
        (self.dir / "away").rename(site)
        self.write("site/one.md", post("First", "Of lorikeets."))
        self.found("lorikeets")
        self.assertEqual(len(self.errors().splitlines()), 2)
        self.finish()

    def test_a_link_to_the_site_is_turned(self):
        for number, word in (("1", "galahs"), ("2", "corellas")):
            self.site({"one.md": post("First", f"Of {word}.")}, name=f"release{number}")
        os.symlink("release1", self.dir / "site")
        self.start()
        self.found("galahs")
        os.symlink("release2", self.dir / "new")
        os.rename(self.dir / "new", self.dir / "site")
        self.found("corellas")
        self.finish()

    def test_what_links_lead_to(self):
        self.site({"_shared/a.txt": "---\ntitle: A\n---\nOf skinks.\n"}, config="title: T\n")
        os.symlink("_shared/a.txt", self.dir / "site/a.md")
        self.start()
        self.found("skinks")
        self.write("site/_shared/a.txt", "---\ntitle: A\n---\nOf geckos.\n")
        self.found("geckos")
        self.finish()

    def test_many_files_are_replaced(self):
        """As a version control does: each removed and written anew, for seconds."""
        names = [f"p{n}.md" for n in range(200)]
        self.site({name: post(name, f"Words before, {name}.") for name in names} | GUIDE)
        self.start()
        with self.reader("residencies"):
            for name in names:
                (self.dir / "site" / name).unlink()
                self.write(f"site/{name}", post(name, f"Words afterwards, {name}."))
                time.sleep(0.008)
            self.found("afterwards", len(names))
        self.assertEqual(self.total("before"), 0)
        self.finish()

    @unittest.skipUnless(os.path.exists(MAX_EVENTS), "no inotify")
    def test_more_events_than_fit(self):
        with open(MAX_EVENTS, encoding="ascii") as limit:
            most = int(limit.read())
        if most > 100000:
            self.skipTest("the system keeps too many events")
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
    """A file that an editor saves is away or empty for an instant."""

    def setUp(self):
        super().setUp()
        site = self.site(GUIDE)
        self.path, self.count = site / "one.md", 0
        self.start()

    def text(self):
        self.count += 1
        return post("First guide", f"Words about residencies, save{self.count}.").encode()

    def save(self, how, pauses):
        with self.reader("residencies"):
            for pause in pauses:
                how(self.text())
                time.sleep(pause)
            self.found(f"save{self.count}")
        self.finish()

    def aside_and_anew(self, text):
        """As vim: the old file becomes the backup."""
        backup = self.path.with_name("one.md~")
        self.path.rename(backup)
        time.sleep(0.03)
        with open(self.path, "wb") as file:
            time.sleep(0.03)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        backup.unlink()

    def beside_and_over(self, text):
        beside = self.path.with_name(".one.md.tmp")
        beside.write_bytes(text)
        beside.rename(self.path)

    def emptied_and_filled(self, text, pause=0.03):
        with open(self.path, "wb") as file:
            time.sleep(pause)
            file.write(text[:20])
            file.flush()
            time.sleep(pause)
            file.write(text[20:])

    PAUSES = [0.01, 0.25, 0.1, 0.22, 0.3, 0.2] * 2

    def test_backup_and_rename(self):
        self.save(self.aside_and_anew, self.PAUSES)

    def test_write_and_rename(self):
        self.save(self.beside_and_over, self.PAUSES)

    def test_truncate_and_write(self):
        self.save(self.emptied_and_filled, self.PAUSES)

    def test_slow_write(self):
        self.save(lambda text: self.emptied_and_filled(text, 0.4), [0, 0.3])

    def test_without_a_pause(self):
        self.save(self.aside_and_anew, [0.04] * 35)

    def test_vim(self):
        vim = shutil.which("vim")
        if not vim:
            self.skipTest("no vim")
        env = harness.environment({"TERM": "dumb"})

        def edit(text):
            self.write("text", text)
            subprocess.run([vim, "-u", "NONE", "-es", "-c", "set backupskip= backupcopy=no writebackup",
                            "-c", "%d", "-c", f"0r {self.dir}/text", "-c", "w", "-c", "q", self.path],
                           env=env, check=True, stdin=subprocess.DEVNULL, timeout=60)

        self.save(edit, [0.1, 0.25])


class Trouble(Watch):
    def test_a_post_breaks_and_is_mended(self):
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

    def test_a_post_is_mended_to_what_it_was(self):
        self.site(GUIDE)
        self.start()
        runs = self.runs()
        self.write("site/one.md", BROKEN)
        self.until(lambda: "one.md:3:" in self.errors())
        self.assertEqual(self.runs(), runs)
        self.write("site/one.md", GUIDE["one.md"])
        self.until(lambda: self.runs() == runs + 1)
        self.finish()

    def test_settings_break_and_are_mended(self):
        files = {"_posts/2020-01-02-a.md": post("A", "Of quokkas.")}
        self.site(files, config="title: One\n")
        self.start()
        self.write("site/_config.yml", "title: [One\n")
        self.until(lambda: "_config.yml:" in self.errors())
        self.write("site/_posts/2020-01-03-b.md", post("B", "Of numbats."))
        time.sleep(QUIET)
        self.assertEqual(self.errors().count("_config.yml:"), 1)
        self.assertEqual((self.total("quokkas"), self.total("numbats")), (1, 0))
        self.write("site/_config.yml", "title: Two\n")
        self.found("numbats")
        self.finish()

    def test_a_strict_run(self):
        self.site(GUIDE)
        self.start("--strict")
        self.write("site/one.md", BROKEN)
        self.until(lambda: "nothing is changed" in self.errors())
        self.write("site/deep/two.md", post("Second", "Of quokkas."))
        time.sleep(QUIET)
        self.assertEqual(self.total("quokkas"), 0)
        self.assertEqual(self.errors().count("nothing is changed"), 1)
        self.write("site/one.md", GUIDE["one.md"])
        self.found("quokkas")
        self.finish()

    def test_the_first_failure_ends_it(self):
        self.indexer("--watch", "-o", "index", "nowhere", expect=3)
        self.site({"a.md": "text"}, config="title: [One\n")
        plain = self.indexer("-o", "index", "site", expect=None)
        watching = self.indexer("--watch", "-o", "index", "site", expect=plain.code)
        self.assertEqual(watching.err, plain.err)
        self.site(GUIDE | {"bad.md": BROKEN}, name="strict")
        self.assertIn("bad.md", self.indexer("--watch", "--strict", "-o", "index", "strict",
                                             expect=1).errors)

    def test_usage(self):
        for args in (["--watch", "--dry-run"], ["--watch", "--report", "-"], ["--poll", "2"],
                     ["--watch", "--poll", "0"], ["--watch", "--poll", "x"],
                     ["--watch", "--poll", "86401"], ["--watch", "--poll", "-1"]):
            result = self.indexer("-o", "index", *args, "site", expect=2)
            self.assertTrue(result.err)
        self.assertFalse(self.index_dir.exists())

    def test_another_run_has_the_lock(self):
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
            fcntl.lockf(lock, fcntl.LOCK_EX)  # it does not keep it between runs
            self.write("site/one.md", post("First", "Of numbats."))
            self.until(lambda: self.errors().count("locked") == 2)
        self.found("numbats")
        self.index("site")
        self.finish()

    def test_no_watches_are_left(self):
        if not NO_WATCHES:
            self.skipTest("nothing to preload")
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

    def test_polling(self):
        self.site(GUIDE)
        self.start("--poll", "1")
        self.assertIn("every 1 s", self.errors())
        self.write("site/new/three.md", post("Third", "Of numbats."))
        self.found("numbats")
        self.finish(signal.SIGINT)


class Signals(Watch):
    def test_while_it_waits(self):
        self.site(GUIDE)
        for number in (signal.SIGTERM, signal.SIGINT):
            self.start()
            time.sleep(0.3)
            self.finish(number)
            self.assertEqual(self.errors(), "indexer: watching for changes\n")

    def test_while_it_runs(self):
        words = " ".join(f"w{n}" for n in range(400))
        self.site({f"p{n}.md": post(f"P{n}", words) for n in range(1500)})
        self.start("--jobs", "1", ready=None)
        self.until(lambda: any(name.startswith("run.") for name in os.listdir(self.index_dir))
                   if self.index_dir.exists() else False)
        self.finish()
        self.assertFalse((self.index_dir / "XAPIANDB").exists())
        self.assertEqual(set(os.listdir(self.index_dir)), {"lock"})
        self.assertNotIn("interrupted", self.errors())


class Rest(Watch):
    def spent(self):
        """By each thread: how often it was switched to and from, and its ticks of CPU."""
        spent = {}
        for thread in pathlib.Path(f"/proc/{self.process.pid}/task").iterdir():
            # ThreadSanitizer has a thread of its own, which wakes up now and then.
            if harness.SANITIZED and thread.name != str(self.process.pid):
                continue
            switches = re.findall(r"ctxt_switches:\s+(\d+)", (thread / "status").read_text("ascii"))
            spent[thread.name] = switches, (thread / "stat").read_text("ascii").rpartition(")")[2].split()[11:13]
        return spent

    def test_idle(self):
        self.site(GUIDE)
        self.start("-v")
        self.settle()
        before = self.spent()
        time.sleep(3)
        self.assertEqual(self.spent(), before)
        self.finish()

    def test_what_it_writes_does_not_wake_it(self):
        site = self.site(GUIDE | {"_site/one.html": "x"})
        self.index_dir = site / "index"
        self.start("-v", "--report", "report.json", site=".", cwd=site)
        runs = self.settle()
        self.write("site/one.md", post("First", "Of quokkas."))
        self.found("quokkas")
        self.assertLessEqual(self.settle(), runs + 2)
        harness.answers.check_report(harness.answers.parse((site / "report.json").read_bytes()))
        self.finish()

    def test_what_jekyll_writes_does_not_wake_it(self):
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

    def test_a_touch_says_nothing(self):
        self.site(GUIDE)
        self.start()
        runs = self.runs()
        os.utime(self.dir / "site/one.md")
        time.sleep(QUIET)
        self.assertEqual(self.runs(), runs)
        self.finish()

    def test_full_is_for_the_first_run(self):
        self.site(GUIDE)
        self.index("site")
        self.start("-v", "--full")
        self.settle()
        self.assertEqual(self.output().count(", published"), 1)
        self.finish()

    def test_the_report(self):
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
        for word in ("quokkas", "numbats", "bilbies"):
            self.write("site/one.md", post("First", f"Of {word}."))
            self.found(word)
        self.until(lambda: len(seen) == 4)
        stop.set()
        thread.join()
        self.assertEqual(os.listdir(report.parent), ["report.json"])
        self.finish()

    def test_a_date_comes(self):
        due = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=4)
        files = {"_posts/2020-01-02-a.md": post("A", "Of quokkas."),
                 "_posts/2020-01-03-b.md": post("B", "Of numbats.", date=f"{due:%Y-%m-%d %H:%M:%S} +0000")}
        self.site(files, config="title: T\n")
        self.start()
        self.assertEqual(self.total("numbats"), 0)
        self.found("numbats")
        self.assertGreaterEqual(datetime.datetime.now(datetime.timezone.utc),
                                due.replace(microsecond=0))
        self.finish()


if __name__ == "__main__":
    harness.main()
