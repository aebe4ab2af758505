# SPDX-License-Identifier: GPL-2.0-or-later
"""Allocations that fail, each in turn, once or from then on: no wrong answer, no crash and no leak in our code.

$SIGNPOST_FAULTS_MEMORY names the program that plays the stories (memory.c). A failure is ours unless the code
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
# Asked of two indexes.
SEVERAL = ["search|portfolio interviews|open=1|facets=1", "suggest|portf"]


class Point:
    """A story in which something went wrong."""

    def __init__(self, kind, story, how, number, note):
        self.kind, self.story, self.how, self.number, self.note = kind, story, how, number, note
        self.stacks = collections.defaultdict(list)
        self.answer = ""

    def breaking(self):
        """The stack of the code that broke down, without the frames of the allocator and of the runtime."""
        failed, crashed = (self.stacks[name][0] if self.stacks[name] else [] for name in ("failed", "crashed"))
        frames = crashed[2:]  # without the handler, and the kernel's return
        if not frames:  # no crash, or one that jumped to an address without code: such a stack cannot be read
            frames = failed[2:] if failed and failed[0][0] == OURS else failed  # without fails() and malloc()
        while frames and frames[0][0].startswith(RUNTIME):
            frames = frames[1:]
        return frames

    def is_ours(self):
        if self.kind in ("wrong", "stuck"):
            return True
        frames = self.breaking()
        return not frames or frames[0][0] == OURS

    def library_stack(self, frames=8):
        """The frames of the library that broke down, as text."""
        names = []
        for module, offset, name in self.breaking():
            if module == OURS:
                break
            names.append(f"{module}+0x{offset}" if not name else demangled(name))
        return " < ".join(names[:frames])

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


# Where libxapian 1.4.22 itself crashes when an allocation fails: while it builds the posting lists of a query,
# and while it commits. docs/libxapian.md describes both. No other crash is accepted.
CRASHES = {"search": "Xapian::Enquire::get_mset", "commit": "Xapian::WritableDatabase::commit"}

SITE = {
    "_posts/2018-01-30-letters.md": """---
title: Cover letters & interviews
categories: hiring
tags: [letters, interviews]
---

Writing a *portfolio* and [a letter](https://letters.example/how) to a [friend](/hiring/networking/).

## Interviews

- [Interviewing](https://interviews.example/ "title"): how to prepare
- <a href="https://html.example/x" title="y">raw &amp; html</a> and `code`, [gone](/gone.html)
- [our own](https://BÜCHER.example/about/) and [again](https://xn--bcher-kva.example/about/): no resources

| a | b |
|---|---|
| 1 | [table](https://letters.example/how) |

<table><tr><td>a block</td><td><a href='/about.html'>of html</a></td></tr></table>
""",
    "_posts/2019-02-01-networking.md": """---
title: "Networking"
date: 2019-02-01 10:00 +0100
---
Intro to [letters](../letters) and portfolio. {% include x.html %} https://auto.example/

<div markdown="1">
## Portfolio
text [ref][1]
</div>

[1]: https://ref.example/ "Reference"
""",
    "_guides/fr.md": "---\ntitle: Guide\nlang: fr\n---\n# Entretiens\n\nDes *entretiens* et un portfolio.\n",
    "_posts/2019-03-01-bad.md": "---\ntitle: bad\ndate: [\n---\nx\n",
    "about.html": "---\ntitle: About\n---\n<p>about</p>\n",
    "synonyms.txt": SYNONYMS,
    "pins.tsv": "portfolio interviews\t/hiring/letters/\n",
}
CONFIG = """title: Small
url: https://bücher.example
permalink: /:categories/:title/
collections:
  guides:
    output: true
defaults:
  - scope: {path: "", type: posts}
    values: {layout: post, tags: [jobs]}
"""


@unittest.skipIf(harness.SANITIZED, "the sanitizers have their own allocator")
class Memory(harness.Case):
    points = collections.Counter()

    def tell(self, how, stories, *folders, step):
        """Runs the stories. Every point must be right, refused, or a known crash of libxapian."""
        done = subprocess.run([MEMORY, how, str(1 if harness.LONG else step), "1", *map(str, folders)],
                              input="\n".join(stories) + "\n", stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True, check=False, errors="replace", timeout=3500)
        self.assertEqual(done.returncode, 0, done.stdout[-2000:] + done.stderr[-2000:])
        told, points = parse(done.stdout)
        self.assertEqual(len(told), len(stories), done.stdout[-2000:])
        ours = [str(point) for point in points if point.is_ours()]
        self.assertEqual(ours, [], "\n\n".join(ours[:10]))
        for point in points:
            if point.kind == "crash":
                stack = point.library_stack(frames=40)
                self.assertTrue(any(entry in stack for entry in CRASHES.values()), str(point))
        total = collections.Counter()
        for _, counts in told.values():
            total.update(counts)
        return total

    def report(self, name, total):
        points = sum(total.values())
        self.assertGreater(total["refused"], 0)
        harness.row(f"failed allocations: {name}",
                    f"{points} points, 0 wrong, 0 crashes and 0 leaks in our code, {total['refused']} refused, "
                    f"{total['crash']} crashes and {total['leak']} leaks inside libxapian")

    def corpus(self):
        site = self.dir / "corpus"
        shutil.copytree(harness.CORPUS, site)
        self.write("corpus/pins.tsv", PINS)
        self.write("corpus/synonyms.txt", SYNONYMS)
        self.indexer("-q", "-o", self.index_dir, site)
        return self.index_dir

    def test_no_question_gets_a_wrong_answer(self):
        index = self.corpus()
        total = self.tell("ask", QUESTIONS, index, step=300)
        self.site(SITE, "work/site", CONFIG)
        self.indexer("-q", "-o", self.dir / "second", self.dir / "work/site", expect=1)
        total.update(self.tell("ask", SEVERAL, index, self.dir / "second", step=300))
        self.report("queries and suggestions", total)

    def test_a_full_run_publishes_all_or_nothing(self):
        self.site(SITE, "work/site", CONFIG)
        (self.dir / "work/old").mkdir()
        self.report("full runs", self.tell("run", ["full|"], self.dir / "work", step=400))

    def test_a_change_in_place_publishes_all_or_nothing(self):
        self.site(SITE, "work/site", CONFIG)
        self.indexer("-q", "-o", self.dir / "work/old", self.dir / "work/site", expect=1)
        self.write("work/site/_posts/2020-01-01-third.md",
                   "---\ntitle: Third\n---\nA third portfolio, https://auto.example/ again.\n")
        self.write("work/site/_posts/2018-01-30-letters.md",
                   SITE["_posts/2018-01-30-letters.md"].replace("Writing a", "Rewriting a new"))
        (self.dir / "work/site/_posts/2019-02-01-networking.md").unlink()
        self.report("changes in place", self.tell("run", ["incremental|"], self.dir / "work", step=400))


if __name__ == "__main__":
    harness.main()
