# SPDX-License-Identifier: GPL-2.0-or-later
"""searchd over remote databases, which xapian-tcpsrv serves: the identity of an index is that of all its
databases, a query does not wait longer than its limit, and readiness tells. Skipped without xapian-tcpsrv."""

import json
import signal
import subprocess
import threading
import time
import unittest

import daemon
import harness
import remote

SEARCH = "/api/v1/search?q=common"
LIMIT = 1.0  # --query-timeout, in seconds
# What a busy machine may add to the limit. Before remote databases had a limit, a thread waited for 20 s.
SLACK = 0.7 if harness.LONG else 4.0
PATIENT = ("--query-timeout", "20000")  # for tests of answers: a busy server is not one that hangs


@unittest.skipUnless(remote.SERVER, remote.MISSING)
class Case(daemon.Case):
    longest = 0  # seconds for an answer

    def setUp(self):
        super().setUp()
        for name in "a", "b":
            self.put(name, f"{name}.md", f"common {name}word")
            self.make(name)

    def put(self, name, path, text):
        self.write(f"site-{name}/{path}", harness.post(path.split(".")[0], text))

    def make(self, name, *options):
        self.index(f"site-{name}", index=name, options=options)

    def tcpsrv(self, name, port=None):
        server = remote.Server(self.dir / name, port)
        self.addCleanup(server.kill)
        return server

    def fake(self, server):
        self.addCleanup(server.kill)
        return server

    def over(self, *names, options=(), index=()):
        given = [word for name in names for word in ("--remote", name)]
        return self.serve("--threads", "2", "--rate", "0", *given, *options, index=[str(path) for path in index] or [])

    def serve(self, *options, index=None, **kwargs):
        served = daemon.Daemon([] if index is None else index, *options, **kwargs)
        self.addCleanup(served.__exit__, None)
        return served

    def timed(self, served, path=SEARCH, **kwargs):
        began = time.monotonic()
        answer = served.get(path, **kwargs)
        took = time.monotonic() - began
        self.assertLess(took, LIMIT + SLACK, str(answer))
        self.longest = max(self.longest, took)
        return answer

    def ready(self, served):
        return served.get("/readyz").status == 200 and served.get(SEARCH).status == 200


class Identity(Case):
    def urls(self, answer):
        return sorted(hit["url"] for hit in json.loads(answer.body)["hits"])

    def tag(self, link):
        """The entity tag of an answer on an open connection, whose thread is always the same."""
        link.sendall(daemon.request(SEARCH, method="HEAD"))
        data = b""
        while not data.endswith(b"\r\n\r\n"):
            received = link.recv(65536)
            self.assertTrue(received, data)
            data += received
        status, headers = daemon.parse_head(data)
        self.assertEqual(status, 200, (data, self.said()))
        return headers["etag"]

    def follows(self, served):
        """Changes each of the two indexes in place and by --full: no answer is stale."""
        number = 0
        self.said = served.errors
        links = [served.connect() for _ in range(12)]
        self.addCleanup(lambda: [link.close() for link in links])
        for options in ((), ("--full",)) * (3 if harness.LONG else 1):
            for name in "a", "b":
                number += 1
                old = served.get(SEARCH)
                self.assertEqual(served.get(SEARCH, {"If-None-Match": old["ETag"]}).status, 304)
                self.put(name, f"{name}{number}.md", "common news")
                self.make(name, *options)
                self.soon(lambda: any(self.tag(link) != old["ETag"] for link in links))
                # No thread gives an older answer after another thread gave a newer one.
                self.assertNotIn(old["ETag"], [self.tag(link) for link in links])
                new = served.get(SEARCH, {"If-None-Match": old["ETag"]})
                self.assertEqual(new.status, 200)
                self.assertEqual(json.loads(new.body)["total"], 2 + number, (options, name))
                parts = [self.revision(index=self.dir / part) for part in ("a", "b")]
                self.assertEqual(json.loads(new.body)["revision"], "+".join(parts))

    def test_the_revision_is_that_of_all_remote_databases(self):
        self.follows(self.over(self.tcpsrv("a").name, self.tcpsrv("b").name, options=PATIENT))

    def test_the_revision_is_that_of_local_and_remote_databases(self):
        self.follows(self.over(self.tcpsrv("b").name, index=[self.dir / "a"], options=PATIENT))

    def test_the_revision_is_that_of_all_local_indexes(self):
        self.follows(self.serve("--rate", "0", *PATIENT, index=[str(self.dir / "a"), str(self.dir / "b")]))

    def test_a_server_that_was_given_another_index_is_followed(self):
        served = self.over(self.tcpsrv("a").name, options=PATIENT)
        old = served.get(SEARCH)
        self.put("a", "other.md", "common other")
        self.index("site-a", index="c")
        (self.dir / "a").rename(self.dir / "away")
        (self.dir / "c").rename(self.dir / "a")
        self.soon(lambda: len(self.urls(served.get(SEARCH))) == 2)
        self.assertEqual(served.get(SEARCH, {"If-None-Match": old["ETag"]}).status, 200)


class Limits(Case):
    def test_a_server_that_never_answers_makes_the_daemon_not_ready(self):
        hung = self.fake(remote.Fake())
        groups = [(hung.name,), (self.tcpsrv("a").name, hung.name), (hung.name, self.tcpsrv("b").name)]
        for names in groups if harness.LONG else groups[1:2]:
            served = self.over(*names)
            for path in "/readyz", SEARCH, "/search?q=common", "/api/v1/suggest?q=comm", "/metrics":
                answer = self.timed(served, path)
                self.assertEqual(answer.status, 200 if path == "/metrics" else 503, path)
            self.assertEqual(served.get("/healthz").status, 200)
            self.assertIn(b"remote:tcp(" + hung.name.encode(), served.errors())
            served.stop()

    def test_a_stopped_server_holds_no_thread_longer_than_the_limit(self):
        server = self.tcpsrv("b")
        served = self.over(self.tcpsrv("a").name, server.name)
        self.eventually(lambda: self.ready(served))
        queries = [SEARCH, "/search?q=common", "/api/v1/suggest?q=comm", "/api/v1/similar?url=/a/", "/readyz"]
        for query in queries * 4 if harness.LONG else queries[:2]:
            server.signal(signal.SIGSTOP)
            time.sleep(0.15)  # until then answers come from the cache
            self.assertEqual(self.timed(served, query).status, 503)
            self.assertEqual(self.timed(served, "/readyz").status, 503)
            server.signal(signal.SIGCONT)
            self.eventually(lambda: self.ready(served))
        harness.row("answer while a remote database hangs", f"at most {self.longest:.2f} s of {LIMIT:.0f} s")

    def test_the_first_query_of_a_reader_has_the_limit_too(self):
        """Opening is fast. After it, each reply takes a little less than the time that a reply may take."""
        proxy = self.fake(remote.SlowsDown(self.tcpsrv("a").port))
        served = self.over(proxy.name, options=PATIENT)
        self.assertEqual(served.get("/readyz").status, 200)
        served.stop()
        proxy.fast, proxy.delay = proxy.most, 0.2
        served = self.over(proxy.name)
        answer = self.timed(served, "/api/v1/search?q=" + "+".join(f"word{number}*" for number in range(40)))
        self.assertEqual(answer.status, 503)

    def test_a_server_that_stops_between_two_requests_is_noticed_by_readyz(self):
        server = self.tcpsrv("b")
        served = self.over(self.tcpsrv("a").name, server.name)
        self.eventually(lambda: self.ready(served))
        server.signal(signal.SIGSTOP)
        time.sleep(0.2)
        self.assertEqual(self.timed(served, "/readyz").status, 503)

    def test_many_clients_do_not_wait_in_turn(self):
        server = self.tcpsrv("a")
        served = self.over(server.name)
        self.eventually(lambda: self.ready(served))
        server.signal(signal.SIGSTOP)
        answers, began = [], time.monotonic()

        def ask(number):
            answer = daemon.parse_answers(served.raw(daemon.request(f"{SEARCH}{number}", "Connection: close")))
            answers.append(answer[0].status)

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        # One after the other, 20 requests on two threads would take at least 20 times a quarter of the limit / 2.
        self.assertLess(time.monotonic() - began, 2 * LIMIT + SLACK)
        self.assertEqual(answers, [503] * 20)

    def test_slow_servers_cost_no_more_than_the_limit(self):
        server = self.tcpsrv("a")
        slow = self.fake(remote.Proxy(server.port))
        served = self.over(slow.name)
        self.eventually(lambda: self.ready(served))
        speeds = [(0.1, 65536), (0.02, 1), (0.2, 65536), (0.02, 65536), (0.4, 65536), (0.1, 7), (0.24, 65536)]
        for delay, piece in speeds if harness.LONG else speeds[:2]:
            slow.delay, slow.piece = delay, piece
            for path in SEARCH + "+aword", "/search?q=common+word", "/readyz":
                self.assertIn(self.timed(served, path).status, (200, 503), (delay, piece))
            slow.delay, slow.piece = 0, 65536
            self.eventually(lambda: self.ready(served))

    def test_a_client_that_asks_for_suggestions_does_not_hold_the_threads(self):
        """Suggestions over a slow network are as slow as queries, so other threads find them."""
        for number in range(12):
            self.put("a", f"s{number}.md", "\n\n".join(f"## Common s{number}{letter} word" for letter in "abcd"))
        self.make("a")
        proxy = self.fake(remote.Proxy(self.tcpsrv("a").port, delay=0.005))
        served = self.over(proxy.name, options=PATIENT)
        self.eventually(lambda: self.ready(served))
        self.assertEqual(served.get("/api/v1/suggest?q=com&limit=10").status, 200)  # from now on, queries count as slow
        links = [served.connect() for _ in range(8)]  # each thread has some
        self.addCleanup(lambda: [link.close() for link in links])
        proxy.hold = b"\x03"  # REPLY_ALLTERMS: terms that begin like the query, but no reply to a refresh
        self.addCleanup(proxy.released.set)
        links[0].sendall(b"".join(daemon.request(f"/api/v1/suggest?q=com&limit={number}") for number in range(11, 50)))
        self.assertTrue(proxy.held.wait(30))
        for link in links[1:]:
            link.sendall(daemon.request())
            self.assertIn(b"alive", link.recv(65536))
        links[0].setblocking(False)
        self.assertRaises(BlockingIOError, links[0].recv, 1)  # all were answered before the first suggestion

    def test_a_server_that_is_none_is_an_error(self):
        contents = [b"SSH-2.0-x\r\n", b"\xff" * 10000, b"HTTP/1.0 400 Bad\r\n\r\n", b"", b"\x00" * 100,
                    b"\x00\x05\x28\x00abc"]
        for content in contents if harness.LONG else contents[:2]:
            served = self.over(self.fake(remote.Babbler(content)).name)
            self.assertEqual(self.timed(served).status, 503, content)
            self.assertEqual(self.timed(served, "/readyz").status, 503, content)
            served.stop()

    def test_a_misspelt_word_costs_no_round_trip_for_each_candidate(self):
        for number in range(300):
            self.put("a", f"w{number}.md", " ".join(f"word{number}x{i}" for i in range(30)))
        self.make("a")
        slow = self.fake(remote.Proxy(self.tcpsrv("a").port, delay=0.004))
        served = self.over(slow.name, options=PATIENT)
        answer = self.timed(served, "/api/v1/search?q=comon+wrod")
        self.assertEqual(answer.status, 200, str(answer))
        self.assertIsNone(json.loads(answer.body)["query"]["corrected"])
        self.assertEqual(self.timed(served, "/search?q=comon").status, 200)


class Recovery(Case):
    def test_a_killed_server_makes_the_daemon_not_ready_until_it_returns(self):
        server = self.tcpsrv("b")
        served = self.over(self.tcpsrv("a").name, server.name, options=PATIENT)
        for _ in range(5 if harness.LONG else 1):
            self.eventually(lambda: self.ready(served))
            kept = served.get(SEARCH)
            server.kill()
            self.soon(lambda: served.get("/readyz").status == 503)
            self.assertEqual(self.timed(served).status, 503)
            self.assertEqual(served.get(SEARCH, {"If-None-Match": kept["ETag"]}).status, 503)
            self.assertEqual(self.timed(served, "/api/v1/search?q=bword")["Retry-After"], "1")
            server = self.tcpsrv("b", server.port)
            self.eventually(lambda: self.ready(served))
            self.assertEqual(served.get(SEARCH, {"If-None-Match": kept["ETag"]}).status, 304)
        said = served.errors()
        self.assertIn(b"the index is available again", said)
        self.assertLess(said.count(b"\n"), 30, "the message is repeated with each request")

    def test_the_daemon_starts_before_its_servers(self):
        port = remote.free_port()
        served = self.over(f"localhost:{port}")
        self.assertEqual(self.timed(served, "/readyz").status, 503)
        self.tcpsrv("a", port)
        self.eventually(lambda: self.ready(served))
        self.assertEqual(served.metrics()["searchd_index_bytes"], 0)

    def test_a_daemon_with_a_hung_server_stops_promptly(self):
        server = self.tcpsrv("a")
        served = self.over(server.name)
        self.eventually(lambda: self.ready(served))
        server.signal(signal.SIGSTOP)
        began = time.monotonic()
        self.assertEqual(served.stop(), 0)
        self.assertLess(time.monotonic() - began, LIMIT + 5)


class Terminal(Case):
    def over(self, *options, index=(), expect=0, **kwargs):
        where = [word for path in index for word in ("-i", path)]
        return self.search(*where, *options, index=False, expect=expect, **kwargs)

    def test_local_and_remote_databases_answer_together(self):
        server = self.tcpsrv("b")
        both = ["/a/", "/b/"]
        self.assertEqual(sorted(self.over("--urls", "--remote", server.name, "common", index=["a"]).text.split()), both)
        listed = self.write("list", f"{server.name}\n")
        self.assertEqual(self.over("--urls", "--remote-list", listed, "common", env={"SIGNPOST_INDEX": "a"}).text, "/b/\n")
        judgments = self.write("judgments.tsv", "common\t/b/\t3\n")
        self.over("--eval", judgments, "--remote", server.name)
        self.assertEqual(self.over("--suggest", "--remote", server.name, "comm").text, "common\n")

    def test_a_closed_pipe_ends_the_program_silently(self):
        server = self.tcpsrv("a")
        for number in range(40):
            self.put("a", f"p{number}.md", "common " + "long " * 2000)
        self.make("a")
        command = [harness.SEARCH, "--remote", server.name, "--json", "-n", "100", "common"]
        ended = subprocess.run(["sh", "-c", '"$@" | true; exit 0', "sh", *command], env=harness.environment(), check=False,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        self.assertEqual(ended.stderr, b"")

    def test_a_server_that_does_not_answer_is_an_error_within_ten_seconds(self):
        for name in self.fake(remote.Fake()).name, f"127.0.0.1:{remote.free_port()}":
            began = time.monotonic()
            result = self.over("--remote", name, "common", index=["a"], expect=2)
            self.assertLess(time.monotonic() - began, 10 + SLACK)
            self.assertIn(name, result.errors)
            self.assertEqual(result.out, b"")

    @unittest.skipUnless(harness.LONG, "skipped: takes more than ten seconds")
    def test_all_replies_of_a_slow_server_together_take_at_most_ten_seconds(self):
        recorder = self.fake(remote.Recorder(self.tcpsrv("a").port))
        self.assertEqual(self.over("--urls", "--remote", recorder.name, "common", index=["a"]).text, "/a/\n/a/\n")
        slow = self.fake(remote.Player(recorder.replies, delay=0.8))
        began = time.monotonic()
        self.assertIn("no time left", self.over("--remote", slow.name, "common", index=["a"], expect=2).errors)
        self.assertLess(time.monotonic() - began, 10 + SLACK)

    def test_wrong_names_and_lists_are_errors(self):
        self.assertIn("HOST:PORT", self.over("--remote", ":/bin/sh", "common", expect=2).errors)
        self.assertIn("--verify", self.over("--remote", "localhost:1", "--verify", expect=2).errors)
        listed = self.write("list", "# x\nremote :/bin/sh\n")
        self.assertIn(f"{listed}:2:1: ", self.over("--remote-list", listed, "common", expect=2).errors)


class Options(Case):
    def fails(self, code, *options):
        served = daemon.Daemon([], *options, wait=False)
        served.stop(None, check=False)
        self.assertEqual(served.code, code, served.errors())
        return served.errors().decode()

    def test_the_list_is_read_and_its_errors_have_a_place(self):
        first, second = self.tcpsrv("a"), self.tcpsrv("b")
        path = self.write("list", f"# servers\n\n {first.name} \r\n{second.name}\n")
        served = self.serve("--remote-list", path)
        self.eventually(lambda: self.ready(served))
        self.assertEqual(json.loads(served.get(SEARCH).body)["total"], 2)
        for text, place in ("a:1\n\n  b\n", ":3:3: "), ("[::1]:80\n", ":1:1: "), ("a:0\n", ":1:1: "), ("a:70000\n", ":1:1: "):
            self.assertIn(f"{path}{place}" if place else "",
                          self.fails(3, "--remote-list", self.write("list", text.replace("a:1", first.name))))
        self.assertIn(f"{path}: no remote database is listed", self.fails(3, "--remote-list", self.write("list", "# none\n")))
        self.assertIn("nowhere", self.fails(3, "--remote-list", self.dir / "nowhere"))

    def test_wrong_names_are_rejected(self):
        for name in "x", "x:", ":1", "x:0", "x:65536", "x:1x", "x:-1", "[::1]:80", "::1:80", "a b:80", ":/bin/sh", "x:999999999999":
            self.assertIn("HOST:PORT", self.fails(2, "--remote", name))
        self.assertIn("no-such-host.invalid", self.fails(3, "--remote", "no-such-host.invalid:80"))


if __name__ == "__main__":
    harness.main()
