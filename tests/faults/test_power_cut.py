# SPDX-License-Identifier: GPL-2.0-or-later
"""Power cuts. Runs change an index on an ext4 file system in a file; copies of this file are what a disk holds
if the power fails at that instant. Each copy is mounted, which replays the journal. It must have the index of
the last run that has ended, or of the run that was going on.

The indexer is stopped while the file is copied; the kernel is not, so a copy is at times even worse than what
a disk that keeps the order of writes holds. Needs root, loop devices and e2fsprogs; skipped, saying so, without.

$SIGNPOST_LONG=1: two hundred cuts instead of a few.
"""

import os
import random
import shutil
import signal
import subprocess
import time

import faulty
import harness

CUTS = 200 if harness.LONG else 6
SIZE = 24 * 1024 * 1024  # bytes of the file system
POSTS = 30


def command(*words):
    return subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=60)


class PowerCut(faulty.Case):
    def setUp(self):
        super().setUp()
        if os.geteuid() != 0:
            self.skipTest("only root can mount a file system")
        if not shutil.which("mkfs.ext4") or not shutil.which("losetup"):
            self.skipTest("e2fsprogs or losetup is not installed")
        self.image = self.dir / "disk"
        with open(self.image, "wb") as file:
            file.truncate(SIZE)
        made = command("mkfs.ext4", "-q", "-E", "lazy_itable_init=0,lazy_journal_init=0", str(self.image))
        self.assertEqual(made.returncode, 0, made.stdout)
        self.mount(self.image, "live")
        self.index_dir = self.dir / "live/index"

    def mount(self, image, name):
        place = self.dir / name
        place.mkdir(exist_ok=True)
        mounted = command("mount", "-o", "loop,commit=1", str(image), str(place))
        if mounted.returncode != 0:
            self.skipTest(f"cannot mount a file system: {mounted.stdout.decode().strip()}")
        self.addCleanup(command, "umount", str(place))

    def state_after_cut(self, number):
        """The answer of the index in a copy of the disk."""
        copy = self.dir / f"copy{number}"
        shutil.copyfile(self.image, copy)
        yield  # the copy is made; what follows may take its time
        self.mount(copy, "after")
        try:
            yield self.state(index=self.dir / "after/index")
        finally:
            command("umount", str(self.dir / "after"))
            copy.unlink()

    def run_until(self, delay):
        """Starts a run and stops it after the delay; the process, which may have ended."""
        process = self.start("-o", str(self.index_dir), *self.options, "site")
        time.sleep(delay)
        process.send_signal(signal.SIGSTOP)
        return process

    def test_every_run_that_has_ended_survives_a_power_cut(self):
        rng, inside = random.Random(8), 0
        self.options = ()
        self.site(faulty.small_site(0, POSTS))
        began = time.monotonic()
        self.index("site")
        length = time.monotonic() - began
        before = self.state()
        for number in range(1, CUTS + 1):
            self.options = ("--full",) if number % 4 == 0 else ()
            self.site(faulty.small_site(number, POSTS))
            process = self.run_until(rng.uniform(0, 1.3) * length)
            ended = process.poll() is not None
            found = self.state_after_cut(number)
            next(found)
            process.send_signal(signal.SIGCONT)
            self.assertEqual(process.wait(60), 0)
            after = self.state()
            self.assertNotEqual(after, before)
            self.assertIn(next(found), (after,) if ended else (before, after), f"cut {number}")
            found.close()
            inside += not ended
            before = after
        harness.row("power cut", f"{CUTS} of {CUTS} indexes open and durable ({inside} cuts during a run)")


if __name__ == "__main__":
    harness.main()
