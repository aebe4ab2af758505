# SPDX-License-Identifier: GPL-2.0-or-later
"""nginx and Caddy accept their examples in packaging/, and searchd gives the same answers through nginx.
Skipped (77) without both."""

import gzip
import os
import re
import shutil
import socket
import subprocess
import sys
import unittest

import daemon
import harness

PACKAGING = harness.ROOT / "packaging"

# Fields of requests that nginx and searchd could read differently; a body that looks like a request follows.
SMUGGLING = [b"Content-Length: 38", b"Content-Length:\r\n 38", b"Content-Length: 38\r\nTransfer-Encoding: chunked",
             b"Content-Length: 0\r\nContent-Length: 38", b"Content-Length: 38, 38", b"Content-Length : 38", b"Content-Length: +38",
             b"Transfer-Encoding: chunked", b"Transfer-Encoding:\r\n chunked", b"Transfer-Encoding : chunked",
             b"Transfer-Encoding: xchunked", b"Transfer-Encoding: identity", b"Transfer-Encoding\x0b: chunked",
             b"Expect: 100-continue\r\nContent-Length: 38", b"Host: searchd", b"a: b\rContent-Length: 38", b"\0: b"]
BODY = b"GET /metrics HTTP/1.1\r\nHost: searchd\r\n\r\n"


def tool(name):
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin")


def free_port():
    with socket.socket() as link:
        link.bind(("127.0.0.1", 0))
        return link.getsockname()[1]


@unittest.skipUnless(tool("nginx"), "nginx is not installed")
class Nginx(daemon.Case):
    def start(self, searchd_port):
        """Starts nginx with the example, on a free port."""
        self.port = free_port()
        example = (PACKAGING / "nginx.conf").read_text().replace("127.0.0.1:8080", f"127.0.0.1:{searchd_port}")
        example = self.write("example.conf", example)
        temp = "\n".join(f"{kind}_temp_path {self.dir}/{kind};"
                         for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        conf = self.write("nginx.conf", f"""
            worker_processes 1; daemon off; pid {self.dir}/pid; error_log {self.dir}/error.log;
            events {{ worker_connections 100; }}
            http {{ access_log off; {temp}
                    server {{ listen 127.0.0.1:{self.port}; include {example}; }} }}""")
        command = [tool("nginx"), "-c", str(conf), "-p", str(self.dir), "-e", f"{self.dir}/error.log"]
        done = harness.run([*command, "-t"])
        self.assertEqual(done.code, 0, str(done))
        process = subprocess.Popen(command, env=harness.environment())
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        self.eventually(self.is_open)

    def is_open(self):
        try:
            socket.create_connection(("127.0.0.1", self.port)).close()
            return True
        except OSError:
            return False

    def test_answers_through_nginx_are_those_of_searchd(self):
        self.index(harness.CORPUS)
        log = self.dir / "access.log"
        served = self.serve("--trusted-proxy", "127.0.0.1", "--rate", "1", "--burst", "20", "--access-log", log)
        self.start(served.port)

        def get(path, headers=()):
            return served.get(path, headers, base=f"http://127.0.0.1:{self.port}", source="127.0.0.2")
        path = "/api/v1/search?q=r%C3%A9sum%C3%A9+%22cover+letter%22&limit=3"
        direct, found = served.get(path, {"X-Forwarded-For": "192.0.2.1"}), get(path)
        self.assertEqual(found.status, 200)
        for name in ("ETag", "Cache-Control", "Content-Type", "X-Content-Type-Options", "Vary"):
            self.assertEqual(found[name], direct[name], name)
        self.assertEqual(get(path, {"If-None-Match": found["ETag"]}).status, 304)
        packed = get(path, {"Accept-Encoding": "gzip"})
        self.assertEqual(packed["Content-Encoding"], "gzip")
        self.assertIn(b'"hits"', gzip.decompress(packed.body))
        self.assertEqual(packed["ETag"], found["ETag"][:-1] + '-gzip"')
        page = get("/search?q=residency", {"Accept": "text/html"})
        self.assertEqual(page["Content-Type"], "text/html; charset=utf-8")
        for needed in re.findall(rb'(?:href|src)="(search-[^"]+|opensearch.xml)"', page.body):
            self.assertEqual(get("/" + needed.decode()).status, 200, needed)
        for closed in ("/metrics", "/readyz", "/healthz"):
            self.assertIn(get(closed).status, (403, 404))
            self.assertNotIn(b"searchd", get(closed).body)
        self.assertEqual(get("/api/v1/search?q=a&limit=x")["Content-Type"], "application/problem+json")
        statuses = [get(path, {"X-Forwarded-For": f"192.0.2.{number}"}).status for number in range(40)]
        self.assertIn(429, statuses, "a forged X-Forwarded-For was trusted")
        self.assertIn("127.0.0.2 - - ", log.read_text())

    def test_no_request_is_smuggled_through_nginx(self):
        """searchd never answers what nginx takes for a body, and later answers belong to their requests."""
        self.index(harness.CORPUS)
        log = self.dir / "access.log"
        served = self.serve("--trusted-proxy", "127.0.0.1", "--rate", "0", "--access-log", log)
        self.start(served.port)
        target = b"GET /api/v1/search?q=data HTTP/1.1\r\nHost: localhost\r\n"
        for number, fields in enumerate(SMUGGLING):
            with socket.create_connection(("127.0.0.1", self.port), timeout=30) as link:
                daemon.exchange(link, target + fields + b"\r\nConnection: close\r\n\r\n" + BODY, half_close=True)
            found = served.get(f"/api/v1/search?q=word{number}", base=f"http://127.0.0.1:{self.port}")
            self.assertIn(f'"text":"word{number}"'.encode(), found.body, fields)
        self.assertNotIn("/metrics", log.read_text())


@unittest.skipUnless(tool("caddy"), "Caddy is not installed")
class Caddy(harness.Case):
    def test_caddy_accepts_the_example(self):
        env = {"HOME": str(self.dir), "XDG_DATA_HOME": str(self.dir), "XDG_CONFIG_HOME": str(self.dir)}
        done = harness.run([tool("caddy"), "adapt", "--adapter", "caddyfile", "--config",
                            str(PACKAGING / "Caddyfile")], env=env)
        self.assertEqual(done.code, 0, str(done))
        self.assertIn("reverse_proxy", done.text)


if __name__ == "__main__":
    if not tool("nginx") and not tool("caddy"):
        print("skipped: neither nginx nor Caddy is installed")
        sys.exit(77)
    harness.main()
