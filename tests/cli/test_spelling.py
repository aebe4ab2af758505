# SPDX-License-Identifier: GPL-2.0-or-later
"""Correction of misspelt words, and words that a reader writes as one and the site as two."""

import collection_folder
import harness
from harness import post

FILLER = "Work in a library, with a library card, near the harbour. "


class Spelling(harness.Case):
    def pages(self, texts, **front):
        """Makes a site with one page for each text, titled by its key, and indexes the site."""
        for title, text in texts.items():
            self.write(f"site/_posts/2020-01-01-{title}.md", post(title, body=text, **front))
        self.index("site")

    def found(self, query, *options):
        """The titles of the pages that have every word of the query, which is not corrected."""
        answer = self.answer("-n", 50, *options, "--", query)
        self.assertIsNone(answer["query"]["corrected"], query)
        return sorted(hit["title"] for hit in answer["hits"] if not hit["missing"])

    def corrected(self, query, *options):
        return self.answer(*options, "--", query)["query"]["corrected"]


class JoinedAndSplit(Spelling):
    def setUp(self):
        super().setUp()
        self.pages({"Camp": "A bootcamp teaches.", "Camps": "Two bootcamps teach.",
                    "Book": "He came with a book, by boat, to a campus.",
                    "Desk": "Answer the help desk. Sit at a desk and ask for help.",
                    "White": "The white paper says so.", "Ware": "Open software, developed and met."})

    def test_two_words_find_one(self):
        self.assertEqual(self.found("boot camp"), ["Camp", "Camps"])
        self.assertEqual(self.found("boot camps"), ["Camp", "Camps"])
        self.assertEqual(self.found('"boot camp"'), ["Camp"])
        self.assertEqual(self.found('"a boot camp teaches"'), ["Camp"])
        self.assertEqual(self.found("soft ware"), ["Ware"])
        self.assertEqual(self.found('"open soft ware"'), ["Ware"])
        self.assertEqual(self.found('"boot camp"', "--exact"), ["Camp"])

    def test_one_word_finds_two(self):
        for query in ("helpdesk", '"helpdesk"', '"the helpdesk"', "helpdesks"):
            self.assertEqual(self.found(query), ["Desk"], query)
        self.assertEqual(self.found("whitepapers"), ["White"])

    def test_a_half_in_another_form(self):
        self.pages({"Hand": "Hand books for staff.", "Pay": "Pay checks; check.", "Flow": "The work flow; flows.",
                    "Study": "A case study. A student studies.", "Seeker": "A job seeker."})
        for query, page in (("handbook", "Hand"), ("handbooks", "Hand"), ("paycheck", "Pay"), ("paychecks", "Pay"),
                            ("workflows", "Flow"), ("casestudies", "Study"), ("casestudy", "Study"),
                            ("case-studies", "Study"), ("job-seekers", "Seeker"), ("jobseekers", "Seeker")):
            self.assertEqual(self.found(query), [page], query)
        [hit] = self.answer("--", "case-studies")["hits"]
        self.assertIn("<mark>case study</mark>", hit["passages"][0]["html"])
        self.assertEqual(self.found('"case-studies"'), [])
        self.pages({"Hyphen": "The co-founders.", "Blank": "A co founder."})
        self.assertEqual(self.found("co-founders"), ["Blank", "Hyphen"])

    def test_another_form_of_a_hyphenated_word_ranks_below_the_word(self):
        self.pages({"Typed": "Any micro-purchase here.", "Forms": "Any micro-purchases here."})
        self.pages({f"Page{i}": "A purchase." for i in range(9)})
        self.assertEqual([hit["title"] for hit in self.answer("--", "micro-purchase")["hits"]], ["Typed", "Forms"])

    def test_what_a_phrase_finds_it_also_excludes_and_finds_in_titles(self):
        self.pages({"Bootcamp list": "Who teaches?", "A help desk": "She teaches."})
        self.assertEqual(self.found('"boot camp" teaches'), ["Bootcamp list", "Camp"])
        for query in ('-"boot camp" teaches', 'NOT "boot camp" teaches'):
            self.assertEqual(self.found(query), ["A help desk", "Camps"], query)
        self.assertEqual(self.found('title:"boot camp"'), ["Bootcamp list"])
        self.assertEqual(self.found('title:"helpdesk"'), ["A help desk"])
        self.assertEqual(self.found('teaches -title:"boot camp"'), ["A help desk", "Camp", "Camps"])

    def test_a_phrase_that_a_page_has_finds_nothing_else(self):
        self.pages({"Boots": "Bring a boot. The boot camp teaches soldiers."})
        self.assertEqual(self.found('"boot camp"'), ["Boots"])
        self.assertEqual(self.found('-"boot camp" teaches'), ["Camp", "Camps"])

    def test_halves_that_are_not_in_a_row_are_no_word(self):
        self.pages({"Growth": "The development of a region.", "Halves": "Develop it when you met."})
        self.assertEqual(self.corrected("developmet"), "development")
        self.assertEqual(self.corrected("papersoft"), None)

    def test_synonyms_of_several_words_count_only_in_a_row(self):
        self.pages({"Parts": "A machine is heavy, learning is light.", "Mill": "Mills grind."})
        self.write("site/_config.yml", "signpost:\n  synonyms: _data/synonyms.yml\n")
        self.write("site/_data/synonyms.yml", "- [millx, machine learning]\n")
        self.index("site")
        self.assertEqual(self.corrected("millx"), "mills")
        self.pages({"Whole": "We study machine learning."})
        self.assertEqual(self.found("millx"), ["Whole"])


class Confidence(Spelling):
    def test_ordinary_words_are_left_alone(self):
        self.pages({"One": "Purple prose, a policy, and one is done. She waited for her drink; paid in full, per day.",
                    "Two": "Where is it? Get the data. We wear a name tag every year."})
        for query in ("parole", "police", "waiter", "drone", "maid", "Wien", "Peru", "GPT", "LLM", "NDA",
                      "what to wear", "date5", "yea", "whne"):
            self.assertIsNone(self.corrected(query), query)
        self.assertEqual(self.corrected("purpel proze"), "purple prose")

    def test_other_languages_have_no_list(self):
        self.pages({"Eins": "Die Arbeit macht viel Freude. Der Lohn ist hoch."}, lang="de")
        self.write("site/_config.yml", "lang: de\n")
        self.index("site")
        self.assertEqual(self.corrected("arbeet"), "arbeit")

    def test_a_stem_of_another_language_is_no_word(self):
        self.pages({"Uno": "Una carrera larga."}, lang="es")
        self.pages({f"Page{i}": "A career guide." for i in range(120)})
        self.assertEqual(self.corrected("carrer"), "career")
        self.assertEqual(self.found("carrera"), ["Uno"])

    def test_a_correction_must_find_more(self):
        self.pages({"One": "Of residency and research."}, tags="[a]")
        self.pages({"Two": "Of research."}, tags="[b]")
        self.assertEqual(self.corrected("resydency"), "residency")
        self.assertEqual(self.corrected("resydency research", "--tag", "a"), "residency research")
        self.assertIsNone(self.corrected("resydency", "--tag", "b"))
        answer = self.answer("--tag", "b", "--", "resydency research")
        self.assertIsNone(answer["query"]["corrected"])
        self.assertEqual([hit["missing"] for hit in answer["hits"]], [["resydency"]])

    def test_in_a_larger_index_a_word_of_one_page_is_no_correction(self):
        self.pages({f"Page{i}": FILLER for i in range(120)})
        self.pages({"Rare": "The quinoa grows.", "Rare2": "An orchard."})
        self.assertIsNone(self.corrected("quinao"))
        self.assertEqual(self.corrected("libary"), "library")


class Synonyms(Spelling):
    def test_a_word_with_a_synonym_in_the_index_is_a_correction(self):
        self.pages({"One": "You need a PhD.", "Two": "The machine learning group.", "Three": "An ML group."})
        for query, meant in (("doctorat", "doctorate"), ("docotrate", "doctorate")):
            answer = self.answer("--", query)
            self.assertEqual(answer["query"]["corrected"], meant)
            self.assertEqual([hit["title"] for hit in answer["hits"]], ["One"])
        self.pages({"One": "You need nothing."})
        self.assertIsNone(self.corrected("doctorat"))


class Suggestions(Spelling):
    def suggested(self, text):
        return self.search("--suggest", text, expect=None).text.splitlines()

    def test_one_suggestion_of_each_stem(self):
        for i in range(3):
            self.pages({f"A{i}": "A system design, and another system design. Two system designs of system designs."})
        shown = self.suggested("system de")
        self.assertEqual(len([text for text in shown if text.startswith("system design")]), 1, shown)

    def test_words_before_the_completed_one_exist(self):
        self.pages({"One": "A salary negotiation.", "Two": "Version negx1.2.3 of the negotiation."})
        self.assertEqual(self.suggested("sal neg"), [])
        self.assertEqual(self.suggested("salary neg"), ["salary negotiation"])
        self.assertEqual(self.suggested("salaries negx1"), ["salaries negx1.2.3"])


class DidYouMean(Spelling):
    def setUp(self):
        super().setUp()
        self.pages({f"Page{i}": "The management of a library interviews a developer. Manager, form." for i in range(220)})
        self.pages({"Typo": "Good managment of a manger, in the librery, by a devloper, by developers; a firm.",
                    "Other": "The intervews of Managements."})

    def meant(self, query, *options):
        return self.answer(*options, "--", query)["query"]["did_you_mean"]

    def test_a_far_more_frequent_neighbour_is_offered_and_not_applied(self):
        for query, meant in (("devloper", "developer"), ("good devloper", "good developer"),
                             ("intervews", "interviews"), ("LIBRERY  good", "library  good")):
            answer = self.answer("--", query)
            self.assertEqual(answer["query"]["did_you_mean"], meant)
            self.assertIsNone(answer["query"]["corrected"])
            self.assertEqual(answer["total"], 1, query)

    def test_nothing_is_offered_for_other_words(self):
        for query in ("management", "manger", "firm", "managements", "developers", "good", '"librery"',
                      "-librery", "managment", "librer*", "title:librery", "devlopr"):
            self.assertIsNone(self.meant(query), query)
        self.assertIsNone(self.meant("librery", "--exact"))

    def test_words_of_very_different_lengths_are_not_offered(self):
        self.pages({f"Long{i}": "The bootstrapping of a shop." for i in range(250)})
        self.pages({"Short": "Our bootz."})
        self.assertIsNone(self.meant("bootz"))

    def test_the_terminal_asks(self):
        shown = self.search("--color", "never", "--", "librery")
        self.assertIn("search: did you mean library?", shown.errors)


class UsualWords(Spelling):
    """Lists of words, tried on corpus/ and, if SIGNPOST_COLLECTIONS is set, on sites."""

    def lines(self, name):
        return collection_folder.find(f"faults/{name}").read_text(encoding="utf-8").splitlines()

    def hits(self, query):
        return [hit["url"] for hit in self.answer("-n", 3, "--", query)["hits"]]

    def test_usual_misspellings_find_what_the_right_words_find(self):
        cases = [line.split("\t") for line in self.lines("usual-misspellings.tsv")]
        self.index(harness.CORPUS)
        wrong = [case for case in cases if self.hits(case[0]) != self.hits(case[1])]
        self.assertLessEqual(len(wrong), 1, wrong)

    def test_ordinary_words_are_not_replaced(self):
        words = self.lines("ordinary-words.txt")
        for site in (harness.CORPUS, collection_folder.find("sites/18f/content"), collection_folder.find("sites/handbook")):
            self.index(site)
            replaced = {word: self.corrected(word) for word in words}
            self.assertEqual({word for word in replaced if replaced[word]}, set(), site)


if __name__ == "__main__":
    harness.main()
