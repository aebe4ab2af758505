# SPDX-License-Identifier: GPL-2.0-or-later
"""Prefixes (`resid*`): which words a prefix finds, marks and excludes, and that its cost is bounded."""

import harness
from harness import post

SITE = {
    "resident.md": post("Resident", "A resident physician earns little."),
    "residency.md": post("Residency", "The residencies begin in June. See [Zeta](https://zeta.example/)."),
    "résidence.md": post("Résidence", "Une résidence d'artiste.", lang="fr"),
    "design.md": post("Design", "Design a house. Design it again."),
    "designer.md": post("Designer", "A designer, designers and the designers."),
    "other.md": post("Other", "Nothing of the kind."),
}


class Prefixes(harness.Case):
    def setUp(self):
        super().setUp()
        self.index(self.site(SITE))

    def titles(self, *query, exact=False):
        answer = self.answer("-n", 50, "--kind", "post", *["--exact"] * exact, "--", *query)
        return sorted(hit["title"] for hit in answer["hits"] if not hit["missing"])

    def marks(self, title, *query):
        [hit] = [hit for hit in self.answer("--", *query)["hits"] if hit["title"] == title]
        return [mark for passage in hit["passages"]
                for mark in harness.answers.marks(passage["html"])]

    def test_a_prefix_finds_every_word_that_begins_with_it(self):
        all_of_them = ["Residency", "Resident", "Résidence"]
        for query in ("resid*", "RESID*", "rÉsid*", "resid\u0301*", "r*", "residen*"):
            self.assertEqual(self.titles(query), all_of_them, query)
            self.assertEqual(self.titles(query, exact=True), self.titles(query), query)
        self.assertEqual(self.titles("residenc*"), ["Residency", "Résidence"])
        self.assertEqual(self.titles("residents*"), [])
        self.assertEqual(self.answer("resid*")["query"]["parsed"], "resid*")
        self.assertIn("https://zeta.example/", self.urls("zet*"))

    def test_a_prefix_that_is_a_word_also_finds_its_forms(self):
        """Only a prefix that is itself a word is also stemmed, and never in an exclusion."""
        self.index(self.site({"s.md": post("One", "residencies"), "t.md": post("Two", "residency"),
                              "u.md": post("Three", "residences")}, "stems"))
        self.assertEqual(self.titles("residenci*"), ["One"])
        self.assertEqual(self.titles("resid*"), ["One", "Three", "Two"])
        self.assertEqual(self.titles("residency*"), ["One", "Three", "Two"])
        self.assertEqual(self.marks("One", "residency*"), ["residencies"])
        self.assertEqual(self.titles("-residency*"), ["One", "Three"])

    def test_a_prefix_combines_with_words_and_filters(self):
        self.assertEqual(self.titles("physician", "resid*"), ["Resident"])
        self.assertEqual(self.titles("resid*", "earn*"), ["Resident"])
        self.assertEqual(self.titles("tag:x", "resid*"), [])

    def test_an_excluded_prefix_excludes_every_word_that_begins_with_it(self):
        self.assertEqual(self.titles("-resid*"), ["Design", "Designer", "Other"])
        self.assertEqual(self.titles("kind*", "-noth*"), [])
        self.assertEqual(self.titles("-designer*", "desig*"), ["Design"])

    def test_the_word_itself_ranks_above_longer_words(self):
        hits = self.answer("--kind", "post", "design*")["hits"]
        self.assertEqual([hit["title"] for hit in hits], ["Design", "Designer"])

    def test_an_unmatched_prefix_is_listed_as_missing(self):
        answer = self.answer("--kind", "post", "kind", "residenc*")
        self.assertTrue(answer["query"]["relaxed"])
        self.assertEqual({hit["title"]: hit["missing"] for hit in answer["hits"]},
                         {"Other": ["residenc*"], "Residency": ["kind"], "Résidence": ["kind"]})
        answer = self.answer("--kind", "post", "nothing", "ZZZ*")
        self.assertEqual([hit["missing"] for hit in answer["hits"]], [["ZZZ*"]])

    def test_a_prefix_found_in_tags_is_not_missing(self):
        self.index(self.site({"t.md": post("T", "words", tags="[internship]")}, "tags"))
        [hit] = self.answer("internsh*", "absent")["hits"]
        self.assertEqual(hit["missing"], ["absent"])

    def test_the_last_part_of_a_word_can_be_a_prefix(self):
        self.index(self.site({"t.md": post("Tool", "A tool_call."), "e.md": post("Entry", "Dans l'entreprise.")}, "parts"))
        self.assertEqual(self.titles("tool_c*"), ["Tool"])
        self.assertEqual(self.titles("l'entr*"), ["Entry"])
        self.assertEqual(self.marks("Entry", "l'entr*"), ["entreprise"])

    def test_whole_words_are_marked(self):
        self.assertEqual(self.marks("Resident", "resid*"), ["resident"])
        self.assertEqual(self.marks("Residency", "resid*"), ["residencies"])
        self.assertEqual(self.marks("Résidence", "resid*"), ["résidence"])
        self.assertEqual(self.marks("Designer", "designe*"), ["designer", "designers", "designers"])

    def test_a_star_in_quotes_is_text(self):
        self.assertEqual(self.titles('"resident*"'), ["Resident"])
        self.assertEqual(self.titles('"residen*"', exact=True), [])


class ManyWords(harness.Case):
    """More words begin with the prefix than a search expands. The search still answers, and quickly."""

    def setUp(self):
        super().setUp()
        words = [f"a{n:05d}" for n in range(9000)]
        self.index(self.site({f"{n}.md": post(f"Post {n}", " ".join(words[n:n + 300]) + " a")
                              for n in range(0, 9000, 300)}))

    def test_many_short_prefixes_are_answered_within_two_seconds(self):
        for query in (" ".join(["a*"] * 64), "a* " * 500,
                      " ".join(f"a{n:02d}*" for n in range(64)),
                      "-a* " * 64, " ".join(f"{letter}*" for letter in "abcdefghijklmnopqrstuvwxyz")):
            answer = self.answer("--", query)
            self.assertLess(answer["took_us"], 2_000_000)

    def test_the_word_itself_is_found_among_the_expansions(self):
        for query in ("a*", "a* " * 500, " ".join(["a*", *(f"a{n:02d}*" for n in range(63))])):
            answer = self.answer("-n", 100, "--", query)
            self.assertEqual(len(answer["hits"]), 30)
            self.assertTrue(all("a*" not in hit["missing"] for hit in answer["hits"]))
        self.assertEqual(self.answer("--", "a04*", "a04500*")["hits"][0]["title"], "Post 4500")


if __name__ == "__main__":
    harness.main()
