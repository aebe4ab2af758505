# SPDX-License-Identifier: GPL-2.0-or-later
"""indexer: options, exit codes, the report, and that a run changes the index completely or not at all."""

import json
import os
import shutil
import time

import harness
from harness import post

GUIDE = {
    "one.md": post("First guide", "Words about residencies. [AI Grant](https://aigrant.org/) helps."),
    "two.md": post("Second guide", "Words about research. Also [the grant](http://aigrant.org)."),
    "deep/three.md": post("Third guide", "Words about bootcamps."),
}
BAD = "---\ntitle: [open\ntags: x\n---\n\nWords.\n"


class Usage(harness.Case):
    def refuse(self, *args):
        result = self.indexer(*args, expect=2)
        self.assertEqual(result.out, b"")
        self.assertTrue(result.err, args)
        return result.errors

    def test_a_run_without_a_site_is_rejected(self):
        self.assertIn("no site", self.refuse())

    def test_an_unknown_option_is_rejected_and_creates_nothing(self):
        self.refuse("--nonsense", "site")
        self.assertEqual(os.listdir(self.dir), [])

    def test_an_option_without_its_argument_is_rejected(self):
        self.refuse("--jobs")

    def test_values_out_of_range_are_rejected(self):
        for jobs in ("0", "-1", "x", "1x", "", "99999999999999999999", "257"):
            self.refuse("--jobs", jobs, "site")
        self.assertIn("sometimes", self.refuse("--progress", "sometimes", "site"))
        self.refuse("--jobs=two", "site")

    def test_help_and_version_are_printed_to_standard_output(self):
        for option in ("--help", "--version"):
            result = self.indexer(option)
            self.assertEqual(result.err, b"")
            self.assertTrue(result.out)
        for option in ("--index", "--full", "--dry-run", "--drafts", "--future", "--unpublished",
                       "--jobs", "--report", "--progress", "--strict"):
            self.assertIn(option, self.indexer("--help").text)

    def test_a_folder_with_other_files_is_not_taken_for_an_index(self):
        site = self.site(GUIDE)
        self.write("home/letter.txt", "dear")
        before = harness.tree(self.dir / "home")
        result = self.indexer("-o", "home", site, expect=None)
        self.assertIn(result.code, (2, 3))
        self.assertIn("letter.txt", result.errors)
        self.assertEqual(harness.tree(self.dir / "home"), before)

    def test_a_file_is_not_overwritten_by_an_index(self):
        site = self.site(GUIDE)
        self.write("file", "text")
        self.assertIn(self.indexer("-o", "file", site, expect=None).code, (2, 3))
        self.assertEqual((self.dir / "file").read_text(), "text")

    def test_a_stub_file_of_another_program_is_not_overwritten(self):
        site = self.site(GUIDE)
        self.write("other/XAPIANDB", "auto /var/lib/other\n")
        self.assertIn(self.indexer("-o", "other", site, expect=None).code, (2, 3))
        self.assertEqual((self.dir / "other/XAPIANDB").read_text(), "auto /var/lib/other\n")


class Sites(harness.Case):
    def test_a_missing_site_creates_no_index(self):
        result = self.indexer("-o", "index", "nowhere", expect=3)
        self.assertIn("nowhere", result.errors)
        self.assertFalse((self.dir / "index").exists())

    def test_a_file_is_rejected_as_a_site(self):
        self.write("page.md", "words")
        self.assertIn("page.md", self.indexer("-o", "index", "page.md", expect=3).errors)

    def test_one_missing_site_of_two_leaves_the_old_index(self):
        site = self.site(GUIDE)
        self.index(site)
        before = harness.tree(self.index_dir)
        self.indexer("-o", "index", site, "nowhere", expect=3)
        self.assertEqual(harness.tree(self.index_dir), before)

    def test_an_empty_site_gives_an_empty_index(self):
        report = self.index(self.site({}))
        self.assertEqual(report["posts"]["added"], 0)
        self.assertEqual(self.answer("words")["total"], 0)

    def test_two_sites_are_indexed_together(self):
        self.site(GUIDE, "a")
        self.site({"one.md": post("Other guide", "Words about mentors.")}, "b")
        report = self.index("a", "b")
        self.assertEqual(report["posts"]["added"], 4)
        paths = {hit["source"]["path"] for hit in self.answer("words", "kind:post")["hits"]}
        self.assertEqual(paths, {"a/one.md", "a/two.md", "a/deep/three.md", "b/one.md"})

    def test_the_index_is_given_by_the_option_else_signpost_index_else_index(self):
        site = self.site(GUIDE)
        self.indexer("-q", site, env={"SIGNPOST_INDEX": "elsewhere"})
        self.assertTrue((self.dir / "elsewhere/XAPIANDB").exists())
        self.assertFalse((self.dir / "index").exists())
        self.indexer("-q", site, env={"SIGNPOST_INDEX": ""})
        self.assertTrue((self.dir / "index/XAPIANDB").exists())
        self.indexer("-q", "-o", "option", site, env={"SIGNPOST_INDEX": "unused"})
        self.assertTrue((self.dir / "option/XAPIANDB").exists())
        self.assertFalse((self.dir / "unused").exists())

    def test_missing_parent_folders_of_the_index_are_created(self):
        self.indexer("-q", "-o", "a/b/c", self.site(GUIDE))
        self.assertTrue((self.dir / "a/b/c/XAPIANDB").exists())

    def test_an_index_inside_the_site_is_not_indexed(self):
        site = self.site(GUIDE)
        first = self.index(site, index=site / "_index")
        self.assertEqual(self.index(site, index=site / "_index")["revision"], first["revision"])


class PublishedPosts(harness.Case):
    """--drafts, --future, --unpublished."""

    def setUp(self):
        super().setUp()
        self.where = self.site({
            "_posts/2018-04-10-plain.md": post("Plain", "marker"),
            "_posts/2999-01-01-later.md": post("Later", "marker"),
            "_posts/2018-04-10-off.md": post("Off", "marker", published="false"),
            "_drafts/idea.md": post("Idea", "marker"),
        }, config="permalink: /:title/\n")

    def titles(self, *options):
        self.index(self.where, options=options)
        return sorted(hit["title"] for hit in self.answer("marker")["hits"])

    def test_drafts_future_and_unpublished_each_add_their_posts(self):
        self.assertEqual(self.titles(), ["Plain"])
        self.assertEqual(self.titles("--drafts"), ["Idea", "Plain"])
        self.assertEqual(self.titles("--future"), ["Later", "Plain"])
        self.assertEqual(self.titles("--unpublished"), ["Off", "Plain"])
        self.assertEqual(self.titles("--drafts", "--future", "--unpublished"),
                         ["Idea", "Later", "Off", "Plain"])


class Report(harness.Case):
    def test_the_first_run_reports_what_was_added(self):
        site = self.site(GUIDE)
        size = sum(len(text.encode()) for text in GUIDE.values())
        report = self.index(site)
        self.assertEqual(report["posts"], {"added": 3, "updated": 0, "unchanged": 0, "removed": 0,
                                           "failed": 0})
        self.assertEqual(report["resources"], {"added": 1, "updated": 0, "removed": 0, "total": 1})
        self.assertEqual((report["files"], report["bytes"], report["errors"]), (3, size, []))
        self.assertEqual(report["revision"], self.revision())

    def test_added_updated_and_removed_are_counted(self):
        site = self.site(GUIDE)
        self.index(site)
        self.write("site/one.md", post("First guide", "Other words. [AI Grant](https://aigrant.org/)"))
        (site / "deep/three.md").unlink()
        self.write("site/four.md", post("Fourth", "New. [Kaggle](https://www.kaggle.com)"))
        report = self.index(site)
        self.assertEqual(report["posts"], {"added": 1, "updated": 1, "unchanged": 1, "removed": 1,
                                           "failed": 0})
        self.assertEqual(report["resources"]["added"], 1)
        self.assertEqual(report["resources"]["total"], 2)
        (site / "four.md").unlink()
        report = self.index(site)
        self.assertEqual(report["resources"], {"added": 0, "updated": 0, "removed": 1, "total": 1})

    def test_the_report_is_written_to_a_file(self):
        site = self.site(GUIDE)
        result = self.indexer("-o", "index", "--report", "report.json", site)
        self.assertIn("indexed 3 posts", result.text)
        harness.answers.check_report(json.loads((self.dir / "report.json").read_text()))

    def test_a_report_on_standard_output_is_the_only_line_there(self):
        result = self.indexer("-o", "index", "--report", "-", self.site(GUIDE))
        harness.answers.check_report(json.loads(result.out))
        self.assertEqual(result.out.count(b"\n"), 1)
        self.assertIn("indexed 3 posts", result.errors)

    def test_a_report_that_cannot_be_written_fails_the_run(self):
        result = self.indexer("-o", "index", "--report", "no/such/folder.json", self.site(GUIDE),
                              expect=3)
        self.assertIn("no/such/folder.json", result.errors)

    def test_errors_are_reported_with_their_positions(self):
        site = self.site({**GUIDE, "bad.md": BAD})
        report = self.index("site", expect=1)
        self.assertEqual(report["posts"]["failed"], 1)
        self.assertEqual(report["posts"]["added"], 3)
        [error] = report["errors"]
        self.assertEqual(error["path"], "site/bad.md")
        self.assertIn(error["line"], (2, 3))
        result = self.indexer("-o", "other", "site", expect=1)
        line = f"site/bad.md:{error['line']}:{error['column']}: {error['message']}\n"
        self.assertEqual(result.errors, line)
        self.assertTrue(site.exists())

    def test_quiet_prints_errors_only_and_verbose_the_revision(self):
        site = self.site({**GUIDE, "bad.md": BAD})
        quiet = self.indexer("-q", "-o", "index", site, expect=1)
        self.assertEqual(quiet.out, b"")
        self.assertIn("bad.md", quiet.errors)
        self.assertIn("revision", self.indexer("-v", "-o", "index", site, expect=1).text)

    def test_verbose_says_why_a_page_is_left_out(self):
        left_out = {"off.md": "published: false", "draft.md": "draft: true",
                    "later.md": "date: 2999-01-01", "hidden.md": "search: false",
                    "moved.md": "redirect_to: /"}
        self.site({**GUIDE, **{name: f"---\ntitle: x\n{line}\n---\n\nWords.\n"
                               for name, line in left_out.items()}})
        self.assertEqual(self.indexer("-o", "index", "site").errors, "")
        lines = ["site/draft.md: not published: it is a draft",
                 "site/hidden.md: not indexed: excluded from search by its front matter",
                 "site/later.md: not published: its date is in the future",
                 "site/moved.md: not indexed: only redirects",
                 "site/off.md: not published: published is false"]
        for option in ("-v", "--verbose"):
            result = self.indexer(option, "--full", "-o", "index", "site")
            self.assertEqual(result.errors.splitlines(), lines)
        self.assertEqual(self.indexer("-v", "-o", "other", "--dry-run", "site").errors.splitlines(), lines)
        self.write("site/off.md", "---\ntitle: x\npublished: false\n---\n\nOther words.\n")
        self.assertEqual(self.indexer("-v", "-o", "index", "site").errors.splitlines(), lines[4:])

    def test_progress_is_shown_on_standard_error_only_when_asked(self):
        site = self.site(GUIDE)
        self.assertEqual(self.indexer("-o", "a", "--progress", "auto", site).err, b"")
        self.assertEqual(self.indexer("-o", "b", "--progress", "never", site).err, b"")
        bar = self.indexer("-o", "c", "--progress", "always", site)
        self.assertTrue(bar.err)
        self.assertIn("indexed 3 posts", bar.text)


class Revisions(harness.Case):
    def generation(self):
        return (self.index_dir / "XAPIANDB").read_text()

    def test_an_unchanged_site_keeps_the_revision_and_the_database(self):
        site = self.site(GUIDE)
        first = self.index(site)
        before = harness.tree(self.index_dir)
        second = self.index(site)
        self.assertEqual(second["revision"], first["revision"])
        self.assertEqual(second["posts"], {"added": 0, "updated": 0, "unchanged": 3, "removed": 0,
                                           "failed": 0})
        self.assertEqual(second["resources"], {"added": 0, "updated": 0, "removed": 0, "total": 1})
        after = harness.tree(self.index_dir)
        for tree in (before, after):
            del tree[str(self.index_dir / "manifest")]
        self.assertEqual(after, before)

    def test_an_unchanged_site_is_neither_read_nor_written(self):
        """Files that have been unchanged for a while are not read; the run only compares their stat data."""
        site = self.site(GUIDE)
        first = self.index(site)
        time.sleep(2.1)
        self.assertEqual(self.index(site)["files"], 3)
        before = harness.tree(self.index_dir)
        report = self.index(site)
        self.assertEqual((report["files"], report["bytes"]), (0, 0))
        self.assertEqual(report["revision"], first["revision"])
        self.assertEqual(harness.tree(self.index_dir), before)

    def test_a_new_file_time_alone_keeps_the_revision(self):
        site = self.site(GUIDE)
        first = self.index(site)
        os.utime(site / "one.md", (1, 1))
        self.assertEqual(self.index(site)["revision"], first["revision"])

    def test_every_kind_of_change_changes_the_revision_and_undoing_it_restores_it(self):
        base = {"one.md": "title: A\ndate: 2018-04-10\ntags: [x]\nlang: en"}
        changes = {
            "title": "title: B\ndate: 2018-04-10\ntags: [x]\nlang: en",
            "date": "title: A\ndate: 2018-04-11\ntags: [x]\nlang: en",
            "tags": "title: A\ndate: 2018-04-10\ntags: [y]\nlang: en",
            "category": "title: A\ndate: 2018-04-10\ntags: [x]\nlang: en\ncategory: c",
            "lang": "title: A\ndate: 2018-04-10\ntags: [x]\nlang: de",
            "url": "title: A\ndate: 2018-04-10\ntags: [x]\nlang: en\npermalink: /other/",
        }
        body = "\n---\n\n## Heading\n\nWords.\n"
        site = self.site({"one.md": "---\n" + base["one.md"] + body})
        seen = {self.index(site)["revision"]}
        for name, front in changes.items():
            self.write("site/one.md", "---\n" + front + body)
            revision = self.index(site)["revision"]
            self.assertNotIn(revision, seen, name)
            seen.add(revision)
        self.write("site/one.md", "---\n" + base["one.md"] + body + "\nMore.\n")
        self.assertNotIn(self.index(site)["revision"], seen)
        self.write("site/one.md", "---\n" + base["one.md"] + body)
        self.assertIn(self.index(site)["revision"], seen)

    def test_moved_lines_change_the_revision(self):
        site = self.site({"a.md": "# A\n\nwords\n"})
        first = self.index(site)["revision"]
        self.write("site/a.md", "\n\n\n# A\n\nwords\n")
        self.assertNotEqual(self.index(site)["revision"], first)

    def test_settings_of_the_site_change_the_revision(self):
        files = {"_posts/2018-04-10-a.md": post("A", "words")}
        site = self.site(files, config="url: https://a.example\n")
        first = self.index(site)["revision"]
        self.write("site/_config.yml", "url: https://b.example\n")
        second = self.index(site)["revision"]
        self.assertNotEqual(first, second)
        self.write("site/_config.yml", "url: https://b.example\nbaseurl: /sub\n")
        self.assertNotEqual(self.index(site)["revision"], second)

    def test_a_full_run_replaces_the_database_and_keeps_the_revision(self):
        site = self.site(GUIDE)
        first, before = self.index(site), self.generation()
        again = self.index(site, options=["--full"])
        self.assertEqual(again["revision"], first["revision"])
        self.assertNotEqual(self.generation(), before)
        self.assertEqual(len(self.answer("words", "kind:post")["hits"]), 3)

    def test_at_most_two_generations_are_kept(self):
        site = self.site(GUIDE)
        for _ in range(6):
            self.index(site, options=["--full"])
        generations = [path.name for path in self.index_dir.glob("g*") if path.is_dir()]
        self.assertLessEqual(len(generations), 2)
        self.assertEqual(set(os.listdir(self.index_dir)) - set(generations),
                         {"XAPIANDB", "lock", "manifest"} | {f"{name}.sums" for name in generations})

    def test_the_revision_does_not_depend_on_where_the_site_is(self):
        site = self.site(GUIDE)
        here = self.index(site)["revision"]
        shutil.copytree(site, self.dir / "some/copy")
        there = self.index(self.dir / "some/copy", index=self.dir / "another")["revision"]
        self.assertEqual(here, there)

    def test_the_number_of_jobs_does_not_change_the_index(self):
        seen = set()
        for jobs in (1, 2, 8):
            index = self.dir / f"jobs{jobs}"
            report = self.index(harness.CORPUS, index=index, options=["--jobs", jobs])
            answers = []
            for query in ("residency research", "no degree", "kind:post", "python -java", "xyzzy"):
                answer = self.answer("-n", 100, query, index=index)
                answer["took_us"] = 0
                answers.append(answer)
            seen.add(json.dumps([report["revision"], report["posts"], report["resources"], answers]))
        self.assertEqual(len(seen), 1)


class DryRun(harness.Case):
    def test_a_dry_run_without_an_index_creates_nothing(self):
        site = self.site(GUIDE)
        before = harness.tree(self.dir)
        result = self.indexer("-o", "new", "--dry-run", site)
        self.assertIn("would index 3 posts (3 added", result.text)
        self.assertEqual(harness.tree(self.dir), before)

    def test_a_dry_run_reports_the_changes_and_leaves_the_index(self):
        site = self.site(GUIDE)
        self.index(site)
        self.write("site/one.md", post("First guide", "Changed."))
        (site / "two.md").unlink()
        before = harness.tree(self.dir)
        report = self.index(site, options=["--dry-run"])
        self.assertEqual(report["posts"], {"added": 0, "updated": 1, "unchanged": 1, "removed": 1,
                                           "failed": 0})
        self.assertEqual(harness.tree(self.dir), before)
        self.assertEqual(self.index(site)["revision"], report["revision"])

    def test_a_dry_run_reports_errors(self):
        report = self.index(self.site({"bad.md": BAD}), options=["--dry-run"], expect=1)
        self.assertEqual(len(report["errors"]), 1)
        self.assertFalse(self.index_dir.exists())


class SiteUrl(harness.Case):
    """The setting `url`, which searchd puts before links of the results page."""

    def test_a_url_that_is_not_absolute_is_refused_with_its_place(self):
        for url in ("foo", "guide.example", "/guide", "//guide.example", "ftp://guide.example",
                    "https://guide.example?a", "https://guide.example/#a", "https://me@guide.example"):
            site = self.site(GUIDE, config=f"title: Guide\nurl: \"{url}\"\n")
            result = self.indexer("-o", "index", site, expect=3)
            self.assertIn(f"_config.yml:2:6: url must be an absolute http or https URL", result.errors)
            self.assertIn(f"(got '{url}')", result.errors)
        self.assertIn("_config.yml:1:", self.indexer("-o", "index", self.site(GUIDE, config="url: [a]\n"),
                                                     expect=3).errors)
        self.assertFalse(self.index_dir.exists())

    def test_no_url_or_an_empty_one_is_no_mistake(self):
        for config in ("title: Guide\n", "url:\n", "url: \"\"\n", "url: https://guide.example///\n",
                       "url: http://localhost:4000\n"):
            self.index(self.site(GUIDE, config=config), options=["--full"])


class Strict(harness.Case):
    def test_an_error_leaves_the_old_index(self):
        site = self.site(GUIDE)
        first = self.index(site, options=["--strict"])
        before = harness.tree(self.index_dir)
        self.write("site/one.md", post("First guide", "Changed."))
        self.write("site/bad.md", BAD)
        result = self.indexer("-o", "index", "--strict", site, expect=1)
        self.assertIn("bad.md:", result.errors)
        self.assertEqual(harness.tree(self.index_dir), before)
        self.assertEqual(self.revision(), first["revision"])

    def test_the_report_counts_and_lists_the_failed_file(self):
        report = self.index(self.site({**GUIDE, "bad.md": BAD}), options=["--strict"], expect=1)
        self.assertEqual(report["posts"]["failed"], 1)
        self.assertEqual(len(report["errors"]), 1)

    def test_without_strict_the_other_posts_are_indexed(self):
        self.index(self.site({**GUIDE, "bad.md": BAD}), expect=1)
        self.assertEqual(self.answer("words", "kind:post")["total"], 3)


if __name__ == "__main__":
    harness.main()
