#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks that the files of the tree that Markdown and comments name exist: paths such as docs/style.md, and
relative links in Markdown. Prints each path that does not exist. Exit status: 0 if there is none, else 1."""

import pathlib
import re
import subprocess
import sys

ROOMS = "engine|indexer|search|searchd|tests|bench|docs|include|xapian-c|packaging|cmake|tools"
PATH = re.compile(rf"(?<![\w./-])(?:{ROOMS})/[\w./-]+\.(?:cmake|json|css|txt|md|sh|py|cc|js|c|h)(?!\w|\.\w)")
LINK = re.compile(r"\]\((?![a-z]+:|#)([^)#]+)")
C_COMMENT = re.compile(r'"(?:\\.|[^"\\\n])*"|(/\*.*?\*/|//[^\n]*)', re.S)
HASH_COMMENT = re.compile(r"(?:^|\s)(#[^\n]*)")
PLACEHOLDER = re.compile(r"NAME|ROOM|KIND")


def missing(path):
    text = path.read_text(errors="replace")
    if path.suffix == ".md":
        yield from (link for link in LINK.findall(text) if not (path.parent / link).exists())
    else:
        pattern = C_COMMENT if path.suffix in (".c", ".h", ".cc", ".hh") else HASH_COMMENT
        text = "\n".join(comment.group(1) or "" for comment in pattern.finditer(text))
    yield from (found for found in PATH.findall(text)
                if not PLACEHOLDER.search(found) and not pathlib.Path(found).exists())


own_files = r"own_files | grep -E '[.](c|h|cc|hh|py|sh|cmake|md)$|CMakeLists[.]txt$'"
sites = "corpus/_|corpus/[a-z]|tests/jekyll/site/"
listed = subprocess.run(["sh", "-c", f". tests/lint/files.sh; {own_files} | grep -vE '^({sites})'"],
                        check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
errors = [f"{name} names {found}, which does not exist"
          for name in listed for found in missing(pathlib.Path(name))]
print("\n".join(errors) or "each file that is named exists")
sys.exit(1 if errors else 0)
