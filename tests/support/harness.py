# SPDX-License-Identifier: GPL-2.0-or-later
"""Shared by the tests of the programs: a directory for each test, sites written in one line, and runs of
`indexer` and `search` that fail the test if the program crashes, hangs or leaks memory.

The programs are named by $SIGNPOST_INDEXER and $SIGNPOST_SEARCH, which ctest sets.
"""

import itertools
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import answers

INDEXER = os.environ.get("SIGNPOST_INDEXER", "indexer")
SEARCH = os.environ.get("SIGNPOST_SEARCH", "search")
ROOT = pathlib.Path(__file__).resolve().parents[2]
CORPUS = ROOT / "corpus"
SANITIZED = bool(os.environ.get("SIGNPOST_SANITIZE"))
COVERAGE = bool(os.environ.get("SIGNPOST_COVERAGE"))  # the programs write counts
SLOW = SANITIZED or COVERAGE  # the programs take several times as long
LONG = os.environ.get("SIGNPOST_LONG") == "1"  # the full form of a test, for ./check --long

# Sanitizers exit with a status that the programs do not use.
SANITIZERS = {
    "ASAN_OPTIONS": "exitcode=99:detect_stack_use_after_return=1",
    "UBSAN_OPTIONS": "halt_on_error=1:exitcode=99:print_stacktrace=1",
    "LSAN_OPTIONS": "exitcode=99",
}
# Looking for leaks takes longer than the run itself, so leaks are looked for in every fourth run.
RUNS, LEAKS_EACH = itertools.count(), 4
KEPT = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "LD_PRELOAD")


def environment(extra=None):
    env = {name: os.environ[name] for name in KEPT if name in os.environ}
    env.update(SANITIZERS)
    env.update({"LANG": "C.UTF-8", "TERM": "xterm-256color", "TZ": "UTC"})
    env.update(extra or {})
    return {name: value for name, value in env.items() if value is not None}


class Result:
    def __init__(self, args, code, out, err):
        self.args, self.code, self.out, self.err = args, code, out, err

    @property
    def text(self):
        return self.out.decode("utf-8")

    @property
    def errors(self):
        return self.err.decode("utf-8")

    def __str__(self):
        return f"{self.args}\nexit {self.code}\nout: {self.out[:4000]!r}\nerr: {self.err[:4000]!r}"


def run(args, env=None, cwd=None, timeout=120, **kwargs):
    env = environment(env)
    if next(RUNS) % LEAKS_EACH > 0:
        env["ASAN_OPTIONS"] += ":detect_leaks=0"
    done = subprocess.run(args, env=env, cwd=cwd, timeout=timeout,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          check=False, **kwargs)
    result = Result(args, done.returncode, done.stdout, done.stderr)
    if not 0 <= done.returncode <= 3 or b"Sanitizer" in done.stderr or b"runtime error:" in done.stderr:
        raise AssertionError(f"crashed: {result}")
    return result


def tree(folder):
    """Every path below the folder with its content, to compare before and after a run."""
    found = {}
    for path in sorted(pathlib.Path(folder).rglob("*")):
        if path.is_symlink():
            found[str(path)] = os.readlink(path)
        else:
            found[str(path)] = path.read_bytes() if path.is_file() else None
    return found


def post(title, body, **front):
    lines = [f"{key}: {value}" for key, value in front.items()]
    return "---\n" + "\n".join([f"title: {json.dumps(title)}", *lines]) + "\n---\n\n" + body + "\n"


class Case(unittest.TestCase):
    """A test with its own directory, self.dir, which is removed at its end."""

    maxDiff = None

    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="signpost-test."))
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)
        self.index_dir = self.dir / "index"

    def write(self, path, text):
        path = self.dir / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return path

    def site(self, files, name="site", config=None):
        """Writes files into a folder: a Jekyll site if a config is given, else a tree of Markdown."""
        (self.dir / name).mkdir(parents=True, exist_ok=True)
        if config is not None:
            self.write(f"{name}/_config.yml", config)
        for path, text in files.items():
            self.write(f"{name}/{path}", text)
        return self.dir / name

    def mount_tmpfs(self, size):
        """A folder on a file system of its own, of this size; skips the test if it cannot be mounted."""
        if os.getuid() != 0:
            self.skipTest("only root can mount a file system")
        where = self.dir / "disk"
        where.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", where],
                              stderr=subprocess.PIPE, check=False)
        if done.returncode != 0:
            self.skipTest(f"cannot mount: {done.stderr.decode().strip()}")
        self.addCleanup(subprocess.run, ["umount", "-l", where], check=False)
        return where

    def indexer(self, *args, expect=0, **kwargs):
        result = run([INDEXER, *map(str, args)], cwd=kwargs.pop("cwd", self.dir), **kwargs)
        if expect is not None:
            self.assertEqual(result.code, expect, str(result))
        return result

    def index(self, *sites, index=None, options=(), expect=0):
        """Indexes the sites and returns the report."""
        result = self.indexer("-o", index or self.index_dir, "--report", "-", "-q", *options, *sites,
                              expect=expect)
        report = json.loads(result.out)
        answers.check_report(report)
        return report

    def search(self, *args, expect=0, index=None, **kwargs):
        where = [] if index is False else ["-i", index or self.index_dir]
        words = [arg if isinstance(arg, bytes) else str(arg) for arg in (*where, *args)]
        result = run([SEARCH, *words], cwd=kwargs.pop("cwd", self.dir), **kwargs)
        if expect is not None:
            self.assertEqual(result.code, expect, str(result))
        return result

    def answer(self, *args, **kwargs):
        """The answer of `search --json`. Checks the answer, and that the exit status agrees with it."""
        expect = kwargs.pop("expect", None)
        result = self.search("--json", *args, expect=expect, **kwargs)
        self.assertIn(result.code, (0, 1), str(result))
        answer = answers.check(result.out)
        found = answer["hits"] or (answer["limit"] == 0 and answer["total"] + answer["total_partial"] > 0)
        self.assertEqual(result.code, 0 if found else 1)
        self.assertEqual(result.err, b"")
        return answer

    def urls(self, *args, **kwargs):
        return [hit["url"] for hit in self.answer(*args, **kwargs)["hits"]]

    def full_urls(self, *args, **kwargs):
        """URLs of the hits that contain every word, in order."""
        hits = self.answer(*args, **kwargs)["hits"]
        return [hit["url"] for hit in hits if not hit["missing"]]

    def revision(self, index=None):
        return self.answer("the", index=index)["revision"]


def row(name, figure):
    """Reports a row of the scorecard, after the test has asserted that its figure is reached. The lines are
    gathered in the file $SIGNPOST_SCORECARD, which ./check prints at its end."""
    line = f"scorecard: {name}: {figure}"
    print(line, flush=True)
    if os.environ.get("SIGNPOST_SCORECARD"):
        with open(os.environ["SIGNPOST_SCORECARD"], "a", encoding="utf-8") as lines:
            lines.write(line + "\n")


def main():
    unittest.main(module="__main__", argv=[sys.argv[0], "-v", *sys.argv[1:]])
