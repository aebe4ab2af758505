# SPDX-License-Identifier: GPL-2.0-or-later
"""search --explain: the parts that a score is the sum of, and why a hit ranks above the next hit."""

import json
import math

import harness
from harness import post

K1, B = 1.6, 0.65
CONFIG = "permalink: /:title/\ntimezone: UTC\n"
FILLING = "apple banana cherry damson elder fig grape hazel iris jasmine kiwi lemon mango nettle".split()
SITE = {
    "_posts/2018-01-01-a.md": post("Harbour", "ferry\n\n# Harbour\n\nharbour pilot", tags="[harbour]"),
    "_posts/2018-01-02-b.md": post("Ships", "The harbour pilot waits. The ferry sails. [Pilots' guild]"
                                   "(https://guild.example/) - Harbour rules.", tags="[x]"),
    "_posts/2018-01-03-c.md": post("Pilot", "pilot only"),
    "_posts/2018-01-04-d.md": post("Twin", "twin harbour"),
    "_posts/2018-01-05-e.md": post("Twin", "twin harbour"),
}
SITE.update({f"_posts/2019-01-{n + 1:02}-{word}.md": post(word.title(), f"{word} " * n + "garden")
             for n, word in enumerate(FILLING)})
QUERIES = (["residency"], ["residency research"], ["machine learning"], ["machine learning engineer jobs"],
           ['"cover letter"'], ["full-time"], ["full time"], ["resid*"], ["résumé advice"], ["data data science"],
           ["a OR b research"], ["title:interview question"], ["+research zzzz phd"], ["phd -research"],
           ["tag:interviews question"], ["kind:resource apprenticeship"], ["open source first contribution"],
           ["the job"], ["bootcamp no degree london visa"], ["under:residencies google"], ["dat* science"],
           ["--exact", "the job"], ["--sort", "newest", "machine learning"], ["github cv"])


class Explain(harness.Case):
    def explain(self, *args, **kwargs):
        result = self.search("--json", "--explain", *args, **kwargs)
        return json.loads(result.out)["hits"]

    def check(self, hit, where):
        explained = hit["explain"]
        self.assertAlmostEqual(explained["score"], hit["score"], delta=0.0051, msg=where)
        sum_ = (sum(word["weight"] for word in explained["words"]) + explained["coverage"] + explained["meaning"]
                + explained["other"]
                + sum(pair["weight"] for pair in explained["pairs"]))
        self.assertAlmostEqual(sum_, explained["score"], delta=1e-5, msg=where)
        for word in explained["words"]:
            self.assertEqual(bool(word["weight"]), bool(word["places"]), where)
            if word["weight"]:
                self.assertTrue(word["terms"], where)
                self.assertAlmostEqual(sum(place["weight"] for place in word["places"]), word["weight"], delta=1e-5, msg=where)
        return explained

    def test_words_pairs_and_meaning_add_up_to_the_score(self):
        """Scores consist only of words, pairs and meaning, so the explanation has no other part, unless
        the hit was moved below a page."""
        self.index(harness.CORPUS)
        pairs = lacking = meant = 0
        for args in QUERIES:
            hits = self.explain("-n", "30", *args)
            self.assertTrue(hits, args)
            above = None
            for hit in hits:
                explained = self.check(hit, f"{args} {hit['url']}")
                self.assertTrue(explained["other"] == 0 or above == "page", f"{args} {hit['url']}: {explained}")
                above = (explained["above_next"] or {"by": above})["by"] if explained["other"] == 0 else above
                pairs += len(explained["pairs"])
                lacking += len(hit["missing"])
                meant += explained["meaning"] > 0
        self.assertGreater(meant, 20)
        self.assertGreater(pairs, 20)
        self.assertGreater(lacking, 20)

    def test_the_weight_of_a_word_is_its_bm25_score(self):
        self.index(harness.CORPUS)
        checked = 0
        for args in (["residency research"], ["interview questions"], ["kubernetes"], ["mentor"]):
            for hit in self.explain("-n", "50", *args):
                for word in hit["explain"]["words"]:
                    if len(word["terms"]) != 1:
                        continue
                    n, count, wdf = word["terms"][0]["documents"], hit["explain"]["documents"], word["terms"][0]["wdf"]
                    odds = (count - n + 0.5) / (n + 0.5)
                    idf = math.log(odds if odds >= 2 else odds / 2 + 1)
                    length = hit["explain"]["length"]
                    expected = idf * (K1 + 1) * wdf / (K1 * (1 - B + B * length) + wdf)
                    self.assertAlmostEqual(word["weight"], expected, delta=1e-4, msg=f"{args} {hit['url']} {word}")
                    checked += 1
        self.assertGreater(checked, 100)

    def guide(self):
        self.index(self.site(SITE, config=CONFIG))

    def by_url(self, *args):
        return {hit["url"]: hit for hit in self.explain(*args)}

    def test_a_words_weight_is_split_over_the_fields_that_contain_it(self):
        self.guide()
        hit = self.by_url("harbour")["/a/"]
        word = hit["explain"]["words"][0]
        self.assertEqual(word["word"], "harbour")
        self.assertEqual(word["terms"], [{"text": "harbour", "stem": True, "documents": 5, "wdf": 3 + 2 + 1 + 2}])
        places = {place["place"]: place for place in word["places"]}
        self.assertEqual(list(places), ["title", "heading", "text", "tags"])
        self.assertEqual([place["count"] for place in places.values()], [1, 1, 1, 0])
        for name, units in (("title", 3), ("heading", 2), ("text", 1), ("tags", 2)):
            self.assertAlmostEqual(places[name]["weight"], word["weight"] * units / 8, delta=1e-5)
        resource = self.by_url("harbour")["https://guild.example/"]["explain"]["words"][0]
        self.assertIn("description", [place["place"] for place in resource["places"]])

    def test_the_split_over_fields_follows_the_sites_weights(self):
        weights = "signpost:\n  ranking:\n    weights: {title: 30, heading: 5, body: 2, tag: 0, name: 20, description: 7}\n"
        self.index(self.site(SITE, config=CONFIG + weights))
        hits = self.by_url("harbour")
        word = hits["/a/"]["explain"]["words"][0]
        self.assertEqual([place["place"] for place in word["places"]], ["title", "heading", "text"])
        for place, units in zip(word["places"], (30, 5, 2)):
            self.assertAlmostEqual(place["weight"], word["weight"] * units / 37, delta=1e-5)
        pilots = self.by_url("pilots")["https://guild.example/"]["explain"]["words"][0]
        name = next(place for place in pilots["places"] if place["place"] == "title")
        self.assertAlmostEqual(name["weight"], pilots["weight"] * 20 / pilots["terms"][0]["wdf"], delta=1e-5)

    def test_an_exact_title_ranks_first_without_adding_to_the_score(self):
        self.guide()
        first, second, *others = self.explain("twin harbour"), self.explain("harbour"), self.explain("twin")
        self.assertFalse(any(hit["explain"]["exact_title"] for hit in first))
        self.assertEqual([hit["explain"]["exact_title"] for hit in second], [True, False, False, False, False])
        self.assertEqual(second[0]["explain"]["above_next"], {"by": "exact_title"})
        self.assertEqual(others[0][0]["explain"]["above_next"], {"by": "exact_title"})
        self.assertEqual([hit["explain"]["exact_title"] for hit in others[0]][:2], [True, False])
        for hit in second + others[0]:
            self.assertEqual(self.check(hit, hit["url"])["other"], 0)
            self.assertLess(hit["score"], 100)
        shown = self.search("--explain", "harbour").text
        self.assertEqual(shown.count("the query is its whole title: ranked before other hits"), 1)
        self.assertEqual(shown.count("above the next: the query is its whole title\n"), 1)
        self.assertEqual(self.search("--explain", "-n", "1", "harbour").text.count("whole title"), 1)

    def test_a_pinned_hit_is_explained_as_pinned(self):
        """Pinned hits come first. Query words that a pinned hit does not contain add nothing to its score."""
        self.site(SITE, config=CONFIG)
        self.write("site/pins.tsv", "harbour pilot\t/c/\t/b/\nharbour\t/a/\t" + "\t".join(f"/{word}/" for word in FILLING) + "\n")
        self.index(self.dir / "site")
        hits = self.explain("harbour pilot")
        self.assertEqual([hit["url"] for hit in hits if hit.get("pinned")], ["/c/", "/b/"])
        self.assertEqual([hit["explain"]["above_next"]["by"] for hit in hits[:2]], ["pinned", "pinned"])
        for hit in hits + self.explain("harbour"):
            self.assertEqual(self.check(hit, hit["url"])["other"], 0)
        self.assertEqual(hits[0]["explain"]["pairs"], [])
        self.assertGreater(hits[1]["score"], hits[0]["score"])
        shown = self.search("--explain", "harbour pilot").text
        self.assertEqual(shown.count("the site pins it for this query: ranked first"), 2)
        self.assertEqual(shown.count("above the next: the site pins it\n"), 2)

    def test_related_documents_are_not_explained(self):
        self.index(harness.CORPUS)
        answer = json.loads(self.search("--json", "--explain", "-n", "60", "kubernetes").out)
        self.assertTrue(answer["related"])
        self.assertTrue(all("explain" in hit for hit in answer["hits"]))
        self.assertFalse(any("explain" in hit for hit in answer["related"]))

    def test_a_pair_is_listed_only_for_words_in_the_querys_order(self):
        self.guide()
        hits = self.by_url("harbour pilot")
        for url in ("/a/", "/b/"):
            (pair,) = hits[url]["explain"]["pairs"]
            self.assertEqual(pair["words"], ["harbour", "pilot"])
            self.assertGreater(pair["weight"], 0)
        self.assertEqual(self.by_url("pilot harbour")["/a/"]["explain"]["pairs"], [])

    def test_a_query_of_more_than_16_words_has_no_pairs(self):
        self.guide()
        for words, pairs in ((16, 1), (17, 0)):
            query = "harbour pilot " + " ".join(f"zq{n}x" for n in range(words - 2))
            self.assertEqual(len(self.by_url(query)["/a/"]["explain"]["pairs"]), pairs, words)

    def test_each_hit_says_why_it_ranks_above_the_next(self):
        self.guide()
        hits = self.explain("harbour pilot")
        reasons = [hit["explain"]["above_next"] for hit in hits]
        self.assertIsNone(reasons[-1])
        complete = [bool(hit["missing"]) for hit in hits].index(True)
        self.assertEqual(reasons[complete - 1], {"by": "complete"})
        for hit, lower, reason in zip(hits, hits[1:], reasons):
            if reason["by"] == "word":
                here, there = (next(word["weight"] for word in side["explain"]["words"] if word["word"] == reason["word"])
                               for side in (hit, lower))
                self.assertEqual((reason["here"], reason["there"]), (here, there))
                differences = [a["weight"] - b["weight"] for a, b in
                               zip(hit["explain"]["words"], lower["explain"]["words"])]
                self.assertAlmostEqual(here - there, max(differences), delta=1e-5)
                self.assertGreater(here, there)
        self.assertIn("word", [reason["by"] for reason in reasons if reason])
        self.assertEqual(self.explain("twin harbour")[0]["explain"]["above_next"], {"by": "equal"})
        self.assertEqual(self.explain("--sort", "oldest", "twin")[0]["explain"]["above_next"], {"by": "date"})
        self.assertEqual(self.explain("tag:x OR tag:harbour")[0]["explain"]["above_next"], {"by": "date"})

    def test_the_text_output_explains_every_part(self):
        self.guide()
        shown = self.search("--explain", "harbour pilot").text
        for wanted in ("score ", " = harbour ", " + pilot ", '"harbour pilot" side by side ', 'by the stem "harbour" (in 5 of ',
                       "title ", "above the next: ", "it has every word"):
            self.assertIn(wanted, shown)
        self.assertIn("pilot: adds nothing", shown)
        self.assertNotIn("other", shown)

    def test_without_explain_nothing_is_explained_and_hits_are_the_same(self):
        self.guide()
        self.answer("harbour pilot")  # fails if the answer has a key that is not documented
        self.assertNotIn("score", self.search("harbour pilot").text)
        with_it = [hit["url"] for hit in self.explain("harbour pilot")]
        self.assertEqual(with_it, self.urls("harbour pilot"))
        self.assertEqual(self.explain("zzzzqqqq", expect=1), [])
        for args in (("--urls",), ("--suggest",), ("--similar", "/a/")):
            words = () if "--similar" in args else ("harbour",)
            self.assertIn("--explain", self.search("--explain", *args, *words, expect=2).errors)

    def test_scores_of_several_indexes_are_explained(self):
        self.guide()
        self.index(self.site({"_posts/2018-01-01-a.md": post("Harbour", "harbour")}, name="other", config=CONFIG),
                   index=self.dir / "other-index")
        hits = self.explain("-i", self.dir / "other-index", "harbour pilot")
        self.assertEqual(sum(hit["url"] == "/a/" for hit in hits), 2)
        for hit in hits:
            self.check(hit, hit["url"])
            self.assertEqual(hit["explain"]["other"], 0)


if __name__ == "__main__":
    harness.main()
