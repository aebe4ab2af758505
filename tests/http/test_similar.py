# SPDX-License-Identifier: GPL-2.0-or-later
"""/api/v1/similar: parameters and statuses, and that HTTP gives the same answers as `search`."""

import json
import re
import urllib.parse

import answers
import daemon
import harness

PAGE = "/research/ai-residencies/"


def path_of(**parameters):
    return "/api/v1/similar?" + urllib.parse.urlencode(parameters, doseq=True)


def without_time(body):
    return re.sub(rb'"took_us":\d+', b'"took_us":0', body)


class Similar(daemon.SharedCase):
    def test_answers_are_the_bytes_that_search_prints(self):
        for url in (PAGE, "https://www.launchcode.org/"):
            for options in ({}, {"limit": "3"}, {"kind": "post"}, {"kind": ["post", "resource"]}, {"limit": "100"}):
                args = [part for name, values in options.items()
                        for value in ([values] if isinstance(values, str) else values) for part in (f"--{name}", value)]
                printed = self.search("--json", *args, "--similar", url)
                found = self.get(path_of(url=url, **options))
                self.assertEqual(found.status, 200, str(found))
                self.assertEqual(without_time(found.body), without_time(printed.out), (url, options))
                answer = answers.check(found.body)
                self.assertTrue(answer["hits"])
                self.assertNotIn(url, [hit["url"] for hit in answer["hits"]])

    def test_limit_and_kind_apply_and_invalid_parameters_are_rejected(self):
        def hits(**options):
            return [hit["url"] for hit in json.loads(self.get(path_of(url=PAGE, **options)).body)["hits"]]
        self.assertEqual(len(hits()), 10)
        self.assertEqual(len(hits(limit=100)), 100)
        self.assertEqual(hits(limit=0), [])
        self.assertEqual(hits(limit=4), hits()[:4])
        self.assertTrue(all(url.startswith("/") for url in hits(kind="post")))
        self.assertFalse(any(url.startswith("/") for url in hits(kind="resource")))
        for options, parameter in (({"limit": 101}, "limit"), ({"limit": "x"}, "limit"), ({"limit": -1}, "limit"),
                                   ({"kind": "page"}, "kind"), ({"q": "a"}, "q"), ({"offset": 1}, "offset"),
                                   ({"url": [PAGE, PAGE]}, "url")):
            self.assertProblem(self.get(path_of(**dict({"url": PAGE}, **options))), 400, parameter)
        self.assertProblem(self.get("/api/v1/similar"), 400, "url")
        self.assertProblem(self.get("/api/v1/similar?url=%00"), 400, "url")
        self.assertProblem(self.get("/api/v1/similar?url=%ff"), 400, "url")

    def test_a_url_that_is_not_indexed_is_404_with_the_nearest(self):
        for url, nearest in (("/reserch/ai-residencies/", PAGE), ("https://nothing.example/zzzz", None), ("", None),
                             ("x" * 5000, None), ("/" + "é" * 500, None)):
            found = self.get(path_of(url=url))
            self.assertProblem(found, 404, "url")
            detail = json.loads(found.body)["detail"]
            self.assertEqual("nearest" in detail, nearest is not None, detail)
            self.assertIn(nearest or "", detail)
            self.assertIsNone(found["ETag"])

    def test_answers_have_an_entity_tag_and_refuse_other_methods(self):
        found = self.get(path_of(url=PAGE))
        self.assertEqual(found["Content-Type"], "application/json")
        self.assertEqual(found["Cache-Control"], "no-cache")
        self.assertEqual(found["Vary"], "Accept-Encoding, Origin")
        self.assertRegex(found["ETag"], r'^"[0-9a-f]{16}-[0-9a-f]{16}"$')
        head = self.get(path_of(url=PAGE), method="HEAD")
        self.assertEqual((head.status, head.body, head["ETag"], head["Content-Length"]),
                         (200, b"", found["ETag"], found["Content-Length"]))
        self.assertEqual(self.get(path_of(url=PAGE), {"If-None-Match": found["ETag"]}).status, 304)
        self.assertEqual(self.get(path_of(url=PAGE), method="POST").status, 405)
        same = [self.get(path_of(url=PAGE, **options))["ETag"] for options in
                ({"limit": 10}, {"kind": ""}, {"limit": ""})]
        self.assertEqual(set(same), {found["ETag"]})
        both = {self.get(path_of(url=PAGE, kind=kinds))["ETag"]
                for kinds in (["post", "resource"], ["resource", "post"], ["post", "resource", "post"])}
        self.assertEqual(len(both), 1)
        others = [self.get(path_of(url=PAGE, **options))["ETag"] for options in
                  ({"limit": 9}, {"kind": "post"}, {"kind": "resource"})] + [found["ETag"], *both]
        self.assertEqual(len(set(others)), 5)

    def test_requests_are_counted_in_the_metrics(self):
        before = self.daemon.metrics()
        self.get(path_of(url=PAGE))
        self.get(path_of(url="/nothing/"))
        after = self.daemon.metrics()
        grown = {name for name in after if 'route="similar"' in name and after[name] > before.get(name, 0)}
        self.assertTrue(any('status="200"' in name for name in grown), grown)
        self.assertTrue(any('status="404"' in name for name in grown), grown)

    def test_base_url_is_put_before_urls_of_the_site(self):
        with daemon.Daemon(self.index_path, "--base-url", "https://example.org") as served:
            answer = json.loads(served.get(path_of(url="https://example.org" + PAGE, kind="post")).body)
            self.assertTrue(answer["hits"])
            self.assertTrue(all(hit["url"].startswith("https://example.org/") for hit in answer["hits"]))


if __name__ == "__main__":
    harness.main()
