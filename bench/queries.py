#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes 200 queries of one to four words, made from the titles and headings of a site.

    bench/queries.py SITE

The same site gives the same queries. The words of a query are consecutive in a title or heading, as
readers would type them. Most queries have two or three words, as in the logs of site searches.
"""
import pathlib
import random
import re
import sys

QUERIES = 200
LENGTHS = [1] * 5 + [2] * 7 + [3] * 5 + [4] * 3
TITLE = re.compile(r"^(?:title:|#{1,4})\s+(.*)$", re.MULTILINE)
WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*[A-Za-z]")


def titles(site):
    for path in sorted(site.rglob("*.md")) + sorted(site.rglob("*.markdown")):
        for line in TITLE.findall(path.read_text(encoding="utf-8", errors="replace")):
            words = WORD.findall(re.sub(r"\(.*?\)|\{.*?\}|&\w+;", " ", line))
            if words:
                yield [word.lower() for word in words]


def main():
    lines = list(titles(pathlib.Path(sys.argv[1])))
    chance = random.Random(1)
    seen = set()
    while len(seen) < QUERIES:
        words = chance.choice(lines)
        length = chance.choice(LENGTHS)
        first = chance.randrange(max(1, len(words) - length + 1))
        query = " ".join(words[first : first + length])
        if query not in seen:
            seen.add(query)
            print(query)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main()
