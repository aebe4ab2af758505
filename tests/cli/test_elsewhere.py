# SPDX-License-Identifier: GPL-2.0-or-later
"""`elsewhere`: a hit says where words matched that its text does not contain."""

import harness
from harness import post

LINKS = """
- [Careers](https://www.amazon.example/jobs/)
- [Open roles](https://boards.greenhouse.example/vacancies?team=cloud)
- [Zahlen](https://xn--bcher-kva.example/liste)
- [Climate jobs](https://action.tech/)
"""
SITE = {"links.md": post("Where to look", LINKS),
        "tagged.md": post("Preparing", "Nothing else here.", tags="[Mock interview, calm]", category="hiring"),
        "shown.md": post("About hiring", "A mock interview at amazon.", tags="[mock interview]", category="hiring")}


class Elsewhere(harness.Case):
    def setUp(self):
        super().setUp()
        self.index(self.site(SITE))

    def places(self, *args):
        return {hit["title"]: [(place["field"], place["html"]) for place in hit["elsewhere"]]
                for hit in self.answer(*args)["hits"] if hit["elsewhere"]}

    def test_the_host_is_shown_with_its_mark(self):
        self.assertEqual(self.places("amazon"), {"Careers": [("url", "<mark>amazon</mark>.example/jobs/")]})
        self.assertEqual(self.places("greenhouse"), {
            "Open roles": [("url", "boards.<mark>greenhouse</mark>.example/vacancies?team=cloud")]})
        self.assertEqual(self.places("bücher"), {"Zahlen": [("url", "<mark>bücher</mark>.example/liste")]})
        self.assertEqual(self.places("--exact", "\"amazon\""), self.places("amazon"))

    def test_the_top_level_domain_is_not_marked(self):
        self.assertEqual(self.places("action tech"), {"Climate jobs": [("url", "<mark>action</mark>.tech")]})

    def test_tags_and_categories_are_shown_with_their_marks(self):
        self.assertEqual(self.places("--kind", "post", "interviews"),
                         {"Preparing": [("tag", "Mock <mark>interview</mark>")]})
        self.assertEqual(self.places("--kind", "post", "calm hiring"),
                         {"Preparing": [("tag", "<mark>calm</mark>"), ("category", "<mark>hiring</mark>")]})

    def test_a_word_that_the_text_lacks_is_shown_next_to_marks_of_others(self):
        for query, places in (("careers amazon", {"Careers": [("url", "<mark>amazon</mark>.example/jobs/")]}),
                              ("else calm", {"Preparing": [("tag", "<mark>calm</mark>")]}),
                              ("else calm mock", {"Preparing": [("tag", "<mark>Mock</mark> interview"),
                                                                ("tag", "<mark>calm</mark>")]}),
                              ("preparing else", {}), ("else zzzz", {})):
            self.assertEqual(self.places(query), places, query)

    def test_a_word_in_a_heading_that_is_shown_is_not_repeated(self):
        link = "# Training\n\nText.\n\n## Without a degree\n\n- [Course](https://amazon.example/)\n"
        self.index(self.site({"a.md": post("Page", link, tags="[no degree, training]")}, name="other"), options=["--full"])
        self.assertEqual(self.places("--kind", "resource", "degree"), {})
        self.assertEqual(self.places("--kind", "resource", "training"), {})
        self.assertEqual(self.places("--kind", "resource", "amazon degree"),
                         {"Course": [("url", "<mark>amazon</mark>.example")]})

    def test_a_word_of_the_text_is_not_repeated(self):
        for hit in self.answer("-n", 20, "hiring")["hits"]:
            if "<mark>" in hit["title_html"]:
                self.assertEqual(hit["elsewhere"], [])
        self.assertEqual(self.places("kind:post"), {})
        self.assertEqual(self.places("nothing"), {})

    def test_the_terminal_prints_the_place(self):
        self.assertIn("    in the address: amazon.example/jobs/\n", self.search("amazon").text)
        self.assertIn("    in the tag: calm\n", self.search("calm").text)

    def test_a_long_address_is_cut(self):
        self.index(self.site({"a.md": post("A", "- [X](https://zebra.example/" + "ä" * 300 + ")")}),
                   options=["--full"])
        [(field, html)] = self.places("zebra")["X"]
        self.assertEqual(field, "url")
        self.assertRegex(html, "^<mark>zebra</mark>.example/(ä+|(%C3%A4)+)…$")
        self.assertLess(len(html.encode()), 230)


if __name__ == "__main__":
    harness.main()
