#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes plain texts for bench_index_fts5, of a site's posts or of all documents of an index.

    texts.py SITE > TEXTS
    bench_record INDEX --texts | texts.py - > TEXTS

For each text it writes a line with the lengths in bytes of path, title and body, and then the path, the
title and the body. It removes only the Markdown that make_site.py writes, and keeps only the title of the
front matter.
"""
import pathlib
import re
import sys

FRONT = re.compile(r"\A---\s*\n(.*?)\n---\s*\n", re.DOTALL)
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
MARK = re.compile(r"^(#+|-) ", re.MULTILINE)


def posts(site):
    for path in sorted(site.rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        front = FRONT.match(text)
        title = re.search(r"^title: (.*)$", front.group(1), re.MULTILINE).group(1) if front else ""
        body = MARK.sub("", LINK.sub(r"\1", text[front.end():] if front else text))
        yield [part.encode() for part in (str(path.relative_to(site)), title, body)]


def documents(records):
    while line := records.readline():
        yield [b"", b"", records.read(int(line.split()[1]) + 1)]


def main():
    source = sys.argv[1]
    for parts in documents(sys.stdin.buffer) if source == "-" else posts(pathlib.Path(source)):
        sys.stdout.buffer.write(" ".join(str(len(part)) for part in parts).encode() + b"\n" + b"".join(parts))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main()
