# SPDX-License-Identifier: GPL-2.0-or-later
"""Results that a site pins to a query in pins.tsv."""

import time

import harness
from harness import post

LINK = "* [Fast AI](https://course.fast.ai/): lessons\n* [Hugging Face](https://www.hf.example/)\n"
PINNED = ["/last/", "https://course.fast.ai/", "/apart/"]
LINE = "# comment\n\nresearch work\t/last/\thttps://course.fast.ai\t/apart/#somewhere\n"


class Pins(harness.Case):
    def setUp(self):
        super().setUp()
        self.files = {f"p{number}.md": post(f"Page {number}", "research work " * (20 - number))
                      for number in range(12)}
        self.files["last.md"] = post("Last", "research and much that is not work " + "other " * 300)
        self.files["half.md"] = post("Half", "research alone")
        self.files["apart.md"] = post("Apart", LINK, tags="[far]")
        self.folder = self.site(self.files)

    def pin(self, text=LINE, **options):
        self.write("site/pins.tsv", text)
        return self.index(self.folder, **options)

    def pinned(self, *args):
        hits = self.answer(*args)["hits"]
        for hit in hits:
            self.assertIs(hit.get("pinned", True), True)
        return [hit["url"] for hit in hits if "pinned" in hit]

    def test_pinned_results_come_first_in_their_order(self):
        self.index(self.folder)
        plain = self.answer("-n", 50, "research work")
        self.assertNotIn("/last/", [hit["url"] for hit in plain["hits"][:3]])
        self.pin()
        answer = self.answer("-n", 50, "research work")
        hits = answer["hits"]
        self.assertEqual([hit["url"] for hit in hits[:3]], PINNED)
        self.assertEqual([hit.get("pinned") for hit in hits[:4]], [True, True, True, None])
        self.assertEqual([hit["missing"] for hit in hits[:4]],
                         [[], ["research", "work"], ["research", "work"], []])
        self.assertEqual(answer["total"], plain["total"] + 2)
        self.assertFalse(answer["query"]["relaxed"])
        rest = [hit["url"] for hit in plain["hits"] if hit["url"] not in PINNED]
        self.assertEqual([hit["url"] for hit in hits[3:]], rest)
        scores = {hit["url"]: hit["score"] for hit in plain["hits"]}
        self.assertEqual(hits[0]["score"], scores["/last/"])

    def test_only_the_same_words_in_the_same_order_show_pins(self):
        self.pin()
        for query in ("research work", "R\u00c9SEARCH, Work!", '"research work"', "work:research work"):
            expect = PINNED if query != "work:research work" else []
            self.assertEqual(self.pinned(query), expect, query)
        for query in ("work research", "research", "research work page", "research works",
                      "research -work", "+research work", "research OR work", "title:research work"):
            self.assertEqual(self.pinned(query), [], query)

    def test_exact_and_date_sorted_searches_ignore_pins(self):
        self.pin()
        for options in (("--exact",), ("--sort", "newest"), ("--sort", "oldest")):
            self.assertEqual(self.pinned(*options, "research work"), [], options)
        self.assertEqual(self.pinned("--sort", "relevance", "research work"), PINNED)

    def test_paging_shows_each_pinned_result_once(self):
        self.pin()
        whole = self.answer("-n", 100, "research work")
        urls = [hit["url"] for hit in whole["hits"]]
        self.assertEqual(len(urls), len(set(urls)))
        for limit in (1, 2, 3, 4, 5, 7):
            pages, offset = [], 0
            while True:
                answer = self.answer("-n", limit, "--offset", offset, "research work")
                self.assertEqual(answer["total"], whole["total"])
                if not answer["hits"]:
                    break
                pages += [hit["url"] for hit in answer["hits"]]
                offset += limit
            self.assertEqual(pages, urls, limit)

    def test_filters_apply_to_pinned_results(self):
        self.pin()
        self.assertEqual(self.pinned("--kind", "post", "research work"), ["/last/", "/apart/"])
        self.assertEqual(self.pinned("--kind", "resource", "research work"), [PINNED[1]])
        self.assertEqual(self.pinned("--tag", "far", "research work"), PINNED[1:])
        self.assertEqual(self.pinned("research work kind:post tag:far"), ["/apart/"])
        self.assertEqual(self.pinned("--after", "2020", "research work"), [])
        facets = self.answer("--kind", "resource", "research work")
        self.assertEqual(facets["total_partial"], 1)

    def test_pinned_results_come_first_in_a_relaxed_search(self):
        self.pin("research unheard\t/apart/\nunheard\t/apart/\thttps://course.fast.ai/\n")
        answer = self.answer("-n", 50, "research unheard")
        self.assertEqual(answer["hits"][0]["url"], "/apart/")
        self.assertTrue(answer["query"]["relaxed"])
        self.assertIsNone(answer["query"]["corrected"])
        self.assertEqual(answer["total_partial"], len(answer["hits"]))
        urls = [hit["url"] for hit in answer["hits"]]
        self.assertEqual(len(urls), len(set(urls)))
        self.assertEqual(self.urls("unheard"), ["/apart/", "https://course.fast.ai/"])
        self.assertEqual(self.answer("unheard")["hits"][0]["missing"], ["unheard"])

    def test_a_corrected_query_shows_its_pins(self):
        self.pin()
        answer = self.answer("reseerch work")
        self.assertEqual(answer["query"]["corrected"], "research work")
        self.assertEqual(self.pinned("reseerch work"), PINNED)

    def test_targets_match_without_scheme_www_or_anchor(self):
        self.write("site/_config.yml", "url: https://example.org\n")
        for target, url in (("https://example.org/last/", "/last/"), ("hf.example", "https://www.hf.example/"),
                            ("http://www.hf.example", "https://www.hf.example/"), ("/last/#x", "/last/")):
            files = {name: "---\npermalink: /:basename/\n" + text[4:] for name, text in self.files.items()}
            self.site(files)
            self.pin(f"research work\t{target}\n")
            self.assertEqual(self.pinned("research work"), [url], target)

    def test_changed_pins_change_the_revision_and_read_no_post(self):
        time.sleep(2)  # a run reads files again that changed within the last second
        report = self.index(self.folder)
        before = report["revision"]
        seen = [before]
        for text in (LINE, LINE.replace("/last/\t", ""), "research\t/apart/\n", ""):
            report = self.pin(text)
            self.assertEqual(report["posts"], dict(added=0, updated=0, unchanged=15, removed=0, failed=0))
            self.assertEqual(report["files"], 0, text)
            self.assertNotEqual(report["revision"], seen[-1])
            seen.append(report["revision"])
            self.assertEqual(self.revision(), report["revision"])
        self.assertEqual(seen[-1], before)
        self.assertEqual(self.pinned("research work"), [])
        self.pin()
        self.assertEqual(self.pin()["revision"], seen[1])
        (self.folder / "pins.tsv").unlink()
        self.assertEqual(self.index(self.folder)["revision"], before)

    def test_an_incremental_run_keeps_pins_as_a_full_run_does(self):
        self.pin()
        full = self.index(self.folder, index=self.dir / "full", options=("--full",))
        self.assertEqual(full["revision"], self.revision())
        self.write("site/new.md", post("New", "research work " * 40))
        self.index(self.folder)
        self.assertEqual(self.pinned("research work"), PINNED)

    def test_the_settings_can_name_another_file(self):
        self.write("site/_config.yml", "signpost:\n  pins: _data/first.tsv\n")
        result = self.indexer("-o", self.index_dir, "-q", self.folder, expect=3)
        self.assertIn("site/_data/first.tsv: ", result.errors)
        self.write("site/_data/first.tsv", "course\thttps://course.fast.ai/\n")
        self.write("site/pins.tsv", "this file is not read\n")
        self.index(self.folder)
        self.assertEqual(self.pinned("course"), ["https://course.fast.ai/"])

    def test_pins_of_several_sites_are_combined(self):
        self.pin()
        other = self.site({"z.md": post("Zebra", "stripes")}, name="other")
        self.write("other/pins.tsv", "stripes\t/z/\nresearch work\t/last/\t/z/\n")
        self.index(self.folder, other)
        self.assertEqual(self.pinned("research work"), [*PINNED, "/z/"])
        self.assertEqual(self.pinned("stripes"), ["/z/"])

    def test_a_mistake_in_the_file_leaves_the_old_index(self):
        self.pin()
        before = self.revision()
        rows = [
            (b"a\t/b/\nresearch work\n", "2:1: a pin is a query and its targets, separated by tabs"),
            (b"a\t/b/\n\t/b/\n", "2:1: the query has no word"),
            (b"!?\t/b/\n", "1:1: the query has no word"),
            (b"a\t/b/\t\n", "1:7: the target is neither a page nor a URL"),
            (b"a\t/b/\t/b/#c\n", "1:7: the target is pinned twice"),
            (b"a b\t/b/\n\nA, b\t/c/\n", "3:1: the query is already pinned on line 1"),
            (b"a\t/b\xff/\n", "1:5: not UTF-8"),
            (b"a" + b"".join(b"\t/%d/" % n for n in range(101)), "1:1: more than 100 targets"),
        ]
        for text, message in rows:
            self.write("site/pins.tsv", text)
            result = self.indexer("-o", self.index_dir, self.folder, expect=3)
            self.assertIn(f"site/pins.tsv:{message}\n", result.errors)
            self.assertEqual(self.revision(), before)

    def test_missing_targets_are_warned_about_and_ignored(self):
        text = "research work\t/last/\t/gone/\nwork\thttps://nowhere.example/\n"
        for _ in range(2):
            self.write("site/pins.tsv", text)
            result = self.indexer("-o", self.index_dir, self.folder)
            self.assertIn("site/pins.tsv:1:22: warning: the index has no page or resource /gone/ "
                          "[missing-pin]\n", result.errors)
            self.assertIn("site/pins.tsv:2:6: warning: ", result.errors)
            self.assertNotIn("/last/", result.errors)
        self.assertEqual(self.pinned("research work"), ["/last/"])
        result = self.indexer("-o", self.index_dir, "-Wno-missing-pin", self.folder)
        self.assertNotIn("missing-pin", result.errors)
        report = self.index(self.folder)
        self.assertEqual([w["name"] for w in report["warnings"]], ["missing-pin"] * 2)
        self.write("site/gone.md", post("Gone", "here"))
        self.assertEqual(len(self.index(self.folder)["warnings"]), 1)
        self.assertEqual(self.pinned("research work"), ["/last/", "/gone/"])


if __name__ == "__main__":
    harness.main()
