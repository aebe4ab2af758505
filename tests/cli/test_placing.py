# SPDX-License-Identifier: GPL-2.0-or-later
"""A resource that has no word of the query itself comes after the pages that mention it, and an answer shows
a passage once."""

import answers
import harness
from harness import post

FILLER = {f"filler{n:02}.md": post(f"Filler {n}", f"Words about matter {n}, and more words.") for n in range(40)}
# Each page says its word often and links to something else; padding in another section makes it long.
PAGE = "A {word}, a {word} and a {word}. There is also [{name}](https://{host}.example/).\n\n"
CASES = [("resume", "this tune", "song"), ("salary", "his memo", "memo"), ("onboarding", "Quora", "forum")]


def padded(text, words=1200):
    return text + "\n\n## More\n\n" + " ".join(f"padding{n}" for n in range(words)) + "\n"


class Placing(harness.Case):
    def index_pages(self, files, **options):
        self.index(self.site({**FILLER, **files}), **options)

    def urls_of(self, *args):
        return [hit["url"] for hit in self.answer(*args)["hits"]]

    def explained(self, *args):
        return answers.parse(self.search("--json", "--explain", *args).out)["hits"]

    def test_a_page_comes_before_a_link_that_only_stands_in_it(self):
        for number, (word, name, host) in enumerate(CASES):
            body = PAGE.format(word=word, name=name, host=host)
            self.index_dir = self.dir / f"index{number}"
            self.index(self.site({**FILLER, "page.md": post("Page", padded(body))}, f"site{number}"))
            self.assertEqual(self.urls_of(word), ["/page/", f"https://{host}.example/"], word)

    def test_a_short_page_comes_before_its_link(self):
        self.index_pages({"page.md": post("Work", "A resume, a resume and a resume. Play [this tune](https://t.example/).")})
        self.assertEqual(self.urls_of("resume"), ["/page/", "https://t.example/"])

    def test_a_page_comes_before_a_link_whose_sentence_has_the_word(self):
        sentences = ("We wrote our resume to [this tune](https://t.example/) once.",
                     "With [Quora](https://t.example/) we wrote a resume.",
                     "We hummed [something](https://t.example/) while we wrote a resume.")
        for number, sentence in enumerate(sentences):
            self.index_dir = self.dir / f"sentence{number}"
            text = " ".join(f"padding{n}" for n in range(2000)) + f"\n\n{sentence}\n"
            self.index(self.site({**FILLER, "page.md": post("Page", text)}, f"sentences{number}"))
            self.assertEqual(self.urls_of("resume"), ["/page/", "https://t.example/"], sentence)

    def test_a_resource_with_the_word_itself_keeps_its_place(self):
        places = {"name": "[A resume](https://a.example/)",
                  "description": "\n* [This](https://a.example/): a resume\n",
                  "address": "[This](https://a.example/resume/)"}
        for place, text in places.items():
            self.index_dir = self.dir / f"index-{place}"
            self.index(self.site({**FILLER, "page.md": post("Page", padded(f"One resume.\n\n{text}\n"))}, place))
            hits = self.explained("resume")
            reasons = [(hit["explain"]["above_next"] or {}).get("by") for hit in hits]
            self.assertEqual(len(hits), 2, place)
            self.assertNotIn("page", reasons, place)

    def test_a_page_comes_before_a_link_that_only_stands_under_its_heading(self):
        for place, label in (("heading", "## Resume"), ("label", "**Resume**"), ("outer", "## Resume\n\n### Tools")):
            text = f"One resume.\n\n{label}\n\n[This](https://a.example/) and [that](https://b.example/).\n"
            self.index_dir = self.dir / f"index-{place}"
            self.index(self.site({**FILLER, "page.md": post("Page", padded(text, 3000))}, place))
            hits = self.explained("resume")
            self.assertEqual([hit["kind"] for hit in hits], ["post", "resource", "resource"], place)
            self.assertEqual(hits[0]["explain"]["above_next"], {"by": "page"}, place)

    def test_scores_agree_with_the_order_and_explain_says_why(self):
        body = PAGE.format(word="resume", name="this tune", host="song")
        self.index_pages({"page.md": post("Page", padded(body))})
        page, tune = self.explained("resume")
        self.assertEqual((page["kind"], tune["kind"]), ("post", "resource"))
        self.assertEqual(page["score"], tune["score"])
        self.assertEqual(page["explain"]["above_next"], {"by": "page"})
        self.assertLess(tune["explain"]["other"], 0)
        parts = [word["weight"] for word in tune["explain"]["words"]] + [tune["explain"]["meaning"], tune["explain"]["other"]]
        self.assertAlmostEqual(sum(parts), tune["explain"]["score"], places=4)
        self.assertIn("above the next: a page comes before its links", self.search("--explain", "resume").text)

    def many(self):
        """Thirty pages about a resume of different lengths, each with two links."""
        return {f"page{n:02}.md": post(f"Page {n}", padded(
            f"A resume and a resume. Also [thing {n}](https://t{n}.example/) and [stuff](https://s.example/{n}).", 20 * n))
            for n in range(30)}

    def test_pages_of_an_answer_continue_each_other(self):
        self.index_pages(self.many())
        for options in ((), ("--sort", "newest"), ("--kind", "resource"), ("--exact",)):
            whole = self.urls(*options, "-n", 200, "resume")
            self.assertEqual(len(set(whole)), len(whole))
            for size in (1, 3, 7, 10, 20, 45):
                pages = []
                for offset in range(0, len(whole) + size, size):
                    pages += self.urls(*options, "-n", size, "--offset", offset, "resume")
                self.assertEqual(pages, whole, (options, size))
        answer = self.answer("-n", 7, "--offset", 5, "resume")
        self.assertEqual((answer["offset"], answer["limit"], len(answer["hits"])), (5, 7, 7))
        self.assertEqual(self.answer("-n", 0, "resume")["hits"], [])
        self.assertEqual(self.answer("-n", 10, "--offset", 500, "resume")["hits"], [])

    def test_two_indexes_and_pins_keep_their_order(self):
        pages = self.many()
        pins = "resume\thttps://t3.example/\t/page9/\n"
        self.site({"pins.tsv": pins})
        self.index_pages(pages)
        self.index(self.site({"other.md": post("Other", "resume [thing](https://other.example/)")}, "two"),
                   index=self.dir / "two.index")
        both = ("-i", self.dir / "two.index")
        for options in ((), both):
            whole = self.urls(*options, "-n", 100, "resume")
            self.assertEqual(whole[0], "https://t3.example/")
            pages = [url for offset in range(0, 100, 9)
                     for url in self.urls(*options, "-n", 9, "--offset", offset, "resume")]
            self.assertEqual(pages, whole)

    def test_a_post_without_a_word_stays_below_hits_with_every_word(self):
        self.index_pages({
            "a.md": post("A", padded("Salary talk about [this](https://both.example/). Salary.")),
            "b.md": post("B", padded("Visa talk about [this](https://both.example/). Visa."))})
        hits = self.answer("salary visa")["hits"]
        self.assertEqual(hits[0]["url"], "https://both.example/")
        self.assertEqual([bool(hit["missing"]) for hit in hits], [False, True, True])


LIST = ("## Residencies\n\nA residency is a year of research.\n\n"
        "* [Alpha](https://alpha.example/)\n* [Beta](https://beta.example/): a year in Oslo\n"
        "* [Gamma](https://gamma.example/)\n\n## Other\n\nA residency [elsewhere](https://other.example/).\n")


class Sharing(harness.Case):
    def setUp(self):
        super().setUp()
        self.index(self.site({**FILLER, "page.md": post("Page", LIST)}))

    def test_a_resource_shows_its_own_description_or_nothing(self):
        hits = {hit["title"]: hit for hit in self.answer("residency")["hits"]}
        self.assertEqual(hits["Beta"]["description"], "a year in Oslo")
        for hit in hits.values():
            for passage in hit["passages"]:
                self.assertIn("<mark>", passage["html"], hit["title"])
        self.assertEqual([passage["url"] for passage in hits["Page"]["passages"]],
                         ["/page/#residencies", "/page/#other"])
        for name in ("Alpha", "Beta", "Gamma"):
            self.assertEqual((hits[name]["passages"], hits[name]["section"]), ([], "/page/#residencies"), name)
        self.assertIsNone(hits["Page"]["section"])

    def test_without_the_page_the_first_resource_shows_the_passage(self):
        hits = self.answer("--kind", "resource", "year of research")["hits"]
        shown = [hit for hit in hits if hit["passages"]]
        self.assertEqual(len({passage["text"] for hit in shown for passage in hit["passages"]}),
                         sum(len(hit["passages"]) for hit in shown))
        self.assertEqual({hit["section"] for hit in hits if not hit["passages"]}, {"/page/#residencies"})

    def test_the_terminal_shows_neighbours_of_a_section_together(self):
        shown = self.search("residency").text
        self.assertEqual(shown.count("A residency is a year of research."), 1)
        self.assertEqual(shown.count("Residencies\n"), 1)
        block = next(block for block in shown.split("\n\n") if "A residency is a year" in block)
        self.assertIn("Alpha", block)
        self.assertIn("a year in Oslo", block)

    def test_a_page_below_its_resources_is_shown_together_with_them(self):
        named = LIST.replace("[Alpha]", "[Alpha Residency]").replace("[Beta]", "[Beta Residency]")
        self.index(self.site({**FILLER, "page.md": post("Page", padded(named, 1200))}, "long"))
        hits = self.answer("residency")["hits"]
        [rank] = [rank for rank, hit in enumerate(hits) if hit["title"] == "Page"]
        self.assertGreater(rank, 0)
        shown = self.search("residency").text
        self.assertEqual(shown.count("A residency is a year of research."), 1)
        self.assertEqual(shown.count("Residencies\n"), 1)
        self.assertLess(shown.index("A residency is a year"), shown.index("2. "))

    def test_many_resources_of_one_section_cost_no_more_than_of_many_sections(self):
        took = {}
        for heading in ("", "## Part {n}\n\n"):
            text = "".join((heading + "- [Name {n}](https://n{n}.example/): number {n} of a salary\n\n").format(n=n)
                           for n in range(5000))
            self.index(self.site({"list.md": post("List", text)}, f"site{len(took)}"), options=["--full"])
            took[heading] = min(self.answer("-n", 5000, "salary")["took_us"] for _ in range(3))
        self.assertLess(took[""], 2 * min(took.values()) + 20_000, took)

    def test_a_sentence_with_two_links_is_shown_once(self):
        self.index(self.site({**FILLER, "page.md": post(
            "Page", "Ask [Ann](https://ann.example/) or [Bob](https://bob.example/) about a residency.")}, "two"))
        for options in ((), ("--kind", "resource")):
            self.assertEqual(self.search(*options, "residency").text.count("about a residency."), 1, options)


if __name__ == "__main__":
    harness.main()
