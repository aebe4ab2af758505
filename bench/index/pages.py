#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the pages of a site as HTML, one file per page, for programs that index HTML.

    bench/index/pages.py SITE FOLDER

cmark renders the Markdown. Of the front matter only title and description are kept, as the elements
<title> and <meta name="description">.
"""
import html
import pathlib
import re
import subprocess
import sys

FRONT = re.compile(r"\A---\s*\n(.*?)\n---\s*\n", re.DOTALL)


def field(front, name):
    found = re.search(rf'^{name}:\s*(.*(?:\n[ \t]+.*)*)', front, re.MULTILINE)
    return html.escape(found.group(1).strip(" \"'\n")) if found else ""


def page(text):
    front = FRONT.match(text)
    head, body = (front.group(1), text[front.end() :]) if front else ("", text)
    made = subprocess.run(
        ["cmark", "--unsafe"], input=body.encode(), stdout=subprocess.PIPE, check=True
    ).stdout.decode()
    return (
        f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>{field(head, "title")}</title>\n'
        f'<meta name="description" content="{field(head, "description")}"></head>\n'
        f"<body>\n{made}</body></html>\n"
    )


def main():
    site, folder = map(pathlib.Path, sys.argv[1:])
    paths = sorted(site.rglob("*.md")) + sorted(site.rglob("*.markdown"))
    for path in paths:
        to = (folder / path.relative_to(site)).with_suffix(".html")
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_text(page(path.read_text(encoding="utf-8", errors="replace")), encoding="utf-8")
    print(f"{len(paths)} pages")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main()
