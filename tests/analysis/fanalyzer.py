# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs gcc's -fanalyzer over the C files of the rooms. Every report must be explained in fanalyzer.txt.

    fanalyzer.py BUILD

BUILD is a build folder of gcc, which need only be configured. Prints the reports that are not explained, and exits
with status 1 if there is one.
"""

import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
import harness  # noqa: E402

# Files that define a name of failures.h.
DEFINES_FAILURES = re.compile("(engine/(base/(error|lines)|index/xapian)|indexer/store/old_index|searchd/problem)[.]c$")
ROOMS = re.compile("(engine|indexer|search|searchd)/")
REPORT = re.compile(r"^(\S+?):(\d+):\d+: warning: (.*\[(-Wanalyzer-[\w-]+)\])$")
FUNCTION = re.compile(r": In function ‘(\w+)’[:,]$")


def explained():
    """The reports that are explained, as (file, function, option)."""
    lines = pathlib.Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    return {tuple(line.split(" ")[:3]) for line in lines if line and not line.startswith("#")}


def commands(build):
    """For each file, its compile command and folder."""
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        path = pathlib.Path(entry["file"])
        if path.suffix == ".c" and path.is_relative_to(ROOT) and ROOMS.match(str(path.relative_to(ROOT))):
            command = [part for part in shlex.split(entry["command"]) if part != "-Werror" and "ccache" not in part]
            command[command.index("-o") + 1] = "/dev/null"
            if not DEFINES_FAILURES.search(entry["file"]):
                command += ["-D_GNU_SOURCE", "-include", str(ROOT / "tests/analysis/failures.h")]
            yield [*command, "-fanalyzer", "-fdiagnostics-color=never"], entry["directory"]


def analyze(job):
    """The reports of one file: (file, function, option), with place and text."""
    command, folder = job
    done = subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          env=dict(os.environ, LC_ALL="C.UTF-8"), timeout=600)
    reports, function = {}, "-"
    for line in done.stderr.decode().splitlines():
        if match := FUNCTION.search(line):
            function = match[1]
        elif match := REPORT.match(line):
            file = os.path.relpath(os.path.join(folder, match[1]), ROOT)
            reports[file, function, match[4]] = f"{file}:{match[2]}: {function}: {match[3]}"
    return reports


def main(build):
    known, found = explained(), {}
    jobs = list(commands(build))
    if not jobs:
        sys.exit(f"fanalyzer.py: {build} compiles no C file of the rooms")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for reports in pool.map(analyze, jobs):
            found.update(reports)
    for key in sorted(known - set(found)):
        print("no longer reported:", *key)
    new = [text for key, text in sorted(found.items()) if key not in known]
    print("\n".join(new))
    if new:
        return 1
    harness.row("gcc -fanalyzer", f"no report in {len(jobs)} files but {len(found)} that are explained")
    return 0


sys.exit(main(pathlib.Path(sys.argv[1]).resolve()))
