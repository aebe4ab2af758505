#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the pages of a site as plain text, for the servers that searchd is compared with.

    bench/http/texts.py SITE PAGES.jsonl [DATABASE]

Writes one JSON object per line with url, title and body. The body is the HTML that cmark makes of the
Markdown, without the tags. SITE may also be a file that contains such lines. The SQLite database DATABASE
gets an FTS5 table of the same pages.
"""
import html.parser
import json
import pathlib
import re
import sqlite3
import subprocess
import sys

FRONT = re.compile(r"\A---\s*\n(.*?)\n---\s*\n", re.DOTALL)
TITLE = re.compile(r"^title:\s*(.*(?:\n[ \t]+.*)*)", re.MULTILINE)


class Text(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.parts = []

    def handle_data(self, data):
        self.parts.append(data)

    def handle_endtag(self, _):
        self.parts.append(" ")


def page(site, path):
    text = path.read_text(encoding="utf-8", errors="replace")
    front = FRONT.match(text)
    found = TITLE.search(front.group(1)) if front else None
    body = subprocess.run(["cmark", "--unsafe"], input=text[front.end() if front else 0:].encode(),
                          stdout=subprocess.PIPE, check=True).stdout.decode()
    reader = Text()
    reader.feed(body)
    return {"url": "/" + str(path.relative_to(site).with_suffix("")) + "/",
            "title": found.group(1).strip(" \"'\n") if found else path.stem,
            "body": " ".join("".join(reader.parts).split())}


def main():
    site = pathlib.Path(sys.argv[1])
    if site.is_file():
        pages = [json.loads(line) for line in open(site, encoding="utf-8")]
    else:
        pages = [page(site, path) for path in sorted([*site.rglob("*.md"), *site.rglob("*.markdown")])]
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        for one in pages:
            file.write(json.dumps(one) + "\n")
    if len(sys.argv) > 3:
        database = sqlite3.connect(sys.argv[3])
        database.execute("CREATE VIRTUAL TABLE pages USING fts5(url UNINDEXED, title, body, "
                         "tokenize='porter unicode61')")
        database.executemany("INSERT INTO pages VALUES (:url, :title, :body)", pages)
        database.execute("INSERT INTO pages(pages) VALUES ('optimize')")
        database.commit()


main()
