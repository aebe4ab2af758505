# SPDX-License-Identifier: GPL-2.0-or-later
"""The words of the pages and the search box: the file of each language, and which language a page is in."""

import json
import re
import unittest
import urllib.parse

import daemon
import harness
from harness import post
import markup

FILES = sorted((harness.ROOT / "searchd/web/words").glob("*.json"))
ENGLISH = json.loads((harness.ROOT / "searchd/web/words/en.json").read_text())
FORMS = ("zero", "one", "two", "few", "many", "other")
BROWSER = {"Accept": "text/html"}


def base_of(key):
    stem, _, form = key.rpartition("-")
    return stem if form in FORMS else key


def placeholders(text):
    return sorted(set(re.findall(r"\{(\w*)\}", text)))


def faults(words):
    """What is wrong with the words of one language."""
    found = [f"unknown section {section}" for section in words if section not in ENGLISH]
    for section, texts in words.items():
        known = ENGLISH.get(section, {})
        for key, text in texts.items():
            base = base_of(key)
            original = known.get(key, known.get(base))
            if original is None or (key not in known and base + "-one" not in known):
                found.append(f"{section}: unknown word {key}")
            elif not isinstance(text, str) or not text or text != text.strip() and key != "thousands":
                found.append(f"{section}: {key} must be a text without blanks at its ends")
            elif placeholders(text) != placeholders(original):
                found.append(f"{section}: {key} must have the placeholders {placeholders(original)}")
            elif re.sub(r"\{\w+\}", "", text).strip("{}") != re.sub(r"\{\w+\}", "", text) or re.search("[<>\n]", text):
                found.append(f"{section}: {key} must have no markup, and braces only around placeholders")
            elif base not in texts:
                found.append(f"{section}: {key} is a plural form of {base}, which is missing")
    if words.get("format", {}).get("direction", "ltr") not in ("ltr", "rtl"):
        found.append("format: direction must be ltr or rtl")
    return found


class Files(unittest.TestCase):
    def test_every_file_has_known_words_with_their_placeholders(self):
        self.assertLessEqual({"de", "en", "es", "fr"}, {path.stem for path in FILES})
        for path in FILES:
            self.assertRegex(path.stem, r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
            self.assertEqual(faults(json.loads(path.read_text())), [], path.name)

    def test_mistakes_are_found(self):
        for words, fault in (
                ({"box": {"cleer": "x"}}, "unknown word"), ({"bax": {}}, "unknown section"),
                ({"box": {"count": "{n}", "count-few": "{x}"}}, "placeholders"), ({"box": {"none": "nothing"}}, "placeholders"),
                ({"box": {"clear-few": "x", "clear": "x"}}, "unknown word"), ({"box": {"clear": ""}}, "must be a text"),
                ({"box": {"clear": "x "}}, "must be a text"), ({"box": {"clear": "<b>x</b>"}}, "no markup"),
                ({"box": {"clear": "}x"}}, "braces"), ({"box": {"count-one": "{n}"}}, "is missing"),
                ({"format": {"direction": "up"}}, "direction")):
            self.assertEqual(len(faults(words)), 1, (words, faults(words)))
            self.assertIn(fault, faults(words)[0])
        self.assertEqual(faults({"box": {"count": "{n} x", "count-few": "{n} y"}}), [])

    def test_every_word_is_used_and_every_used_word_exists(self):
        web = harness.ROOT / "searchd/web"
        code = "".join(path.read_text() for path in sorted(web.glob("*.[cj]*")))
        used = set(re.findall(r'"([a-z0-9-]+)"', code)) | set(re.findall(r"'([a-z0-9-]+)'", code))
        for section, texts in ENGLISH.items():
            for key in {base_of(key) for key in texts}:
                self.assertTrue(key in used or key.startswith("month-"), f"{section}: no page or box uses {key}")
        known = {key for texts in ENGLISH.values() for key in texts}
        asked = re.findall(r'sp_words_(?:text|plural|print|has)\([^"()]*, "([a-z0-9-]+)"', code)
        asked += re.findall(r'(?:SP_WORDS|sp_html_count)\([^"()]*, "([a-z0-9-]+)"', code)
        self.assertGreater(len(asked), 30)
        self.assertEqual([key for key in asked if key not in known], [])


class ForScripts(daemon.SharedCase):
    def words(self, lang):
        return json.loads(self.get("/search-words.json?lang=" + urllib.parse.quote(lang)).body)

    def test_scripts_get_the_words_of_box_and_results_in_a_language(self):
        for path in FILES:
            own = json.loads(path.read_text())
            found = self.words(path.stem)
            self.assertEqual(found["lang"], path.stem)
            for section in ("box", "results"):
                for key, text in own.get(section, {}).items():
                    self.assertEqual(found["words"][key], text)
                missing = {base_of(key) for key in ENGLISH[section]} - set(found["words"])
                self.assertEqual(missing, set(), path.name)
            self.assertNotIn("skip", found["words"], "a word of the page alone")

    def test_a_language_without_words_gets_english(self):
        for lang in ("tlh", "", "x" * 500, "../en", "日本"):
            self.assertEqual(self.words(lang), self.words("en"), lang)
        self.assertEqual(self.words("de-AT"), self.words("de"))
        self.assertEqual(self.get("/search-words.json?v=1").status, 200)
        self.assertEqual(self.get("/search-words.json?lang=%ff").status, 400)

    def test_pages_of_other_sites_may_read_the_words(self):
        with daemon.Daemon(self.index_path, "--cors", "https://example.org") as served:
            found = served.get("/search-words.json?lang=de", {"Origin": "https://example.org"})
            self.assertEqual(found["Access-Control-Allow-Origin"], "https://example.org")


def site_of(lang, extra=None, config=""):
    files = {"_config.yml": f"lang: {lang}\n{config}" if lang else config or "x: 1\n",
             "_posts/2018-05-02-a.md": post("Zebra", "zebra zebra", tags="[horse]")}
    files.update(extra or {})
    return files


class PageLanguage(daemon.Case):
    def page(self, served, path="/search?q=zebra", accept=None):
        answer = served.get(path, dict(BROWSER, **({"Accept-Language": accept} if accept else {})))
        return markup.parse(answer.body)

    def lang(self, *args, **kwargs):
        page = self.page(*args, **kwargs)
        heading = page.one("h1").words
        lang = page.one("html")["lang"]
        starts = {"en": ("Results for", "Search"), "de": ("Ergebnisse für", "Suche"), "fr": ("Résultats pour", "Recherche"),
                  "es": ("Resultados para", "Buscar")}
        self.assertTrue(heading.startswith(starts[lang]), (lang, heading))
        return lang

    def serve(self, files):
        self.index(self.site(files))
        return daemon.Daemon(self.index_dir)

    def test_the_page_is_in_the_language_of_the_site(self):
        for lang in ("de", "fr", "es", "en"):
            with self.serve(site_of(lang)) as served:
                for path in ("/", "/search?q=zebra"):
                    for accept in (None, "ja", lang, lang + "-XX;q=0.5", "*"):
                        self.assertEqual(self.lang(served, path, accept), lang, accept)
                self.assertEqual(self.lang(served, accept="fr, es" if lang in ("de", "en") else "de, en"), lang)

    def test_the_reader_chooses_among_the_languages_of_the_site(self):
        files = site_of("en", {"es.md": post("Cebra", "zebra", lang="es")})
        with self.serve(files) as served:
            self.assertEqual(self.lang(served, accept="es"), "es")
            self.assertEqual(self.lang(served, accept="fr, es-MX;q=0.7, en;q=0.6"), "es")
            self.assertEqual(self.lang(served, accept="fr, es;q=0.5, en;q=0.6"), "en")
            self.assertEqual(self.lang(served, accept="fr"), "en")
            self.assertEqual(self.lang(served, accept="es", path="/"), "es")

    def test_a_site_in_a_language_without_words_leaves_the_choice_to_the_reader(self):
        with self.serve(site_of("nl")) as served:
            self.assertEqual(self.lang(served, accept="fr;q=0.3, de;q=0.4"), "de")
            self.assertEqual(self.lang(served), "en")

    def test_the_parameter_lang_chooses_the_language(self):
        with self.serve(site_of("en", {"es.md": post("Cebra", "zebra", lang="es")})) as served:
            page = self.page(served, "/search?q=zebra&lang=es", "en")
            self.assertEqual(page.one("html")["lang"], "es")
            self.assertEqual(page.one("h1").words, "Resultados para «zebra»")
            self.assertEqual(self.lang(served, "/search?q=zebra&lang=es&lang=en", "en"), "en")

    def test_answers_of_two_languages_are_not_mixed_up_by_caches(self):
        with self.serve(site_of("en", {"es.md": post("Cebra", "zebra", lang="es")})) as served:
            tags = {}
            for _ in range(3):
                for accept in ("en", "es", "es;q=0.4,en;q=0.2", "ja"):
                    answer = served.get("/search?q=zebra", dict(BROWSER, **{"Accept-Language": accept}))
                    lang = "es" if "es" in accept else "en"
                    self.assertIn(f'<html lang="{lang}"'.encode(), answer.body)
                    self.assertIn("Accept-Language", answer["Vary"])
                    tags.setdefault(lang, set()).add(answer["ETag"])
            self.assertFalse(tags["en"] & tags["es"])

    def test_dates_and_numbers_are_those_of_the_language(self):
        with self.serve(site_of("de")) as served:
            page = self.page(served)
            self.assertEqual(page.one("time").words, "2. Mai 2018")
            self.assertEqual(page.one(klass="total").words, "1 Ergebnis")
            self.assertEqual(page.one("input")["aria-label"], "Ratgeber und Angebote durchsuchen")

    def test_error_pages_are_in_the_language_of_the_reader(self):
        with self.serve(site_of("en")) as served:
            self.assertEqual(self.page(served, "/nothing", "fr").one("h1").words, "Page introuvable")
            self.assertEqual(self.page(served, "/search?q=a&sort=x", "de").one("html")["lang"], "de")
            self.assertEqual(self.page(served, "/nothing").one("h1").words, "Page not found")

    def test_no_english_word_is_left_on_a_page_in_another_language(self):
        """Compares every text of the page with the English words."""
        files = site_of("de", {f"p{n}.md": post(f"Seite {n}", "[Zebra](https://z.example/) läuft", lang=lang, tags="[horse]",
                                                categories="[Tiere]") for n, lang in enumerate(["de", "es"] * 8)})
        english = {text for section in ("box", "results", "page") for key, text in ENGLISH[section].items() if "{" not in text}
        german = json.loads((harness.ROOT / "searchd/web/words/de.json").read_text())
        english -= {text for section in german.values() for text in section.values()}
        with self.serve(files) as served:
            for path in ("/", "/search?q=zebra", "/search?q=zebra+foo&after=2017&exact=1&tag=horse", "/search?q=qqqq",
                         "/search?q=zebra&offset=10", "/search?q=zebra+qqqq&kind=post", "/search?q=zebra&offset=900",
                         "/search?q=seite+zebra+horse&sort=newest", "/nothing"):
                page = self.page(served, path, "de")
                self.assertEqual(page.one("html")["lang"], "de", path)
                for element in page.all():
                    texts = [element.words, element["aria-label"]]
                    self.assertEqual([text for text in texts if text in english], [], path)


class Title(daemon.Case):
    def titles(self, files, *options):
        self.index(self.site(files))
        with daemon.Daemon(self.index_dir, *options) as served:
            pages = [markup.parse(served.get(path, BROWSER).body) for path in ("/", "/search?q=zebra")]
            opensearch = served.get("/opensearch.xml").body.decode()
        return [pages[0].one("h1").words, pages[0].one("title").text, pages[1].one("title").text,
                pages[1].one("a", klass="brand").words, re.search("<ShortName>(.*)</ShortName>", opensearch)[1]]

    def test_the_title_comes_from_the_settings_of_the_site(self):
        self.assertEqual(self.titles(site_of("en", config="title: Animals & Co\n")),
                         ["Search Animals & Co", "Search Animals & Co", "zebra – Animals & Co", "Animals & Co",
                          "Animals &amp; Co"])

    def test_an_option_replaces_the_title(self):
        for config in ("title: Animals\n", ""):
            self.assertEqual(self.titles(site_of("en", config=config), "--title", "<Zoo>"),
                             ["Search <Zoo>", "Search <Zoo>", "zebra – <Zoo>", "<Zoo>", "&lt;Zoo&gt;"])

    def test_a_site_without_a_title_is_not_given_one(self):
        found = self.titles(site_of("en"))
        self.assertEqual(found[:4], ["Search", "Search", "zebra", "Search"])
        self.assertEqual(self.titles(site_of("de"))[:4], ["Suchen", "Suchen", "zebra", "Suchen"])


if __name__ == "__main__":
    harness.main()
