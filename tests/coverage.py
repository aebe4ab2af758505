#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How much of our C the tests run, from the counts that a build with the preset `coverage` has written.

usage: coverage.py [--lines PERCENT] [--branches PERCENT] BUILD_FOLDER

Prints the ten largest groups of lines that no test runs, then the row of the scorecard. Exit status: 1 if a
share is below its floor.
"""

import argparse
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/support"))
import harness  # noqa: E402

FOLDERS = ("engine", "indexer", "search", "searchd")


def counts(build):
    command = ["gcovr", "--root", str(ROOT), "--json", "-", "--exclude-unreachable-branches",
               "--gcov-ignore-parse-errors"]
    for folder in FOLDERS:
        command += ["--filter", f"{ROOT}/{folder}/"]
    done = subprocess.run([*command, build], stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)["files"]


def groups(file):
    """Runs of lines with code that were not run: (length, first line, last line)."""
    found, began, last = [], None, None
    for line in [*file["lines"], {"line_number": 0, "count": 1}]:
        if line.get("gcovr/noncode"):
            continue
        if line["count"] == 0:
            began, length = (began, length + 1) if began else (line["line_number"], 1)
            last = line["line_number"]
        elif began:
            found.append((length, began, last))
            began = None
    return found


def share(covered, total):
    return 100 * covered / max(1, total)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--lines", type=float, default=94)
    parser.add_argument("--branches", type=float, default=84)
    parser.add_argument("build")
    options = parser.parse_args()
    lines = covered_lines = branches = covered_branches = 0
    uncovered = []
    for file in counts(options.build):
        code = [line for line in file["lines"] if not line.get("gcovr/noncode")]
        lines += len(code)
        covered_lines += sum(line["count"] > 0 for line in code)
        outcomes = [branch for line in code for branch in line["branches"]]
        branches += len(outcomes)
        covered_branches += sum(branch["count"] > 0 for branch in outcomes)
        uncovered += [(length, f"{file['file']}:{first}-{last}") for length, first, last in groups(file)]
    for length, place in sorted(uncovered, reverse=True)[:10]:
        print(f"not run: {length} lines, {place}")
    line_share, branch_share = share(covered_lines, lines), share(covered_branches, branches)
    harness.row("coverage of C", f"{line_share:.1f} % of lines, {branch_share:.1f} % of branches")
    return 0 if line_share >= options.lines and branch_share >= options.branches else 1


if __name__ == "__main__":
    sys.exit(main())
