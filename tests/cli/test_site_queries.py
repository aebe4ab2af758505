# SPDX-License-Identifier: GPL-2.0-or-later
"""The 200 queries of bench/queries.py on two sites: the places of resources, and passages shown twice.

The sites are sites/ in the folder that SIGNPOST_COLLECTIONS names; see support/collection_folder.py.
"""

import re
import subprocess
import sys

import answers
import collection_folder
import harness

SITES = ("18f/content", "handbook")
FIRST = 5  # places whose passages are compared
# Words that a query drops; a resource that has only these does not say a word of the query.
STOP = set("a an and are as at be but by do for from how if in into is it its my of on or our so that the their "
           "then there these they this to was we were what when where which who why will with you "
           "your".split())


def words(text):
    return {word for word in re.findall(r"[^\W_]+", text.lower()) if len(word) > 1}


def alike(left, right):
    """Whether two words can have the same stem."""
    shared = next((n for n, (a, b) in enumerate(zip(left, right)) if a != b), min(len(left), len(right)))
    least = min(len(left), len(right))
    return shared >= max(2, least - max(2, least // 3))


def says(hit, wanted):
    headings = " ".join(" ".join(mention["heading"]) for mention in hit["mentions"])
    own = words(f"{hit['title']} {hit['description'] or ''} {headings} {hit['url']}")
    return any(alike(word, each) for word in own for each in wanted)


def page(url):
    return url.partition("#")[0]


def misplaced(answer):
    """Resources without a word of the query that precede a page which mentions them. A page without
    one of the words cannot precede a resource that has every word from several pages."""
    text = f"{answer['query']['text']} {answer['query']['corrected'] or ''}"
    wanted = {word for word in words(text) if word not in STOP} or words(text)
    posts = {hit["url"]: (rank, hit) for rank, hit in enumerate(answer["hits"]) if hit["kind"] == "post"}
    for rank, hit in enumerate(answer["hits"]):
        if hit["kind"] == "post" or says(hit, wanted):
            continue
        for below, post in {page(mention["url"]): posts.get(page(mention["url"]), (-1, None))
                            for mention in hit["mentions"]}.values():
            if below > rank and (hit["missing"] or not post["missing"]):
                yield hit["url"]


def repeated(answer):
    """Texts of the first places that an earlier one shows."""
    shown = set()
    for hit in answer["hits"][:FIRST]:
        texts = [passage["text"] for passage in hit["passages"]]
        yield from (text for text in texts if text in shown)
        shown.update(texts)


class SiteQueries(harness.Case):
    def check(self, name):
        folder = collection_folder.find(f"sites/{name}")
        self.index(folder, options=["--warn", "none"], expect=None)
        made = subprocess.run([sys.executable, harness.ROOT / "bench/queries.py", folder], stdout=subprocess.PIPE,
                              text=True, check=True).stdout
        queries = made.splitlines()
        self.assertEqual(len(queries), 200)
        places = {}
        for query in queries:
            answer = answers.parse(self.search("--json", "--", query, expect=None).out)
            self.assertEqual(list(repeated(answer)), [], query)
            places[query] = list(misplaced(answer))
        self.assertEqual({query: urls for query, urls in places.items() if urls}, {})

    def test_of_18f(self):
        self.check(SITES[0])

    def test_of_the_handbook(self):
        self.check(SITES[1])


if __name__ == "__main__":
    collection_folder.find_or_exit("sites")
    harness.main()
