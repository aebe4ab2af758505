# SPDX-License-Identifier: GPL-2.0-or-later
"""The checksums of an index: --verify finds flipped bits, truncated files and files that were exchanged;
runs keep the checksums right; what is damaged stays detectable after later runs."""

import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess

import faulty
import harness
from harness import post

ROUNDS = 1000 if harness.LONG else 60
BLOCK = 8192


class Verify(faulty.Case):
    options = ()

    def setUp(self):
        super().setUp()
        self.site(faulty.small_site(0, 30))
        self.index("site")

    def verify(self, expect=0):
        """Verifies by both programs, and returns what indexer says."""
        result = self.indexer("--verify", "-o", "index", expect=expect)
        self.assertEqual(self.search("--verify", expect=expect).code, expect)
        return result.text if expect == 0 else result.errors

    def change(self, number=0):
        self.site({f"p{number}.md": post("Changed", f"common changed{number} and more words")})
        return self.index("site", options=self.options)

    def database(self):
        return self.index_dir / (self.index_dir / "XAPIANDB").read_text(encoding="utf-8").split()[1]


class Output(Verify):
    def test_the_path_is_printed_without_control_characters(self):
        name = "in\x1b[31mdex"
        self.index_dir.rename(self.dir / name)
        result = self.indexer("--verify", "-o", name)
        self.assertEqual(result.text, "in\ufffd[31mdex: whole\n")

    def test_output_that_cannot_be_written_is_a_failure(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([harness.INDEXER, "--verify", "-o", self.index_dir], stdout=full, check=False,
                                  stderr=subprocess.PIPE, env=harness.environment(), timeout=60)
        self.assertEqual(done.returncode, 3)
        self.assertRegex(done.stderr, rb"\Aindexer: cannot write the output: [^\n]+\n\Z")


class Row(Verify):
    """The row of the scorecard."""

    def setUp(self):
        super().setUp()
        self.index("site", options=["--full"])
        self.change()
        self.keep("older")
        self.change(1)
        self.files = {path.relative_to(self.index_dir): path.read_bytes()
                      for path in sorted(self.index_dir.rglob("*")) if path.is_file()}
        self.full = [name for name, content in self.files.items() if content]
        self.assertGreaterEqual(len(self.full), 12, self.full)
        self.right = self.state()
        self.seen = {}

    def flip(self, rng):
        name = rng.choice(self.full)
        content = bytearray(self.files[name])
        at = rng.randrange(len(content))
        content[at] ^= 1 << rng.randrange(8)
        return {name: bytes(content)}

    def truncate(self, rng):
        name = rng.choice(self.full)
        size = len(self.files[name])
        return {name: self.files[name][:rng.choice((0, size - 1, rng.randrange(size),
                                                    rng.randrange(size) // BLOCK * BLOCK))]}

    def exchange(self, rng):
        one, other = rng.sample(sorted(self.files), 2)
        return {one: self.files[other], other: self.files[one]}

    def put_older(self, rng):
        """A file as it was before the last run."""
        name = rng.choice(self.full)
        older = self.dir / "older" / name
        return {name: older.read_bytes()} if older.exists() else {}

    def damages(self):
        rng, count = random.Random(31), 0
        while count < ROUNDS:
            make = (self.flip, self.flip, self.flip, self.truncate, self.exchange, self.put_older)[count % 6]
            changed = {name: data for name, data in make(rng).items() if data != self.files[name]}
            if changed:
                count += 1
                yield make.__name__, changed

    def ask(self, about):
        """Counts how a reader that did not verify answers."""
        done = self.search("--json", "-n", "8", "common", expect=None)
        if done.code < 0:
            kind = "crashed"
        elif done.code == 2:
            self.assertIn("search: ", done.errors, about)
            kind = "said so"
        else:
            answer = json.loads(done.out) if done.code == 0 else None
            if answer:
                del answer["took_us"]
            kind = "right" if answer == self.right else "wrong"
        self.seen[kind] = self.seen.get(kind, 0) + 1

    def test_verify_finds_every_damaged_file(self):
        found, missed = 0, []
        for kind, changed in self.damages():
            for name, content in changed.items():
                (self.index_dir / name).write_bytes(content)
            about = f"{kind} {' '.join(map(str, changed))}"
            result = (self.indexer("--verify", "-o", "index", expect=None) if found % 2 else
                      self.search("--verify", expect=None))
            if result.code == 3 and ": " in result.errors:
                found += 1
            else:
                missed.append((about, result.code, result.text, result.errors))
            self.ask(about)
            for name in changed:
                (self.index_dir / name).write_bytes(self.files[name])
        self.verify()
        print("readers that did not verify:", ", ".join(f"{n} {kind}" for kind, n in sorted(self.seen.items())))
        self.assertEqual(missed, [])
        self.assertEqual(self.seen.get("crashed", 0), 0, self.seen)
        harness.row("flipped bits, truncations and exchanged files", f"{found} of {ROUNDS} found")


class Runs(Verify):
    def test_every_kind_of_run_leaves_an_index_that_verifies(self):
        self.assertRegex(self.verify(), r"\A[^\n]*index: whole\n\Z")
        for number in range(3):
            self.change(number)
            self.verify()
        self.index("site")  # nothing to do
        self.index("site", options=["--full"])
        self.verify()
        (self.dir / "site/p4.md").unlink()
        self.index("site")
        self.write("site/judgments.tsv", "common\tp0.md\t1\n")
        self.site({"p5.md": post("Judged", "common judged")})
        self.index("site", options=["--require", "nDCG>=0"])  # a copy is changed and published
        self.assertEqual(self.database().name, "g3")
        self.verify()

    def test_a_run_that_changes_nothing_keeps_the_checksums(self):
        self.change()
        self.site({"bad.md": "---\ntitle: [\n---\n", "p3.md": post("Post 3", "common not published")})
        self.indexer("-q", "-o", "index", "--strict", "site", expect=1)
        self.verify()
        os.utime(self.dir / "site/p2.md")
        self.indexer("-q", "-o", "index", "site", expect=1)
        self.verify()

    def test_damage_stays_detectable_after_runs_in_place(self):
        """A run digests only the blocks that it has written."""
        self.site({f"q{n}.md": post(f"Q {n}", " ".join(f"w{n}x{k}" for k in range(400))) for n in range(60)})
        self.index("site", options=["--full"])
        self.keep("good")
        path = self.database() / "position.glass"
        self.write("site/judgments.tsv", "common\tp0.md\t1\n")
        for judged in (False, True):  # a copy is changed and published
            before = path.read_bytes()
            self.options = ["--require", "nDCG>=0"] if judged else []
            self.change(3 + judged)
            path = self.database() / "position.glass"
            after = path.read_bytes()
            kept = [at for at in range(0, len(before), BLOCK) if before[at:at + BLOCK] == after[at:at + BLOCK]]
            at = kept[len(kept) // 2]
            path.write_bytes(after[:at + 99] + bytes([after[at + 99] ^ 8]) + after[at + 100:])
            self.assertIn("position.glass: damaged", self.verify(expect=3))
            self.change(5 + judged)
            self.assertIn("position.glass: damaged", self.verify(expect=3))
            path = self.database() / "position.glass"
            content = path.read_bytes()
            self.assertEqual(content[at + 99], after[at + 99] ^ 8, "the block was rewritten")
            path.write_bytes(content[:at + 99] + after[at + 99:at + 100] + content[at + 100:])
            self.indexer("--verify", "-o", "index", expect=3 if judged else 0)  # judged: the copy before it
        self.index("site", options=["--full"])
        self.index("site", options=["--full"])
        self.verify()

    def test_an_index_without_checksums_gets_them_by_the_next_run(self):
        (self.index_dir / "g1.sums").unlink()
        self.assertIn("no checksums", self.verify(expect=3))
        self.index("site")
        self.verify()

    def test_damaged_checksums_are_reported_and_replaced_by_full(self):
        sums = self.index_dir / "g1.sums"
        for content in (sums.read_bytes()[:-1], b"", b"x" * 100):
            sums.write_bytes(content)
            result = self.indexer("-q", "-o", "index", "site", expect=3)
            self.assertRegex(result.errors, r"\Aindexer: [^\n]*g1\.sums[^\n]*--full rebuilds it\n\Z")
            self.verify(expect=3)
        self.index("site", options=["--full"])
        (self.index_dir / "g1.sums").unlink()
        self.verify()

    def test_a_killed_run_leaves_an_index_that_verifies(self):
        """At whatever call a run in place is killed, nothing looks damaged, and the next run completes the
        checksums."""
        self.keep("good")
        self.site(faulty.small_site(1, 30))
        code, errors, calls = self.interposed("--jobs", "1", "site")
        if not calls:
            self.skipTest("calls cannot be interposed on this system")
        self.assertEqual((code, errors), (0, ""))
        step = 1 if harness.LONG else max(1, len(calls) // 12)
        for at in range(1, len(calls) + 1, step):
            self.put_back("good")
            self.assertEqual(self.interposed("--jobs", "1", "site", at=at, how="KILL")[0], faulty.KILLED)
            about = f"killed at {at}: {calls[at - 1]}"
            result = self.indexer("--verify", "-o", "index", expect=None)
            self.assertEqual((result.code, result.errors), (0, ""), about)
            self.index("site")
            self.assertEqual(b"settled", (self.index_dir / "g1.sums").read_bytes()[16:23], about)
            self.verify()
            self.check_no_leftovers()

    def test_damage_is_found_while_a_killed_run_left_newer_blocks(self):
        self.keep("good")
        self.site(faulty.small_site(1, 30))
        _, _, calls = self.interposed("--jobs", "1", "site")
        commit = [n for n, (name, path) in enumerate(calls, 1) if name == "rename" and path.endswith("iamglass")]
        if not commit:
            self.skipTest("calls cannot be interposed on this system")
        self.put_back("good")
        self.interposed("--jobs", "1", "site", at=commit[0], how="KILL")
        self.verify()
        path = self.database() / "postlist.glass"
        content = bytearray(path.read_bytes())
        [at, *_] = [at for at in range(0, len(content), BLOCK)
                    if 0 < int.from_bytes(content[at:at + 4], "big") <= 2]  # 2: the full build's revision
        content[at + 100] ^= 4
        path.write_bytes(content)
        self.assertIn("postlist.glass: damaged", self.verify(expect=3))


class Meanwhile(Verify):
    def stopped(self, at):
        """Starts a verification that stops before its read number `at`."""
        env = {"LD_PRELOAD": " ".join([*faulty.sanitizer_runtime(), faulty.INTERPOSE]), "FAULT_READS": "1",
               "FAULT_BELOW": str(self.index_dir), "FAULT_AT": str(at), "FAULT_HOW": "STOP", **faulty.LEAKY}
        process = self.start("--verify", "-o", self.index_dir, env=env)
        _, status = os.waitpid(process.pid, os.WUNTRACED)
        self.assertTrue(os.WIFSTOPPED(status), status)
        return process

    def test_full_runs_during_a_verification_are_no_damage(self):
        """Wherever the verification is: a run publishes g3 and removes g1; two runs remove g2, too."""
        self.index("site", options=["--full"])
        self.keep("good")
        code, errors, calls = self.interposed("--verify", reads=True)
        if not calls:
            self.skipTest("calls cannot be interposed on this system")
        self.assertEqual((code, errors), (0, ""))
        first = [name for name, _ in calls].index("pread") + 1
        steps = range(1, len(calls) + 1) if harness.LONG else sorted({first, *range(1, len(calls) + 1, 6)})
        for at in steps:
            for runs in (1, 2) if harness.LONG or at == first else (1 + at % 2,):
                self.put_back("good")
                process = self.stopped(at)
                for _ in range(runs):
                    self.index("site", options=["--full"])
                process.send_signal(signal.SIGCONT)
                errors = process.communicate(timeout=60)[1].decode()
                self.assertEqual((process.returncode, errors), (0, ""), (at, calls[at - 1], runs))

    def test_damage_is_reported_although_a_full_run_published_meanwhile(self):
        self.index("site", options=["--full"])
        _, _, calls = self.interposed("--verify", reads=True)
        if not calls:
            self.skipTest("calls cannot be interposed on this system")
        path = self.index_dir / "g2/postlist.glass"
        path.write_bytes(b"x" + path.read_bytes()[1:])
        process = self.stopped([name for name, _ in calls].index("pread") + 1)
        self.index("site", options=["--full"])
        process.send_signal(signal.SIGCONT)
        errors = process.communicate(timeout=60)[1].decode()
        self.assertEqual(process.returncode, 3)
        self.assertRegex(errors, r"\Aindexer: [^\n]*/g2/postlist\.glass: damaged[^\n]*\n\Z")


class Every(Verify):
    """Each fault is reported, and none of them ends the verification."""

    def setUp(self):
        super().setUp()
        self.index("site", options=["--full"])

    def test_each_damaged_file_is_reported(self):
        files = sorted(path for path in self.index_dir.rglob("*.glass") if path.stat().st_size)
        self.assertGreaterEqual(len(files), 6)
        for path in files + [self.index_dir / "manifest"]:
            content = path.read_bytes()
            path.write_bytes(content[:50] + bytes([content[50] ^ 1]) + content[51:])
        said = self.verify(expect=3).splitlines()
        for path in files:
            self.assertEqual(sum(f"{path.relative_to(self.dir)}: damaged" in line for line in said), 1, said)
        self.assertEqual(len(said), len(files) + 1, said)

    def test_each_file_that_cannot_be_read_is_reported(self):
        """The read fails of each file in turn, also of the previous generation."""
        path = self.index_dir / "g1/termlist.glass"
        path.write_bytes(b"x" + path.read_bytes()[1:])
        _, _, calls = self.interposed("--verify", reads=True)
        if not calls:
            self.skipTest("calls cannot be interposed on this system")
        seen = set()
        for at, (_, path) in enumerate(calls, 1):
            name = os.path.relpath(path, self.index_dir)
            if name in seen:
                continue
            stays = name == "manifest"  # it is read twice
            code, errors, _ = self.interposed("--verify", at=at, how="EIO", reads=True, stays=stays)
            about = f"{at} {name}: {errors}"
            self.assertEqual(code, 3, about)
            self.assertIn("index: " if name == "XAPIANDB" else f"index/{name}: ", errors, about)
            if name != "XAPIANDB" and not name.startswith(("g1/iam", "g1.sums", "g1/termlist")):
                self.assertIn("index/g1/termlist.glass: damaged", errors, about)
            seen.add(name)
        self.assertLessEqual({"g1/postlist.glass", "g1/iamglass", "g1.sums", "g2/postlist.glass", "g2/iamglass", "g2.sums",
                              "manifest", "lock"}, seen)

    def test_a_generation_that_is_a_link_is_not_followed(self):
        for name in "g1", "g2":
            elsewhere = self.dir / f"elsewhere-{name}"
            (self.index_dir / name).rename(elsewhere)
            (self.index_dir / name).symlink_to(elsewhere)
            result = self.indexer("--verify", "-o", "index", expect=3)
            self.assertRegex(result.errors, rf"\Aindexer: [^\n]*index/{name}: not a folder\n\Z")
            (self.index_dir / name).unlink()
            elsewhere.rename(self.index_dir / name)
        self.verify()
        (self.dir / "link").symlink_to(self.database())
        (self.dir / "link.sums").symlink_to(self.index_dir / "g2.sums")
        self.search("--verify", index="link", expect=3)  # the checksums are beside the link, and a link
        (self.dir / "link.sums").unlink()
        shutil.copy(self.index_dir / "g2.sums", self.dir / "link.sums")
        self.search("--verify", index="link")

    def test_of_a_long_path_the_end_is_shown(self):
        path = self.index_dir / "g2/postlist.glass"
        path.write_bytes(b"x" + path.read_bytes()[1:])
        folder = pathlib.Path(*(letter * 100 for letter in "abcdefg"))
        (self.dir / folder).mkdir(parents=True)
        self.index_dir.rename(self.dir / folder / "index")
        errors = self.indexer("--verify", "-o", folder / "index", expect=3).errors
        self.assertIn(str(folder)[-450:] + "/index/g2/postlist.glass: damaged", errors)

    def test_what_is_left_of_a_removed_generation_is_no_damage(self):
        """A run was killed while it removed g1, which is older than the previous generation."""
        self.index("site", options=["--full"])
        shutil.copytree(self.index_dir / "g2", self.index_dir / "g1")
        shutil.copy(self.index_dir / "g2.sums", self.index_dir / "g1.sums")
        (self.index_dir / "g1/postlist.glass").unlink()
        self.verify()


class Trouble(Verify):
    def test_what_is_not_an_index_is_not_called_damaged(self):
        for where in ("nowhere", "site"):
            self.assertEqual(self.indexer("--verify", "-o", where, expect=3).errors.count("\n"), 1)
            self.assertEqual(self.search("--verify", index=where, expect=2).errors.count("\n"), 1)

    def test_a_database_without_a_stub_is_verified(self):
        """Its checksums are beside the folder, however the path is written."""
        paths = ("index/g1", "index/g1/", "index/g1/.", "index/g1//", "index/../index/g1", "index/g1/./",
                 self.index_dir / "g1")
        for path in paths:
            self.assertEqual(self.search("--verify", index=path).text, f"{path}: whole\n")
        (self.index_dir / "g1/postlist.glass").write_bytes(b"")
        for path in paths:
            self.assertRegex(self.search("--verify", index=path, expect=3).errors, r"\Asearch: \S*g1\S*/postlist\.glass: "
                             r"damaged: [^\n]*\n\Z")

    def test_a_damaged_index_counts_more_than_a_missing_one(self):
        shutil.copytree(self.index_dir, self.dir / "damaged")
        (self.dir / "damaged/g1/postlist.glass").write_bytes(b"")
        for others, code in ((("nowhere",), 2), (("nowhere", "damaged"), 3), (("damaged", "nowhere"), 3), (("damaged",), 3)):
            options = [option for other in others for option in ("-i", other)]
            result = self.search("--verify", *options, expect=code)
            self.assertEqual(result.text, f"{self.index_dir}: whole\n", others)

    def test_a_failed_write_is_an_error(self):
        for command, code in (([harness.SEARCH, "--verify", "-i"], 2), ([harness.INDEXER, "--verify", "-o"], 3)):
            with open("/dev/full", "wb") as full:
                done = subprocess.run([*command, self.index_dir], stdout=full, stderr=subprocess.PIPE, check=False,
                                      env=harness.environment())
            self.assertEqual(done.returncode, code)
            self.assertIn(b"cannot write the ", done.stderr)

    def test_messages_do_not_obey_the_path_of_an_index(self):
        index = self.dir / "\x1b[31mindex"
        self.index_dir.rename(index)
        for result in (self.search("--verify", index=index), self.indexer("--verify", "-o", index)):
            self.assertIn("\ufffd[31mindex: whole\n", result.text)
            self.assertNotIn("\x1b", result.text)

    def test_pipes_links_sockets_and_folders_in_place_of_files_are_damage(self):
        def make_socket(path):
            with socket.socket(socket.AF_UNIX) as made:
                made.bind(os.path.relpath(path))

        self.keep("good")
        for name in ("g1.sums", "g1/postlist.glass", "g1/iamglass", "XAPIANDB", "manifest", "lock"):
            for make in (os.mkfifo, lambda path: path.symlink_to("/dev/zero"), lambda path: path.mkdir(), make_socket):
                path = self.index_dir / name
                path.unlink()
                make(path)
                self.verify(expect=3)
                self.put_back("good")

    def test_options_that_contradict_verify_are_refused(self):
        for options in (("site",), ("--full",), ("--dry-run",), ("--watch",)):
            self.indexer("--verify", "-o", "index", *options, expect=2)
        for options in (("common",), ("--similar", "/x"), ("--suggest", "x")):
            self.search("--verify", *options, expect=2)


del Verify

if __name__ == "__main__":
    harness.main()
