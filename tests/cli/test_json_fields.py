# SPDX-License-Identifier: GPL-2.0-or-later
"""No field of any JSON output is an empty text: a value that is absent is null.

The site has as little as a site can have: no titles, dates, tags, descriptions or link texts."""

import json

import answers
import harness

BARE = {"a.md": "---\ntitle: \"\"\nlang: \"\"\ntags: []\n---\nplain text with [](https://a.example/x) and "
                "[here](https://b.example/)\n",
        "b.md": "nothing\n\n- [Tool](https://tool.example/)",
        "c.md": "---\ncategory: \"\"\ndate: \"\"\n---\n",
        "d.md": "---\nlang: klingon\ntags: [\"\", \"!\"]\n---\n<a href=\"https://d.example\"></a> text\n\n# \n\ntext"}


class Fields(harness.Case):
    def setUp(self):
        super().setUp()
        self.bare = self.site(BARE)
        self.report = self.index(self.bare)

    def printed(self, *args):
        return answers.parse(self.search("--json", *args, expect=None).out)

    def assert_no_empty_text(self, value):
        self.assertEqual(list(answers.empty_texts(value)), [])

    def test_hits_without_anything_have_null(self):
        hits = self.answer("-n", 100, "kind:post OR kind:resource")["hits"]
        self.assertEqual(len(hits), self.report["resources"]["total"] + len(BARE))
        for hit in hits:
            self.assertIsNone(hit["date"])
            self.assertEqual((hit["tags"], hit["categories"]), (["!"] if "!" in hit["tags"] else [], []))
        self.assertIn(None, [hit["description"] for hit in hits if hit["kind"] == "resource"])

    def test_no_output_has_an_empty_text(self):
        for query in ("text", "nothing tool", "\"plain text\"", "zzzz text", "-zzzz", "", "tool*"):
            for options in ([], ["--explain"], ["--suggest"], ["--why-not", "/a/"], ["--why-not", "/nowhere/"]):
                self.assert_no_empty_text(self.printed(*options, "--", query))
        for url in ("/b/", "https://tool.example/"):
            self.assert_no_empty_text(self.printed("--similar", url))

    def test_no_report_has_an_empty_text(self):
        self.assert_no_empty_text(self.report)
        self.write("site/e.md", b"---\ntitle: [\n---\n")
        (self.bare / "b.md").unlink()
        self.assert_no_empty_text(self.index(self.bare, options=["--dry-run"], expect=1))
        self.assert_no_empty_text(self.index(self.bare, expect=1))

    def test_no_evaluation_has_an_empty_text(self):
        judged = self.write("judged.tsv", "tool\t/b/\t3\ntext\t/a/\t1\n")
        self.assert_no_empty_text(json.loads(self.search("--json", "--eval", judged).out))


if __name__ == "__main__":
    harness.main()
