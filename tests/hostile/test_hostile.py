# SPDX-License-Identifier: GPL-2.0-or-later
"""The hostile set among good posts: a run ends in bounded time, reports the files that it cannot index,
and indexes all others."""

import os
import pwd
import re
import time

import harness
import traps
from harness import post

GOOD = 60
SECONDS = 240  # under a sanitizer, on a busy machine
WARNING = re.compile(rb": warning: |^\.\.\. and ")
CONTROLS = re.compile(rb"[\x00-\x09\x0b-\x1f\x7f]")


def good_posts():
    return {f"good{n}.md": post(f"Good {n}", f"goodword number{n}. [R{n}](https://r.example/{n})")
            for n in range(GOOD)}


class Hostile(harness.Case):
    def timed(self, *args, **kwargs):
        began = time.monotonic()
        result = self.indexer(*args, expect=None, timeout=SECONDS, **kwargs)
        self.took = time.monotonic() - began
        return result

    def check_good(self, index=None):
        answer = self.answer("-n", 1000, "--kind", "post", "goodword", index=index)
        self.assertEqual(answer["total"], GOOD)
        for number in range(GOOD):
            self.assertEqual(self.full_urls("--kind", "post", f"number{number}", index=index),
                             [f"/good{number}/"])

    def check_set(self, config):
        expected = traps.make(self.dir / "site")
        self.site(good_posts(), config=config)
        result = self.timed("-o", self.index_dir, "--report", self.dir / "report.json", "site")
        self.assertEqual(result.code, 1, str(result))
        report = harness.json.loads((self.dir / "report.json").read_bytes().decode("utf-8"))
        harness.answers.check_report(report)
        lines = result.err.splitlines()
        errors = [line for line in lines if not WARNING.search(line)]
        self.assertEqual(len(errors), len(report["errors"]), result.err)
        for line in lines:
            self.assertRegex(line, rb"^(site/.*:\d+:\d+: .+|\.\.\. and \d+ more \[.*\])$")
            self.assertIsNone(CONTROLS.search(line), line)
        return expected, {error["path"] for error in report["errors"]}

    def test_patterns_that_take_too_long_to_compare_are_reported_with_the_path(self):
        """Sets give no text to look for first, and aliases repeat one glob thousands of times."""
        long = "a" * 240 + ".md"
        deep = "/".join(["a"] * 400) + "/deep.md"
        pattern = "*[a]*[a]*[a]*[b]"
        settings = {
            "exclude:\n" + "".join(f"- '{pattern}{n}'\n" for n in range(15000)): (long, "patterns of include and exclude"),
            "a: &v {title: x}\nb: &s {path: '**/*a*b'}\ndefaults:\n- &e {scope: *s, values: *v}\n" +
            "- *e\n" * 10000: (deep, "globs of `defaults`"),
        }
        for config, (path, what) in settings.items():
            harness.shutil.rmtree(self.dir / "site", ignore_errors=True)
            self.site({**good_posts(), path: post("Long", "longword")}, config=config + "permalink: pretty\n")
            result = self.timed("-q", "-o", self.index_dir, "--full", "site")
            self.assertEqual(result.code, 1, str(result))
            self.assertRegex(result.errors, f"^site/.*{path[-9:]}:1:1: comparing .* the {what} takes too long .*\n$")
            self.assertLess(self.took, 60, "hangs")
            self.check_good()

    def test_in_a_plain_tree_bad_files_are_reported_and_good_files_found(self):
        expected, reported = self.check_set(None)
        self.check_good()
        for name, (what, word) in expected.items():
            path = "site/" + name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            if what == traps.BAD:
                self.assertIn(path, reported, name)
            elif what == traps.GOOD:
                self.assertNotIn(path, reported)
                answer = self.answer("--exact", "--kind", "post", word)
                self.assertEqual(answer["total"], 1, f"{name!r}: {word}")
        self.check_everything()
        self.assertLess(self.took, SECONDS)

    def check_everything(self):
        """Answers that contain hostile posts are valid, and contain nothing from outside the site."""
        everything = self.answer("-n", 10000, "--", "-xyzzyxyzzy")
        self.assertEqual(len(everything["hits"]), everything["total"])
        for word in ("word", "script", "alert", "x", "same", "t", "n1", "root"):
            self.answer("-n", 200, word)
        self.assertEqual(self.answer("--exact", "nologin")["total"], 0, "/etc/passwd was followed")
        for hit in everything["hits"]:
            self.assertRegex(hit["url"], r"^(/|https?://)")

    def test_invalid_yaml_is_reported_with_its_line(self):
        self.site({"a.md": "---\ntitle: x\ntags: [a\nother: y\n---\nx\n",
                   "b.md": "---\n\n\ntitle: 'open\n---\nx\n",
                   "c.md": "---\na: &x 1\nb: *x\n---\nx\n", **good_posts()})
        report = self.index("site", expect=1)
        where = {error["path"]: error["line"] for error in report["errors"]}
        self.assertEqual(set(where), {"site/a.md", "site/b.md", "site/c.md"})
        self.assertIn(where["site/a.md"], (3, 4, 5))
        self.assertIn(where["site/b.md"], (4, 5))
        self.assertIn(where["site/c.md"], (2, 3))
        self.check_good()

    def test_in_a_jekyll_site_good_posts_are_found_among_hostile_files(self):
        self.check_set("title: Hostile\n")
        self.check_good_of_jekyll()

    def check_good_of_jekyll(self):
        answer = self.answer("-n", 1000, "--kind", "post", "goodword")
        self.assertEqual(answer["total"], GOOD)
        self.check_everything()

    def test_an_invalid_config_is_an_error_that_names_the_file(self):
        self.site(good_posts(), config="title: [open\n")
        result = self.timed("-o", self.index_dir, "site")
        self.assertEqual(result.code, 3)
        self.assertIn("_config.yml:", result.errors)


class Unreadable(harness.Case):
    def test_unreadable_files_and_folders_are_reported_and_the_rest_indexed(self):
        """Another user runs the indexer, because root can read every file."""
        try:
            nobody = pwd.getpwnam("nobody")
        except KeyError:
            self.skipTest("there is no user nobody")
        if os.getuid() != 0 and os.getuid() == nobody.pw_uid:
            self.skipTest("the tests are run by the user nobody")
        as_nobody = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        if os.getuid() != 0:
            as_nobody = {}
        site = self.site({**good_posts(), "secret.md": "secretword\n", "closed/x.md": "closedword\n"})
        (site / "secret.md").chmod(0)
        (site / "closed").chmod(0)
        self.addCleanup((site / "closed").chmod, 0o755)
        self.dir.chmod(0o755)
        for program in (harness.INDEXER, harness.SEARCH):
            if not self.runs_as(program, as_nobody):
                self.skipTest("the user nobody cannot run the programs")
        index = self.dir / "out"
        index.mkdir()
        index.chmod(0o777)
        result = self.indexer("-o", index, "site", expect=1, **as_nobody)
        self.assertIn("site/secret.md:1:1: ", result.errors)
        self.assertIn("site/closed", result.errors)
        answer = self.answer("-n", 1000, "--kind", "post", "goodword", index=index)
        self.assertEqual(answer["total"], GOOD)
        self.assertEqual(self.answer("secretword", index=index)["total"], 0)

    def runs_as(self, program, user):
        try:
            return harness.run([program, "--version"], **user).code == 0
        except PermissionError:
            return False

    def test_an_unreadable_site_is_an_error(self):
        if os.getuid() == 0:
            self.skipTest("root can read every file")
        site = self.site(good_posts())
        site.chmod(0)
        self.addCleanup(site.chmod, 0o755)
        self.indexer("-o", "index", "site", expect=3)


if __name__ == "__main__":
    harness.main()
