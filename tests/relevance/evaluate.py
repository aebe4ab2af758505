#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How good the ranking is, held to floors: `search --eval` on sites that are indexed afresh.

    evaluate.py [OPTION]... corpus SITE          judgments.tsv in SITE; see corpus/README.md
    evaluate.py [OPTION]... collections DIR [NAME]...   posts/, queries.tsv, qrels.tsv in DIR/NAME

The held out part of the corpus is shown as one line of means and nothing else. Exit status: 1 where
a mean is below its floor, 77 (skipped) where DIR is not there.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

SKIPPED = 77
METRICS = ("nDCG@10", "MRR@10", "success@3", "recall@10")


def show(title, part):
    figures = "  ".join(f"{name} {part['means'][name]:.4f}" for name in METRICS)
    print(f"{title:24} {part['queries']:4} queries  {figures}", flush=True)


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

    def evaluate(self, *args):
        metrics = [word for name in METRICS for word in ("--metric", name)]
        done = subprocess.run([self.options.search, "-i", self.index, "--json", "--verbose", *metrics,
                               "--eval", *map(str, args)], stdout=subprocess.PIPE, check=False)
        if done.returncode != 0:
            sys.exit(f"evaluate.py: search --eval {args[0]} failed")
        return json.loads(done.stdout)


def evaluate_corpus(options, folder):
    site = pathlib.Path(options.paths[0])
    engine = Engine(options, folder)
    engine.build(site)
    found = engine.evaluate(site / "judgments.tsv")
    for query in found["per_query"] if options.verbose else ():
        print(f"{query['values']['nDCG@10']:.3f} {query['query']}")
    floors = {"tuning": options.floor, "held out": options.floor_held_out}
    below = False
    for part in found["parts"]:
        if part["name"] not in floors or options.no_held_out and part["name"] == "held out":
            continue
        show(part["name"], part)
        means = part["means"]
        below |= means["nDCG@10"] < floors[part["name"]] or means["success@3"] < options.floor_success
    return below


def evaluate_collections(options, folder):
    base = pathlib.Path(options.paths[0])
    if not base.is_dir():
        print(f"skipped: the judged collections are not at {base}")
        sys.exit(SKIPPED)
    names = options.paths[1:] or sorted(path.parent.name for path in base.glob("*/qrels.tsv"))
    reached = {kind: [] for kind in options.queries}
    for name in names:
        engine = Engine(options, pathlib.Path(folder) / name)
        engine.build(base / name / "posts")
        for kind in options.queries:
            found = engine.evaluate(base / name / "qrels.tsv", "--topics", base / name / f"{kind}.tsv")
            show(f"{name} {kind}", found)
            reached[kind].append(found["means"]["nDCG@10"])
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
    parser.add_argument("--verbose", action="store_true", help="nDCG@10 of each tuning query (corpus)")
    parser.add_argument("--no-held-out", action="store_true", help="while tuning (corpus)")
    parser.add_argument("--queries", nargs="+", default=["queries"],
                        help="queries and queries_short3 (collections); the first has the floor")
    options = parser.parse_intermixed_args()
    with tempfile.TemporaryDirectory(prefix="signpost-relevance-") as folder:
        evaluate = evaluate_corpus if options.what == "corpus" else evaluate_collections
        if evaluate(options, folder):
            sys.exit("evaluate.py: below the floor")


if __name__ == "__main__":
    main()
