# SPDX-License-Identifier: GPL-2.0-or-later
"""indexer: progress (a bar on a terminal, plain lines, or nothing), the summary at the end, and the
note that the index keeps the last good post of a file that became invalid."""

import fcntl
import json
import os
import pty
import re
import shutil
import signal
import struct
import subprocess
import termios
import time

import harness
from harness import post

BAD = "---\ntitle: [open\n---\n\nWords.\n"
CLEAR = "\r\x1b[K"
SLOW = {f"{n}.md": post(f"Post {n}", f"word{n} " * 20000) for n in range(16)}


class Held(harness.Case):
    def hold(self, seconds):
        """Pauses the run as soon as it reads posts, so that even on a fast machine it takes long."""
        while not list(self.index_dir.glob("run.*/p*")) and self.process.poll() is None:
            time.sleep(0.001)
        self.process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self.process.send_signal(signal.SIGCONT)


class Terminal(Held):
    """indexer on a pseudo-terminal of its own."""

    def start(self, *args, columns=80, term="xterm"):
        self.side, other = pty.openpty()
        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.process = subprocess.Popen([harness.INDEXER, "-o", "index", *map(str, args)], cwd=self.dir,
                                        env=harness.environment({"TERM": term}),
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=other)
        os.close(other)
        self.addCleanup(os.close, self.side)
        self.addCleanup(self.process.wait)
        self.addCleanup(self.process.kill)

    def read(self):
        """Waits for the run to end, and returns everything that it has printed."""
        said = b""
        while True:
            try:
                said += os.read(self.side, 65536)
            except OSError:  # the other side is closed
                break
        self.process.wait(timeout=120)
        return said.decode()

    def run_on(self, *args, held=0.5, **kwargs):
        self.start(*args, **kwargs)
        if held:
            self.hold(held)
        return self.read()

    def run_shown(self, *args, shown="reading", **kwargs):
        """Runs until the output matches `shown`: on a busy machine a run can be paused too early or too late."""
        for _ in range(10):
            said = self.run_on("--jobs", 1, "--full", *args, **kwargs)
            if re.search(shown, said):
                break
        return said

    def frames(self, said):
        return [frame.split("\x1b[K")[0] for frame in said.split("\r") if frame.strip("\x1b[K")]

    def test_a_bar_is_shown_and_removed_at_the_end(self):
        site = self.site(SLOW)
        said = self.run_shown(site)
        self.assertEqual(self.process.returncode, 0)
        self.assertRegex(said, r"reading posts \[#*\.+\] +\d+/16")
        self.assertTrue(said.endswith(CLEAR), said[-80:])
        self.assertNotIn("\n", said)
        for frame in self.frames(said):
            self.assertLess(len(frame), 80, frame)

    def test_the_bar_shows_the_rate_and_the_time_left(self):
        said = self.run_shown(self.site(SLOW), held=1.2, shown=r" [1-9]\d*/16")  # no rate before the first post
        self.assertRegex(said, r"/16  [\d.]+/s  \d+ s left")

    def test_the_bar_is_drawn_at_most_ten_times_a_second(self):
        began = time.monotonic()
        said = self.run_on("--jobs", 1, self.site(SLOW))
        self.assertLessEqual(said.count("\r"), (time.monotonic() - began) * 10 + 2)

    def test_the_bar_fits_a_narrow_terminal(self):
        site = self.site(SLOW)
        for columns in (12, 30, 50):
            said = self.run_shown(site, columns=columns, held=1.2)
            frames = self.frames(said)
            self.assertTrue(any("reading" in frame for frame in frames), said)
            for frame in frames:
                self.assertLess(len(frame), columns, frame)

    def test_a_short_run_shows_nothing(self):
        site = self.site({"a.md": post("A", "words")})
        for options in ([], ["--progress", "always"]):
            began = time.monotonic()
            said = self.run_on(*options, site, held=0)
            if time.monotonic() - began < 0.3:
                self.assertEqual(said, "")

    def test_errors_clear_the_bar_and_take_a_line_each(self):
        said = self.run_on("--jobs", 1, self.site({**SLOW, "zz.md": BAD}))
        self.assertRegex(said, re.escape(CLEAR) + r"\S*site/zz\.md:\d+:\d+: .*\r\n$")

    def test_progress_never_and_quiet_show_no_bar(self):
        site = self.site(SLOW)
        self.assertEqual(self.run_on("--progress", "never", site), "")
        self.assertEqual(self.run_on("--full", "-q", site), "")

    def test_a_dumb_terminal_gets_plain_lines_only_when_asked(self):
        site = self.site(SLOW)
        self.assertEqual(self.run_on(site, term="dumb"), "")
        said = self.run_on("--full", "--progress", "always", site, term="dumb")
        self.assertIn("indexer: reading posts: 16 in ", said)
        self.assertNotIn("\x1b", said)

    def test_an_interrupted_run_removes_the_bar_and_says_so(self):
        self.start("--jobs", 1, self.site(SLOW))
        self.hold(0.5)
        while b"reading" not in os.read(self.side, 65536):
            pass
        self.process.send_signal(signal.SIGINT)
        said = self.read()
        self.assertEqual(self.process.returncode, 3)
        self.assertTrue(said.endswith(CLEAR + "indexer: interrupted\r\n"), said[-80:])


class Lines(Held):
    def test_each_phase_prints_a_line_with_its_time(self):
        result = self.indexer("-o", "index", "--progress", "always", self.site(SLOW))
        said = result.errors
        self.assertRegex(said, r"\Aindexer: looking at files: \d+\.\d s\n"
                               r"(?:indexer: .*\n)*indexer: reading posts: 16 in \d+\.\d s\n"
                               r"(?:indexer: .*\n)*indexer: gathering resources: \d+\.\d s\n"
                               r"(?:indexer: .*\n)*indexer: writing the index: \d+\.\d s\n\Z")
        self.assertTrue(result.text.startswith("indexed 16 posts"))

    def test_an_unchanged_site_prints_only_the_first_phase(self):
        site = self.site({"a.md": post("A", "words")})
        self.index(site)
        said = self.indexer("-o", "index", "--progress", "always", site).errors
        self.assertRegex(said, r"\Aindexer: looking at files: 1 in \d+\.\d s\n(indexer: .*\n)*\Z")

    def test_a_slow_phase_prints_its_progress_every_few_seconds(self):
        """A run that is paused for longer than the interval then prints its progress."""
        self.process = subprocess.Popen(
            [harness.INDEXER, "-o", "index", "--jobs", "1", "--progress", "always", self.site(SLOW)],
            cwd=self.dir, env=harness.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.addCleanup(self.process.wait)
        self.addCleanup(self.process.kill)
        self.hold(5.5)
        _, said = self.process.communicate(timeout=120)
        self.assertEqual(self.process.returncode, 0)
        self.assertRegex(said.decode(), r"(?m)^indexer: reading posts: \d+ of 16\b")

    def test_without_a_terminal_nothing_is_printed_unless_asked(self):
        site = self.site(SLOW)
        for options in ([], ["--progress", "auto"], ["--progress", "never"]):
            self.assertEqual(self.indexer("-o", "index", "--full", *options, site).err, b"")


class Summary(harness.Case):
    def said(self, *args, **kwargs):
        return re.sub(r" in \d+\.\d\d s", "", self.indexer("-o", "index", *args, **kwargs).text)

    def test_the_summary_counts_what_was_added_and_removed(self):
        site = self.site({"a.md": post("A", "[one](https://one.example/)"), "b.md": post("B", "words")})
        self.assertEqual(self.said("--dry-run", site), "A a.md\nA b.md\nA https://one.example\n"
                         "would index 2 posts (2 added), 1 resource (1 added)\n")
        self.assertEqual(self.said(site), "indexed 2 posts (2 added), 1 resource (1 added)\n")
        self.assertEqual(self.said(site), "nothing changed: 2 posts, 1 resource\n")
        self.assertEqual(self.said("--dry-run", site), "nothing would change: 2 posts, 1 resource\n")
        self.assertEqual(self.said("--full", site), "indexed 2 posts, 1 resource\n")
        (site / "b.md").unlink()
        self.assertEqual(self.said(site), "indexed 1 post (1 removed), 1 resource\n")

    def test_changed_settings_alone_count_as_indexing(self):
        files = {"_posts/2018-04-10-a.md": post("A", "words")}
        site = self.site(files, config="url: https://a.example\n")
        self.index(site)
        self.write("site/_config.yml", "url: https://b.example\n")
        self.assertEqual(self.said("--dry-run", site), "would index 1 post, 0 resources\n")
        self.assertEqual(self.said(site), "indexed 1 post, 0 resources\n")


class KeptPosts(harness.Case):
    """The index keeps the last good post of a file that becomes invalid, and the report says so."""

    KEPT, NOT = "(the index keeps its last good post)", "(not in the index)"

    def setUp(self):
        super().setUp()
        self.where = self.site({"old.md": post("Old", "marker"), "good.md": post("Good", "words")})
        self.index(self.where)
        self.write("site/old.md", BAD)
        self.write("site/new.md", BAD)

    def check(self, *options, there=1):
        report = self.index(self.where, options=options, expect=1)
        kept = {os.path.basename(error["path"]): error["message"].endswith(self.KEPT) for error in report["errors"]}
        self.assertEqual(kept, {"old.md": True, "new.md": False})
        for error in report["errors"]:
            self.assertTrue(error["message"].endswith((self.KEPT, self.NOT)), error)
        self.assertEqual(self.answer("marker", "kind:post")["total"], there)

    def test_an_incremental_run_keeps_the_last_good_post(self):
        self.check()
        self.check()

    def test_a_full_run_keeps_the_last_good_post(self):
        self.check("--full")

    def test_dry_and_strict_runs_report_which_posts_are_kept(self):
        self.check("--dry-run")
        self.check("--strict")
        self.check("--strict", "--full")

    def as_nobody(self, *args):
        """The report of a run by a user who may not read every file."""
        result = harness.run([self.dir / "indexer", "-q", "--report", "-", "-o", self.index_dir, *args, self.where],
                             **({"user": 65534} if os.geteuid() == 0 else {}))
        self.assertEqual(result.code, 1, str(result))
        return json.loads(result.out)

    def test_the_posts_of_an_unreadable_folder_are_kept(self):
        self.write("site/deep/one.md", post("One", "below [it](https://it.example/)"))
        self.index(self.where, expect=1)
        shutil.copy(harness.INDEXER, self.dir / "indexer")
        (self.where / "deep").chmod(0)
        self.addCleanup((self.where / "deep").chmod, 0o755)
        if os.geteuid() == 0:
            for path in (self.dir, *self.dir.rglob("*")):
                os.chown(path, 65534, 65534)
        for options in ([], ["--full"], ["--dry-run", "--full"], []):
            report = self.as_nobody(*options)
            [error] = [error for error in report["errors"] if error["path"].endswith("deep")]
            self.assertIn("(the index keeps its posts)", error["message"])
            self.assertEqual(self.full_urls("below it", "kind:post"), ["/deep/one/"])
            self.assertEqual(self.answer("it", "kind:resource")["total"], 1)

    def check_kept_in_folder(self, folder, words, options=()):
        """The folder cannot be read, but the post with the words stays."""
        report = self.index("hidden", options=options, expect=1)
        self.assertEqual(report["posts"]["removed"], 0)
        self.assertTrue(all(error["path"].startswith(f"hidden/{folder}") for error in report["errors"]), report)
        self.assertTrue(any("(the index keeps its" in error["message"] for error in report["errors"]), report)
        self.assertEqual(self.answer(words, "kind:post")["total"], 1)

    def test_the_posts_in_a_circle_of_links_are_kept(self):
        """No other user is needed for a folder that cannot be read."""
        settings = {"_pages": "include: [_pages/about.md, _none/none.md, '" + 300 * "n" + ".md']\n",
                    "docs": "collections_dir: docs\n", "deep/docs": "collections_dir: deep/docs\n"}
        for folder, config in settings.items():
            name = "about.md" if folder == "_pages" else "sub/_posts/2020-01-01-about.md"
            site = self.site({f"{folder}/{name}": post("About", "hiddenword")}, name="hidden", config=config)
            self.assertEqual(self.index("hidden")["errors"], [])
            self.assertEqual(self.answer("hiddenword", "kind:post")["total"], 1)
            shutil.rmtree(site / folder)
            (site / folder).symlink_to((site / folder).name)
            self.check_kept_in_folder(folder, "hiddenword")
            self.check_kept_in_folder(folder, "hiddenword", ["--full"])
            shutil.rmtree(site)

    def test_an_included_file_in_an_unreadable_folder_is_kept(self):
        self.write("site/_config.yml", "include: [_pages/about.md]\n")
        self.write("site/_pages/about.md", post("About", "hiddenword"))
        self.index(self.where, expect=1)
        shutil.copy(harness.INDEXER, self.dir / "indexer")
        (self.where / "_pages").chmod(0)
        self.addCleanup((self.where / "_pages").chmod, 0o755)
        if os.geteuid() == 0:
            for path in (self.dir, *self.dir.rglob("*")):
                os.chown(path, 65534, 65534)
        for options in ([], ["--full"]):
            report = self.as_nobody(*options)
            [error] = [error for error in report["errors"] if error["path"].endswith("about.md")]
            self.assertTrue(error["message"].endswith(self.KEPT), error)
            self.assertEqual(self.answer("hiddenword", "kind:post")["total"], 1)

    def test_a_collections_dir_may_be_a_link(self):
        site = self.site({"real/_posts/2020-01-01-a.md": post("A", "linkword"),
                          "real/sub/_posts/2020-01-02-b.md": post("B", "linkword"),
                          "real/_guides/c.md": post("C", "linkword"),
                          "other/_posts/2020-01-03-d.md": post("D", "linkword")}, name="linked",
                         config="collections_dir: in/docs\ncollections: {guides: {output: true}}\n")
        (site / "in").symlink_to("other")
        (site / "other/docs").symlink_to("../real")
        self.assertEqual(self.index("linked")["posts"]["added"], 3)

    def check_one_url(self, old, new, words, change, folder):
        """`old` becomes invalid, and `new` is a page with its URL: only one of them stays, as Jekyll writes it."""
        site = self.site({old: post("Old", "firstword", permalink="/x/")}, name=folder, config="url: https://a.example\n")
        self.site({f"{n}.md": post(f"Page {n}", "filler") for n in range(20)}, name=f"{folder}2")
        index = self.dir / f"index-{folder}"
        self.index(folder, f"{folder}2", index=index)
        self.write(f"{folder}/{old}", BAD)
        self.write(f"{folder}/{new}", post("New", "secondword", permalink="/x/"))
        change(site)
        report = self.index(folder, f"{folder}2", index=index, expect=1)
        self.assertEqual([error["message"].endswith(self.KEPT) for error in report["errors"]], [words == "firstword"])
        answer = self.answer("firstword OR secondword", "kind:post", index=index)
        self.assertEqual([answer["total"], self.answer(words, "kind:post", index=index)["total"]], [1, 1])

    def test_a_kept_post_and_another_page_do_not_share_a_url(self):
        """Nothing but the old post says which URL the invalid file had."""
        changes = [lambda site: None,
                   lambda site: (self.dir / f"index-{site.name}" / "manifest").unlink(),
                   lambda site: self.write(f"{site.name}/_config.yml", "url: https://b.example\n")]
        for number, change in enumerate(changes):
            self.check_one_url("a.md", "b.md", "secondword", change, f"u{number}")
            self.check_one_url("b.md", "a.md", "firstword", change, f"v{number}")

    def test_the_post_of_a_broken_symbolic_link_is_kept(self):
        (self.where / "good.md").unlink()
        (self.where / "good.md").symlink_to("nothing")
        for options in ([], ["--full"]):
            report = self.index(self.where, options=options, expect=1)
            [error] = [error for error in report["errors"] if error["path"].endswith("good.md")]
            self.assertTrue(error["message"].endswith(self.KEPT), error)
            self.assertEqual(self.full_urls("words"), ["/good/"])

    def test_messages_say_whether_a_post_is_kept(self):
        result = self.indexer("-o", "index", self.where, expect=1)
        self.assertRegex(result.errors, r"old\.md:\d+:\d+: .*" + re.escape(self.KEPT) + "\n")
        self.assertRegex(result.errors, r"new\.md:\d+:\d+: .*" + re.escape(self.NOT) + "\n")
        self.assertIn("2 files could not be indexed; the last good version of 1 of them stays in the index", result.text)

    def test_a_fixed_file_replaces_the_kept_post(self):
        self.check()
        self.write("site/old.md", post("Old", "fresh"))
        (self.where / "new.md").unlink()
        self.assertEqual(self.index(self.where)["errors"], [])
        self.assertEqual(self.answer("marker", "kind:post")["total"], 0)

    def test_a_removed_file_removes_the_kept_post(self):
        self.check()
        (self.where / "old.md").unlink()
        (self.where / "new.md").unlink()
        self.index(self.where)
        self.assertEqual(self.answer("marker", "kind:post")["total"], 0)


if __name__ == "__main__":
    harness.main()
