# SPDX-License-Identifier: GPL-2.0-or-later
"""The names of resources that no link text names."""

import harness
from harness import post

PAGES = {
    "a.md": post("Songs", "Listen to [this song](https://song.example/slow-march) before your interview.\n"),
    "b.md": post("Advice", "Many people who move to another city without a job ask somebody for advice, and "
                           "this guide, which [we wrote](https://advice.example/) with three of our friends who "
                           "all moved last year, answers their questions.\n"),
    "c.md": post("Apply", "Apply [here](https://apply.example/form).\n"),
}


class Unnamed(harness.Case):
    def setUp(self):
        super().setUp()
        self.index(self.site(PAGES))

    def resource(self, *query):
        hits = self.answer("--kind", "resource", *query)["hits"]
        self.assertEqual(len(hits), 1, query)
        return hits[0]

    def test_a_part_of_the_description_is_the_name(self):
        hit = self.resource("song")
        self.assertEqual(hit["title"], "Listen to this song before your interview")
        self.assertEqual(hit["description"], "Listen to this song before your interview.")
        self.assertIn("<mark>song</mark>", hit["title_html"])

    def test_ellipses_show_where_a_long_description_was_cut(self):
        title = self.resource("advice")["title"]
        self.assertRegex(title, "^….*which we wrote.*…$")
        self.assertLessEqual(len(title.strip("…")), 80)

    def test_the_address_is_the_name_if_the_description_says_too_little(self):
        self.assertEqual(self.resource("apply")["title"], "apply.example/form")

    def test_searches_do_not_take_a_part_of_the_description_for_a_name(self):
        self.assertEqual(self.answer("--kind", "resource", "title:song")["hits"], [])
        self.assertEqual(self.search("--suggest", "listen", expect=1).out, b"")

    def test_words_of_the_address_find_a_resource_without_a_name(self):
        self.assertEqual(self.resource("march")["url"], "https://song.example/slow-march")


if __name__ == "__main__":
    harness.main()
