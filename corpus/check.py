#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Does judgments.tsv agree with the site that Jekyll built?  check.py BUILT-SITE"""

import collections
import html.parser
import os
import re
import sys
from urllib.parse import urlsplit

HERE = os.path.dirname(os.path.abspath(__file__))
TRACKING = re.compile(r"(utm_[a-z]+|_ga|gclid|fbclid)=")


class Page(html.parser.HTMLParser):
    """The ids, links and text of <main>."""

    def __init__(self, path):
        super().__init__()
        self.ids, self.links, self.text, self.main = set(), [], [], False
        with open(path, encoding="utf-8") as f:
            self.feed(f.read())

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.main |= tag == "main"
        if "id" in attrs:
            self.ids.add(attrs["id"])
        if tag == "a" and self.main and attrs.get("href"):
            self.links.append(attrs["href"])

    def handle_endtag(self, tag):
        self.main &= tag != "main"
        if tag in ("p", "li", "td", "th", "dt", "dd", "h1", "h2", "h3", "pre"):
            self.text.append("\n")

    def handle_data(self, data):
        if self.main:
            self.text.append(data)


def plain(url):
    """The URL without tracking."""
    base, _, query = url.partition("?")
    query = "&".join(p for p in query.split("&") if p and not TRACKING.match(p))
    return base + ("?" + query if query else "")


def key(url):
    """What two spellings of one resource have in common."""
    u = urlsplit(plain(url))
    host = u.netloc.lower()
    host = host[4:] if host.startswith("www.") else host
    return host + u.path.rstrip("/") + ("?" + u.query if u.query else "")


def main(built):
    pages, spellings, bad = {}, collections.defaultdict(collections.Counter), []
    for folder, _, files in os.walk(built):
        for name in files:
            if name.endswith(".html"):
                path = os.path.join(folder, name)
                url = os.path.relpath(path, built).replace("index.html", "")
                pages["/" + url] = Page(path)

    sentences = collections.defaultdict(set)
    for url, page in pages.items():
        for link in page.links:
            if link.startswith("/"):
                target, _, anchor = link.partition("#")
                if target not in pages or (anchor and anchor not in pages[target].ids):
                    bad.append(f"{url}: no such page or anchor: {link}")
            elif link.startswith("http"):
                spellings[key(link)][plain(link)] += 1
        if url != "/":
            for s in re.split(r"(?<=[.!?])\s+|\n+", "".join(page.text)):
                if len(s.split()) >= 5:
                    sentences[" ".join(s.split())].add(url)
    bad += [f"said in {sorted(w)}: {s}" for s, w in sentences.items() if len(w) > 1]

    queries, seen, pages_seen, held = [{}, {}], set(), set(), 0
    with open(os.path.join(HERE, "judgments.tsv"), encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            line = line.rstrip("\n")
            if line == "# held out":
                held = 1
            if not line or line.startswith("#"):
                continue
            at = f"judgments.tsv:{number}"
            fields = line.split("\t")
            if len(fields) != 3 or fields[2] not in ("0", "1", "2", "3"):
                bad.append(f"{at}: not a judgement: {line}")
                continue
            query, target, grade = fields
            page, _, anchor = target.partition("#")
            same = (query, page if target.startswith("/") else key(target))
            if same in seen:
                bad.append(f"{at}: judged twice: {line}")
            seen.add(same)
            queries[held].setdefault(query, []).append(int(grade))
            if target.startswith("/"):
                if page not in pages or (anchor and anchor not in pages[page].ids):
                    bad.append(f"{at}: no such page or anchor: {target}")
            elif key(target) not in spellings:
                bad.append(f"{at}: nothing links to {target}")
            else:
                usual = spellings[key(target)]
                if usual[target] < max(usual.values()):
                    bad.append(f"{at}: usually written {usual.most_common(1)[0][0]}: {target}")
    bad += [f"both held out and not: {q}" for q in queries[0].keys() & queries[1].keys()]
    bad += [f"nothing has grade 3: {q}" for part in queries for q, g in part.items() if 3 not in g]

    print(f"{len(pages)} pages, {len(spellings)} resources, {sum(map(len, (p.links for p in pages.values())))} links, "
          f"{len(queries[0])} + {len(queries[1])} queries, {len(seen)} judgements")
    print("\n".join(bad), end="\n" if bad else "")
    return 1 if bad else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: check.py BUILT-SITE")
    sys.exit(main(sys.argv[1]))
