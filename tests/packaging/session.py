#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A terminal session prints what a page of the documentation shows.

    session.py PAGE INDEXER SEARCH [--update]

The page's `console` blocks are one session in an empty folder: a line "$ ..." is a shell command, and the
lines after it, up to the next command, are its output. Times and revisions are replaced by fixed values.
--update writes the output into the page. Skipped (77) without jq.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

PLAIN = [(r"\bin \d+\.\d\d s\b", "in 0.05 s"), (r"\b[0-9a-f]{16}\b", "0123456789abcdef")]


def run(command, folder, environment):
    done = subprocess.run(["sh", "-c", command], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False)
    output = done.stdout.decode()
    for pattern, plain in PLAIN:
        output = re.sub(pattern, plain, output)
    return output


def answer(block, folder, environment):
    """The commands of a block with their output; a blank line follows each output except the last."""
    shown = ""
    for command in re.findall(r"^\$ (.*)$", block, re.M):
        output = run(command, folder, environment)
        shown += f"$ {command}\n{output}" + ("\n" if output else "")
    return re.sub(r"\n\n\Z", "\n", shown)


def main():
    page, indexer, search = sys.argv[1:4]
    with open(page, encoding="utf-8") as file:
        text = file.read()
    with tempfile.TemporaryDirectory() as folder:
        programs = os.path.join(folder, ".bin")
        os.mkdir(programs)
        os.symlink(os.path.abspath(indexer), os.path.join(programs, "indexer"))
        os.symlink(os.path.abspath(search), os.path.join(programs, "search"))
        environment = dict(os.environ, PATH=f"{programs}:{os.environ['PATH']}", COLUMNS="80", LC_ALL="C.UTF-8",
                           TZ="UTC")
        environment.pop("SIGNPOST_INDEX", None)
        shown = re.sub(r"(?<=^```console\n).*?(?=^```$)",
                       lambda match: answer(match.group(), folder, environment), text, flags=re.M | re.S)
    if shown == text:
        return 0
    if sys.argv[4:] == ["--update"]:
        with open(page, "w", encoding="utf-8") as file:
            file.write(shown)
        return 0
    for old, new in zip(text.splitlines(), shown.splitlines()):
        if old != new:
            print(f"the page shows: {old}\nthe output is:  {new}")
            break
    print("The page does not show what the session prints. To fix it, run:\n"
          f"  tests/packaging/session.py {page} {indexer} {search} --update")
    return 1


if __name__ == "__main__":
    if not shutil.which("jq"):
        print("skipped: jq is not installed")
        sys.exit(77)
    sys.exit(main())
