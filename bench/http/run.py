#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares searchd over HTTP with other search servers, in one run.

    bench/http/run.py BUILD [--site DIR] [--seconds N] [--work DIR] [--all-documents]
    bench/http/run.py BUILD --soak REQUESTS [--site DIR] [--work DIR]

Measures uncached queries with ten highlighted hits from 32 connections, for searchd, SQLite FTS5,
Sphinx and MiniSearch; a cached answer against a "hello" of the same size; the latency of one client;
and suggestions while typing. wrk and the servers share the machine's cores, so the servers' CPU time
per request is a fairer figure than requests per second; both are printed. README.md describes how
each server is set up.

The site defaults to sites/18f/content in the folder that SIGNPOST_COLLECTIONS names. The other servers
get the site's pages, or with --all-documents every document of searchd's index, including one for each
resource. With --soak only searchd runs, with its cache, and its resident memory is printed after each
tenth of the requests.

The folder --work keeps the prepared data, and MiniSearch (from npm), between runs: default
build/bench-http.
"""
import argparse
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.append(str(ROOT / "tests/support"))
import collection_folder

TICK = os.sysconf("SC_CLK_TCK")
CONNECTIONS, THREADS = 32, 2


def free_port():
    with socket.socket() as link:
        link.bind(("127.0.0.1", 0))
        return link.getsockname()[1]


def processes(pid):
    """The ids of the process and its children."""
    found = [pid]
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += processes(int(child))
    return found


class Server:
    """A server on a free port, which runs during the `with` block."""

    def __init__(self, command, cwd=None, also=()):
        self.port = free_port()
        self.also = also
        command = [str(part).replace("PORT", str(self.port)) for part in command]
        self.process = subprocess.Popen(command, cwd=cwd, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def __enter__(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return self
            except OSError:
                time.sleep(0.1)
        raise SystemExit("a server does not start")

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)

    def cpu(self):
        """CPU seconds so far of the process, its children, and other processes that work for the server."""
        ticks = 0
        for pid in processes(self.process.pid) + [pid for other in self.also for pid in processes(other)]:
            fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / TICK

    def rss(self):
        total = 0
        for pid in processes(self.process.pid):
            total += int(re.search(r"VmRSS:\s+(\d+)", open(f"/proc/{pid}/status").read()).group(1))
        return total / 1024


def load(server, paths, seconds, connections=CONNECTIONS):
    """Requests per second, CPU microseconds per request, and p50 and p99 in milliseconds."""
    env = dict(os.environ, PATHS=str(paths))
    before = server.cpu()
    done = subprocess.run(["wrk", "-t", str(min(THREADS, connections)), "-c", str(connections), "-d", f"{seconds}s",
                           "--latency", "-s", HERE / "queries.lua", f"http://127.0.0.1:{server.port}/"],
                          env=env, stdout=subprocess.PIPE, check=True, text=True).stdout
    cpu = server.cpu() - before
    count = int(re.search(r"(\d+) requests in", done).group(1))
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", done)
    if wrong or "Socket errors" in done:
        print(done)
        raise SystemExit("answers failed")
    scale = {"us": 0.001, "ms": 1, "s": 1000}
    times = {name: float(value) * scale[unit]
             for name, value, unit in re.findall(r"(\d\d)%\s+([\d.]+)(us|ms|s)", done)}
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", done).group(1))
    return rate, cpu / count * 1e6, times["50"], times["99"]


def write_paths(path, texts, prefix):
    path.write_text("".join(f"{prefix}{urllib.parse.quote_plus(text)}\n" for text in texts))
    return path


def documents_of(build, index):
    """All documents of an index as url, title and body; the first line of a text is the title."""
    listed = subprocess.run([build / "bench/bench_record", index, "--texts"], check=True,
                            stdout=subprocess.PIPE).stdout
    at, found = 0, []
    while at < len(listed):
        end = listed.index(b"\n", at)
        kind, length = listed[at:end].decode().split()
        text = listed[end + 1:end + 1 + int(length)].decode()
        title, _, body = text.partition("\n")
        found.append({"url": f"/{kind}/{len(found)}/", "title": title, "body": " ".join(body.split())})
        at = end + 1 + int(length) + 1
    return found


def make(work, build, site, all_documents):
    """Prepares the index, the pages and the queries for all servers."""
    work.mkdir(parents=True, exist_ok=True)
    for name in ("pages.db",):
        (work / name).unlink(missing_ok=True)
    subprocess.run([build / "indexer/indexer", "-q", "--full", "-o", work / "index", site], check=True)
    source = site
    if all_documents:
        source = work / "documents.jsonl"
        with open(source, "w", encoding="utf-8") as file:
            for document in documents_of(build, work / "index"):
                file.write(json.dumps(document) + "\n")
    subprocess.run([sys.executable, HERE / "texts.py", source, work / "pages.jsonl", work / "pages.db"], check=True)
    queries = subprocess.run([sys.executable, HERE.parent / "queries.py", site], check=True, text=True,
                             stdout=subprocess.PIPE).stdout.split("\n")
    queries = [query for query in queries if query]
    typed = [query[:length] for query in queries for length in range(1, len(query) + 1)]
    write_paths(work / "queries", queries, "/api/v1/search?q=")
    write_paths(work / "typed", typed, "/api/v1/suggest?q=")
    (work / "one").write_text("/api/v1/search?q=" + urllib.parse.quote_plus(queries[0]) + "\n")
    if not (work / "node_modules/minisearch").exists():
        subprocess.run(["npm", "install", "--silent", "--no-save", "--prefix", work, "minisearch"], check=False)


def start_sphinx(work):
    """Starts Sphinx's daemon with a real-time index; returns its pid, and the folder of its files."""
    folder = work / "sphinx"
    folder.mkdir(exist_ok=True)
    for left in folder.iterdir():
        left.unlink()
    (folder / "conf").write_text(f"""
        index pages {{
            type = rt
            path = {folder}/pages
            rt_field = title
            rt_field = body
            rt_attr_string = url
            rt_attr_string = title
            rt_attr_string = body
            morphology = stem_en
            dict = keywords
        }}
        searchd {{
            listen = {folder}/socket:mysql41
            log = {folder}/log
            pid_file = {folder}/pid
            binlog_path =
            workers = threads
        }}""")
    subprocess.run(["/usr/bin/searchd", "--config", folder / "conf"], check=True, stdout=subprocess.DEVNULL)
    feed = [json.loads(line) for line in open(work / "pages.jsonl", encoding="utf-8")]
    sql = "".join("INSERT INTO pages (id, title, body, url) VALUES ({}, '{}', '{}', '{}')\n".format(
        number, *(" ".join(one[name].split()).replace("\\", " ").replace("'", "\\'")
                  for name in ("title", "body", "url")))
        for number, one in enumerate(feed, 1))
    (folder / "feed.sql").write_text(sql)
    return int((folder / "pid").read_text()), folder


def soak(searchd, work, wanted):
    """Sends queries with many limits and offsets, so that the cache fills and evicts entries."""
    paths = [line.strip() + more for line in open(work / "queries", encoding="utf-8")
             for more in ("", "&limit=3", "&offset=10", "&kind=post", "&facets=1", "&sort=newest")]
    paths += [line.strip() for line in open(work / "typed", encoding="utf-8")]
    (work / "mix").write_text("\n".join(paths) + "\n")
    with Server(searchd) as server:
        done, printed = 0, 0
        print(f"{done:9} requests, {server.rss():.1f} MB", flush=True)
        while done < wanted:
            rate = load(server, work / "mix", 5)[0]
            done += int(rate * 5)
            if done * 10 // wanted > printed:
                printed = done * 10 // wanted
                print(f"{done:9} requests, {server.rss():.1f} MB", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--site", type=pathlib.Path)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / "build/bench-http")
    parser.add_argument("--soak", type=int)
    parser.add_argument("--all-documents", action="store_true")
    given = parser.parse_args()
    build, work, seconds = given.build.resolve(), given.work.resolve(), given.seconds
    site = given.site or collection_folder.find_or_exit("sites/18f/content")
    make(work, build, site, given.all_documents)
    searchd = [build / "searchd/searchd", "-i", work / "index", "-l", "127.0.0.1:PORT", "--threads", THREADS,
               "--rate", "0"]
    if given.soak:
        soak(searchd, work, given.soak)
        return

    def row(name, figures, against=None):
        ratio = f"{against[0] / figures[0]:8.2f} {figures[1] / against[1]:8.2f}" if against else ""
        print(f"{name:34} {figures[0]:9.0f}/s {figures[1]:8.1f} us {figures[2]:8.3f} {figures[3]:8.3f} ms {ratio}",
              flush=True)

    print(f"{'':34} {'requests':>11} {'CPU':>11} {'p50':>8} {'p99':>11} {'times the rate, CPU of searchd':>20}")
    with Server([*searchd, "--cache", "0"]) as server:
        load(server, work / "queries", 1)
        ours = load(server, work / "queries", seconds)
        row("searchd, uncached", ours)
        row("searchd, uncached, one client", load(server, work / "queries", seconds, 1))
        load(server, work / "typed", 1)
        row("searchd, suggest, uncached", load(server, work / "typed", seconds))
        row("searchd, suggest, one client", load(server, work / "typed", seconds, 1))
        print(f"{'':34} resident {server.rss():.1f} MB")
    with Server([build / "bench/bench_http_fts5", "PORT", work / "pages.db"]) as server:
        load(server, work / "queries", 1)
        row("FTS5 with snippet()", load(server, work / "queries", seconds), ours)
    if (work / "node_modules/minisearch").exists():
        for workers in (1, THREADS):
            with Server(["node", HERE / "minisearch.js", "PORT", work / "pages.jsonl", workers], cwd=work) as server:
                load(server, work / "queries", 2)
                row(f"MiniSearch, Node, processes: {workers}", load(server, work / "queries", seconds), ours)
                print(f"{'':34} resident {server.rss():.1f} MB")
    front = build / "bench/bench_http_sphinx"
    if front.exists() and pathlib.Path("/usr/bin/searchd").exists():
        pid, folder = start_sphinx(work)
        try:
            subprocess.run([front, "--feed", folder / "socket", folder / "feed.sql"], check=True)
            with Server([front, "PORT", folder / "socket"], also=[pid]) as server:
                load(server, work / "queries", 1)
                row("Sphinx with SNIPPET()", load(server, work / "queries", seconds), ours)
        finally:
            os.kill(pid, signal.SIGTERM)
    with Server(searchd) as server:
        load(server, work / "one", 1)
        cached = load(server, work / "one", seconds)
        row("searchd, one cached answer", cached)
        path = (work / "one").read_text().strip()
        body = subprocess.run(["curl", "-s", f"http://127.0.0.1:{server.port}{path}"], check=True,
                              stdout=subprocess.PIPE).stdout
        (work / "body").write_bytes(body)
    with Server([build / "bench/bench_http_hello", "PORT", work / "body"]) as server:
        load(server, work / "one", 1)
        hello = load(server, work / "one", seconds)
        row(f"hello of {len(body)} bytes", hello)
    print(f"cached answer: {cached[0] / hello[0]:.2f} of hello's requests a second")


if __name__ == "__main__":
    main()
