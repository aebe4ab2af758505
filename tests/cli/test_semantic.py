# SPDX-License-Identifier: GPL-2.0-or-later
"""The semantic layer: what it changes in answers, what it must not change, and how to turn it off."""

import random

import harness

TOPICS = {"kitchen": "flour oven bread yeast dough".split(),
          "harbour": "anchor rope tide mast sail".split(),
          "violin": "melody orchestra choir rhythm chord".split(),
          "glacier": "summit avalanche ridge crampon icefall".split()}
OFF = "title: Guide\nsignpost:\n  semantic: false\n"
ON = "title: Guide\n"


def files(count=80, topics=TOPICS):
    """Posts of four topics; every fifth post of a topic does not contain the topic's name."""
    rng, made = random.Random(5), {}
    for number in range(count):
        name = list(topics)[number % 4]
        words = rng.sample(topics[name], 4) + [f"common{rng.randrange(40)}" for _ in range(3)]
        if number // 4 % 5:
            words.insert(2, name)
        made[f"p{number}.md"] = harness.post(f"Page {number}", " ".join(words) + ".",
                                             tags=f"[{'odd' if number // 4 % 2 else 'even'}]")
    return made


def of(hits):
    return [hit["url"] for hit in hits]


class Semantic(harness.Case):
    def make(self, config, name="site", made=None):
        self.site(made or files(), name, config)
        self.index(self.dir / name, index=self.dir / f"{name}-index")
        return self.dir / f"{name}-index"

    def both(self):
        return self.make(ON, "on"), self.make(OFF, "off")

    def answer(self, query, *options, **kwargs):
        return super().answer(*options, "--", query, **kwargs)

    def same(self, on, off, *query):
        answers = [self.answer(*query, index=index) for index in (on, off)]
        for answer in answers:
            del answer["took_us"], answer["revision"]
        self.assertEqual(*answers)

    def test_related_documents_are_of_the_topic_without_its_word(self):
        on, off = self.both()
        answer = self.answer("glacier", "-n", "50", index=on)
        self.assertEqual(len(answer["hits"]), 16)
        related = {int(url.strip("/p.html")) for url in of(answer["related"])}
        self.assertTrue(related)
        self.assertTrue(all(number % 4 == 3 and not number // 4 % 5 for number in related), related)
        self.assertFalse(set(of(answer["related"])) & set(of(answer["hits"])))
        scores = [hit["score"] for hit in answer["related"]]
        self.assertEqual(scores, sorted(scores, reverse=True))
        self.assertTrue(all(0.5 < score <= 1 for score in scores))
        self.assertEqual(self.answer("glacier", "-n", "50", index=off)["related"], [])
        shown = self.search("-n", "50", "glacier", index=on).text
        heading = "related results that contain none of your words:"
        self.assertEqual(shown.count(heading), 1)
        self.assertIn(answer["related"][0]["title"], shown.split(heading)[1])
        self.assertNotIn("related", self.search("-n", "50", "glacier", index=off).text)

    def test_related_documents_obey_filters_and_fill_only_the_first_page(self):
        on = self.make(ON)
        everything = self.answer("glacier", "-n", "50", index=on)["related"]
        self.assertEqual({tag for hit in everything for tag in hit["tags"]}, {"odd", "even"})
        odd = self.answer("glacier", "--tag", "odd", "-n", "50", index=on)["related"]
        self.assertTrue(odd)
        self.assertEqual({tag for hit in odd for tag in hit["tags"]}, {"odd"})
        for options in (["-n", "16"], ["-n", "50", "--offset", "1"], ["-n", "0"]):
            self.assertEqual(self.answer("glacier", *options, index=on)["related"], [], options)
        self.assertEqual(len(self.answer("glacier", "-n", "17", index=on)["related"]), 1)

    def test_related_documents_are_judged_below_the_hits(self):
        on = self.make(ON)
        answer = self.answer("glacier", "-n", "50", index=on)
        near = answer["related"][0]["url"]
        judgments = self.write("judgments.tsv", f"glacier\t{near}\t3\n")
        run = self.dir / "run"
        self.search("--eval", judgments, "-n", "50", "--metric", "recall@50", "--write-run", run, index=on)
        ranked = [line.split()[2] for line in run.read_text(encoding="utf-8").splitlines()]
        self.assertEqual(ranked.index(near), len(answer["hits"]))

    def test_meaning_changes_only_the_order_of_hits(self):
        on, off = self.both()
        moved = 0
        for query in ("glacier", "violin melody", "harbour common3", "flour oven bread"):
            ours = self.answer(query, "-n", "80", index=on)
            theirs = self.answer(query, "-n", "80", index=off)
            self.assertEqual(ours["total"], theirs["total"])
            self.assertEqual(sorted(of(ours["hits"])), sorted(of(theirs["hits"])))
            self.assertEqual([hit["missing"] == [] for hit in ours["hits"]],
                             [hit["missing"] == [] for hit in theirs["hits"]])
            scores = [hit["score"] for hit in ours["hits"] if not hit["missing"]]
            self.assertEqual(scores, sorted(scores, reverse=True))
            moved += of(ours["hits"]) != of(theirs["hits"])
            pages = [hit for offset in range(0, 80, 7)
                     for hit in self.answer(query, "-n", "7", "--offset", offset, index=on)["hits"]]
            self.assertEqual(of(pages), of(ours["hits"]))
        self.assertTrue(moved)

    def test_phrases_operators_and_sorting_are_not_affected(self):
        on, off = self.both()
        for query in (['"violin"'], ["violin -melody"], ["viol*"], ["violin OR melody"], ["+violin melody"],
                      ["title:violin melody"], ["violin melody", "--exact"], ["violin", "--sort", "newest"],
                      ["violin", "--sort", "oldest"], ["kind:post"], ["zzzz"], ["the"]):
            self.same(on, off, *query, "-n", "80")
        of_the_text = self.answer("violin tag:odd", "-n", "80", index=on)["hits"]
        self.assertEqual(of_the_text, self.answer("violin", "--tag", "odd", "-n", "80", index=on)["hits"])

    def test_a_small_site_is_not_affected(self):
        made = files(40)
        on, off = self.make(ON, "on", made), self.make(OFF, "off", made)
        self.same(on, off, "glacier", "-n", "50")
        self.assertEqual(self.revision(on), self.revision(off))

    def test_several_indexes_together_have_no_related_documents(self):
        on, off = self.both()
        answer = self.answer("glacier", "-i", on, "-i", off, "-n", "100", index=False)
        self.assertEqual(len(answer["hits"]), 32)
        self.assertEqual(answer["related"], [])

    def test_turning_it_off_and_on_restores_the_revision(self):
        index = self.make(ON)
        first = self.revision(index)
        self.write("site/_config.yml", OFF)
        self.index(self.dir / "site", index=index)
        self.assertNotEqual(self.revision(index), first)
        self.assertEqual(self.answer("glacier", "-n", "50", index=index)["related"], [])
        self.write("site/_config.yml", ON)
        self.index(self.dir / "site", index=index)
        self.assertEqual(self.revision(index), first)
        self.assertTrue(self.answer("glacier", "-n", "50", index=index)["related"])
        self.index(self.dir / "site", index=index, options=["--full"])
        self.assertEqual(self.revision(index), first)

    def test_a_new_post_is_related_without_a_full_build(self):
        index = self.make(ON)
        first = self.revision(index)
        self.write("site/new.md", harness.post("New page", "summit avalanche ridge crampon icefall."))
        dry = self.index(self.dir / "site", index=index, options=["--dry-run"])
        report = self.index(self.dir / "site", index=index)
        self.assertEqual(report["posts"]["added"], 1)
        self.assertEqual(report["posts"]["unchanged"], 80)
        self.assertEqual(dry["revision"], report["revision"])
        self.assertIn("/new.html", of(self.answer("glacier", "-n", "50", index=index)["related"]))
        self.write("site/new.md", harness.post("New page", "flour oven bread yeast dough."))
        self.index(self.dir / "site", index=index)
        self.assertNotIn("/new.html", of(self.answer("glacier", "-n", "50", index=index)["related"]))
        (self.dir / "site/new.md").unlink()
        self.index(self.dir / "site", index=index)
        self.assertEqual(self.revision(index), first)
        self.assertNotIn("/new.html", of(self.answer("kitchen", "-n", "50", index=index)["related"]))

    def test_after_enough_changes_the_index_equals_a_full_build(self):
        """After changes to a fifth of the documents the layer is learnt again from all documents."""
        index = self.make(ON)
        for number in range(100, 120):
            self.write(f"site/n{number}.md", harness.post(f"New {number}", "copper kettle solder valve."))
            if number == 110:
                self.index(self.dir / "site", index=index)
        dry = self.index(self.dir / "site", index=index, options=["--dry-run"])
        report = self.index(self.dir / "site", index=index)
        self.assertEqual((report["posts"]["added"], report["posts"]["unchanged"]), (9, 91))
        self.assertEqual(dry["revision"], report["revision"])
        self.index(self.dir / "site", index=self.dir / "fresh")
        self.assertEqual(self.revision(index), self.revision(self.dir / "fresh"))
        self.same(index, self.dir / "fresh", "kettle", "-n", "50")

    def test_the_number_of_threads_does_not_change_answers(self):
        self.site(files(), config=ON)
        made = []
        for jobs in (1, 4):
            index = self.dir / f"jobs{jobs}"
            self.index(self.dir / "site", index=index, options=["--jobs", jobs])
            answer = self.answer("violin choir", "-n", "80", index=index)
            del answer["took_us"]
            made.append(answer)
        self.assertEqual(*made)


if __name__ == "__main__":
    harness.main()
