# SPDX-License-Identifier: GPL-2.0-or-later
"""Judged queries: the gate (--require), the preview (--dry-run), and invalid lines in judgments.tsv."""

import collections
import fcntl
import json
import os
import random
import resource
import signal
import struct
import subprocess
import time

import harness
import measures
from harness import post

GUIDE = {
    "residency.md": post("AI residencies", "A residency pays you to learn research. "
                         "[AI Grant](https://aigrant.org/) helps."),
    "bootcamp.md": post("Free bootcamps", "A bootcamp without a degree, free."),
    "visa.md": post("Visas", "How a visa is had."),
}
JUDGED = ("# query, target, grade\n"
          "residency\t/residency.html\t3\n"
          "residency\thttp://www.aigrant.org\t1\n"
          "free bootcamp\t/bootcamp.html\t3\n"
          "# held out\n"
          "visa\t/visa.html\t3\n")
PERFECT = "nDCG@10>=0.99"


class Judged(harness.Case):
    def setUp(self):
        super().setUp()
        self.where = self.site(GUIDE)
        self.urls_by_path = None
        self.judge()

    def judge(self, text=None, path="site/judgments.tsv"):
        """Writes judgments. Replaces /NAME.html by the URL of the post NAME."""
        if self.urls_by_path is None:
            self.index(self.where, index=self.dir / "first")
            hits = self.answer("-n", "50", "kind:post", index=self.dir / "first")["hits"]
            self.urls_by_path = {hit["source"]["path"]: hit["url"] for hit in hits}
        text = JUDGED if text is None else text
        for name in ("residency", "bootcamp", "visa"):
            text = text.replace(f"/{name}.html", self.urls_by_path[f"{name}.md"])
        self.write(path, text)

    def spoil(self):
        """Removes the judged words from the post on residencies, and adds a post that is a worse match."""
        self.write("site/residency.md", post("Something else", "Nothing to see."))
        self.write("site/other.md", post("Residency residency", "A residency to rent."))

    def gate(self, *options, expect, requirement=PERFECT):
        result = self.indexer("-o", self.index_dir, "--require", requirement, "--report",
                              "report.json", *options, self.where, expect=expect)
        report = None
        if expect < 2:
            report = json.loads((self.dir / "report.json").read_text())
            harness.answers.check_report(report)
        return result, report

    def index_tree(self):
        return {path: content for path, content in harness.tree(self.index_dir).items()}


class Usage(Judged):
    def test_invalid_requirements_are_rejected(self):
        for text in ("", "nDCG", "nDCG@10", "nDCG@0>=0.5", "ERR>=0.5", "nDCG<=0.5", "nDCG>=2",
                     "nDCG>=x", "nDCG@10>=0.8 and P>=1"):
            result = self.indexer("-o", self.index_dir, "--require", text, self.where, expect=2)
            self.assertIn(f"'{text}'", result.errors)
        self.assertFalse(self.index_dir.exists())

    def test_at_most_16_requirements_are_accepted(self):
        options = ["--require", "P>=0"] * 16
        self.indexer("-o", self.index_dir, *options, self.where)
        self.indexer("-o", self.index_dir, *options, "--require", "P>=0", self.where, expect=2)

    def test_metrics_are_accepted_in_any_case(self):
        names = ["ndcg", "NDCG@5", "p@1", "Success@3", "mrr", "RR@2", "Recall @ 10".replace(" ", "")]
        options = [word for name in names for word in ("--require", f"{name} > 0.0")]
        report = self.index(self.where, options=options)
        self.assertEqual([required["metric"] for required in report["judged"]["required"]],
                         ["nDCG@10", "nDCG@5", "P@1", "success@3", "MRR@10", "MRR@2", "recall@10"])


class Gate(Judged):
    def test_a_first_index_above_the_requirement_is_published(self):
        result, report = self.gate(expect=0)
        self.assertEqual(result.err, b"")
        self.assertEqual(report["judged"]["queries"], 3)
        self.assertEqual(report["judged"]["required"],
                         [{"metric": "nDCG@10", "wanted": 0.99, "reached": 1}])
        self.assertEqual(report["judged"]["fell"], [])
        self.assertNotIn("changes", report)

    def test_a_first_index_below_the_requirement_is_not_published(self):
        self.spoil()
        result, report = self.gate(expect=1)
        self.assertFalse((self.index_dir / "XAPIANDB").exists())
        [fell] = report["judged"]["fell"]
        self.assertEqual((fell["query"], fell["before"]), ("residency", None))
        self.assertIn("indexer: residency: nDCG@10 0.", result.errors)
        self.search("visa", expect=2)

    def check_refused(self, *options):
        _, first = self.gate(*options, expect=0)
        before = self.index_tree()
        answer = self.answer("residency")
        self.spoil()
        result, report = self.gate(*options, expect=1)
        self.assertEqual(self.index_tree(), before)
        self.assertEqual(report["revision"], first["revision"])
        self.assertEqual(self.answer("residency")["hits"], answer["hits"])
        [fell] = report["judged"]["fell"]
        self.assertEqual((fell["query"], fell["before"]), ("residency", 1))
        self.assertLess(fell["after"], 0.99)
        self.assertIn("nDCG@10 is 0.", result.errors)
        self.assertIn(f"indexer: residency: nDCG@10 1.0000 -> {fell['after']:.4f}\n", result.errors)
        self.gate(*options, expect=1)  # a refused run does not change the next one
        self.assertEqual(self.index_tree(), before)

    def test_an_incremental_run_below_the_requirement_leaves_the_old_index(self):
        self.check_refused()

    def test_a_full_run_below_the_requirement_leaves_the_old_index(self):
        self.check_refused("--full")

    def test_a_fixed_site_is_published_again(self):
        self.check_refused()
        self.write("site/residency.md", GUIDE["residency.md"] + "\nMore words.\n")
        (self.where / "other.md").unlink()
        _, report = self.gate(expect=0)
        self.assertEqual(report["posts"]["updated"], 1)
        self.assertEqual(self.revision(), report["revision"])

    def test_a_gated_run_publishes_the_same_index_as_one_without_a_gate(self):
        """The runs after the gated run see the same changes, too."""
        self.gate(expect=0)
        self.write("site/new.md", post("New", "Fresh words. [Kaggle](https://www.kaggle.com/)"))
        (self.where / "visa.md").write_text(GUIDE["visa.md"] + "\nAnd [a grant](https://aigrant.org/).\n")
        _, report = self.gate(expect=0, requirement="nDCG>=0.5")
        self.assertEqual(report["posts"]["added"], 1)
        self.assertEqual(report["posts"]["updated"], 1)
        other = self.index(self.where, index=self.dir / "other")
        self.assertEqual(report["revision"], other["revision"])
        self.assertEqual(self.answer("words")["hits"], self.answer("words", index=self.dir / "other")["hits"])
        self.assertEqual(self.index(self.where)["posts"]["unchanged"], 4)
        self.write("site/new.md", post("New", "Other words."))
        self.assertEqual(self.index(self.where)["resources"]["removed"], 1)

    def test_an_unchanged_site_keeps_the_database(self):
        _, first = self.gate(expect=0)
        before = self.index_tree()
        inode = os.stat(self.index_dir / "g1").st_ino
        os.utime(self.where / "visa.md", (1, 1))
        _, report = self.gate(expect=0)
        self.assertEqual(report["revision"], first["revision"])
        self.assertEqual(report["judged"]["required"][0]["reached"], 1)
        after = self.index_tree()
        for tree in (before, after):
            tree.pop(str(self.index_dir / "manifest"))
        self.assertEqual(after, before)
        self.assertEqual(os.stat(self.index_dir / "g1").st_ino, inode)

    def test_changed_judgments_alone_are_checked_and_leave_the_index_unchanged(self):
        self.gate(expect=0)
        before = self.index_tree()
        self.judge(JUDGED + "nothing like it\t/visa.html\t3\n")
        result, report = self.gate(expect=1)
        self.assertEqual(self.index_tree(), before)
        self.assertEqual([fell["query"] for fell in report["judged"]["fell"]], ["nothing like it"])
        self.assertIn("nothing like it: nDCG@10", result.errors)

    def limited(self, expect):
        """A run that cannot write files of more than 4,000 bytes; every table is larger."""
        return self.indexer("-q", "-o", self.index_dir, "--require", "P>=0", self.where, expect=expect,
                            restore_signals=False,
                            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000)))

    def test_an_unchanged_database_is_not_copied(self):
        self.write("site/broken.md", "---\ntitle: [open\n---\n")  # every run reads it again
        self.gate(expect=1)
        os.utime(self.where / "visa.md", (1, 1))
        self.limited(expect=1)
        self.write("site/visa.md", post("Visas", "Changed."))
        before = self.index_tree()
        self.assertIn("File too large", self.limited(expect=3).errors)
        self.assertEqual(self.index_tree(), before)

    def test_only_at_least_accepts_a_metric_equal_to_the_required_value(self):
        self.gate(expect=0, requirement="nDCG>=1")
        self.gate(expect=1, requirement="nDCG>1")

    def test_every_requirement_that_is_not_met_is_reported(self):
        result = self.indexer("-o", self.index_dir, "--require", "nDCG>=0.5", "--require", "P@3>=0.9",
                              "--require", "recall>1", self.where, expect=1)
        self.assertNotIn("nDCG", result.errors)
        self.assertIn("P@3 is ", result.errors)
        self.assertIn("recall@10 is 1, must be above 1", result.errors)

    def test_held_out_queries_count_for_the_gate(self):
        self.gate(expect=0)
        self.write("site/visa.md", post("Nothing", "Gone.", permalink="/gone/"))
        _, report = self.gate(expect=1)
        self.assertEqual([fell["query"] for fell in report["judged"]["fell"]], ["visa"])

    def test_an_invalid_file_does_not_prevent_publishing(self):
        self.gate(expect=0)
        self.write("site/bad.md", "---\ntitle: [open\n---\n\nWords.\n")
        self.write("site/new.md", post("New", "Fresh."))
        _, report = self.gate(expect=1)
        self.assertEqual(self.revision(), report["revision"])
        self.assertEqual(len(self.answer("fresh")["hits"]), 1)
        self.spoil()
        before = self.index_tree()
        self.gate(expect=1)
        self.assertEqual(self.index_tree(), before)

    def test_a_damaged_index_is_replaced_by_a_full_run_only(self):
        """An incremental run and a dry run fail; a full run does not need the damaged index."""
        self.gate(expect=0)
        for path in self.index_dir.glob("g1/*.glass"):
            path.write_bytes(b"\0" * 100)
        self.gate(expect=3)
        self.gate("--dry-run", expect=3)
        _, report = self.gate("--full", expect=0)
        self.assertEqual(self.revision(), report["revision"])

    def test_control_characters_of_judged_queries_are_not_printed(self):
        self.judge("\x1b[31mred \u202e\t/visa.html\t3\n")
        result, report = self.gate(expect=1)
        self.assertNotIn(b"\x1b", result.err)
        self.assertEqual(report["judged"]["fell"][0]["query"], "\x1b[31mred \u202e")


class Judgments(Judged):
    def test_an_invalid_line_is_reported_with_its_position_and_leaves_the_old_index(self):
        self.gate(expect=0)
        before = self.index_tree()
        self.write("site/visa.md", post("Visas", "Changed."))
        for text, line, column in (("q\t/a/\t3\nq /b/ 3\n", 2, 1), ("q\t/a/\tgood\n", 1, 7),
                                   ("q\xff\t/a/\t3\n".encode("latin-1"), 1, 2), ("\t/a/\t3\n", 1, 1),
                                   ("# held out\nq\t\t3\n", 2, 3)):
            self.write("site/judgments.tsv", text)
            for options in ((), ("--full",), ("--dry-run",)):
                result, _ = self.gate(*options, expect=3)
                self.assertIn(f"site/judgments.tsv:{line}:{column}: ", result.errors)
            self.assertEqual(self.index_tree(), before)
        self.indexer("-o", self.index_dir, self.where)  # without --require the file is not read

    def test_missing_or_empty_judgments_are_an_error(self):
        (self.where / "judgments.tsv").unlink()
        result, _ = self.gate(expect=3)
        self.assertIn("judgments.tsv", result.errors)
        self.write("site/judgments.tsv", "# nothing yet\nq\t/a/\t0\n")
        self.gate(expect=3)
        self.assertFalse(self.index_dir.exists())
        result, _ = self.gate("--judgments", "nowhere.tsv", expect=3)
        self.assertIn("nowhere.tsv", result.errors)
        self.gate("--judgments", self.where, expect=3)

    def test_judgments_can_be_read_from_another_file(self):
        self.judge("residency\t/visa.html\t3\n")
        self.gate(expect=1)
        self.judge(path="elsewhere.tsv")
        _, report = self.gate("--judgments", "elsewhere.tsv", expect=0)
        self.assertEqual(report["judged"]["queries"], 3)

    def test_judgments_of_several_sites_are_combined(self):
        self.site({"mentor.md": post("Mentors", "A mentor."), "judgments.tsv": "mentor\t/none/\t1\n"}, "b")
        self.site({"plain.md": post("Plain", "Plain.")}, "c")
        report = self.index("site", "b", "c", options=["--require", "nDCG>=0.7"])
        self.assertEqual(report["judged"]["queries"], 4)
        self.assertAlmostEqual(report["judged"]["required"][0]["reached"], 0.75, 4)


class Preview(Judged):
    def preview(self, *options, expect=0):
        before = harness.tree(self.dir)
        (self.dir / "tmp").mkdir(exist_ok=True)
        result = self.indexer("-o", self.index_dir, "--dry-run", *options, self.where, expect=expect,
                              env={"TMPDIR": str(self.dir / "tmp")})
        self.assertEqual(os.listdir(self.dir / "tmp"), [])
        (self.dir / "tmp").rmdir()
        self.assertEqual(harness.tree(self.dir), before)
        return result

    def report(self, *options, expect=0):
        report = json.loads(self.preview("--report", "-", "-q", *options, expect=expect).out)
        harness.answers.check_report(report)
        return report

    def test_a_dry_run_lists_every_added_changed_and_removed_document(self):
        self.index(self.where)
        self.spoil()
        (self.where / "bootcamp.md").unlink()
        self.write("site/visa.md", GUIDE["visa.md"] + "\n[Kaggle](https://www.kaggle.com/)\n")
        lines = self.preview().text.splitlines()
        self.assertEqual(lines[:6], ["D bootcamp.md", "A other.md", "M residency.md", "M visa.md",
                                     "D https://aigrant.org", "A https://kaggle.com"])
        report = self.report()
        self.assertEqual([(change["change"], change["kind"], change["id"]) for change in report["changes"]],
                         [("removed", "post", "bootcamp.md"), ("added", "post", "other.md"),
                          ("updated", "post", "residency.md"), ("updated", "post", "visa.md"),
                          ("removed", "resource", "https://aigrant.org"),
                          ("added", "resource", "https://kaggle.com")])
        self.assertEqual(self.report("--full")["changes"], report["changes"])
        self.assertEqual(self.report("--full")["judged"], report["judged"])

    def test_a_changed_description_lists_its_resource(self):
        self.index(self.where)
        self.write("site/residency.md", GUIDE["residency.md"].replace("helps", "helps a lot"))
        expected = [{"change": "updated", "kind": "post", "id": "residency.md"},
                    {"change": "updated", "kind": "resource", "id": "https://aigrant.org"}]
        self.assertEqual(self.report()["changes"], expected)
        self.assertEqual(self.report("--full")["changes"], expected)

    def test_queries_whose_first_hits_change_are_listed(self):
        self.index(self.where)
        old = self.urls("-n", "3", "residency")
        self.spoil()
        result = self.preview()
        report = self.report()
        self.index(self.where)
        new = self.urls("-n", "3", "residency")
        [moved] = report["judged"]["preview"]["moved"]
        self.assertEqual(moved, {"query": "residency", "before": old, "after": new})
        self.assertIn(f"  residency: {' '.join(old)} -> {' '.join(new)}\n", result.text)
        self.assertEqual(report["judged"]["preview"]["before"], 1)
        after = report["judged"]["preview"]["after"]
        self.assertIn(f"nDCG@10 of 3 judged queries: 1.0000 -> {after:.4f}\n", result.text)
        self.assertEqual(self.report("--require", "nDCG>=0")["judged"]["required"][0]["reached"], after)

    def test_held_out_queries_are_only_counted(self):
        self.index(self.where)
        (self.where / "visa.md").unlink()
        preview = self.report()["judged"]["preview"]
        self.assertEqual((preview["moved"], preview["moved_held_out"]), ([], 1))
        self.assertIn("and the first hits of 1 held-out queries\n", self.preview().text)

    def test_an_unchanged_site_lists_nothing(self):
        self.index(self.where)
        report = self.report()
        self.assertEqual(report["changes"], [])
        self.assertEqual(report["judged"]["preview"]["moved"], [])
        self.assertEqual(report["judged"]["preview"]["after"], 1)

    def test_without_an_index_every_document_is_added(self):
        report = self.report()
        self.assertEqual({change["change"] for change in report["changes"]}, {"added"})
        self.assertIsNone(report["judged"]["preview"]["before"])
        self.assertEqual(report["judged"]["preview"]["moved"], [])
        self.assertIn("A visa.md\n", self.preview().text)

    def test_without_judgments_only_the_changes_are_listed(self):
        self.index(self.where)
        self.spoil()
        (self.where / "judgments.tsv").unlink()
        result = self.indexer("-o", self.index_dir, "--dry-run", self.where,
                              env={"TMPDIR": str(self.dir / "nowhere")})
        self.assertIn("M residency.md\n", result.text)
        self.assertNotIn("judged", result.text)
        self.assertNotIn("judged", self.report())

    def test_a_missing_folder_for_temporary_files_is_an_error(self):
        self.index(self.where)
        self.spoil()
        before = harness.tree(self.dir)
        result = self.indexer("-o", self.index_dir, "--dry-run", self.where, expect=3,
                              env={"TMPDIR": str(self.dir / "nowhere")})
        self.assertIn("nowhere", result.errors)
        self.assertEqual(harness.tree(self.dir), before)

    def test_a_dry_run_lists_50_changes_and_counts_the_rest(self):
        self.index(self.where)
        for number in range(60):
            self.write(f"site/n{number:02}.md", post(f"N{number}", f"[L](https://l{number:02}.example/)"))
        lines = self.preview().text.splitlines()
        self.assertEqual(lines[50], "... and 10 more")
        self.assertEqual(lines.count("... and 10 more"), 2)
        self.assertNotIn("... and 10 more", self.preview("-v").text)
        self.assertIn("A n59.md\n", self.preview("-v").text)
        self.assertEqual(len(self.report()["changes"]), 120)

    def test_a_report_on_standard_output_moves_the_preview_to_standard_error(self):
        self.index(self.where)
        self.spoil()
        self.assertEqual(self.preview("-q").out, b"")
        result = self.preview("--report", "-")
        self.assertEqual(result.out.count(b"\n"), 1)
        self.assertIn("M residency.md\n", result.errors)

    def test_a_dry_run_with_a_gate_fails_below_the_requirement(self):
        self.index(self.where)
        self.spoil()
        result = self.preview("--require", PERFECT, expect=1)
        self.assertIn("M residency.md\n", result.text)
        self.assertIn("residency: nDCG@10 1.0000 -> 0.", result.errors)
        self.preview("--require", "nDCG>0.1")

    def test_a_dry_run_does_not_wait_for_the_lock(self):
        self.index(self.where)
        self.spoil()
        with open(self.index_dir / "lock", "r+b") as lock:
            fcntl.lockf(lock, fcntl.LOCK_EX)
            self.assertEqual(len(self.report()["judged"]["preview"]["moved"]), 1)

    def test_a_dry_run_reports_what_the_next_run_does(self):
        """After random edits, compares the report of a preview with the report of the run that follows."""
        rng = random.Random(5)
        words = "residency bootcamp visa grant free degree research".split()
        self.index(self.where)
        for _ in range(8):
            name = rng.choice(["residency.md", "bootcamp.md", "visa.md", "x.md", "y.md"])
            if rng.random() < 0.2 and (self.where / name).exists():
                (self.where / name).unlink()
            else:
                self.write(f"site/{name}", post(" ".join(rng.sample(words, 2)), " ".join(
                    rng.choice(words) for _ in range(20)) + f" [L](https://l{rng.randrange(4)}.example/)"))
            promised = self.report()
            done = self.index(self.where, options=["--require", "nDCG>=0"])
            for key in ("revision", "posts", "resources"):
                self.assertEqual(promised[key], done[key])
            self.assertEqual(promised["judged"]["fell"], done["judged"]["fell"])
            counts = collections.Counter((change["kind"], change["change"]) for change in promised["changes"])
            for kind in ("post", "resource"):
                for change in ("added", "updated", "removed"):
                    self.assertEqual(counts[kind, change], done[kind + "s"][change])


class Interruptions(Judged):
    """Runs that are killed, interrupted, or overlap with another run."""

    def setUp(self):
        super().setUp()
        self.index(self.where)
        rng = random.Random(1)
        for number in range(150):
            self.write(f"site/p{number}.md", post(f"P{number}", " ".join(
                rng.choice(("residency", "visa", "bootcamp", f"w{number}")) for _ in range(1500))))
        lines = "".join(f"residency visa w{number}\t/visa.html\t3\n" for number in range(150))
        self.judge(JUDGED + lines)
        (self.dir / "tmp").mkdir()

    def start(self, *options):
        process = subprocess.Popen([harness.INDEXER, "-q", "-o", self.index_dir, *options, self.where],
                                   cwd=self.dir, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env=harness.environment({"TMPDIR": str(self.dir / "tmp")}))
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def test_a_killed_gated_run_leaves_the_old_index(self):
        answers = self.answer("kind:post")
        for number in range(12):
            process = self.start("--require", "nDCG>0.99")
            time.sleep(0.02 + 0.05 * number)
            process.kill()
            process.wait()
            self.assertEqual(self.answer("kind:post")["revision"], answers["revision"])
        self.indexer("-q", "-o", self.index_dir, "--require", "nDCG>0.99", self.where, expect=1)
        self.assertEqual(self.answer("kind:post")["hits"], answers["hits"])
        self.assertEqual(set(os.listdir(self.index_dir)), {"XAPIANDB", "g1", "g1.sums", "lock", "manifest"})

    def test_an_interrupted_preview_removes_its_temporary_files(self):
        before = harness.tree(self.index_dir)
        for number in range(6):
            process = self.start("--dry-run")
            time.sleep(0.03 + 0.08 * number)
            process.send_signal(signal.SIGINT)
            code = process.wait(timeout=60)
            self.assertIn(code, (0, 3, -signal.SIGINT))
            if code >= 0:  # negative: the signal arrived before the program handled signals
                self.assertEqual(os.listdir(self.dir / "tmp"), [])
        self.assertEqual(harness.tree(self.index_dir), before)

    def locked_by(self):
        with open(self.index_dir / "lock", "r+b") as file:
            asked = struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0)
            kind, _, _, _, pid = struct.unpack("hhqqi4x", fcntl.fcntl(file, fcntl.F_GETLK, asked))
        return 0 if kind == fcntl.F_UNLCK else pid

    def test_the_lock_is_held_while_queries_are_judged(self):
        """The new database is in the folder run.*/database only while the run evaluates the queries."""
        process = self.start("--require", "nDCG>0.99", "--jobs", "1")
        database = None
        for _ in range(20000):
            database = next(self.index_dir.glob("run.*/database/iamglass"), None)
            if database or process.poll() is not None:
                break
            time.sleep(0.0005)
        if not database:
            self.skipTest("the run ended before it could be stopped")
        process.send_signal(signal.SIGSTOP)
        holder = self.locked_by()
        result = self.indexer("-o", self.index_dir, self.where, expect=3) if holder else None
        process.send_signal(signal.SIGCONT)
        self.assertEqual(process.wait(timeout=120), 1)
        if result:
            self.assertIn(str(process.pid), result.errors)


class Corpus(harness.Case):
    """The measures of every query equal those of support/measures.py to four decimals."""

    METRICS = ("nDCG@10", "MRR@10", "success@3", "recall@10")

    def measure(self):
        """Query -> measures, computed in Python from the hits of `search`."""
        found = {}
        for query, judged in measures.read_judgments(harness.CORPUS / "judgments.tsv").items():
            answer = self.answer("--", query)
            hits = [measures.same_target(hit["url"]) for hit in answer["hits"] + answer["related"]]
            found[query] = measures.measure(judged, hits)
        return found

    def test_measures_equal_those_computed_in_python(self):
        options = [word for name in self.METRICS for word in ("--require", f"{name}>=0")]
        report = self.index(harness.CORPUS, options=options)
        expected = self.measure()
        means = measures.means(expected.values())
        self.assertEqual(report["judged"]["queries"], len(expected))
        for required in report["judged"]["required"]:
            name = required["metric"]
            self.assertAlmostEqual(required["reached"], means[name], 4, name)
        for name in self.METRICS:
            # No value is above 1, so every query falls below the requirement.
            refused = self.index(harness.CORPUS, index=self.dir / "none", expect=1,
                                 options=["--require", f"{name}>1"])
            fell = {query["query"]: query["after"] for query in refused["judged"]["fell"]}
            self.assertEqual(set(fell), set(expected))
            for query, values in expected.items():
                self.assertAlmostEqual(fell[query], values[name], 4, (name, query))


if __name__ == "__main__":
    harness.main()
