#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Files of a site are opened by indexer/site/beneath.c only. In the rooms that handle sites, every other call that
opens or examines a file by its name must be listed here, with the reason why the name is not the site's.

Run in the root of the tree.
"""

import pathlib
import re
import sys

ROOMS = ("site", "markdown", "posts", "diagnose", "run")
CALLS = re.compile(r"\b(open|openat|openat2|open64|creat|fopen|freopen|opendir|scandir|stat|lstat|fstatat|statx|access|"
                   r"faccessat|euidaccess|readlink|readlinkat|realpath|nftw|fts_open|glob|sp_file_read|sp_lines_read|"
                   r"chdir|inotify_add_watch)\(")
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
LITERAL = re.compile(r'"(?:\\.|[^"\\])*"')

ALLOWED = {
    "indexer/site/beneath.c": {"openat", "readlinkat"},
    # The site's folder and other settings, both from the user; the names of settings in the open folder.
    "indexer/site/site.c": {"open", "realpath", "sp_file_read", "stat", "fstatat"},
    "indexer/site/scan.c": {"fstatat"},  # one name in a folder that beneath.c has opened
    "indexer/posts/files.c": {"realpath"},  # compares the folders on the command line
    "indexer/run/open_index.c": {"open"},  # the index
    "indexer/run/spill.c": {"open"},  # the workspace
    "indexer/run/watchlist.c": {"lstat", "realpath"},  # links on the way to a site; the index
    "indexer/run/watch.c": {"inotify_add_watch"},  # events only start a run, which opens files itself
}

failures = 0
used = {}
for room in ROOMS:
    for path in sorted(pathlib.Path("indexer", room).glob("*.[ch]")):
        text = LITERAL.sub('""', COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), path.read_text()))
        for number, line in enumerate(text.split("\n"), 1):
            for call in CALLS.findall(line):
                used.setdefault(str(path), set()).add(call)
                if call not in ALLOWED.get(str(path), ()):
                    print(f"{path}:{number}: {call}(): files of a site are opened by indexer/site/beneath.h")
                    failures += 1
for path, calls in ALLOWED.items():
    for call in calls - used.get(path, set()):
        print(f"tests/lint/site_files.py: {path} does not call {call}() any more")
        failures += 1
sys.exit(failures > 0)
