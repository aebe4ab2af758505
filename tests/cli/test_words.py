# SPDX-License-Identifier: GPL-2.0-or-later
"""Which words of a query find which words of a text."""

import json
import re

import harness
from harness import post


class Words(harness.Case):
    def pages(self, texts, config="url: https://x.org\n"):
        """Makes a site with one page for each text, titled by its key, and indexes the site."""
        self.write("site/_config.yml", config)
        for title, text in texts.items():
            front, body = text if isinstance(text, tuple) else ({}, text)
            self.write(f"site/_posts/2020-01-01-{title}.md", post(title, body=body, **front))
        self.index("site")

    def found(self, query, *options):
        """The titles of the pages that have every word of the query."""
        answer = self.answer("-n", 50, *options, "--", query)
        return sorted(hit["title"] for hit in answer["hits"] if not hit["missing"])

    def marked(self, query, title, *options):
        """The marked parts of the page's passages."""
        for hit in self.answer("-n", 50, *options, "--", query)["hits"]:
            if hit["title"] == title:
                return re.findall("<mark>(.*?)</mark>", " ".join(passage["html"] for passage in hit["passages"]))
        return None


class SeveralLanguages(Words):
    """What is found by the stem of its own language is marked, also on a site in another one."""

    def test_words_found_by_the_stem_of_their_own_language_are_marked(self):
        self.pages({"Turkish": ({"lang": "tr"}, "Kitaplar ve evler."),
                    "German": ({"lang": "de"}, "Die Häuser sind alt, und die alten Häuser kalt.")})
        for query, title, marked in (("kitap", "Turkish", ["Kitaplar"]), ("ev", "Turkish", ["evler"]),
                                     ("Haus", "German", ["Häuser", "Häuser"]), ("häuser", "German", ["Häuser", "Häuser"]),
                                     ('"alten häuser"', "German", ["alten Häuser"])):
            self.assertEqual(self.marked(query, title), marked, query)

    def test_resources_are_marked_in_each_of_their_languages(self):
        self.pages({"English": ({"lang": "en"}, "- [Old houses](https://b.org/): old houses and trees"),
                    "German": ({"lang": "de"}, "- [Alte Häuser](https://b.org/): alte Häuser, Bäume")})
        for query, options, title in (("haus", ["--lang", "de"], "Alte <mark>Häuser</mark>"),
                                      ("alt haus", ["--lang", "de"], "<mark>Alte</mark> <mark>Häuser</mark>"),
                                      ("house", ["--lang", "en"], "Old <mark>houses</mark>")):
            [hit] = self.answer("--kind", "resource", *options, query)["hits"]
            self.assertEqual(hit["title_html"], title, query)
        [hit] = self.answer("--kind", "resource", "baum")["hits"]
        self.assertIn("<mark>Bäume</mark>", str(hit["passages"]))


class StopWordStems(Words):
    """A word is not found by a stop word that has the same Snowball stem."""

    def test_words_with_the_stem_of_a_stop_word(self):
        self.pages({
            "Tracking": "An ATS is software that reads forms.",
            "Thesis": "Many theses have one author.",
            "Doe": "Ask Jane Doe for willing partners.",
            "Filler": "These people met at noon, and at night this does count. They will meet again.",
            "Another": "Look at these; it will do."})
        for query, title in (("ATS", "Tracking"), ("ats", "Tracking"), ("theses", "Thesis"), ("doe", "Doe"),
                             ("willing", "Doe")):
            self.assertEqual(self.found(query), [title], query)
        self.assertEqual(self.marked("ATS", "Tracking"), ["ATS"])
        self.assertEqual(self.found("at"), ["Another", "Filler"])

    def test_people_read_such_a_stem_without_the_mark_that_tells_it_apart(self):
        self.pages({"Tracking": "An ATS is software, and an ATS reads forms.", "More": "An ATS is software.",
                    "Filler": "People met at noon.", **{f"Filler{i}": "Nobody came." for i in range(9)}})
        [explained, _] = json.loads(self.search("--json", "--explain", "ats").out)["hits"]
        self.assertEqual(explained["explain"]["words"][0]["terms"][0]["text"], "at")
        self.assertIn('by the stem "at" ', self.search("--explain", "ats").text)
        self.assertIn('no word with the stem "at"', self.search("--why-not", "/2020/01/01/Filler.html", "ats").text)
        self.assertIn("at", self.answer("--similar", "/2020/01/01/Tracking.html")["query"]["parsed"].split())

    def test_in_other_languages(self):
        for lang, texts, query in (
                ("de", {"a": "Das All ist weit.", "b": "Alle gingen.", "c": "Wir sahen alle dort."}, "All"),
                ("fr", {"a": "Des faits nouveaux.", "b": "Il a fait un livre.", "c": "Elle fait cela."}, "faits"),
                ("es", {"a": "Los Estados vecinos.", "b": "He estado aqui.", "c": "Ha estado en casa."}, "Estados")):
            with self.subTest(lang=lang):
                self.pages(texts, f"url: https://x.org\nlang: {lang}\n")
                self.assertEqual(self.found(query), ["a"])

    def test_forms_of_such_a_word_find_each_other(self):
        self.pages({"a": "Il primo giorno.", "b": "I primi passi.", "c": "Prima di tutto, prima di noi."},
                   "url: https://x.org\nlang: it\n")
        self.assertEqual(self.found("primo"), ["a", "b"])

    def test_versus_is_a_stop_word(self):
        self.pages({"a": "Bootcamp or college?", "b": "Rust vs. Go versus C."})
        self.assertEqual(self.found("bootcamp vs college"), ["a"])
        self.assertEqual(self.found("bootcamp versus college"), ["a"])


class Capitals(Words):
    """A stop word in capitals is a word: an acronym, unless capitals say nothing."""

    def setUp(self):
        super().setUp()
        self.pages({
            "Sector": "Many IT jobs are open. It is a good job.",
            "IT": "A job for you.",
            "Health": "The WHO guidelines say so. Ask WHO they are for, and who wrote them.",
            "Pronoun": "It has jobs, and it is here; who has guidelines?",
            "Loud": "IT WORKS: JOBS HERE. READ IT."})

    def test_a_stop_word_in_capitals_finds_and_marks_only_capitals(self):
        self.assertEqual(self.found("IT jobs"), ["IT", "Sector"])
        self.assertEqual(self.marked("IT jobs", "Sector"), ["IT", "jobs", "job"])
        self.assertEqual(self.found("IT"), ["IT", "Sector"])
        self.assertEqual(self.found("I.T. jobs"), ["IT", "Sector"])
        self.assertEqual(self.found("WHO guidelines"), ["Health"])
        self.assertEqual(self.marked("WHO guidelines", "Health"), ["WHO", "guidelines", "WHO"])
        self.assertEqual(self.answer("--", "IT")["hits"][0]["title"], "IT")

    def test_small_letters_and_queries_in_capitals_are_stop_words(self):
        everyone = ["IT", "Loud", "Pronoun", "Sector"]
        for query in ("it jobs", "It jobs", "IT JOBS", "it AND jobs"):
            self.assertEqual(self.found(query), everyone, query)
        self.assertIn("Pronoun", self.found("JOBS: IT IS"))
        self.assertIn("Sector", self.found("it"))

    def test_a_query_of_acronyms_is_not_a_headline(self):
        self.pages({"Teams": "Our IT and HR teams hire.", "Like": "The hr people like it. Who is it?"})
        for query in ("HR & IT", "HR IT", "IT HR", "IT/HR", "IT AND HR", "I.T./HR"):
            self.assertEqual(self.found(query), ["Teams"], query)
            self.assertEqual(self.answer("--", query)["hits"][0]["title"], "Teams", query)
        self.assertEqual(self.found("WHO IT"), [])

    def test_capitals_are_a_word_of_a_title(self):
        self.pages({"IT support": "Hello.", "It supports": "Hello."})
        titles = [line for line in self.search("--explain", "--", "support").text.splitlines() if "score" in line]
        self.assertEqual(["title 4.00" in line for line in titles], [True, False], titles)

    def test_phrases_exclusions_and_fields(self):
        self.assertEqual(self.found('"IT jobs"'), ["Sector"])
        self.assertEqual(self.marked('"IT jobs"', "Sector"), ["IT jobs"])
        self.assertEqual(self.marked('"many IT"', "Sector"), ["Many IT"])
        self.assertEqual(self.found('"it jobs"'), ["Sector"])
        self.assertEqual(self.found("jobs -IT"), ["Loud", "Pronoun"])
        self.assertEqual(self.found("title:IT"), ["IT"])
        self.assertEqual(self.found("(IT OR nurse) jobs"), ["IT", "Sector"])

    def test_capitals_that_no_page_has_are_a_stop_word(self):
        answer = self.answer("--", "DO jobs")
        self.assertEqual(answer["query"]["parsed"], "do jobs")
        self.assertIsNone(answer["query"]["corrected"])
        self.assertEqual(self.found("DO jobs"), self.found("jobs"))

    def test_the_parsed_query_reads_back(self):
        for query in ("IT jobs", '"IT jobs"', "jobs -IT", "title:IT", "IT OR nurse", "WHO IT", "DO jobs"):
            parsed = self.answer("--", query)["query"]["parsed"]
            self.assertEqual(self.answer("--", parsed)["query"]["parsed"], parsed)
            self.assertEqual(self.found(parsed), self.found(query), query)

    def test_capitals_are_neither_corrected_nor_completed(self):
        answer = self.answer("--", "IT jbos")
        self.assertEqual(answer["query"]["corrected"], "IT jobs")
        self.assertNotIn("^", self.search("--suggest", "--", "i").text)
        self.assertEqual(self.answer("--", "^it")["query"]["parsed"], "it")

    def test_explanations_name_the_word_in_capitals(self):
        explained = self.search("--explain", "--", "IT jobs").text
        self.assertIn('by the stem "IT"', explained)
        url = next(hit["url"] for hit in self.answer("--", "it jobs")["hits"] if hit["title"] == "Pronoun")
        reason = self.search("--why-not", url, "--", "IT jobs", expect=None).text
        self.assertIn('no word with the stem "IT"', reason)
        self.assertNotIn("^", explained + reason)

    def test_a_synonym_that_is_a_stop_word_finds_capitals(self):
        self.write("site/synonyms.txt", "information technology, IT\n")
        self.pages({"Long": "Study information technology."})
        self.assertEqual(self.found("IT jobs"), ["IT", "Sector"])
        self.assertEqual(self.found("IT study"), ["Long"])
        self.assertEqual(self.found("information technology"), ["IT", "Long", "Sector"])

    def test_in_other_languages(self):
        for lang, texts, query in (
                ("de", {"a": "Das DAS Studium lohnt.", "b": "Das Studium lohnt sich; das ist so."}, "DAS Studium"),
                ("fr", {"a": "Un poste au SE local.", "b": "Il se peut; un poste local."}, "SE poste"),
                ("es", {"a": "El puesto del ES local.", "b": "El puesto es local."}, "ES puesto")):
            with self.subTest(lang=lang):
                self.pages(texts, f"url: https://x.org\nlang: {lang}\n")
                self.assertEqual(self.found(query), ["a"])

    def test_a_page_in_another_language(self):
        self.pages({"Autre": ({"lang": "fr"}, "Des IT jobs ici, it et la.")})
        self.assertEqual(self.found("IT jobs"), ["Autre", "IT", "Sector"])
        self.assertEqual(self.marked('"IT jobs"', "Autre"), ["IT jobs"])
        self.assertEqual(self.marked("IT jobs", "Autre"), ["IT", "jobs"])


class Sentences(Words):
    """A phrase does not cross the end of a sentence or block."""

    def test_phrases(self):
        self.pages({
            "Across": "Get an interview. Practice often.",
            "Block": "- An interview\n- Practice often",
            "Heading": "An interview\n\n## Practice\n\nOften.",
            "Within": "An interview, practice and all. Ask Dr. Interview Practice of the U.S. Practice board."})
        self.assertEqual(self.found('"interview practice"'), ["Within"])
        self.assertEqual(self.marked('"interview practice"', "Within"), ["interview, practice", "Interview Practice"])
        self.assertEqual(self.found('"us practice"'), ["Within"])
        self.assertEqual(self.found('"dr interview"'), ["Within"])
        self.assertEqual(self.found('"interview-practice"'), ["Within"])
        self.assertEqual(self.found('interview -"interview practice"'), ["Across", "Block", "Heading"])

    def test_a_phrase_with_the_end_of_a_sentence_is_found_as_written(self):
        self.pages({"Across": "Get an interview. Practice often.", "Apart": "Practice for the interview."})
        self.assertEqual(self.found('"an interview. Practice often"'), ["Across"])
        self.assertEqual(self.marked('"an interview. Practice often"', "Across"), ["an interview. Practice often"])

    def test_titles_and_other_scripts(self):
        self.pages({"Why code? Learn now": "One.", "b": "\u9762\u8bd5\u3002\u5de5\u4f5c"})
        self.assertEqual(self.found('title:"code learn"'), [])
        self.assertEqual(self.found('title:"why code"'), ["Why code? Learn now"])
        self.assertEqual(self.found('"\u9762\u8bd5 \u5de5\u4f5c"'), [])

    def test_words_next_to_each_other_get_no_bonus_across_sentences(self):
        self.pages({"a": "Plan an interview. Practice often.", "b": "Plan often an interview practice."})
        self.assertEqual(self.answer("--", "interview practice")["hits"][0]["title"], "b")


class StopWordsInARow(Words):
    """Stop words count for nearness: a page that has the words as typed ranks above one that only has them."""

    def setUp(self):
        super().setUp()
        filler = " Bread and butter and tea." * 3
        self.pages({
            "Often": "They tell tales, tell lies and tell jokes about me and you, yourself." + filler,
            "Row": "They say: tell me about yourself." + filler,
            "Other": "The conduct of this code, a code." + filler,
            "Rules": "Read our code of conduct once." + filler})

    def first(self, query, *options):
        return self.answer(*options, "--", query)["hits"][0]["title"]

    def test_after_before_and_between_words(self):
        for query, title in (("tell me about yourself", "Row"), ("they say tell me about", "Row"),
                             ("code of conduct", "Rules"), ("tell", "Often"), ("yourself tell about me", "Often")):
            self.assertEqual(self.first(query), title, query)

    def test_the_row_is_explained_and_depends_on_the_setting(self):
        hits = json.loads(self.search("--json", "--explain", "--", "tell me about yourself").out)["hits"]
        rows = [[pair["words"] for pair in hit["explain"]["pairs"]] for hit in hits]
        self.assertEqual(rows, [[["tell me about", "yourself"]], []])
        self.write("site/_config.yml", "url: https://x.org\nsignpost: {ranking: {pair: 0}}\n")
        self.index("site")
        self.assertEqual(self.first("tell me about yourself"), "Often")
        self.assertEqual(self.first("code of conduct"), "Other")

    def test_a_single_stop_word_at_an_end_is_no_row(self):
        for query, rows in (("tell me", 0), ("tell me about", 1), ("me tell", 0), ("they say tell", 1)):
            hits = json.loads(self.search("--json", "--explain", "--", query).out)["hits"]
            self.assertEqual(max(len(hit["explain"]["pairs"]) for hit in hits), rows, query)

    def test_a_row_of_more_than_eight_words_gets_no_bonus(self):
        self.pages({"Long": "Tell me about what it is that you can do."})
        for query, rows in (("tell me about what it is that you", 1), ("tell me about what it is that you can", 0)):
            hits = json.loads(self.search("--json", "--explain", "--", query).out)["hits"]
            self.assertEqual(sum(len(hit["explain"]["pairs"]) for hit in hits), rows, query)


class Operators(Words):
    def test_an_excluded_word_of_several_parts_excludes_the_parts_in_a_row(self):
        self.pages({"24": "Zebra, 24 of them.", "7": "Zebra 7.", "Always": "Zebra, 24/7.",
                    "Tool": "Zebra tool with a call.", "Name": "Zebra tool_call."})
        for query, found in (("zebra -24/7", ["24", "7", "Name", "Tool"]),
                             ("zebra NOT 24/7", ["24", "7", "Name", "Tool"]),
                             ("zebra \u221224/7", ["24", "7", "Name", "Tool"]),
                             ("zebra -tool_call", ["24", "7", "Always", "Tool"]),
                             ("zebra -(tool call)", ["24", "7", "Always"])):
            self.assertEqual(self.found(query), found, query)

    def test_typographic_operators(self):
        self.pages({"a": "Cover letter.", "b": "Letter and cover."})
        for mark in ("\u201c%s\u201d", "\u00ab%s\u00bb", "\u00bb%s\u00ab", "\u201e%s\u201c", "\u300c%s\u300d",
                     "\u300e%s\u300f", "\uff02%s\uff02", "\u00ab\u00a0%s\u00a0\u00bb", "\u275d%s\u275e",
                     "\u2033%s\u2033", "\u300a%s\u300b", "\u3010%s\u3011"):
            self.assertEqual(self.found(mark % "cover letter"), ["a"], mark)
        for sign in "-\u2212\uff0d\u2013":
            self.assertEqual(self.found(f"letter {sign}and"), ["a"], sign)
            self.assertEqual(self.found(f"letter {sign} cover"), ["a", "b"], sign)
        self.assertEqual(self.found("zebra \uff2f\uff32 cover"), ["a", "b"])
        self.assertEqual(self.found("letter \uff2e\uff2f\uff34 and"), ["a"])
        self.assertEqual(self.found("lett\u2217"), ["a", "b"])


class OtherLanguages(Words):
    """A query in the site's language finds the words of pages in other languages, in every field, and marks them."""

    def setUp(self):
        super().setUp()
        self.pages({
            "Pr\u00e9parer l\u2019entretien d\u2019embauche": (
                {"lang": "fr", "tags": "[l'emploi]"}, "## L'offre\n\nAvant l\u2019entretien d\u2019embauche, respirez."),
            "Dell'arte di scrivere": ({"lang": "it"}, "Un'altra cosa: dell'arte e degli strumenti."),
            "Trainings": ({"lang": "de"}, "Die Trainings und Workshops in Ulm."),
            "Other": "Founders of L'Or\u00e9al and D'Souza. I don't cross an interview."})
        self.french, self.italian, self.german = "Pr\u00e9parer l\u2019entretien d\u2019embauche", "Dell'arte di scrivere", "Trainings"

    def test_words_phrases_and_fields_agree(self):
        for query, page in (
                ("l'entretien", self.french), ("entretien", self.french), ("entretiens", self.french),
                ("\"l\u2019entretien d\u2019embauche\"", self.french), ("title:l'entretien", self.french),
                ("title:\"l'entretien d'embauche\"", self.french), ("under:l'offre", self.french),
                ("under:offres", self.french), ("title:entretiens", self.french), ("tag:\"l'emploi\"", self.french),
                ("emplois", self.french), ("dell'arte", self.italian), ("\"dell'arte e degli\"", self.italian),
                ("title:dell'arte", self.italian), ("un'altra", self.italian), ("training", self.german),
                ("title:training", self.german), ("workshop", self.german)):
            self.assertEqual(self.found(query), [page], query)
            if "title:" not in query:
                lang = {self.french: "fr", self.italian: "it"}.get(page, "de")
                self.assertEqual(self.found(query, "--lang", lang), [page], query)

    def test_matches_are_marked(self):
        for query, page, marks in (
                ("l'entretien", self.french, ["entretien"]), ("entretiens", self.french, ["entretien"]),
                ("\"l'entretien d'embauche\"", self.french, ["l\u2019entretien d\u2019embauche"]),
                ("dell'arte", self.italian, ["arte"]), ("workshop", self.german, ["Workshops"]),
                ("training", self.german, ["Trainings"])):
            self.assertEqual(self.marked(query, page), marks, query)

    def test_elided_articles_are_not_marked_alone(self):
        self.pages({"Salles": ({"lang": "fr"}, "La salle L et l'avenir. L'école a une salle l aussi.")})
        for query in ("+l'avenir", "title:l'avenir OR l'avenir", "l'avenir OR x", "(l'avenir aussi) OR x"):
            marked = set(self.marked(query, "Salles")) - {"aussi"}
            self.assertEqual(marked, {"avenir"}, query)
        self.assertEqual(self.marked("l", "Salles")[0], "L")

    def test_names_with_an_apostrophe_are_found_without_it(self):
        for query in ("loreal", "L'Oreal", "\"l'or\u00e9al\"", "dsouza", "D'Souza", "dont"):
            self.assertEqual(self.found(query), ["Other"], query)


class Scripts(Words):
    def test_folded_letters(self):
        self.pages({"isik": "I\u015f\u0131k \u0131\u015f\u0131k.", "thor": "\u00de\u00f3r and \u00d0a\u00f0i.", "filler": "Nothing."})
        for query, page in (("I\u015eIK", "isik"), ("isik", "isik"), ("\u0131\u015f\u0131k", "isik"), ("thor", "thor"),
                            ("dadi", "thor")):
            answer = self.answer("--", query)
            self.assertEqual(answer["query"]["corrected"], None, query)
            self.assertEqual(self.found(query), [page], query)

    def test_thai_and_lao_words_with_am_are_one_word(self):
        self.pages({"a": "\u0e04\u0e33", "b": "\u0e17\u0e33\u0e07\u0e32\u0e19", "c": "\u0e04", "d": "\u0e84\u0eb3"})
        self.assertEqual(self.found("\u0e04\u0e33"), ["a"])
        self.assertEqual(self.found("\u0e17\u0e33\u0e07\u0e32\u0e19"), ["b"])
        self.assertEqual(self.found("\u0e84\u0eb3"), ["d"])
        self.assertEqual(self.found("\u0e04"), ["c"])

    def test_korean_words_are_found_with_their_particles(self):
        self.pages({"a": "\uc11c\uc6b8\uc5d0\uc11c \uc77c\ud558\ub2e4", "b": "\ubd80\uc0b0", "c": "Filler"})
        self.assertEqual(self.found("\uc11c\uc6b8"), ["a"])
        self.assertEqual(self.marked("\uc11c\uc6b8", "a"), ["\uc11c\uc6b8"])
        self.assertEqual(self.found("\uc11c\uc6b8\uc5d0\uc11c"), ["a"])
        for query in ("\uc11c", "\uc6b8", "\ub2e4"):
            self.assertEqual(self.found(query), ["a"], query)

    def test_a_single_ideograph_finds_its_pairs(self):
        self.pages({"first": "\u4e8b\u4e1a", "last": "\u6545\u4e8b\u3002", "inner": "\u5927\u4e8b\u8bb0", "alone": "\u4e8b", "none": "\u5de5\u4f5c"})
        self.assertEqual(self.found("\u4e8b"), ["alone", "first", "inner", "last"])
        self.assertEqual(self.found("\u5de5"), ["none"])
        self.assertEqual(self.found("\u4f5c"), ["none"])
        self.assertEqual(self.found("\"\u4e8b\""), self.found("\u4e8b"))
        self.assertEqual(self.found("title:first -\"\u4e8b\""), [])
        for query in ("\u4e8b", "\"\u4e8b\"", "\u4e8b*"):
            self.assertEqual([self.marked(query, page) for page in ("first", "last", "inner", "alone")],
                             [["\u4e8b"]] * 4, query)

    def test_only_the_whole_run_is_marked_where_a_page_has_it(self):
        run = "\u30b3\u30f3\u30c8\u30ea\u30d3\u30e5\u30fc\u30c8"
        self.pages({"a": f"\u30a2\u30fc\u30c8 {run}\u3002\u30ea\u30d3\u30f3\u30b0", "b": "\u30a2\u30fc\u30c8"})
        self.assertEqual(self.marked(run, "a"), [run])
        self.assertEqual(self.found(run), ["a"])

    def test_emoji_are_words(self):
        self.pages({"a": "Launch \U0001f680 day", "b": "\U0001f44d\U0001f3fd and \U0001f1e9\U0001f1ea",
                    "c": "\U0001f1e9\U0001f1f0 \U0001f469\u200d\U0001f4bb"})
        for query, page in (("\U0001f680", "a"), ("\U0001f44d", "b"), ("\U0001f44d\U0001f3ff", "b"),
                            ("\U0001f1e9\U0001f1ea", "b"), ("\U0001f1e9\U0001f1f0", "c"),
                            ("\U0001f469\U0001f3fe\u200d\U0001f4bb", "c")):
            self.assertEqual(self.found(query), [page], query)
        self.assertEqual(self.marked("\U0001f680", "a"), ["\U0001f680"])


class Joined(Words):
    def test_digit_groups(self):
        self.pages({"dot": "\u20ac50.000 a year", "comma": "$50,000", "space": "50\u202f000 kr", "plain": "50000",
                    "swiss": "CHF 50'000", "other": "A 50 and 000"})
        for query in ("50000", "50.000", "50,000", "50\u00a0000", "50'000"):
            self.assertEqual(self.found(query)[:6], ["comma", "dot", "plain", "space", "swiss"], query)

    def test_slashes(self):
        self.pages({"a": "Our CI/CD pipeline.", "b": "CI and CD apart.", "c": "A cicd tool.", "d": "TCP/IP in /ab/cd"})
        self.assertEqual(self.found("cicd"), ["a", "c"])
        self.assertEqual(self.found("CI/CD"), ["a", "b", "c"])
        self.assertEqual(self.found("tcpip"), ["d"])
        self.assertEqual(self.found('"abcd"'), [])
        self.assertEqual(self.marked("cicd", "a"), ["CI/CD"])


class WordForms(harness.Case):
    def names(self, *query):
        hits = self.answer("-n", 50, "--exact", *query)["hits"]
        return {hit["title"] for hit in hits}

    def test_hyphenated_joined_and_separate_words_find_each_other(self):
        forms = ("full-time", "fulltime", "full time", "Full-Time", "full‑time")
        self.index(self.site({f"{n}.md": post(f"Post {n}", f"It is {form} work.")
                              for n, form in enumerate(forms)}))
        for form in forms:
            self.assertEqual(self.names(form), {f"Post {n}" for n in range(len(forms))}, form)

    def test_an_excluded_word_does_not_exclude_its_parts(self):
        self.index(self.site({"a.md": post("A", "Work not able."), "b.md": post("B", "Work.")}))
        self.assertEqual(self.names("work", "-notable"), {"A", "B"})

    def test_a_longer_language_tag_is_exact_and_a_short_one_takes_all_of_its_kind(self):
        tags = ("en", "zh-Hans", "zh-Hant", "pt_BR", "pt-PT", "de-1996-x?")
        self.index(self.site({f"{n}.md": f"---\ntitle: {tag}\nlang: {tag}\n---\nWork.\n"
                              for n, tag in enumerate(tags)}))
        asked = {"zh": {"zh-Hans", "zh-Hant"}, "zh-hans": {"zh-Hans"}, "ZH_Hant": {"zh-Hant"},
                 "pt": {"pt_BR", "pt-PT"}, "pt-br": {"pt_BR"}, "en": {"en"}, "en-US": set(),
                 "zh-hans-cn": set(), "de": {"de-1996-x?"}}
        for tag, titles in asked.items():
            hits = self.answer("--lang", tag, "work")["hits"]
            self.assertEqual({hit["title"] for hit in hits}, titles, tag)
        both = self.answer("--lang", "zh-hans", "--lang", "pt-PT", "work")["hits"]
        self.assertEqual({hit["title"] for hit in both}, {"zh-Hans", "pt-PT"})

    def test_a_language_is_reported_as_its_author_wrote_it(self):
        self.index(self.site({"a.md": "---\ntitle: A\nlang: zh-Hans\n---\nWork.\n",
                              "b.md": "---\ntitle: B\nlocale: pt_BR\n---\nWork.\n",
                              "c.md": "---\ntitle: C\nlang: sr-Latn-RS\n---\n"
                                      "- [Tool](https://a.example/) work\n"}))
        answer = self.answer("work")
        self.assertEqual({hit["title"]: hit["lang"] for hit in answer["hits"]},
                         {"A": "zh-Hans", "B": "pt-BR", "C": "sr-Latn-RS", "Tool": "sr-Latn-RS"})

    def test_every_spelling_of_resume_finds_every_other(self):
        forms = ("résumé", "resume", "RESUME", "re\u0301sume\u0301", "Résumé", "ｒｅｓｕｍｅ")
        self.index(self.site({f"{n}.md": post(f"Post {n}", f"Write your {form} now.")
                              for n, form in enumerate(forms)}))
        for form in forms:
            self.assertEqual(self.names(form), {f"Post {n}" for n in range(len(forms))}, form)

    def test_names_with_signs_are_words_of_their_own(self):
        words = ("C++", "C#", "C", ".NET", "Node.js", "R&D", "R", "D", "net", "node", "js")
        self.index(self.site({f"{n}.md": post(f"On {n}", f"Learn {word} first.")
                              for n, word in enumerate(words)}))
        for n, word in enumerate(words):
            self.assertIn(f"On {n}", self.names(word), word)
        for word in ("C++", "C#", ".NET"):
            self.assertEqual(self.names(word), {f"On {words.index(word)}"}, word)
            self.assertEqual(self.names(word.lower()), {f"On {words.index(word)}"}, word)
        self.assertNotIn("On 0", self.names("C#"))

    def test_every_spelling_of_phd_finds_every_other(self):
        forms = ("Ph.D.", "PhD", "phd", "Ph.D")
        self.index(self.site({f"{n}.md": post(f"Post {n}", f"Get a {form} or not.")
                              for n, form in enumerate(forms)}))
        for form in forms:
            self.assertEqual(self.names(form), {f"Post {n}" for n in range(len(forms))}, form)

    def test_words_are_stemmed_but_phrases_are_not(self):
        self.index(self.site({"a.md": post("A", "The residencies paid."),
                              "b.md": post("B", "One residency pays.")}))
        self.assertEqual(self.names("residency"), {"A", "B"})
        self.assertEqual(self.names('"residency"'), {"B"})
        self.assertEqual(self.names('"the residencies"'), {"A"})


if __name__ == "__main__":
    harness.main()
