#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The order of hits: titles that are much of the query, documents of one name, documents that lack words."""

import harness
from harness import post

FILLER = " ".join(f"filler{number}" for number in range(200))


class Titles(harness.Case):
    def index_pages(self, **pages):
        self.index(self.site({f"{name}.md": post(*page) for name, page in pages.items()}))

    def test_a_title_that_is_much_of_the_query_ranks_above_more_frequent_words(self):
        often = "salary negotiation " * 6 + FILLER
        self.index_pages(title=("Negotiating salary", f"Salary negotiation. {FILLER}"),
                         long=("Salary and negotiation and many other things that people often forget to ask", FILLER),
                         often=("Offers", often), once=("Letters", f"salary negotiation {FILLER}"))
        urls = self.urls("salary negotiation tips")
        self.assertEqual(urls[0], "/title/")
        self.assertLess(urls.index("/title/"), urls.index("/long/"))

    def test_stop_words_of_a_title_do_not_count(self):
        self.index_pages(stop=("How to get a raise", FILLER), words=("Raise pigs on farms", FILLER),
                         none=("Other", f"raise {FILLER}"))
        self.assertEqual(self.urls("raise"), ["/stop/", "/words/", "/none/"])

    def test_a_title_of_another_language_counts(self):
        self.index(self.site({"a.md": post("Bewerbung", "Die Bewerbung. " + FILLER, lang="de"),
                              "b.md": post("Lebenslauf und vieles mehr", "Bewerbung Bewerbung " + FILLER, lang="de"),
                              "c.md": post("English", FILLER)}))
        self.assertEqual(self.urls("--lang", "de", "Bewerbung"), ["/a/", "/b/"])

    def test_the_explanation_names_the_part_of_the_title(self):
        self.index_pages(title=("Salary negotiation", FILLER), other=("Other", f"salary negotiation {FILLER}"))
        out = self.search("--explain", "salary negotiation tips").out.decode()
        self.assertRegex(out, r"score [0-9.]+ = .* \+ title [0-9.]+")

    def test_several_indexes_rank_by_titles(self):
        first, second = self.dir / "one", self.dir / "two"
        self.index(self.site({"a.md": post("Salary negotiation", FILLER)}, name="s1"), index=first)
        self.index(self.site({"b.md": post("Other", f"salary negotiation {FILLER}")}, name="s2"), index=second)
        scores = [hit["score"] for hit in self.answer("-i", second, "salary negotiation tips", index=first)["hits"]]
        self.assertGreater(scores[0] - scores[1], 1)


class Paths(harness.Case):
    def test_words_of_the_address_that_the_text_does_not_have_are_found(self):
        self.index(self.site({"2018-04-10-zebra_crossing.v2.md": post("Animals", FILLER),
                              "folder/giraffe/index.md": post("More", FILLER)}))
        for word, url in (("zebra", "zebra"), ("crossing", "zebra"), ("giraffe", "giraffe"), ("folder", "giraffe")):
            hits = self.answer(word)["hits"]
            self.assertEqual(len(hits), 1, word)
            self.assertIn(url, hits[0]["url"])
            self.assertEqual(hits[0]["missing"], [])
        for word in ("2018", "04", "html", "index"):
            self.assertEqual(self.urls("--exact", word), [], word)

    def test_words_of_the_address_are_no_suggestions_and_no_corrections(self):
        self.index(self.site({"xylophone.md": post("Animals", FILLER)}))
        self.assertIsNone(self.answer("xylophane")["query"]["corrected"])
        self.assertEqual(self.search("--suggest", "xylo", expect=1).out, b"")


class OneOfEachName(harness.Case):
    def test_one_document_of_a_name_comes_first_and_the_others_by_score(self):
        guide = "The innovation fellows guide. " + "innovation fellows " * 40
        links = "\n\n".join(f"[Innovation fellows](https://f{n}.example/)" for n in range(4))
        fillers = {f"filler{n}.md": post(f"Filler {n}", FILLER) for n in range(30)}
        self.index(self.site({"guide.md": post("The innovation fellows guide", guide),
                              "links.md": post("Links", FILLER + "\n\n" + links), **fillers}))
        hits = self.answer("innovation fellows")["hits"]
        names = [hit["title"] for hit in hits]
        self.assertEqual(names.count("Innovation fellows"), 4)
        self.assertEqual(names[:2], ["Innovation fellows", "The innovation fellows guide"])
        self.assertEqual([hit["score"] for hit in hits[1:]], sorted((hit["score"] for hit in hits[1:]), reverse=True))

    def test_filters_choose_the_one_that_comes_first(self):
        self.index(self.site({f"{n}.md": post("Twin", f"{FILLER} " + "twin " * n, tags=f"[t{n}]") for n in range(1, 4)}))
        self.assertEqual(self.urls("twin")[0], "/3/")
        self.assertEqual(self.urls("twin", "-tag:t3")[0], "/2/")


class MissingWords(harness.Case):
    """A page with two telling words together, and a page with three words far apart."""

    def setUp(self):
        super().setUp()
        scattered = f"Salary is paid. {FILLER} {FILLER} A negotiation began. {FILLER} {FILLER} An email came. {FILLER}"
        files = {"scattered.md": post("Working here", scattered),
                 "meant.md": post("Salary negotiation", "Salary negotiation takes practice. " * 4 + FILLER)}
        files |= {f"email{n}.md": post(f"Letter {n}", f"An email. {FILLER}") for n in range(9)}
        self.index(self.site(files))

    def test_from_three_words_on_a_missing_word_lowers_the_score_only(self):
        answer = self.answer("salary negotiation email")
        self.assertTrue(answer["query"]["mixed"])
        self.assertEqual([hit["url"] for hit in answer["hits"]][:2], ["/meant/", "/scattered/"])
        self.assertEqual([hit["missing"] for hit in answer["hits"]][:2], [["email"], []])
        self.assertEqual((answer["total"], answer["total_partial"]), (1, 10))

    def test_of_two_words_every_one_is_needed_for_the_first_places(self):
        answer = self.answer("negotiation email")
        self.assertFalse(answer["query"]["mixed"])
        self.assertEqual(answer["hits"][0]["url"], "/scattered/")

    def test_stop_words_do_not_count_as_words(self):
        self.assertFalse(self.answer("the negotiation of an email")["query"]["mixed"])

    def test_quotes_operators_fields_and_dates_keep_the_strict_order(self):
        for query in (["--exact", "salary negotiation email"], ['salary negotiation "email"'],
                      ["salary negotiation +email"], ["salary AND negotiation email"], ["title:salary negotiation email"],
                      ["salary negotiation emai*"], ["--sort", "newest", "salary negotiation email"]):
            answer = self.answer(*query)
            self.assertFalse(answer["query"]["mixed"], query)
            missing = [hit["missing"] != [] for hit in answer["hits"]]
            self.assertEqual(missing, sorted(missing), query)

    def test_pages_of_an_answer_are_cut_from_one_order(self):
        urls = self.urls("-n", "50", "salary negotiation email")
        pages = [url for offset in range(0, 12, 3)
                 for url in self.urls("-n", "3", "--offset", offset, "salary negotiation email")]
        self.assertEqual(pages, urls)

    def test_facets_count_documents_with_every_word(self):
        server = self.answer("-n", "0", "salary negotiation email")
        self.assertEqual(server["total"], 1)

    def test_why_not_says_that_a_missing_word_lowers_the_score(self):
        out = self.search("--why-not", "/meant/", "salary negotiation email").out.decode()
        self.assertIn("number 1", out)
        self.assertIn("a word is missing, which lowers its score", out)


if __name__ == "__main__":
    harness.main()
