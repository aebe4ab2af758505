# SPDX-License-Identifier: GPL-2.0-or-later
"""A site cannot make a run read anything outside the site, or wait: settings and links that lead out, links
that are swapped in during the run, and files that are not what their names promise. All tests run with
openat2 and, by a preloaded library, without it."""

import contextlib
import itertools
import os
import pathlib
import resource
import socket
import stat
import threading
import time

import harness
from harness import post

SECONDS = 60  # a run that takes longer hangs
SWAPS = 40 if harness.LONG else 4  # runs against each kind of swapped link
SECRET = "secretword"
WITHOUT_OPENAT2 = {"LD_PRELOAD": os.environ.get("SIGNPOST_OLD_KERNEL")}
# A library that is preloaded must not come before the sanitizer's.
ALL_WAYS = ({}, WITHOUT_OPENAT2) if WITHOUT_OPENAT2["LD_PRELOAD"] and not harness.SANITIZED else ({},)
TURNS = itertools.count()
OUTSIDE = "symbolic link to a f(ile|older) outside the site"

# Settings that are refused, with the place in _config.yml.
REFUSED = {
    "collections_dir: ../private\n": "1:18: collections_dir must be a folder inside the site",
    "title: x\ncollections_dir: a/../../private\n": "2:18: collections_dir must be",
    "collections_dir: {private}\n": "1:18: collections_dir must be",
    "collections_dir: /etc\n": "1:18: collections_dir must be",
    "collections_dir: out\n": "1:18: collections_dir is a symbolic link to a folder outside the site",
    "collections_dir: in/out2\n": "1:18: collections_dir is a symbolic link",
    "source: ..\n": "1:9: source must be a folder inside the site",
    "source: {private}\n": "1:9: source must be",
    "source: out\n": "1:9: source is a symbolic link to a folder outside the site",
    "source: out/deeper\n": "1:9: source is a symbolic link to a folder outside the site",
    "source: absolute-out\n": "1:9: source is a symbolic link to a folder outside the site",
    "include: [x, ../private/page.md]\n": "1:14: include must name files inside the site",
    "include:\n- /../private/page.md\n": "2:3: include must name files inside the site",
    "signpost:\n  pins: {private}/pins.tsv\n": "2:9: pins must be a file inside the site",
    "signpost:\n  pins: ../private/pins.tsv\n": "2:9: pins must be a file inside the site",
    "signpost: {pins: in/../../private/pins.tsv}\n": "1:18: pins must be a file inside the site",
}

# Settings and links that are reported; the other files of the site are indexed.
REPORTED = {
    "collections: {notes: {output: true}}\ninclude: [out/page.md]\n": f"out/page.md:1:1: {OUTSIDE}",
    "include: [absolute-out/page.md]\n": f"absolute-out/page.md:1:1: {OUTSIDE}",
    "signpost: {synonyms: ../private/synonyms.txt}\n": "_config.yml:1:22: signpost.synonyms must name a file",
    "signpost: {synonyms: {private}/synonyms.txt}\n": "_config.yml:1:22: signpost.synonyms must name a file",
    "signpost: {synonyms: out/synonyms.txt}\n": f"out/synonyms.txt:1:1: {OUTSIDE}",
}


def ways():
    """Both ways to open files; in the quick form, each call returns one of them by turns."""
    return ALL_WAYS if harness.LONG else (ALL_WAYS[next(TURNS) % len(ALL_WAYS)],)


class Traps(harness.Case):
    def setUp(self):
        super().setUp()
        self.private = self.dir / "private"
        for path in ("page.md", "_notes/page.md", "_posts/2020-01-01-page.md", "deeper/page.md"):
            self.write(self.private / path, post("Private", SECRET))
        self.write(self.private / "pins.tsv", f"{SECRET}\n")
        self.write(self.private / "synonyms.txt", f"{SECRET}\n")
        self.write(self.private / "judgments.tsv", f"{SECRET}\n")
        self.write(self.private / "_config.yml", f"title: [{SECRET}\n")
        self.private.chmod(0o700)

    def make(self, config="title: x\n", files=None):
        with contextlib.suppress(FileNotFoundError):
            harness.shutil.rmtree(self.dir / "site")
        good = {"good.md": post("Good", "goodword"), "in/inner.md": post("Inner", "innerword"),
                "real/_notes/a.md": post("Note", "noteword"), "real/_posts/2020-01-01-b.md": post("P", "postword")}
        site = self.site({**good, **(files or {})}, config=config)
        for name, target in {"out": "../private", "in/out2": "../../private", "absolute-out": self.private,
                             "_notes": "../private/_notes", "_posts": "../private/_posts", "folder": "../private",
                             "linked": "real", "absolute-linked": site / "real"}.items():
            os.symlink(target, site / name)
        return site

    def run_site(self, *options, way=None, expect=None):
        """Runs the indexer, which must not hang or say anything about what is private."""
        result = self.indexer("-q", "-o", self.index_dir, *options, "site", expect=expect, timeout=SECONDS,
                              env=way or {})
        self.assertNotIn(SECRET, result.errors)
        if (self.index_dir / "XAPIANDB").exists():
            self.assertEqual(self.answer("--exact", "-n", 50, SECRET)["total"], 0, result.errors)
        return result

    def site_with(self, config):
        return self.make(config.replace("{private}", str(self.private)))

    def test_settings_that_lead_out_are_refused_with_file_and_line(self):
        for config, message in REFUSED.items():
            for way in ways():
                with self.subTest(config=config, way=way):
                    self.site_with(config)
                    result = self.run_site(way=way, expect=3)
                    self.assertIn(f"site/_config.yml:{message}", result.errors)
                    self.assertFalse((self.index_dir / "XAPIANDB").exists())

    def test_other_settings_that_lead_out_are_reported_and_the_rest_is_indexed(self):
        for config, message in REPORTED.items():
            for way in ways():
                with self.subTest(config=config, way=way):
                    self.site_with(config)
                    self.assertRegex(self.run_site(way=way, expect=1).errors, message)
                    self.assertEqual(self.full_urls("goodword"), ["/good.html"])

    def test_settings_may_name_links_that_stay_inside(self):
        for way in ways():
            for name in ("linked", "absolute-linked", "./linked/"):
                self.make(f"source: {name}\ncollections: {{notes: {{output: true}}}}\n")
                with self.subTest(name=name, way=way):
                    self.run_site(way=way, expect=0)
                    self.assertEqual(self.full_urls("noteword"), ["/notes/a.html"])
                    self.assertEqual(self.full_urls("postword"), ["/2020/01/01/b.html"])
            for name in ("linked", "absolute-linked"):
                self.make(f"collections_dir: {name}\ncollections: {{notes: {{output: true}}}}\n")
                self.run_site(way=way)
                self.assertEqual(self.full_urls("noteword"), ["/notes/a.html"])

    def check_file(self, name, inside, code, message, options=()):
        """A file that the run looks for by its name: as a link that leads out, and as one that does not."""
        for way in ways():
            for target in (f"../private/{name}", self.private / name, "out/" + name):
                with self.subTest(target=target, way=way):
                    site = self.make()
                    (site / name).unlink(missing_ok=True)
                    os.symlink(target, site / name)
                    result = self.run_site(*options, way=way, expect=code)
                    self.assertRegex(result.errors, f"{name}:1:1: {message}|{name}: {message}")
            for target in (f"in/{name}", self.dir / "site/in" / name, f"linked/../in/{name}"):
                with self.subTest(target=target, way=way):
                    site = self.make(files={f"in/{name}": inside})
                    (site / name).unlink(missing_ok=True)
                    os.symlink(target, site / name)
                    self.run_site(*options, way=way, expect=0)

    def test_pins_may_be_a_link_inside_the_site_only(self):
        self.check_file("pins.tsv", "good\t/good.html\n", 3, OUTSIDE)

    def test_synonyms_may_be_a_link_inside_the_site_only(self):
        self.check_file("synonyms.txt", "good, fine\n", 1, OUTSIDE)
        self.assertEqual(self.urls("fine"), ["/good.html"])

    def test_judged_queries_may_be_a_link_inside_the_site_only(self):
        self.check_file("judgments.tsv", "good\t/good.html\t3\n", 3, OUTSIDE, ("--require", "recall@10>=0"))

    def test_settings_may_be_a_link_inside_the_site_only(self):
        self.check_file("_config.yml", "title: Inside\n", 3, OUTSIDE)

    def test_settings_that_are_a_link_to_nothing_do_not_make_a_plain_tree(self):
        site = self.make()
        (site / "_config.yml").unlink()
        os.symlink("in/none.yml", site / "_config.yml")
        self.assertIn("_config.yml", self.run_site(expect=3).errors)

    def test_pins_and_synonyms_that_settings_name_are_used(self):
        self.make("signpost: {pins: linked/p.tsv, synonyms: linked/s.txt}\n",
                  {"real/p.tsv": "first pick\t/in/inner.html\n", "real/s.txt": "goodword, splendid\n"})
        for way in ways():
            self.run_site(way=way, expect=0)
            self.assertEqual(self.urls("first pick")[0], "/in/inner.html")
            self.assertEqual(self.urls("splendid"), ["/good.html"])

    def test_a_warning_does_not_say_which_files_exist_outside(self):
        said = set()
        for name in ("page.md", "none.md"):
            self.make(files={"good.md": post("Good", f"goodword [x](/out/{name}) [y](/in/out2/{name})")})
            said.add(self.run_site("-W", "broken-link").errors.replace(name, "*"))
        self.assertEqual(len(said), 1, said)

    # Files that are not what their names promise

    def make_special(self, path, kind):
        if kind == "fifo":
            os.mkfifo(path)
        elif kind == "socket":
            here = os.getcwd()
            with socket.socket(socket.AF_UNIX) as bound:
                os.chdir(path.parent)
                bound.bind(path.name)
                os.chdir(here)
        elif kind == "device":
            os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 5))  # /dev/zero
        elif kind == "folder":
            path.mkdir()
        elif kind == "huge":
            with path.open("wb") as file:
                file.truncate(2 << 30)
        elif kind == "loop":
            os.symlink(path.name, path)
        elif kind == "folders":
            os.symlink(".", path)
        else:
            os.symlink({"zero": "/dev/zero", "passwd": "/etc/passwd", "proc": "/proc/self/mem",
                        "process": "/proc/self/fd/0", "root": "/", "up": ".."}[kind], path)

    def kinds(self):
        kinds = ["fifo", "socket", "folder", "huge", "loop", "folders", "zero", "passwd", "proc", "process",
                 "root", "up"]
        try:
            self.make_special(self.dir / "device", "device")
            return kinds + ["device"]
        except PermissionError:
            print("devices are left out: only root can make them")
            return kinds

    def test_no_trap_is_followed_out_and_none_hangs(self):
        traps, kinds, before = 0, self.kinds(), resource.getrusage(resource.RUSAGE_CHILDREN)
        for way in ways():
            site = self.make()
            for kind in kinds:
                self.make_special(site / f"{kind}.md", kind)
                self.make_special(site / "in" / f"2020-01-01-{kind}.markdown", kind)
                traps += 2
            result = self.run_site(way=way, expect=1)
            for name in ("fifo", "socket", "huge", "loop", "zero", "passwd", "proc", "process"):
                self.assertIn(f"site/{name}.md:1:1: ", result.errors)
            self.assertEqual(self.full_urls("goodword"), ["/good.html"])
            self.assertEqual(self.answer("--exact", "nologin")["total"], 0)
            for name, code in (("pins.tsv", 3), ("synonyms.txt", 1), ("judgments.tsv", 3), ("_config.yml", 3)):
                traps += len(kinds)
                for kind in kinds:
                    site = self.make()
                    (site / name).unlink(missing_ok=True)
                    self.make_special(site / name, kind)
                    with self.subTest(name=name, kind=kind, way=way):
                        options = ("--require", "recall@10>=0") if name == "judgments.tsv" else ()
                        result = self.run_site(*options, way=way, expect=code)
                        self.assertIn(f"site/{name}:", result.errors)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.assertLess(after.ru_maxrss, 1 << 20, "a run read a huge file")
        self.assertLess(after.ru_utime - before.ru_utime, traps * 2)
        traps += self.swap_all()
        harness.row("file traps", f"{traps} of {traps}: none followed out, none hangs")

    # Links that appear while a run works

    @contextlib.contextmanager
    def meanwhile(self, *steps):
        """Repeats the steps in a thread."""
        stop, failures = threading.Event(), []

        def work():
            try:
                while not stop.is_set():
                    for step in steps:
                        step()
            except OSError as error:  # shown by the assertion below
                failures.append(error)
        thread = threading.Thread(target=work)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
        self.assertEqual(failures, [])

    def swap_all(self):
        """A file, a folder above it and the settings are exchanged for links and back, all the time."""
        site = self.make(files={f"many/x{n}.md": post(f"X{n}", "word") for n in range(30)})
        for name in ("folder", "pins.tsv", "synonyms.txt"):
            with contextlib.suppress(FileNotFoundError):
                (site / name).unlink()
        old, aside = site / ".old", site / ".aside"

        def put(path, make):
            make(old)
            os.replace(old, path)

        def file_then_link(path, target, text):
            return (lambda: put(path, lambda new: os.symlink(target, new)),
                    lambda: put(path, lambda new: new.write_text(text)))

        def folder_to_link(path, target):
            os.rename(path, aside)
            os.symlink(target, path)

        def link_to_folder(path):
            os.unlink(path)
            os.rename(aside, path)

        swaps = [file_then_link(site / "many/x1.md", self.private / "page.md", post("X", "word")),
                 file_then_link(site / "pins.tsv", "../private/pins.tsv", "a\t/good.html\n"),
                 file_then_link(site / "synonyms.txt", "../private/synonyms.txt", "a, b\n"),
                 file_then_link(site / "_config.yml", "../private/_config.yml", "title: x\n"),
                 (lambda: folder_to_link(site / "many", "../private/deeper"), lambda: link_to_folder(site / "many"))]
        self.write("private/deeper/x1.md", post("Private", SECRET))
        for swap in swaps:
            with self.meanwhile(*swap):
                for number in range(SWAPS):
                    self.run_site(*(("--full",) if number % 2 else ()), way=ALL_WAYS[number % len(ALL_WAYS)])
        return len(swaps) * SWAPS

    def test_files_that_vanish_or_grow_during_a_run_do_not_hurt_others(self):
        site = self.make(files={f"many/x{n}.md": post(f"X{n}", "word") for n in range(30)})
        growing = site / "many/growing.md"

        def grow():
            with growing.open("ab") as file:
                file.write(b"word " * 20000)

        def shrink():
            if growing.stat().st_size > 30_000_000:
                growing.unlink()

        with self.meanwhile(grow, shrink, lambda: (site / "many/x2.md").unlink(missing_ok=True),
                            lambda: (site / "many/x2.md").write_text(post("X2", "word"))):
            for _ in range(SWAPS):
                began = time.monotonic()
                self.assertIn(self.run_site("--full").code, (0, 1))
                self.assertLess(time.monotonic() - began, SECONDS)
                self.assertEqual(self.full_urls("goodword"), ["/good.html"])

    def test_a_file_that_was_replaced_during_a_run_is_read_again(self):
        """The test cannot control the moment of the swap. It swaps all the time, and checks that the next run indexes
        the last content."""
        site = self.make(files={f"many/x{n}.md": post(f"X{n}", "word") for n in range(30)})
        path = site / "many/x3.md"

        def save(text):
            new = site / ".new"
            new.write_text(post("X3", text))
            os.replace(new, path)

        with self.meanwhile(lambda: save("oneword"), lambda: save("twoword")):
            self.run_site()
        save("lastword")
        self.run_site(expect=0)
        self.assertEqual(self.full_urls("lastword"), ["/many/x3.html"])
        self.assertEqual(self.full_urls("oneword") + self.full_urls("twoword"), [])


if __name__ == "__main__":
    assert pathlib.Path(harness.INDEXER).exists() or os.sep not in harness.INDEXER
    harness.main()
