#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""CPU time of queries with Xapian's own QueryParser and MSet::snippet.

    bench_record INDEX --texts | bench/snippet.py QUERIES [KIND]

Indexes the texts (only those of KIND, if given) with TermGenerator, then answers each line of the file
QUERIES with ten snippets, as libxapian's manual describes. Prints microseconds per query, the median of
several rounds, and, to show the cost of the Python binding, the same without the snippet. Needs Debian's
python3-xapian, so run it with /usr/bin/python3.
"""
import statistics
import sys
import tempfile
import time

import xapian

ROUNDS = 3
HITS = 10


def texts(kind):
    source = sys.stdin.buffer
    while head := source.readline():
        name, length = head.split()
        text = source.read(int(length))
        source.read(1)
        if kind in (None, name.decode()):
            yield text.decode()


def build(directory, kind):
    database = xapian.WritableDatabase(directory, xapian.DB_CREATE)
    generator = xapian.TermGenerator()
    generator.set_stemmer(xapian.Stem("en"))
    for text in texts(kind):
        document = xapian.Document()
        generator.set_document(document)
        generator.index_text(text)
        document.set_data(text)
        database.add_document(document)
    database.commit()
    database.close()


def parser_of(database):
    parser = xapian.QueryParser()
    parser.set_database(database)
    parser.set_stemmer(xapian.Stem("en"))
    parser.set_stemming_strategy(xapian.QueryParser.STEM_SOME)
    parser.set_default_op(xapian.Query.OP_AND)
    return parser


def show_snippet(found, stemmer, hit):
    return found.snippet(hit.document.get_data().decode(), 300, stemmer)


def show_data(found, stemmer, hit):
    return hit.document.get_data().decode()


def show_nothing(found, stemmer, hit):
    return stemmer


def measure(database, queries, show):
    """Microseconds per query, and hits per query."""
    parser = parser_of(database)
    stemmer = xapian.Stem("en")
    hits = 0
    began = time.process_time()
    for text in queries:
        enquire = xapian.Enquire(database)
        enquire.set_query(parser.parse_query(text))
        found = enquire.get_mset(0, HITS)
        if len(found) < HITS:  # fill the page with partial matches, as sp_search does
            parser.set_default_op(xapian.Query.OP_OR)
            enquire.set_query(parser.parse_query(text))
            found = enquire.get_mset(0, HITS)
            parser.set_default_op(xapian.Query.OP_AND)
        for hit in found:
            show(found, stemmer, hit)
            hits += 1
    return (time.process_time() - began) / len(queries) * 1e6, hits / len(queries)


def main():
    queries = open(sys.argv[1], encoding="utf-8").read().splitlines()
    kind = sys.argv[2] if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory() as directory:
        build(directory, kind)
        database = xapian.Database(directory)
        for name, show in (
            ("with MSet::snippet", show_snippet),
            ("fetching the text only", show_data),
            ("neither", show_nothing),
        ):
            rounds = [measure(database, queries, show) for _ in range(ROUNDS)]
            took = statistics.median(round[0] for round in rounds)
            print(f"{name:24} {took:8.1f} us/query, {rounds[0][1]:.1f} hits each")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main()
