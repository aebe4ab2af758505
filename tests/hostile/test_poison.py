# SPDX-License-Identifier: GPL-2.0-or-later
"""Poison among good files: the good ones are indexed, each bad one is named with its line, and none costs more than two
seconds of processor time. The long form has 200 poison files of 1 MB among 1,000 good ones; the quick form has
one of each kind, and they are smaller."""

import os
import re

import harness
import poison
from harness import post

GOOD = 1000 if harness.LONG else 50
POISON = 200 if harness.LONG else len(poison.POSTS)
BYTES = 1_000_000 if harness.LONG else 100_000
SECONDS = 20 if harness.SLOW else 2
HANGS = 600  # on a busy machine
PLACE = re.compile(r"^(site/.+?):(\d+):(\d+): ", re.M)


class Poison(harness.Case):
    def good_posts(self, count):
        self.site({f"good{n}.md": post(f"Good {n}", f"goodword number{n}") for n in range(count)})

    def timed(self, *args, expect=None, **kwargs):
        """Runs the indexer, and sets self.seconds to the processor time that it took."""
        before = os.times()
        result = self.indexer("-q", "-o", self.index_dir, *args, "site", expect=expect, timeout=HANGS, **kwargs)
        after = os.times()
        self.seconds = (after.children_user - before.children_user +
                        after.children_system - before.children_system)
        return result

    def check_good(self, count):
        answer = self.answer("--exact", "-n", 10000, "--kind", "post", "goodword")
        self.assertEqual(sum(not hit["missing"] for hit in answer["hits"]), count)
        return answer["revision"]

    def put(self, path, content):
        return self.write(path, content if isinstance(content, bytes) else content.encode("utf-8"))

    def test_good_posts_are_indexed_among_poison_and_each_bad_one_is_named(self):
        self.good_posts(GOOD)
        expected, kinds = {}, list(poison.POSTS.items())
        for number in range(POISON):
            kind, (what, make) = kinds[number % len(kinds)]
            path = f"site/poison/{kind}-{number}.md"
            self.put(path, make(BYTES, number))
            expected[path] = what
        result = self.timed("-W", "none", expect=1)
        named = {path for path, line, _ in PLACE.findall(result.errors) if int(line) > 0}
        answer = self.answer("--exact", "-n", 10000, "--kind", "post", "poisonword")
        found = {"site/" + hit["source"]["path"] for hit in answer["hits"]}
        for path, what in expected.items():
            if what == poison.BAD:
                self.assertIn(path, named)
                self.assertNotIn(path, found)
            elif what == poison.GOOD:
                self.assertIn(path, found)
            self.assertFalse(path in named and path in found, path)
        self.check_good(GOOD)
        bad = sum(what == poison.BAD for what in expected.values())
        figure = f"{GOOD} of {GOOD} good ones indexed among {POISON}; {bad} of {bad} bad ones named"
        if harness.LONG:
            figure += f"; the slowest takes {self.check_each_alone(kinds):.2f} s"
        harness.row("poison files", figure)

    def check_each_alone(self, kinds):
        slowest = 0
        for kind, (_, make) in kinds:
            harness.shutil.rmtree(self.dir / "site")
            harness.shutil.rmtree(self.index_dir)
            self.put("site/poison.md", make(BYTES, 0))
            self.put("site/good0.md", post("Good", "goodword"))
            self.timed("-W", "none")
            slowest = max(slowest, self.seconds)
            with self.subTest(kind=kind):
                self.assertLess(self.seconds, SECONDS)
        return slowest

    def check_kinds(self, name, kinds, code, options=(), row=None):
        """Each kind as the file `name` of a site whose posts are in the index."""
        slowest, revision = 0, self.check_good(self.count)
        for kind, (what, make) in kinds.items():
            self.put(f"site/{name}", make(BYTES))
            with self.subTest(kind=kind):
                result = self.timed(*options)
                self.assertEqual(result.code, code if what == poison.BAD else 0 if what == poison.GOOD else result.code,
                                 f"{kind}: {result}")
                if result.code != 0:
                    self.assertRegex(result.errors, rf"site/{name}(:\d+:\d+)?: ")
                self.assertLess(self.seconds, SECONDS + self.base, kind)
                now = self.check_good(self.count)
                if result.code == 3:
                    self.assertEqual(now, revision)
                revision = now
            slowest = max(slowest, self.seconds - self.base)
        harness.row(row, f"{len(kinds)} of {len(kinds)} reported or used, nothing lost; the slowest takes {slowest:.2f} s")

    def index_good(self, count, config=None):
        self.count = count
        self.good_posts(count)
        if config is not None:
            for number in range(count):
                self.put(f"site/_posts/2020-01-01-x{number}.md", post("X", "word"))
            self.put("site/page.md", post("Page", "word"))
            self.put("site/_config.yml", config)
        self.timed("--full", expect=0)
        self.base = self.seconds

    def test_poison_in_settings_is_reported_with_its_line_or_costs_little(self):
        self.index_good(300, "title: x\n")
        self.check_kinds("_config.yml", poison.SETTINGS, 3, row="poison in settings")

    def test_poison_in_pins_is_reported_with_its_line(self):
        self.index_good(20)
        self.check_kinds("pins.tsv", poison.PINS, 3, row="poison in pins")

    def test_poison_in_synonyms_is_reported_with_its_line(self):
        self.index_good(20)
        self.check_kinds("synonyms.txt", poison.SYNONYMS, 1, row="poison in synonyms")

    def test_poison_in_judged_queries_is_reported_with_its_line(self):
        self.index_good(20)
        self.check_kinds("judgments.tsv", poison.JUDGMENTS, 3, ("--require", "recall@10>=0"), row="poison in judged queries")


if __name__ == "__main__":
    harness.main()
