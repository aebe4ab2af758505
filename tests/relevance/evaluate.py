#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures how well `search` ranks, with `search --eval` on newly built indexes, and checks floors.

    evaluate.py [OPTION]... corpus SITE            SITE contains judgments.tsv; see corpus/README.md
    evaluate.py [OPTION]... collections NAME...    relevance/NAME in the folder $SIGNPOST_COLLECTIONS

For the corpus's held-out queries only the means are printed. Exit status: 1 if a mean is below its
floor or a collection is missing; 77 (skipped) if `collections` is given and SIGNPOST_COLLECTIONS is
not set.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import collection_folder

METRICS = ("nDCG@10", "MRR@10", "success@3", "recall@10")


def show(title, part):
    figures = "  ".join(f"{name} {part['means'][name]:.4f}" for name in METRICS)
    print(f"{title:24} {part['queries']:4} queries  {figures}", flush=True)


class Engine:
    def __init__(self, options, folder):
        self.options = options
        self.index = str(pathlib.Path(folder) / "index")

    def build(self, site):
        # Status 1 means that some files cannot be indexed; other tests check that.
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
    reached = {kind: [] for kind in options.queries}
    collections = {name: collection_folder.find_or_exit(f"relevance/{name}") for name in options.paths}
    for name, collection in collections.items():
        engine = Engine(options, pathlib.Path(folder) / name)
        engine.build(collection / "posts")
        for kind in options.queries:
            found = engine.evaluate(collection / "qrels.tsv", "--topics", collection / f"{kind}.tsv")
            show(f"{name} {kind}", found)
            reached[kind].append(found["means"]["nDCG@10"])
    for kind, values in reached.items():
        print(f"mean nDCG@10, {kind}: {sum(values) / len(values):.4f}")
    values = reached[options.queries[0]]
    return sum(values) / len(values) < options.floor


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("corpus", "collections"))
    parser.add_argument("paths", nargs="+", metavar="SITE|NAME")
    parser.add_argument("--indexer", default="build/release/indexer/indexer")
    parser.add_argument("--search", default="build/release/search/search")
    parser.add_argument("--floor", type=float, default=0.0, help="least mean nDCG@10")
    parser.add_argument("--floor-held-out", type=float, default=0.0, help="least mean nDCG@10 of the held-out queries (corpus)")
    parser.add_argument("--floor-success", type=float, default=0.0, help="least success@3 (corpus)")
    parser.add_argument("--verbose", action="store_true", help="print nDCG@10 of each tuning query (corpus)")
    parser.add_argument("--no-held-out", action="store_true", help="leave out the held-out queries, for tuning (corpus)")
    parser.add_argument("--queries", nargs="+", default=["queries"],
                        help="queries, queries_short3 or both (collections); the floor is for the first")
    options = parser.parse_intermixed_args()
    with tempfile.TemporaryDirectory(prefix="signpost-relevance-") as folder:
        evaluate = evaluate_corpus if options.what == "corpus" else evaluate_collections
        if evaluate(options, folder):
            sys.exit("evaluate.py: below the floor")


if __name__ == "__main__":
    main()
