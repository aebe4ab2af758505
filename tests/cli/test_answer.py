# SPDX-License-Identifier: GPL-2.0-or-later
"""Promises that hold for every site and query: passages, marks, deep links and paging."""

import random
import re
import unicodedata

import harness
from harness import post

CUT = "\u2026"


def folded(text):
    text = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in text if not unicodedata.combining(c))


class Passages(harness.Case):
    """Every word of this site contains the name of its section, so that each word of a passage can be checked."""

    def setUp(self):
        super().setUp()
        self.random = random.Random(7)
        self.words, self.anchor, files = {}, {}, {}
        for page in range(12):
            files[f"p{page}.md"] = self.page(page)
        self.index(self.site(files))

    def page(self, page):
        parts = [f"# Page{page}", self.body((page, 0), f"page{page}")]
        for number in range(1, 9):
            heading = f"Part{page}x{number}"
            parts += [f"{'#' * self.random.randint(2, 4)} {heading}",
                      self.body((page, number), heading.lower())]
        return "\n\n".join(parts) + "\n"

    def body(self, section, anchor):
        self.anchor[section] = anchor
        words = self.words[section] = {"residency", "research"}
        blocks = []
        for _ in range(self.random.randint(1, 4)):
            line = []
            for _ in range(self.random.choice((1, 5, 40, 120))):
                word = self.word(section, len(words))
                words.add(word)
                line.append(word + self.random.choice(("", "", "", ",", ".", "?")))
                if self.random.random() < 0.05:
                    line.append(self.random.choice(("residency", "research")))
            blocks.append(" ".join(line))
        return "\n\n".join(blocks)

    def word(self, section, number):
        page, part = section
        letters = self.random.choice(("word", "wort\u00e9", "mot\u00df", "sl\u00f3vo", "\u0441\u043b\u043e\u0432\u043e"))
        tail = "long" * 120 if self.random.random() < 0.01 else ""
        return f"{letters}{page}q{part}n{number}{tail}"

    def section_of(self, passage):
        shown = [word.strip(",.?:;") for word in re.split(r"[ \u00b7]+", passage["text"].strip(CUT))]
        shown = {word for word in shown if word}
        self.assertTrue(shown, passage)
        homes = [section for section, words in self.words.items() if shown <= words]
        self.assertTrue(homes, f"a word is cut, or the passage spans sections: {passage['text']!r}")
        return homes

    def check(self, answer, least=1):
        seen = 0
        for hit in answer["hits"]:
            for passage in hit["passages"]:
                homes = self.section_of(passage)
                anchors = {self.anchor[section] for section in homes}
                self.assertIn(passage["url"].partition("#")[2], anchors)
                self.assertIn(passage["heading"][-1].lower(), anchors)
                seen += 1
        self.assertGreaterEqual(seen, least)

    def test_every_section_is_shown_when_its_words_are_searched(self):
        for section, words in self.words.items():
            own = sorted(words - {"residency", "research"}, key=len)
            for query in (own[0], own[-1], " ".join(own[:3])):
                if len(query) > 240:
                    continue
                answer = self.answer(query)
                self.check(answer)
                shown = answer["hits"][0]["passages"][0]
                self.assertIn(section, self.section_of(shown), query)
                marked = {folded(mark) for mark in harness.answers.marks(shown["html"])}
                self.assertTrue(marked & {folded(word) for word in query.split()}, (query, shown))

    def test_each_passage_of_common_words_is_from_one_section(self):
        for query in ("residency", "research residency", '"research"', "residency page3", "page3 part3x2"):
            self.check(self.answer("-n", 50, query), least=2)

    def test_passages_have_at_most_330_characters_plus_one_word(self):
        for hit in self.answer("-n", 50, "residency research")["hits"]:
            for passage in hit["passages"]:
                longest = max(map(len, passage["text"].split()))
                self.assertLessEqual(len(passage["text"]), 330 + longest)

    def test_line_numbers_point_to_the_passages_first_word(self):
        files = {path.name: path.read_text().splitlines() for path in (self.dir / "site").iterdir()}
        for hit in self.answer("-n", 50, "residency")["hits"]:
            lines = files[hit["source"]["path"]]
            self.assertEqual(hit["source"]["line"], hit["passages"][0]["line"])
            for passage in hit["passages"]:
                first = passage["text"].strip(CUT).split()[0].strip(",.?")
                self.assertIn(first, lines[passage["line"] - 1])


class Marks(harness.Case):
    def shown(self, body, *query):
        self.index(self.site({"a.md": post("Title", body)}))
        [hit] = [hit for hit in self.answer(*query)["hits"] if hit["kind"] == "post"]
        return [harness.answers.marks(passage["html"]) for passage in hit["passages"]]

    def test_every_form_of_a_matching_word_is_marked(self):
        rows = [
            ("One residency here.", ("residency",), [["residency"]]),
            ("The RESIDENCIES end.", ("residency",), [["RESIDENCIES"]]),
            ("A résumé helps.", ("RESUME",), [["résumé"]]),
            ("Work full-time now.", ("fulltime",), [["full-time"]]),
            ("Learn C++ and C#.", ("c++",), [["C++"]]),
            ("An ai residency, ai and residency.", ('"ai residency"',), [["ai residency"]]),
            ("Use R&D money.", ("r&d",), [["R&D"]]),
            ("Cut <b>bo</b>ld words", ("bold",), [["bold"]]),
        ]
        for body, query, expected in rows:
            self.assertEqual(self.shown(body, *query), expected, (body, query))

    def test_matches_in_titles_are_marked(self):
        self.index(self.site({"a.md": post("AI residency & <you>", "words")}))
        [hit] = self.answer("residency")["hits"]
        self.assertEqual(hit["title_html"], "AI <mark>residency</mark> &amp; &lt;you&gt;")

    def test_html_in_titles_and_passages_is_escaped(self):
        body = "Type `<script>alert(\"residency\")</script>` & 'go' <b>residency</b> &lt;img&gt; > 3"
        self.index(self.site({"a.md": post("<script>alert(1)</script> & \"x\" 'y'", body)}))
        [hit] = self.answer("residency")["hits"]
        self.assertEqual(hit["title"], "<script>alert(1)</script> & \"x\" 'y'")
        self.assertEqual(hit["title_html"],
                         "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot; &#39;y&#39;")
        self.assertIn("&lt;script&gt;", hit["passages"][0]["html"])

    def test_a_hit_shows_one_passage_per_section_up_to_three(self):
        body = "\n\n".join(f"## Part {n}\n\nA residency in town {n}." for n in range(6))
        self.assertEqual(len(self.shown(body, "residency")), 3)


class DeepLinks(harness.Case):
    def recorded(self):
        ids = {}
        for line in (harness.ROOT / "tests/jekyll/expected-ids.tsv").read_text().splitlines():
            url, found, *_ = line.split("\t")
            ids["/guide" + url] = set(re.split(r"[ |,]", found)) if found else set()
        return ids

    def test_anchors_are_those_that_jekyll_generates(self):
        """Leaves out not-first.html, where kramdown treats an underlined heading below a rule as text."""
        self.index(harness.ROOT / "tests/jekyll/site", options=["--drafts", "--future"], expect=None)
        ids, links = self.recorded(), 0
        for query in ("kind:post", "a", "the", "post", "heading", "section", "page", "words"):
            for hit in self.answer("-n", 1000, "--kind", "post", query)["hits"]:
                for passage in hit["passages"]:
                    url, mark, anchor = passage["url"].partition("#")
                    if mark and url in ids and not url.endswith("/not-first.html"):
                        self.assertIn(anchor, ids[url], url)
                        links += 1
        self.assertGreater(links, 5)


class Corpus(harness.Case):
    def setUp(self):
        super().setUp()
        self.report = self.index(harness.CORPUS)

    def queries(self):
        found = []
        for line in (harness.CORPUS / "judgments.tsv").read_text().splitlines():
            if line and not line.startswith("#"):
                found.append(line.split("\t")[0])
        return list(dict.fromkeys(found))

    def test_every_judged_query_finds_distinct_hits_sorted_by_score(self):
        for query in self.queries():
            answer = self.answer("-n", 30, query)
            self.assertTrue(answer["hits"], query)
            urls = [hit["url"] for hit in answer["hits"]]
            self.assertEqual(len(set(urls)), len(urls), query)
            first = self.words(answer["hits"][0]["title"]) == self.words(query)
            for same in (True, False):  # with every word, or not; in a mixed answer all together
                scores = [hit["score"] for hit in answer["hits"][first:]
                          if answer["query"]["mixed"] or same == (hit["missing"] == [])]
                self.assertEqual(scores, sorted(scores, reverse=True), query)
            for hit in answer["hits"]:
                self.check_missing(answer["query"]["corrected"] or query, hit)

    def words(self, text):
        return re.findall(r"\w+", text.casefold())

    def check_missing(self, query, hit):
        for word in hit["missing"]:
            self.assertIn(word.strip('"'), query, hit["url"])

    def test_all_pages_together_give_the_whole_list(self):
        for query in ("residency research", "kind:resource", "how to get a job", '"open source"'):
            whole = self.urls("-n", 2000, query)
            self.assertGreater(len(whole), 7)
            paged = []
            while True:
                page = self.urls("-n", 7, "--offset", len(paged), query)
                paged += page
                if len(page) < 7:
                    break
            self.assertEqual(paged, whole, query)
            self.assertEqual(len(set(whole)), len(whole), query)

    def test_a_query_for_everything_finds_each_document_once(self):
        answer = self.answer("-n", 10000, "--", "-xyzzyxyzzy")
        self.assertEqual(answer["total"],
                         self.report["posts"]["added"] + self.report["resources"]["total"])
        urls = [hit["url"] for hit in answer["hits"]]
        self.assertEqual(len(set(urls)), len(urls))
        for kind in ("post", "resource"):
            part = self.urls("-n", 10000, "--kind", kind, "--", "-xyzzyxyzzy")
            self.assertEqual(set(part), {hit["url"] for hit in answer["hits"] if hit["kind"] == kind})

    def test_every_hit_satisfies_the_filters(self):
        for answer, holds in (
                (self.answer("-n", 500, "--after", "2020", "--before", "2021-06", "the"),
                 lambda hit: "2020" <= hit["date"] < "2021-07"),
                (self.answer("-n", 500, "--lang", "es", "--kind", "post", "de"),
                 lambda hit: hit["lang"] == "es"),
                (self.answer("-n", 500, "--category", "research", "--kind", "post", "research"),
                 lambda hit: "research" in hit["categories"])):
            self.assertTrue(answer["hits"])
            for hit in answer["hits"]:
                self.assertTrue(holds(hit), hit["url"])

    def test_mentions_link_to_posts_of_the_index(self):
        posts = {hit["url"] for hit in self.answer("-n", 10000, "--kind", "post", "--", "-xyzzy")["hits"]}
        for hit in self.answer("-n", 10000, "--kind", "resource", "--", "-xyzzy")["hits"]:
            for mention in hit["mentions"]:
                self.assertIn(mention["url"].partition("#")[0], posts)

    def test_a_query_finds_words_of_a_page_in_another_language(self):
        """The page is stemmed as Spanish and the query as English, so the words match as typed."""
        hits = self.answer("--kind", "post", "becas españa")["hits"]
        self.assertEqual((hits[0]["url"], hits[0]["missing"]), ("/becas-y-primer-empleo/", []))

    def test_random_queries_give_valid_answers(self):
        words = sorted(set(re.findall(r"\w+", " ".join(self.queries()))))
        pieces = words + ["-", '"', "(", ")", "OR", "AND", "tag:", "kind:", "kind:post", "*", "C++",
                          "-the", "\u2026", "\U0001f600", "\u0300", "\u202e", "a" * 300, "'", "&", "<b>"]
        rng = random.Random(11)
        for _ in range(300):
            query = " ".join(rng.choice(pieces) for _ in range(rng.randint(1, 8)))
            if rng.random() < 0.5:
                query = query.replace(" ", "", rng.randint(1, 3))
            self.answer("-n", rng.choice((0, 1, 10, 100)), "--offset", rng.choice((0, 0, 3)), "--", query)


if __name__ == "__main__":
    harness.main()
