# SPDX-License-Identifier: GPL-2.0-or-later
"""search: every option and every form of query, checked by the posts and resources that are found."""

import json

import harness
from harness import post

CONFIG = "url: https://guide.example\nbaseurl: /guide\npermalink: /:title/\ntimezone: UTC\n"
SITE = {
    "_posts/2016-02-29-leap.md": post("Leap day", "common alpha", tags="[Machine Learning, x]",
                                      category="journal"),
    "_posts/2017-12-31-eve.md": post("New Year's Eve", "common beta", tags="[x]", category="work"),
    "_posts/2018-01-01-first.md": post("New Year's Day", "common alpha beta", tags="[y]",
                                       category="work"),
    "_posts/2018-04-10-april.md": post("April", "common gamma. [Alpha House](https://alpha.example/a)"),
    "_posts/2018-04-30-end.md": post("End of April", "common délta", lang="de"),
    "_posts/2018-12-31-last.md": post("Last day", "common epsilon", lang="fr"),
    "_posts/2019-01-01-next.md": post("Next year", "common zeta", lang="fr"),
    "about.md": post("About", "common undated"),
}
POSTS = ["leap", "eve", "first", "april", "end", "last", "next", "about"]


def paths(*names):
    return sorted(f"/guide/{name}/" for name in names)


class Guide(harness.Case):
    def setUp(self):
        super().setUp()
        self.index(self.site(SITE, config=CONFIG))

    def found(self, *args, **kwargs):
        return sorted(self.full_urls(*args, **kwargs))

    def posts(self, *args):
        return self.found("--kind", "post", *args)


class Filters(Guide):
    def test_kind_selects_posts_or_resources(self):
        self.assertEqual(self.posts("common"), paths(*POSTS))
        self.assertEqual(self.found("--kind", "resource", "alpha"), ["https://alpha.example/a"])
        self.assertEqual(len(self.found("alpha")), 4)
        self.assertEqual(self.found("kind:resource", "alpha"), ["https://alpha.example/a"])
        self.assertEqual(self.found("alpha", "KIND:Resource"), ["https://alpha.example/a"])
        self.assertEqual(self.found("alpha", "-kind:resource"), paths("leap", "first", "april"))
        either = self.found("--kind", "post", "--kind", "resource", "alpha")
        self.assertEqual(either, self.found("alpha"))
        self.assertEqual(self.found("--kind", "post", "kind:resource", "alpha"), either)
        self.search("--kind", "page", "alpha", expect=2)

    def test_tag_selects_posts_with_any_of_the_tags(self):
        for value in ("machine learning", "Machine Learning", "MACHINE LEARNING"):
            self.assertEqual(self.posts("--tag", value, "common"), paths("leap"), value)
        self.assertEqual(self.posts("--tag", "x", "common"), paths("leap", "eve"))
        self.assertEqual(self.posts("--tag", "x", "--tag", "y", "common"),
                         paths("leap", "eve", "first"))
        self.assertEqual(self.posts('tag:"machine learning"', "common"), paths("leap"))
        self.assertEqual(self.posts("tag:x", "tag:y", "common"), paths("leap", "eve", "first"))
        self.assertEqual(self.posts("common", "-tag:x"),
                         paths("first", "april", "end", "last", "next", "about"))
        self.assertEqual(self.found("--tag", "machine", "common"), [])
        self.assertEqual(self.posts("tag:x"), paths("leap", "eve"))

    def test_category_selects_posts_with_any_of_the_categories(self):
        self.assertEqual(self.posts("--category", "Work", "common"), paths("eve", "first"))
        self.assertEqual(self.posts("category:journal", "common"), paths("leap"))
        self.assertEqual(self.posts("--category", "work", "--tag", "x", "common"), paths("eve"))
        self.assertEqual(self.posts("--category", "work", "--category", "journal", "--tag", "y",
                                    "--tag", "x", "common"), paths("leap", "eve", "first"))

    def test_lang_selects_posts_in_any_of_the_languages(self):
        self.assertEqual(self.posts("--lang", "fr", "common"), paths("last", "next"))
        self.assertEqual(self.posts("--lang", "fr", "--lang", "de", "common"),
                         paths("last", "next", "end"))
        self.assertEqual(self.posts("lang:de", "common"), paths("end"))
        self.assertEqual(self.found("--lang", "es", "common"), [])

    def test_after_and_before_include_the_whole_period(self):
        rows = [
            (("--after", "2018"), ("first", "april", "end", "last", "next")),
            (("--after", "2018-04"), ("april", "end", "last", "next")),
            (("--after", "2018-04-11"), ("end", "last", "next")),
            (("--after", "2018-04-10"), ("april", "end", "last", "next")),
            (("--before", "2017"), ("leap", "eve")),
            (("--before", "2018-04"), ("leap", "eve", "first", "april", "end")),
            (("--before", "2018-04-10"), ("leap", "eve", "first", "april")),
            (("--before", "2018-04-09"), ("leap", "eve", "first")),
            (("--after", "2018", "--before", "2018"), ("first", "april", "end", "last")),
            (("--after", "2018-04", "--before", "2018-04"), ("april", "end")),
            (("--after", "2018-12-31", "--before", "2018-12-31"), ("last",)),
            (("--after", "2016-02-29", "--before", "2016-02-29"), ("leap",)),
            (("--after", "2017-12", "--before", "2018-01-01"), ("eve", "first")),
            (("--after", "2020"), ()),
            (("--after", "2000-02-29", "--before", "2016-02-29"), ("leap",)),
            (("--after", "2019", "--before", "2018"), ()),
        ]
        for options, names in rows:
            self.assertEqual(self.posts(*options, "common"), paths(*names), options)

    def test_years_filter_and_several_mean_any_of_them(self):
        for years, names in ((["2018"], POSTS[2:6]), (["2016", "2019"], ["leap", "next"]), (["1999"], []),
                             (["2018", "2018"], POSTS[2:6]), (["0000"], [])):
            options = [part for year in years for part in ("--year", year)]
            fields = " ".join(f"year:{year}" for year in years)
            self.assertEqual(self.posts(*options, "common"), paths(*names), years)
            self.assertEqual(self.posts("common " + fields), paths(*names), years)
            self.assertEqual(self.posts("common -" + fields.replace(" ", " -")),
                             paths(*(name for name in POSTS if name not in names)), years)
        self.assertEqual(self.posts("--year", "2018", "--lang", "de", "common"), paths("end"))
        self.assertEqual(self.posts("--year", "2018", "--after", "2018-04-11", "common"), paths("end", "last"))

    def test_invalid_years_are_rejected_with_the_value(self):
        for year in ("18", "2018-04", "20180", "year", " 2018", "-201", "", "２０１８"):
            result = self.search("--year", year, "common", expect=2)
            self.assertIn(f"year must be YYYY (got '{year}')", result.errors)

    def test_invalid_dates_are_rejected_with_the_value(self):
        for date in ("18", "2018-13", "2018-00", "2018-1", "2018-04-00", "2018-04-32", "2018/04",
                     "2018-04-1", "yesterday", "2018-", "20180410", "2018-04-10T00:00", " 2018",
                     "2018-02-30", "2018-02-29", "1900-02-29", "2018-04-31", "0000-00"):
            for option in ("--after", "--before"):
                result = self.search(option, date, "common", expect=2)
                self.assertEqual(result.out, b"")
                self.assertIn(option.strip("-"), result.errors)
                self.assertIn(date, result.errors)


class Order(Guide):
    DATED = [f"/guide/{name}/" for name in POSTS[:-1]]

    def test_sorting_by_date_puts_undated_posts_last(self):
        for sort, dated in (("oldest", self.DATED), ("newest", self.DATED[::-1])):
            urls = self.urls("--sort", sort, "--kind", "post", "-n", 20, "common")
            self.assertEqual(urls, dated + paths("about"), sort)
        self.assertEqual(sorted(self.urls("--sort", "relevance", "--kind", "post", "common")),
                         paths(*POSTS))
        self.search("--sort", "best", "common", expect=2)

    def test_sorting_by_date_keeps_full_matches_first(self):
        urls = self.urls("--sort", "newest", "--kind", "post", "-n", 20, "common", "alpha")
        self.assertEqual(urls[:3], ["/guide/april/", "/guide/first/", "/guide/leap/"])
        self.assertEqual(urls[3:], ["/guide/next/", "/guide/last/", "/guide/end/", "/guide/eve/",
                                    "/guide/about/"])

    def test_all_pages_together_give_the_whole_list(self):
        whole = self.urls("-n", 20, "common")
        self.assertGreaterEqual(len(whole), len(POSTS))
        for size in (1, 2, 3):
            paged = []
            for offset in range(0, len(whole), size):
                answer = self.answer("-n", size, "--offset", offset, "common")
                self.assertEqual((answer["offset"], answer["limit"]), (offset, size))
                self.assertEqual(answer["total"], len(self.full_urls("-n", 20, "common")))
                paged += [hit["url"] for hit in answer["hits"]]
            self.assertEqual(paged, whole)

    def test_limit_and_offset_have_defaults_and_reject_invalid_values(self):
        self.assertEqual(self.answer("common")["limit"], 10)
        none = self.answer("-n", 0, "common")
        self.assertEqual(none["hits"], [])
        self.assertGreater(none["total"], 0)
        past = self.answer("--offset", 1000, "common")
        self.assertEqual((past["hits"], past["offset"]), ([], 1000))
        self.assertGreater(past["total"], 0)
        for option in ("-n", "--offset"):
            for value in ("-1", "x", "", "1.5", "99999999999999999999", "4294967297"):
                self.assertEqual(self.search(option, value, "common", expect=2).out, b"")

    def test_pages_continue_from_full_to_partial_matches(self):
        whole = self.urls("-n", 20, "common", "alpha")
        paged = [url for offset in range(0, len(whole), 2)
                 for url in self.urls("-n", 2, "--offset", offset, "common", "alpha")]
        self.assertEqual(paged, whole)
        self.assertEqual(len(set(whole)), len(whole))


class Words(Guide):
    def test_several_arguments_are_one_query(self):
        joined, split = self.answer("alpha beta"), self.answer("alpha", "beta")
        self.assertEqual(joined["query"], split["query"])
        self.assertEqual([hit["url"] for hit in joined["hits"]], [hit["url"] for hit in split["hits"]])

    def test_documents_with_every_word_come_first(self):
        answer = self.answer("alpha", "beta", "kind:post")
        self.assertEqual(answer["total"], 1)
        self.assertFalse(answer["query"]["relaxed"])
        self.assertEqual(answer["hits"][0]["url"], "/guide/first/")
        missing = {hit["url"]: hit["missing"] for hit in answer["hits"]}
        self.assertEqual(missing, {"/guide/first/": [], "/guide/leap/": ["beta"],
                                   "/guide/april/": ["beta"], "/guide/eve/": ["alpha"]})

    def test_without_a_full_match_the_search_is_relaxed(self):
        answer = self.answer("--kind", "post", "gamma", "zeta")
        self.assertTrue(answer["query"]["relaxed"])
        self.assertEqual((answer["total"], answer["total_partial"]), (0, 2))
        self.assertEqual({hit["url"]: hit["missing"] for hit in answer["hits"]},
                         {"/guide/april/": ["zeta"], "/guide/next/": ["gamma"]})

    def test_missing_words_are_shown_as_typed(self):
        answer = self.answer("Gamma", "ZÉTA", "kind:post")
        self.assertEqual({tuple(hit["missing"]) for hit in answer["hits"]}, {("ZÉTA",), ("Gamma",)})

    def test_exact_finds_full_matches_only(self):
        answer = self.answer("--exact", "alpha", "beta")
        self.assertEqual([hit["url"] for hit in answer["hits"]], ["/guide/first/"])
        self.assertEqual(self.answer("--exact", "gamma", "zeta")["hits"], [])
        self.assertFalse(self.answer("--exact", "gamma", "zeta")["query"]["relaxed"])

    def test_excluded_words_and_phrases_are_not_found(self):
        self.assertEqual(self.posts("alpha", "-beta"), paths("leap", "april"))
        self.assertEqual(self.posts("--", "-beta", "alpha"), paths("leap", "april"))
        self.assertEqual(self.posts("common", '-"alpha beta"'),
                         paths("leap", "eve", "april", "end", "last", "next", "about"))
        only = self.posts("-n", "20", "--", "-common")
        self.assertEqual(only, [])
        self.assertEqual(self.posts("-n", "20", "--", "-alpha"),
                         paths("eve", "end", "last", "next", "about"))

    def test_a_phrase_matches_in_its_order_only(self):
        self.assertEqual(self.posts('"alpha beta"'), paths("first"))
        self.assertEqual(self.found('"beta alpha"', "--exact"), [])
        self.assertEqual(self.found('"beta alpha"'), [])
        self.assertEqual(self.posts('"common alpha"'), paths("leap", "first"))
        self.assertEqual(self.posts('"common alpha'), paths("leap", "first"))

    def test_queries_without_words_are_valid(self):
        for query in ("", " ", "...", "- -", '""', "( )"):
            answer = self.answer("--", query)
            self.assertEqual(answer["query"]["parsed"], "", query)
        self.search(expect=2)

    def test_accents_case_and_width_do_not_matter(self):
        for query in ("delta", "DELTA", "dÉlta", "de\u0301lta", "\uff44\uff45lta"):
            self.assertEqual(self.posts("--exact", query), paths("end"), query)


class Phrases(harness.Case):
    def test_a_phrase_does_not_cross_cells_lines_of_code_and_breaks(self):
        self.index(self.site({"a.md": "# Page\n\n| first one | cell last |\n| --- | --- |\n| red | green |\n\n"
                              "<table><tr><td>brown<td>cow</table>\n\n```\nint north\nsouth pole\n```\n\n"
                              "<pre>up\ndown</pre>\n\nleft side<br>right side  \nfar side\n\nwrapped\nline\n"}))
        for phrase in ("one cell", "red green", "brown cow", "north south", "up down", "side right", "side far"):
            self.assertEqual(self.answer(f'"{phrase}"')["hits"], [], phrase)
        for phrase in ("first one", "cell last", "int north", "south pole", "left side", "wrapped line"):
            self.assertEqual(self.answer(f'"{phrase}"')["total"], 1, phrase)


class Totals(harness.Case):
    def test_totals_are_exact_up_to_100(self):
        for count, exact in ((100, True), (101, False)):
            self.index(self.site({f"{n}.md": f"# Post {n}\n\nCommon.\n" for n in range(count)}))
            answer = self.answer("common")
            self.assertEqual(answer["total_exact"], exact, count)
            self.assertGreaterEqual(answer["total"], count)

    def test_documents_that_lack_words_are_counted(self):
        words = ["alpha beta"] * 3 + ["alpha"] * 4 + ["beta"] * 100 + ["gamma"]
        self.index(self.site({f"{n}.md": f"# {n}\n\n{text}\n" for n, text in enumerate(words)}))
        for query, total, partial, exact in (
                ("alpha beta", 3, 104, False), ("alpha gamma", 0, 8, True), ("alpha", 7, 0, True),
                ("alpha zzzzzz", 0, 7, True), ("zzzzzz", 0, 0, True), ("--exact alpha gamma", 0, 0, True),
                ("+alpha beta", 3, 4, True), ('"alpha beta" gamma', 0, 4, True), ("alpha gamma delta", 0, 8, True)):
            for limit in (0, 2, 50):
                answer = self.answer("-n", limit, *query.split(" ", 1) if query.startswith("--") else [query])
                self.assertEqual(answer["total"], total, query)
                self.assertEqual(answer["query"]["relaxed"], total == 0 and partial > 0, query)
                self.assertEqual(answer["total_partial_exact"], exact, query)
                if exact:
                    self.assertEqual(answer["total_partial"], partial, query)
                else:
                    self.assertGreater(answer["total_partial"], 100, query)

    def test_no_more_documents_lack_words_than_there_are(self):
        words = ["alpha beta"] * 130 + ["alpha"] * 65 + ["beta"] * 65
        self.index(self.site({f"{n}.md": f"# {n}\n\n{text}\n" for n, text in enumerate(words)}))
        for offset in (0, 120, 200):
            answer = self.answer("--offset", offset, "alpha beta")
            self.assertLessEqual(answer["total"] + answer["total_partial"], len(words), offset)


class Languages(harness.Case):
    def test_a_title_in_another_language_has_the_weight_of_a_title(self):
        """Spanish and English stem `becas` differently."""
        filling = "texto que no dice nada de eso. "
        self.index(self.site({
            "a.md": post("Becas", filling * 4, lang="es"),
            "b.md": post("Otra cosa", filling * 3 + "becas", lang="es"),
            "c.md": post("Something else", "This says becas in English.")}))
        scores = {hit["url"]: hit["score"] for hit in self.answer("becas", "dice")["hits"]}
        self.assertGreater(scores["/a/"], scores["/b/"] * 1.1)

    def test_a_word_that_two_languages_stem_alike_counts_once(self):
        self.index(self.site({"a.md": post("A", "python", lang="es"), "b.md": post("B", "python", lang="en"),
                              "c.md": post("C", "nothing")}))
        scores = [hit["score"] for hit in self.answer("python")["hits"]]
        self.assertAlmostEqual(scores[0], scores[1], delta=scores[0] * 0.02)


class Topics(harness.Case):
    """A resource is found by the tags and categories of the posts that mention it."""

    def links(self, *words):
        return sorted(hit["url"] for hit in self.answer("--exact", "--kind", "resource", *words)["hits"])

    def write_posts(self, tags):
        return self.site({"a.md": post("A", "- [Bandit](https://bandit.example/)\n", tags=tags, category="play"),
                          "b.md": post("B", "- [Ghidra](https://ghidra.example/)\n", tags="[reversing]")})

    def test_a_resource_is_found_by_tags_and_categories_of_its_posts(self):
        self.index(self.write_posts("[CTF, no degree]"))
        for words in (["ctfs"], ["play"], ["no", "degree"], ["bandit", "ctf"]):
            self.assertEqual(self.links(*words), ["https://bandit.example/"], words)
        self.assertEqual(self.links("reversing"), ["https://ghidra.example/"])
        self.assertEqual(self.links("reversing", "ctf"), [])

    def test_a_changed_tag_updates_the_resources_of_the_post(self):
        self.index(self.write_posts("[CTF]"))
        report = self.index(self.write_posts("[Wargames]"))
        self.assertEqual((report["posts"]["updated"], report["resources"]["updated"]), (1, 1))
        self.assertEqual(self.links("ctf"), [])
        self.assertEqual(self.links("wargames"), ["https://bandit.example/"])

    def test_a_tag_of_many_mentioning_posts_counts_once(self):
        many = {f"{n}.md": post(f"Post {n}", "[Often](https://often.example/)", tags="[zebra]") for n in range(9)}
        many["x.md"] = post("Zebra", "- [Zebra](https://zebra.example/)\n")
        self.index(self.site(many))
        self.assertEqual(self.answer("--kind", "resource", "zebra")["hits"][0]["url"], "https://zebra.example/")


    def test_a_resource_has_the_tags_and_categories_of_its_posts(self):
        self.index(self.site({
            "a.md": post("A", "- [Bandit](https://bandit.example/)", tags="[CTF, no degree]", category="play", lang="es"),
            "b.md": post("B", "- [Bandit](https://bandit.example/)", tags="[ctf, Linux]", categories="[play, tools]"),
            "c.md": post("C", "- [Bandit](https://bandit.example/), [Ghidra](https://ghidra.example/)")}))
        answer = self.answer("--kind", "resource", "bandit OR ghidra")
        found = {hit["title"]: hit for hit in answer["hits"]}
        self.assertEqual(found["Bandit"]["tags"], ["ctf", "Linux", "no degree"])
        self.assertEqual(found["Bandit"]["categories"], ["play", "tools"])
        self.assertEqual((found["Bandit"]["lang"], found["Ghidra"]["lang"]), ("en", "en"))
        self.assertEqual((found["Ghidra"]["tags"], found["Ghidra"]["categories"]), ([], []))

    def test_the_filters_find_a_resource_by_what_it_shows(self):
        self.index(self.write_posts('["CTF", "no\\n degree"]'))
        every = self.answer("--kind", "resource", "kind:resource")["hits"]
        for hit in every:
            for option, values in (("--tag", hit["tags"]), ("--category", hit["categories"]), ("--lang", [hit["lang"]])):
                for value in values:
                    self.assertIn(hit["url"], self.links(option, value, "kind:resource"), (option, value))
        self.assertEqual(self.links("--tag", "ctf", "kind:resource"), ["https://bandit.example/"])
        self.assertEqual(self.links("--category", "play", "kind:resource"), ["https://bandit.example/"])
        self.assertEqual(self.links("--tag", "reversing", "kind:resource"), ["https://ghidra.example/"])


class Bounds(Guide):
    def test_a_query_is_cut_at_4096_bytes_between_characters(self):
        query = "common " + "x" * 4993
        self.assertEqual(len(query), 5000)
        answer = self.answer(query)
        self.assertTrue(answer["query"]["truncated"])
        self.assertEqual(len(answer["query"]["text"]), 4096)
        self.assertEqual(self.answer("y" * 4096)["query"]["truncated"], False)
        wide = self.answer("é" * 2049)
        self.assertTrue(wide["query"]["truncated"])
        self.assertEqual(wide["query"]["text"], "é" * 2048)
        odd = self.answer("x" + "é" * 2048)
        self.assertEqual(odd["query"]["text"], "x" + "é" * 2047)

    def test_a_query_is_cut_after_64_words(self):
        words = [f"w{n}" for n in range(99)] + ["common"]
        answer = self.answer(*words)
        self.assertTrue(answer["query"]["truncated"])
        self.assertEqual(answer["query"]["parsed"].split(), words[:64])
        self.assertEqual(answer["hits"], [])
        self.assertFalse(self.answer(*words[-64:])["query"]["truncated"])
        self.assertEqual(self.posts(*words[-64:]), [])
        self.assertIn("first 4096 bytes and 64 words", self.search("--urls", *words, expect=1).errors)

    def test_invalid_utf8_is_replaced(self):
        answer = self.answer(b"common\xff \xc3( \xed\xa0\x80")
        self.assertIn("\ufffd", answer["query"]["text"])
        self.assertTrue(answer["query"]["text"].startswith("common\ufffd "))
        self.assertEqual(len([hit for hit in answer["hits"] if hit["kind"] == "post"]), 8)

    def test_every_byte_gives_a_valid_answer(self):
        for byte in range(1, 256):
            self.answer(b"common " + bytes([byte]) + b" x" + bytes([byte, byte]))


class Output(Guide):
    def test_urls_prints_the_urls_of_the_hits_only(self):
        result = self.search("--urls", "-n", 20, "common")
        self.assertEqual(result.text.splitlines(), self.urls("-n", 20, "common"))
        self.assertEqual(result.err, b"")

    def test_base_url_is_put_before_urls_of_the_site(self):
        base = "https://guide.example"
        plain, based = self.answer("alpha"), self.answer("--base-url", base, "alpha")
        self.assertEqual(len(plain["hits"]), len(based["hits"]))
        for old, new in zip(plain["hits"], based["hits"]):
            site = old["kind"] == "post"
            self.assertEqual(new["url"], (base if site else "") + old["url"])
            for one, two in zip(old["passages"], new["passages"]):
                self.assertEqual(two["url"], base + one["url"])
            for one, two in zip(old.get("mentions", []), new.get("mentions", [])):
                self.assertEqual(two["url"], base + one["url"])

    def test_base_url_is_joined_with_one_slash(self):
        for base in ("https://x.example/", "https://x.example///", "https://x.example/sub/"):
            expected = base.rstrip("/") + "/guide/first/"
            self.assertEqual(self.search("--urls", "--base-url", base, "beta", "year:2018").text, expected + "\n")
            self.assertIn(expected, self.urls("--base-url", base, "--similar", "/guide/eve/"))
            self.assertEqual(json.loads(self.search("--suggest", "--json", "--base-url", base, "new year's d").out)
                             ["suggestions"][0]["url"], expected)

    def test_a_base_url_that_is_not_absolute_is_refused(self):
        for base in ("foo", "", "/guide", "//x.example", "ftp://x.example", "https://", "https://x.example?a=b",
                     "https://x.example#a", "https://me:secret@x.example", "x.example"):
            result = self.search("--base-url", base, "common", expect=2)
            self.assertEqual(result.out, b"")
            self.assertIn("--base-url must be an absolute http or https URL", result.errors)
            self.assertIn(f"(got '{base}')", result.errors)

    def test_nothing_found_is_exit_status_1_and_no_output(self):
        result = self.search("xyzzy", expect=1)
        self.assertEqual(result.out, b"")
        self.assertTrue(result.err)
        self.assertEqual(self.search("--urls", "xyzzy", expect=1).out, b"")
        self.assertEqual(self.answer("xyzzy", expect=1)["total"], 0)

    def test_wrong_usage_is_rejected_and_help_is_printed(self):
        for args in (["--nonsense", "x"], ["-n"], ["--color", "blue", "x"], []):
            result = self.search(*args, expect=2)
            self.assertEqual(result.out, b"")
            self.assertTrue(result.err)
        self.assertIn("--base-url", self.search("--help").text)
        self.assertRegex(self.search("--version").text, r"^search .*\d+\.\d+")

    def test_options_end_where_the_query_begins(self):
        result = self.search("alpha", "--urls")
        self.assertIn("April", result.text)
        self.search("--urls", "-tag:x", "alpha", expect=2)
        self.assertEqual(self.posts("--", "-tag:x", "alpha"), paths("first", "april"))

    def test_two_answers_differ_only_in_took_us(self):
        one, two = self.answer("alpha"), self.answer("alpha")
        one["took_us"] = two["took_us"] = 0
        self.assertEqual(one, two)

    def test_a_failed_write_is_an_error(self):
        with open("/dev/full", "wb") as full:
            done = harness.subprocess.run([harness.SEARCH, "-i", self.index_dir, "common"], stdout=full,
                                          stderr=harness.subprocess.PIPE, check=False,
                                          env=harness.environment())
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"cannot write", done.stderr)


class Indexes(harness.Case):
    def two(self):
        self.index(self.site({"a.md": post("A", "common alpha")}, "a"), index="a.index")
        self.index(self.site({"b.md": post("B", "common beta")}, "b"), index="b.index")

    def test_several_indexes_answer_as_one(self):
        self.two()
        answer = self.answer("-i", "b.index", "common", index="a.index")
        self.assertEqual(answer["total"], 2)
        self.assertEqual({hit["url"] for hit in answer["hits"]}, {"/a/", "/b/"})
        self.assertEqual(self.full_urls("-i", "b.index", "beta", index="a.index"), ["/b/"])
        revisions = {answer["revision"], self.revision("a.index"), self.revision("b.index")}
        self.assertEqual(len(revisions), 3)
        pages = [self.urls("-i", "b.index", "-n", 1, "--offset", n, "common", index="a.index")
                 for n in (0, 1)]
        self.assertEqual({pages[0][0], pages[1][0]}, {"/a/", "/b/"})

    def test_the_index_is_given_by_the_option_else_signpost_index_else_index(self):
        self.two()
        self.assertEqual(self.urls("common", index=False, env={"SIGNPOST_INDEX": "b.index"}), ["/b/"])
        self.assertEqual(self.urls("common", index="a.index", env={"SIGNPOST_INDEX": "b.index"}),
                         ["/a/"])
        (self.dir / "a.index").rename(self.dir / "index")
        self.assertEqual(self.urls("common", index=False), ["/a/"])
        self.assertEqual(self.urls("common", index=False, env={"SIGNPOST_INDEX": ""}), ["/a/"])

    def refuse(self, where):
        result = self.search("common", index=where, expect=2)
        self.assertEqual(result.out, b"")
        self.assertIn(where, result.errors)
        self.assertEqual(result.errors.count("\n"), 1)
        return result.errors

    def test_a_missing_index_is_an_error_that_names_it(self):
        self.refuse("nowhere")
        self.assertNotIn("nowhere/", [str(path) for path in self.dir.iterdir()])
        self.two()
        result = self.search("-i", "nowhere", "common", index="a.index", expect=2)
        self.assertIn("nowhere", result.errors)

    def test_other_files_and_folders_are_not_an_index(self):
        (self.dir / "folder").mkdir()
        self.refuse("folder")
        self.write("file", "no index\n")
        self.refuse("file")
        self.write("stub/XAPIANDB", "auto nowhere\n")
        self.refuse("stub")
        self.write("junk/XAPIANDB", b"\x00\xff\n")
        self.refuse("junk")

    def test_a_damaged_index_is_an_error_without_output(self):
        self.two()
        for name in ("iamglass", "postlist.glass", "termlist.glass"):
            [path] = (self.dir / "a.index").glob(f"g*/{name}")
            content = path.read_bytes()
            path.write_bytes(content[:60])
            result = self.search("common", index="a.index", expect=None)
            if result.code not in (0, 1):
                self.assertEqual(result.code, 2)
                self.assertEqual(result.out, b"")
                self.assertTrue(result.errors.startswith("search: "))
            else:
                self.assertEqual(name, "termlist.glass")
            path.write_bytes(content)
        self.assertEqual(self.urls("common", index="a.index"), ["/a/"])

    def test_an_error_names_the_index_that_cannot_be_opened(self):
        self.two()
        [path] = (self.dir / "b.index").glob("g*/iamglass")
        path.write_bytes(b"junk")
        for order in (("a.index", "b.index"), ("b.index", "a.index"), ("b.index",)):
            options = [part for index in order[1:] for part in ("-i", index)]
            errors = self.search(*options, "common", index=order[0], expect=2).errors
            self.assertRegex(errors, r"\Asearch: b\.index/g1: [^:\n]+\n\Z")


class Suggest(harness.Case):
    """`--suggest` in the terminal; tests/http/test_api.py checks which completions are suggested."""

    def setUp(self):
        super().setUp()
        self.index(harness.CORPUS)

    def test_suggestions_are_printed_one_a_line(self):
        self.assertEqual(self.search("--suggest", "cover", "lett", expect=0).text,
                         "Cover letters that get read\n")
        self.assertEqual(self.search("--suggest", "--urls", "cover lett", expect=0).text,
                         "/hiring/cover-letters/\n")
        self.assertEqual(self.search("--suggest", "-n", "1", "machine l", expect=0).text,
                         "machine learning\n")
        self.assertEqual(self.search("--suggest", "-n", "1", "--urls", "machine l", expect=0).text, "")

    def test_no_suggestion_is_exit_status_1(self):
        self.assertEqual(self.search("--suggest", "zzzzqq", expect=1).out, b"")
        self.assertEqual(self.search("--suggest", "", expect=1).out, b"")
        self.assertEqual(self.search("--suggest", b"cover\xff lett", expect=0).text,
                         "Cover letters that get read\n")
        self.assertIn("index not found", self.search("--suggest", "a", index=self.dir / "none", expect=2).errors)

    def test_several_indexes_suggest_as_one(self):
        self.index(self.site({"a.md": "# Zebra crossings\n\nwords\n"}), index=self.dir / "two")
        found = self.search("-i", self.dir / "two", "--suggest", "zeb", expect=0).text
        self.assertEqual(found, "Zebra crossings\n")
        found = self.search("-i", self.dir / "two", "--suggest", "cover lett", expect=0).text
        self.assertEqual(found, "Cover letters that get read\n")


if __name__ == "__main__":
    harness.main()
