# SPDX-License-Identifier: GPL-2.0-or-later
"""Ranking: exact titles and names come first, and the settings of a site under `signpost: ranking:`."""

import datetime
import json
import random
import time

import harness
from harness import post

FILLER = " ".join(f"filler{number}" for number in range(200))


class ExactTitles(harness.Case):
    """Other pages contain the words of a short title more often than the page with this title."""

    def titled(self, title, *queries, rivals=None):
        words = f"{title} " * 30
        files = {"exact.md": post(title, FILLER)}
        for number, rival in enumerate(rivals or (f"{title} and {title} again", f"All of {title}")):
            files[f"rival{number}.md"] = post(rival, words)
        self.index(self.site(files))
        for query in queries:
            urls = self.full_urls("--kind", "post", query)
            self.assertEqual(len(urls), len(files), (query, urls))
            self.assertEqual(urls[0], "/exact/", (query, urls))
        return files

    def test_an_exact_title_ranks_first(self):
        self.titled("Research residencies", "research residencies", "Research  RESIDENCIES!",
                    '"research residencies"', "r\u00e9search residencies")

    def test_a_title_of_stop_words_and_signs_matches_exactly(self):
        for title, query in (("How to write a full-time CV", "how to write a full-time cv"),
                             ("C++ for R&D", "c++ for r&d"),
                             ("The Ph.D.", "the phd")):
            self.titled(title, query)

    def test_only_the_same_words_in_the_same_order_are_an_exact_title(self):
        self.titled("Research residencies", "research residencies")
        for query in ("residencies research", "research residency", "research -unheard residencies",
                      "+research residencies", "title:research residencies", "research residencie*"):
            urls = self.full_urls("--kind", "post", query)
            self.assertEqual(len(urls), 3, query)
            self.assertNotEqual(urls[0], "/exact/", query)

    def test_filters_in_the_query_do_not_prevent_an_exact_title(self):
        self.titled("Research residencies", "research residencies kind:post")

    def test_a_resource_of_exactly_that_name_ranks_first(self):
        links = "".join(f"* [Recurse Center {n}](https://r{n}.example/): the Recurse Center of all"
                        f" {'Recurse Center ' * n}\n" for n in range(1, 6))
        self.index(self.site({"a.md": post("Places", f"{links}* [Recurse Center](https://r.example/)\n")}))
        urls = self.full_urls("--kind", "resource", "recurse center")
        self.assertEqual(len(urls), 6)
        self.assertEqual(urls[0], "https://r.example/")

    def test_the_best_page_of_the_same_title_ranks_first_and_the_others_by_score(self):
        """The pages differ in length, and so in score."""
        others = {f"other{number}.md": post("Reading", FILLER) for number in range(30)}
        self.index(self.site({
            **others,
            "long.md": post("Writing", f"writing {FILLER}"),
            "best.md": post("Writing", "writing " * 20 + FILLER),
            "short.md": post("Writing", "writing writing"),
            "other.md": post("Writing of writing", "writing " * 50)}))
        hits = self.answer("writing")["hits"]
        self.assertLess(max(hit["score"] for hit in hits), 1000)
        exact = [hit["score"] for hit in hits if hit["title"] == "Writing"]
        self.assertEqual((len(hits), hits[0]["title"], hits[0]["score"]), (4, "Writing", max(exact)))
        self.assertGreater(min(exact), 0)
        others = [hit["score"] for hit in hits[1:]]
        self.assertEqual(others, sorted(others, reverse=True))


def block(text):
    """_config.yml with a block of settings below `signpost: ranking:`."""
    return "signpost:\n  ranking:\n" + "".join(f"    {line}\n" for line in text.splitlines())


class Sums(harness.Case):
    """A score is the sum of the weights of the parts of the query that match, for any combination of parts."""

    WORDS = ("zebra lion tiger bear wolf fox otter eagle hawk heron full time fulltime machine learning "
             "machinelearning ml phd doctorate resume cv salary internship").split()
    QUERIES = ('hawk zebra cv fox* kind:post', 'otter "lion time" tig* fulltime +internship hawk',
               '+hawk (fulltime OR "internship lion") eagle-heron', '"bear wolf" heron unheard +salary',
               'bear (time OR "lion zebra" OR "full lion") "cv eagle"', 'machine learning +phd time-full',
               'lion "cv phd" +tiger tiger eagle kind:post', '"resume fulltime" unheard cv machinelearning after:2018')

    def test_scores_of_combined_queries_are_sums_of_their_parts(self):
        chance = random.Random(1)
        files = {}
        for number in range(400):
            words = " ".join(chance.choices(self.WORDS, k=chance.randint(4, 60)))
            title = " ".join(chance.choices(self.WORDS, k=2))
            files[f"_posts/2018-01-{number % 28 + 1:02}-p{number}.md"] = post(f"Page {title} {number}", words)
        self.index(self.site(files))
        for query in self.QUERIES:
            hits = json.loads(self.search("--json", "-n", 30, "--explain", "--", query).out)["hits"]
            self.assertEqual(len(hits), 30, query)
            for hit in hits:
                self.assertEqual(hit["explain"]["other"], 0, (query, hit["url"]))


class Settings(harness.Case):
    """Each setting changes the order of two pages, and a change rebuilds only what depends on it."""

    def setUp(self):
        super().setUp()
        files = {f"filler{number}.md": post(f"Filler {number}", FILLER) for number in range(8)}
        self.files = {name: "---\npermalink: /:basename/\n" + text[4:] for name, text in files.items()}

    def build(self, settings, files=None, **options):
        for old in (self.dir / "site").glob("*.md"):
            old.unlink()
        files = {name: text.replace("---\n", "---\npermalink: /:basename/\n", 1)
                 for name, text in (files or {}).items()}
        return self.index(self.site({**self.files, **files}, config=block(settings)), **options)

    def check_order(self, settings, files, query, first, then):
        """Page `first` ranks first without the settings, and page `then` ranks first with the settings."""
        for text, expected in (("pair: 0.1", first), (settings, then)):
            self.build(text, files)
            urls = [url for url in self.urls(query) if not url.startswith("/filler")]
            self.assertEqual(urls[0], expected, (text, urls))

    def test_k1_b_and_pair_change_the_order(self):
        files = {"often.md": post("A", "zebra " * 9 + FILLER), "a-once.md": post("B", "zebra " + FILLER)}
        self.check_order("k1: 0", files, "zebra", "/often/", "/a-once/")
        files = {"long.md": post("A", "zebra zebra " + FILLER), "short.md": post("B", "zebra")}
        self.check_order("b: 0", files, "zebra", "/short/", "/long/")
        files = {"near.md": post("A", "zebra crossing " + "other " * 60),
                 "far.md": post("B", "zebra other crossing " + "other " * 55)}
        self.check_order("pair: 0", files, "zebra crossing", "/near/", "/far/")

    def test_weights_of_fields_change_the_order(self):
        said = "zebra " * 4 + "other " * 40
        lines = {"title": ("Zebra", "word " * 44), "heading": ("A", "# Zebra\n\n" + "word " * 44)}
        for name, (title, body) in lines.items():
            files = {"field.md": post(title, body), "body.md": post("B", said)}
            self.check_order(f"weights: {{{name}: 60}}", files, "zebra stripes crossing", "/body/", "/field/")
        files = {"field.md": post("A", "word " * 44, tags="[zebra]"), "body.md": post("B", said)}
        self.check_order("weights: {tag: 60}", files, "zebra", "/body/", "/field/")
        files = {"title.md": post("Zebra", "word " * 44), "body.md": post("B", "zebra zebra " + "other " * 40)}
        self.check_order("weights: {body: 60}", files, "zebra stripes crossing", "/title/", "/body/")

    def test_weights_of_resource_fields_change_the_order(self):
        others = "".join(f"- [Thing {n}](https://t{n}.example/): of no use\n" for n in range(12))
        files = {"a.md": post("A", f"{others}\n- [Zebra House](https://name.example/): of no use at all\n"
                                   "- [One](https://said.example/): a zebra of no use at all\n")}
        self.check_order("weights: {name: 1, description: 100}", files, "zebra kind:resource",
                         "https://name.example/", "https://said.example/")
        files = {"a.md": post("A", f"{others}\n## One\n\nSee [One](https://sentence.example/), a zebra of use.\n\n"
                                   "## Two\n\n- [Two](https://list.example/): a zebra of use\n")}
        self.check_order("weights: {sentence: 60, description: 1}\npriors: {listed: 0}", files,
                         "zebra kind:resource", "https://list.example/", "https://sentence.example/")

    def test_the_listed_prior_is_added_to_resources_that_lead_a_list_item(self):
        text = ("## One\n\nGo to [Zebra House](https://a.example/) now.\n\n"
                "## Two\n\n- [Zebra House](https://b.example/)\n\n## Three\n\nGo to [Zebra House]"
                "(https://b.example/) now.\n")
        scores = {}
        for value in ("0", "0.2", "1.5"):
            self.build(f"priors: {{listed: {value}}}", {"a.md": post("A", text)})
            scores[value] = {hit["url"]: hit["score"] for hit in self.answer("--kind", "resource", "zebra")["hits"]}
        for value in ("0.2", "1.5"):
            gained = {url: scores[value][url] - scores["0"][url] for url in scores["0"]}
            self.assertAlmostEqual(gained["https://b.example/"], float(value), delta=0.02)
            self.assertAlmostEqual(gained["https://a.example/"], 0, delta=0.001)
        self.build("pair: 0.1", {"a.md": post("A", text)})
        self.assertEqual({hit["url"]: hit["score"] for hit in self.answer("--kind", "resource", "zebra")["hits"]},
                         scores["0"])

    def test_the_mentions_prior_grows_with_the_logarithm_up_to_four_steps(self):
        counts = {"a": 1, "b": 2, "c": 3, "d": 4, "e": 15, "f": 16, "g": 40}
        said = "## {0}\n\nGo to [Zebra](https://{0}.example/) now.\n\n"
        files = {f"{letter}{number}.md": post(f"A{number}", said.format(letter) * 2)  # a post counts once
                 for letter, count in counts.items() for number in range(count)}
        scores = {}
        for value in ("0", "0.5"):
            self.build(f"priors: {{mentions: {value}, listed: 0}}", files)
            hits = self.answer("-n", 50, "--kind", "resource", "go zebra")["hits"]
            scores[value] = {hit["url"][8]: hit["score"] for hit in hits}
        steps = {letter: round((scores["0.5"][letter] - scores["0"][letter]) / 0.5, 1) for letter in counts}
        self.assertEqual(steps, {"a": 0, "b": 1, "c": 1, "d": 2, "e": 3, "f": 4, "g": 4})

    def test_an_incremental_run_updates_the_listed_prior(self):
        """The result equals that of a full build, because the digest covers the inputs of priors."""
        for body in ("See [Zebra](https://a.example/) now.", "- [Zebra](https://a.example/)"):
            self.build("pair: 0.1", {"a.md": post("A", body)})
            full = self.index(self.dir / "site", index=self.dir / "full", options=("--full",))
            self.assertEqual(full["revision"], self.revision())

    def test_the_recency_bonus_halves_with_each_half_life(self):
        dates = {"new": "2020-06-30", "half": "2019-12-20", "year": "2019-07-01", "four": "2016-06-30",
                 "old": "2010-01-01"}
        files = {f"{name}.md": post(name.title(), "zebra crossing", date=date) for name, date in dates.items()}
        files["never.md"] = post("Never", "zebra crossing")
        scores = {}
        for settings in ("pair: 0.1", "recency: {strength: 4, half_life: 365}"):
            self.build(settings, files)
            scores[settings] = {hit["url"].strip("/"): hit["score"] for hit in self.answer("zebra")["hits"]}
        plain, recent = scores.values()
        for name, bonus in {"new": 4, "half": 2.83, "year": 2, "four": 0, "old": 0, "never": 0}.items():
            self.assertAlmostEqual(recent[name] - plain[name], bonus, delta=0.011, msg=name)
        self.assertEqual(self.urls("--sort", "oldest", "zebra")[0], "/old/")

    def test_half_lives_of_a_few_days_work(self):
        """Half of these half-lives is not a whole number of days."""
        for half_life, gains in ((1, [4, 2, 1, 0.5, 0]), (3, [4, 4, 2.83, 2, 2])):
            files = {f"p{age}.md": post("Some", "zebra crossing", date=f"2020-06-{30 - age}") for age in range(5)}
            scores = []
            for settings in ("pair: 0.1", f"recency: {{strength: 4, half_life: {half_life}}}"):
                self.build(settings, files)
                scores.append({hit["url"]: hit["score"] for hit in self.answer("zebra")["hits"]})
            for age, gain in enumerate(gains):
                self.assertAlmostEqual(scores[1][f"/p{age}/"] - scores[0][f"/p{age}/"], gain, delta=0.011,
                                       msg=(half_life, age))

    def test_ages_are_counted_over_the_ends_of_months_and_years(self):
        """The newest post is on the day, the others one and two days older."""
        for newest in ("2020-03-01", "2019-03-01", "2000-02-29", "2019-09-01", "2020-01-01", "2019-12-31"):
            days = [datetime.date.fromisoformat(newest) - datetime.timedelta(age) for age in range(3)]
            files = {f"p{age}.md": post("Some", "zebra crossing", date=str(day)) for age, day in enumerate(days)}
            scores = []
            for settings in ("pair: 0.1", "recency: {strength: 4, half_life: 1}"):
                self.build(settings, files)
                scores.append({hit["url"]: hit["score"] for hit in self.answer("zebra")["hits"]})
            gains = [round(scores[1][f"/p{age}/"] - scores[0][f"/p{age}/"], 1) for age in range(3)]
            self.assertEqual(gains, [4, 2, 1], newest)

    def test_recency_and_priors_work_with_the_longest_filtered_query(self):
        self.build("recency: {strength: 1}\npriors: {mentions: 1}",
                   {"a.md": post("A", "word " * 70, date="2020-01-01")})
        words = " ".join(f"filler{number}" for number in range(58))
        fields = "tag:a -tag:b category:a -category:b lang:en -lang:fr"
        self.answer("--kind", "post", "--after", "2010", "--before", "2030", f"{words} {fields}")

    def test_a_changed_setting_rebuilds_only_what_depends_on_it(self):
        links = {"a.md": post("A", "- [Zebra](https://a.example/): striped\n")}
        first = self.build("pair: 0.1", links)
        posts, resources = first["posts"]["added"], first["resources"]["total"]
        time.sleep(2)  # a run reads files again that changed within the last second
        self.index(self.dir / "site")
        revision, seen = self.revision(), {first["revision"]}
        self.assertEqual(revision, first["revision"])
        rows = [("k1: 1.2", 0, 0), ("b: 0.5", 0, 0), ("pair: 0.3", 0, 0), ("priors: {listed: 1}", 0, 0),
                ("priors: {mentions: 1}", 0, 0), ("recency: {strength: 1}", 0, 0),
                ("recency: {strength: 1, half_life: 90}", 0, 0),
                ("weights: {title: 4}", posts, 0), ("weights: {tag: 4}", posts, 0),
                ("weights: {name: 6}", 0, resources), ("weights: {inherited: 4}", 0, resources)]
        for settings, updated, changed in rows:
            self.write("site/_config.yml", block("pair: 0.1"))
            self.assertEqual(self.index(self.dir / "site")["revision"], revision)
            self.write("site/_config.yml", block(settings))
            report = self.index(self.dir / "site")
            self.assertEqual(report["posts"]["updated"], updated, settings)
            self.assertEqual(report["resources"]["updated"], changed, settings)
            self.assertEqual(report["files"] > 0, updated + changed > 0, (settings, report))
            self.assertEqual(report["revision"], self.revision())
            self.assertNotIn(report["revision"], seen, settings)
            seen.add(report["revision"])
            full = self.index(self.dir / "site", index=self.dir / "full", options=("--full",))
            self.assertEqual(full["revision"], report["revision"])

    def test_writing_out_the_defaults_keeps_the_revision(self):
        first = self.build("pair: 0.1")["revision"]
        said = ("k1: 1.6\nb: 0.65\npair: 0.1\npriors: {listed: 0, mentions: 0}\n"
                "recency: {strength: 0, half_life: 365}\nweights: {title: 3, heading: 2, body: 1, tag: 2, "
                "name: 4, description: 2, sentence: 1, context: 2, inherited: 1}")
        self.assertEqual(self.build(said)["revision"], first)
        for empty in ("weights:", "priors:\nrecency: ~"):
            self.assertEqual(self.build(empty)["revision"], first)

    def test_an_invalid_setting_is_reported_and_leaves_the_old_index(self):
        self.build("pair: 0.1")
        before = self.revision()
        rows = [
            ("k1: -1", "3:9: ranking: k1 must be a number from 0 to 100"),
            ("k1: often", "3:9: ranking: k1 must be a number from 0 to 100"),
            ("b: 1.01", "3:8: ranking: b must be a number from 0 to 1"),
            ("b: nan", "3:8: ranking: b must be a number from 0 to 1"),
            ("b: '1'", "3:8: ranking: b must be a number from 0 to 1"),
            ("pair: [1]", "3:11: ranking: pair must be a number from 0 to 10"),
            ("k2: 1", '3:9: ranking: unknown setting "k2"'),
            ("strength: 1", '3:15: ranking: unknown setting "strength"'),
            ("weights: 3", "3:14: weights must be a mapping of names to numbers"),
            ("weights: {titel: 3}", '3:22: weights: unknown setting "titel"'),
            ("weights: {title: 2.5}", "3:22: weights: title must be a whole number from 0 to 100"),
            ("weights: {title: 101}", "3:22: weights: title must be a whole number from 0 to 100"),
            ("weights: {body: 0}", "3:21: weights: body must be a whole number from 1 to 100"),
            ("weights:\n  tag: 1\n  name: 0", "5:13: weights: name must be a whole number from 1 to 100"),
            ("priors: {listed: 11}", "3:22: priors: listed must be a number from 0 to 10"),
            ("recency: true", "3:14: recency must be a mapping of names to numbers"),
            ("recency: {half_life: 0}", "3:26: recency: half_life must be a number from 1 to 36500"),
        ]
        for settings, message in rows:
            self.write("site/_config.yml", block(settings))
            result = self.indexer("-o", self.index_dir, "site", expect=3)
            self.assertIn(f"site/_config.yml:{message}\n", result.errors, settings)
            self.assertEqual(self.revision(), before)
        for text, message in (("ranking: 3", "2:12: ranking must be a mapping of names to numbers"),
                              ("pins: [a]", "2:9: pins must be a file name"),
                              ("acronyms: maybe", "2:13: acronyms must be true or false"),
                              ("acronyms: 0", "2:13: acronyms must be true or false"),
                              ("acronyms: []", "2:13: acronyms must be true or false"),
                              ('semantic: "false"', "2:13: semantic must be true or false")):
            self.write("site/_config.yml", f"signpost:\n  {text}\n")
            result = self.indexer("-o", self.index_dir, "site", expect=3)
            self.assertIn(f"site/_config.yml:{message}\n", result.errors)

    def test_search_takes_the_settings_from_the_index(self):
        files = {"long.md": post("A", "zebra zebra zebra " + FILLER), "short.md": post("B", "zebra")}
        self.build("b: 0", files)
        (self.dir / "site" / "_config.yml").unlink()
        self.assertEqual(self.urls("zebra")[0], "/long/")


if __name__ == "__main__":
    harness.main()
