# SPDX-License-Identifier: GPL-2.0-or-later
"""The query language on an index: operators, fields, required words, corrections."""

import harness
from harness import post


class Language(harness.Case):
    def setUp(self):
        super().setUp()
        self.write("site/_config.yml", "url: https://guides.example.org\n")
        self.write("site/_posts/2018-04-10-paid.md", post("Paid internships", tags="[intern]", body=(
            "Apply early for a summer internship.\n\n## No degree required\n\n"
            "- [Bootcamp](https://www.boot.example.com/a), a free course.\n\n## Fees\n\n"
            "- [College](https://college.example.net/), costly.\n")))
        self.write("site/_posts/2019-05-11-teaching.md", post("Teaching residency", categories="[school]", body=(
            "A paid residency in the summer, without research.\n")))
        self.write("site/_posts/2020-06-12-research.md", post("Research fellowship", tags="[lab, summery]", body=(
            "A fellowship in the lab. The summer is long, internships are rare.\n")))
        self.index("site")

    def titles(self, query, *options, kind="post"):
        answer = self.answer("-n", 50, *(["--kind", kind] if kind else []), *options, "--", query)
        return sorted(hit["title"] for hit in answer["hits"] if not hit["missing"])

    def relaxed(self, query):
        return {hit["title"]: hit["missing"] for hit in self.answer("--kind", "post", "--", query)["hits"]}

    PAID, TEACHING, RESEARCH = "Paid internships", "Teaching residency", "Research fellowship"

    def test_operators_combine_words_and_filters(self):
        every = sorted([self.PAID, self.TEACHING, self.RESEARCH])
        for query, found in (
                ("residency OR fellowship", [self.RESEARCH, self.TEACHING]),
                ("summer residency OR fellowship", [self.RESEARCH, self.TEACHING]),
                ("(paid AND residency) OR lab", [self.RESEARCH, self.TEACHING]),
                ("paid AND NOT residency", [self.PAID]),
                ("summer -(residency OR fellowship)", [self.PAID]),
                ("summer -(paid residency)", [self.PAID, self.RESEARCH]),
                ("summer -(paid -residency)", [self.RESEARCH, self.TEACHING]),
                ("NOT NOT residency", [self.TEACHING]),
                ("-residency", [self.PAID, self.RESEARCH]),
                ("-(-residency)", [self.TEACHING]),
                ("fellowship OR -summer", [self.RESEARCH]),
                ("fellowship OR tag:intern", [self.PAID, self.RESEARCH]),
                ("tag:intern OR category:school", [self.PAID, self.TEACHING]),
                ("tag:intern tag:lab", [self.PAID, self.RESEARCH]),
                ("tag:intern AND tag:lab", []),
                ("summer +tag:lab +tag:intern", []),
                ("tag:lab AND tag:summery", [self.RESEARCH]),
                ("summer NOT tag:lab", [self.PAID, self.TEACHING]),
                ('"paid residency" OR "the lab"', [self.RESEARCH, self.TEACHING]),
                ("summer", every)):
            self.assertEqual(self.titles(query), sorted(found), query)
            self.assertEqual(self.titles(query, "--exact"), sorted(found), query)

    def test_fields_restrict_where_words_are_found(self):
        for query, found in (
                ("title:internship", [self.PAID]),
                ("title:internships summer", [self.PAID]),
                ('title:"teaching residency"', [self.TEACHING]),
                ('title:"residency teaching"', []),
                ("title:intern*", [self.PAID]),
                ("-title:residency", [self.PAID, self.RESEARCH]),
                ("title:residency OR title:fellowship", [self.RESEARCH, self.TEACHING]),
                ("after:2019-05", [self.RESEARCH, self.TEACHING]),
                ("after:2018-05 before:2019", [self.TEACHING]),
                ("before:2018-04-10 OR after:2020-06-12", [self.PAID, self.RESEARCH]),
                ("-after:2020", [self.PAID, self.TEACHING]),
                ("under:fees", [self.PAID]),
                ("site:guides.example.org summer", [self.PAID, self.RESEARCH, self.TEACHING])):
            self.assertEqual(self.titles(query, "--exact"), sorted(found), query)

    def test_under_and_site_select_resources(self):
        for query, found in (
                ('under:"no degree required"', ["Bootcamp"]), ("under:degree", ["Bootcamp"]),
                ('under:"degree no"', []), ("under:fees", ["College"]), ("under:fee", ["College"]),
                ("free under:fees", []), ("site:boot.example.com", ["Bootcamp"]),
                ("site:example.net", ["College"]), ("site:https://WWW.boot.example.com/x", ["Bootcamp"]),
                ("-site:example.net", ["Bootcamp"]), ("site:example", []),
                ("site:example.com OR site:example.net", ["Bootcamp", "College"])):
            self.assertEqual(self.titles(query, "--exact", kind="resource"), found, query)

    def test_an_unmatched_alternative_is_listed_as_missing(self):
        """The alternative may contain filters, exclusions and AND."""
        filtered, bound, open_ = "fellowship OR category:school", "(paid AND residency) OR lab", "lab OR -paid"
        self.assertEqual(self.relaxed(f"zzzz ({filtered})"), {self.TEACHING: ["zzzz"], self.RESEARCH: ["zzzz"]})
        self.assertEqual(self.relaxed(f"zzzz summer ({filtered})"), {
            self.PAID: ["zzzz", filtered], self.TEACHING: ["zzzz"], self.RESEARCH: ["zzzz"]})
        self.assertEqual(self.relaxed(f"zzzz summer ({bound})"), {
            self.PAID: ["zzzz", bound], self.TEACHING: ["zzzz"], self.RESEARCH: ["zzzz"]})
        self.assertEqual(self.relaxed(f"zzzz summer ({open_})"), {
            self.PAID: ["zzzz", open_], self.TEACHING: ["zzzz", open_], self.RESEARCH: ["zzzz"]})

    def test_required_words_are_never_missing(self):
        self.assertEqual(self.relaxed("summer fellowship paid"),
                         {self.TEACHING: ["fellowship"], self.PAID: ["fellowship"], self.RESEARCH: ["paid"]})
        self.assertEqual(self.relaxed("+paid summer fellowship"),
                         {self.TEACHING: ["fellowship"], self.PAID: ["fellowship"]})
        self.assertEqual(self.relaxed("+paid +fellowship summer"), {})
        self.assertEqual(self.relaxed("paid AND fellowship summer"), {})
        self.assertEqual(self.relaxed("lab (paid OR costly)"),
                         {self.TEACHING: ["lab"], self.PAID: ["lab"], self.RESEARCH: ["paid OR costly"]})
        self.assertEqual(self.relaxed("title:residency lab"), {self.TEACHING: ["lab"]})
        # A document that contains the required word alone is found.
        self.assertEqual(self.relaxed("+fellowship paid costly"), {self.RESEARCH: ["paid", "costly"]})

    def corrected(self, query, *options):
        return self.answer(*options, "--", query)["query"]["corrected"]

    def test_words_found_nowhere_are_corrected(self):
        for typed, meant in (("residancey", "residency"), ("intrenship", "internship"),
                             ("fellowshp paid", "fellowship paid"), ("smumer", "summer"),
                             ('"paid resydency"', '"paid residency"'),
                             ("(fellowshp OR tag:x) -paidd", "(fellowship OR tag:x) -paidd")):
            self.assertEqual(self.corrected(typed), meant, typed)
            self.assertIsNone(self.corrected(typed, "--exact"), typed)
            answer, plain = self.answer("--", typed), self.answer("--", meant)
            self.assertEqual(answer["hits"], plain["hits"], typed)
            self.assertEqual(answer["query"]["text"], typed)
            self.assertEqual(answer["query"]["parsed"], plain["query"]["parsed"])
        for query in ("residencies", "qqqqzzzz", "paid", "summerlab", "title:fellowshp", "resydenc*", ""):
            self.assertIsNone(self.corrected(query), query)

    def test_a_word_that_a_document_contains_is_never_corrected(self):
        self.write("site/_posts/2021-01-01-typo.md", post("A typo", body="Of a sumer house.\n"))
        self.index("site")
        self.assertIsNone(self.corrected("sumer"))
        self.assertEqual(self.titles("sumer"), ["A typo"])

    def test_a_word_that_splits_in_many_ways_is_still_joined_with_the_next(self):
        word = "abcdefghijkl"
        halves = " ".join(f"{word[:i]} xx {word[i:]} xx" for i in range(2, 11))
        self.write("site/_posts/2021-01-01-halves.md", post("Halves", body=halves))
        self.write("site/_posts/2021-01-02-joined.md", post("Joined", body=f"{word}mn and no more."))
        self.write("site/_posts/2021-01-03-half.md", post("Half", body="abcdef ghijkl mn"))
        self.index("site")
        self.assertEqual(self.titles(f"{word} mn"), ["Half", "Joined"])

    def test_the_terminal_shows_the_corrected_query(self):
        self.assertIn("residency", self.search("--color", "never", "--", "residancey").text.splitlines()[0])


if __name__ == "__main__":
    harness.main()
