#!/usr/bin/env python3
"""Writes the plain text of a site's posts for bench_index_fts5.

    texts.py SITE > TEXTS

For each post a line with the bytes of its path, title and text, and they. What is taken out of
Markdown is what make_site.py puts in; front matter is the title alone.
"""
import pathlib
import re
import sys

FRONT = re.compile(r"\A---\s*\n(.*?)\n---\s*\n", re.DOTALL)
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
MARK = re.compile(r"^(#+|-) ", re.MULTILINE)


def main():
    site = pathlib.Path(sys.argv[1])
    for path in sorted(site.rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        front = FRONT.match(text)
        title = re.search(r"^title: (.*)$", front.group(1), re.MULTILINE).group(1) if front else ""
        body = MARK.sub("", LINK.sub(r"\1", text[front.end():] if front else text))
        parts = [part.encode() for part in (str(path.relative_to(site)), title, body)]
        sys.stdout.buffer.write(" ".join(str(len(part)) for part in parts).encode() + b"\n" + b"".join(parts))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main()
