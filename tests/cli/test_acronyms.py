# SPDX-License-Identifier: GPL-2.0-or-later
"""Acronyms that posts explain are synonyms of their long forms."""

import json

import harness
from harness import post

CONFIG = "url: https://guides.example.org\n"
FILLER = "Bread and butter, jam and tea, and a long walk by the river."
PAIR = {"acronym": "zqs", "words": "zesty quill system", "posts": 1}


class Acronyms(harness.Case):
    def setUp(self):
        super().setUp()
        self.write("site/_config.yml", CONFIG)
        for i in range(12):
            self.write(f"site/_posts/2017-01-{i + 1:02}-filler.md", post(f"Filler {i}", body=FILLER))
        self.page("Alpha", "A zesty quill system (ZQS) reads it.")
        self.page("Beta", "Any ZQS will do, on most days.")
        self.page("Gamma", "The zesty quill system is slow, on most days.")
        self.page("Delta", "Our aim is a river. A happy walk.")

    def page(self, name, body):
        self.write(f"site/_posts/2018-02-03-{name.lower()}.md", post(name, body=body))

    def found(self, query, *options):
        answer = self.answer("-n", 50, *options, "--", query)
        return sorted(hit["title"] for hit in answer["hits"] if not hit["missing"])

    def test_an_acronym_and_its_long_form_find_each_other(self):
        self.assertEqual(self.index("site")["acronyms"], [PAIR])
        for query in ("zqs", "ZQS", "zesty quill system", "zesty quill systems"):
            self.assertEqual(self.found(query), ["Alpha", "Beta", "Gamma"], query)
        self.assertEqual(self.found("quill system"), ["Alpha", "Gamma"])
        self.assertEqual(self.found("zqs", "--exact"), ["Alpha", "Beta"])
        self.assertEqual(self.found('"zesty quill system"'), ["Alpha", "Gamma"])
        hits = self.answer("--", "ZQS")["hits"]
        self.assertEqual(hits[-1]["title"], "Gamma")
        self.assertIn("<mark>zesty quill system</mark>", hits[-1]["passages"][0]["html"])

    def test_the_report_of_a_dry_run_lists_no_acronyms(self):
        self.index("site")
        report = json.loads(self.indexer("-o", self.index_dir, "--dry-run", "--report", "-", "site").out)
        self.assertNotIn("acronyms", report)

    def test_a_plural_finds_the_singular(self):
        self.page("Alpha", "A zesty quill indicator (ZQI) reads it.")
        self.page("Beta", "Any ZQI will do, and any ZQS, on most days.")
        self.page("Gamma", "A zesty quill system (ZQS) reads it.")
        self.page("Delta", "Many ZQIs and ZQSs.")
        self.index("site")
        self.assertEqual(self.found("zqis"), ["Alpha", "Beta", "Delta"])
        self.assertEqual(self.found("ZQSs"), ["Beta", "Delta", "Gamma"])

    def test_prefixes_fields_and_parts_of_the_long_form_have_no_acronym(self):
        self.index("site")
        for query in ("zqs*", "title:zqs", '"zqs"', "under:zqs"):
            self.assertNotIn("Gamma", self.found(query), query)
        for query in ("zesty system", "quill system zesty", "-ZQS system", '"zesty quill" system'):
            self.assertNotIn("Beta", self.found(query), query)

    def test_what_an_acronym_stands_for_is_marked_and_not_missing(self):
        self.index("site")
        hits = {hit["title"]: hit for hit in self.answer("--", "zesty quill system days")["hits"]}
        self.assertEqual(hits["Beta"]["missing"], [])
        self.assertIn("<mark>ZQS</mark>", hits["Beta"]["passages"][0]["html"])

    def test_an_acronym_with_stop_words_and_small_letters(self):
        self.page("Epsilon", "The office of the inspector general (OIG) and quills as a service (QaaS).")
        self.page("Zeta", "An office of the inspector general, on most days.")
        self.page("Eta", "All quills as a service, on most days.")
        self.assertEqual([entry["acronym"] for entry in self.index("site")["acronyms"]], ["oig", "qaas", "zqs"])
        self.assertEqual(self.found("oig"), ["Epsilon", "Zeta"])
        self.assertEqual(self.found("qaas"), ["Epsilon", "Eta"])

    def test_a_french_acronym(self):
        self.write("site/_config.yml", CONFIG + "lang: fr\n")
        self.page("Epsilon", "L’agence d’information populaire (AIP) paie.")
        self.page("Zeta", "Une agence d'information populaire, et une maison.")
        self.page("Eta", "Une AIP de la maison.")
        self.index("site")
        self.assertEqual(self.found("aip"), ["Epsilon", "Eta", "Zeta"])
        self.assertEqual(self.found("agence d'information populaire"), ["Epsilon", "Eta", "Zeta"])

    def test_the_setting_turns_acronyms_off_without_reading_posts(self):
        self.index("site")
        self.write("site/_config.yml", CONFIG + "signpost:\n  acronyms: false\n")
        report = self.index("site")
        self.assertEqual((report["posts"]["updated"], report["acronyms"]), (0, []))
        self.assertEqual(self.found("zqs"), ["Alpha", "Beta"])
        self.write("site/_config.yml", CONFIG)
        self.assertEqual(self.index("site")["acronyms"], [PAIR])
        self.assertEqual(self.found("zqs"), ["Alpha", "Beta", "Gamma"])

    def test_an_acronym_goes_with_the_last_post_that_explains_it(self):
        self.index("site")
        self.page("Alpha", "Nothing to read.")
        self.assertEqual(self.index("site")["acronyms"], [])
        self.assertEqual(self.found("zqs"), ["Beta"])

    def test_two_long_forms_are_both_found(self):
        self.page("Epsilon", "The zany quota scheme (ZQS) pays.")
        self.page("Zeta", "A zany quota scheme, on most days.")
        self.index("site")
        self.assertEqual(self.found("zqs"), ["Alpha", "Beta", "Epsilon", "Gamma", "Zeta"])

    def test_a_written_synonym_wins(self):
        self.write("site/synonyms.txt", "zqs, happy walk\n")
        self.index("site")
        self.assertEqual(self.found("zqs"), ["Alpha", "Beta", "Delta"])

    def test_an_ordinary_word_is_an_acronym_only_in_capitals(self):
        self.page("Epsilon", "The advanced ink machine (AIM) prints.")
        self.page("Zeta", "An advanced ink machine, on most days.")
        self.index("site")
        self.assertEqual(self.found("aim"), ["Delta", "Epsilon"])
        self.assertNotIn("Zeta", self.found("aims"))
        self.assertEqual(self.found("AIM"), ["Delta", "Epsilon", "Zeta"])

    def test_an_acronym_weighs_less_than_a_written_synonym(self):
        self.index("site")
        less = self.score("zqs", "Gamma")
        self.write("site/synonyms.txt", "zqs, zesty quill system\n")
        self.index("site")
        self.assertLess(less, self.score("zqs", "Gamma"))

    def score(self, query, title):
        return next(hit["score"] for hit in self.answer("--", query)["hits"] if hit["title"] == title)


if __name__ == "__main__":
    harness.main()
