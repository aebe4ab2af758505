# SPDX-License-Identifier: GPL-2.0-or-later
"""An index is data: whatever its files say, no program runs another one, connects anywhere, answers from or
writes to another index, or hangs."""

import ctypes
import os
import shutil
import socket
import subprocess
import threading
import time
import unittest

import answers
import daemon
import harness
import remote

SECRET = "secretword"
SECONDS = 20  # that a program may take; it does not take two
AT_FDCWD, RENAME_EXCHANGE = -100, 2  # of renameat2(2)


class Case(daemon.Case):
    def setUp(self):
        super().setUp()
        self.site({"a.md": harness.post("A", "common aword")}, name="site")
        self.site({"b.md": harness.post("B", f"common {SECRET}")}, name="other-site")
        self.index("site")
        self.index("other-site", index="other")
        self.kept = harness.tree(self.dir / "other")
        shutil.copytree(self.index_dir, self.dir / "good")
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.listener.close)
        self.port = self.listener.getsockname()[1]

    def restore(self):
        shutil.rmtree(self.index_dir)
        shutil.copytree(self.dir / "good", self.index_dir, symlinks=True)

    def asked_anyone(self):
        self.listener.setblocking(False)
        try:
            self.listener.accept()[0].close()
            return True
        except BlockingIOError:
            return False

    def check_harmless(self, about):
        self.assertFalse((self.dir / "pwned").exists(), about)
        self.assertFalse(self.asked_anyone(), about)
        self.assertEqual(harness.tree(self.dir / "other"), self.kept, about)


def contents(port):
    """What somebody could write into XAPIANDB, and what is left of it if it is cut off or written over."""
    return [line + "\n" for line in lines(port)] + [
        "auto g1", "auto g1\n# comment", "auto g1\n\n", "\nauto g1\n", "auto g1\n\n# comment\n", "auto g1\n" + "# long\n" * 600]


def lines(port):
    """`script` runs `touch pwned`."""
    program = "remote :/bin/sh script"
    return [program, f"remote :/bin/sh index/../script", f"remote 127.0.0.1:{port}", f"remote localhost:{port}", "inmemory",
            "auto ../other", "auto ../other/g1", "auto other/g1", "auto g1/../../other/g1", "auto /tmp/../{dir}/other/g1",
            "auto {dir}/other/g1", "glass ../other/g1", "glass g1", "chert g1", f"auto g1\n{program}", f"{program}\nauto g1",
            f"# comment\n{program}", f"auto g1\nremote 127.0.0.1:{port}", "auto g1\nauto ../other/g1", "auto g1\nauto g1",
            "auto g1\r", "auto g1 ", "auto g1\t", " auto g1", "\ufeffauto g1", "auto\tg1", "auto  g1", "AUTO g1", "auto g01",
            "auto g0", "auto g-1", "auto g1.", "auto g1/", "auto ./g1", "auto .", "auto ..", "auto replica_", "auto replica_00", "auto replica_01",
            "auto replica_1/../g1", "auto g" + "9" * 400, "auto g1\0", "auto g1\0\n" + program, "", "\n", "#", "auto", "auto ",
            "g1", "nonsense", "\x1b]0;title\x07", "auto g1 # comment", "auto g1;remote :/bin/sh script", "# " * 200000 + "\nauto g1"]


class Refusals(Case):
    def setUp(self):
        super().setUp()
        self.write("script", f"touch {self.dir}/pwned\n")

    def search_refuses(self, about, index="index"):
        began = time.monotonic()
        ways = [("common",), ("--suggest", "com"), ("--similar", "/a/"), ("--why-not", "/a/", "common")]
        for options in ways if harness.LONG else ways[:1]:
            result = self.search(*options, index=index, expect=2)
            self.assertEqual(result.out, b"", about)
            self.assertEqual(result.errors.count("\n"), 1, result.errors)
            self.assertNotRegex(result.errors, "[\x00-\x09\x0b-\x1f\x7f-\x9f]|/proc/", about)
        self.assertLess(time.monotonic() - began, SECONDS, about)

    def indexer_refuses(self, about, full=0):
        """Only --full may make a new index in the place of the old one, of which it needs nothing. full: its exit status."""
        for options in (), ("--dry-run",):
            before = harness.tree(self.index_dir)
            result = self.indexer("-q", "-o", "index", *options, "site", expect=3)
            self.assertNotIn("/proc/", result.errors)
            self.assertEqual(harness.tree(self.index_dir).keys() - before.keys(), set(), about)
            self.check_harmless(about)
        self.indexer("-q", "-o", "index", "--full", "site", expect=full)
        self.check_harmless(about)
        if full == 0:
            self.assertEqual(self.urls("common"), ["/a/"], about)
        self.restore()

    def searchd_refuses(self, served, about):
        """The generation that the daemon had open is gone, and it must not answer from elsewhere."""
        deadline = time.monotonic() + SECONDS
        while served.get("/readyz").status != 503:
            self.assertLess(time.monotonic(), deadline, about)
            time.sleep(0.02)
        self.assertEqual(served.get(f"/api/v1/search?q={SECRET}").status, 503, about)

    def searchd_keeps_the_generation(self, content):
        """A daemon that has the good generation open when XAPIANDB changes answers from this generation and from
        nowhere else; one that is started afterwards refuses."""
        self.write("index/XAPIANDB", "auto g1\n")
        with self.serve("--rate", "0") as served:
            self.write("index/XAPIANDB", content)
            self.eventually(lambda: b"; the index before it is served\n" in served.errors())
            for query, urls in ("common", ["/a/"]), (SECRET, []):
                answer = served.get(f"/api/v1/search?q={query}")
                self.assertEqual(answer.status, 200, content)
                self.assertEqual([hit["url"] for hit in answers.parse(answer.body)["hits"]], urls, content)
        with self.serve("--rate", "0") as started:
            self.searchd_refuses(started, content)

    def test_only_a_generation_can_be_named(self):
        tried = 0
        for content in contents(self.port):
            text = content.format(dir=self.dir)
            self.write("index/XAPIANDB", text.encode())
            self.search_refuses(text)
            self.search("--verify", expect=3)
            self.searchd_keeps_the_generation(text.encode())
            if tried % (1 if harness.LONG else 10) == 0:
                self.indexer_refuses(text)
            self.check_harmless(text)
            tried += 1
        served = self.serve("--rate", "0")
        for text in "auto g1\n", "# comment\nauto g1\n#\n", "#" * 4000 + "\nauto g1\n":
            self.write("index/XAPIANDB", text)
            self.eventually(lambda: served.get("/readyz").status == 200)
            self.assertEqual(self.search("--verify").errors, "", text[-40:])
            self.assertEqual(self.urls("common"), ["/a/"])
        harness.row("lines of XAPIANDB that do not name a generation", f"{tried} of {tried} refused")

    def test_a_generation_is_never_a_stub(self):
        """Instead of the folder g1: a stub file, a stub directory, a link, a FIFO; and links instead of tables."""
        def stub_file(path):
            path.write_text("remote :/bin/sh script\n")

        def stub_directory(path):
            path.mkdir()
            (path / "XAPIANDB").write_text("remote :/bin/sh script\n")

        def stub_in_version_file(path):
            path.mkdir()
            (path / "iamglass").write_text("auto ../../other/g1\n")

        def link(target):
            return lambda path: path.symlink_to(target)

        def table(name, make):
            def replace(path):
                shutil.copytree(self.dir / "good/g1", path)
                (path / name).unlink()
                make(path / name)
            return replace

        traps = [stub_file, stub_directory, stub_in_version_file, link("../other/g1"), link(self.dir / "other/g1"),
                 link("../other"), link("g1"), link("."), os.mkfifo, lambda path: path.mkdir()]
        for name in "iamglass", "postlist.glass", "termlist.glass", "docdata.glass", "position.glass", "spelling.glass":
            if (self.dir / "good/g1" / name).exists():
                traps += [table(name, link(f"../../other/g1/{name}")), table(name, os.mkfifo), table(name, os.mkdir)]
        served = self.serve("--rate", "0")
        for number, trap in enumerate(traps):
            self.restore()
            shutil.rmtree(self.index_dir / "g1")
            trap(self.index_dir / "g1")
            os.utime(self.index_dir / "XAPIANDB")
            self.search_refuses(number)
            self.searchd_refuses(served, number)
            result = self.indexer("-q", "-o", "index", "site", expect=3)
            self.check_harmless(number)
            # A folder g1 that is not one is not of indexer's making, and is left.
            if "--full" not in result.errors or number % (1 if harness.LONG else 4) > 0:
                continue
            self.indexer("-q", "-o", "index", "--full", "site")
            self.check_harmless(number)
            self.assertEqual(self.urls("common"), ["/a/"], number)
        harness.row("generations that lead elsewhere", f"{len(traps)} of {len(traps)} refused")

    def test_other_kinds_of_files_are_not_an_index(self):
        self.write("stub", "auto index/g1\n")
        self.write("program", "remote :/bin/sh script\n")
        os.mkfifo(self.dir / "pipe")
        for name in "stub", "program", "pipe", "script", "index/XAPIANDB", "/dev/null":
            self.search_refuses(name, index=name)
            self.check_harmless(name)
        for make in os.mkfifo, os.mkdir, lambda path: path.symlink_to("../other/XAPIANDB"):
            self.restore()
            (self.index_dir / "XAPIANDB").unlink()
            make(self.index_dir / "XAPIANDB")
            self.search_refuses(make)
            self.indexer_refuses(make, full=3 if make == os.mkdir else 0)  # a file cannot take the place of a folder

    def test_an_index_to_compare_with_is_data_too(self):
        judgments = self.write("judgments.tsv", "common\t/a/\t3\n")
        self.write("other-index/XAPIANDB", "remote :/bin/sh script\n")
        result = self.search("--eval", judgments, "--compare", "other-index", expect=2)
        self.assertIn("other-index", result.errors)
        self.write("index/XAPIANDB", "remote :/bin/sh script\n")
        self.search("--eval", judgments, expect=2)
        self.indexer("-q", "-o", "index", "--require", "nDCG@10>=0.1", "--judgments", judgments, "site", expect=None)
        self.check_harmless("judged")

    def test_a_new_generation_is_not_written_through_links(self):
        """Links in the places where a run writes, made before it or between two steps."""
        for name in "XAPIANDB.new", "manifest.new", "manifest", "lock", "g2":
            self.restore()
            path = self.index_dir / name
            target = self.dir / "other" / ("g1" if name == "g2" else name.split(".")[0])
            if path.exists():
                path.unlink()
            path.symlink_to(target)
            self.write("site/a.md", harness.post("A", f"common aword {name}"))
            self.indexer("-q", "-o", "index", "--full", "site", expect=None)
            self.check_harmless(name)

    def test_a_generation_is_not_changed_through_links(self):
        """Xapian writes to a generation's files by name, also to new ones; each is a link or a FIFO here."""
        names = "flintlock", "v.tmp", "changes0", "changes1", "postlist.glass", "anything"
        for name in names:
            for make in lambda path: path.symlink_to("../../other/XAPIANDB"), os.mkfifo:
                self.restore()
                path = self.index_dir / "g1" / name
                path.unlink(missing_ok=True)
                make(path)
                self.write("site/a.md", harness.post("A", f"common aword {name} {make}"))
                result = self.indexer("-q", "-o", "index", "site", expect=3, timeout=SECONDS,
                                      env={"XAPIAN_MAX_CHANGESETS": "10"})
                self.assertEqual(result.errors.count("\n"), 1, result.errors)
                self.check_harmless(name)
                self.indexer("-q", "-o", "index", "--full", "site", timeout=SECONDS, expect=None)
                self.check_harmless(name)
        harness.row("links in a generation that is changed", f"{2 * len(names)} of {2 * len(names)} refused")

    def test_an_exchanged_generation_is_never_followed(self):
        """g1 and a link to another index change places without a pause while programs open the index."""
        (self.index_dir / "link").symlink_to("../other/g1")
        libc = ctypes.CDLL(None)
        paths = [str(self.index_dir / name).encode() for name in ("g1", "link")]
        ended = threading.Event()
        exchanges = []

        def exchange():
            while not ended.is_set():
                exchanges.append(libc.renameat2(AT_FDCWD, paths[0], AT_FDCWD, paths[1], RENAME_EXCHANGE))

        swapper = threading.Thread(target=exchange)
        tried = opened = 0
        served = self.serve("--rate", "0")
        swapper.start()
        try:
            least, end = 400 if harness.LONG else 40, time.monotonic() + 120
            while tried < least or opened == 0:
                self.assertLess(time.monotonic(), end, f"{opened} of {tried} searches have opened the index")
                result = self.search("--urls", "common", expect=None)
                self.assertIn(result.code, (0, 2))
                self.assertEqual(result.text.strip(), "/a/" if result.code == 0 else "")
                tried += 1
                opened += result.code == 0
                self.assertNotIn(b"/b/", served.get("/api/v1/search?q=common").body)
        finally:
            ended.set()
            swapper.join()
        self.assertEqual(set(exchanges), {0})
        self.assertGreater(len(exchanges), 1000)
        self.check_harmless("exchange")


@unittest.skipUnless(remote.SERVER and shutil.which("xapian-replicate"), remote.MISSING)
class Replication(Case):
    def setUp(self):
        super().setUp()
        self.port = remote.free_port()
        master = subprocess.Popen(["xapian-replicate-server", "-I", "127.0.0.1", "-p", str(self.port), str(self.dir)],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(master.wait)
        self.addCleanup(master.kill)
        self.copy = self.dir / "copy"

    def replicate(self):
        """Makes a pass of xapian-replicate; the server may still be starting."""
        deadline = time.monotonic() + 30
        while True:
            done = subprocess.run(["xapian-replicate", "-o", "-q", "-h", "127.0.0.1", "-p", str(self.port), "-m", "index",
                                   str(self.copy)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=60)
            if done.returncode == 0:
                return
            self.assertLess(time.monotonic(), deadline, done.stdout)
            time.sleep(0.05)

    def test_a_replica_is_read_and_followed(self):
        self.replicate()
        self.assertIn("auto replica_", (self.copy / "XAPIANDB").read_text())
        self.assertEqual(self.urls("common", index="copy"), ["/a/"])
        served = self.serve("--rate", "0", index=self.copy)
        changesets = {"XAPIAN_MAX_CHANGESETS": "10"}
        for number, options in enumerate(((), (), ("--full",), ())):
            self.write(f"site/n{number}.md", harness.post("N", f"common new{number}"))
            self.indexer("-q", "-o", "index", *options, "site", env=changesets)
            self.replicate()
            self.soon(lambda: b'"total":1' in served.get(f"/api/v1/search?q=new{number}").body)
            self.assertEqual(self.revision(index="copy"), self.revision())

    def test_indexer_does_not_write_into_a_replica(self):
        self.replicate()
        before = harness.tree(self.copy)
        self.assertIn("not an index", self.indexer("-q", "-o", "copy", "site", expect=None).errors)
        self.assertEqual(harness.tree(self.copy), before)


if __name__ == "__main__":
    harness.main()
