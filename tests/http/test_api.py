# SPDX-License-Identifier: GPL-2.0-or-later
"""Routes, methods and parameters, and that HTTP gives the same answers as `search`."""

import json
import re
import urllib.parse

import answers
import daemon
import harness

QUERIES = ["residency research", "free bootcamp no degree", '"cover letter" -internship', "tag:interviews",
           "résumé", "RESUME", "C++", "zzzzqqq", "", "-research", "kind:resource phd", "the", "a",
           "machine learning " * 40, "zzzz residency", "data", "ünïcödé \U0001f600", '"', "(", "%00 & ?#"]
OPTIONS = [{}, {"limit": "3", "offset": "4"}, {"kind": "resource"}, {"tag": "machine learning"},
           {"category": "research", "lang": "en"}, {"after": "2019", "before": "2020-06"}, {"sort": "newest"},
           {"sort": "oldest", "limit": "100"}, {"exact": "1"}, {"limit": "0"}, {"year": "2019"}]
FLAGS = {"exact": ["--exact"]}


def path_of(route="search", **parameters):
    return f"/api/v1/{route}?" + urllib.parse.urlencode(parameters, doseq=True)


def without_time(body):
    return re.sub(rb'"took_us":\d+', b'"took_us":0', body)


class Search(daemon.SharedCase):
    def test_answers_are_the_bytes_that_search_prints(self):
        for query in QUERIES:
            for options in OPTIONS if query == QUERIES[0] or query == "data" else OPTIONS[:2]:
                args = []
                for name, value in options.items():
                    args += FLAGS.get(name, [f"--{name}", value])
                printed = self.search("--json", *args, "--", query, expect=None)
                found = self.get(path_of(q=query, **options))
                self.assertEqual(found.status, 200, str(found))
                self.assertEqual(without_time(found.body), without_time(printed.out), (query, options))
                answers.check(found.body)

    def test_answers_have_their_type_tag_and_length(self):
        found = self.get(path_of(q="residency"))
        self.assertEqual(found["Content-Type"], "application/json")
        self.assertEqual(found["X-Content-Type-Options"], "nosniff")
        self.assertEqual(found["Cache-Control"], "no-cache")
        self.assertEqual(found["Vary"], "Accept-Encoding, Origin")
        self.assertRegex(found["ETag"], r'^"[0-9a-f]{16}-[0-9a-f]{16}"$')
        self.assertEqual(int(found["Content-Length"]), len(found.body))
        self.assertIsNone(found["Access-Control-Allow-Origin"])

    def test_escaped_and_raw_queries_are_decoded(self):
        plain = json.loads(self.get("/api/v1/search?q=residency%20research").body)
        for text in ("residency+research", "%72esidency%20research", "residency%20research&limit=&tag="):
            found = json.loads(self.get(f"/api/v1/search?q={text}").body)
            self.assertEqual(found["hits"], plain["hits"], text)
        self.assertEqual(json.loads(self.get("/api/v1/search?q=C%2B%2B").body)["query"]["text"], "C++")
        raw = daemon.parse_answers(self.daemon.raw(
            "GET /api/v1/search?q=résumé HTTP/1.0\r\n\r\n".encode()))[0]
        self.assertEqual(json.loads(raw.body)["query"]["text"], "résumé")

    def test_invalid_parameters_are_rejected_by_name(self):
        for query, parameter in (
                ("", "q"), ("limit=1", "q"), ("q=a&limit=101", "limit"), ("q=a&limit=-1", "limit"),
                ("q=a&limit=1x", "limit"), ("q=a&limit=99999999999999999999", "limit"),
                ("q=a&limit=+1", "limit"), ("q=a&offset=1001", "offset"), ("q=a&offset=1.5", "offset"),
                ("q=a&kind=page", "kind"), ("q=a&sort=best", "sort"), ("q=a&exact=yes", "exact"),
                ("q=a&facets=2", "facets"), ("q=a&after=2019-13", "after"),
                ("q=a&before=2019-02-30", "before"), ("q=a&after=yesterday", "after"),
                ("q=a&tag=!", "tag"), ("q=a&year=18", "year"), ("q=a&year=2018-04", "year"),
                ("q=a&year=2018&year=x", "year"), ("q=a&q=b", "q"), ("q=a&limit=1&limit=2", "limit"),
                ("q=a&page=2", "page"), ("Q=a", "Q"), ("q=%", "q"), ("q=%4", "q"), ("q=%zz", "q"),
                ("q=a%00b", "q"), ("q=%ff", "q"), ("q=%c0%af", "q"), ("q=%ed%a0%80", "q"),
                ("q=a&tag=%fe", "tag")):
            self.assertProblem(self.get(f"/api/v1/search?{query}"), 400, parameter)
        self.assertProblem(self.get("/api/v1/search?%ff=a"), 400)
        self.assertProblem(self.get("/api/v1/search?q=a" + "&tag=b" * 64), 400)

    def test_values_at_the_bounds_are_accepted(self):
        for query in ("q=a&limit=100&offset=1000", "q=a&limit=0", "q=&limit=", "q=a&exact=true&facets=false",
                      "q=a&after=2019&before=2019-12-31", "q=a" + "&tag=b" * 63, "&&q=a&&", "q=a&kind=post&kind=resource",
                      "q=a&year=2018&year=0000&year="):
            self.assertEqual(self.get(f"/api/v1/search?{query}").status, 200, query)

    def test_the_problem_quotes_the_invalid_value(self):
        found = self.get("/api/v1/search?q=a&limit=%3Cscript%3E%0A")
        self.assertEqual(json.loads(found.body)["detail"],
                         "limit must be between 0 and 100 (got '<script>\n')")

    def test_several_values_of_a_parameter_match_any_of_them(self):
        one = json.loads(self.get(path_of(q="data", kind="post", limit=0, facets=1)).body)["total"]
        two = json.loads(self.get(path_of(q="data", kind="resource", limit=0, facets=1)).body)["total"]
        both = json.loads(self.get(path_of(q="data", kind=["resource", "post"], limit=0, facets=1)).body)["total"]
        self.assertEqual(both, one + two)
        tags = [json.loads(self.get(path_of(q="data", tag=tag, limit=0)).body)["total"]
                for tag in ("interviews", "research", ["interviews", "research"])]
        self.assertGreaterEqual(tags[2], max(tags[:2]))

    def test_a_long_query_is_cut_and_marked_truncated(self):
        found = json.loads(self.get(path_of(q="word " * 900)).body)
        self.assertTrue(found["query"]["truncated"])

    def test_base_url_is_put_before_urls_of_the_site(self):
        with daemon.Daemon(self.index_path, "--base-url", "https://example.org/") as served:
            hits = json.loads(served.get(path_of(q="residency", kind="post")).body)["hits"]
            printed = self.search("--json", "--kind", "post", "--base-url", "https://example.org", "residency")
            self.assertEqual(hits, json.loads(printed.out)["hits"])
            self.assertTrue(all(hit["url"].startswith("https://example.org/") for hit in hits))
            found = json.loads(served.get(path_of("suggest", q="cover lett")).body)["suggestions"]
            self.assertEqual(found[0]["url"], "https://example.org/hiring/cover-letters/")


class Facets(daemon.SharedCase):
    def facets(self, **parameters):
        found = self.get(path_of(facets=1, **parameters))
        answer = answers.check(found.body)
        self.assertEqual(list(answer["facets"]), ["kind", "tag", "category", "lang", "year"])
        for name, values in answer["facets"].items():
            for value in values:
                self.assertEqual(list(value), ["value", "count"])
            order = [(-value["count"], value["value"]) for value in values]
            if name == "year":
                order = [-int(value["value"]) for value in values]
            self.assertEqual(order, sorted(order), name)
        return answer

    def test_facets_count_the_same_documents_as_total(self):
        for parameters in ({"q": "data"}, {"q": "residency research"}, {"q": "zzzz residency"},
                           {"q": "data", "kind": "post"}, {"q": "data", "after": "2019"}, {"q": "-data"}):
            answer = self.facets(limit=0, **parameters)
            for name in ("kind", "lang") if parameters.get("kind") == "post" else ("kind",):
                self.assertEqual(sum(value["count"] for value in answer["facets"][name]),
                                 answer["total"] or answer["total_partial"])
            for name in answer["facets"]:
                for value in answer["facets"][name][:3]:
                    narrowed = dict(parameters, **{name: value["value"]})
                    found = self.facets(limit=0, **narrowed)
                    if not answer["query"]["relaxed"]:
                        self.assertEqual(found["total"], value["count"], (parameters, name, value))

    def test_two_values_of_a_facet_count_as_many_hits_as_both_together(self):
        facets = self.facets(q="data", kind="post", limit=0)["facets"]
        for name in ("lang", "year"): # a post has only one of these
            values = facets[name][:2]
            found = self.facets(q="data", kind="post", limit=0, **{name: [value["value"] for value in values]})
            self.assertEqual(found["total"], sum(value["count"] for value in values), name)
            self.assertEqual(found["facets"][name], values)

    def test_a_resource_is_shown_in_the_language_asked_for(self):
        link = "https://burnout.example/"
        index = self.dir / "languages"
        harness.run([harness.INDEXER, "-q", "-o", index, str(self.site({
            "en.md": harness.post("A", f"- [Burnout guide]({link}) - about burnout\n"),
            "ja.md": harness.post("B", f"- [燃え尽き症候群の手引き]({link}) - burnout入門\n", lang="ja")}))])
        with daemon.Daemon(index) as served:
            for parameters, lang, title in (({}, "en", "Burnout guide"), ({"lang": "en"}, "en", "Burnout guide"),
                                            ({"lang": "ja"}, "ja", "燃え尽き症候群の手引き")):
                found = json.loads(served.get(path_of(q="burnout", kind="resource", facets=1, **parameters)).body)
                self.assertEqual([(hit["lang"], hit["title"]) for hit in found["hits"]], [(lang, title)])
                self.assertEqual({value["value"]: value["count"] for value in found["facets"]["lang"]},
                                 {"en": 1, "ja": 1})

    def test_facets_are_returned_when_asked_for_and_empty_without_hits(self):
        self.assertNotIn("facets", json.loads(self.get(path_of(q="data")).body))
        self.assertNotIn("facets", json.loads(self.get(path_of(q="data", facets=0)).body))
        answer = self.facets(q="zzzzqqq")
        self.assertEqual(set(map(len, answer["facets"].values())), {0})

    def test_spellings_are_merged_and_values_limited_to_100(self):
        files = {f"{n}.md": harness.post(f"Guide {n}", "words", tags=json.dumps(
            ["ML" if n % 3 else "ml", "Ml", f"tag {n}", "a\x1fb"])) for n in range(120)}
        index = self.dir / "many"
        harness.run([harness.INDEXER, "-q", "-o", index, str(self.site(files))])
        with daemon.Daemon(index) as served:
            facets = json.loads(served.get(path_of(q="words", facets=1)).body)["facets"]
        self.assertEqual(facets["tag"][0], {"value": "ML", "count": 120})
        self.assertEqual(len(facets["tag"]), 100)


class Suggest(daemon.SharedCase):
    def suggest(self, text, **parameters):
        found = self.get(path_of("suggest", q=text, **parameters))
        self.assertEqual(found.status, 200, str(found))
        answer = answers.parse(found.body)
        self.assertEqual(list(answer), ["query", "suggestions"])
        for suggestion in answer["suggestions"]:
            self.assertEqual(list(suggestion), ["text", "kind", "url"])
            self.assertEqual(suggestion["url"] is None, suggestion["kind"] == "query")
        printed = self.search("--suggest", "--json", *(["-n", str(parameters["limit"])] if parameters else []),
                           "--", text, expect=None)
        self.assertEqual(found.body, printed.out)
        return answer["suggestions"]

    def test_titles_headings_resources_and_words_are_completed(self):
        self.assertIn({"text": "Google AI Residency", "kind": "resource", "url": "https://g.co/airesidency"},
                      self.suggest("ai resid"))
        self.assertEqual(self.suggest("machine l")[0], {"text": "machine learning", "kind": "query", "url": None})
        self.assertIn("/hiring/resumes-and-cvs/", [found["url"] for found in self.suggest("resum")])
        self.assertIn({"text": "Residencies at the large labs", "kind": "heading",
                       "url": "/research/ai-residencies/#residencies-at-the-large-labs"},
                      self.suggest("residencies at"))
        self.assertEqual(self.suggest("RÉSUMÉ o"), self.suggest("resume o"))
        self.assertEqual(self.suggest("I want machine lea")[0]["text"], "I want machine learning")
        words = [found["text"] for found in self.suggest("library intervi")]
        self.assertEqual(words[0], "library interview")
        self.assertNotIn("library interviews", words)  # one of each stem
        self.assertEqual(self.suggest("zebra intervi"), [])  # no document has the first word
        self.assertEqual(self.suggest(""), [])
        self.assertEqual(self.suggest("   "), [])
        self.assertEqual(self.suggest("zzzzqq"), [])

    def test_limit_is_bounded_and_invalid_parameters_are_rejected(self):
        self.assertEqual(len(self.suggest("a", limit=3)), 3)
        self.assertEqual(self.suggest("a", limit=0), [])
        self.assertLessEqual(len(self.suggest("a", limit=20)), 20)
        self.suggest("x" * 4000)
        for query, parameter in (("", "q"), ("q=a&limit=21", "limit"), ("q=%ff", "q"), ("q=a&kind=post", "kind")):
            self.assertProblem(self.get(f"/api/v1/suggest?{query}"), 400, parameter)

    def test_suggestions_are_served_in_opensearch_format(self):
        found = self.get(path_of("suggest", q="cover lett"),
                         {"Accept": "application/x-suggestions+json, */*;q=0.1"})
        self.assertEqual(found["Content-Type"], "application/x-suggestions+json")
        self.assertIn("Accept", found["Vary"].split(", "))
        query, texts, descriptions, urls = answers.parse(found.body)
        self.assertEqual((query, texts[0], urls[0]),
                         ("cover lett", "Cover letters that get read",
                          "https://footpaths.example/hiring/cover-letters/"))
        self.assertEqual(len(texts), len(descriptions))
        self.assertEqual(len(texts), len(urls))
        other = self.get(path_of("suggest", q="cover lett"))
        self.assertNotEqual(other["ETag"], found["ETag"])


class Routes(daemon.SharedCase):
    PATHS = ("/api/v1/search?q=a", "/api/v1/suggest?q=a", "/opensearch.xml", "/openapi.json", "/healthz",
             "/readyz", "/metrics")

    def test_head_is_get_without_the_body(self):
        for path in self.PATHS:
            whole, head = self.get(path), self.get(path, method="HEAD")
            self.assertEqual((head.status, head.body), (200, b""), path)
            if path != "/metrics":
                for answer in (whole, head):
                    answer.headers.pop("date")
                self.assertEqual(head.headers, whole.headers, path)
            self.assertTrue(whole.body)
            self.assertEqual(whole["X-Content-Type-Options"], "nosniff")

    def test_other_methods_are_rejected_with_the_allowed_ones(self):
        for path in self.PATHS:
            for method in ("POST", "PUT", "DELETE", "PATCH", "TRACE", "get", "BREW"):
                answer = self.assertProblem(self.get(path, method=method), 405)
                self.assertEqual(answer["Allow"], "GET, HEAD, OPTIONS")
            answer = self.get(path, method="OPTIONS")
            self.assertEqual((answer.status, answer["Allow"], answer.body), (204, "GET, HEAD, OPTIONS", b""))

    def test_escaped_letters_of_a_path_are_the_letters(self):
        for path, same in (("/%73earch?q=data", "/search?q=data"), ("/api/v%31/search?q=data", "/api/v1/search?q=data"),
                           ("/search-box%2ejs", "/search-box.js"), ("/search%2Dbox%2Ecss", "/search-box.css"),
                           ("/%68%65%61%6c%74%68%7a", "/healthz")):
            self.assertEqual(without_time(self.get(path).body), without_time(self.get(same).body), path)
        for path in ("/api%2Fv1/search?q=a", "/%2Fsearch", "/search%", "/search%7", "/%7", "/%73", "/%00search", "/search%00",
                     "/%zzsearch", "/%2573earch", "/sear%C3%A9", "/search%20"):
            self.assertProblem(self.get(path), 404)
        refused = self.get("/%73earch?q=a&limit=x", {"Accept": "application/json"})
        self.assertProblem(refused, 400, "limit")

    def test_unknown_paths_are_not_found(self):
        for path in ("/x", "/api", "/api/v1/search/", "/api/v1/Search?q=a", "//healthz", "/../etc/passwd",
                     "/healthz/..", "/%2e%2e/etc/passwd", "/api/v2/search?q=a"):
            self.assertProblem(self.get(path), 404)

    def test_health_and_readiness_are_plain_text_and_not_stored(self):
        self.assertEqual(self.get("/healthz").body, b"alive\n")
        self.assertEqual(self.get("/readyz").body, b"ready\n")
        for path in ("/healthz", "/readyz", "/metrics"):
            self.assertEqual(self.get(path)["Cache-Control"], "no-store")

    def test_the_opensearch_description_links_to_the_daemon(self):
        import xml.etree.ElementTree as tree
        found = self.get("/opensearch.xml")
        self.assertEqual(found["Content-Type"], "application/opensearchdescription+xml")
        space = "{http://a9.com/-/spec/opensearch/1.1/}"
        root = tree.fromstring(found.body)
        self.assertEqual(root.tag, space + "OpenSearchDescription")
        self.assertLessEqual(len(root.findtext(space + "ShortName")), 16)
        urls = {(url.get("type"), url.get("rel")): url.get("template") for url in root.findall(space + "Url")}
        self.assertEqual(urls, {
            ("text/html", None): self.daemon.url + "/search?q={searchTerms}",
            ("application/x-suggestions+json", None): self.daemon.url + "/api/v1/suggest?q={searchTerms}",
            ("application/opensearchdescription+xml", "self"): self.daemon.url + "/opensearch.xml"})
        self.assertProblem(self.get("/opensearch.xml?x=1"), 400, "x")

    def test_the_opensearch_description_escapes_titles_and_trusts_only_proxies(self):
        import xml.etree.ElementTree as tree
        site = self.site({"a.md": "# A\n\nwords\n"}, config='title: "<b>&\\"Überlänge einer Überschrift"\n')
        index = self.dir / "other"
        harness.run([harness.INDEXER, "-q", "-o", index, str(site)])
        with daemon.Daemon(index, "--trusted-proxy", "127.0.0.1") as served:
            found = served.get("/opensearch.xml", {"Host": "search.example", "X-Forwarded-Proto": "https"})
            root = tree.fromstring(found.body)
            self.assertIn("https://search.example/search?", root[3].get("template"))
            self.assertLessEqual(len(root[0].text), 16)
            self.assertTrue(root[0].text.startswith('<b>&"'))
        with daemon.Daemon(index) as served:
            found = served.get("/opensearch.xml", {"X-Forwarded-Proto": "https"})
            self.assertIn(b'template="http://127', found.body)


class Cors(daemon.SharedCase):
    OPTIONS = ("--rate", "0", "--cors", "https://a.example", "--cors", "http://b.example:8000")

    def test_only_listed_origins_are_allowed(self):
        for origin in ("https://a.example", "http://b.example:8000"):
            found = self.get("/api/v1/search?q=a", {"Origin": origin})
            self.assertEqual(found["Access-Control-Allow-Origin"], origin)
            self.assertIn("Origin", found["Vary"])
        for origin in ("https://a.example.evil.example", "http://a.example", "null", "https://A.example", "*",
                       "https://a.example,http://b.example:8000"):
            found = self.get("/api/v1/search?q=a", {"Origin": origin})
            self.assertEqual(found.status, 200)
            self.assertIsNone(found["Access-Control-Allow-Origin"], origin)
            self.assertIn("Origin", found["Vary"])
        self.assertIsNone(self.get("/metrics", {"Origin": "https://a.example"})["Access-Control-Allow-Origin"])
        self.assertEqual(self.get("/api/v1/search?q=a&x=1", {"Origin": "https://a.example"})
                         ["Access-Control-Allow-Origin"], "https://a.example")

    def test_preflight_requests_of_listed_origins_are_granted(self):
        ask = {"Origin": "https://a.example", "Access-Control-Request-Method": "GET"}
        found = self.get("/api/v1/search", ask, method="OPTIONS")
        self.assertEqual(found.status, 204)
        self.assertEqual(found["Access-Control-Allow-Origin"], "https://a.example")
        self.assertEqual(found["Access-Control-Allow-Methods"], "GET, HEAD")
        self.assertEqual(found["Access-Control-Max-Age"], "86400")
        found = self.get("/api/v1/search", dict(ask, Origin="https://c.example"), method="OPTIONS")
        self.assertEqual(found.status, 204)
        self.assertIsNone(found["Access-Control-Allow-Origin"])
        self.assertIsNone(found["Access-Control-Allow-Methods"])

    def test_a_star_allows_any_origin(self):
        with daemon.Daemon(self.index_path, "--cors", "*") as served:
            found = served.get("/api/v1/search?q=a", {"Origin": "https://c.example"})
            self.assertEqual(found["Access-Control-Allow-Origin"], "*")


if __name__ == "__main__":
    harness.main()
