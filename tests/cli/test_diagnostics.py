# SPDX-License-Identifier: GPL-2.0-or-later
"""Diagnostics for authors: which problems of a post are reported, how options choose among them, how
they are printed, the exit status, and what an incremental run reports."""

import json
import pathlib
import re

import harness

CASES = pathlib.Path(__file__).resolve().parents[1] / "cases" / "diagnostics.txt"
NAMES = ("broken-anchor", "broken-link", "duplicate-resource", "missing-date",
         "missing-description", "missing-pin", "missing-title", "misspelling",
         "same-url", "too-many-links", "tracking-parameter", "unlinkable-heading", "vague-link")
LINE = re.compile(r"^(.+?):(\d+):(\d+): (warning|error): (.*) \[([a-z-]+)\]$")
FILLER = ("# Guide {0}\n\nA residency is a separate development of your research, and the committee "
          "decides number{0} on it.\n")


def cases():
    """(name, files, expected lines) of each case."""
    for block in re.split(r"^=== ", CASES.read_text(encoding="utf-8"), flags=re.M)[1:]:
        name, rest = block.split("\n", 1)
        given, expected = rest.split("---8<---\n")
        files = {}
        for part in re.split(r"^@@ ", given, flags=re.M)[1:]:
            path, text = part.split("\n", 1)
            files[path] = text
        yield name, files, [line for line in expected.splitlines() if line]


class Case(harness.Case):
    def diagnose(self, *options, site="site", expect=0, index=None):
        """The lines on standard error of a run in the site's own folder, and its report."""
        result = self.indexer("-o", index or self.index_dir, "--report", self.dir / "report.json",
                              *options, ".", cwd=self.dir / site, expect=expect)
        report = json.loads((self.dir / "report.json").read_text(encoding="utf-8"))
        harness.answers.check_report(report)
        return result.errors.splitlines(), report

    def names(self, *options, **kwargs):
        return [warning["name"] for warning in self.diagnose(*options, **kwargs)[1]["warnings"]]


class Table(Case):
    def test_each_case_of_the_table_is_reported_as_expected(self):
        count = 0
        for count, (name, files, expected) in enumerate(cases(), 1):
            with self.subTest(name):
                config = "" if "jekyll" in name and "_config.yml" not in files else None
                self.site(files, name=f"site{count}", config=config)
                lines, report = self.diagnose("-W", "all", site=f"site{count}",
                                              index=self.dir / f"index{count}")
                self.assertEqual(lines, expected)
                reported = [f"{w['path']}:{w['line']}:{w['column']}: warning: {w['message']} [{w['name']}]"
                            for w in report["warnings"]]
                self.assertEqual(reported, expected)
        self.assertGreater(count, 12)


class SameUrl(Case):
    """Of several pages with one URL one is indexed, whatever the order in which they come and go."""

    def check(self, expected, *warned):
        lines = self.diagnose()[0]
        self.assertEqual([line.split(":")[0] for line in lines], list(warned))
        self.assertTrue(all(line.endswith("[same-url]") for line in lines), lines)
        self.assertEqual([hit["source"]["path"] for hit in self.answer("--kind", "post", "beacon")["hits"]],
                         expected)

    def page(self, name, url, text="beacon"):
        self.write(f"site/{name}", harness.post(name, f"A {text}. [{name}](https://e.example/)", permalink=url))

    def test_pages_come_in_and_go_as_files_change(self):
        self.page("b.md", "/x/")
        self.check(["b.md"])
        self.page("c.md", "/x/")  # a new file that loses
        self.check(["b.md"], "c.md")
        self.page("a.md", "/x/")  # a new file that wins: the old winner goes, though it has not changed
        self.check(["a.md"], "b.md")
        self.assertEqual(self.answer("--kind", "resource", "site:e.example")["hits"][0]["title"], "a.md")
        self.check(["a.md"])  # nothing changed, so nothing is read
        (self.dir / "site/a.md").unlink()  # the next comes in, though it has not changed
        self.check(["b.md"])
        self.page("b.md", "/y/")  # the winner moves away
        self.check(["b.md", "c.md"])
        self.page("b.md", "/x/index.html")  # and comes back by another name of the same page
        self.check(["b.md"], "c.md")
        self.page("b.md", "/x/", "word")
        self.check([])
        self.diagnose("--full")
        self.check([])

    def test_two_sites_can_have_the_same_urls(self):
        for name in ("one", "two"):
            self.site({"a.md": harness.post(name, "beacon", permalink="/x/")}, name=name)
        self.assertEqual(self.index("one", "two")["posts"]["added"], 2)

    def test_hidden_pages_count_and_verbose_runs_give_the_reason(self):
        self.site({"a.md": harness.post("Hidden", "beacon", permalink="/x/", search="false"),
                   "b.md": harness.post("B", "beacon", permalink="/x/")})
        result = self.indexer("-v", "-o", self.index_dir, "site")
        self.assertIn("site/b.md: not indexed: another page has the same URL\n", result.errors)
        self.assertIn('site/b.md:1:1: warning: not indexed: the URL "/x/" belongs to site/a.md [same-url]\n',
                      result.errors)
        for options, given in (((), False), (("--full",), True)):  # the run reads all files again, or none
            result = self.indexer("-v", "-o", self.index_dir, *options, "site")
            self.assertEqual("site/b.md: not indexed: another page has the same URL\n" in result.errors, given)


class Misspelling(Case):
    def write_guides(self, text, count=12):
        files = {f"g{number:02}.md": FILLER.format(number) for number in range(count)}
        self.site(dict(files, **{"odd.md": text}))

    def misspelt(self, text, *options):
        self.write_guides(text)
        report = self.diagnose("-W", "none", "-W", "misspelling", *options)[1]
        self.assertTrue(all(w["path"] == "odd.md" for w in report["warnings"]))
        return [(w["line"], w["column"], w["message"]) for w in report["warnings"]]

    def test_typing_errors_are_reported_with_the_likely_word(self):
        found = self.misspelt("# Odd\n\nThe residency\nof the reserach is a seperate research, a\n"
                              "develpment of the comittee of your research.\n")
        self.assertEqual(found, [
            (4, 8, '"reserach" is probably a misspelling of "research"'),
            (4, 22, '"seperate" is probably a misspelling of "separate"'),
            (5, 1, '"develpment" is probably a misspelling of "development"'),
            (5, 19, '"comittee" is probably a misspelling of "committee"')])

    def test_a_typing_error_before_an_apostrophe_is_reported_if_an_s_follows(self):
        self.write_guides("# Odd\n\nThe research of the comittee's residency.\n\nResearch is develpment'd residency.\n")
        self.write("site/other.md", "# Other\n\nThe committee's residency needs a development'd residency.\n")
        found = self.diagnose("-W", "none", "-W", "misspelling")[1]["warnings"]
        self.assertEqual([warning["message"] for warning in found], ['"comittee" is probably a misspelling of "committee"'])

    def test_typing_errors_with_the_first_and_the_last_letter_are_reported(self):
        self.write_guides("# Odd\n\nIt is the orgnaization of the committee.\n")
        for number in range(12):
            self.write(f"site/o{number:02}.md", FILLER.format(number) + "\nOur organization is the organization.\n")
        self.assertEqual([w["message"] for w in self.diagnose("-W", "none", "-W", "misspelling")[1]["warnings"]],
                         ['"orgnaization" is probably a misspelling of "organization"'])

    def test_code_links_names_and_rare_words_are_not_reported(self):
        for text in ("the Reserach of the", "the `reserach` of the", "the [reserach](x.md) of the",
                     "the reserach.example of the", "the reserach_x of the", "the re-reserach of",
                     "the researches of the", "the decider of the", "the decide of the",
                     "the [research](https://a.example/reserach) of the", "the #reserach of the",
                     "the\n\n    reserach\n\nof the", "of xyzzyx reserach plughu the",
                     "reserach of the reserach and the reserach", "the RESERACH of the",
                     "the réserach of the"):
            with self.subTest(text):
                self.assertEqual(self.misspelt(f"# Odd\n\nIt is {text} committee.\n"), [])

    def test_a_word_used_by_two_posts_is_not_reported(self):
        self.write_guides("# Odd\n\nIt is the reserach of the committee.\n")
        self.write("site/even.md", "# Even\n\nIt is the reserach of the committee.\n")
        self.assertEqual(self.names("-W", "all"), [])

    def test_posts_in_other_languages_are_not_checked(self):
        self.assertEqual(self.misspelt("---\nlang: fr\n---\n# Odd\n\nIt is the reserach of the "
                                       "committee.\n"), [])

    def test_incremental_runs_check_the_changed_posts(self):
        self.write_guides("# Odd\n\nIt is the research of the committee.\n")
        self.assertEqual(self.names("-W", "all"), [])
        self.write("site/odd.md", "# Odd\n\nIt is the reserach of the committee.\n")
        self.assertEqual(self.names("-W", "all"), ["misspelling"])
        self.write("site/odd.md", "# Odd\n\nAgain it is the reserach of the committee.\n")
        self.assertEqual(self.names("-W", "all"), ["misspelling"])
        self.write("site/even.md", "# Even\n\nThe reserach of the committee.\n")
        self.assertEqual(self.names("-W", "all"), [])


class Options(Case):
    def setUp(self):
        super().setUp()
        self.site({"a.md": "# A\n\n- [Here](https://a.example/?gclid=1)\n\nSee [gone](gone.md).\n"})

    def test_the_default_reports_tracking_parameters_and_broken_links(self):
        self.assertEqual(self.names(), ["tracking-parameter", "broken-link"])

    def test_warn_options_apply_in_their_order(self):
        for options, expected in (
                (("-W", "none"), []),
                (("-W", "no-broken-link"), ["tracking-parameter"]),
                (("--warn=none", "--warn", "vague-link"), ["vague-link"]),
                (("-Wnone", "-Wmissing-description"), ["missing-description"]),
                (("-W", "all", "-W", "no-vague-link", "-W", "no-broken-link"),
                 ["missing-description", "tracking-parameter"]),
                (("-W", "vague-link", "-W", "none"), []),
                (("-W", "error", "-W", "none"), [])):
            with self.subTest(options):
                self.assertEqual(self.names("--full", *options), expected)

    def test_an_unknown_warning_is_rejected_with_the_known_names(self):
        for name in ("nonsense", "", "no-", "no-nonsense", "error=", "error=nonsense", "no-all",
                     "ALL", "broken-link "):
            result = self.indexer("-W", name, "site", expect=2)
            self.assertEqual(result.out, b"")
            self.assertIn(f"'{name}'", result.errors)
            for known in NAMES:
                self.assertIn(known, result.errors)
        self.indexer("-W", expect=2)

    def test_every_known_name_is_accepted(self):
        for name in NAMES:
            for option in (name, f"no-{name}", f"error={name}"):
                self.indexer("-o", self.index_dir, "-W", option, "site", expect=None)

    def test_a_warning_raised_to_an_error_fails_the_run_but_indexes_the_post(self):
        lines, report = self.diagnose("-W", "error=broken-link", expect=1)
        self.assertEqual([LINE.match(line)[4] for line in lines], ["warning", "error"])
        self.assertEqual(report["posts"]["added"], 1)
        self.assertEqual(report["posts"]["failed"], 0)
        self.assertIn("/a/", self.urls("gone"))

    def test_w_error_turns_every_warning_into_an_error(self):
        lines, _ = self.diagnose("-W", "error", expect=1)
        self.assertEqual([LINE.match(line)[4] for line in lines], ["error", "error"])
        self.diagnose("--full", "-W", "error", "-W", "none")
        self.diagnose("--full", "-W", "error=broken-link", "-W", "no-broken-link")

    def test_strict_with_an_error_leaves_the_old_index(self):
        self.diagnose("-W", "none")
        before = harness.tree(self.index_dir)
        self.write("site/b.md", "# B\n\nAlso [gone](gone.md).\n")
        lines, report = self.diagnose("--strict", "-W", "error=broken-link", expect=1)
        self.assertIn("indexer: 1 warning is an error; nothing is changed", lines)
        self.assertEqual([w["path"] for w in report["warnings"]], ["b.md"])
        self.assertEqual(report["revision"], self.revision())
        self.assertEqual({k: v for k, v in harness.tree(self.index_dir).items() if "lock" not in k},
                         {k: v for k, v in before.items() if "lock" not in k})
        self.diagnose("--strict")

    def test_quiet_prints_errors_only_and_reports_all(self):
        lines, report = self.diagnose("-q")
        self.assertEqual(lines, [])
        self.assertEqual(len(report["warnings"]), 2)
        lines, _ = self.diagnose("-q", "--full", "-W", "error=broken-link", expect=1)
        self.assertEqual([LINE.match(line)[6] for line in lines], ["broken-link"])

    def test_a_dry_run_reports_warnings_without_an_index(self):
        self.assertEqual(self.names("--dry-run"), ["tracking-parameter", "broken-link"])
        self.assertFalse(self.index_dir.exists())


class Printing(Case):
    def test_at_most_20_warnings_of_each_name_are_printed_but_all_are_reported(self):
        links = "\n".join(f"See [gone](gone{number}.md) there." for number in range(25))
        self.site({"a.md": f"# A\n\n{links}\n", "b.md": f"# B\n\n{links}\n",
                   "c.md": "# C\n\n[x](https://a.example/?gclid=1)\n"})
        lines, report = self.diagnose()
        printed = [LINE.match(line)[6] for line in lines[:-1]]
        self.assertEqual(printed, ["broken-link"] * 20 + ["tracking-parameter"])
        self.assertEqual(lines[-1], "... and 30 more [broken-link]")
        self.assertEqual(len(report["warnings"]), 51)

    def test_exactly_20_warnings_of_a_name_are_printed_without_a_note(self):
        links = "\n".join(f"See [gone](gone{number}.md) there." for number in range(20))
        self.site({"a.md": f"# A\n\n{links}\n"})
        self.assertEqual(len(self.diagnose()[0]), 20)

    def test_at_most_1000_warnings_of_one_post_are_reported(self):
        links = "\n".join(f"[gone](gone{number}.md)" for number in range(1500))
        self.site({"a.md": f"# A\n\n{links}\n"})
        self.assertEqual(len(self.names()), 1000)

    def test_warnings_are_sorted_by_site_path_and_column(self):
        text = "# A\n\n[x](gone.md), [y](https://a.example/?gclid=1), [z](lost.md)\n"
        for site in ("second", "first"):
            self.site({"b.md": text, "a/x.md": text}, name=site)
        for jobs in ("1", "4"):
            result = self.indexer("-o", "index", "--full", "--jobs", jobs, "second", "first")
            places = [LINE.match(line).group(1, 2, 3) for line in result.errors.splitlines()]
            self.assertEqual(places, [(f"{site}/{path}", "3", column)
                                      for site in ("second", "first") for path in ("a/x.md", "b.md")
                                      for column in ("5", "19", "52")])

    def test_control_characters_are_not_printed(self):
        self.site({"a\x1b[31m.md": "# A\n\n- [x\u009b31m](https://a.example/)\n\n"
                                   "[y](<gone\x1b]0;x\x07.md>)\n"})
        lines, report = self.diagnose("-W", "all")
        self.assertEqual(len(lines), 2)
        for line in lines:
            self.assertFalse(re.search(r"[\x00-\x1f\x7f-\x9f]", line), repr(line))
        self.assertEqual(len(report["warnings"]), 2)

    def test_bytes_that_are_not_utf8_do_not_break_the_report(self):
        self.site({"a.md": b"# A\n\n- [\xff\xfex\x00](https://a.example/?gclid=\xff)\n\n"
                           b"[y](gone\xff\x00.md) [z](gone%00.md) [w](gone%ff.md) [v](%)\n"})
        _, report = self.diagnose("-W", "all")
        self.assertIn("broken-link", [w["name"] for w in report["warnings"]])

    def test_long_texts_are_cut_at_a_character(self):
        self.site({"a.md": f"# A\n\n[y]({'ü' * 500}.md)\n"})
        lines, _ = self.diagnose()
        self.assertEqual(len(lines), 1)
        self.assertLess(len(lines[0]), 300)
        self.assertIn("ü…\"", lines[0])

    def test_crlf_line_ends_do_not_shift_lines_and_columns(self):
        self.site({"a.md": "# A\r\n\r\n[y](gone.md)\r\n"})
        self.assertEqual(self.diagnose()[0][0].split(": ")[0], "a.md:3:5")


    def test_a_link_above_the_site_is_unknown_and_one_to_its_root_is_checked(self):
        self.site({"deep/a.md": "# A\n\n[x](../gone.md) [y](../../elsewhere/README.md) [z](../there.md)\n",
                   "deep/er/b.md": "# B\n\n[x](../../gone.md) [y](../gone.md) [z](../../../x.md)\n",
                   "there.md": "# There\n\n[x](../outside.md) [y](./gone.md)\n"})
        lines, _ = self.diagnose()
        self.assertEqual([line.split(": ")[0] + " " + line.split('"')[1] for line in lines],
                         ["deep/a.md:3:5 ../gone.md", "deep/er/b.md:3:5 ../../gone.md",
                          "deep/er/b.md:3:24 ../gone.md", "there.md:3:24 ./gone.md"])


class Incremental(Case):
    GUIDES = {f"guides/{name}.md": f"# {name}\n\nSee [Kaggle](https://kaggle.example/{name}).\n"
              for name in ("one", "two", "three")}

    def setUp(self):
        super().setUp()
        self.site(self.GUIDES)
        self.assertEqual(self.names("-W", "all"), [])

    def test_only_posts_that_were_read_are_reported(self):
        self.write("site/guides/one.md", "# One\n\n[x](gone.md)\n")
        self.assertEqual(self.names(), ["broken-link"])
        self.assertEqual(self.names(), [])
        self.write("site/guides/two.md", "# Two\n\nChanged.\n")
        self.assertEqual(self.names(), [])
        self.assertEqual(self.names("--full"), ["broken-link"])

    def test_links_to_pages_that_were_not_read_are_checked(self):
        self.write("site/guides/one.md", "# One\n\n## Part\n\n[x](/guides/two/) [y](two.md#two) "
                                         "[z](/guides/three/#none) [w](/guides/four/)\n")
        self.assertEqual(self.names(), ["broken-anchor", "broken-link"])
        self.write("site/guides/two.md", "# Two\n\n[x](/guides/one/#part) [y](/guides/one/#prt)\n")
        self.assertEqual(self.names(), ["broken-anchor"])

    def test_a_link_to_a_removed_page_is_reported(self):
        (self.dir / "site/guides/two.md").unlink()
        self.write("site/guides/one.md", "# One\n\n[x](/guides/two/)\n")
        self.assertEqual(self.names(), ["broken-link"])

    def test_a_link_to_a_page_that_became_invalid_is_not_reported(self):
        self.write("site/guides/two.md", "---\ntitle: [open\n---\n")
        self.write("site/guides/one.md", "# One\n\n[x](/guides/two/)\n")
        self.assertEqual(self.names(expect=1), [])

    def test_urls_are_compared_with_posts_that_were_not_read(self):
        self.write("site/guides/a.md", "# A\n\nSee [Kaggle](https://kaggle.example/two).\n")
        self.assertEqual(self.names("-W", "all"), [])
        self.write("site/guides/one.md", "# One\n\nSee [Kaggle](http://www.kaggle.example/two/).\n")
        lines, _ = self.diagnose("-W", "all")
        self.assertEqual(lines, ['guides/one.md:3:14: warning: "http://www.kaggle.example/two/" is the same resource as '
                                 '"https://kaggle.example/two" in guides/a.md:3 [duplicate-resource]'])

    def test_if_two_spellings_are_equally_frequent_the_one_in_the_changed_post_is_reported(self):
        self.write("site/guides/two.md", "# Two\n\nSee [Kaggle](http://www.kaggle.example/one/).\n")
        lines, _ = self.diagnose("-W", "all")
        self.assertEqual(len(lines), 1)
        self.assertIn("guides/two.md:3:14", lines[0])

    def test_the_former_spelling_in_the_changed_post_itself_does_not_count(self):
        self.write("site/guides/one.md", "# One\n\nSee [Kaggle](http://www.kaggle.example/one/).\n")
        self.assertEqual(self.names("-W", "all"), [])

    def test_warnings_of_a_changed_post_equal_those_of_a_full_run(self):
        """Each change is a word, link or name whose warning depends on other posts, which are not read again."""
        guides = {f"g{number:02}.md": FILLER.format(number) for number in range(12)}
        others = {"other.md": "# Other\n\nThe reserach. See [Kaggle](https://kaggle.example/other).\n",
                  "deep/one.md": "# One\n"}
        for about, text in (
                ("a word that another post has, too", "# Odd\n\nThe reserach.\n"),
                ("a word of its own", "# Odd\n\nThe comittee.\n"),
                ("the word of its own again", "# Odd\n\nAgain, the comittee.\n"),
                ("another spelling of a URL", "# Odd\n\n[Kaggle](http://www.kaggle.example/other/).\n"),
                ("links between posts", "# Odd\n\n[a](other.md#none) [b](deep/one.md#one) [c](deep/two.md)\n")):
            with self.subTest(about):
                self.site({**guides, **others, "odd.md": text})
                found = self.diagnose("-W", "all")[1]
                expected = self.diagnose("-W", "all", index=self.dir / "fresh", *("--full",))[1]
                self.assertEqual([w for w in found["warnings"] if w["path"] == "odd.md"],
                                 [w for w in expected["warnings"] if w["path"] == "odd.md"])

    def test_links_are_checked_in_an_index_built_without_warnings(self):
        self.diagnose("--full", "-W", "none")
        self.write("site/guides/one.md", "# One\n\n[x](/guides/two/) [y](/guides/four/)\n")
        self.assertEqual(self.names(), ["broken-link"])


if __name__ == "__main__":
    harness.main()
