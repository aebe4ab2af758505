# SPDX-License-Identifier: GPL-2.0-or-later
"""The examples for continuous integration are valid YAML, their commands are valid shell, their run
works, and their commands on the server leave the link pointing to a complete index. Skipped (77) without
PyYAML."""

import json
import os
import re
import shutil
import subprocess
import sys
import unittest

import harness

try:
    import yaml
except ImportError:
    print("skipped: PyYAML is not installed")
    sys.exit(77)

PACKAGING = harness.ROOT / "packaging"


def github():
    """The commands of each step, by its name."""
    steps = yaml.safe_load((PACKAGING / "github-actions.yml").read_text())["jobs"]["index"]["steps"]
    return {step["name"]: step["run"] for step in steps if "run" in step}


def gitlab():
    jobs = yaml.safe_load((PACKAGING / "gitlab-ci.yml").read_text())
    return {name: "\n".join(job.get("before_script", []) + job["script"])
            for name, job in jobs.items() if isinstance(job, dict) and "script" in job}


INDEXING = {"github": github()["Index"], "gitlab": gitlab()["search-index"]}
SENDING = {"github": github()["To the server"], "gitlab": gitlab()["search-index-publish"]}


class Examples(harness.Case):
    def test_the_pipelines_have_the_expected_triggers_and_jobs(self):
        pipeline = yaml.safe_load((PACKAGING / "github-actions.yml").read_text())
        self.assertEqual(set(pipeline[True]), {"pull_request", "push"})  # YAML 1.1 reads `on` as true
        self.assertEqual(pipeline["permissions"], {"contents": "read"})
        self.assertEqual(set(gitlab()), {"search-index", "search-index-publish"})

    @unittest.skipUnless(shutil.which("shellcheck"), "shellcheck is not installed")
    def test_shellcheck_accepts_the_commands(self):
        for name, text in {**github(), **gitlab()}.items():
            script = self.write(f"{name}.sh", f"#!/bin/sh\nset -e\n{text}\n")
            done = harness.run(["shellcheck", "-S", "warning", "-e", "SC2046,SC2164", script])
            self.assertEqual(done.code, 0, str(done))

    def test_the_run_of_the_pipelines_publishes_good_sites_only(self):
        """Runs the pipelines' command on a site with a judged query."""
        env = {"PATH": os.path.dirname(harness.INDEXER) + ":" + os.environ["PATH"]}
        for name, text in INDEXING.items():
            command = re.search(r"^indexer .*$", text, re.M).group()
            site = self.site({"a.md": harness.post("Apprenticeships", "Paid from the first day."),
                              "judgments.tsv": "apprenticeships\t/a/\t3\n"}, name=f"{name}/site")
            done = harness.run(["sh", "-ec", command], cwd=site, env=env)
            self.assertEqual((done.code, done.errors), (0, ""), str(done))
            [report] = (self.dir / name).rglob("report.json")
            [stub] = (self.dir / name).rglob("XAPIANDB")
            self.assertEqual(json.loads(report.read_text())["posts"]["added"], 1)
            self.write(f"{name}/site/bad.md", "---\ntitle: [open\n---\n")
            self.assertEqual(harness.run(["sh", "-ec", command], cwd=site, env=env).code, 1)
            (site / "bad.md").unlink()
            self.write(f"{name}/site/judgments.tsv", "apprenticeships\t/no/such/page/\t3\n")
            self.assertEqual(harness.run(["sh", "-ec", command], cwd=site, env=env).code, 1)
            self.assertEqual(self.full_urls("apprenticeships", index=stub.parent), ["/a/"])

    def test_the_commands_on_the_server_switch_the_link_and_keep_two_indexes(self):
        """Copies the index as the pipelines do, then runs the commands that the pipelines send through ssh."""
        site = self.site({"a.md": harness.post("A", "words")})
        for name, text in SENDING.items():
            home = self.dir / name
            (home / "indexes").mkdir(parents=True)
            commands = re.search(r'\$ssh "\$\w+" "\n(.*)"$', text, re.S).group(1)
            for number in range(4):
                self.write("site/a.md", harness.post("A", f"marker{number}"))
                self.index(site, index=home / f"indexes/c{number}")
                os.utime(home / f"indexes/c{number}", (number, number))
                subprocess.run(["sh", "-c", commands], cwd=home, check=True,
                               env={**os.environ, "new": f"indexes/c{number}"})
                self.assertTrue((home / "index").is_symlink())
                self.assertEqual(self.full_urls(f"marker{number}", index=home / "index"), ["/a/"])
            self.assertEqual(sorted(os.listdir(home / "indexes")), ["c2", "c3"])
            self.assertEqual(sorted(os.listdir(home)), ["index", "indexes"])


if __name__ == "__main__":
    harness.main()
