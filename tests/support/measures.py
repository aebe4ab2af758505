# SPDX-License-Identifier: GPL-2.0-or-later
"""The measures of judged queries, computed independently of the programs so that tests can compare.

nDCG uses linear gain divided by log2(rank + 1), as trec_eval does. success@3 is 1 if one of the first
three hits has grade 2 or higher.
"""

import collections
import math

NAMES = ("nDCG@10", "MAP", "MRR@10", "recall@10", "recall@100", "P@10", "success@3")


def measure(judged, found):
    """Name -> value of each measure; judged: target -> grade, found: the targets in rank order."""
    grades = [max(judged.get(name, 0), 0) for name in found]
    best = sorted((grade for grade in judged.values() if grade > 0), reverse=True)

    def gain(values):
        return sum(grade / math.log2(rank + 2) for rank, grade in enumerate(values[:10]))

    def share(depth):
        return sum(grade > 0 for grade in grades[:depth])

    hits = [rank for rank, grade in enumerate(grades) if grade > 0]
    precision = sum((number + 1) / (rank + 1) for number, rank in enumerate(hits)) / len(best)
    first = 1 / (hits[0] + 1) if hits and hits[0] < 10 else 0
    return dict(zip(NAMES, (gain(grades) / gain(best), precision, first, share(10) / len(best),
                            share(100) / len(best), share(10) / 10,
                            float(any(grade >= 2 for grade in grades[:3])))))


def means(rows):
    rows = list(rows)
    return {name: sum(row[name] for row in rows) / len(rows) for name in NAMES}


def same_target(url):
    """The form of a URL that is equal for equal targets: a page without its anchor, a resource without
    scheme, www. and final slash."""
    if url.startswith("/"):
        return url.split("#")[0]
    bare = url.split("://", 1)[-1]
    return bare.removeprefix("www.").rstrip("/")


def read_judgments(path):
    """Query -> target -> grade, of the tuning part followed by the held-out part."""
    queries = collections.defaultdict(dict)
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            query, target, grade = line.split("\t")
            queries[query][same_target(target)] = int(grade)
    return queries
