# SPDX-License-Identifier: GPL-2.0-or-later
"""The start page and the results page as readers get them without JavaScript."""

import json
import re
import urllib.parse

import daemon
import harness
from harness import post
import markup

SITE = "https://footpaths.example"  # the URL in the corpus's settings
BROWSER = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}


class PageCase(daemon.SharedCase):
    def page(self, path, **kwargs):
        answer = self.get(path, BROWSER, **kwargs)
        self.assertEqual(answer.status, 200, str(answer))
        return markup.parse(answer.body)

    def follow(self, link):
        self.assertRegex(link["href"], r"^search\?q=")
        return self.page("/" + link["href"])

    def api(self, query, **more):
        parameters = urllib.parse.urlencode(dict(more, q=query, facets=1), doseq=True)
        return json.loads(self.get("/api/v1/search?" + parameters).body)


def hits(page):
    return list(page.all("li", klass="hit"))


def titles(page):
    return [hit.one("h3").words for hit in hits(page)]


def link(page, words):
    """The only link with this text, not counting a number at its end."""
    found = [a for a in page.all("a") if re.sub(r"( [\d,]+)?$", "", a.words) == words]
    assert len(found) == 1, f"{len(found)} links read {words!r}"
    return found[0]


class Results(PageCase):
    def check_mentions(self, shown, hit, before):
        """The mentions, unless a passage of the hit, or the first hit of its group, links to the only one."""
        links = [SITE + mention["url"] for mention in hit["mentions"]][:20]
        mentions = [a["href"] for part in shown.all(klass="mentions") for a in part.all("a")]
        if not mentions:
            trails = {trail.one("a")["href"] for trail in shown.all(klass="trail")}
            self.assertEqual(len(links), 1)
            self.assertIn(links[0], before if "grouped" in shown["class"] else trails)
        else:
            self.assertEqual(mentions, links)

    def check_passages(self, page, passages):
        """Each passage is shown once; that of a page can be at a resource of the same section before it."""
        shown = [passage.one("p", klass="text").text for passage in page.all(klass="passage")]
        self.assertCountEqual(shown, [passage["text"] for passage in passages])
        trails = [trail.one("a")["href"] for trail in page.all(klass="trail")]
        self.assertCountEqual(trails, [SITE + passage["url"] for passage in passages if passage["heading"]])

    def test_neighbours_of_a_section_are_shown_together(self):
        page = self.page("/search?q=residency+research")
        self.assertEqual(next(page.all(klass="grouped")).one("h3").words, "Facebook AI Research Residency")
        section = SITE + "/research/ai-residencies/#residencies-at-the-large-labs"
        first = list(hits(page))[:2]
        self.assertEqual([a["href"] for hit in first for a in hit.all("a")].count(section), 1)
        self.assertEqual(len([p for hit in first for p in hit.all(klass="passage")]), 1)

    def test_hits_are_those_of_the_api(self):
        for query in ("residency research", "no degree required", "resume", "tag:interviews", "residency phd",
                      "interview -salary", "R&D", "beca"):
            answer = self.api(query)
            page = self.page("/search?q=" + urllib.parse.quote(query))
            self.assertEqual(titles(page), [" ".join(hit["title"].split()) for hit in answer["hits"]], query)
            self.check_passages(page, [passage for hit in answer["hits"] + answer["related"]
                                       for passage in hit["passages"]])
            before = set()
            for shown, hit in zip(hits(page), answer["hits"]):
                post = hit["kind"] == "post"
                self.assertEqual(shown.one("h3").one("a")["href"], (SITE if post else "") + hit["url"])
                self.assertEqual(shown.one("li", klass="kind").words, "Guide" if post else "Resource")
                marks = [mark.text for mark in shown.one("h3").all("mark")]
                self.assertEqual(marks, re.findall("<mark>(.*?)</mark>", hit["title_html"]))
                self.assertEqual([word.text for word in shown.all("del")], hit["missing"])
                if post:
                    named = [a.words for a in shown.one(klass="meta").all("a")]
                    folded = {name.casefold() for name in hit["categories"]}
                    self.assertEqual(named, hit["categories"] + [tag for tag in hit["tags"] if tag.casefold() not in folded])
                    self.assertEqual([time["datetime"] for time in shown.all("time")], [hit["date"]] * bool(hit["date"]))
                else:
                    host = urllib.parse.urlsplit(hit["url"]).netloc
                    self.assertEqual(shown.one(klass="host").words, re.sub(r"^www\.", "", host))
                    self.check_mentions(shown, hit, before)
                    self.assertIn(hit["description"] or "", page.text)
                if "grouped" not in shown["class"]:
                    before = {a["href"] for a in shown.all("a")}

    def test_passages_link_to_their_section(self):
        page = self.page("/search?q=residency+research")
        trail = next(page.all(klass="trail")).one("a")
        self.assertEqual(trail["href"], SITE + "/research/ai-residencies/#residencies-at-the-large-labs")
        self.assertEqual(trail.words, "Residencies at the large labs")

    def test_a_resource_shows_how_many_guides_mention_it(self):
        page = self.page("/search?q=LaunchCode&kind=resource")
        self.assertIn("launchcode.org", hits(page)[0].one(klass="host").words)
        self.assertEqual(hits(page)[0].one("summary").words, "Mentioned in 2 guides")

    def test_notices_say_how_the_query_was_interpreted(self):
        whole = self.page("/search?q=residency+research")
        self.assertEqual(list(whole.all(klass="notice")), [])
        self.assertEqual(whole.one(klass="total").words, f"{self.api('residency research')['total']} results with all of your words, then others with some")
        mixed = self.page("/search?q=residency+research+machine").one(klass="total").words
        self.assertIn("with all of your words, among others with some", mixed)
        relaxed = self.page("/search?q=residency+qqqq")
        self.assertIn("No result has all of your words", relaxed.one(klass="notice").words)
        exact = self.follow(link(relaxed, "Search exactly as typed"))
        self.assertIn("Nothing found", exact.one("h1").words)
        self.assertTrue(hits(self.follow(link(exact, "Search less strictly"))))
        some = self.page("/search?q=residency+masters")  # words without synonyms, as an exact search ignores synonyms
        self.assertIn("with all of your words, then others with some", some.one(klass="total").words)
        self.assertEqual(some.one(klass="divider").words, "Results without some of your words")
        first, second = some.all("ol", klass="hits")
        self.assertFalse(list(first.all(klass="missing")))
        self.assertEqual(len(list(second.all(klass="missing"))), len(hits(second)))
        self.assertEqual(second["start"], str(len(hits(first)) + 1))
        # An exact search does not rank by meaning, so it has the same hits in another order.
        exact = link(some, "Show only results with all of your words, as typed")
        self.assertEqual(sorted(titles(self.follow(exact))), sorted(titles(first)))
        long = self.page("/search?q=" + "+".join(["residency"] * 70))
        self.assertIn("only its beginning", long.one(klass="notice").words)

    def test_query_filters_and_sorting_are_in_the_address(self):
        page = self.page("/search?q=data&kind=post&tag=research&sort=newest")
        self.assertEqual(page.one("input")["value"], "data")
        self.assertEqual(page.one("title").text, "data – Footpaths")
        answer = self.api("data", kind="post", tag="research", sort="newest")
        self.assertEqual(titles(page), [hit["title"] for hit in answer["hits"]])
        self.assertEqual(link(page, "Newest")["aria-current"], "true")

    def test_queries_are_shown_as_text(self):
        for query in ("<script>alert(1)</script> residency", "\"'><img src=x onerror=alert(1)>", "a&amp;b&lt;", "café ‮ 🧭",
                      "%3Cb%3E", "a=b&c#d+e"):
            page = self.page("/search?q=" + urllib.parse.quote_plus(query))
            self.assertEqual(page.one("input")["value"], query)
            self.assertEqual(page.one("title").text, f"{query} – Footpaths")
            self.assertIn(query, page.one("h1").text)
            self.assertEqual([script["src"] for script in page.all("script")], ["search-box.js"])
            self.assertFalse(list(page.all("img")))
            for kinds in page.all(klass="kinds"):
                for kind in kinds.all("a"):
                    self.assertEqual(self.follow(kind).one("input")["value"], query)


class Filters(PageCase):
    def test_facets_are_links_with_counts(self):
        facets = self.api("data")["facets"]
        page = self.page("/search?q=data")
        kinds = {each["value"]: each["count"] for each in facets["kind"]}
        self.assertEqual([int(each.text) for each in page.one(klass="kinds").all(klass="count")],
                         [sum(kinds.values()), kinds["post"], kinds["resource"]])
        for section in page.one(klass="facets").all("section"):
            name = {"Category": "category", "Tag": "tag", "Year": "year", "Language": "lang"}[section.one("h3").words]
            shown = [(a.one("bdi").text, int(a.one(klass="count").text)) for a in section.all("a")]
            left_out = {each["value"].casefold() for each in facets["category"]} if name == "tag" else set()
            self.assertEqual(shown, [(each["value"], each["count"]) for each in facets[name]
                                     if each["value"].casefold() not in left_out], name)
            for a, (value, count) in list(zip(section.all("a"), shown))[:3]:
                narrowed = self.follow(a)
                answer = self.api("data", **{name: value})
                self.assertEqual(answer["total"], count)
                self.assertEqual(titles(narrowed), [" ".join(hit["title"].split()) for hit in answer["hits"]])
                chosen = [x for x in narrowed.one(klass="facets").all("a") if x["aria-current"]]
                self.assertEqual([x.one("bdi").text for x in chosen], [value])
                self.assertEqual(titles(self.follow(chosen[0])), titles(page))
                self.assertEqual(titles(self.follow(narrowed.one(klass="active").one("a"))), titles(page))

    def test_a_chosen_value_is_never_hidden(self):
        whole = [section for section in self.page("/search?q=data").one(klass="facets").all("section")
                 if section.one("h3").words == "Tag"][0]
        hidden = whole.one("details").one("summary")
        last = list(whole.all("a"))[-1]
        self.assertRegex(hidden.words, r"^\d+ more$")
        chosen = self.follow(last).one(klass="facets").one(**{"aria-current": "true"})
        self.assertEqual(chosen.one("bdi").text, last.one("bdi").text)
        self.assertNotEqual(chosen.parent.parent.parent.tag, "details")
        tags = [a.one("bdi").text for a in whole.all("a")][:10]
        many = self.page("/search?" + urllib.parse.urlencode({"q": "data", "tag": tags}, doseq=True)).one(klass="facets")
        marked = list(many.all(**{"aria-current": "true"}))
        self.assertEqual(sorted(a.one("bdi").text for a in marked), sorted(tags))
        self.assertNotIn("details", [a.parent.parent.parent.tag for a in marked])

    def test_other_values_of_a_chosen_filter_keep_their_counts(self):
        whole = self.page("/search?q=data").one(klass="kinds").words
        for kind in ("post", "resource"):
            page = self.page(f"/search?q=data&kind={kind}")
            self.assertEqual(page.one(klass="kinds").words, whole)
            self.assertIn(page.one(klass="kinds").one(**{"aria-current": "true"}).words.split()[0],
                          {"post": "Guides", "resource": "Resources"}[kind])
        tags = [section for section in self.page("/search?q=data").one(klass="facets").all("section")
                if section.one("h3").words == "Tag"][0]
        first, second = [a.one("bdi").text for a in tags.all("a")][:2]
        narrowed = self.page("/search?" + urllib.parse.urlencode({"q": "data", "tag": first}))
        both = self.follow(next(a for a in narrowed.one(klass="facets").all("a") if a.one("bdi").text == second))
        self.assertEqual(titles(both), [hit["title"] for hit in self.api("data", tag=[first, second])["hits"]])

    def test_filters_can_be_removed_one_by_one(self):
        page = self.page("/search?q=data&kind=post&tag=research&after=2016&before=2024-06&exact=1")
        removals = list(page.one(klass="active").all("a"))
        self.assertEqual([a.one("bdi").text for a in removals],
                         ["research", "guides", "2016", "2024-06", "exactly as typed"])
        for gone, a in zip(("tag", "kind", "after", "before", "exact"), removals):
            left = urllib.parse.parse_qs(urllib.parse.urlsplit(a["href"]).query)
            self.assertEqual(set(left), {"q", "kind", "tag", "after", "before", "exact"} - {gone})

    def test_all_pages_together_give_the_whole_list(self):
        total = self.api("data")["total"]
        page, seen, number = self.page("/search?q=data"), [], 1
        while True:
            seen += titles(page)
            current = page.one(klass="pager").one(**{"aria-current": "page"})
            self.assertEqual((current.words, current["aria-label"]), (str(number), f"Page {number}"))
            following = list(page.all(rel="next"))
            if not following or number == 4:
                break
            page, number = self.follow(following[0]), number + 1
        self.assertEqual(seen, [" ".join(hit["title"].split()) for hit in self.api("data", limit=40)["hits"]][:len(seen)])
        self.assertGreater(total, 10)
        self.assertEqual(titles(self.follow(page.one(rel="prev"))), seen[-20:-10])
        self.assertFalse(list(self.page("/search?q=data&limit=100&offset=1000").all(rel="next")))
        last = self.page("/search?q=tag:interviews&limit=100")
        self.assertFalse(list(last.all(klass="pager")))
        beyond = self.page("/search?q=tag:interviews&offset=900")
        self.assertIn("no such page", beyond.one(klass="nothing").words)
        self.assertTrue(hits(self.follow(link(beyond, "Go to the first page"))))

    def test_without_results_the_page_offers_corrections_and_wider_searches(self):
        page = self.page("/search?q=qqqqzzzz")
        self.assertEqual("Nothing found for “qqqqzzzz”", page.one("h1").words)
        self.assertEqual(len(list(page.one(klass="recent").all("a"))), 6)
        near = self.page("/search?q=resydency+fellowshp&exact=1")
        meant = near.one(klass="nothing").one("strong").one("a")
        self.assertEqual(meant.words, "residency fellowship")
        self.assertTrue(hits(self.follow(meant)))
        other = self.follow(link(near, "fellows"))
        self.assertEqual(other.one("input")["value"], "residency fellows")
        corrected = self.page("/search?q=resydency+research&kind=post")
        instead = corrected.one(klass="notice").one("a", href="search?q=residency+research&kind=post")
        self.assertEqual(instead.words, "residency research")
        self.assertEqual(corrected.one("input", name="q")["value"], "resydency research")
        self.assertEqual(titles(corrected), titles(self.follow(instead)))
        for query, advice in (("xyzzyqq", "Try a more general word."), ("xyzzyqq+qqzzyx", "Try fewer words")):
            self.assertIn(advice, self.page("/search?q=" + query).one(klass="advice").words)
        filtered = self.page("/search?q=residency&after=2099")
        total = self.api("residency")["total"]
        without = next(filtered.one(klass="advice").all("a"))
        self.assertEqual(titles(self.follow(without)), titles(self.page("/search?q=residency")))
        self.assertIn(f"there are {total} results", filtered.one(klass="advice").words)


class Start(PageCase):
    def test_the_start_page_shows_counts_recent_guides_and_topics(self):
        for path in ("/", "/search", "/search?q=", "/search?q=+++"):
            page = self.page(path)
            self.assertEqual(page.one("h1").words, "Search Footpaths")
            self.assertRegex(page.one(klass="total").words, r"^\d+ guides and \d+ resources$")
            newest = self.api("", kind="post", sort="newest")["hits"][:6]
            self.assertEqual([a["href"] for a in page.one(klass="recent").all("a")], [SITE + hit["url"] for hit in newest])
        for chips in page.all(klass="chips"):
            for a in list(chips.all("a"))[:3]:
                self.assertTrue(hits(self.follow(a)), a["href"])

    def test_the_form_submits_a_search(self):
        form = self.page("/").one("form")
        self.assertEqual((form["role"], form["action"], form["method"]), ("search", "search", None))
        box = form.one("signpost-search")
        self.assertEqual((box.one("input")["name"], box["site"]), ("q", SITE))
        self.assertTrue(form.one("button").words)


class Frame(PageCase):
    def test_pages_have_security_headers(self):
        for path in ("/", "/search?q=residency"):
            answer = self.get(path)
            self.assertEqual(answer["Content-Type"], "text/html; charset=utf-8")
            policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
            self.assertEqual(policy["default-src"], "'self'")
            self.assertNotIn("unsafe", answer["Content-Security-Policy"])
            self.assertEqual(answer["X-Content-Type-Options"], "nosniff")
            self.assertEqual(answer["Referrer-Policy"], "same-origin")
            head = self.get(path, method="HEAD")
            self.assertEqual((head.status, head.body, head["Content-Length"]), (200, b"", answer["Content-Length"]))

    def test_pages_have_no_inline_code_and_relative_links_only(self):
        for path in ("/", "/search?q=data", "/search?q=qqqq"):
            page = self.page(path)
            self.assertFalse(list(page.all("style")))
            for element in page.all():
                for name, value in element.attributes.items():
                    self.assertFalse(name.startswith("on") or name == "style", name)
                    if name in ("href", "src", "action"):
                        self.assertRegex(value, r"^(https?://|search|#|\./|opensearch\.xml)", path)

    def test_only_the_start_page_may_be_indexed_by_crawlers(self):
        robots = [list(self.page(path).all("meta", name="robots")) for path in ("/", "/search?q=data", "/search?q=&tag=PhD")]
        self.assertEqual([[each["content"] for each in found] for found in robots],
                         [[], ["noindex, nofollow"], ["noindex, nofollow"]])

    def test_everything_that_the_page_loads_is_served(self):
        page = self.page("/")
        for element, name in [(each, "href") for each in page.all("link")] + [(each, "src") for each in page.all("script")]:
            found = self.get("/" + element[name] + "?v=1" * element[name].startswith("search-"))
            self.assertEqual(found.status, 200)
            self.assertIn("max-age", found["Cache-Control"])
        types = {"search-box.js": "text/javascript", "search-box.css": "text/css", "search-page.css": "text/css",
                 "search-icon.svg": "image/svg+xml", "search-results.js": "text/javascript", "search-results.css": "text/css"}
        for name, kind in types.items():
            self.assertEqual(self.get("/" + name)["Content-Type"].split(";")[0], kind)

    def test_scripts_and_styles_for_pages_are_small(self):
        """In bytes, compressed. The script and style of the box were 7,998 before there was signpost-results;
        all scripts and styles together may be 8,192 more. The words of a language come on top."""
        def sizes(*names):
            return [len(self.get("/search-" + name, {"Accept-Encoding": "gzip"}).body) for name in names]
        box = sizes("box.js", "box.css")
        self.assertLessEqual(sum(box), 9100, box)
        everything = box + sizes("results.js", "results.css")
        self.assertLessEqual(sum(everything), 7998 + 8192, everything)
        self.assertLessEqual(max(sizes(*(f"words.json?lang={lang}" for lang in ("en", "de", "fr", "es")))), 1300)

    def test_unknown_parameters_are_ignored(self):
        self.assertEqual(titles(self.page("/search?q=residency&utm_source=x&fbclid=y&q2")),
                         titles(self.page("/search?q=residency")))

    def test_errors_are_pages_for_browsers_and_problems_for_programs(self):
        for path, status, word, parameter in (
                ("/search?q=residency&after=soon", 400, "after", "after"), ("/search?q=a&sort=x", 400, "sort", "sort"),
                ("/search?q=%ff", 400, "UTF-8", "q"), ("/nothing/here", 404, "no page", None)):
            answer = self.get(path, BROWSER)
            self.assertEqual((answer.status, answer["Content-Type"]), (status, "text/html; charset=utf-8"), path)
            self.assertEqual((answer["Vary"], answer["Cache-Control"]), ("Accept, Accept-Language", "no-store"))
            self.assertIn("default-src 'self'", answer["Content-Security-Policy"])
            page = markup.parse(answer.body)
            self.assertIn(word, page.one("main").words)
            root = "../" * (path.count("/") - 1)
            self.assertEqual(page.one("form")["action"], root + "search")
            self.assertProblem(self.get(path), status, parameter)
        kept = markup.parse(self.get("/search?q=residency&after=soon", BROWSER).body)
        self.assertEqual(kept.one("input")["value"], "residency")
        self.assertProblem(self.get("/api/v1/search?q=a&sort=x", BROWSER), 400, "sort")

    def test_without_an_index_the_page_says_so_with_503(self):
        with daemon.Daemon(self.index_path + "-none") as served:
            answer = served.get("/search?q=residency", BROWSER)
            self.assertEqual((answer.status, answer["Retry-After"]), (503, "1"))
            self.assertIn("no index is available yet", markup.parse(answer.body).one("main").words)
            self.assertProblem(served.get("/"), 503)

    def test_base_url_is_put_before_links_of_the_site(self):
        with daemon.Daemon(self.index_path, "--base-url", "http://localhost:4000") as served:
            page = markup.parse(served.get("/search?q=residency+research").body)
            links = [hit.one("h3").one("a")["href"] for hit in hits(page)]
            self.assertIn("http://localhost:4000/research/ai-residencies/", links)
            self.assertEqual(page.one("signpost-search")["site"], "http://localhost:4000")


class SameNames(daemon.Case):
    def test_a_name_that_is_a_category_and_a_tag_is_shown_once(self):
        files = {"a.md": post("Zebra", "zebra", categories="[Work]", tags="[work, other]"),
                 "b.md": post("Horse zebra", "zebra", categories="[Café]", tags="[cafe]"),
                 "c.md": post("Third zebra", "zebra", tags="[work]")}
        self.index(self.site(files))
        with daemon.Daemon(self.index_dir) as served:
            page = markup.parse(served.get("/search?q=zebra", BROWSER).body)
            start = markup.parse(served.get("/", BROWSER).body)
        named = {hit.one("h3").words: [a.words for a in hit.one(klass="meta").all("a")] for hit in hits(page)}
        self.assertEqual(named, {"Zebra": ["Work", "other"], "Horse zebra": ["Café"], "Third zebra": ["work"]})
        chips = [sorted(a.words for a in each.all("a")) for each in start.all(klass="chips")]
        self.assertEqual(chips, [["Café", "Work"], ["other"]])


class Elsewhere(PageCase):
    def test_a_hit_without_a_mark_says_where_it_matched(self):
        index = self.dir / "index"
        site = self.site({"a.md": harness.post("A", "- [Careers](https://www.amazon.example/jobs?a=1&b=2)\n",
                                               tags="[calm <b>]")})
        self.indexer("-q", "-o", index, site)
        with daemon.Daemon(index) as served:
            for query, label, shown in (("amazon", "In the address:", "amazon.example/jobs?a=1&b=2"),
                                        ("calm", "In the tag:", "calm <b>")):
                page = markup.parse(served.get(f"/search?q={query}").body)
                place = next(page.all(klass="elsewhere"))
                self.assertEqual(place.words, f"{label} {shown}")
                self.assertEqual(place.one("mark").text, query)


class SameNames(daemon.Case):
    def test_a_tag_with_the_name_of_a_category_is_listed_once(self):
        front = {"a.md": {"categories": "Data", "tags": "[data, Éthique]"},
                 "b.md": {"categories": "ethique", "tags": "[visa]"}}
        self.index(self.site({name: post(name, "zebra", **fields) for name, fields in front.items()}))
        with daemon.Daemon(self.index_dir) as served:
            def listed(more=""):
                facets = markup.parse(served.get("/search?q=zebra" + more, BROWSER).body).one(klass="facets")
                return {section.one("h3").words: sorted(a.one("bdi").text for a in section.all("a"))
                        for section in facets.all("section") if section.one("h3").words != "Year"}
            self.assertEqual(listed(), {"Category": ["Data", "ethique"], "Tag": ["visa"]})
            self.assertEqual(listed("&tag=data"), {"Category": ["Data"], "Tag": ["data", "visa", "Éthique"]})
            self.assertEqual(listed("&category=data"), {"Category": ["Data", "ethique"]})


class Pins(daemon.Case):
    def test_pinned_results_come_first_and_are_marked(self):
        """A pinned result is marked as pinned even if words are missing from it. The results after it are
        not in the list of partial matches."""
        files = {f"p{n}.md": post(f"Page {n}", "research work") for n in range(2)}
        files["apart.md"] = post("Apart", "* [Fast AI](https://course.example/): lessons")
        files["half.md"] = post("Half", "research")
        folder = self.site(files)
        self.write("site/pins.tsv", "research work\t/apart/\thttps://course.example\t/p1/\n")
        self.index(folder)
        with daemon.Daemon(self.index_dir) as served:
            page = markup.parse(served.get("/search?q=research+work", BROWSER).body)
        self.assertEqual(titles(page), ["Apart", "Fast AI", "Page 1", "Page 0", "Half"])
        pinned = [[mark.words for mark in hit.all("li", klass="pinned")] for hit in hits(page)]
        self.assertEqual(pinned, [["Pinned"]] * 3 + [[]] * 2)
        lists = [[hit.one("h3").words for hit in hits(each)] for each in page.all("ol", klass="hits")]
        self.assertEqual(lists, [["Apart", "Fast AI", "Page 1", "Page 0"], ["Half"]])


class Hostile(daemon.Case):
    def test_markup_in_titles_and_tags_is_shown_as_text(self):
        evil = '"\'><script>alert(1)</script></title><img src=x onerror=alert(1)>&amp;</mark>'
        site = self.site({
            "_config.yml": "title: " + json.dumps(evil) + "\n",
            "_posts/2020-01-01-a.md": harness.post(
                evil + " zebra", "## " + evil + " zebra\n\nzebra & <b>bold</b> `" + evil + "` "
                "[zebra " + "`<script>`" + "](https://evil.example/?\"'><script>)\n", tags=json.dumps([evil, "zebra"])),
        })
        self.index(site)
        with daemon.Daemon(self.index_dir) as served:
            for path in ("/", "/search?q=zebra", "/search?q=qqqq", "/search?q=zebra&tag=" + urllib.parse.quote(evil)):
                answer = served.get(path)
                page = markup.parse(answer.body)
                self.assertEqual([script["src"] for script in page.all("script")], ["search-box.js"], path)
                self.assertEqual(list(page.all("img")), [])
                for element in page.all():
                    self.assertFalse([name for name in element.attributes if name.startswith("on")])
            self.assertTrue(hits(markup.parse(served.get("/search?q=zebra").body)))

    def test_script_urls_of_the_index_are_not_linked(self):
        """An index may contain any URL; this one contains script URLs."""
        url, script = b"https://guide.example", b"javascript:alert(1)//"
        self.index(self.site({"_config.yml": f"url: {url.decode()}\n",
                              "_posts/2020-01-01-a.md": harness.post("Zebra", "zebra")}))
        table = self.index_dir / "g1/postlist.glass"
        self.assertIn(url, table.read_bytes())
        table.write_bytes(table.read_bytes().replace(url, script))
        with daemon.Daemon(self.index_dir, "--no-verify") as served:
            for path in ("/", "/search?q=zebra"):
                self.assertNotIn(b'href="javascript:', served.get(path).body)


if __name__ == "__main__":
    harness.main()
