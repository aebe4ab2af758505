# SPDX-License-Identifier: GPL-2.0-or-later
"""Files of 1 MB that are made to cost more than other files of this size, because something is copied for each
link, heading or attribute. A row of the scorecard: at most 30 times the processor time of ordinary prose. The quick form takes one
shape of each kind."""

import resource
import subprocess

import harness
from fill import fill

SIZE = 1_000_000
TIMES = 30  # of the processor time of ordinary prose
MENTIONS = 5000
RATIO = 20  # size of the index, in sizes of the file


def link(number):
    return f"[a{number}](http://e{number}.x/)"


def front(key, letter):
    values = ",".join(f"{letter}{number}" for number in range(9000))
    return f"---\n{key}: [{values}]\n---\n"


def levels():
    return "".join("#" * level + " " + "head " * 8000 + "\n" for level in range(1, 7))


QUICK = {
    "links in HTML": lambda: "<p>" + fill(lambda n: f'<a href="http://e{n}.x/">a{n}</a> '),
    "a long title": lambda: "---\ntitle: " + "w " * 30000 + "\n---\n" + fill(lambda n: f"# h{n}\n{link(n)}\n"),
    "64 KiB of tags": lambda: front("tags", "t") + fill(lambda n: link(n) + " "),
    "attributes of a tag": lambda: "<p " + fill(lambda n: f'a{n}="x" ') + ">x</p>",
}
OTHERS = {
    "links below long headings": lambda: fill(
        lambda n: "# " + "h " * 20000 + "\n" + "".join(f"[a](//e{n}.x/{k})\n\n" for k in range(2000))),
    "links below six long headings": lambda: levels() + fill(lambda n: link(n) + " ", 760_000),
    "links around images": lambda: fill(lambda n: f"[![a{n}](http://e{n}.x/)](http://f{n}.x) "),
    "autolinks": lambda: fill(lambda n: f"<http://e{n}.x/> "),
    "links in one paragraph": lambda: fill(lambda n: link(n) + " "),
    "64 KiB of categories and headings": lambda: front("categories", "c") + fill(lambda n: f"# h{n}\n{link(n)}\n"),
    "attributes without values": lambda: "<p " + fill(lambda n: f"a{n} ") + ">x</p>",
    "attributes without spaces": lambda: "<p " + fill(lambda n: f'a{n}="x"') + ">x</p>",
    "attributes of an inline tag": lambda: "x <b " + fill(lambda n: f'a{n}="x" ') + ">x</b>",
    "tags with many attributes": lambda: fill(lambda _: "<p " + "".join(f"b{k} " for k in range(1500)) + ">x</p>\n"),
    "links in a list": lambda: fill(lambda n: f"- {link(n)} described {n}\n"),
    "links in a table": lambda: "|a|b|\n|-|-|\n" + fill(lambda n: f"|{link(n)}|b|\n"),
    "one link again and again": lambda: fill(lambda n: f"- [a{n}](http://e.x/) described {n}\n"),
    "labels below long prose": lambda: "# top\n" + "word " * 3000 + "\n\n" + fill(lambda n: f"**l{n}**\n\n{link(n)}\n\n"),
    "a long label": lambda: "**" + "l " * 400_000 + "**\n\n" + fill(lambda n: link(n) + " ", 190_000),
    "references": lambda: fill(lambda n: f"[a{n}][r{n % 9000}] ", 600_000) + "\n\n" + "".join(
        f"[r{n}]: http://e{n}.x/\n" for n in range(9000)),
    "reference definitions": lambda: fill(lambda n: f"[r{n}]: http://e{n}.x/\n"),
    "long URLs": lambda: fill(lambda n: f"[a](http://e{n}.x/{'../a/' * 1600}) "),
    "entities in URLs": lambda: fill(lambda n: f"[a{n}](http://e{n}.x/?a&amp;b) "),
    "links to the site": lambda: fill(lambda n: f"[a{n}](/p{n}/) "),
    "headings": lambda: fill(lambda n: f"# h{n}\n[a](#h{n})\n"),
    "new words around links": lambda: fill(lambda n: f"w{n} x{n} y{n} {link(n)}. "),
    "long sentences": lambda: fill(lambda n: "z " + "".join(f"[{k}](//e.x/{n}-{k}) w w w w" for k in range(30)) + "\n\n"),
}


class Amplification(harness.Case):
    def run_one(self, name, text):
        """The processor time of indexing a site of this one file, and the size of the index."""
        self.site({"x.md": text}, name=name)
        index = self.dir / f"{name}.index"
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        result = self.indexer("--jobs", 1, "-q", "-o", index, name, timeout=120)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.assertEqual(result.err, b"")
        size = int(subprocess.run(["du", "-sk", index], stdout=subprocess.PIPE, check=True).stdout.split()[0]) * 1024
        return after.ru_utime - before.ru_utime, size

    def test_a_file_of_1_mb_takes_at_most_30_times_as_long_as_prose(self):
        shapes = {**QUICK, **(OTHERS if harness.LONG else {})}
        prose = fill(lambda n: f"word{n * n % 4999} " + "\n\n" * (n % 80 == 79))
        ordinary = min(self.run_one(f"prose{run}", prose)[0] for run in range(2))
        slowest = 0
        for name, make in shapes.items():
            text = make()
            took, size = self.run_one(name, text)
            slowest = max(slowest, took / ordinary)
            if not harness.SLOW:
                self.assertLess(took, TIMES * ordinary, name)
                self.assertLess(size, RATIO * SIZE, name)
        harness.row("files made to cost much", f"{len(shapes)} shapes of 1 MB, at most {slowest:.1f} times as long as prose")

    def test_only_the_first_5000_mentions_of_a_post_are_kept(self):
        links = "".join(f"[Link {n}](https://e.example/{n})\n\n" for n in range(MENTIONS + 3))
        again = "".join(f"[Again {n}](https://e.example/1)\n\n" for n in range(3))
        self.site({"few.md": "# Few\n\n[One](https://f.example/)\n", "many.md": f"# Many\n\n{links}{again}"})
        result = self.indexer("-o", self.index_dir, "site")
        line = 3 + 2 * MENTIONS
        self.assertEqual(result.errors, f"site/many.md:{line}:1: warning: the index has only the first 5000 of the 5006 "
                                        "links to other sites [too-many-links]\n")
        self.assertEqual(self.index("site")["resources"]["total"], MENTIONS + 1)
        self.indexer("-W", "error=too-many-links", "--full", "-o", self.index_dir, "site", expect=1)
        self.assertEqual(self.indexer("-W", "no-too-many-links", "--full", "-o", self.index_dir, "site").err, b"")

    def test_a_description_that_is_shortened_still_contains_its_link(self):
        text = "".join(f"word{n} [Target {n}](https://e.example/{n}) " for n in range(4000))
        self.site({"a.md": "# Many\n\n" + text})
        self.index("site", options=("-W", "none"))
        for number in (0, 1, 1999, 3999):
            hit = self.answer("-n", 5, "--kind", "resource", f'"Target {number}"')["hits"][0]
            self.assertEqual(hit["title"], f"Target {number}")
            self.assertIn(f"word{number} Target {number}", hit["description"])
            self.assertLess(len(hit["description"]), 300)


if __name__ == "__main__":
    harness.main()
