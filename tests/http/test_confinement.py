# SPDX-License-Identifier: GPL-2.0-or-later
"""searchd restricts itself once its sockets and logs are open: it reads its indexes, appends to its logs, and can
do nothing else. Indexes are still replaced by turning a link, and logs are still rotated.

$SIGNPOST_CONFINED: a program that is confined as searchd is, and then makes attempts. $SIGNPOST_OLD_KERNEL: a library
that makes a program believe in an older Landlock.
"""

import ctypes
import json
import os
import pathlib
import signal
import socket
import subprocess
import unittest

import daemon
import harness

REFUSED = ("Permission denied", "Operation not permitted")
LANDLOCK = 444  # the number of landlock_create_ruleset on all machines


VERSION = ctypes.CDLL(None).syscall(LANDLOCK, None, 0, 1)  # -1: the kernel does not support Landlock
BY_SECCOMP = "Operation not permitted"  # whatever Landlock supports
# CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET
NAMESPACES = (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000)
NEWER_CALLS = (452, 457, 458, 460, 463, 466, 467, 469, 470)  # of Linux 6.6 and later, by their numbers


class Prober:
    """A confined process that makes attempts."""

    def __init__(self, *options, cwd, env=None):
        self.process = subprocess.Popen([os.environ["SIGNPOST_CONFINED"], *map(str, options)], cwd=cwd, text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        env=harness.environment(env))

    def __call__(self, what, argument):
        self.process.stdin.write(f"{what} {argument}\n")
        self.process.stdin.flush()
        said = self.process.stdout.readline().strip()
        assert said, f"{what} {argument}: ended with {self.process.wait()} {self.process.stderr.read()}"
        return said

    def kill(self, wait=0):
        """Ends the process, if it does not end by itself at the end of its input."""
        try:
            self.process.communicate(timeout=wait)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
        except ValueError:
            pass  # it has ended

    def end(self):
        errors = self.process.communicate(timeout=30)[1]  # the end of standard input ends the process
        assert self.process.returncode == 0, errors
        return errors


class Confinement(daemon.Case):
    def setUp(self):
        super().setUp()
        probe = Prober("indexer", cwd=self.dir)
        probe.kill(10)
        if probe.process.returncode == 77:
            self.skipTest("skipped: builds with sanitizers or for coverage are not confined")
        self.releases, self.logs = self.dir / "releases", self.dir / "logs"
        for number in (1, 2):
            site = self.site({"a.md": f"# Guide\n\nresidency release{number}\n"}, name=f"site{number}")
            (self.releases / str(number)).mkdir(parents=True)
            self.index(site, index=self.releases / str(number) / "index")
        self.logs.mkdir()
        self.www = self.dir / "www"
        self.www.mkdir()
        self.turn(1)

    def turn(self, number):
        """Turns the link www/current to a release."""
        fresh = self.www / "fresh"
        fresh.symlink_to(f"../releases/{number}")
        fresh.rename(self.www / "current")

    def rotate(self):
        (self.logs / "access.log").rename(self.logs / "access.log.1")

    def prober(self, *options, env=None):
        prober = Prober(*options, cwd=self.dir, env=env)
        self.addCleanup(prober.kill)
        return prober

    def probe(self, *options, index="www/current/index", env=None):
        return self.prober("-i", index, "-l", "127.0.0.1:0", *options, env=env)

    @unittest.skipIf(VERSION < 1, "skipped: the kernel does not support Landlock")
    def test_only_the_index_can_be_read_and_only_logs_appended(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        probe = self.probe("--access-log", "logs/access.log")
        table = next((self.releases / "1" / "index").glob("g*/postlist.glass"))
        attempts = [("read", "/etc/passwd"), ("write", table),
                    ("connect", listener.getsockname()[1]), ("exec", "/bin/true")]
        refused = [probe(*each) in REFUSED for each in attempts]
        self.assertEqual(refused, [True] * 4, attempts)
        others = [("read", self.dir / "site1/a.md"), ("read", "/proc/self/maps"), ("read", "/"), ("read", self.dir),
                  ("append", table), ("append", self.releases / "1/index/new"), ("remove", table),
                  ("rename", "www/current/index/XAPIANDB"), ("folder", "logs/folder"), ("append", "other.log"),
                  ("remove", "logs/access.log")]
        others += [("signal", os.getpid())] if VERSION >= 6 else []
        others += [("empty", "logs/access.log")] if VERSION >= 3 else []
        self.assertEqual(probe("append", "logs/access.log"), "ok")
        for each in others:
            self.assertIn(probe(*each), REFUSED, each)
        for each in [("read", table), ("read", "www/current/index/XAPIANDB"), ("append", "logs/access.log"),
                     ("socket", "unix"), ("read", "/dev/null")]:
            self.assertEqual(probe(*each), "ok", each)
        self.turn(2)
        self.rotate()
        self.assertEqual(probe("read", "www/current/index/XAPIANDB"), "ok")
        self.assertEqual(probe("append", "logs/access.log"), "ok")
        self.assertEqual((self.logs / "access.log").read_text(), "x\n")
        self.assertEqual((self.logs / "access.log.1").read_text(), "x\nx\n")
        errors = probe.end()
        self.assertEqual(errors == "", VERSION >= 6, errors)
        self.assertLessEqual(errors.count("\n"), 1)
        harness.row("confinement", f"{sum(refused)} of {len(refused)} refused")

    @unittest.skipIf(VERSION < 1, "skipped: the kernel does not support Landlock")
    def test_links_in_every_part_of_the_path_can_be_turned(self):
        (self.dir / "index").symlink_to(self.www / "current" / "index")  # a link to a link
        for path in ("index", self.dir / "index", self.www / "current" / "index", "www/../index", "./index/",
                     "www/current/index"):
            self.turn(1)
            probe = self.probe(index=path)
            self.turn(2)
            self.assertEqual(probe("read", f"{path}/XAPIANDB"), "ok", path)
            self.assertIn(probe("read", "/etc/passwd"), REFUSED)
            probe.end()

    @unittest.skipIf(VERSION < 1, "skipped: the kernel does not support Landlock")
    def test_a_link_in_the_path_can_be_replaced_by_a_folder_beside_it(self):
        probe = self.probe()
        self.index(self.dir / "site2", index=self.www / "fresh" / "index")
        (self.www / "current").unlink()
        (self.www / "fresh").rename(self.www / "current")
        self.assertEqual(probe("read", "www/current/index/XAPIANDB"), "ok")
        self.assertIn(probe("read", self.dir / "site1/a.md"), REFUSED)
        probe.end()

    @unittest.skipIf(VERSION < 1, "skipped: the kernel does not support Landlock")
    def test_an_index_that_is_made_later_can_be_read(self):
        for path in ("later/index", "www/later"):
            probe = self.probe(index=path)
            site = self.site({"a.md": "# Guide\n"}, name="late")
            (self.dir / path).parent.mkdir(exist_ok=True)
            self.index(site, index=self.dir / path)
            self.assertEqual(probe("read", f"{path}/XAPIANDB"), "ok", path)
            probe.end()

    @unittest.skipIf(VERSION < 1, "skipped: the kernel does not support Landlock")
    def test_a_log_that_is_a_link_can_be_rotated(self):
        linked = self.dir / "linked"
        linked.mkdir()
        for name, target in (("access.log", "../logs/access.log"), ("query.log", self.logs / "query.log")):
            (linked / name).symlink_to(target)
        served = self.serve("--access-log", linked / "access.log", "--query-log", linked / "query.log", "--cache", "0",
                            index=self.www / "current" / "index")
        for name in ("access.log", "query.log"):
            served.get("/api/v1/search?q=residency")
            (self.logs / name).rename(self.logs / (name + ".1"))
        served.process.send_signal(signal.SIGHUP)
        self.eventually(lambda: (self.logs / "query.log").exists() and (self.logs / "access.log").exists())
        # A file that exists is perhaps not yet the one that is written to.
        self.eventually(lambda: served.get("/api/v1/search?q=release1").status == 200 and
                        all("release1" in (self.logs / name).read_text() for name in ("access.log", "query.log")))
        served.stop()
        self.assertNotIn(b"cannot", served.errors())

    @unittest.skipIf(VERSION < 1, "skipped: the kernel does not support Landlock")
    def test_a_log_that_is_a_device_or_pipe_opens_no_folder(self):
        os.mkfifo(self.logs / "pipe")
        (self.logs / "other").touch()
        for path, other in (("/dev/null", "/dev/zero"), (self.logs / "pipe", self.logs / "other"),
                            ("/dev/stdout", "/dev/zero")):
            probe = self.probe("--access-log", path)
            self.assertIn(probe("append", other), REFUSED, path)
            self.assertIn(probe("append", f"{other}.new"), REFUSED, path)
            self.assertIn(probe("read", "/etc/passwd"), REFUSED, path)
            if path == "/dev/null":
                self.assertEqual(probe("append", path), "ok")
            probe.kill()

    def test_system_calls_are_refused_without_landlock(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        port = listener.getsockname()[1]
        table = next((self.releases / "1" / "index").glob("g*/postlist.glass"))
        before = table.stat()
        probe = self.probe()
        for each in [("exec", "/bin/true"), ("fork", "-"), ("trace", os.getpid()), ("connect", port),
                     ("fastopen", port), ("socket", "inet"), ("chmod", table), ("chmod2", table), ("times", table),
                     ("truncate", table), ("ftruncate", "-"), *(("call", number) for number in NEWER_CALLS)]:
            self.assertEqual(probe(*each), BY_SECCOMP, each)
        self.check_namespaces(probe)
        probe.end()
        self.assertEqual(table.stat(), before)

    @unittest.skipIf(VERSION < 1, "skipped: the kernel does not support Landlock")
    def test_the_daemon_says_what_an_older_kernel_does_not_restrict(self):
        table = next((self.releases / "1" / "index").glob("g*/postlist.glass"))
        parts = {6: "sending signals", 5: "controlling devices", 4: "TCP ports", 3: "truncating files"}
        for version in range(min(VERSION, 6) + 1):
            env = {"LD_PRELOAD": os.environ["SIGNPOST_OLD_KERNEL"], "SIGNPOST_LANDLOCK": str(version)}
            probe = self.probe("--access-log", "logs/access.log", env=env)
            self.assertEqual(probe("truncate", table), BY_SECCOMP)
            self.assertEqual(probe("read", "/etc/passwd") in REFUSED, version >= 1)
            errors = probe.end()
            self.assertEqual(errors.count("\n"), 0 if version == 6 else 1, errors)
            if version == 0:
                self.assertIn("access to files", errors)
            else:
                self.assertEqual([part in errors for part in parts.values()], [since > version for since in parts])

    def check_namespaces(self, probe):
        """Neither a process nor a thread gets a namespace of its own. Otherwise threads are not refused."""
        for flag in NAMESPACES:
            self.assertEqual(probe("thread", flag), BY_SECCOMP, hex(flag))
        self.assertEqual(probe("thread", 0), "Invalid argument")

    def test_only_a_daemon_with_remote_databases_connects(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        port = listener.getsockname()[1]
        probe = self.probe("--remote", f"127.0.0.1:{port}")
        self.assertEqual(probe("connect", port), "ok")
        self.assertEqual(probe("socket", "inet"), "ok")
        self.assertEqual(probe("exec", "/bin/true"), BY_SECCOMP)
        if VERSION >= 1:
            self.assertIn(probe("read", "/etc/passwd"), REFUSED)

    def restricted(self, pid):
        """NoNewPrivs and Seccomp of each thread."""
        found = set()
        for status in pathlib.Path(f"/proc/{pid}/task").glob("*/status"):
            fields = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
            found.add((fields["NoNewPrivs"], fields["Seccomp"]))
        return found

    def test_the_indexer_runs_no_program(self):
        probe = self.prober("indexer")
        self.assertIn(probe("exec", "/bin/true"), REFUSED)
        self.assertIn(probe("trace", os.getpid()), REFUSED)
        self.assertIn(probe("fork", "-"), REFUSED)
        self.check_namespaces(probe)
        self.assertEqual(probe("append", "new"), "ok")
        with subprocess.Popen([harness.INDEXER, "-q", "--watch", "-o", self.dir / "watched", self.dir / "site1"],
                              env=harness.environment(), stderr=subprocess.PIPE) as watch:
            self.eventually(lambda: (self.dir / "watched" / "XAPIANDB").exists())
            self.assertEqual(self.restricted(watch.pid), {("1", "2")})
            watch.send_signal(signal.SIGTERM)
            self.assertNotIn(b"seccomp", watch.communicate(timeout=60)[1])

    def test_the_daemon_follows_a_turned_link_and_rotated_logs(self):
        path = self.dir / "run" / "socket"
        path.parent.mkdir()
        served = self.serve("--access-log", self.logs / "access.log", "--query-log", self.logs / "query.log",
                            index=self.www / "current" / "index", listen=("127.0.0.1:0", f"unix:{path}"),
                            env={"TZ": "Europe/Berlin"})

        def found():
            answer = served.get("/api/v1/search?q=residency")
            self.assertEqual(answer.status, 200)
            return json.loads(answer.body)["hits"][0]["passages"][0]["text"]
        self.assertIn("release1", found())
        for number in (2, 1, 2):
            self.turn(number)
            self.soon(lambda number=number: f"release{number}" in found())
            self.rotate()
            served.process.send_signal(signal.SIGHUP)
            self.eventually((self.logs / "access.log").exists)
            # A file that exists is perhaps not yet the one that is written to.
            self.eventually(lambda: served.get("/healthz").status == 200 and
                            "/healthz" in (self.logs / "access.log").read_text())
        self.assertRegex((self.logs / "access.log").read_text(), r" \+0[12]00\]")
        metrics = served.metrics()
        self.assertGreater(metrics["process_resident_memory_bytes"], 1 << 20)
        self.assertEqual(metrics["process_open_fds"], len(os.listdir(f"/proc/{served.pid}/fd")))
        self.assertGreater(metrics["searchd_index_bytes"], 1000)
        self.assertEqual(self.restricted(served.pid), {("1", "2")})
        served.stop()
        self.assertFalse(path.exists())
        self.assertEqual(b"restrict" in served.errors(), VERSION < 6)


if __name__ == "__main__":
    harness.main()
