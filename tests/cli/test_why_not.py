# SPDX-License-Identifier: GPL-2.0-or-later
"""search --why-not: why a page is missing from an answer, or its rank there."""

import answers
import harness
from harness import post

CONFIG = "url: https://guide.example\npermalink: /:title/\ntimezone: UTC\n"
SITE = {
    "_posts/2018-01-01-a.md": post("Resident pilots", "The resident pilot knows the harbour.", tags="[ships]"),
    "_posts/2018-01-02-b.md": post("Ferries", "A ferry pilot. [Guild](https://guild.example/join) of harbour pilots."),
    "_posts/2018-01-03-c.md": post("Trams", "Trams and buses."),
    "_posts/2018-01-04-draft.md": post("Draft", "pilot", published="false"),
}
SITE.update({f"_posts/2019-01-{n:02}-p{n}.md": post(f"Ferry {n}", "ferry pilot quay " * n) for n in range(1, 15)})
KEYS = ["url", "query", "corrected", "revision", "verdict", "rank", "page", "complete", "lacking", "left_out_by", "nearest"]


class WhyNot(harness.Case):
    def setUp(self):
        super().setUp()
        self.index(self.site(SITE, config=CONFIG))

    def why_not(self, url, *args):
        """The answer in JSON and in words; the exit status agrees with it."""
        result = self.search("--why-not", url, "--json", *args, expect=None)
        reason = answers.parse(result.out)
        self.assertEqual(list(reason), KEYS)
        self.assertEqual(result.err, b"")
        words = self.search("--why-not", url, *args, expect=None)
        for code in (result.code, words.code):
            self.assertEqual(code, 1 if reason["verdict"] == "not_indexed" else 0)
        self.assertTrue(words.text.startswith(url + " is "), words.text)
        return reason, words.text

    def test_a_url_that_is_not_indexed_is_reported_with_the_nearest(self):
        for url, nearest in (("/pp1/", "/p1/"), ("/p1x/", "/p1/"), ("/zzzz/qqqq/", None)):
            reason, words = self.why_not(url, "ferry")
            self.assertEqual((reason["verdict"], reason["nearest"], reason["rank"]), ("not_indexed", nearest, None))
            self.assertIn("not in the index: a draft, a page left out, or a mistyped URL", words)
            self.assertEqual("nearest URL in the index: " in words, bool(nearest))
        self.assertEqual(self.why_not("/draft/", "pilot")[0]["verdict"], "not_indexed")

    def test_the_rank_is_that_of_the_search(self):
        for args in (["ferry pilot"], ["ferry pilot", "--sort", "oldest"], ["ferry OR harbour pilot"], ["tag:ships OR ferry"],
                     ["quay harbour"], ["ferry pilot trams"]):
            everything = self.answer("-n", "100", *reversed(args))
            urls = [hit["url"] for hit in everything["hits"]]
            self.assertGreater(len(urls), 10)
            for rank, hit in enumerate(everything["hits"], 1):
                reason, words = self.why_not(hit["url"], "-n", "4", *reversed(args))
                self.assertEqual((reason["rank"], reason["page"]), (rank, (rank - 1) // 4 + 1), (args, hit["url"]))
                self.assertEqual(reason["verdict"], "behind" if hit["missing"] else "ranked")
                self.assertEqual([lacking["word"] for lacking in reason["lacking"]], hit["missing"])
                complete = 0 if everything["query"]["relaxed"] else everything["total"]
                self.assertEqual(reason["complete"], complete)
                self.assertIn(f"number {rank}, on page {(rank - 1) // 4 + 1}", words)

    def test_pinned_results_are_reported_as_pinned(self):
        """The rank is that in the answer. A pinned hit is reported as pinned even if a word is missing from it."""
        self.write("site/pins.tsv", "ferry pilot\t/p3/\t/c/\ntrams harbour\t/p1/\n")
        self.index(self.dir / "site")
        for query, first in (("ferry pilot", ["/p3/", "/c/"]), ("trams harbour", ["/p1/"])):
            answer = self.answer("-n", "100", query)
            self.assertEqual([hit["url"] for hit in answer["hits"]][:len(first)], first)
            complete = 0 if answer["query"]["relaxed"] else answer["total"]
            for rank, hit in enumerate(answer["hits"], 1):
                reason, words = self.why_not(hit["url"], query)
                self.assertEqual((reason["rank"], reason["complete"]), (rank, complete), hit["url"])
                self.assertEqual(reason["verdict"] == "pinned", hit["url"] in first)
                self.assertEqual("the site pins it for this query" in words, hit["url"] in first)
                self.assertEqual([lacking["word"] for lacking in reason["lacking"]], hit["missing"])
        reason, words = self.why_not("/a/", "ferry pilot")
        self.assertEqual(reason["verdict"], "behind")
        self.assertIn("after the 17 documents that have every word or are pinned", words)
        for option in (["--exact"], ["--sort", "newest"]):
            self.assertEqual(self.why_not("/c/", *option, "ferry pilot")[0]["verdict"], "lacking")

    def test_a_partial_match_ranks_after_documents_with_every_word(self):
        reason, words = self.why_not("/a/", "ferry pilot")
        self.assertEqual((reason["verdict"], reason["complete"], reason["rank"]), ("behind", 16, 17))
        self.assertIn("after the 16 documents that have every word", words)
        self.assertIn('without ferry: no word with the stem "ferri"', words)

    def test_a_missing_word_is_reported_with_the_pages_nearest_word(self):
        reason, words = self.why_not("/a/", "--exact", "residue")
        self.assertEqual(reason["verdict"], "lacking")
        (lacking,) = reason["lacking"]
        self.assertEqual((lacking["word"], lacking["nearest"]), ("residue", "resident"))
        self.assertIn(f'no word with the stem "{lacking["stem"]}"; it has "resident"', words)
        self.assertIn("none of the words", words)
        self.assertEqual(self.why_not("/c/", "--exact", "residue")[0]["lacking"][0]["nearest"], None)
        self.assertEqual(self.why_not("https://guild.example/join", "--exact", "pilote")[0]["lacking"], [])

    def test_a_phrase_in_another_order_is_reported_as_scattered(self):
        reason, words = self.why_not("/a/", '"pilot resident"')
        self.assertEqual([(item["word"], item["scattered"]) for item in reason["lacking"]], [("pilot resident", True)])
        self.assertIn("has the words, but not in this order", words)
        self.assertEqual(self.why_not("/a/", '"resident pilot"')[0]["verdict"], "ranked")
        self.assertFalse(self.why_not("/c/", '"resident pilot"')[0]["lacking"][0]["scattered"])

    def test_each_filter_and_exclusion_that_leaves_the_page_out_is_named(self):
        rows = (
            (["pilot -harbour"], ["-harbour"]), (["pilot NOT harbour"], ["-harbour"]),
            (['pilot -"knows the harbour"'], ['-"knows the harbour"']),
            (["pilot tag:trains"], ["tag:trains"]), (["pilot -tag:ships"], ["-tag:ships"]),
            (["--tag", "trains", "pilot"], ["tag:trains"]), (["--tag", "trains", "--tag", "ships", "pilot"], []),
            (["--kind", "resource", "pilot"], ["kind:resource"]), (["--lang", "de", "pilot"], ["lang:de"]),
            (["pilot site:guild.example"], ["site:guild.example"]),
            (["--after", "2019", "pilot"], ["after:2019"]), (["--before", "2017-12", "pilot"], ["before:2017-12"]),
            (["--after", "2018", "--before", "2018", "pilot"], []), (["pilot before:2017"], ["before:2017"]),
            (["pilot (tag:x OR tag:y)"], ["(tag:x OR tag:y)"]), (["ferry OR pilot -(trams OR harbour)"], ["-(trams OR harbour)"]),
            (["pilot -title:resident"], ["-title:resident"]),
        )
        for args, left_out in rows:
            reason, words = self.why_not("/a/", *args)
            self.assertEqual(reason["verdict"], "left_out" if left_out else "ranked", args)
            self.assertEqual(reason["left_out_by"], left_out, args)
            for text in left_out:
                self.assertIn(text, words)
            found = "/a/" in self.urls("-n", "100", *args)
            self.assertEqual(found, not left_out, args)

    def test_filters_and_missing_words_are_reported_together(self):
        reason, words = self.why_not("/c/", "--kind", "resource", "+pilot trams")
        self.assertEqual((reason["verdict"], reason["left_out_by"]), ("left_out", ["kind:resource"]))
        self.assertEqual([item["word"] for item in reason["lacking"]], ["pilot"])
        self.assertIn("without pilot", words)

    def test_an_empty_query_is_reported_as_empty(self):
        for query in ("", "( )", "!"):
            reason, words = self.why_not("/a/", query)
            self.assertEqual((reason["verdict"], reason["rank"]), ("empty", None))
            self.assertIn("contains nothing to search for", words)

    def test_a_word_missing_from_a_field_is_reported_with_the_field(self):
        reason, words = self.why_not("/b/", "title:resident pilot")
        self.assertEqual((reason["verdict"], [item["word"] for item in reason["lacking"]]), ("lacking", ["title:resident"]))
        self.assertIn("without title:resident", words)
        self.assertEqual(self.why_not("/a/", "title:resident pilot")[0]["verdict"], "ranked")

    def test_a_missing_required_word_is_reported(self):
        reason, _ = self.why_not("/a/", "+ferry pilot")
        self.assertEqual((reason["verdict"], reason["rank"]), ("lacking", None))
        reason, words = self.why_not("/a/", "--exact", "ferry pilot")
        self.assertEqual(reason["verdict"], "lacking")
        self.assertIn("a required part of the query is missing", words)

    def test_the_corrected_query_is_reported(self):
        reason, words = self.why_not("/p1/", "ferrz quay")
        self.assertEqual((reason["corrected"], reason["verdict"]), ("ferry quay", "ranked"))
        self.assertIn('read as "ferry quay"', words)

    def test_a_missing_query_or_another_mode_is_rejected(self):
        for args in (("--why-not", "/a/"), ("--why-not",), ("--why-not", "/a/", "--urls", "pilot"),
                     ("--why-not", "/a/", "--explain", "pilot"), ("--why-not", "/a/", "--suggest", "pilot"),
                     ("--why-not", "/a/", "--similar", "/a/")):
            self.assertEqual(self.search(*args, expect=2).out, b"", args)


if __name__ == "__main__":
    harness.main()
