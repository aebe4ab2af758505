# SPDX-License-Identifier: GPL-2.0-or-later
"""The table tests/cases/passages.txt: posts, queries, and the passages that are shown for them."""

import re

import harness

TABLE = harness.ROOT / "tests/cases/passages.txt"


class Passages(harness.Case):
    def passages(self, query):
        hits = self.answer("--kind", "post", "--", query)["hits"]
        lines = []
        for passage in hits[0]["passages"] if hits else []:
            anchor = passage["url"].partition("#")[2]
            marked = harness.answers.html.unescape(
                passage["html"].replace("<mark>", "[").replace("</mark>", "]"))
            trail = " > ".join(passage["heading"]) + (f" #{anchor}" if anchor else "")
            lines.append(f"{trail} | {marked}")
        return lines

    def test_each_case_of_the_table_shows_its_passages(self):
        cases = TABLE.read_text().split("\n=== ")[1:]
        self.assertGreater(len(cases), 10)
        for number, case in enumerate(cases):
            name, rest = case.split("\n", 1)
            body, expected = rest.split("\n---8<---\n")
            # Without a title in the front matter, the first heading of the body would be the title.
            self.site({"post.md": f"---\ntitle: tabletitle\n---\n\n{body}\n"}, f"site{number}")
            self.index(f"site{number}", index=f"index{number}")
            self.index_dir = self.dir / f"index{number}"
            for part in re.split(r"^\? ", expected, flags=re.M)[1:]:
                query, *lines = part.rstrip("\n").split("\n")
                with self.subTest(case=name, query=query):
                    self.assertEqual(self.passages(query), lines)


if __name__ == "__main__":
    harness.main()
