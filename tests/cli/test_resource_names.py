# SPDX-License-Identifier: GPL-2.0-or-later
"""The names of resources: of those that no link text names, and of those that are linked in several languages."""

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
        self.assertIn("<mark>song</mark>", hit["title_html"])

    def test_a_description_that_is_the_name_is_not_shown_again(self):
        self.assertIsNone(self.resource("song")["description"])
        self.assertEqual(self.search("--kind", "resource", "song").text.count("this song before"), 1)
        self.assertIn("ask somebody for advice", self.resource("advice")["description"])

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


LINK = "https://burnout.example/guide"
LANGUAGES = {
    "en.md": post("Health", f"## Rest\n\n- [Burnout guide]({LINK}) – how burnout begins, for engineers\n"),
    "de.md": post("Gesundheit", f"## Pausen\n\n- [Leitfaden Burnout]({LINK}) – wie Burnout mit vielen Bewerbungen "
                                "beginnt, in einfachen Worten\n", lang="de"),
    "ja.md": post("健康", f"## 休息\n\n- [燃え尽き症候群の手引き]({LINK}) – エンジニアのためのburnout入門\n", lang="ja"),
    "fr.md": post("Health", f"## Rest\n\n- [Burnout guide]({LINK}) – how burnout begins, for engineers\n", lang="fr"),
}


class Languages(harness.Case):
    def setUp(self):
        super().setUp()
        self.index(self.site(LANGUAGES))

    def resource(self, *query):
        hits = self.answer("--kind", "resource", *query)["hits"]
        self.assertEqual([hit["url"] for hit in hits], [LINK], query)
        return hits[0]

    def shown(self, *query):
        hit = self.resource(*query)
        passages = [(passage["url"].split("#")[0], passage["text"]) for passage in hit["passages"]]
        return hit["lang"], hit["title"], hit["description"], passages

    def test_a_resource_is_shown_in_the_language_asked_for(self):
        english = ("en", "Burnout guide", "how burnout begins, for engineers")
        self.assertEqual(self.shown("burnout")[:3], english)
        self.assertEqual(self.shown("--lang", "en", "burnout")[:3], english)
        self.assertEqual(self.shown("--lang", "de", "burnout")[:3],
                         ("de", "Leitfaden Burnout", "wie Burnout mit vielen Bewerbungen beginnt, in einfachen Worten"))
        self.assertEqual(self.shown("--lang", "ja", "burnout")[:3],
                         ("ja", "燃え尽き症候群の手引き", "エンジニアのためのburnout入門"))

    def test_two_languages_at_once_show_that_of_the_site(self):
        self.assertEqual(self.shown("--lang", "ja", "--lang", "de", "burnout")[1], "Burnout guide")

    def test_passages_are_in_the_language_asked_for(self):
        for lang in ("en", "de", "ja"):
            passages = self.shown("--lang", lang, "burnout")[3]
            self.assertEqual([url for url, _ in passages], [f"/{lang}/"], passages)

    def test_words_that_only_another_language_has_are_shown_in_it(self):
        lang, title, _, passages = self.shown("einfachen")
        self.assertEqual((lang, title, passages[0][0]), ("en", "Burnout guide", "/de/"))

    def test_a_copy_in_another_language_is_shown_once(self):
        lang, title, description, passages = self.shown("--lang", "fr", "burnout")
        self.assertEqual((lang, title, description), ("fr", "Burnout guide", "how burnout begins, for engineers"))
        self.assertEqual(passages, [("/fr/", "how burnout begins, for engineers")])

    def test_words_of_a_language_are_stemmed_in_it(self):
        self.assertEqual(self.shown("--lang", "de", "Bewerbung")[1], "Leitfaden Burnout")

    def test_every_language_of_a_resource_counts_as_a_facet(self):
        for lang in ("en", "de", "ja", "fr"):
            self.assertEqual(self.shown("--lang", lang, "kind:resource")[0], lang)
        self.assertEqual(self.answer("--lang", "es", "kind:resource")["hits"], [])

    def test_a_language_that_has_no_name_takes_that_of_the_site(self):
        self.index(self.site({
            "en.md": post("A", f"- [Burnout guide]({LINK}) – about burnout\n"),
            "de.md": post("B", f"[Hier]({LINK}) steht etwas über Burnout in der Probezeit.\n", lang="de")}, name="other"))
        _, title, description, _ = self.shown("--lang", "de", "burnout")
        self.assertEqual((title, description), ("Burnout guide", "steht etwas über Burnout in der Probezeit."))


if __name__ == "__main__":
    harness.main()
