# SPDX-License-Identifier: GPL-2.0-or-later
"""search --why-not: what keeps a page from the answer, or where in it it stands."""

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

    def told(self, url, *args):
        """What is said, in JSON and in words; the exit status agrees."""
        result = self.search("--why-not", url, "--json", *args, expect=None)
        told = answers.parse(result.out)
        self.assertEqual(list(told), KEYS)
        self.assertEqual(result.err, b"")
        words = self.search("--why-not", url, *args, expect=None)
        for code in (result.code, words.code):
            self.assertEqual(code, 1 if told["verdict"] == "not_indexed" else 0)
        self.assertTrue(words.text.startswith(url + " is "), words.text)
        return told, words.text

    def test_not_in_the_index(self):
        for url, nearest in (("/pp1/", "/p1/"), ("/p1x/", "/p1/"), ("/zzzz/qqqq/", None)):
            told, words = self.told(url, "ferry")
            self.assertEqual((told["verdict"], told["nearest"], told["rank"]), ("not_indexed", nearest, None))
            self.assertIn("not in the index: a draft, a page left out, or a mistyped URL", words)
            self.assertEqual("nearest URL in the index: " in words, bool(nearest))
        self.assertEqual(self.told("/draft/", "pilot")[0]["verdict"], "not_indexed")

    def test_the_rank_is_that_of_the_search(self):
        for args in (["ferry pilot"], ["ferry pilot", "--sort", "oldest"], ["ferry OR harbour pilot"], ["tag:ships OR ferry"],
                     ["quay harbour"], ["ferry pilot trams"]):
            everything = self.answer("-n", "100", *reversed(args))
            urls = [hit["url"] for hit in everything["hits"]]
            self.assertGreater(len(urls), 10)
            for rank, hit in enumerate(everything["hits"], 1):
                told, words = self.told(hit["url"], "-n", "4", *reversed(args))
                self.assertEqual((told["rank"], told["page"]), (rank, (rank - 1) // 4 + 1), (args, hit["url"]))
                self.assertEqual(told["verdict"], "behind" if hit["missing"] else "ranked")
                self.assertEqual([lacking["word"] for lacking in told["lacking"]], hit["missing"])
                complete = 0 if everything["query"]["relaxed"] else everything["total"]
                self.assertEqual(told["complete"], complete)
                self.assertIn(f"number {rank}, on page {(rank - 1) // 4 + 1}", words)

    def test_pinned(self):
        """The numbers are those of the answer, and what is pinned says so, also where it lacks a word."""
        self.write("site/pins.tsv", "ferry pilot\t/p3/\t/c/\ntrams harbour\t/p1/\n")
        self.index(self.dir / "site")
        for query, first in (("ferry pilot", ["/p3/", "/c/"]), ("trams harbour", ["/p1/"])):
            answer = self.answer("-n", "100", query)
            self.assertEqual([hit["url"] for hit in answer["hits"]][:len(first)], first)
            complete = 0 if answer["query"]["relaxed"] else answer["total"]
            for rank, hit in enumerate(answer["hits"], 1):
                told, words = self.told(hit["url"], query)
                self.assertEqual((told["rank"], told["complete"]), (rank, complete), hit["url"])
                self.assertEqual(told["verdict"] == "pinned", hit["url"] in first)
                self.assertEqual("the site pins it for this query" in words, hit["url"] in first)
                self.assertEqual([lacking["word"] for lacking in told["lacking"]], hit["missing"])
        told, words = self.told("/a/", "ferry pilot")
        self.assertEqual(told["verdict"], "behind")
        self.assertIn("after the 17 documents that have every word or are pinned", words)
        for option in (["--exact"], ["--sort", "newest"]):
            self.assertEqual(self.told("/c/", *option, "ferry pilot")[0]["verdict"], "lacking")

    def test_behind_what_has_every_word(self):
        told, words = self.told("/a/", "ferry pilot")
        self.assertEqual((told["verdict"], told["complete"], told["rank"]), ("behind", 16, 17))
        self.assertIn("after the 16 documents that have every word", words)
        self.assertIn('without ferry: no word with the stem "ferri"', words)

    def test_the_nearest_word(self):
        told, words = self.told("/a/", "--exact", "residue")
        self.assertEqual(told["verdict"], "lacking")
        (lacking,) = told["lacking"]
        self.assertEqual((lacking["word"], lacking["nearest"]), ("residue", "resident"))
        self.assertIn(f'no word with the stem "{lacking["stem"]}"; it has "resident"', words)
        self.assertIn("none of the words", words)
        self.assertEqual(self.told("/c/", "--exact", "residue")[0]["lacking"][0]["nearest"], None)
        self.assertEqual(self.told("https://guild.example/join", "--exact", "pilote")[0]["lacking"], [])

    def test_a_phrase(self):
        told, words = self.told("/a/", '"pilot resident"')
        self.assertEqual([(item["word"], item["scattered"]) for item in told["lacking"]], [("pilot resident", True)])
        self.assertIn("has the words, but not in this order", words)
        self.assertEqual(self.told("/a/", '"resident pilot"')[0]["verdict"], "ranked")
        self.assertFalse(self.told("/c/", '"resident pilot"')[0]["lacking"][0]["scattered"])

    def test_left_out(self):
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
            told, words = self.told("/a/", *args)
            self.assertEqual(told["verdict"], "left_out" if left_out else "ranked", args)
            self.assertEqual(told["left_out_by"], left_out, args)
            for text in left_out:
                self.assertIn(text, words)
            found = "/a/" in self.urls("-n", "100", *args)
            self.assertEqual(found, not left_out, args)

    def test_both_at_once(self):
        told, words = self.told("/c/", "--kind", "resource", "+pilot trams")
        self.assertEqual((told["verdict"], told["left_out_by"]), ("left_out", ["kind:resource"]))
        self.assertEqual([item["word"] for item in told["lacking"]], ["pilot"])
        self.assertIn("without pilot", words)

    def test_nothing_asked_for(self):
        for query in ("", "( )", "!"):
            told, words = self.told("/a/", query)
            self.assertEqual((told["verdict"], told["rank"]), ("empty", None))
            self.assertIn("contains nothing to search for", words)

    def test_fields(self):
        told, words = self.told("/b/", "title:resident pilot")
        self.assertEqual((told["verdict"], [item["word"] for item in told["lacking"]]), ("lacking", ["title:resident"]))
        self.assertIn("without title:resident", words)
        self.assertEqual(self.told("/a/", "title:resident pilot")[0]["verdict"], "ranked")

    def test_what_must_match(self):
        told, _ = self.told("/a/", "+ferry pilot")
        self.assertEqual((told["verdict"], told["rank"]), ("lacking", None))
        told, words = self.told("/a/", "--exact", "ferry pilot")
        self.assertEqual(told["verdict"], "lacking")
        self.assertIn("a required part of the query is missing", words)

    def test_the_corrected_query(self):
        told, words = self.told("/p1/", "ferrz quay")
        self.assertEqual((told["corrected"], told["verdict"]), ("ferry quay", "ranked"))
        self.assertIn('read as "ferry quay"', words)

    def test_wrong_usage(self):
        for args in (("--why-not", "/a/"), ("--why-not",), ("--why-not", "/a/", "--urls", "pilot"),
                     ("--why-not", "/a/", "--explain", "pilot"), ("--why-not", "/a/", "--suggest", "pilot"),
                     ("--why-not", "/a/", "--similar", "/a/")):
            self.assertEqual(self.search(*args, expect=2).out, b"", args)


if __name__ == "__main__":
    harness.main()
