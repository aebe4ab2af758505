# SPDX-License-Identifier: GPL-2.0-or-later
"""The post that the project began with, indexed as a site of its own.

The post is seed/ in the folder that SIGNPOST_COLLECTIONS names; see support/collection_folder.py.
"""

import re

import collection_folder
import harness

RESIDENCIES = {
    "http://g.co/airesidency", "https://research.fb.com/programs/facebook-ai-research-residency-program/",
    "https://openai.com/jobs/#lever-54ddfefe-6483-4bba-a828-11a156eae7eb",
    "https://www.microsoft.com/en-us/research/academic-program/microsoft-ai-residency-program/",
    "http://microsoftnewengland.com/nerdAI/", "https://eng.uber.com/uber-ai-residency/",
    "https://clova.ai/m/en/research/careers.html",
    "https://jobs.intel.com/ShowJob/Id/1650117/AI-Research-Resident/"}
PAGE = re.compile(r"machine-learning-training/?(#|$)")


class Seed(harness.Case):
    def setUp(self):
        super().setUp()
        self.index(collection_folder.find("seed"))

    def test_residency_research_finds_the_page_and_every_residency(self):
        hits = self.answer("-n", 30, "residency research")["hits"]
        self.assertTrue(PAGE.search(hits[0]["url"]) or hits[0]["url"] in RESIDENCIES, hits[0]["url"])
        self.assertLessEqual(RESIDENCIES, {hit["url"] for hit in hits})
        [page] = [hit for hit in hits if hit["kind"] == "post"]
        self.assertTrue(page["passages"][0]["url"].endswith("#ai-residency"), page["passages"][0])

    def test_no_degree_ranks_programmes_without_a_degree_first(self):
        hits = self.answer("-n", 100, "--kind", "resource", "no degree")["hits"]
        labels = [[mention["heading"][-1] for mention in hit["mentions"]] for hit in hits]
        without = [n for n, label in enumerate(labels) if "No degree required" in label]
        graduate = [n for n, label in enumerate(labels) if "Graduate degree required" in label]
        self.assertGreaterEqual(len(without), 3)
        self.assertGreaterEqual(len(graduate), 2)
        self.assertLess(max(without), min(set(graduate) - set(without)))

    def test_the_opening_words_find_the_opening_passage(self):
        [hit] = self.answer("--kind", "post", "I've been asked this question")["hits"]
        self.assertTrue(hit["passages"][0]["text"].startswith("I've been asked this question"))
        [hit] = self.answer("--kind", "post", '"I\'ve been asked this question"')["hits"]
        self.assertTrue(hit["passages"][0]["text"].startswith("I've been asked this question"))


if __name__ == "__main__":
    collection_folder.find_or_exit("seed")
    harness.main()
