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


def read_site(built):
    """Every page by its URL."""
    pages = {}
    for folder, _, files in os.walk(built):
        for name in files:
            if name.endswith(".html"):
                path = os.path.join(folder, name)
                url = "" if path == os.path.join(built, "index.html") else os.path.relpath(path, built)
                pages["/" + url.replace("index.html", "")] = Page(path)
    return pages


def has(pages, target):
    """Is there such a page, with such an anchor?"""
    page, _, anchor = target.partition("#")
    return page in pages and (not anchor or anchor in pages[page].ids)


def check_links(pages, bad):
    """Internal links; returns the spellings of each external one."""
    spellings = collections.defaultdict(collections.Counter)
    for url, page in pages.items():
        for link in page.links:
            if link.startswith("/") and not has(pages, link):
                bad.append(f"{url}: no such page or anchor: {link}")
            elif link.startswith("http"):
                spellings[key(link)][plain(link)] += 1
    return spellings


def check_sentences(pages, bad):
    """No two pages may say the same; the index only lists titles."""
    sentences = collections.defaultdict(set)
    for url, page in pages.items():
        for s in re.split(r"(?<=[.!?])\s+|\n+", "".join(page.text)):
            if url != "/" and len(s.split()) >= 5:
                sentences[" ".join(s.split())].add(url)
    bad += [f"said in {sorted(w)}: {s}" for s, w in sentences.items() if len(w) > 1]


def read_judgments(bad):
    """(where, query, target, grade, held out) of each line."""
    held = False
    with open(os.path.join(HERE, "judgments.tsv"), encoding="utf-8") as f:
        for number, line in enumerate(f.read().splitlines(), 1):
            held |= line == "# held out"
            if not line or line.startswith("#"):
                continue
            fields = line.split("\t")
            if len(fields) == 3 and fields[2] in ("0", "1", "2", "3"):
                yield f"judgments.tsv:{number}", fields[0], fields[1], int(fields[2]), held
            else:
                bad.append(f"judgments.tsv:{number}: not a judgement: {line}")


def check_target(pages, spellings, target):
    """What is wrong with a judged target, or None."""
    if target.startswith("/"):
        return None if has(pages, target) else f"no such page or anchor: {target}"
    usual = spellings.get(key(target))
    if not usual:
        return f"nothing links to {target}"
    if usual[target] < max(usual.values()):
        return f"usually written {usual.most_common(1)[0][0]}: {target}"
    return None


def check_judgments(pages, spellings, bad):
    """Every line; returns the numbers of queries, of these held out, and of judgements."""
    best, seen = ({}, {}), set()
    for at, query, target, grade, held in read_judgments(bad):
        wrong = check_target(pages, spellings, target)
        if wrong:
            bad.append(f"{at}: {wrong}")
        judged = (query, target.partition("#")[0] if target.startswith("/") else key(target))
        if judged in seen:
            bad.append(f"{at}: judged twice: {query}: {target}")
        seen.add(judged)
        best[held][query] = max(grade, best[held].get(query, 0))
    bad += [f"both held out and not: {q}" for q in best[0].keys() & best[1].keys()]
    bad += [f"nothing has grade 3: {q}" for part in best for q, g in part.items() if g < 3]
    return len(best[0]) + len(best[1]), len(best[1]), len(seen)


def main(built):
    bad = []
    pages = read_site(built)
    spellings = check_links(pages, bad)
    check_sentences(pages, bad)
    queries, held, judgements = check_judgments(pages, spellings, bad)
    print(f"{len(pages)} pages, {len(spellings)} resources, {queries} queries ({held} held out), {judgements} judgements")
    for line in bad:
        print(line, file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: check.py BUILT-SITE")
    sys.exit(main(sys.argv[1]))
