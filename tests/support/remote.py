# SPDX-License-Identifier: GPL-2.0-or-later
"""Servers of remote databases for tests: xapian-tcpsrv, and servers that hang, delay or talk nonsense."""

import contextlib
import os
import select
import shutil
import signal
import socket
import subprocess
import threading
import time

SERVER = shutil.which("xapian-tcpsrv")
MISSING = "xapian-tcpsrv not found (package xapian-tools)"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """xapian-tcpsrv in a process group of its own, because it has a child for each connection."""

    def __init__(self, path, port=None):
        self.path, self.port = path, port or free_port()
        self.name = f"127.0.0.1:{self.port}"
        self.start()

    def start(self):
        self.process = subprocess.Popen([SERVER, "--quiet", "-i", "127.0.0.1", "-p", str(self.port), str(self.path)],
                                        stderr=subprocess.DEVNULL, start_new_session=True)
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 5).close()
                return
            except OSError:
                assert self.process.poll() is None and time.monotonic() < deadline, "xapian-tcpsrv does not listen"
                time.sleep(0.01)

    def signal(self, number):
        os.killpg(self.process.pid, number)

    def kill(self):
        if self.process.poll() is None:
            self.signal(signal.SIGKILL)
            self.process.wait()


class Fake:
    """A server on a free port that treats each connection by `handle(socket)`, in a thread of its own."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.name = f"127.0.0.1:{self.port}"
        self.links = []
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                link = self.listener.accept()[0]
            except OSError:
                return
            self.links.append(link)
            threading.Thread(target=self.treat, args=(link,), daemon=True).start()

    def treat(self, link):
        try:
            self.handle(link)
        except OSError:
            pass

    def handle(self, link):
        """Accepts and never answers."""

    def kill(self):
        self.listener.close()
        for link in self.links:
            link.close()


class Babbler(Fake):
    """Sends the same bytes to each client."""

    def __init__(self, content):
        self.content = content
        super().__init__()

    def handle(self, link):
        link.sendall(self.content)


class Proxy(Fake):
    """Passes bytes on to another server; `delay` and `piece` can be changed at any time. Replies that begin with `hold`
    are held until `released`."""

    def __init__(self, port, delay=0.0, piece=65536):
        self.target, self.delay, self.piece = port, delay, piece
        self.hold, self.held, self.released = None, threading.Event(), threading.Event()
        super().__init__()

    def handle(self, link):
        there = socket.create_connection(("127.0.0.1", self.target))
        for side in link, there:
            side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.links.append(there)
        threading.Thread(target=self.treat_back, args=(there, link), daemon=True).start()
        self.copy(link, there, 0.0, 65536)

    def treat_back(self, there, link):
        try:
            self.copy(there, link, None, None)
        except OSError:
            pass

    def copy(self, source, target, delay, piece):
        try:
            while chunk := source.recv(65536):
                size = piece or self.piece
                for at in range(0, len(chunk), size):
                    time.sleep(self.delay if delay is None else delay)
                    if delay is None and self.hold and chunk.startswith(self.hold):
                        self.held.set()
                        self.released.wait()
                    target.sendall(chunk[at:at + size])
        finally:
            source.close()
            target.close()


class SlowsDown(Proxy):
    """A proxy that delays each answer on a connection after the first `fast`; `most`: answers on one connection."""

    fast, most = 10**9, 0

    def copy(self, source, target, delay, piece):
        answers = 0
        try:
            while chunk := source.recv(65536):
                if delay is None:  # from the server
                    answers += 1
                    self.most = max(self.most, answers)
                    time.sleep(self.delay if answers > self.fast else 0)
                target.sendall(chunk)
        finally:
            source.close()
            target.close()


class Recorder(Fake):
    """Passes bytes on to another server, and keeps the replies to the last client: the greeting, and what comes after
    each request."""

    def __init__(self, port):
        self.target, self.replies = port, []
        super().__init__()

    def handle(self, link):
        self.replies = replies = [b""]
        with link, socket.create_connection(("127.0.0.1", self.target)) as there:
            while True:
                for side in select.select([link, there], [], [])[0]:
                    chunk = side.recv(65536)
                    if not chunk:
                        return
                    if side is link:
                        if replies[-1]:
                            replies.append(b"")
                        there.sendall(chunk)
                    else:
                        replies[-1] += chunk
                        link.sendall(chunk)


class Player(Fake):
    """Gives each client the same replies, each after a delay. xapian-tcpsrv itself ends connections that wait."""

    def __init__(self, replies, delay):
        self.replies, self.delay = replies, delay
        super().__init__()

    def handle(self, link):
        for reply in self.replies:
            time.sleep(self.delay)
            link.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                link.recv(65536)  # the rest of the request
            link.setblocking(True)
            link.sendall(reply)
            if not link.recv(65536):
                return
