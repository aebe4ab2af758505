# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the tests written in C under valgrind: no test may read uninitialised or freed memory, or lose memory.

    valgrind.py BUILD

BUILD is a build folder without sanitizers. Exit status: 1 if valgrind reports something or
no test was run, else 0.
"""

import collections
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import harness  # noqa: E402

# Tests that are left out, each with the reason.
LEFT_OUT = {
    "binding.live": "counts how often a busy writer overtakes readers, which depends on their speed",
    "binding.memory": "makes allocations fail in an operator new of its own, which valgrind replaces",
    "binding.place": "opens folders that another thread exchanges, until it has seen both: valgrind runs one thread",
    "unit.markdown_hostile": "limits the processor time of hostile text, which valgrind multiplies",
    "unit.memory": "makes allocations fail in a malloc of its own, which valgrind replaces",
    "unit.watch": "simulates the clock, and waits for events of the system meanwhile",
}
VALGRIND = ["valgrind", "--quiet", "--error-exitcode=99", "--leak-check=full", "--errors-for-leak-kinds=definite",
            "--fair-sched=yes", f"--suppressions={pathlib.Path(__file__).with_name('valgrind.supp')}"]
TIMEOUT = 1800


def list_tests(build):
    """The names and commands of the tests that are programs in C."""
    listed = subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1", "-R", r"^(unit|binding)\."],
                            check=True, stdout=subprocess.PIPE)
    for test in json.loads(listed.stdout)["tests"]:
        program = test.get("command", [""])[0]
        if pathlib.Path(program).is_relative_to(build):
            yield test["name"], test["command"]


def run(test):
    """'ok', 'skipped' or 'FAILED'."""
    name, command = test
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(VALGRIND + command, env=dict(os.environ, TMPDIR=folder), timeout=TIMEOUT, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    result = {0: "ok", 77: "skipped"}.get(done.returncode, "FAILED")
    print(f"{name}: {result}", flush=True)
    if result == "FAILED":
        print(done.stdout.decode(errors="replace")[-8000:], flush=True)
    return result


def main(build):
    tests = list(list_tests(build))
    chosen = [test for test in tests if test[0] not in LEFT_OUT]
    for name, reason in LEFT_OUT.items():
        print(f"{name}: left out: it {reason}")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = collections.Counter(pool.map(run, chosen))
    if results["FAILED"] or not results["ok"]:
        return 1
    harness.row("C tests under valgrind", f"{results['ok']} of {len(chosen)} without a report, "
                f"{results['skipped']} skipped, {len(tests) - len(chosen)} left out")
    return 0


sys.exit(main(str(pathlib.Path(sys.argv[1]).resolve())))
