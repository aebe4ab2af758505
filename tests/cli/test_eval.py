# SPDX-License-Identifier: GPL-2.0-or-later
"""search --eval: the measures, TREC's file formats, comparisons, and messages about invalid input.

The figures are compared with support/measures.py, and with relevance/eval.py of the folder that
SIGNPOST_COLLECTIONS names.
"""

import importlib.util
import json
import math
import random

import collection_folder
import harness
import measures
from harness import post

SITE = {
    "_posts/2018-01-01-one.md": post("One", "apple apple apple. [Orchard](https://www.orchard.example/)"),
    "_posts/2018-01-02-two.md": post("Two", "apple banana"),
    "_posts/2018-01-03-three.md": post("Three", "banana cherry"),
}
CONFIG = "url: https://guide.example\npermalink: /:title/\ntimezone: UTC\n"
JUDGMENTS = ("# a comment\n"
             "apple\t/one/\t3\napple\thttps://orchard.example\t1\n"
             "banana\t/three/\t2\nbanana\t/nowhere/\t1\n"
             "nothing like it\t/one/\t1\n"
             "# held out\ncherry\t/three/\t3\n")
HEAD = list(measures.NAMES)


class Eval(harness.Case):
    def evaluate(self, *args, expect=0, index=None):
        return self.search("--eval", *args, expect=expect, index=index)

    def values(self, *args, **kwargs):
        return json.loads(self.evaluate(*args, "--json", **kwargs).out)

    def near(self, values, expected):
        for name, value in expected.items():
            self.assertAlmostEqual(values[name], value, places=5, msg=name)


class Index(Eval):
    def setUp(self):
        super().setUp()
        self.index(self.site(SITE, config=CONFIG))
        self.judgments = self.write("judgments.tsv", JUDGMENTS)

    def expected(self):
        return [measures.measure(judged, [measures.same_target(url) for url in self.urls("-n", "1000", query)])
                for query, judged in measures.read_judgments(self.judgments).items()]

    def test_a_target_that_the_index_does_not_have_is_reported_with_its_line(self):
        self.assertEqual(self.evaluate(self.judgments).errors,
                         f"{self.judgments}:5: warning: not in the index: /nowhere/\n")
        self.assertEqual(self.evaluate(self.judgments, "--json").errors,
                         f"{self.judgments}:5: warning: not in the index: /nowhere/\n")
        more = self.write("more.tsv", "apple\t/One/\t3\napple\t/one\t1\napple\torchard.example/a\t2\n"
                                      "banana\t/one\t1\nbanana\t/gone/\t0\nbanana\thttp://www.orchard.example/\t1\n")
        self.assertEqual(self.evaluate(more).errors,
                         "".join(f"{more}:{line}: warning: not in the index: {target}\n"
                                 for line, target in ((1, "/One/"), (2, "/one"), (3, "orchard.example/a"))))

    def test_many_unknown_targets_are_counted(self):
        lines = "".join(f"apple\t/none/{n}/\t1\n" for n in range(25))
        errors = self.evaluate(self.write("many.tsv", lines)).errors.splitlines()
        self.assertEqual(len(errors), 21)
        self.assertIn(":20: warning: not in the index: /none/19/", errors[19])
        self.assertEqual(errors[20], "search: 5 more judged targets are not in the index")

    def test_the_table_has_the_means_of_each_part(self):
        lines = self.evaluate(self.judgments).text.splitlines()
        self.assertEqual(lines[0].split(), [*HEAD, "queries"])
        rows = self.expected()
        for line, part, count in zip(lines[1:], (rows[:3], rows[3:], rows), ("3  tuning", "1  held out", "4  all")):
            self.assertTrue(line.endswith(count), line)
            self.assertEqual(line.split()[:7], [f"{value:.4f}" for value in measures.means(part).values()])
        self.assertEqual(len(lines), 4)

    def test_verbose_shows_each_query_except_held_out_ones(self):
        text = self.evaluate(self.judgments, "--verbose").text
        self.assertEqual(text, self.evaluate(self.judgments, "-v").text)
        lines = text.splitlines()
        self.assertEqual(lines[0].split(), [*HEAD, "query"])
        for line, row, query in zip(lines[1:4], self.expected(), ("apple", "banana", "nothing like it")):
            self.assertEqual(line.split(None, 7), [*(f"{value:.4f}" for value in row.values()), query])
        self.assertEqual(lines[4], "")
        self.assertEqual("\n".join(lines[5:]) + "\n", self.evaluate(self.judgments).text)
        self.assertNotIn("cherry", text)

    def test_json_has_the_means_and_with_verbose_each_query(self):
        rows = self.expected()
        answer = self.values(self.judgments)
        self.assertEqual(answer["queries"], 4)
        self.near(answer["means"], measures.means(rows))
        self.assertEqual([(part["name"], part["queries"]) for part in answer["parts"]],
                         [("tuning", 3), ("held out", 1), ("all", 4)])
        self.near(answer["parts"][1]["means"], rows[3])
        self.assertNotIn("per_query", answer)
        each = self.values(self.judgments, "-v")["per_query"]
        self.assertEqual([(one["id"], one["query"], one["relevant"]) for one in each],
                         [("1", "apple", 2), ("2", "banana", 2), ("3", "nothing like it", 1)])
        self.near(each[1]["values"], rows[1])
        self.assertEqual(each[2]["hits"], len(self.urls("nothing like it")))

    def test_chosen_metrics_are_measured_and_unknown_metrics_are_rejected(self):
        answer = self.values(self.judgments, "--metric", "ndcg@1", "--metric", "map@2", "--metric", "p")
        self.assertEqual(list(answer["means"]), ["nDCG@1", "MAP@2", "P@10"])
        for bad in ("nope", "nDCG@0", "nDCG@1001", ""):
            self.assertIn("--metric must be nDCG", self.evaluate(self.judgments, "--metric", bad, expect=2).errors)

    def test_kind_and_limit_apply_to_the_judged_queries(self):
        posts = self.values(self.judgments, "--kind", "post", "-v")["per_query"][0]
        self.assertEqual(posts["hits"], len(self.urls("--kind", "post", "apple")))
        self.assertEqual(self.values(self.judgments, "-n", "1", "-v")["per_query"][0]["hits"], 1)

    def test_several_files_of_judgments_are_combined(self):
        more = self.write("more.tsv", "apple banana\t/two/\t3\n")
        self.assertEqual(self.values(self.judgments, "--eval", more)["queries"], 5)

    def test_written_runs_qrels_and_topics_can_be_read_back(self):
        run, qrels, topics = (self.dir / name for name in ("run", "qrels", "topics"))
        first = self.evaluate(self.judgments, "--write-run", run, "--write-qrels", qrels, "--write-topics", topics)
        self.assertEqual(topics.read_text(), "1\tapple\n2\tbanana\n3\tnothing like it\n4\tcherry\n")
        self.assertEqual(qrels.read_text(), "1 0 /one/ 3\n1 0 orchard.example 1\n2 0 /nowhere/ 1\n"
                                            "2 0 /three/ 2\n3 0 /one/ 1\n4 0 /three/ 3\n")
        for line in run.read_text().splitlines():
            query, q0, document, rank, score, name = line.split(" ")
            self.assertEqual((q0, name), ("Q0", "signpost"))
            self.assertGreater(float(score), 0)
            self.assertIn(document, ("/one/", "/two/", "/three/", "orchard.example"))
        last = first.text.splitlines()[-1]
        self.assertEqual(self.search("--eval", self.judgments, "--run", run, index=False).text, first.text)
        for args in ((qrels, "--run", run), (qrels, "--topics", topics), (qrels, "--run", run, "--topics", topics)):
            self.assertEqual(self.evaluate(*args).text.splitlines()[-1], last, args)
        self.assertEqual(self.evaluate(qrels, "--run", run, "-v").text.splitlines()[1].split()[-1], "1")
        again = self.dir / "again"
        self.evaluate(qrels, "--run", run, "--write-run", again)
        self.assertEqual(again.read_text(), run.read_text())

    def test_documents_of_a_collection_are_posts_named_by_their_file(self):
        qrels = self.write("qrels.tsv", "a\tone\t2\nb\tthree\t1\n")
        topics = self.write("topics.tsv", "a\tapple\nb\tbanana\n")
        run = self.dir / "run"
        self.assertEqual(self.values(qrels, "--topics", topics, "--write-run", run)["means"]["recall@10"], 1)
        self.assertIn("a Q0 one ", run.read_text())

    def test_a_judged_query_without_topic_counts_as_zero(self):
        qrels = self.write("qrels.tsv", "a\tone\t2\nb\tthree\t1\n")
        topics = self.write("topics.tsv", "a\tapple\n")
        result = self.evaluate(qrels, "--topics", topics, "--json")
        self.assertIn("1 of the 2 judged queries have no topic", result.errors)
        self.assertEqual(json.loads(result.out)["means"]["recall@10"], 0.5)

    def test_compare_reports_differences_between_two_indexes(self):
        other = self.dir / "other"
        site = self.site({**SITE, "_posts/2018-01-04-nothing.md": post("Nothing", "like it")}, name="more", config=CONFIG)
        self.index(site, index=other)
        same = self.values(self.judgments, "--compare", self.index_dir, "-v")["comparison"]
        self.assertEqual(same["test"], "paired randomisation")
        for one in same["differences"]:
            self.assertEqual((one["better"], one["worse"], one["same"], one["p"], one["exact"]), (0, 0, 4, 1, True))
        self.assertEqual(same["changed"], [])
        text = self.evaluate(self.judgments, "--compare", other, "--verbose").text
        self.assertIn("metric        first  second  difference  better  worse   same       p\n", text)
        self.assertIn("p: paired randomisation test, two-sided, all sign assignments\n", text)
        self.search("--eval", self.judgments, "--compare", self.dir / "none", expect=2)


class Runs(Eval):
    """Generated rankings whose measures are known."""

    def write_run(self, name, rankings):
        lines = [f"{query} Q0 {document} {rank} {1 / rank:.6f} {name}\n" for query, found in rankings.items()
                 for rank, document in enumerate(found, 1)]
        return self.write(name, "".join(lines))

    def test_five_equal_differences_have_p_one_sixteenth(self):
        """Five queries are better by the same amount: 2 of the 32 sign assignments are as extreme."""
        qrels = self.write("qrels", "".join(f"q{i} 0 good 1\n" for i in range(6)))
        worse = self.write_run("worse", {f"q{i}": ["bad", "good"] for i in range(6)})
        better = self.write_run("better", {f"q{i}": ["good"] if i else ["bad", "good"] for i in range(6)})
        args = (qrels, "--run", worse, "--compare", better, "--metric", "MRR")
        found = self.values(*args, "-v")["comparison"]
        self.assertEqual(found["differences"], [{"metric": "MRR@10", "first": 0.5, "second": 0.916667,
                                                 "difference": 0.416667, "better": 5, "worse": 0, "same": 1,
                                                 "p": 0.0625, "exact": True}])
        self.assertEqual([one["id"] for one in found["changed"]], ["q1", "q2", "q3", "q4", "q5"])
        lines = self.evaluate(*args, "-v").text.splitlines()
        self.assertEqual(lines[4].split(), ["MRR@10", "0.5000", "0.9167", "+0.4167", "5", "0", "1", "0.0625"])
        self.assertEqual(lines[7], " first  second  difference  query, by MRR@10")
        self.assertEqual(lines[8], "0.5000  1.0000     +0.5000  q1")
        back = self.values(qrels, "--run", better, "--compare", worse, "--metric", "MRR")["comparison"]
        self.assertEqual(back["differences"][0]["worse"], 5)
        self.assertEqual(back["differences"][0]["p"], 0.0625)

    def test_p_of_many_differences_is_sampled_and_repeatable(self):
        """40 queries are better and 20 worse by the same amount: p is twice the binomial tail from 40, 0.0135."""
        names = [f"q{i}" for i in range(60)]
        qrels = self.write("qrels", "".join(f"{name} 0 good 1\n" for name in names))
        first = self.write_run("first", {name: ["good"] if i < 20 else ["bad", "good"] for i, name in enumerate(names)})
        second = self.write_run("second", {name: ["bad", "good"] if i < 20 else ["good"] for i, name in enumerate(names)})
        args = (qrels, "--run", first, "--compare", second, "--metric", "MRR")
        found = self.values(*args, "-v")["comparison"]
        one = found["differences"][0]
        self.assertFalse(one["exact"])
        tail = sum(math.comb(60, k) for k in range(40, 61)) / 2 ** 59
        self.assertAlmostEqual(one["p"], tail, delta=0.002)
        self.assertEqual(len(found["changed"]), 20)
        self.assertEqual(self.evaluate(*args).out, self.evaluate(*args).out)
        self.assertIn("100,000 random sign assignments", self.evaluate(*args).text)

    def made_up(self, seed):
        """Qrels and a run with ties, unjudged and missing queries, grades below 0."""
        chance = random.Random(seed)
        documents = [f"D{number:03}" for number in range(300)]
        qrels, run = {}, {}
        for query in range(40):
            judged = chance.sample(documents, chance.randint(1, 60))
            qrels[f"q{query}"] = {name: chance.choice((-1, 0, 0, 1, 1, 2, 3)) for name in judged}
        for query in range(5, 45):
            found = chance.sample(documents, chance.randint(1, 250))
            run[f"q{query}"] = {name: chance.randint(0, 40) / 4 for name in found}
        return qrels, run

    def write_made_up(self, seed):
        qrels, run = self.made_up(seed)
        judged = self.write("qrels.tsv", "".join(f"{query}\t{name}\t{grade}\n" for query, grades in qrels.items()
                                                 for name, grade in grades.items()))
        # The ranks disagree with the scores, which TREC's format allows.
        ranked = self.write("run", "".join(f"{query} Q0 {name} 1 {score} t\n" for query, found in run.items()
                                           for name, score in found.items()))
        return qrels, run, judged, ranked

    def test_ties_and_missing_queries_are_measured_as_trec_eval_does(self):
        for seed in range(5):
            qrels, run, judged, ranked = self.write_made_up(seed)
            rows = []
            for query, grades in qrels.items():
                found = sorted(run.get(query, {}).items(), key=lambda one: (one[1], one[0]), reverse=True)
                if max(grades.values()) > 0:
                    rows.append(measures.measure(grades, [name for name, _ in found]))
            result = self.evaluate(judged, "--run", ranked, "--json")
            self.near(json.loads(result.out)["means"], measures.means(rows))
            self.assertIn("judged queries are not in the run", result.errors)
            self.assertIn("queries of the run are not judged", result.errors)

    def test_the_measures_equal_those_of_eval_py(self):
        eval_py = collection_folder.find("relevance/eval.py")
        spec = importlib.util.spec_from_file_location("eval_py", eval_py)
        other = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(other)
        names = ["recall@100" if name == "R@100" else name for name in other.NAMES]
        for seed in range(10, 15):
            _, _, judged, ranked = self.write_made_up(seed)
            means, rows = other.evaluate(other.load_qrels(judged), other.load_run(ranked))
            answer = self.values(judged, "--run", ranked, "-v")
            self.near(answer["means"], dict(zip(names, means)))
            self.assertEqual(answer["queries"], len(rows))
            for one in answer["per_query"]:
                self.near(one["values"], dict(zip(names, rows[one["id"]])))


class InvalidInput(Eval):
    def setUp(self):
        super().setUp()
        self.qrels = self.write("qrels", "1 0 a 1\n")
        self.run_file = self.write("run", "1 Q0 a 1 1 t\n")
        self.topics = self.write("topics", "1\tapple\n")

    def wrong(self, path, text, place, says, *args):
        path.write_text(text)
        result = self.search("--eval", *args, index=False, expect=2)
        self.assertTrue(result.errors.startswith(f"search: {path}:{place}: "), result.errors)
        self.assertIn(says, result.errors)
        self.assertEqual(result.out, b"")

    def test_an_invalid_line_is_reported_with_its_position(self):
        judgments = self.dir / "judgments.tsv"
        self.wrong(judgments, "a b\t/x/\t1\nnonsense\n", "2:1", "three fields", judgments)
        self.wrong(judgments, "a b\t/x/\t10\n", "1:9", "grade", judgments)
        given = (self.qrels, "--run", self.run_file)
        self.wrong(self.qrels, "1 0 a 1\n\n1 0 b 1 extra\n", "3:1", "four fields", *given)
        self.wrong(self.qrels, "1 0 a 1\n1 0 b x\n", "2:7", "'x'", *given)
        self.wrong(self.qrels, "1 0 a 1\n1 0 a 1\n", "2:1", "judged a second time", *given)
        self.qrels.write_text("1 0 a 1\n")
        self.wrong(self.run_file, "1 Q0 a 1 1\n", "1:1", "six fields", *given)
        self.wrong(self.run_file, "1 Q0 a 1 1 t\n1 Q0 b 2 x t\n", "2:10", "'x'", *given)
        self.wrong(self.run_file, "1 Q0 a 1 1 t\n1 Q0 a 2 0 t\n", "2:1", "second time", *given)
        given = (self.qrels, "--topics", self.topics)
        self.wrong(self.topics, "1 apple\n", "1:1", "a tab", *given)
        self.wrong(self.topics, "1\ta\n1\tb\n", "2:1", "second time", *given)

    def test_a_file_that_cannot_be_read_or_written_is_named(self):
        none = self.dir / "none"
        for args in ((none,), (none, "--run", self.run_file), (self.qrels, "--run", none),
                     (self.qrels, "--topics", none), (self.qrels, "--run", self.run_file, "--compare", none)):
            self.assertIn(str(none), self.search("--eval", *args, index=False, expect=2).errors)
        there = self.dir / "no" / "folder"
        for option in ("--write-run", "--write-qrels"):
            result = self.search("--eval", self.qrels, "--run", self.run_file, option, there, index=False, expect=2)
            self.assertIn(f"{there}: cannot write", result.errors)
        self.assertIn("--topics", self.search("--eval", self.qrels, index=False, expect=2).errors)
        self.search("--eval", self.qrels, "--topics", self.topics, index=False, expect=2)  # no index

    def test_judgments_without_a_measurable_query_give_exit_status_1(self):
        for text in ("", "# only\n", "query one\t/a/\t0\n"):
            self.qrels.write_text(text)
            result = self.search("--eval", self.qrels, "--run", self.run_file, index=False, expect=1)
            self.assertEqual(result.out, b"")
            self.assertIn("nothing to evaluate", result.errors)
        self.qrels.write_text("1 0 a 1\n")
        self.run_file.write_text("2 Q0 a 1 1 t\n")
        result = self.search("--eval", self.qrels, "--run", self.run_file, index=False, expect=1)
        self.assertIn("none of the 1 judged queries is in the run", result.errors)

    def test_options_that_cannot_be_combined_are_rejected(self):
        for args, says in ((("--topics", "x", "query"), "--topics needs --eval"),
                           (("-v", "query"), "--verbose needs --eval"),
                           (("--eval", self.qrels, "query"), "--eval cannot be combined with a query"),
                           (("--eval", self.qrels, "--urls"), "--suggest or --urls"),
                           (("--eval", self.qrels, "--suggest"), "--suggest or --urls"),
                           (("--eval", self.qrels, "--explain"), "--explain, --similar or --why-not"),
                           (("--eval", self.qrels, "--similar", "/a/"), "--explain, --similar or --why-not"),
                           (("--eval", self.qrels, "--why-not", "/a/"), "--explain, --similar or --why-not"),
                           (("--eval", self.qrels, "--offset", "1"), "--offset"),
                           (("--eval", self.qrels, "-n", "0"), "--limit must be at least 1 with --eval"),
                           (("--eval", self.qrels, "--run", "a", "--run", "b"), "--run can be given only once"),
                           (("--eval",), "requires an argument")):
            self.assertIn(says, self.search(*args, index=False, expect=2).errors)


if __name__ == "__main__":
    harness.main()
