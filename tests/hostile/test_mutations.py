# SPDX-License-Identifier: GPL-2.0-or-later
"""Five hundred mutated posts, the same in every run unless $SIGNPOST_SEED_NUMBER selects others: the
indexer never crashes, and every answer from its index is valid."""

import os
import random
import re

import harness

FILES = 500
SEED = int(os.environ.get("SIGNPOST_SEED_NUMBER", "20180410"))
SNIPPETS = [b"---\n", b"```\n", b"<", b">", b"<div>", b"</div>", b"<!--", b"[", b"](", b")", b"![",
            b"**", b"_", b"`", b"{%", b"%}", b"{{", b"{: #id}", b"\n\n", b"\r", b"\t", b"    ", b"> ",
            b"- ", b"1. ", b"#", b"\x00", b"\xff", b"\xc3", b"\xe2\x80\xae", b"\xf0\x9f\x98\x80", b"&#x0;",
            b"&", b"|", b"\\", b"https://", b"title: ", b"tags: [", b"*a", b"&a ", b"!!binary ", b"\"", b"'"]


def mutate(rng, content, others):
    content = bytearray(content)
    for _ in range(rng.choice((1, 2, 5, 20, 100))):
        at = rng.randrange(len(content) + 1)
        length = rng.choice((1, 1, 2, 10, 200))
        kind = rng.randrange(6)
        if kind == 0:
            del content[at:at + length]
        elif kind == 1:
            content[at:at] = rng.choice(SNIPPETS) * rng.choice((1, 1, 3, 50))
        elif kind == 2:
            content[at:at] = content[at:at + length] * rng.choice((1, 2, 40))
        elif kind == 3 and at < len(content):
            content[at] ^= 1 << rng.randrange(8)
        elif kind == 4:
            other = rng.choice(others)
            start = rng.randrange(len(other))
            content[at:at + length] = other[start:start + length]
        else:
            content[at:] = b"" if rng.random() < 0.1 else content[at:]
        if len(content) > 200_000:
            break
    return bytes(content)


class Mutations(harness.Case):
    def test_mutated_posts_never_crash_and_give_valid_answers(self):
        rng = random.Random(SEED)
        originals = [path.read_bytes() for path in sorted(harness.CORPUS.rglob("*"))
                     if path.suffix in (".md", ".markdown")]
        self.assertGreater(len(originals), 40)
        originals += [path.read_bytes() for path in
                      sorted((harness.ROOT / "tests/jekyll/site").rglob("*.md"))
                      if path.is_file() and path.stat().st_size]
        for number in range(FILES):
            self.write(f"site/m{number}.md", mutate(rng, rng.choice(originals), originals))
        self.write("site/good.md", "# Good\n\ngoodword\n")
        report = self.index("site", expect=None)
        self.assertEqual(report["files"], FILES + 1)
        self.assertEqual(len(report["errors"]), report["posts"]["failed"])
        self.check_left_out(report)
        self.assertEqual(self.full_urls("--kind", "post", "goodword"), ["/good/"])
        self.check_answers(rng)

    def check_left_out(self, report):
        """Files that mutated to `published: false`, `search: false` or similar are neither added nor failed."""
        left = FILES + 1 - report["posts"]["added"] - report["posts"]["failed"]
        self.assertLess(left, FILES // 5)
        self.assertGreater(report["posts"]["added"], FILES // 2)

    def check_answers(self, rng):
        everything = self.answer("-n", 10000, "--", "-xyzzyxyzzy")
        self.assertEqual(len(everything["hits"]), everything["total"])
        words = sorted({word for hit in everything["hits"] for word in re.findall(r"\w+", hit["title"])})
        words += ["the", "residency", "research", "a", "degree"]
        for _ in range(60):
            self.answer("-n", 40, "--", " ".join(rng.choices(words, k=rng.randint(1, 4))))
        for query in ('"the residency"', "tag:x", "kind:resource https", "C++", "the -a"):
            self.answer("-n", 1000, query)

    def test_mutated_posts_give_the_same_index_with_any_number_of_jobs(self):
        rng = random.Random(SEED + 1)
        original = (harness.CORPUS / "glossary.md").read_bytes()
        for number in range(40):
            self.write(f"site/m{number}.md", mutate(rng, original, [original]))
        one = self.index("site", options=["--jobs", 1], expect=None)
        two = self.index("site", index="again", options=["--jobs", 4], expect=None)
        self.assertEqual(one["revision"], two["revision"])


if __name__ == "__main__":
    harness.main()
