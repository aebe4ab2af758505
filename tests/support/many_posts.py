# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes a site of many posts from the words of the corpus. A few words are very frequent and most are rare, as
in real text (Zipf), and each post has categories, tags, sections and links. The same seed makes the same site."""

import itertools
import pathlib
import random
import re

import harness


def vocabulary():
    """The words of the corpus, most frequent first, and made-up words that follow them."""
    counts = {}
    for path in sorted(harness.CORPUS.rglob("*.md")):
        for word in re.findall(r"[a-z]{2,}", path.read_text().lower()):
            counts[word] = counts.get(word, 0) + 1
    words = sorted(counts, key=lambda word: (-counts[word], word))
    return words + [f"{word}{number}" for number in range(4) for word in words]


def write_posts(folder, count, words_each=150, seed=1):
    """Writes `count` posts into a folder, 1,000 in each subfolder; returns the vocabulary."""
    rng, words = random.Random(seed), vocabulary()
    weights = list(itertools.accumulate(1 / (rank + 2) for rank in range(len(words))))
    for number in range(count):
        path = pathlib.Path(folder) / f"{number // 1000:03}" / f"{number}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = rng.choices(words, cum_weights=weights, k=words_each)
        links = " ".join(f"[{' '.join(text[at:at + 2])}](https://example.org/{rng.randrange(count // 10 + 1)})"
                         for at in range(0, 6, 2))
        path.write_text(f"---\ntitle: {' '.join(text[:5])}\ndate: 20{10 + number % 10}-0{1 + number % 9}-11\n"
                        f"categories: [c{number % 12}]\ntags: [t{number % 90}, t{number % 7}]\n---\n"
                        f"{' '.join(text[:words_each // 2])}\n\n## {' '.join(text[5:9])}\n\n"
                        f"{' '.join(text[words_each // 2:])} {links}\n")
    return words
