# SPDX-License-Identifier: GPL-2.0-or-later
"""Shared by the tests of kills, faults and full disks: sites whose answers identify the state of the
index, runs that can be killed or made to fail at a chosen call, and checks of what a run leaves."""

import os
import re
import shutil
import signal
import subprocess

import harness
from harness import post

INTERPOSE = os.environ.get("SIGNPOST_INTERPOSE", "libinterpose.so")

# libxapian 1.4 leaks memory when merging databases ends in an exception.
LEAKY = {"ASAN_OPTIONS": harness.SANITIZERS["ASAN_OPTIONS"] + ":detect_leaks=0"}


def sanitizer_runtime():
    """A list of the sanitizer's library, which must be preloaded before the interposing library, or []."""
    linked = subprocess.run(["ldd", harness.INDEXER], stdout=subprocess.PIPE, check=False).stdout.decode()
    found = re.search(r"lib[at]san\.so\S* => (\S+)", linked)
    return [found.group(1)] if found else []


class Case(harness.Case):
    def start(self, *args, **kwargs):
        process = subprocess.Popen([harness.INDEXER, "-q", *map(str, args)], cwd=self.dir,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   stdin=subprocess.DEVNULL,
                                   env=harness.environment(kwargs.pop("env", None)), **kwargs)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def interposed(self, *args, at=0, how=None, stays=False, reads=False):
        """Makes a run with a fault at call number `at`; returns (exit code, standard error, calls)."""
        log = self.dir / "calls"
        log.unlink(missing_ok=True)
        env = {**LEAKY, "LD_PRELOAD": " ".join([*sanitizer_runtime(), INTERPOSE]),
               "FAULT_BELOW": str(self.index_dir), "FAULT_LOG": str(log), "FAULT_AT": str(at or 10**9),
               "FAULT_HOW": how, "FAULT_STAYS": "1" if stays else None,
               "FAULT_READS": "1" if reads else None}
        done = subprocess.run([harness.INDEXER, "-q", "-o", str(self.index_dir), *args], cwd=self.dir,
                              env=harness.environment(env), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, check=False)
        calls = [line.split(" ", 1) for line in log.read_text().splitlines()] if log.exists() else []
        return done.returncode, done.stderr.decode(), calls

    def state(self, word="common", index=None):
        """The answer to a query, without the time that it took. Each state of the index gives another
        answer, and a mixture of states gives yet another."""
        answer = self.answer("-n", "8", word, index=index)
        del answer["took_us"]
        return answer

    def keep(self, name):
        """Copies the index, so that put_back can restore it."""
        shutil.copytree(self.index_dir, self.dir / name)

    def put_back(self, name):
        shutil.rmtree(self.index_dir, ignore_errors=True)
        shutil.copytree(self.dir / name, self.index_dir)

    def check_no_leftovers(self, failed=False):
        """failed: the last run ended during its commit, so temporary files may remain until the next run."""
        names = set(os.listdir(self.index_dir)) - ({"manifest.new"} if failed else set())
        generations = {name for name in names if re.fullmatch(r"g\d+", name)}
        sums = {f"{name}.sums" for name in generations}
        self.assertEqual(names - generations - sums, {"XAPIANDB", "lock", "manifest"})
        self.assertLessEqual(len(generations), 2)
        for name in generations if not failed else ():
            self.assertNotIn("v.tmp", os.listdir(self.index_dir / name))


def small_site(generation, count):
    """Posts that contain a word of their generation. In the next generation some posts change, one is
    removed and one is added."""
    files = {}
    for number in range(count):
        name = f"p{number}" if generation == 0 or number != 1 else "new"
        changed = generation if number < 3 else 0
        files[f"{name}.md"] = post(f"Post {number}", f"word{changed} common text{number} of the guide"
                                   f" [R{number}](https://r.example/{changed}/{number})"
                                   f" [All](https://all.example/)\n\n" + f"filler{number} " * 40)
    return files


KILLED = -signal.SIGKILL
