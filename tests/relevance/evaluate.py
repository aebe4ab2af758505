#!/usr/bin/env python3
"""How good the ranking is, by judged queries, through the built programs.

    evaluate.py [OPTION]... corpus SITE          judgments.tsv in SITE; see corpus/README.md
    evaluate.py [OPTION]... collections DIR [NAME]...   posts/, queries.tsv, qrels.tsv in DIR/NAME

Each site is indexed afresh into a temporary folder and each query put to `search --json`. The held
out part of the corpus is shown as one line of means and nothing else. nDCG@10 has linear gain over
log2(rank + 1), as trec_eval has it; success@3: a hit of grade 2 or 3 among the first three. Exit
status: 1 where a mean is below its floor, 77 (skipped) where DIR is not there.
"""
import argparse
import collections
import json
import math
import pathlib
import subprocess
import sys
import tempfile

DEPTH = 10
SKIPPED = 77
MEASURES = ("nDCG@10", "MRR", "success@3", "recall@10")


def measure(judged, found):
    """The measures of one answer; judged: name -> grade, found: names by rank."""
    grades = [judged.get(name, 0) for name in found[:DEPTH]]
    positive = sorted((grade for grade in judged.values() if grade > 0), reverse=True)
    ideal = sum(grade / math.log2(rank + 2) for rank, grade in enumerate(positive[:DEPTH]))
    gain = sum(grade / math.log2(rank + 2) for rank, grade in enumerate(grades))
    first = next((1 / (rank + 1) for rank, grade in enumerate(grades) if grade > 0), 0.0)
    success = float(any(grade >= 2 for grade in grades[:3]))
    recall = sum(grade > 0 for grade in grades) / len(positive)
    return (gain / ideal, first, success, recall)


def means(rows):
    return [sum(column) / len(rows) for column in zip(*rows)]


def show(title, count, values):
    figures = "  ".join(f"{name} {value:.4f}" for name, value in zip(MEASURES, values))
    print(f"{title:24} {count:4} queries  {figures}", flush=True)


class Engine:
    def __init__(self, options, folder):
        self.options = options
        self.index = str(pathlib.Path(folder) / "index")

    def build(self, site):
        # Files that cannot be indexed (status 1) are the indexer's own tests' matter.
        done = subprocess.run([self.options.indexer, "--progress", "never", "-q", "-o", self.index,
                               str(site)], check=False)
        if done.returncode not in (0, 1):
            sys.exit(f"evaluate.py: indexing {site} failed")

    def answer(self, query, limit=DEPTH):
        done = subprocess.run([self.options.search, "-i", self.index, "--json", "-n", str(limit),
                               "--", query], stdout=subprocess.PIPE, check=False)
        if done.returncode not in (0, 1):
            sys.exit(f"evaluate.py: search for {query!r} failed")
        answer = json.loads(done.stdout)
        return answer["hits"] + answer["related"]  # as a reader sees them


def same_target(url):
    """What makes two targets one: a page without anchor, a resource without scheme, www., slash."""
    if url.startswith("/"):
        return url.split("#")[0]
    bare = url.split("://", 1)[-1]
    return bare.removeprefix("www.").rstrip("/")


def read_judgments(path):
    """The tuning and the held out part, each query -> target -> grade."""
    parts = [collections.defaultdict(dict), collections.defaultdict(dict)]
    held_out = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            held_out |= line[1:].strip() == "held out"
            continue
        query, target, grade = line.split("\t")
        parts[held_out][query][same_target(target)] = int(grade)
    return parts


def evaluate_corpus(options, folder):
    site = pathlib.Path(options.paths[0])
    engine = Engine(options, folder)
    engine.build(site)
    below = False
    for title, judgments in zip(("tuning", "held out"), read_judgments(site / "judgments.tsv")):
        if title == "held out" and options.no_held_out:
            continue
        rows = []
        for query, judged in judgments.items():
            found = [same_target(hit["url"]) for hit in engine.answer(query)]
            rows.append(measure(judged, found))
            if options.verbose and (title == "tuning" or options.read_held_out):
                print(f"{rows[-1][0]:.3f} {query}")
        values = means(rows)
        show(title, len(rows), values)
        floor = options.floor if title == "tuning" else options.floor_held_out
        below |= values[0] < floor or values[2] < options.floor_success
    return below


def read_qrels(path):
    qrels = collections.defaultdict(dict)
    for line in path.read_text(encoding="utf-8").splitlines():
        query, document, grade = line.split()
        qrels[query][document] = int(grade)
    return {query: judged for query, judged in qrels.items() if max(judged.values()) > 0}


def read_queries(path):
    return dict(line.split("\t", 1) for line in path.read_text(encoding="utf-8").splitlines())


def document_id(url):
    """A page's file name, which in these collections is the document's id."""
    return url.rstrip("/").rsplit("/", 1)[-1].removesuffix(".html")


def evaluate_queries(engine, options, queries, qrels, name):
    rows = []
    for query, judged in qrels.items():
        found = [document_id(hit["url"]) for hit in engine.answer(queries.get(query, ""))]
        rows.append(measure(judged, found))
        for rank, document in enumerate(found) if options.run else ():
            print(query, "Q0", document, rank + 1, DEPTH - rank, name, file=options.run)
    return means(rows)


def evaluate_collections(options, folder):
    base = pathlib.Path(options.paths[0])
    if not base.is_dir():
        print(f"skipped: the judged collections are not at {base}")
        sys.exit(SKIPPED)
    names = options.paths[1:] or sorted(path.parent.name for path in base.glob("*/qrels.tsv"))
    reached = collections.defaultdict(list)
    for name in names:
        engine = Engine(options, pathlib.Path(folder) / name)
        engine.build(base / name / "posts")
        qrels = read_qrels(base / name / "qrels.tsv")
        for kind in options.queries:
            queries = read_queries(base / name / f"{kind}.tsv")
            values = evaluate_queries(engine, options, queries, qrels, name)
            show(f"{name} {kind}", len(qrels), values)
            reached[kind].append(values[0])
    for kind, values in reached.items():
        print(f"mean nDCG@10, {kind}: {sum(values) / len(values):.4f}")
    values = reached[options.queries[0]]
    return sum(values) / len(values) < options.floor


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("corpus", "collections"))
    parser.add_argument("paths", nargs="+", metavar="PATH")
    parser.add_argument("--indexer", default="build/release/indexer/indexer")
    parser.add_argument("--search", default="build/release/search/search")
    parser.add_argument("--floor", type=float, default=0.0, help="of mean nDCG@10")
    parser.add_argument("--floor-held-out", type=float, default=0.0, help="the same (corpus)")
    parser.add_argument("--floor-success", type=float, default=0.0, help="of success@3 (corpus)")
    parser.add_argument("--verbose", action="store_true", help="nDCG@10 of each tuning query")
    parser.add_argument("--no-held-out", action="store_true", help="while tuning (corpus)")
    parser.add_argument("--read-held-out", action="store_true", help="spoils it for tuning")
    parser.add_argument("--queries", nargs="+", default=["queries"],
                        help="queries and queries_short3 (collections); the first has the floor")
    parser.add_argument("--run", type=argparse.FileType("w"), help="a run as TREC has it")
    options = parser.parse_intermixed_args()
    with tempfile.TemporaryDirectory(prefix="signpost-relevance-") as folder:
        evaluate = evaluate_corpus if options.what == "corpus" else evaluate_collections
        if evaluate(options, folder):
            sys.exit("evaluate.py: below the floor")


if __name__ == "__main__":
    main()
