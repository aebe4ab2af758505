# SPDX-License-Identifier: GPL-2.0-or-later
"""searchd and repeated runs of `search` while the indexer runs. The runs of the indexer update in place
or with --full, are killed or interrupted, end because of --strict, or fail on a full disk. No answer
fails, mixes two revisions, or is older than an earlier answer.

$SIGNPOST_INTERPOSE: the library that makes a run fail. $SIGNPOST_ROUNDS: how often all kinds of runs
are repeated (default 4; 2 with sanitizers).
"""

import json
import os
import random
import re
import signal
import string
import subprocess
import threading
import time

import answers
import daemon
import faulty
import harness
from harness import post

ROUNDS = int(os.environ.get("SIGNPOST_ROUNDS", "2" if harness.SANITIZED else "4"))
POSTS = 12  # in generation 0; generation n contains n more
PATH = "/api/v1/search?q=residency&kind=post&limit=50"
WORD = re.compile(r"generation(\d+)")


def generation_of(found):
    """The generation of an answer. Every part of the answer must be of this generation."""
    words = {WORD.search(passage["text"]).group(1) for hit in found["hits"] for passage in hit["passages"]}
    assert len(words) == 1, f"a mixed answer: {words}"
    generation = int(words.pop())
    assert found["total"] == len(found["hits"]) == POSTS + generation, f"{found['total']} of {generation}"
    return generation


class Asking(threading.Thread):
    """Sends requests until stop() is called, and keeps the first failure."""

    def __init__(self, ask):
        super().__init__(daemon=True)
        self.ask, self.count, self.fault, self.newest = ask, 0, None, 0
        self.revisions, self.over = {}, threading.Event()

    def run(self):
        try:
            while not self.over.is_set():
                found = answers.parse(self.ask())
                generation = generation_of(found)
                assert generation >= self.newest, f"{generation} after {self.newest}"
                assert self.revisions.setdefault(found["revision"], generation) == generation
                self.newest = generation
                self.count += 1
                time.sleep(0.002)
        except Exception as fault:  # pylint: disable=broad-except
            self.fault = fault

    def stop(self):
        self.over.set()
        self.join(60)
        if self.fault:
            raise self.fault


class WhileIndexing(daemon.Case):
    def ask_search(self):
        done = subprocess.run([harness.SEARCH, "-i", self.index_dir, "--json", "--kind", "post", "-n", "50",
                               "residency"], env=harness.environment(), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, check=False)
        assert (done.returncode, done.stderr) == (0, b""), done
        return done.stdout

    def write_generation(self, generation):
        self.site({f"p{n}.md": post(f"Post {n}", f"A residency of generation{generation} here."
                                    f" [R](https://r.example/{generation}/{n % 3})")
                   for n in range(POSTS + generation)})

    def run_indexer(self, *options, env=None):
        return subprocess.Popen([harness.INDEXER, "-q", "-o", self.index_dir, *options, "site"], cwd=self.dir,
                                env=harness.environment(env), stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def end_early(self, rng, number, *options):
        run = self.run_indexer(*options, env=faulty.LEAKY)
        time.sleep(rng.uniform(0, 0.1))
        run.send_signal(number)
        self.assertIn(run.wait(60), (0, 3, -number))

    def fail_early(self, rng, *options):
        env = {"LD_PRELOAD": " ".join([*faulty.sanitizer_runtime(), faulty.INTERPOSE]),
               "FAULT_BELOW": str(self.index_dir), "FAULT_AT": str(rng.randrange(1, 60)),
               "FAULT_HOW": "ENOSPC", "FAULT_STAYS": "1", **faulty.LEAKY}
        self.assertIn(self.run_indexer(*options, env=env).wait(60), (0, 3))

    def one_round(self, rng, generation):
        self.write_generation(generation)
        for options in ((), ("--full",)):
            self.fail_early(rng, *options)
            self.end_early(rng, signal.SIGKILL, *options)
            self.end_early(rng, signal.SIGTERM, *options)
        self.write("site/broken.md", "---\ntitle: [never closed\n---\n\nresidency\n")
        self.assertEqual(self.run_indexer("--strict", *rng.choice(((), ("--full",)))).wait(60), 1)
        (self.dir / "site/broken.md").unlink()
        self.assertEqual(self.run_indexer(*(("--full",) if generation % 2 == 0 else ())).wait(60), 0)

    def check_suggestions(self, served):
        """Checks that suggestions equal those of an index built from scratch."""
        fresh = self.dir / "fresh"
        self.index("site", index=fresh)
        rebuilt = self.serve("--rate", "0", index=fresh)
        for typed in ("p", "po", "post+1", "resi", "gen", "r", "zz"):
            path = f"/api/v1/suggest?q={typed}"
            self.assertEqual(served.get(path).body, rebuilt.get(path).body)

    def test_readers_never_fail_or_go_back_while_the_indexer_runs(self):
        rng = random.Random(8)
        self.write_generation(0)
        self.index("site")
        served = self.serve("--rate", "0")
        other = self.serve("--rate", "0")
        readers = [Asking(self.ask_search), Asking(lambda: other.get(PATH).body)]
        for reader in readers:
            reader.start()
        for generation in range(1, ROUNDS + 1):
            self.one_round(rng, generation)
            self.assertTrue(all(reader.is_alive() for reader in readers), [r.fault for r in readers])
            self.eventually(lambda generation=generation:
                            generation_of(json.loads(served.get(PATH).body)) == generation)
        self.eventually(lambda: all(reader.fault or reader.newest == ROUNDS for reader in readers))
        for reader in readers:
            reader.stop()
            self.assertEqual(reader.newest, ROUNDS)
        self.check_suggestions(served)
        counted = other.metrics()
        self.assertEqual([key for key in counted if 'status="5' in key], [])
        print(f"{[reader.count for reader in readers]} answers, {ROUNDS} generations", flush=True)

    def test_no_search_fails_while_the_disk_is_full(self):
        self.index_dir = self.mount_tmpfs("1m") / "index"
        self.write_generation(0)
        self.index("site")
        served = self.serve("--rate", "0")
        readers = [Asking(self.ask_search), Asking(lambda: served.get(PATH).body)]
        for reader in readers:
            reader.start()
        rng = random.Random(9)
        for number in range(3):  # long words, because each different word takes long with sanitizers
            words = ("".join(rng.choices(string.ascii_lowercase, k=60)) for _ in range(2000))
            self.write(f"site/big{number}.md", post(f"Big {number}", " ".join(words)))
        failed = 0
        for options in [(), ("--full",)] * ROUNDS:
            result = self.indexer("-q", "-o", self.index_dir, *options, "site", expect=3,
                                  env={"ASAN_OPTIONS": harness.SANITIZERS["ASAN_OPTIONS"] + ":detect_leaks=0"})
            self.assertIn("No space left", result.errors)
            failed += 1
        for number in range(3):
            (self.dir / f"site/big{number}.md").unlink()
        self.write_generation(1)
        self.index("site")
        self.eventually(lambda: all(reader.fault or reader.newest == 1 for reader in readers))
        for reader in readers:
            reader.stop()
            self.assertEqual(reader.newest, 1)
        harness.row("a full disk while serving", f"0 of {sum(reader.count for reader in readers)} searches "
                    f"failed during {failed} runs that failed for lack of space")


if __name__ == "__main__":
    harness.main()
