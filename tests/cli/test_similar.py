# SPDX-License-Identifier: GPL-2.0-or-later
"""search --similar: documents like a page or a resource, and the forms of its URL."""

import harness
from harness import post

CONFIG = "url: https://guide.example\nbaseurl: /guide\npermalink: /:title/\ntimezone: UTC\n"
FILLING = "apple banana cherry damson elder fig grape hazel iris jasmine kiwi lemon mango".split()
SITE = {
    "_posts/2018-01-01-owls.md": post("Owls", "Tawny owls nest in hollow oaks and hunt voles at dusk."),
    "_posts/2018-01-02-barns.md": post("Barn owls", "Owls nest in barns and hunt voles over meadows at dusk."),
    "_posts/2018-01-03-voles.md": post("Voles", "Voles live in meadows.", tags="[rodents]"),
    "_posts/2018-01-04-tax.md": post("Taxes", "Declare income before the deadline in spring. "
                                     "[Revenue](https://www.revenue.example/forms/) has forms."),
    "_posts/2018-01-05-law.md": post("Law", "Contracts bind. [Ministry](https://ministry.example) has forms "
                                     "for income and the deadline in spring."),
    "pages/flat.html": "---\ntitle: Flat\npermalink: /flat.html\n---\nVoles in meadows\n",
}
SITE.update({f"_posts/2019-01-{n + 1:02}-{word}.md": post(word.title(), f"{word} " * 5 + "garden")
             for n, word in enumerate(FILLING)})


class Similar(harness.Case):
    def setUp(self):
        super().setUp()
        self.index(self.site(SITE, config=CONFIG))

    def test_the_most_similar_page_comes_first_and_never_the_page_itself(self):
        found = self.urls("--similar", "/guide/owls/")
        self.assertEqual(found[0], "/guide/barns/")
        self.assertIn("/guide/voles/", found)
        self.assertNotIn("/guide/owls/", found)
        self.assertNotIn("/guide/tax/", found)
        back = self.urls("--similar", "/guide/barns/")
        self.assertEqual(back[0], "/guide/owls/")
        self.assertNotIn("/guide/barns/", back)

    def test_a_resource_finds_similar_documents(self):
        found = self.urls("--similar", "https://ministry.example")
        self.assertIn("/guide/law/", found[:2])
        self.assertNotIn("https://ministry.example", found)
        self.assertNotIn("/guide/owls/", found)

    def test_resources_that_the_page_links_to_are_not_listed(self):
        """Readers of the page already see its links. Resources that only other pages link to are listed, and
        for a resource the pages that link to it."""
        long = "https://long.example/" + "owls-" * 60  # more than a term holds
        self.write("site/_posts/2018-01-06-list.md", post("Owl list", "* [Owl trust](https://trust.example/): owls in hollow "
                                                          f"oaks\n* [Owl count]({long}): voles at dusk\n"))
        self.index(self.dir / "site")
        links = {"https://trust.example/", long}
        answer = self.answer("--similar", "/guide/list/")
        found = [hit["url"] for hit in answer["hits"]]
        self.assertIn("/guide/owls/", found)
        self.assertFalse(links & set(found))
        self.assertEqual(answer["total"], len(found))
        self.assertEqual(self.urls("--similar", "/guide/list/", "--kind", "resource", expect=1), [])
        self.assertLessEqual(links, set(self.urls("--similar", "/guide/owls/")))
        self.assertIn("/guide/list/", self.urls("--similar", "https://trust.example/"))

    def test_every_form_of_a_url_names_the_same_document(self):
        page = self.urls("--similar", "/guide/owls/")
        for form in ("/guide/owls", "/guide/owls/#nest", "/guide/owls/?utm_source=x", "/guide/owls/index.html",
                     "/guide/owls.html", "https://guide.example/guide/owls/", "http://www.guide.example/guide/owls/#x",
                     "guide.example/guide/owls"):
            self.assertEqual(self.urls("--similar", form), page, form)
        self.assertEqual(self.urls("--base-url", "http://localhost:4000", "--similar", "http://localhost:4000/guide/owls/"),
                         ["http://localhost:4000" + url if url.startswith("/") else url for url in page])
        resource = self.urls("--similar", "https://www.revenue.example/forms/")
        self.assertTrue(resource)
        for form in ("http://revenue.example/forms", "revenue.example/forms/", "https://revenue.example/forms#top"):
            self.assertEqual(self.urls("--similar", form), resource, form)

    def test_the_answer_lists_the_stems_used_and_is_sorted_by_score(self):
        answer = self.answer("--similar", "/guide/owls/")
        self.assertEqual(answer["query"]["text"], "/guide/owls/")
        stems = answer["query"]["parsed"].split()
        self.assertIn("owl", stems)
        self.assertNotIn("in", stems)
        self.assertNotIn("hollow", stems, "no other document has it")
        scores = [hit["score"] for hit in answer["hits"]]
        self.assertEqual(scores, sorted(scores, reverse=True))
        self.assertGreater(scores[-1], 0)
        self.assertEqual(answer["total"], len(answer["hits"]))
        self.assertEqual((answer["total_partial"], answer["total_partial_exact"]), (0, True))
        self.assertTrue(any("<mark>" in passage["html"] for passage in answer["hits"][0]["passages"]))

    def test_filters_limit_and_offset_apply(self):
        everything = self.urls("--similar", "/guide/tax/", "-n", "100")
        kinds = {kind: self.urls("--similar", "/guide/tax/", "--kind", kind) for kind in ("post", "resource")}
        self.assertEqual(kinds["post"], [url for url in everything if url.startswith("/")])
        self.assertEqual(kinds["resource"], [url for url in everything if not url.startswith("/")])
        self.assertTrue(kinds["post"] and kinds["resource"])
        self.assertEqual(self.urls("--similar", "/guide/tax/", "-n", "1"), everything[:1])
        self.assertEqual(self.urls("--similar", "/guide/tax/", "-n", "2", "--offset", "1"), everything[1:3])
        self.assertEqual(self.urls("--similar", "/guide/owls/", "--tag", "rodents"), ["/guide/voles/"])
        self.assertEqual(self.urls("--similar", "/guide/owls/", "--before", "2018-01-02"), ["/guide/barns/"])
        printed = self.search("--similar", "/guide/tax/", "--urls", "-n", "100").text.splitlines()
        self.assertEqual(printed, everything)
        self.assertIn("Barn owls", self.search("--similar", "/guide/owls/").text)

    def test_a_url_that_is_not_indexed_is_reported_with_the_nearest(self):
        for url, nearest in (("/guide/owl/", "/guide/owls/"), ("https://ministri.example", "ministry.example"),
                             ("/guide/ta", "/guide/tax/"), ("zzzz", None), ("", None), ("/", None)):
            for more in ((), ("--json",), ("--urls",)):
                result = self.search("--similar", url, *more, expect=1)
                self.assertEqual(result.out, b"")
                self.assertIn("not in the index", result.errors)
                self.assertIn(url, result.errors)
                if nearest:
                    self.assertIn(f"nearest URL in the index: {nearest}\n", result.errors)
                else:
                    self.assertNotIn("nearest", result.errors)
        result = self.search("--similar", "/\x1b[31m/", expect=1)
        self.assertNotIn("\x1b", result.errors)

    def test_a_query_or_other_search_options_are_rejected(self):
        for args in (("--similar", "/guide/owls/", "owls"), ("--similar",), ("--similar", "/guide/owls/", "--suggest"),
                     ("--similar", "/guide/owls/", "--exact"), ("--similar", "/guide/owls/", "--sort", "newest"),
                     ("--similar", "/guide/owls/", "--kind", "page")):
            self.assertEqual(self.search(*args, expect=2).out, b"", args)
        self.assertIn("similar", self.search("--similar", "/guide/owls/", "owls", expect=2).errors)

    def test_a_page_without_common_words_has_no_similar_documents(self):
        self.index(self.site({"a.md": post("Alpha", "one"), "b.md": post("Beta", "two")}, name="bare"),
                   index=self.dir / "bare-index")
        result = self.search("--similar", "/a/", "--json", index=self.dir / "bare-index", expect=1)
        self.assertIn(b'"hits":[]', result.out)


if __name__ == "__main__":
    harness.main()
