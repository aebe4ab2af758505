# SPDX-License-Identifier: GPL-2.0-or-later
"""A row of the scorecard: no character that a terminal obeys, and none that changes the order of a line,
reaches a terminal or a log, whatever file names, posts, settings, arguments and queries contain."""

import json
import os
import unicodedata

import daemon
import harness
from harness import post

BIDI = "\u061c\u200e\u200f" + "".join(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
CONTROLS = "".join(map(chr, (*range(1, 0x20), *range(0x7F, 0xA0))))
FORBIDDEN = set(CONTROLS + BIDI) - {"\n"}
RAW = bytes(range(0x80, 0xA0))  # not UTF-8; some terminals take them for C1 controls
EVIL = CONTROLS.replace("\n", "") + BIDI
EVIL_BYTES = EVIL.encode() + RAW
NAME = b"x" + EVIL_BYTES + b"\n"  # of a file
ISOLATES = "\u2066\u2067\u2068"
MARKS = "\u061c\u200e\u200f"


class Terminal(harness.Case):
    def setUp(self):
        super().setUp()
        self.outputs = 0

    def check(self, output, name, results=False, replaced=True):
        """results: texts of posts, in which isolates and marks stay, and isolates are closed on each line."""
        self.outputs += 1
        text = output.decode("utf-8")  # strict: no byte that is not UTF-8
        allowed = set(ISOLATES + "\u2069" + MARKS) if results else set()
        found = {f"U+{ord(char):04X}" for char in set(text) & FORBIDDEN - allowed}
        self.assertFalse(found, f"{name}: {text!r}")
        for line in text.split("\n"):
            starts, ends = sum(map(line.count, ISOLATES)), line.count("\u2069")
            self.assertEqual(starts, ends, f"{name}: isolates are not closed: {line!r}")
        if replaced:
            self.assertIn("\ufffd", text, name)

    def make_site(self):
        folder = os.fsencode(self.dir) + b"/site" + EVIL_BYTES
        os.makedirs(folder + b"/_posts")
        files = {
            b"_config.yml": f"title: Guide\nurl: https://guide.example\n"
                            f"signpost: {{synonyms: {json.dumps('s' + EVIL)}, semantic: false}}\n",
            b"bad" + NAME + b".md": "---\ntitle: [never closed\n---\n",
            b"off" + NAME + b".md": "---\npublished: false\n---\nx\n",
            b"good" + NAME + b".md": f"---\n---\n# Beacon {EVIL}\n\nGo to [x {EVIL}](/gone{EVIL}/).\n",
            b"same.md": "---\npermalink: /same/\n---\nSame.\n",
            b"same" + NAME + b".md": "---\npermalink: /same/\n---\nSame.\n",
            b"pins.tsv": f"beacon {EVIL.replace(chr(9), '')}\t/missing{EVIL.replace(chr(9), '')}/\n",
            b"s" + EVIL.encode(): "one line without an arrow\n",
        }
        for name, text in files.items():
            with open(folder + b"/" + name, "wb") as file:
                file.write(text.encode())
        return folder

    def check_indexer(self):
        site = self.make_site()
        index = os.fsencode(self.dir) + b"/index" + EVIL_BYTES
        judged = self.write("judged.tsv", f"beacon {BIDI}\x1b\x9b\t/same/\t1\n")

        for name, args in (
                ("warnings and errors", (b"-v", b"-W", b"all", b"-o", index, site)),
                ("a preview", (b"-v", b"--dry-run", b"-W", b"all", b"-o", index + b"2", site)),
                ("a gate", (b"--dry-run", b"--judgments", os.fsencode(judged), b"-o", index, site)),
                ("a missing site", (b"-o", index, b"no" + EVIL_BYTES)),
                ("a report that cannot be written", (b"-o", index, b"--report", b"no/" + EVIL_BYTES, site)),
                ("a bad argument", (b"--jobs", EVIL_BYTES, site)),
                ("an unknown option", (b"--no" + EVIL_BYTES, site)),
                ("an unknown letter", (b"-\x9b", site)),
                ("an option without its argument", (b"--quiet=" + EVIL_BYTES, site)),
                ("an ambiguous option", (b"--=" + EVIL_BYTES, site)),
                ("an unknown warning", (b"-W", EVIL_BYTES, site))):
            result = harness.run([harness.INDEXER, *args], cwd=self.dir)
            self.check(result.out + result.err, f"indexer: {name}", replaced=b"--quiet" not in args[0])
        self.assertIn(b"unknown warning", result.err)

    def check_search(self):
        text = f"beacon \u2067open {EVIL} שלום \u2066inner\u2069 " + "word " * 60
        self.site(name="posts", files={
            "a.md": post(f"Beacon {EVIL}", f"{text}\n\n## Heading {EVIL} beacon\n\n**Label {EVIL}**\n\n"
                         f"- [Beacon link {EVIL}](https://r.example/{EVIL.replace(' ', '')}?q={BIDI}) {text}\n",
                         tags=json.dumps([f"tag {EVIL}"])),
            "b.md": post("Unclosed \u2067\u2066 beacon", "\u202ebeacon\u2068 text"),
            "c.md": post("End \u2069\u2069 beacon", "text \u2069 beacon"),
        })
        self.index("posts")
        judged = self.write("judged.tsv", f"beacon {BIDI}\x1b\x9b\t/a/\t1\n")
        query = b"beacon " + EVIL_BYTES
        for name, args, results, replaced in (
                ("results", ("beacon",), True, False),
                ("results and their explanation", ("--explain", query), True, True),
                ("similar documents", ("--similar", "/a/"), True, False),
                ("URLs", ("--urls", "--base-url", "https://x.example", "beacon"), False, False),
                ("URLs after a bad base", ("--urls", "--base-url", b"x" + EVIL_BYTES, "beacon"), False, True),
                ("suggestions", ("--suggest", "bea"), False, True),
                ("an unknown URL", ("--similar", b"/no" + EVIL_BYTES), False, True),
                ("a missing document", ("--why-not", b"/no" + EVIL_BYTES, query), False, True),
                ("a document that is found", ("--why-not", "/b/", query), False, False),
                ("an evaluation", ("--eval", judged, "-v"), False, True),
                ("judgments that are missing", ("--eval", b"no" + EVIL_BYTES), False, True),
                ("a correction", (b"becaon",), True, False),
                ("a bad number", ("-n", EVIL_BYTES, "x"), False, True),
                ("a bad date", ("--after", EVIL_BYTES, "x"), False, True),
                ("an unknown option", (b"--no" + EVIL_BYTES, "x"), False, True)):
            result = self.search(*args, expect=None)
            self.check(result.out + result.err, f"search: {name}", results, replaced)
        result = self.search("beacon", index=b"no" + EVIL_BYTES, expect=2)
        self.check(result.err, "search: a missing index")

    def test_json_for_programs_stays_exact(self):
        self.site({"a.md": post("Beacon", f"A beacon {BIDI} here.")})
        self.index("site")
        self.assertIn(BIDI, self.answer("beacon")["hits"][0]["passages"][0]["text"])
        self.assertEqual(self.answer(f"beacon {BIDI}\x1b")["query"]["text"], f"beacon {BIDI}\x1b")

    def check_searchd(self):
        self.site({"a.md": post("Beacon", "A beacon here.")}, name="served")
        self.index("served")
        query, access = self.dir / "query.log", self.dir / "access.log"
        with daemon.Daemon(self.index_dir, "--query-log", query, "--access-log", access) as served:
            path = "".join(f"%{byte:02x}" for byte in (" beacon " + EVIL + "\n").encode())
            served.get("/api/v1/search?q=" + path, {"User-Agent": "probe"})
            served.get("/api/v1/search?q=" + path.replace("%61", "%61%61"))  # a misspelt word
            served.raw(b"GET /api/v1/search?q=beacon" + EVIL_BYTES + b" HTTP/1.1\r\nHost: x\r\n"
                       b"Connection: close\r\nUser-Agent: " + EVIL_BYTES + b"\r\n\r\n")
        self.check(access.read_bytes(), "searchd: the access log", replaced=False)
        self.assertGreaterEqual(access.read_bytes().count(b"\n"), 2)
        lines = query.read_bytes().splitlines()
        self.check(query.read_bytes(), "searchd: the query log")
        entries = [json.loads(line) for line in lines]
        self.assertTrue(any(entry["corrected"] for entry in entries), entries)
        for entry in entries:
            for value in (entry["query"], entry["corrected"] or ""):  # what `jq -r` prints
                self.assertFalse({char for char in value if char in FORBIDDEN or unicodedata.category(char) == "Cc"})
        with daemon.Daemon(os.fsdecode(b"no" + EVIL_BYTES), cwd=self.dir) as served:
            self.assertEqual(served.get("/readyz").status, 503)
            served.stop()
            self.check(served.errors(), "searchd: a missing index")
        for name, args in (("a bad address", (b"-i", b"x", b"-l", EVIL_BYTES)),
                           ("an unknown option", (b"--no" + EVIL_BYTES,)),
                           ("an unexpected argument", (EVIL_BYTES,)),
                           ("a log that cannot be opened", (b"-i", os.fsencode(self.index_dir), b"--query-log",
                                                            b"no/" + EVIL_BYTES))):
            result = harness.run([daemon.SEARCHD, *args], cwd=self.dir, timeout=20)
            self.assertNotEqual(result.code, 0, name)
            self.check(result.out + result.err, f"searchd: {name}")

    def test_no_output_obeys_what_others_wrote(self):
        self.check_indexer()
        self.check_search()
        self.check_searchd()
        self.assertGreaterEqual(self.outputs, 30)
        harness.row("terminal escapes", f"{self.outputs} of {self.outputs} outputs without a control character")


if __name__ == "__main__":
    harness.main()
