# SPDX-License-Identifier: GPL-2.0-or-later
"""Synonyms: the indexer's default set, a site's own file, and their effect on answers."""

import time

import harness
from harness import post

CONFIG = "url: https://guides.example.org\n"
FILLER = "Bread and butter, jam and tea, and a long walk by the river."


class Synonyms(harness.Case):
    def setUp(self):
        super().setUp()
        self.write("site/_config.yml", CONFIG)
        for i in range(12):
            self.write(f"site/_posts/2017-01-{i + 1:02}-filler.md", post(f"Filler {i}", body=FILLER))

    def page(self, name, body, **front):
        self.write(f"site/_posts/2018-02-03-{name.lower()}.md", post(name, body=body, **front))

    def found(self, query, *options):
        answer = self.answer("-n", 50, *options, "--", query)
        return [hit["title"] for hit in answer["hits"] if not hit["missing"]]

    def marks(self, query, title):
        hit = next(hit for hit in self.answer("--", query)["hits"] if hit["title"] == title)
        html = " ".join(passage["html"] for passage in hit["passages"])
        return [part.split("</mark>")[0] for part in html.split("<mark>")[1:]]


class DefaultSet(Synonyms):
    def setUp(self):
        super().setUp()
        self.page("Alpha", "All about machine learning and walks.")
        self.page("Beta", "All about ML and extra walks.")
        self.page("Gamma", "The machine stopped. Learning takes time.")
        self.page("Delta", "A doctorate takes years.")
        self.page("Epsilon", "Send a résumé and a letter.")
        self.page("Zeta", "The principal investigator leads.")
        self.page("Eta", "Pi is a number; the internship is not.")
        self.index("site")

    def test_synonyms_of_one_or_several_words_find_each_other(self):
        self.assertEqual(self.found("ml"), ["Beta", "Alpha"])
        self.assertEqual(self.found("machine learning"), ["Alpha", "Gamma", "Beta"])
        self.assertEqual(self.found("machine learning walks"), ["Alpha", "Beta"])
        self.assertEqual(self.found("phd"), ["Delta"])
        self.assertEqual(self.found("doctor of philosophy"), ["Delta"])
        self.assertEqual(self.found("CV"), ["Epsilon"])
        self.assertEqual(self.found("curriculum vitae"), ["Epsilon"])
        self.assertEqual(self.found("interns"), ["Eta"])

    def test_one_word_of_a_synonym_phrase_gets_no_synonyms(self):
        self.assertEqual(self.found("learning"), ["Alpha", "Gamma"])
        self.assertEqual(self.found("learning machine"), ["Alpha", "Gamma"])

    def test_an_arrow_applies_in_one_direction(self):
        self.assertEqual(self.found("pi"), ["Eta", "Zeta"])
        self.assertEqual(self.found("principal investigator"), ["Zeta"])

    def test_synonyms_apply_inside_operators(self):
        self.assertEqual(sorted(self.found("phd OR cv")), ["Delta", "Epsilon"])
        self.assertEqual(self.found("(machine AND learning) extra"), ["Beta"])
        self.assertEqual(self.found("+ml +extra"), ["Beta"])

    def test_a_matching_synonym_is_marked(self):
        self.assertEqual(self.marks("ml", "Alpha"), ["machine learning"])
        self.assertEqual(self.marks("machine learning", "Beta"), ["ML"])
        self.assertEqual(self.marks("cv", "Epsilon"), ["résumé"])

    def test_phrases_prefixes_fields_and_exact_ignore_synonyms(self):
        for query in ('"phd"', '"machine learning" extra', "phd*", "title:phd", "ml*", "under:cv"):
            self.assertNotIn("Delta", self.found(query), query)
            self.assertNotIn("Epsilon", self.found(query), query)
        self.assertEqual(self.found("ml*"), ["Beta"])
        self.assertEqual(self.found('"machine learning"'), ["Alpha"])
        self.assertEqual(self.found("walks -ml machine"), ["Alpha"])
        for query, found in (("ml", ["Beta"]), ("machine learning", ["Alpha", "Gamma"]), ("phd", [])):
            self.assertEqual(self.found(query, "--exact"), found, query)

    def test_a_word_with_synonyms_is_not_corrected(self):
        self.page("Theta", "The phdx is unknown.")
        self.index("site")
        query = self.answer("--", "phd")["query"]
        self.assertIsNone(query["corrected"])
        self.assertEqual(self.found("phd"), ["Delta"])
        self.assertEqual(self.answer("--", "doctorite")["query"]["corrected"], "doctorate")
        self.write("site/_config.yml", CONFIG + "signpost:\n  default_synonyms: false\n")
        self.index("site")
        self.assertEqual(self.found("phd"), [])

    def test_a_word_found_by_its_synonym_is_not_missing(self):
        hits = {hit["title"]: hit["missing"] for hit in self.answer("-n", 50, "--", "ml walks river quux")["hits"]}
        self.assertEqual(hits["Alpha"], ["river", "quux"])
        self.assertEqual(hits["Beta"], ["river", "quux"])
        hits = {hit["title"]: hit["missing"] for hit in self.answer("--", "machine learning river")["hits"]}
        self.assertEqual(hits["Beta"], ["river"])
        self.assertEqual(hits["Gamma"], ["river"])

    def test_the_default_set_can_be_turned_off(self):
        self.write("site/_config.yml", CONFIG + "signpost:\n  default_synonyms: false\n")
        report = self.index("site")
        self.assertEqual((report["posts"]["added"], report["posts"]["updated"]), (0, 0))
        self.assertEqual(self.found("ml"), ["Beta"])
        self.assertEqual(self.found("machine learning"), ["Alpha", "Gamma"])

    def test_sites_in_other_languages_have_no_default_set(self):
        self.write("site/_config.yml", CONFIG + "lang: de\n")
        self.index("site")
        self.assertEqual(self.found("ml"), ["Beta"])


class Weight(Synonyms):
    """The documents are alike except for the synonym that they use."""

    def test_a_synonym_is_worth_less_than_the_word(self):
        self.write("site/synonyms.txt", "zebra, quagga, striped horse, donkey\n")
        self.page("Word", "On the zebra of the plain.")
        self.page("Other", "On the quagga of the plain.")
        self.page("Phrase", "On a striped horse of plains.")
        self.page("Several", "On quagga, donkey, striped horse.")
        self.index("site")
        hits = self.answer("--kind", "post", "--", "zebra")["hits"]
        scores = {hit["title"]: hit["score"] for hit in hits}
        self.assertEqual(hits[0]["title"], "Word")
        self.assertEqual(sorted(scores), ["Other", "Phrase", "Several", "Word"])
        for title in ("Other", "Phrase", "Several"):
            self.assertLess(scores[title], scores["Word"], scores)
            self.assertGreater(scores[title], 0.2 * scores["Word"], scores)

    def test_a_rare_synonym_of_a_common_word_is_worth_less_than_the_word(self):
        self.write("site/synonyms.txt", "bread, quagga, striped horse\n")
        self.page("Word", "On the bread of the plain.")
        self.page("Other", "On the quagga of the plain.")
        self.page("Phrase", "On a striped horse of plains.")
        self.index("site")
        scores = {hit["title"]: hit["score"] for hit in self.answer("-n", 50, "--", "bread")["hits"]}
        self.assertLess(scores["Other"], scores["Word"])
        self.assertLess(scores["Phrase"], scores["Word"])

    def test_several_words_outrank_their_synonym(self):
        self.write("site/synonyms.txt", "plains zebra, quagga\n")
        self.page("Both", "On plains zebra of Africa.")
        self.page("Apart", "On zebra of African plains.")
        self.page("Other", "On quagga of some Africa.")
        self.index("site")
        self.assertEqual(self.found("plains zebra"), ["Both", "Apart", "Other"])


class Inherited(Synonyms):
    def test_words_in_inherited_prose_do_not_match_a_synonym_of_several_words(self):
        self.write("site/synonyms.txt", "zebra, striped horse\n")
        self.page("Animals", "## Where\n\nA striped horse lives by the ocean.\n\n- [Safari](https://s.example/)\n")
        self.index("site")
        hits = {hit["title"]: hit["missing"] for hit in self.answer("--", "zebra ocean")["hits"]}
        self.assertEqual(hits, {"Animals": [], "Safari": ["zebra"]})


class OwnFile(Synonyms):
    def setUp(self):
        super().setUp()
        self.page("Alpha", "On machine learning.")
        self.page("Beta", "On the quagga.")
        self.page("Gamma", "On zebras.")
        self.index("site")

    def test_a_sites_file_extends_the_default_set(self):
        self.assertEqual(self.found("zebra"), ["Gamma"])
        self.write("site/synonyms.txt", "# Animals\nzebra, quagga\nml => zebra\n")
        self.index("site")
        self.assertEqual(self.found("zebra"), ["Gamma", "Beta"])
        self.assertEqual(self.found("quagga"), ["Beta", "Gamma"])
        self.assertEqual(sorted(self.found("ml")), ["Alpha", "Gamma"])
        self.assertEqual(self.found("machine learning"), ["Alpha"])

    def test_a_sites_file_applies_alone_if_the_default_set_is_off(self):
        self.write("site/synonyms.txt", "zebra, quagga\n")
        self.write("site/_config.yml", CONFIG + "signpost:\n  default_synonyms: false\n")
        self.index("site")
        self.assertEqual(self.found("zebra"), ["Gamma", "Beta"])
        self.assertEqual(self.found("ml"), [])

    def test_the_settings_can_name_another_file(self):
        self.write("site/synonyms.txt", "zebra, machine learning\n")
        self.write("site/_data/words.txt", "zebra, quagga\n")
        self.write("site/_config.yml", CONFIG + "signpost: {synonyms: _data/words.txt}\n")
        self.index("site")
        self.assertEqual(self.found("zebra"), ["Gamma", "Beta"])

    def test_an_invalid_file_name_is_an_error_and_leaves_the_default_set(self):
        self.write("words.txt", "zebra, quagga\n")
        for name, at in (("../words.txt", "_config.yml:2:22"), (self.dir / "words.txt", "_config.yml:2:22"),
                         ("[a]", "_config.yml:2:22"), ("none.txt", "none.txt:1:1"), ("_posts", "_posts:1:1")):
            self.write("site/_config.yml", CONFIG + f"signpost: {{synonyms: {name}}}\n")
            result = self.indexer("-o", self.index_dir, "site", expect=1)
            self.assertIn(f"site/{at}: ", result.errors)
            self.assertEqual(self.found("zebra"), ["Gamma"], name)
            self.assertEqual(self.found("ml"), ["Alpha"], name)

    def test_a_tree_of_markdown_can_have_synonyms(self):
        self.site({"a.md": "# Zebras\n", "synonyms.txt": "zebra, quagga\n"}, name="plain")
        self.index("plain")
        self.assertEqual(self.found("quagga"), ["Zebras"])

    def test_synonyms_of_several_sites_are_combined(self):
        self.site({"a.md": "# Okapi\n", "synonyms.txt": "okapi, quagga\n"}, name="plain")
        self.write("site/synonyms.txt", "zebra, quagga\n")
        self.index("site", "plain")
        self.assertEqual(sorted(self.found("quagga")), ["Beta", "Gamma", "Okapi"])

    def test_the_synonyms_of_the_first_of_several_indexes_apply(self):
        self.site({"a.md": "# Okapi\n", "synonyms.txt": "okapi, quagga\n"}, name="plain")
        self.index("plain", index=self.dir / "other")
        both = self.answer("-i", self.dir / "other", "--", "quagga", index=self.index_dir)
        self.assertEqual([hit["title"] for hit in both["hits"]], ["Beta"])
        both = self.answer("-i", self.index_dir, "--", "quagga", index=self.dir / "other")
        self.assertEqual({hit["title"] for hit in both["hits"]}, {"Beta", "Okapi"})


class Runs(Synonyms):
    def setUp(self):
        super().setUp()
        self.page("Beta", "On the quagga.")
        self.page("Gamma", "On zebras.")
        self.index("site")

    def test_changed_synonyms_change_the_revision_and_read_no_post(self):
        before = self.revision()
        time.sleep(2.1)  # until then files are compared by content
        self.index("site")
        self.write("site/synonyms.txt", "zebra, quagga\n")
        self.index("site", options=["--dry-run"])
        self.assertEqual(self.revision(), before)
        report = self.index("site")
        self.assertEqual((report["files"], report["bytes"]), (0, 0))
        self.assertEqual(report["posts"]["unchanged"], 14)
        self.assertNotEqual(self.revision(), before)
        self.assertEqual(report["revision"], self.revision())
        self.assertEqual(self.found("zebra"), ["Gamma", "Beta"])
        # Without the file the index has the former revision again.
        (self.dir / "site/synonyms.txt").unlink()
        report = self.index("site")
        self.assertEqual((report["files"], self.revision()), (0, before))
        self.assertEqual(self.found("zebra"), ["Gamma"])

    def test_changes_of_case_accents_and_comments_keep_the_revision(self):
        self.write("site/synonyms.txt", "zebra, quagga\n")
        self.index("site")
        before = self.revision()
        self.write("site/synonyms.txt", "# Animals\n\nZébra ,QUAGGA\r\n")
        self.index("site")
        self.assertEqual(self.revision(), before)

    def test_a_full_run_keeps_the_revision(self):
        self.write("site/synonyms.txt", "zebra, quagga\n")
        self.index("site")
        revision = self.revision()
        self.index("site", options=["--full"])
        self.assertEqual(self.revision(), revision)
        self.assertEqual(self.found("zebra"), ["Gamma", "Beta"])

    BAD = "okapi\nzebra, quagga\nx,,y\n a => \n"
    PLACES = [(1, 1), (3, 3), (4, 7)]

    def test_mistakes_are_reported_by_line_and_the_other_lines_apply(self):
        self.write("site/synonyms.txt", self.BAD)
        for _ in range(2):  # also by a run that has nothing to do
            report = self.index("site", expect=1)
            self.assertEqual([(error["line"], error["column"]) for error in report["errors"]], self.PLACES)
            self.assertEqual({error["path"] for error in report["errors"]}, {"site/synonyms.txt"})
            self.assertEqual(report["posts"]["failed"], 0)
            self.assertEqual(self.found("zebra"), ["Gamma", "Beta"])
        result = self.indexer("-o", self.index_dir, "site", expect=1)
        self.assertIn("site/synonyms.txt:3:3: an entry is missing here", result.errors)
        self.assertIn("3 mistakes in the synonyms", result.text + result.errors)
        self.assertNotIn("could not be indexed", result.text + result.errors)

    def test_strict_with_a_mistake_leaves_the_old_index(self):
        before = harness.tree(self.index_dir)
        self.write("site/synonyms.txt", self.BAD)
        result = self.indexer("--strict", "-o", self.index_dir, "site", expect=1)
        self.assertIn("3 mistakes in the synonyms; nothing is changed", result.errors)
        self.assertEqual({name: data for name, data in harness.tree(self.index_dir).items()
                          if not name.endswith(("lock", "manifest"))},
                         {name: data for name, data in before.items()
                          if not name.endswith(("lock", "manifest"))})

    def test_a_synonym_file_that_is_too_long_or_is_a_folder_is_reported(self):
        path = self.write("site/synonyms.txt", "a, b\n" + "# " + "x" * (256 << 10))
        report = self.index("site", expect=1)
        self.assertIn("longer than", report["errors"][0]["message"])
        path.unlink()
        path.mkdir()
        report = self.index("site", expect=1)
        self.assertIn("not a regular file", report["errors"][0]["message"])
        self.assertEqual(self.found("zebra"), ["Gamma"])


class Hostile(Synonyms):
    LIMIT = 256 << 10

    def check(self, content, queries, expect=0):
        self.write("site/synonyms.txt", content[:self.LIMIT])
        began = time.monotonic()
        self.index("site", expect=expect)
        for query in queries:
            self.answer("--", query)
        self.assertLess(time.monotonic() - began, 20)

    def test_arbitrary_bytes_in_the_file_are_handled_in_time(self):
        self.page("Beta", "On the quagga " + " ".join(f"w{i}" for i in range(400)))
        for content, expect in (
                (b"," * self.LIMIT, 1), (b"a," * self.LIMIT, 1), (b"=>" * self.LIMIT, 1),
                (b"\\" * self.LIMIT, 1), (b"\xff\n" * self.LIMIT, 1), (b"\0" * self.LIMIT, 1),
                (b"a\n" * self.LIMIT, 1), (b"\n" * self.LIMIT, 0), (b"#" * self.LIMIT, 0),
                (b"x" * self.LIMIT, 1), (bytes(range(256)) * 1024, 1)):
            self.check(content, ["a", "a x b", "quagga"], expect)

    def test_many_synonyms_of_every_word_are_handled_in_time(self):
        self.page("Beta", " ".join(f"w{i}" for i in range(400)))
        rows = [", ".join(f"w{(row * 31 + i) % 400}" for i in range(32)) for row in range(1400)]
        everything = " ".join(f"w{i}" for i in range(64))
        self.check(("\n".join(rows)[:self.LIMIT - 10].rsplit("\n", 1)[0] + "\n").encode(),
                   ["w1", everything, everything.replace(" ", " OR ")])
        rows = [f"w1 w2 w3 w4 w5 w6 w7 w{i % 50} => w{i % 400} w{i * 7 % 400}" for i in range(5000)]
        self.check("\n".join(rows).encode(), [everything, "w1 w2 w3 w4 w5 w6 w7 " * 8])

    def test_a_query_is_expanded_by_at_most_64_synonym_words(self):
        """Each document has its own synonym; a synonym of several words counts as three words."""
        for form, most in (("s{}x{}", 64), ("s{} x{}", 21)):
            names = [form.format(word, number) for word in range(8) for number in range(10)]
            for number, name in enumerate(names):
                self.write(f"site/_posts/2019-01-{number % 28 + 1:02}-{number}.md", post("Some", body=name))
            self.write("site/synonyms.txt", "".join(
                f"zebra{word} => {', '.join(names[word * 10:word * 10 + 10])}\n" for word in range(8)))
            self.index("site")
            self.assertEqual(len(self.found("zebra0", "--kind", "post")), 10)
            query = " OR ".join(f"zebra{word}" for word in range(8))
            self.assertEqual(self.answer("--", query)["total"], most)

    def test_a_synonym_that_no_document_contains_removes_no_hits(self):
        self.page("Beta", "On the quagga.")
        self.write("site/synonyms.txt", "bread, of the xyzzy, plugh\n")
        self.index("site")
        self.assertEqual(len(self.found("bread")), 12)


if __name__ == "__main__":
    harness.main()
