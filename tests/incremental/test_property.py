# SPDX-License-Identifier: GPL-2.0-or-later
"""After any sequence of edits, an incrementally updated index gives the same answers and has the same
revision, byte for byte, as an index built from scratch from the same files. Vectors depend on the
documents that the index contained when they were learnt. An index with vectors is therefore compared
only in what vectors do not affect: the hits of queries that are not ranked by meaning, and which
documents each query finds (docs/semantic.md).

$SIGNPOST_STEPS: the number of steps, each some edits and a run (default 6), for each seed and kind of
site.
"""

import json
import os
import random
import shutil

import harness

STEPS = int(os.environ.get("SIGNPOST_STEPS", "6"))
WORDS = ("residency research fellowship bootcamp degree free remote mentor salary interview portfolio "
         "embedded robotics nursing law climate policy grant stipend visa").split()
HOSTS = ["a.example", "www.b.example", "c.example"]
QUERIES = [["residency"], ["free bootcamp"], ["fellowship grant stipend"], ["--sort", "newest", "remote"],
           ["--sort", "oldest", "-n", "20", "mentor"], ["--kind", "resource", "law"], ["kind:post"],
           ["-n", "60", "kind:resource"], ["--", "-degree"], ['"policy grant"'], ["clim*"], ["link 3"],
           ["--offset", "2", "-n", "3", "visa"], ["--exact", "nursing salary"]]

# Queries that are ranked by words and meaning; the other queries are not ranked by meaning.
BLENDED = [["residency"], ["free bootcamp"], ["fellowship grant stipend"], ["--kind", "resource", "law"],
           ["link 3"], ["--offset", "2", "-n", "3", "visa"]]


class Site:
    """A site that the test edits: a Jekyll site or a plain tree."""

    def __init__(self, rng, put, folder, jekyll, semantic):
        self.semantic = semantic
        self.rng, self.put, self.folder, self.jekyll = rng, put, folder, jekyll
        self.good, self.broken = {}, set()
        self.indexed = {}  # the last valid content that a run saw
        self.url_style, self.title = "pretty", "Guide"

    def write(self, name, text):
        self.put(f"{self.folder}/{name}", text)

    def sentence(self):
        return " ".join(self.rng.choice(WORDS) for _ in range(self.rng.randrange(3, 12))).capitalize() + "."

    def link(self):
        number = self.rng.randrange(12)
        url = f"https://{self.rng.choice(HOSTS)}/{number}"
        name = self.rng.choice([f"Link {number}", "here", f"The {self.rng.choice(WORDS)} {number}"])
        return f"[{name}]({url})"

    def content(self):
        parts = [f"title: {self.sentence()[:-1]}"]
        if self.rng.random() < 0.3:
            parts.append(f"tags: [{self.rng.choice(WORDS)}]")
        if self.rng.random() < 0.1:
            parts.append("published: false")
        if self.rng.random() < 0.3:  # few URLs, so that several files have the same
            parts.append(f"permalink: /same/{self.rng.randrange(4)}/")
        if self.rng.random() < 0.2:
            parts.append(f"date: 2020-01-0{self.rng.randrange(1, 5)}")
        body = [self.sentence()]
        for number in range(self.rng.randrange(4)):
            body.append(f"## {self.rng.choice(WORDS)} {number}")
            if self.rng.random() < 0.4:
                body.append(f"**{self.rng.choice(WORDS)} label**")
            body.append(self.sentence())
            body.append("\n".join(f"- {self.link()} {self.rng.choice(['', self.sentence()])}"
                                  for _ in range(self.rng.randrange(4))))
            body.append(f"{self.sentence()} {self.link()} {self.sentence()}")
        return "---\n" + "\n".join(parts) + "\n---\n\n" + "\n\n".join(body) + "\n"

    def name(self):
        number = self.rng.randrange(100)
        return self.rng.choice([f"_posts/20{number % 25:02}-0{number % 9 + 1}-1{number % 9}-post-{number}.md",
                                f"notes/page-{number}.md", f"page-{number}.md"])

    def pick(self):
        return self.rng.choice(sorted(self.good)) if self.good else None

    def shown(self):
        """The files from which a full build gives the same index: broken files have their last valid
        content."""
        shown = {name: self.indexed.get(name) if name in self.broken else text
                 for name, text in self.good.items()}
        shown = {name: text for name, text in shown.items() if text is not None}
        return {**shown, **({"_config.yml": self.config()} if self.jekyll else {})}

    def config(self):
        return f"title: {self.title}\nurl: https://guide.example\npermalink: {self.url_style}\n" + \
            ("" if self.semantic else "signpost: {semantic: false}\n")

    def add(self):
        name = self.name()
        self.good[name] = self.content()
        self.broken.discard(name)
        self.write(name, self.good[name])

    def change(self):
        name = self.pick()
        if name and name not in self.broken:
            text = self.good[name]
            at = self.rng.randrange(text.index("---\n\n") + 5, len(text))
            self.good[name] = text[:at] + self.rng.choice(
                ["\n\n" + self.sentence() + "\n\n", f"\n\n- {self.link()}\n\n", "x", " "]) + text[at:]
            self.write(name, self.good[name])

    def rewrite(self):
        name = self.pick()
        if name:
            self.good[name] = self.content()
            self.broken.discard(name)
            self.write(name, self.good[name])

    def rename(self):
        old, new = self.pick(), self.name()
        if old and old not in self.broken and new not in self.good:
            self.good[new] = self.good.pop(old)
            self.write(old, None)
            self.write(new, self.good[new])

    def delete(self):
        name = self.pick()
        if name:
            del self.good[name]
            self.broken.discard(name)
            self.write(name, None)

    def touch(self):
        name = self.pick()
        if name and name not in self.broken:
            self.write(name, self.good[name])

    def break_it(self):
        """A file that another one overwrites has no post that could be kept, so those stay whole."""
        name = self.pick()
        if name and "permalink" not in self.good[name]:
            self.broken.add(name)
            self.write(name, "---\ntitle: [never closed\n---\n\nGone.\n")

    def repair(self):
        for name in self.broken:
            self.write(name, self.good[name])
        self.broken.clear()

    def settings(self):
        if not self.jekyll:
            return
        self.repair()
        if self.rng.random() < 0.5:
            self.url_style = self.rng.choice(["pretty", "date", "/:title/"])
        else:
            self.title = self.sentence()[:-1]
        self.write("_config.yml", self.config())


class Property(harness.Case):
    def put(self, name, text):
        path = self.dir / "sites" / name
        if text is None:
            path.unlink()
        else:
            self.write(f"sites/{name}", text)

    def answers(self, index):
        found = []
        for query in QUERIES:
            answer = self.answer(*query, index=index)
            del answer["took_us"]
            found.append((query, answer))
        return found

    def report(self, where, index, sites, expect):
        """The report of a run in the folder `where`, so that sites have the same names in every folder."""
        result = self.indexer("-q", "-o", index, "--report", "-", *(site.folder for site in sites),
                              cwd=self.dir / where, expect=expect)
        return json.loads(result.out)

    def check_like(self, step, query, ours, theirs):
        """The answers are equal except for what depends on vectors: order, scores and related documents."""
        for answer in (ours, theirs):
            del answer["revision"], answer["related"]
        if query in BLENDED:
            self.assertEqual(ours["total"], theirs["total"], f"{step} {query}")
            for answer in (ours, theirs):
                del answer["hits"]
        self.assertEqual(json.dumps(ours, indent=1), json.dumps(theirs, indent=1), f"{step} {query}")

    def check_whole_answers(self, step, ours, theirs):
        """The two indexes answer with the same hits, but perhaps in another order."""
        for query in (["residency"], ["free bootcamp"], ["fellowship grant stipend"]):
            found = [self.answer("-n", "100", *query, index=index)["hits"] for index in (ours, theirs)]
            for hits in found:
                for hit in hits:
                    del hit["score"]
            self.assertEqual(*[sorted(json.dumps(hit) for hit in hits) for hits in found],
                             f"{step} {query}")

    def check_equals_full_build(self, sites, step):
        fresh_index = self.dir / "fresh-index"
        shutil.rmtree(self.dir / "fresh", ignore_errors=True)
        shutil.rmtree(fresh_index, ignore_errors=True)
        for site in sites:
            for name, text in site.shown().items():
                self.write(f"fresh/{site.folder}/{name}", text)
        expected = self.report("fresh", fresh_index, sites, 0)
        found = self.report("sites", self.index_dir, sites, 1 if any(site.broken for site in sites) else 0)
        self.assertEqual(found["resources"]["total"], expected["resources"]["total"], step)
        same = found["revision"] == expected["revision"]
        if not sites[0].semantic:
            self.assertTrue(same, step)
        self.same.append(same)
        for (query, ours), (_, theirs) in zip(self.answers(self.index_dir), self.answers(fresh_index)):
            if same:
                self.assertEqual(json.dumps(ours, indent=1), json.dumps(theirs, indent=1),
                                 f"{step} {query}")
            else:
                self.check_like(step, query, ours, theirs)
        self.check_whole_answers(step, self.index_dir, fresh_index)
        for site in sites:
            site.indexed = site.shown()

    def check_random_edits(self, seed, *kinds, semantic=False):
        """kinds: True for a Jekyll site, False for a plain tree."""
        rng = random.Random(seed)
        self.same = []
        sites = [Site(rng, self.put, f"site{n}", jekyll, semantic) for n, jekyll in enumerate(kinds)]
        for site in sites:
            if site.jekyll:
                site.write("_config.yml", site.config())
            for _ in range(15):
                site.add()
        self.check_equals_full_build(sites, "first")
        for step in range(STEPS):
            done = []
            for _ in range(rng.randrange(1, 5)):
                site = rng.choice(sites)
                done.append(rng.choice([site.add, site.change, site.change, site.rewrite, site.rename,
                                        site.delete, site.touch, site.break_it, site.repair]))
            if rng.random() < 0.1:
                done.append(rng.choice(sites).settings)
            for edit in done:
                edit()
            self.check_equals_full_build(sites, f"seed {seed} step {step} {[edit.__name__ for edit in done]}")

    def test_an_edited_jekyll_site_equals_a_full_build(self):
        self.check_random_edits(1, True)

    def test_an_edited_plain_tree_equals_a_full_build(self):
        self.check_random_edits(2, False, semantic=True)  # a plain tree cannot turn vectors off

    def test_several_edited_sites_equal_a_full_build(self):
        self.check_random_edits(3, True, False, True)

    def test_edited_sites_with_vectors_find_the_same_documents(self):
        self.check_random_edits(4, True, False, True, semantic=True)
        self.assertTrue(self.same[0])
        self.assertIn(False, self.same)


if __name__ == "__main__":
    harness.main()
