#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures spelling correction: how many usual misspellings `searchd` replaces by the word that was meant.

    bench/relevance/misspellings.py BUILD [SITE...] [--dictionary FILE] [--list KIND] [--work DIR]

A SITE is a folder of Markdown; default: corpus/, and 18f/content, handbook, opensource-guide and
jekyll-docs in the folder sites/ of the folder that SIGNPOST_COLLECTIONS names.

The cases are the lines with one candidate in the dictionary of codespell (Debian package codespell) whose
right word is in at least two documents and no stop word, which nothing is corrected to, and whose wrong form
is in none, not even by its stem. A case is right if query.corrected
is the right word or has its stem. --list prints the cases of a kind: wrong (another word), none (no
correction), or ordinary, which reads words from standard input, prints those that no document has and that are
corrected, and measures nothing else.
"""
import argparse
import ctypes
import http.client
import json
import os
import pathlib
import re
import subprocess
import sys
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.append(str(ROOT / "tests/support"))
import collection_folder

SITES = ("18f/content", "handbook", "opensource-guide", "jekyll-docs")
DICTIONARY = "/usr/lib/python3/dist-packages/codespell_lib/data/dictionary.txt"
CASE = re.compile(r"([a-z]+)->([a-z]+),?")
LISTENING = re.compile(rb"listening on http://127\.0\.0\.1:(\d+)/")
DOCUMENTS_MIN = 2
STOP_WORDS = ROOT / "engine/analysis/stop_words.c"


class Bytes(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("len", ctypes.c_size_t)]


class Stemmer:
    """The English stemmer of libxapian, through the binding that the build made."""

    def __init__(self, build):
        self.library = ctypes.CDLL(str(build / "xapian-c/libxapian-c.so"))
        self.library.xc_stemmer_stem.restype = Bytes
        self.handle = ctypes.c_void_p()
        assert self.library.xc_stemmer_new(b"en", ctypes.byref(self.handle), None) == 0

    def stem(self, word):
        text = word.encode()
        stem = self.library.xc_stemmer_stem(self.handle, Bytes(ctypes.cast(text, ctypes.c_void_p), len(text)))
        return ctypes.string_at(stem.data, stem.len).decode()


class Engine:
    """An index of a site, and a searchd that serves it."""

    def __init__(self, build, site, index):
        subprocess.run([build / "indexer/indexer", "-q", "-W", "none", "--progress", "never", "-o", index, site],
                       check=False)
        self.process = subprocess.Popen([build / "searchd/searchd", "-i", index, "-l", "127.0.0.1:0",
                                         "--rate", "0"], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE)
        port = int(LISTENING.search(self.process.stderr.readline()).group(1))
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        listed = subprocess.run(["xapian-delve", "-a", "-1", "-v", index], stdout=subprocess.PIPE, check=True)
        pairs = (line.rsplit(" ", 1) for line in listed.stdout.decode().splitlines()[1:])
        self.documents = {pair[0]: int(pair[1]) for pair in pairs if len(pair) == 2 and pair[1].isdigit()}

    def has(self, word, stemmer):
        return word in self.documents or "Z" + stemmer.stem(word) in self.documents

    def query(self, text):
        self.connection.request("GET", "/api/v1/search?limit=3&q=" + urllib.parse.quote(text))
        return json.load(self.connection.getresponse())

    def corrected(self, text):
        return self.query(text)["query"]["corrected"]

    def close(self):
        self.connection.close()
        self.process.terminate()
        self.process.wait()


def read_stop_words():
    """The English stop words, which the array `english` lists."""
    array = re.search(r"\benglish\[\] = \{(.*?)\}", STOP_WORDS.read_text(encoding="utf-8"), re.DOTALL).group(1)
    return set(re.findall(r'"(\w+)"', array))


def read_cases(path):
    """The lines `wrong->right` with one candidate, unless it is a stop word."""
    stop_words = read_stop_words()
    found = (CASE.fullmatch(line.strip()) for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines())
    return [case.groups() for case in found if case and case[2] not in stop_words]


def measure(engine, stemmer, cases, wanted):
    right_count = wrong_count = count = 0
    for wrong, right in cases:
        if engine.has(wrong, stemmer) or engine.documents.get(right, 0) < DOCUMENTS_MIN:
            continue
        made = engine.corrected(wrong)
        right_here = made is not None and (made == right or stemmer.stem(made) == stemmer.stem(right))
        count += 1
        right_count += right_here
        wrong_count += made is not None and not right_here
        if not right_here and wanted == ("none" if made is None else "wrong"):
            print(f"  {wrong} {right} ({engine.documents[right]})"
                  + (f": {made} ({engine.documents.get(made, 0)})" if made else ""))
    return right_count, wrong_count, count


def list_ordinary(engine, words):
    """Prints the words that no document contains and that are corrected nevertheless."""
    lacking = [word for word in words if engine.documents.get(word.lower(), 0) == 0]
    corrected = [(word, engine.corrected(word)) for word in lacking]
    corrected = [f"{word}->{made}" for word, made in corrected if made]
    print(f"  {len(corrected)} of {len(lacking)} ordinary words are corrected: {' '.join(corrected)}")


def find_sites(given):
    if given:
        return [pathlib.Path(site) for site in given]
    return [ROOT / "corpus"] + [collection_folder.find_or_exit(f"sites/{name}") for name in SITES]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("sites", nargs="*", metavar="SITE")
    parser.add_argument("--dictionary", default=DICTIONARY)
    parser.add_argument("--list", choices=("wrong", "none", "ordinary"))
    parser.add_argument("--work", type=pathlib.Path, help="the folder for indexes (BUILD/bench-misspellings)")
    options = parser.parse_intermixed_args()
    work = options.work or options.build / "bench-misspellings"
    os.makedirs(work, exist_ok=True)
    stemmer = Stemmer(options.build)
    cases = read_cases(options.dictionary)
    words = sys.stdin.read().split() if options.list == "ordinary" else []
    for site in find_sites(options.sites):
        engine = Engine(options.build, site, work / re.sub(r"\W", "-", str(site)[-40:]))
        if words:
            print(site, flush=True)
            list_ordinary(engine, words)
        else:
            right, wrong, count = measure(engine, stemmer, cases, options.list)
            print(f"{site}: {count} cases, right {right / count:.3f}, another word {wrong / count:.3f}", flush=True)
        engine.close()


if __name__ == "__main__":
    main()
