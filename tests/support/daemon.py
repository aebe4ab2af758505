# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs searchd for a test: starts it on a free port, sends requests through libcurl or as raw bytes, and
stops it. The test fails if searchd crashes, hangs or prints a sanitizer's error.

$SIGNPOST_SEARCHD names the program; ctest sets it.
"""

import io
import os
import re
import signal
import socket
import subprocess
import tempfile
import time

import pycurl

import harness

SEARCHD = os.environ.get("SIGNPOST_SEARCHD", "searchd")
LISTENING = re.compile(rb"searchd: listening on (\S+)\n")
HEAD = b"Host: localhost\r\n"
# Seconds within which a daemon must notice that its index changed; more with a slow sanitizer.
SEEN_WITHIN = 5 if harness.SANITIZED else 1
PAUSE = 0.02  # seconds between two looks at a condition


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def __getitem__(self, name):
        return self.headers.get(name.lower())

    def __str__(self):
        return f"{self.status} {self.headers} {self.body[:2000]!r}"


class Daemon:
    def __init__(self, index, *options, listen=("127.0.0.1:0",), env=None, wait=True, program=SEARCHD, **kwargs):
        args = [program]
        for path in index if isinstance(index, (list, tuple)) else [index]:
            args += ["-i", str(path)]
        for address in listen:
            args += ["-l", address]
        # Standard error is a file and not a pipe, so that it can be read at any time.
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen([*args, *map(str, options)], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=self.log,
                                        env=harness.environment(env), **kwargs)
        self.addresses = []
        self.code = None
        self.curl = pycurl.Curl()
        if wait:
            self.wait_listening(max(1, len(listen)))

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if self.process.poll() is None:
            self.stop(check=kind is None)

    def errors(self):
        """The standard error of the daemon so far."""
        if not self.log.closed:
            self.log.seek(0)
            self.said = self.log.read()
        return self.said

    def wait_listening(self, count):
        deadline = time.monotonic() + 30
        while len(self.addresses) < count:
            assert self.process.poll() is None, f"ended: {self.errors()!r}"
            assert time.monotonic() < deadline, f"does not listen: {self.errors()!r}"
            self.addresses = [found.decode() for found in LISTENING.findall(self.errors())]
            time.sleep(0.005)
        self.url = next((url.rstrip("/") for url in self.addresses if url.startswith("http")), None)
        self.port = int(self.url.rsplit(":", 1)[1]) if self.url else None
        self.pid = self.process.pid

    def thread_states(self):
        """Name, state and system call of each thread, for failure messages."""
        tasks = []
        for task in os.listdir(f"/proc/{self.process.pid}/task"):
            folder = f"/proc/{self.process.pid}/task/{task}/"
            tasks.append([open(folder + name).read().strip()[:200] for name in ("comm", "stat", "syscall")])
        return tasks

    def get(self, path, headers=(), method="GET", base=None, unix=None, encoding=None, source=None):
        """Sends a request and returns the answer. Bodies are returned as sent, so gzip is not unpacked."""
        head, body, curl = [], io.BytesIO(), self.curl
        curl.reset()
        curl.setopt(pycurl.URL, ((base or self.url or "http://localhost") + path).encode())
        curl.setopt(pycurl.PATH_AS_IS, 1)
        curl.setopt(pycurl.NOSIGNAL, 1)
        curl.setopt(pycurl.TIMEOUT, 60)
        curl.setopt(pycurl.HEADERFUNCTION, head.append)
        curl.setopt(pycurl.WRITEFUNCTION, body.write)
        curl.setopt(pycurl.HTTPHEADER, [f"{name}: {value}" for name, value in dict(headers).items()])
        if method == "HEAD":
            curl.setopt(pycurl.NOBODY, 1)
        elif method != "GET":
            curl.setopt(pycurl.CUSTOMREQUEST, method)
        if unix:
            curl.setopt(pycurl.UNIX_SOCKET_PATH, unix)
        if source:
            curl.setopt(pycurl.INTERFACE, source)
        curl.perform()
        return Answer(curl.getinfo(pycurl.RESPONSE_CODE), parse_head(b"".join(head))[1],
                      body.getvalue())

    def connect(self, timeout=30):
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)

    def raw(self, data, timeout=30, half_close=False):
        """Sends bytes and reads to the end of the stream, or until nothing arrives for `timeout` seconds."""
        with self.connect(timeout) as link:
            return exchange(link, data, half_close)

    def metrics(self):
        """Each line of /metrics as name with labels -> value."""
        lines = self.get("/metrics").body.decode().splitlines()
        return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1])
                for line in lines if not line.startswith("#")}

    def stop(self, number=signal.SIGTERM, check=True, timeout=60):
        """Sends the signal `number`, waits for the daemon to end, and returns its exit code. Afterwards
        errors() returns its output. number None: no signal, the daemon ends by itself."""
        if number is not None and self.process.poll() is None:
            self.process.send_signal(number)
        try:
            self.out = self.process.communicate(timeout=timeout)[0]
        except subprocess.TimeoutExpired:
            threads = self.thread_states()
            self.process.kill()
            self.process.communicate()
            raise AssertionError(f"does not end: {threads} {self.errors()!r}") from None
        self.code = self.process.returncode
        said = self.errors()
        self.log.close()
        if check:
            assert self.code == 0, f"exit {self.code}: {said!r}"
        assert b"Sanitizer" not in said and b"runtime error" not in said, said.decode("utf-8", "replace")
        return self.code


def exchange(link, data, half_close=False):
    """Sends bytes on a connection and reads to the end of the stream."""
    received = b""
    try:
        link.sendall(data)
        if half_close:
            link.shutdown(socket.SHUT_WR)
        while chunk := link.recv(65536):
            received += chunk
    except (ConnectionResetError, BrokenPipeError):
        pass
    return received


def parse_head(data):
    """Status and headers of a head; names in lower case, values of repeated fields joined by commas."""
    blocks = [block for block in data.split(b"\r\n\r\n") if block]
    lines = blocks[-1].decode("latin-1").split("\r\n")
    headers = {}
    for line in lines[1:]:
        name, value = line.split(":", 1)
        name = name.lower()
        headers[name] = headers[name] + ", " + value.strip() if name in headers else value.strip()
    return int(lines[0].split(" ")[1]), headers


def body_length(status, headers):
    """Bytes of the body of an answer; an answer without Content-Length has no body."""
    return int(headers.get("content-length", "0")) if status not in (204, 304) else 0


def answer_if_complete(data):
    """The answer that the bytes are, or None if more must come."""
    head, separator, body = data.partition(b"\r\n\r\n")
    if not separator:
        return None
    status, headers = parse_head(head)
    return Answer(status, headers, body) if len(body) >= body_length(status, headers) else None


def parse_answers(data):
    """All answers in a stream."""
    answers = []
    while data:
        head, separator, rest = data.partition(b"\r\n\r\n")
        assert separator, f"incomplete head: {data[:500]!r}"
        assert head.startswith(b"HTTP/1.1 "), f"not a head: {data[:500]!r}"
        status, headers = parse_head(head)
        length = body_length(status, headers)
        assert len(rest) >= length, f"incomplete body: {status} {headers} {rest!r}"
        answers.append(Answer(status, headers, rest[:length]))
        data = rest[length:]
    return answers


def request(path="/healthz", *fields, method="GET", version="HTTP/1.1"):
    lines = [f"{method} {path} {version}", "Host: localhost", *fields]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class Case(harness.Case):
    """A test with its own index in self.index_dir, whose daemons are stopped at its end."""

    def serve(self, *options, index=None, **kwargs):
        daemon = Daemon(index or self.index_dir, *options, **kwargs)
        self.addCleanup(daemon.__exit__, None)
        return daemon

    def eventually(self, condition, within=30):
        """Waits until the condition is true; fails after `within` seconds."""
        deadline = time.monotonic() + within
        while not condition():
            self.assertLess(time.monotonic(), deadline, "the condition does not become true")
            time.sleep(PAUSE)

    def soon(self, condition):
        """Waits until the condition, which sends requests to the daemon, is true. Fails after pauses of
        SEEN_WITHIN seconds; the time of the requests does not count, as the machine may be busy."""
        for _ in range(round(SEEN_WITHIN / PAUSE)):
            if condition():
                return
            time.sleep(PAUSE)
        self.fail(f"not seen within {SEEN_WITHIN} s")

    def assertProblem(self, answer, status, parameter=None):
        import answers
        self.assertEqual(answer.status, status, str(answer))
        self.assertEqual(answer["Content-Type"], "application/problem+json")
        self.assertEqual(answer["Cache-Control"], "no-store")
        self.assertEqual(answer["X-Content-Type-Options"], "nosniff")
        if answer.body:
            problem = answers.parse(answer.body)
            keys = ["type", "title", "status", "detail"] + (["parameter"] if parameter else [])
            self.assertEqual(list(problem), keys, str(answer))
            self.assertEqual(problem["status"], status)
            self.assertEqual(problem.get("parameter"), parameter)
            self.assertNotIn(str(self.dir), problem["detail"])
        return answer


class SharedCase(Case):
    """Tests that share one daemon, which serves the corpus with OPTIONS."""

    OPTIONS = ("--rate", "0")

    @classmethod
    def setUpClass(cls):
        cls.ground = tempfile.TemporaryDirectory(prefix="signpost-http.")
        cls.index_path = os.path.join(cls.ground.name, "index")
        harness.run([harness.INDEXER, "-q", "-o", cls.index_path, str(harness.CORPUS)])
        cls.daemon = Daemon(cls.index_path, *cls.OPTIONS)

    @classmethod
    def tearDownClass(cls):
        cls.daemon.stop()
        cls.ground.cleanup()

    def setUp(self):
        super().setUp()
        self.index_dir = self.index_path

    def get(self, path, *args, **kwargs):
        return self.daemon.get(path, *args, **kwargs)
