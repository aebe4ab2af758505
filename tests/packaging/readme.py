#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The programs print what README.md shows.

    readme.py README INDEXER SEARCH [--update]

In the README's `console` blocks a line "$ indexer corpus" or "$ search ..." is a command; the lines after
it, up to the next command, are its standard output. The first block builds the index. --update writes
the output into the README.
"""
import os
import re
import shlex
import subprocess
import sys
import tempfile


def run(command, programs, index, root):
    words = shlex.split(command)
    environment = dict(os.environ, SIGNPOST_INDEX=index, COLUMNS="80", LC_ALL="C.UTF-8")
    done = subprocess.run([programs[words[0]], *words[1:]], cwd=root, env=environment,
                          stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, check=True)
    return done.stdout.decode().rstrip("\n")


def answer(block, programs, index, root):
    parts = []
    for command in re.findall(r"^\$ (.*)$", block, re.M):
        output = run(command, programs, index, root)
        if command.startswith("indexer"):
            output = re.sub(r" in [0-9.]+ s$", "", output)
        parts.append(f"$ {command}\n{output}\n")
    return "\n".join(parts)


def main():
    readme, indexer, search = sys.argv[1:4]
    root = os.path.dirname(os.path.abspath(readme))
    programs = {"indexer": os.path.abspath(indexer), "search": os.path.abspath(search)}
    with open(readme, encoding="utf-8") as file:
        text = file.read()
    with tempfile.TemporaryDirectory() as folder:
        index = os.path.join(folder, "index")
        shown = re.sub(r"(?<=^```console\n).*?(?=^```$)",
                       lambda match: answer(match.group(), programs, index, root), text,
                       flags=re.M | re.S)
    if shown == text:
        return 0
    if sys.argv[4:] == ["--update"]:
        with open(readme, "w", encoding="utf-8") as file:
            file.write(shown)
        return 0
    for old, new in zip(text.splitlines(), shown.splitlines()):
        if old != new:
            print(f"README.md shows: {old}\nthe output is:   {new}")
            break
    print("README.md does not show what the programs print. To fix it, run:\n"
          f"  tests/packaging/readme.py README.md {indexer} {search} --update")
    return 1


if __name__ == "__main__":
    sys.exit(main())
