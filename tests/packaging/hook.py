# SPDX-License-Identifier: GPL-2.0-or-later
"""packaging/post-receive in a bare repository that receives real pushes. Skipped (77) without git."""

import fcntl
import os
import shutil
import subprocess
import sys
import time

import harness
from harness import post

HOOK = harness.ROOT / "packaging/post-receive"
BAD = "---\ntitle: [open\n---\n\nWords.\n"
IDENTITY = {f"GIT_{role}_{field}": value for role in ("AUTHOR", "COMMITTER")
            for field, value in (("NAME", "Writer"), ("EMAIL", "writer@example.org"))}


class Hook(harness.Case):
    def setUp(self):
        super().setUp()
        self.bare = self.dir / "of the site.git"  # a path with blanks
        self.index_dir = self.bare / "signpost/index"
        self.git("init", "-q", "--bare", "-b", "main", self.bare, cwd=self.dir)
        shutil.copy(HOOK, self.bare / "hooks/post-receive")
        self.set("indexer", harness.INDEXER)
        self.clone = self.clone_as("clone")
        self.push({"_config.yml": "permalink: /:title/\n", "_posts/2018-04-10-a.md": post("A", "first marker"),
                   "_posts/2018-04-11-b.md": post("B", "second marker")})

    def git(self, *args, cwd=None, expect=0, env=None):
        result = harness.run(["git", *map(str, args)], cwd=cwd or self.clone,
                             env={**IDENTITY, "GIT_CONFIG_GLOBAL": os.devnull, **(env or {})})
        self.assertEqual(result.code, expect, str(result))
        return result

    def set(self, name, value):
        self.git("config", f"signpost.{name}", value, cwd=self.bare)

    def clone_as(self, name):
        self.git("clone", "-q", self.bare, name, cwd=self.dir)
        self.git("symbolic-ref", "HEAD", "refs/heads/main", cwd=self.dir / name)
        return self.dir / name

    def commit(self, files, clone=None):
        clone = clone or self.clone
        for path, text in files.items():
            if text is None:
                (clone / path).unlink()
            else:
                self.write(clone / path, text)
        self.git("add", "--all", cwd=clone)
        self.git("commit", "-q", "-m", "change", cwd=clone)

    def push(self, files, *refs):
        """Commits and pushes; returns the messages that the pusher sees."""
        self.commit(files)
        return self.git("push", "-q", "origin", *(refs or ["main"])).errors

    def start_push(self, clone):
        process = subprocess.Popen(["git", "push", "-q", "origin", "main"], cwd=clone, text=True,
                                   env=harness.environment(IDENTITY), stderr=subprocess.PIPE)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def test_pushed_changes_are_found(self):
        self.assertEqual(self.full_urls("first marker"), ["/a/"])
        said = self.push({"_posts/2018-04-12-c.md": post("C", "third"), "_posts/2018-04-11-b.md": None})
        self.assertIn("remote: indexed 2 posts (1 added, 1 removed)", said)
        self.assertEqual(self.full_urls("third"), ["/c/"])
        self.assertEqual(self.full_urls("second"), [])
        self.assertFalse((self.bare / "signpost/site/_posts/2018-04-11-b.md").exists())

    def test_an_invalid_post_is_reported_to_the_pusher_and_kept(self):
        said = self.push({"_posts/2018-04-10-a.md": BAD})
        self.assertRegex(said, r"(?m)^remote: _posts/2018-04-10-a\.md:\d+:\d+: .*keeps its last good post")
        self.assertIn("all others are", said)
        self.assertEqual(self.full_urls("first"), ["/a/"])
        self.assertIn("indexed 2 posts (1 updated)", self.push({"_posts/2018-04-10-a.md": post("A", "changed")}))

    def test_a_push_cannot_publish_files_outside_the_site(self):
        private = self.bare / "signpost/private"
        for path in ("page.md", "_notes/page.md", "pins.tsv", "_posts/2018-01-01-p.md"):
            self.write(private / path, post("Private", "secretword"))
        private.chmod(0o700)
        notes = "permalink: /:title/\ncollections: {notes: {output: true}}\n"
        for config in ("collections_dir: ../private\n", f"collections_dir: '{private}'\n",
                       "collections_dir: out\n", "source: ../private\n", "source: out\n",
                       "include: [out/page.md]\n", "include: [../private/page.md]\n",
                       "signpost: {pins: ../private/pins.tsv}\n", "signpost: {pins: out/pins.tsv}\n"):
            with self.subTest(config=config):
                if not (self.clone / "out").is_symlink():
                    (self.clone / "out").symlink_to("../private")
                    (self.clone / "page.md").symlink_to("../private/page.md")
                    (self.clone / "_notes").symlink_to("../private/_notes")
                said = self.push({"_config.yml": notes + config})
                self.assertRegex(said, "outside the site|inside the site")
                self.assertNotIn("secretword", said)
                self.assertEqual(self.full_urls("--exact", "secretword"), [])
                self.assertEqual(self.full_urls("first marker"), ["/a/"])

    def test_pushes_to_another_branch_are_ignored(self):
        before = harness.tree(self.index_dir)
        self.git("switch", "-q", "-c", "draft")
        self.assertEqual(self.push({"_posts/2018-04-10-a.md": post("A", "drafted")}, "draft"), "")
        self.assertEqual(harness.tree(self.index_dir), before)
        said = self.push({"new.md": post("N", "both")}, "draft", "draft:main")
        self.assertIn("indexed", said)
        self.assertEqual(self.full_urls("both"), ["/new/"])

    def test_branch_and_index_can_be_configured(self):
        self.set("branch", "draft")
        self.set("index", self.dir / "elsewhere")
        self.assertEqual(self.push({"x.md": post("X", "early")}), "")
        self.git("push", "-q", "origin", "main:draft")
        self.assertEqual(self.full_urls("early", index=self.dir / "elsewhere"), ["/x/"])
        said = self.git("push", "-q", "origin", ":draft").errors
        self.assertIn("draft is gone; the index stays as it was", said)
        self.assertEqual(self.full_urls("early", index=self.dir / "elsewhere"), ["/x/"])

    def test_only_changed_files_are_written(self):
        where = self.bare / "signpost/site/_posts"
        os.utime(where / "2018-04-11-b.md", (1, 1))
        before = (where / "2018-04-10-a.md").stat()
        self.push({"x.md": post("X", "words")})
        self.assertEqual((where / "2018-04-10-a.md").stat().st_ctime_ns, before.st_ctime_ns)

    def test_a_damaged_checkout_is_restored(self):
        where = self.bare / "signpost/site/_posts"
        (where / "2018-04-10-a.md").unlink()
        (where / "2018-04-11-b.md").write_text("overwritten")
        self.push({"x.md": post("X", "words")})
        self.assertEqual(self.full_urls("first marker"), ["/a/"])
        self.assertEqual(self.full_urls("second marker"), ["/b/"])

    def test_a_forced_push_is_indexed(self):
        self.push({"x.md": post("X", "later")})
        self.git("reset", "-q", "--hard", "HEAD~1")
        self.git("push", "-q", "--force", "origin", "main")
        self.assertEqual(self.full_urls("later"), [])

    def test_two_pushes_at_once_are_both_found(self):
        """The second push arrives during the run of the first."""
        slow = self.write("slow", f'#!/bin/sh\ntouch "{self.dir}/runs"\nsleep 1\nexec {harness.INDEXER} "$@"\n')
        slow.chmod(0o755)
        self.set("indexer", slow)
        other = self.clone_as("other")
        self.commit({"x.md": post("X", "earlier")})
        first = self.start_push(self.clone)
        self.wait_for(self.dir / "runs")
        self.git("pull", "-q", "origin", "main", cwd=other)
        self.commit({"y.md": post("Y", "latest")}, other)
        second = self.start_push(other)
        for process in (first, second):
            said = process.communicate(timeout=60)[1]
            self.assertEqual(process.returncode, 0)
            self.assertRegex(said, "remote: (indexed|nothing changed)")
            self.assertNotIn("rror", said)
        self.assertEqual((self.full_urls("earlier"), self.full_urls("latest")), (["/x/"], ["/y/"]))

    def wait_for(self, path):
        for _ in range(1000):
            if path.exists():
                return
            time.sleep(0.02)
        self.fail(f"{path} does not appear")

    def test_a_push_waits_for_another_run(self):
        with open(self.index_dir / "lock", "r+b") as lock:
            fcntl.lockf(lock, fcntl.LOCK_EX)
            self.commit({"x.md": post("X", "patient")})
            push = self.start_push(self.clone)
            time.sleep(1.5)
            self.assertIsNone(push.poll())
        said = push.communicate(timeout=60)[1]
        self.assertIn("remote: indexed 3 posts (1 added)", said)
        self.assertNotIn("locked", said)
        self.assertEqual(self.full_urls("patient"), ["/x/"])

    def test_a_failed_run_leaves_the_old_index(self):
        self.set("indexer", "no-such-program")
        said = self.push({"x.md": post("X", "words")})
        self.assertIn("the index stays as it was", said)
        self.assertEqual(self.full_urls("first"), ["/a/"])
        self.set("indexer", harness.INDEXER)
        self.assertIn("indexed 4 posts (2 added)", self.push({"y.md": post("Y", "words")}))

    def test_git_variables_in_the_environment_are_ignored(self):
        """Runs the hook as git does, with more variables than git sets."""
        tree = self.write("tree/mine.md", "mine").parent
        head = self.git("rev-parse", "HEAD").text.strip()
        env = {"GIT_DIR": ".", "GIT_WORK_TREE": str(tree), "GIT_INDEX_FILE": str(self.dir / "list"),
               "GIT_PREFIX": "deep/", "GIT_OBJECT_DIRECTORY": str(self.bare / "objects")}
        done = subprocess.run(["hooks/post-receive"], cwd=self.bare, env=harness.environment(env),
                              input=f"{'0' * 40} {head} refs/heads/main\n", text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=60)
        self.assertEqual((done.returncode, done.stdout.split(":")[0]), (0, "nothing changed"))
        self.assertEqual(os.listdir(tree), ["mine.md"])
        self.assertFalse((self.dir / "list").exists())
        self.assertEqual(self.git("rev-parse", "HEAD", cwd=self.bare).text.strip(), head)

    def test_the_index_is_readable_by_everybody(self):
        old = os.umask(0o077)
        try:
            self.push({"x.md": post("X", "words")})
        finally:
            os.umask(old)
        for path in (self.index_dir, *self.index_dir.rglob("*")):
            if path.name not in ("lock", "flintlock"):  # for the owner only
                self.assertTrue(path.stat().st_mode & 0o004, path)


if __name__ == "__main__":
    if not shutil.which("git") or not shutil.which("flock"):
        print("skipped: git or flock is not installed")
        sys.exit(77)
    harness.main()
