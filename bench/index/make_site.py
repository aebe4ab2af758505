#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes a Jekyll site of COUNT posts; the same seed gives the same site.

make_site.py COUNT FOLDER [--words N] [--seed N]

Each post has a title, a date, tags, three to five sections of prose and lists (400 words on average, drawn
by Zipf's law from 30,000), and on average two links. One link in three leads to one of 500 resources
that many posts share; each of the others leads to a resource that no other link leads to.
"""

import argparse
import itertools
import pathlib
import random

SYLLABLES = [a + b for a in "bcdfghjklmnprstvz" for b in ("a", "e", "i", "o", "u", "ai", "ea")]
VOCABULARY = 30000
POPULAR = 500
YEARS = 20


def make_words(rng):
    words = set()
    while len(words) < VOCABULARY:
        words.add("".join(rng.choices(SYLLABLES, k=rng.choice((1, 2, 2, 3, 3, 4)))) +
                  rng.choice(("", "", "s", "n", "ing", "ed")))
    words = sorted(words)
    rng.shuffle(words)
    return words


class Site:
    def __init__(self, seed, length):
        self.rng, self.length = random.Random(seed), length
        self.words = make_words(self.rng)
        self.weights = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(VOCABULARY)))

    def some(self, count):
        return self.rng.choices(self.words, cum_weights=self.weights, k=count)

    def sentence(self, words):
        return " ".join(words).capitalize() + "."

    def prose(self, count):
        words = self.some(count)
        cuts = range(0, count, 14)
        return " ".join(self.sentence(words[cut:cut + 14]) for cut in cuts)

    def link(self, number, index):
        name = " ".join(self.some(3)).capitalize()
        if self.rng.random() < 1 / 3:
            return f"[{name}](https://www.popular{self.rng.randrange(POPULAR)}.example/start)"
        return f"[{name}](https://host{number % 997}.example/programme/{number}-{index})"

    def post(self, number):
        rng = self.rng
        sections = rng.randrange(3, 6)
        year, month, day = 2005 + number % YEARS, rng.randrange(1, 13), rng.randrange(1, 29)
        title = " ".join(self.some(5)).capitalize()
        lines = ["---", f"title: {title}", f"tags: [{', '.join(self.words[i] for i in rng.sample(range(300), 2))}]",
                 "---", ""]
        links = sum(rng.random() < 0.5 for _ in range(4))
        words = max(40, int(rng.gauss(self.length, self.length / 4)))
        for section in range(sections):
            if section:
                lines += [f"## {' '.join(self.some(3)).capitalize()}", ""]
            lines += [self.prose(max(14, words // sections)), ""]
            if section < links:
                lines += [f"- {self.link(number, section)}, {self.sentence(self.some(8)).lower()}", ""]
        path = f"_posts/{year}/{year}-{month:02}-{day:02}-{title.split()[0].lower()}-{number}.md"
        return path, "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--words", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    site = Site(given.seed, given.words)
    for number in range(given.count):
        path, text = site.post(number)
        path = given.folder / path
        if number < YEARS:
            path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (given.folder / "_config.yml").write_text("title: A site of many posts\nurl: https://many.example\n",
                                             encoding="utf-8")


if __name__ == "__main__":
    main()
