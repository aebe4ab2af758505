# SPDX-License-Identifier: GPL-2.0-or-later
"""Load from 32 connections while the index is swapped and committed in place: no answer fails, mixes
revisions, or is older than an earlier answer. A soak, with a run of indexer every 20 seconds: descriptors and
memory stay flat.

$SIGNPOST_SECONDS: how long (default 5). $SIGNPOST_CHANGE: the program that changes the index. $SIGNPOST_LONG=1:
at least 1,000 changes, and a soak of 20 minutes.
"""

import json
import os
import selectors
import subprocess
import time

import answers
import daemon
import harness
import many_posts
import markup

SECONDS = float(os.environ.get("SIGNPOST_SECONDS", "5"))
EVERY_MS = os.environ.get("SIGNPOST_EVERY_MS", "60" if harness.LONG else "300")
CHANGES = 1000 if harness.LONG else 3
WORDS = 1000  # in queries: more than the cache has answers, and fewer than readers keep stems of
SOAK, SOAK_RUNS = (1200, 60) if harness.LONG else (3, 3)  # seconds, and runs in this time
CHANGE = os.environ.get("SIGNPOST_CHANGE", "change")
POSTS, POSTS_MAX = 20, 900  # in generation 0, which has the fewest, and in the last ones; see generations.h


def posts_of(generation):
    return min(POSTS + generation, POSTS_MAX)


class Client:
    """A persistent connection, and the request that is in flight on it."""

    def __init__(self, served, number):
        self.link, self.number, self.asked, self.received = served.connect(), number, 0, b""
        self.tag = None

    def ask(self):
        paths = ("/api/v1/search?q=residency", f"/api/v1/search?q=residency+research&limit=5&offset={self.asked % 7}",
                 "/api/v1/search?q=residency&facets=1", f"/api/v1/search?q=residency+zq{self.asked}",
                 "/search?q=residency&kind=post")
        fields = [f"If-None-Match: {self.tag}"] if self.tag and self.asked % 3 == 0 else []
        if self.asked % 5 == 1:
            fields.append("Accept-Encoding: gzip")
        self.path = paths[0] if fields else paths[(self.asked + self.number) % len(paths)]
        self.sent_tag = self.tag if fields and fields[0].startswith("If") else None
        self.asked += 1
        self.received = b""
        self.link.sendall(daemon.request(self.path, *fields))

    def read(self):
        """Reads what has arrived; returns the answer if it is complete, else None."""
        chunk = self.link.recv(1 << 20)
        assert chunk, "the connection was closed"
        self.received += chunk
        return daemon.answer_if_complete(self.received)


class Reload(daemon.Case):
    def generation_of(self, client, answer):
        """The generation of an answer. Every part of the answer must be of this generation."""
        self.assertIn(answer.status, (200, 304), str(answer))
        generation = int(answer["ETag"].strip('"').split("-")[0])
        if answer.status == 304:
            self.assertEqual(answer["ETag"], client.sent_tag)
            return generation
        self.assertEqual(answer.status, 200, str(answer))
        body = answer.body
        if answer["Content-Encoding"] == "gzip":
            import gzip
            body = gzip.decompress(body)
        if client.path.startswith("/search"):
            self.page_of(generation, markup.parse(body))
            return generation
        found = answers.parse(body)
        self.assertEqual(found["revision"], str(generation))
        self.assertEqual(found["total"] or found["total_partial"], posts_of(generation))
        if "facets" in found:
            self.assertEqual(found["facets"]["kind"], [{"value": "post", "count": posts_of(generation)}])
        for hit in found["hits"]:
            for passage in hit["passages"]:
                self.assertIn(f"generation{generation} ", passage["text"] + " ")
        if client.path == "/api/v1/search?q=residency":
            client.tag = answer["ETag"]
        return generation

    def page_of(self, generation, page):
        """Checks that all searches of a results page are of one generation."""
        count = str(posts_of(generation))
        self.assertEqual(page.one(klass="total").one("strong").text, f"{count} results")
        self.assertEqual([each.text for each in page.one(klass="kinds").all(klass="count")], [count, count])
        for text in page.all("p", klass="text"):
            self.assertIn(f"generation{generation} ", text.text + " ")

    def round(self, clients, oldest):
        """Sends a request on every connection; returns the newest generation among the answers."""
        selector, newest = selectors.DefaultSelector(), oldest
        for client in clients:
            client.ask()
            selector.register(client.link, selectors.EVENT_READ, client)
        waiting, deadline = len(clients), time.monotonic() + 60
        while waiting:
            ready = selector.select(timeout=5)
            self.assertLess(time.monotonic(), deadline, "no answer")
            for key, _ in ready:
                answer = key.data.read()
                if answer is None:
                    continue
                selector.unregister(key.fileobj)
                waiting -= 1
                generation = self.generation_of(key.data, answer)
                self.assertGreaterEqual(generation, oldest, "older than an earlier answer")
                newest = max(newest, generation)
        selector.close()
        return newest

    def test_no_answer_fails_or_goes_back_while_the_index_changes(self):
        change = subprocess.Popen([CHANGE, str(self.index_dir), EVERY_MS], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, env=harness.environment())
        self.addCleanup(change.wait)
        self.addCleanup(change.stdin.close)
        self.addCleanup(change.stdout.close)
        self.assertEqual(change.stdout.readline(), b"0\n")
        served = self.serve("--rate", "0", "--query-timeout", "60000")  # on a busy machine, queries take long
        clients = [Client(served, number) for number in range(32)]
        self.addCleanup(lambda: [client.link.close() for client in clients])
        newest, rounds, end = 0, 0, time.monotonic() + SECONDS
        while time.monotonic() < end or (newest < CHANGES and time.monotonic() < end + 1800):
            newest = self.round(clients, newest)
            rounds += 1
        change.stdin.close()
        last = int(change.stdout.read().split()[-1])
        self.assertEqual(change.wait(), 0)

        def last_seen():
            nonlocal newest
            newest = self.round(clients, newest)
            return newest == last
        self.soon(last_seen)
        self.assertEqual(self.round(clients, newest), last)
        self.assertGreaterEqual(newest, CHANGES)
        counted = served.metrics()
        self.assertGreater(counted["searchd_index_changes_total"], 1)
        self.assertEqual([key for key in counted if 'status="5' in key], [])
        harness.row("swaps and commits under load",
                    f"{last} changes, {rounds * 32} answers, 0 failed, 0 mixed, 0 older than an earlier one")

    def test_a_run_of_the_indexer_is_seen_within_a_second(self):
        site = self.site({"a.md": "# First\n\nresidency\n"})
        self.index(site)
        served = self.serve()
        for number in range(5):
            self.write("site/a.md", f"# Guide {number}\n\nresidency number{number}\n")
            report = self.index(site)
            self.soon(lambda: json.loads(served.get("/api/v1/search?q=residency").body)["revision"]
                      == report["revision"])
            found = json.loads(served.get("/api/v1/search?q=residency").body)
            self.assertEqual(found["hits"][0]["title"], f"Guide {number}")


class Soak(daemon.Case):
    PATHS = ("/api/v1/search?q=the+data", "/api/v1/search?facets=1&q=research+zq{}", "/search?q=data+zq{}",
             "/api/v1/suggest?q=da", "/api/v1/search?q=people+zq{}", "/", "/api/v1/search?q=" + "data+-x" * 40 + "{}")

    def ask_all(self, links, number):
        """A request on every connection. Each answer is complete, and of one revision."""
        for at, link in enumerate(links):
            path = self.PATHS[(number + at) % len(self.PATHS)]
            link.sendall(daemon.request(path.format(number % WORDS)))
        for link in links:
            answer = self.read(link)
            self.assertEqual(answer.status, 200, str(answer))
            if answer["content-type"] == "application/json":
                revision = answer["etag"].strip('"').rpartition("-")[0]
                self.assertEqual(json.loads(answer.body).get("revision", revision), revision)

    def read(self, link):
        received = b""
        while True:
            chunk = link.recv(1 << 20)
            self.assertTrue(chunk, "the connection was closed")
            received += chunk
            head, end, body = received.partition(b"\r\n\r\n")
            if end:
                status, headers = daemon.parse_head(head)
                if len(body) >= int(headers["content-length"]):
                    return daemon.Answer(status, headers, body)

    def test_descriptors_and_memory_stay_flat(self):
        site = self.dir / "site"
        many_posts.write_posts(site, 400, words_each=80)
        self.index(site)
        served = self.serve("--rate", "0", "--query-timeout", "60000")
        links = [served.connect() for _ in range(8)]
        self.addCleanup(lambda: [link.close() for link in links])
        files, memory, asked, began = [], [], 0, time.monotonic()
        for run in range(SOAK_RUNS):
            while time.monotonic() < began + (run + 1) * SOAK / SOAK_RUNS:
                self.ask_all(links, asked)
                asked += 1
            self.write(f"site/000/{run % 7}.md", f"# Guide {run}\n\nresearch data people run{run}\n")
            self.index(site, options=["--full"] if run % 10 == 9 else [])
            metrics = served.metrics()
            files.append(int(metrics["process_open_fds"]))
            memory.append(metrics["process_resident_memory_bytes"] / (1 << 20))
        self.assertEqual([key for key in served.metrics() if 'status="5' in key], [])
        if harness.LONG:
            half = SOAK_RUNS // 2
            self.assertLessEqual(max(files[half:]), max(files[:half]) + 4, files)
            self.assertLessEqual(max(memory[half:]), max(memory[:half]) + 4, memory)
        self.assertLess(max(files), 150, files)
        if not harness.SANITIZED:
            self.assertLess(max(memory) - min(memory), 40, memory)
        harness.row("soak", f"{SOAK} s, {SOAK_RUNS} runs, {asked * len(links)} answers, 0 failed, at most {max(files)} "
                            f"descriptors and {max(memory):.0f} MB, at the end {files[-1]} and {memory[-1]:.0f} MB")


if __name__ == "__main__":
    harness.main()
