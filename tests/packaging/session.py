#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a page shows of a session at a terminal is what happens.

    session.py PAGE INDEXER SEARCH [--update]

The page's `console` blocks are one session in a folder of its own: a line "$ ..." is a command for the shell, the lines after it, up
to the next command, are its output. Times and revisions are shown as the same ones always. --update writes the
output into the page. Skipped (77) without jq.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

PLAIN = [(r"\bin \d+\.\d\d s\b", "in 0.05 s"), (r"\b[0-9a-f]{16}\b", "0123456789abcdef")]


def run(command, room, environment):
    done = subprocess.run(["sh", "-c", command], cwd=room, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False)
    output = done.stdout.decode()
    for pattern, plain in PLAIN:
        output = re.sub(pattern, plain, output)
    return output


def answer(block, room, environment):
    """A blank line stands after each output but the last."""
    shown = ""
    for command in re.findall(r"^\$ (.*)$", block, re.M):
        output = run(command, room, environment)
        shown += f"$ {command}\n{output}" + ("\n" if output else "")
    return re.sub(r"\n\n\Z", "\n", shown)


def main():
    page, indexer, search = sys.argv[1:4]
    with open(page, encoding="utf-8") as file:
        text = file.read()
    with tempfile.TemporaryDirectory() as room:
        programs = os.path.join(room, ".bin")
        os.mkdir(programs)
        os.symlink(os.path.abspath(indexer), os.path.join(programs, "indexer"))
        os.symlink(os.path.abspath(search), os.path.join(programs, "search"))
        environment = dict(os.environ, PATH=f"{programs}:{os.environ['PATH']}", COLUMNS="80", LC_ALL="C.UTF-8",
                           TZ="UTC")
        environment.pop("SIGNPOST_INDEX", None)
        shown = re.sub(r"(?<=^```console\n).*?(?=^```$)",
                       lambda match: answer(match.group(), room, environment), text, flags=re.M | re.S)
    if shown == text:
        return 0
    if sys.argv[4:] == ["--update"]:
        with open(page, "w", encoding="utf-8") as file:
            file.write(shown)
        return 0
    for old, new in zip(text.splitlines(), shown.splitlines()):
        if old != new:
            print(f"the page says: {old}\nbut it is:     {new}")
            break
    print("The session goes otherwise than the page shows. Mend with:\n"
          f"  tests/packaging/session.py {page} {indexer} {search} --update")
    return 1


if __name__ == "__main__":
    if not shutil.which("jq"):
        print("no jq")
        sys.exit(77)
    sys.exit(main())
