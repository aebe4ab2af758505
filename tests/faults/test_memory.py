# SPDX-License-Identifier: GPL-2.0-or-later
"""Allocations that fail, each in turn, once or from then on: no wrong answer, no crash and no leak in our code.

$SIGNPOST_FAULTS_MEMORY names the program that tells the stories (memory.c). A failure is ours unless the code
that broke down is a library's: the innermost frame that belongs to neither the allocator nor the C and C++ runtime.
"""

import collections
import os
import re
import shutil
import subprocess
import unittest

import harness

MEMORY = os.environ.get("SIGNPOST_FAULTS_MEMORY", "faults_memory")
OURS = os.path.basename(MEMORY)
RUNTIME = ("libc.so", "libstdc++.so", "libgcc_s.so", "ld-linux", "libm.so")
FRAME = re.compile(r"(\S+)\+0x([0-9a-f]+)\((\S*)\)")
STORY = re.compile(r"story (.*): (\d+) allocations, (.*)")
POINT = re.compile(r"(wrong|leak|crash|stuck) (.*) (once|on) (\d+): (.*)")

SYNONYMS = "cv => resume, curriculum vitae\nportfolio => showcase\n"
PINS = "portfolio\t/about/\nwriting a cv\t/start-here/\n"

# KIND|TEXT|OPTION=VALUE...
QUESTIONS = [
    "search|portfolio interviews",
    "search|portfolio interviews|open=1",
    "search|portfolio -interviews tag:introverts category:hiring",
    "search|cv after:2017 before:2020-06 kind:post|facets=1",
    "search|residency|tag=residency|after=2018|before=2021-03-01",
    "search|machine learning lang:en -tag:books site:coursera.org",
    "search|tag:networking",
    "search|-the",
    "search|\"what it means\" \"networking for those\"",
    "search|\"technical writing\" OR (portfolio AND NOT interviews)|explain=1",
    "search|portf* title:net* under:research +letters",
    "search|portfolo intervews|explain=1",
    "search|portfolio|explain=1",
    "search|writing a cv|facets=1|newest=1",
    "search|curriculum vitae|exact=1",
    "search|networking, for those who would rather not|explain=1",
    "search|full-time r&d/x c++ \xc3\xa9t\xc3\xa9 zzzzqqq",
    "search|(a OR (b c)) -(d e) NOT (tag:x OR tag:y)",
    "suggest|portf",
    "suggest|the machine le",
    "suggest|portfolo",
    "similar|/about/",
    "similar|/fields/ux-design/|tag=design",
    "similar|/fields/ux-desing/",
    "why-not|portfolio interviews tag:books|url=/fields/security/",
    "why-not|portfolo \"a phrase of words\"|url=/fields/ux-design/",
    "why-not|portfolio|url=/nowhere/",
]


class Point:
    """A story in which something went wrong."""

    def __init__(self, kind, story, how, number, note):
        self.kind, self.story, self.how, self.number, self.note = kind, story, how, number, note
        self.stacks = collections.defaultdict(list)
        self.answer = ""

    def breaking(self):
        """The stack of the code that broke down, without the frames of the allocator and of the runtime."""
        name = "crashed" if self.kind == "crash" else "failed"
        frames = (self.stacks[name] or [[]])[0]
        if self.kind == "crash":
            frames = frames[2:]  # the handler, and the kernel's return
        elif OURS == frames[0][0]:
            frames = frames[2:]  # fails(), malloc()
        while frames and frames[0][0].startswith(RUNTIME):
            frames = frames[1:]
        return frames

    def is_ours(self):
        if self.kind in ("wrong", "stuck"):
            return True
        frames = self.breaking()
        return not frames or frames[0][0] == OURS

    def library_stack(self):
        """The frames of the library that broke down, as text."""
        names = []
        for module, offset, name in self.breaking():
            if module == OURS:
                break
            names.append(f"{module}+0x{offset}" if not name else demangled(name))
        return " < ".join(names[:8])

    def __str__(self):
        lines = [f"{self.kind} {self.story} {self.how} {self.number}: {self.note}"]
        for name, stacks in self.stacks.items():
            lines += [f"  {name}: {' < '.join(map(readable, stack[:24]))}" for stack in stacks[:4]]
        return "\n".join(lines + ([f"  {self.answer[:1500]}"] if self.answer else []))


def demangled(name):
    return subprocess.run(["c++filt", name], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def readable(frame):
    module, offset, name = frame
    if module != OURS:
        return demangled(name) if name else f"{module}+0x{offset}"
    named = subprocess.run(["addr2line", "-f", "-e", MEMORY, f"0x{offset}"], stdout=subprocess.PIPE, text=True,
                           check=False).stdout.splitlines()
    return named[0] if named else f"0x{offset}"


def parse(output):
    """The stories, as name -> (allocations, outcomes), and the points that failed."""
    stories, points = {}, []
    for line in output.splitlines():
        story, point = STORY.match(line), POINT.match(line)
        if story:
            counts = {name: int(number) for number, name in re.findall(r"(\d+) (\w+)", story[3])}
            stories[story[1]] = (int(story[2]), counts)
        elif point:
            points.append(Point(*point.groups()))
        elif line.startswith("  answer:"):
            points[-1].answer = line
        elif line.startswith("  "):
            name, _, frames = line.strip().partition(":")
            points[-1].stacks[name].append(FRAME.findall(frames))
    return stories, points


@unittest.skipIf(harness.SANITIZED, "the sanitizers have their own allocator")
class Memory(harness.Case):
    points = asked = 0
    library = collections.Counter()

    def tell(self, how, stories, *folders, step=1):
        done = subprocess.run([MEMORY, how, str(step), "1", *map(str, folders)], input="\n".join(stories) + "\n",
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False,
                              errors="replace", timeout=3600)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout[-2000:])
        told, points = parse(done.stdout)
        self.assertEqual(len(told), len(stories), done.stdout[-2000:])
        ours = [point for point in points if point.is_ours()]
        for point in points:
            if point not in ours:
                Memory.library[point.kind, point.library_stack()] += 1
        Memory.points += sum(sum(counts.values()) for _, counts in told.values())
        return told, ours

    def corpus(self):
        site = self.dir / "site"
        shutil.copytree(harness.CORPUS, site)
        self.write("site/pins.tsv", PINS)
        self.write("site/synonyms.txt", SYNONYMS)
        return site


if __name__ == "__main__":
    harness.main()
