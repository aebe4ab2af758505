# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the fuzz targets (fuzz.h), whose programs ctest passes as arguments. A target fails if it crashes, breaks
a promise, leaks memory or takes too long.

In most builds, each target runs once on its corpus, tests/fuzz/corpus/NAME. In the build of the preset `fuzz`
($SIGNPOST_SANITIZE contains fuzzer), libFuzzer makes up inputs for $SIGNPOST_SECONDS (60) seconds a target, two
targets at a time. It stores an input that fails in the folder findings/ next to the programs, and the inputs that
reach new code in the folder found/ there, which merge.sh adds to the corpora.
"""

import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import harness

CORPORA = pathlib.Path(__file__).parent / "corpus"
DICTIONARIES = pathlib.Path(__file__).parent / "dictionaries"
PROGRAMS = [pathlib.Path(arg) for arg in sys.argv[1:]]
FUZZER = "fuzzer" in os.environ.get("SIGNPOST_SANITIZE", "")
SECONDS = int(os.environ.get("SIGNPOST_SECONDS", "60"))
SHARED_MEMORY = "/dev/shm"  # where targets that read files run many times as fast as on a disk


def name_of(program):
    return program.name.removeprefix("fuzz_")


def fuzz_command(program):
    """Runs libFuzzer; its output says how many inputs it tried."""
    name = name_of(program)
    found, findings = program.parent / "found" / name, program.parent / "findings"
    found.mkdir(parents=True, exist_ok=True)
    findings.mkdir(exist_ok=True)
    options = [f"-max_total_time={SECONDS}", "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1",
               f"-artifact_prefix={findings}/{name}-"]
    dictionary = DICTIONARIES / f"{name}.dict"
    if dictionary.exists():
        options.append(f"-dict={dictionary}")
    return [program, *options, found, CORPORA / name]


def run(program):
    """The number of inputs that the target was run on."""
    command = fuzz_command(program) if FUZZER else [program, CORPORA / name_of(program)]
    with tempfile.TemporaryDirectory(dir=SHARED_MEMORY if os.access(SHARED_MEMORY, os.W_OK) else None) as folder:
        done = subprocess.run([str(part) for part in command], env=harness.environment({"TMPDIR": folder}),
                              timeout=SECONDS + 300, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)
    output = done.stdout.decode(errors="replace")
    count = re.search(r"number_of_executed_units: *(\d+)" if FUZZER else r"^(\d+) files", output, re.M)
    if done.returncode != 0 or not count:
        raise AssertionError(f"{program.name}: exit status {done.returncode}\n{output[-6000:]}")
    print(f"{name_of(program)}: {count[1]} inputs", flush=True)
    return int(count[1])


class Targets(unittest.TestCase):
    def test_no_target_fails(self):
        self.assertEqual(sorted(map(name_of, PROGRAMS)), sorted(path.name for path in CORPORA.iterdir()))
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            counts = list(pool.map(run, PROGRAMS))
        how = f"{SECONDS} s each" if FUZZER else "each on its corpus"
        harness.row("libFuzzer targets", f"{len(counts)} of {len(PROGRAMS)} without a finding, {how}, "
                                         f"{sum(counts):,} inputs")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
