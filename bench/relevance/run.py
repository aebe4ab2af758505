#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares how well search, SQLite FTS5, lunr and MiniSearch rank the same files.

    bench/relevance/run.py BUILD [DIR [NAME]...] [--queries KIND]... [--typos] [--work DIR]

DIR/NAME is a judged collection: posts/ (Markdown files named after their documents), queries.tsv,
queries_short3.tsv (id TAB query) and qrels.tsv. DIR defaults to relevance/ in the folder that
SIGNPOST_COLLECTIONS names. Each engine writes a run in TREC's format, of up to 1000 hits a query, and
`search --eval --run` measures all runs. KIND is queries or queries_short3; the default is both.

With --typos every query contains one wrong letter, the same one in every run: in a word of at least
four letters that is not a stop word, a letter is left out, doubled, replaced or swapped with the next.
lunr and FTS5 do not correct spelling; MiniSearch runs with and without `fuzzy`.

Each engine is set up as its documentation recommends, in the best of the variants that were tried;
README.md lists them. The folder --work keeps npm packages, indexes and runs: default
build/bench-relevance.
"""
import argparse
import json
import pathlib
import random
import re
import sqlite3
import string
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.append(str(ROOT / "tests/support"))
import collection_folder

DEPTH = 1000
METRICS = ("nDCG@10", "MAP", "recall@100")
SEED = 1
WORD = re.compile(r"[^\W_]+")
TITLE = re.compile(r'^title:\s*"?(.*?)"?\s*$', re.MULTILINE)

STOP_WORDS = frozenset("""
a about above after again against all also am an and any are as at be because been before being below
between both but by can could did do does doing down during each few for from further had has have
having he her here hers him his how i if in into is it its me might more most must my no nor not of
off on once only or other our ours out over own same shall she should so some such than that the
their theirs them then there these they this those through to too under until up us very was we were
what when where which while who whom why will with within without would you your yours
""".split())


def read_posts(folder):
    """The documents that the engines index: id, title, body."""
    for path in sorted(folder.glob("*.md")):
        _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
        title = TITLE.search(front).group(1).replace('\\"', '"')
        yield {"id": path.stem, "title": title, "body": body.strip()}


def read_queries(path):
    return dict(line.split("\t", 1) for line in path.read_text(encoding="utf-8").splitlines())


def write_queries(path, queries):
    path.write_text("".join(f"{name}\t{text}\n" for name, text in queries.items()), encoding="utf-8")


def without_stop_words(text):
    words = [word for word in WORD.findall(text.lower())]
    return [word for word in words if word not in STOP_WORDS] or words


def misspell(text, chance):
    """The text with one wrong letter."""
    places = [found for found in WORD.finditer(text)
              if len(found.group()) >= 4 and found.group().isalpha() and found.group().lower() not in STOP_WORDS]
    if not places:
        return text
    found = chance.choice(places)
    word = found.group()
    at = chance.randrange(len(word))
    what = chance.choice(("omit", "double", "replace", "swap"))
    if what == "swap":
        at = min(at, len(word) - 2)
        wrong = word[:at] + word[at + 1] + word[at] + word[at + 2:]
    elif what == "replace":
        others = string.ascii_lowercase.replace(word[at].lower(), "")
        wrong = word[:at] + chance.choice(others) + word[at + 1:]
    else:
        wrong = word[:at] + (word[at] * 2 if what == "double" else "") + word[at + 1:]
    return text[:found.start()] + wrong + text[found.end():]


def write_run(path, name, rankings):
    """Writes a run in which the score follows the rank, so that no hits are tied."""
    with open(path, "w", encoding="utf-8") as file:
        for query, found in rankings.items():
            for rank, document in enumerate(found[:DEPTH], 1):
                print(query, "Q0", document, rank, DEPTH + 1 - rank, name, file=file)


class Collection:
    def __init__(self, given, name):
        self.given, self.folder = given, given.dir / name
        self.work = given.work / name
        self.work.mkdir(parents=True, exist_ok=True)
        self.documents = self.work / "documents.json"
        self.index = self.work / "index"
        documents = list(read_posts(self.folder / "posts"))
        self.documents.write_text(json.dumps(documents), encoding="utf-8")
        subprocess.run([given.build / "indexer/indexer", "-q", "-W", "none", "--full", "-o", self.index,
                        self.folder / "posts"], check=True)
        self.fts5 = sqlite3.connect(":memory:")
        self.fts5.execute("CREATE VIRTUAL TABLE pages USING fts5(id UNINDEXED, title, body, "
                          "tokenize='porter unicode61')")
        self.fts5.executemany("INSERT INTO pages VALUES (:id, :title, :body)", documents)

    def topics(self, kind):
        queries = read_queries(self.folder / f"{kind}.tsv")
        if self.given.typos:
            chance = random.Random(SEED)
            queries = {name: misspell(text, chance) for name, text in queries.items()}
        path = self.work / f"{kind}{'-typos' if self.given.typos else ''}.tsv"
        write_queries(path, queries)
        return path

    def rank_ours(self, topics, run):
        subprocess.run([self.given.build / "search/search", "-i", self.index, "-n", str(DEPTH), "--eval",
                        self.folder / "qrels.tsv", "--topics", topics, "--write-run", run],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def rank_fts5(self, topics, run):
        rankings = {}
        for name, text in read_queries(topics).items():
            match = " OR ".join(f'"{word}"' for word in without_stop_words(text))
            rows = self.fts5.execute("SELECT id FROM pages WHERE pages MATCH ? ORDER BY bm25(pages, 0, 2, 1), "
                                     "rowid LIMIT ?", (match, DEPTH))
            rankings[name] = [row[0] for row in rows]
        write_run(run, "fts5", rankings)

    def rank_by_node(self, engine, topics, run):
        queries = {name: " ".join(without_stop_words(text)) for name, text in read_queries(topics).items()}
        done = subprocess.run(["node", HERE / "peers.js", engine, self.documents], cwd=self.given.work, check=True,
                              input=json.dumps(queries), stdout=subprocess.PIPE, text=True)
        write_run(run, engine, json.loads(done.stdout))

    def measure(self, run, ours):
        """The means of a run, and as "p" the significance of its difference in nDCG@10 from our run."""
        metrics = [word for name in METRICS for word in ("--metric", name)]
        done = subprocess.run([self.given.build / "search/search", "--json", "--eval", self.folder / "qrels.tsv",
                               "--run", run, "--compare", ours, *metrics], check=True, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL)  # lists the queries without hits
        found = json.loads(done.stdout)
        return dict(found["means"], p=found["comparison"]["differences"][0]["p"])


def engines(given):
    """Name of an engine -> the function that ranks the topics of a collection into a run."""
    def by_node(engine):
        return lambda collection, topics, run: collection.rank_by_node(engine, topics, run)

    found = {"Signpost": Collection.rank_ours, "SQLite FTS5": Collection.rank_fts5}
    if (given.work / "node_modules/minisearch").exists():
        found["MiniSearch"] = by_node("minisearch")
        if given.typos:
            found["MiniSearch, fuzzy"] = by_node("minisearch-fuzzy")
    if (given.work / "node_modules/lunr").exists():
        found["lunr"] = by_node("lunr")
    return found


def show(title, reached):
    """Prints a table with a column for each collection and for the mean, and a row for each engine."""
    names = [*next(iter(reached.values())), "mean"]
    print(f"\n{title}\n{'':20}" + "".join(f"{name:>26}" for name in names))
    print(f"{'':20}" + "".join(f"{'nDCG@10    MAP  R@100':>26}" for _ in names))
    for engine, of in reached.items():
        rows = [[means[metric] for metric in METRICS] for means in of.values()]
        rows.append([sum(column) / len(rows) for column in zip(*rows)])
        print(f"{engine:20}" + "".join("     " + "".join(f"{value:7.4f}" for value in row) for row in rows), flush=True)
        if engine != next(iter(reached)):
            print(f"{'':20}" + "".join(f"{'p':>7}{means['p']:9.4f}{'':10}" for means in of.values()))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("dir", type=pathlib.Path, nargs="?")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--queries", action="append", choices=("queries", "queries_short3"))
    parser.add_argument("--typos", action="store_true")
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / "build/bench-relevance")
    given = parser.parse_intermixed_args()
    given.dir = given.dir or collection_folder.find_or_exit("relevance")
    given.build, given.dir, given.work = given.build.resolve(), given.dir.resolve(), given.work.resolve()
    given.work.mkdir(parents=True, exist_ok=True)
    if not (given.work / "node_modules/lunr").exists():
        subprocess.run(["npm", "install", "--silent", "--no-save", "--prefix", given.work, "minisearch@7", "lunr@2"],
                       check=False)
    names = given.names or sorted(path.parent.name for path in given.dir.glob("*/qrels.tsv"))
    collections = {name: Collection(given, name) for name in names}
    for kind in given.queries or ("queries", "queries_short3"):
        reached = {}
        for engine, rank in engines(given).items():
            reached[engine] = {}
            for name, collection in collections.items():
                topics = collection.topics(kind)
                run = collection.work / f"{topics.stem}.{engine.replace(' ', '-')}.run"
                rank(collection, topics, run)
                ours = collection.work / f"{topics.stem}.Signpost.run"
                reached[engine][name] = collection.measure(run, ours)
        show(kind + (", each with a typo" if given.typos else ""), reached)


if __name__ == "__main__":
    main()
