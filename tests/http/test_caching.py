# SPDX-License-Identifier: GPL-2.0-or-later
"""Entity tags, 304, gzip, and the answer cache."""

import gzip
import json

import daemon
import harness

SEARCH = "/api/v1/search?q=residency+research"
SIMILAR = "/api/v1/similar?url=/research/ai-residencies/"
TAGGED = (SEARCH, "/api/v1/suggest?q=resi", SIMILAR, "/openapi.json", "/opensearch.xml", "/search?q=residency", "/", "/search-box.js", "/search-words.json?lang=de")


class Caching(daemon.SharedCase):
    def test_the_entity_tag_depends_on_the_request_but_not_its_spelling(self):
        tag = self.get(SEARCH)["ETag"]
        for same in ("/api/v1/search?q=residency%20research", SEARCH + "&limit=10", SEARCH + "&offset=0&sort=relevance",
                     "/api/v1/search?limit=10&q=residency+research", SEARCH + "&exact=0&tag="):
            self.assertEqual(self.get(same)["ETag"], tag, same)
        a = self.get(SEARCH + "&tag=a&tag=b&kind=post")["ETag"]
        self.assertEqual(self.get(SEARCH + "&kind=post&tag=b&tag=a&tag=b")["ETag"], a)
        others = [SEARCH + more for more in ("&limit=9", "&offset=1", "&sort=newest", "&exact=1", "&facets=1", "+",
                                             "&kind=post", "&tag=a", "&category=a", "&lang=a", "&after=2018", "&before=2018",
                                             "&tag=b", "&tag=a&tag=b", "&tag=ab")]
        tags = [self.get(other)["ETag"] for other in others] + [tag, self.get("/api/v1/suggest?q=residency+research")["ETag"]]
        self.assertEqual(len(set(tags)), len(tags))

    def test_the_entity_tag_depends_on_the_daemons_options(self):
        with daemon.Daemon(self.index_path, "--base-url", "https://example.org") as other:
            for path in (SEARCH, "/search?q=residency"):
                self.assertNotEqual(other.get(path).body, self.get(path).body)
                self.assertNotEqual(other.get(path)["ETag"], self.get(path)["ETag"], path)

    def test_a_matching_entity_tag_gives_304(self):
        for path in TAGGED:
            whole = self.get(path)
            tag = whole["ETag"]
            for listed in (tag, "W/" + tag, f'"x", {tag}', f'"x" , W/{tag},"y"', "*"):
                for method in ("GET", "HEAD"):
                    found = self.get(path, {"If-None-Match": listed}, method=method)
                    self.assertEqual((found.status, found.body), (304, b""), f"{path} {listed}")
                    for name in ("ETag", "Cache-Control", "Vary"):
                        self.assertEqual(found[name], whole[name])
                    self.assertIsNone(found["Content-Type"])
            for listed in ('"x"', tag.strip('"'), tag[:-2] + '"', "", '"*"', tag.upper() + "x"):
                self.assertEqual(self.get(path, {"If-None-Match": listed}).status, 200, listed)
        self.assertProblem(self.get("/api/v1/search?q=a&limit=x", {"If-None-Match": "*"}), 400, "limit")

    def test_gzip_answers_have_their_own_entity_tag(self):
        for path in TAGGED[0::2]:
            plain = self.get(path)
            packed = self.get(path, {"Accept-Encoding": "br, gzip;q=0.5"})
            self.assertEqual(packed["Content-Encoding"], "gzip")
            self.assertEqual(gzip.decompress(packed.body), plain.body)
            self.assertLess(len(packed.body), len(plain.body))
            self.assertEqual(packed["ETag"], plain["ETag"][:-1] + '-gzip"')
            for tag in (plain["ETag"], packed["ETag"]):
                found = self.get(path, {"If-None-Match": tag, "Accept-Encoding": "gzip"})
                self.assertEqual((found.status, found["ETag"]), (304, tag))
            self.assertEqual(self.get(path, {"Accept-Encoding": "*"})["Content-Encoding"], "gzip")
            self.assertEqual(self.get(path, {"Accept-Encoding": "GZIP"})["Content-Encoding"], "gzip")
            for refused in ("identity", "gzip;q=0", "gzip; q=0.000, *", "br", "", "*;q=0", "gzipx"):
                self.assertIsNone(self.get(path, {"Accept-Encoding": refused})["Content-Encoding"], refused)
            head = self.get(path, {"Accept-Encoding": "gzip"}, method="HEAD")
            self.assertEqual(head["Content-Length"], packed["Content-Length"])

    def test_small_answers_are_not_compressed(self):
        found = self.get("/api/v1/search?q=zzzzqq", {"Accept-Encoding": "gzip"})
        self.assertIsNone(found["Content-Encoding"])

    def test_errors_are_not_stored(self):
        self.assertProblem(self.get("/api/v1/search?q=a&limit=x"), 400, "limit")


class Cache(daemon.Case):
    def setUp(self):
        super().setUp()
        self.index(harness.CORPUS)

    def test_cached_answers_are_the_same_and_counted_as_hits(self):
        served = self.serve("--threads", "1")
        first = served.get(SEARCH)
        for _ in range(5):
            self.assertEqual(served.get(SEARCH).body, first.body)
        served.get(SEARCH, {"Accept-Encoding": "gzip"})
        counted = served.metrics()
        self.assertEqual((counted["searchd_cache_hits_total"], counted["searchd_cache_misses_total"]), (6, 1))
        self.assertEqual(counted["searchd_cache_entries"], 1)
        self.assertGreater(counted["searchd_cache_bytes"], len(first.body))

    def test_the_cache_is_bounded_in_bytes(self):
        served = self.serve("--threads", "1", "--cache", "1", "--rate", "0")
        for number in range(400):
            served.get(f"/api/v1/search?q=data+{number}")
        counted = served.metrics()
        self.assertLessEqual(counted["searchd_cache_bytes"], 1 << 20)
        self.assertGreater(counted["searchd_cache_bytes"], 1 << 19)
        self.assertLess(counted["searchd_cache_entries"], 400)
        before = counted["searchd_cache_hits_total"]
        served.get("/api/v1/search?q=data+399")
        served.get("/api/v1/search?q=data+0")
        self.assertEqual(served.metrics()["searchd_cache_hits_total"], before + 1)

    def test_the_cache_can_be_turned_off(self):
        served = self.serve("--cache", "0")
        for _ in range(3):
            self.assertEqual(served.get(SEARCH, {"Accept-Encoding": "gzip"}).status, 200)
            self.assertEqual(served.get(SEARCH).status, 200)
        counted = served.metrics()
        self.assertEqual((counted["searchd_cache_hits_total"], counted["searchd_cache_entries"]), (0, 0))

    def test_a_new_revision_empties_the_cache(self):
        served = self.serve("--threads", "1")
        first = served.get(SEARCH)
        self.site({"a.md": "# Residency\n\nresearch\n"})
        self.index(self.dir / "site")
        self.eventually(lambda: served.get(SEARCH)["ETag"] != first["ETag"])
        found = served.get(SEARCH, {"If-None-Match": first["ETag"]})
        self.assertEqual(found.status, 200)
        self.assertEqual(json.loads(found.body)["total"], 1)
        counted = served.metrics()
        self.assertEqual((counted["searchd_cache_entries"], counted["searchd_index_changes_total"]), (1, 1))


if __name__ == "__main__":
    harness.main()
