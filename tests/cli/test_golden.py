# SPDX-License-Identifier: GPL-2.0-or-later
"""Golden runs: tests/cli/golden/*.txt contain commands and what they print.

`$ command` runs in a folder that contains a copy of tests/cli/site. The lines below it are standard
output, lines that begin with `! ` standard error, and `? N` is the exit status unless it is 0. Times
are shown as TIME, scores and counts of read files as 0, revisions as REVISION. After an intended
change run test_golden.py --update and review the diff.
"""

import re
import shlex
import shutil
import sys

import harness

GOLDEN = harness.ROOT / "tests/cli/golden"
TIMES = [(re.compile(r"in \d+\.\d+ s"), "in TIME s"), (re.compile(r'"took_us":\d+'), '"took_us":0'),
         (re.compile(r'"seconds":[\d.]+'), '"seconds":0'),
         # Files that changed shortly before the last run are read again, so the counts vary.
         (re.compile(r'"files":\d+,"bytes":\d+'), '"files":0,"bytes":0'),
         (re.compile(r"\d+ files? read, \d+ bytes"), "N files read"),
         (re.compile(r'"score":[\d.]+'), '"score":0'),
         (re.compile(r'(revision"?:? ?"?)[0-9a-f]{16}'), r"\1REVISION")]


def shown(text, mark=""):
    for pattern, plain in TIMES:
        text = pattern.sub(plain, text)
    return "".join(mark + line for line in text.splitlines(keepends=True))


class Golden(harness.Case):
    def run_command(self, line):
        if line.startswith("write "):
            _, path, text = line.split(" ", 2)
            self.write(path, text.replace("\\n", "\n") + "\n")
            return ""
        name, *args = shlex.split(line)
        program = {"indexer": harness.INDEXER, "search": harness.SEARCH}[name]
        result = harness.run([program, *args], cwd=self.dir)
        output = shown(result.text) + shown(result.errors.replace(program, name), "! ")
        return output + (f"? {result.code}\n" if result.code else "")

    def transcript(self, script):
        shutil.copytree(harness.ROOT / "tests/cli/site", self.dir / "site")
        out = []
        for line in script.splitlines(keepends=True):
            if line.startswith("# ") or line == "\n" and not (out and out[-1].startswith("$")):
                out += [line] if line.startswith("# ") else []
            elif line.startswith("$ "):
                out.append(("\n" if out and not out[-1].startswith("# ") else "") + line)
                out.append(self.run_command(line[2:].rstrip("\n")))
        return "".join(out)

    def check(self, name):
        path = GOLDEN / f"{name}.txt"
        actual = self.transcript(path.read_text())
        if UPDATE:
            path.write_text(actual)
        self.assertEqual(actual, path.read_text())


def add(name):
    setattr(Golden, f"test_{name}_prints_what_was_recorded", lambda self: self.check(name))


UPDATE = "--update" in sys.argv
if __name__ == "__main__":
    sys.argv = [arg for arg in sys.argv if arg != "--update"]
    for file in sorted(GOLDEN.glob("*.txt")):
        add(file.stem)
    harness.main()
