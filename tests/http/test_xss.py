# SPDX-License-Identifier: GPL-2.0-or-later
"""A row of the scorecard: a hundred XSS payloads (tests/cases/xss.json) in every field of a site and in every
parameter. The pages have only elements and attributes of our own, and the HTML in JSON has no element but `mark`. tests/browser/hostile.test.js tries the same payloads in a browser."""

import html.parser
import json
import re
import urllib.parse

import daemon
import harness
import markup

PAYLOADS = json.loads((harness.ROOT / "tests/cases/xss.json").read_text(encoding="utf-8"))
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
LINKS = {"href", "src", "action", "formaction", "data", "poster"}
# What the templates of the pages contain.
ELEMENTS = set("a bdi body button del details div form h1 h2 h3 head header html input li link main mark meta nav ol p script "
               "section signpost-search span strong summary time title ul".split())
ATTRIBUTES = set("action autocomplete autofocus charset class content datetime defer dir enterkeyhint href hreflang id lang "
                 "maxlength method name open placeholder rel role site src start tabindex title type value label".split())
FILTERS = ("q", "tag", "category", "kind", "lang", "after", "before", "sort", "limit", "offset", "exact", "nonsuch")
BROWSER = {"Accept": "text/html"}


def quote(text):
    return urllib.parse.quote(text, safe="")


def page_of(payload, number):
    """A post with the payload in every field."""
    escaped = re.sub(r"([\\`*_{}\[\]()#+.!<>&|~:-])", r"\\\1", payload)
    target = f"https://beacon.example/{number}?{quote(payload)}"
    front = {
        "tags": json.dumps(["beacon", payload, f"{number}{payload}"]),
        "categories": json.dumps([payload]),
        "permalink": json.dumps(f"/{number}/{payload.replace(':', '')}/"),
        "lang": json.dumps(payload if number % 2 else "en"),
        "description": json.dumps(payload),
    }
    return harness.post(
        f"{payload} beacon {number}",
        f"A beacon {escaped} in the text, and raw {payload}\n\n"
        f"## beacon {escaped}\n\n**beacon label {escaped}**\n\n"
        f"- [beacon {escaped}]({target}) described by {escaped}\n"
        f"- [beacon written](<https://beacon.example/raw{number}/{payload.replace('<', '').replace('>', '')}>)\n"
        f"- <a href=\"{payload.replace(chr(34), '')}\">beacon</a>\n\n`{payload}` beacon\n", **front)


class OnlyMarks(html.parser.HTMLParser):
    """Reads a fragment of HTML: collects its elements."""

    def __init__(self, fragment):
        super().__init__(convert_charrefs=True)
        self.elements = []
        self.feed(fragment)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, *attrs))

    handle_comment = handle_decl = handle_pi = unknown_decl = lambda self, data: self.elements.append(data)


class Xss(daemon.Case):
    def setUp(self):
        super().setUp()
        self.pages = self.fields = 0

    def check_page(self, body):
        """The page has only elements and attributes of our own, and no script or link of another."""
        page = markup.parse(body)
        self.assertIsNone(CONTROL.search(body.decode("utf-8")))
        for element in page.all():
            for name, value in element.attributes.items():
                self.assertFalse(name.startswith("on"), f"{element.tag} {name}")
                if name in LINKS and re.match(r"[\s\x00-\x20]*[a-z][a-z0-9+.-]*:", value or "", re.I):
                    self.assertRegex(value, r"^https?://")
        self.assertEqual({script["src"] for script in page.all("script")} - {"search-box.js"}, set())
        self.pages += 1
        for element in page.all():
            self.assertIn(element.tag, ELEMENTS)
            self.assertLessEqual({name for name in element.attributes if not name.startswith("aria-")}, ATTRIBUTES)

    def check_json(self, answer):
        """Every member that is HTML has no element but `mark`."""
        for hit in answer["hits"] + answer["related"]:
            texts = [hit["title_html"], hit.get("description_html")] + [each["html"] for each in hit["passages"]]
            for text in filter(None, texts):
                self.assertEqual({element for element in OnlyMarks(text).elements} - {("mark",)}, set(), text)
                self.fields += 1

    def serve(self, name, payloads, title):
        files = {f"_posts/2020-01-{1 + n % 28:02}-p{n}.md": page_of(payload, n) for n, payload in enumerate(payloads)}
        self.site({**files, "_config.yml": f"title: {json.dumps(title)}\nurl: https://guides.example\n"}, name=name)
        index = self.dir / f"{name}.index"
        self.index(name, index=index, options=("-W", "none"))
        return daemon.Daemon(index, "--rate", "0")

    def paths(self, payload):
        """Requests with the payload in the query and in one other parameter, or in all in the full form."""
        evil = quote(payload)
        yield f"/search?q=beacon+{evil}"
        number = PAYLOADS.index(payload)
        for name in FILTERS if harness.LONG else [FILTERS[number % len(FILTERS)]]:
            yield f"/search?q=beacon&{name}={evil}"
        yield f"/{evil}"

    def test_no_payload_becomes_markup(self):
        with self.serve("evil", PAYLOADS, PAYLOADS[10] + PAYLOADS[66]) as served:
            for offset in range(0, 100, 10):
                self.check_page(served.get(f"/search?q=beacon&offset={offset}", BROWSER).body)
            self.check_page(served.get("/", BROWSER).body)
            for payload in PAYLOADS:
                for path in self.paths(payload):
                    self.check_page(served.get(path, BROWSER).body)
                self.check_json(json.loads(served.get(f"/api/v1/search?limit=20&q=beacon+{quote(payload)}").body))
                suggested = json.loads(served.get(f"/api/v1/suggest?q={quote(payload)}").body)
                self.assertEqual(suggested["query"], payload)
            for offset in (0, 100, 200):
                self.check_json(json.loads(served.get(f"/api/v1/search?limit=100&offset={offset}&q=beacon").body))
            opensearch = served.get("/opensearch.xml").body
            self.assertNotRegex(opensearch, rb"<(script|img|svg)")
        self.assertGreater(self.pages, 300)
        self.assertGreater(self.fields, 1000)
        harness.row("XSS payloads", f"{len(PAYLOADS)} payloads, {self.pages} pages and {self.fields} fields of JSON, "
                                    "no element but mark")

    def test_one_request_is_one_line_of_each_log(self):
        """Log and header injection: no payload ends a line, leaves its quotes, or adds a header."""
        self.site({"a.md": harness.post("Beacon", "beacon")})
        self.index("site")
        access, queries = self.dir / "access.log", self.dir / "query.log"
        attacks = [payload + tail for payload in PAYLOADS[:20]
                   for tail in ("\r\nSet-Cookie: x=1", '\n127.0.0.1 - - [x] "GET / HTTP/1.1" 200 0', '" 200 0 "-" "-"', "\x1b[2J")]
        with daemon.Daemon(self.index_dir, "--rate", "0", "--access-log", access, "--query-log", queries) as served:
            for attack in attacks:
                answer = served.get(f"/api/v1/search?q=beacon+{quote(attack)}", {"Referer": quote(attack)})
                self.assertEqual(answer.status, 200)
                self.assertIsNone(answer["Set-Cookie"])
                answer = served.get(f"/search/{quote(attack)}?q=x&tag={quote(attack)}")
                self.assertIsNone(answer["Set-Cookie"])
        lines = access.read_bytes().split(b"\n")
        self.assertEqual(len(lines), 2 * len(attacks) + 1)
        for line in lines[:-1]:
            self.assertRegex(line, rb'^127\.0\.0\.1 - - \[[^]]+\] "([^"\\]|\\x..)*" \d{3} \d+ "([^"\\]|\\x..)*" "([^"\\]|\\x..)*"$')
            self.assertNotRegex(line, rb"[\x00-\x1f\x7f-\xff]")
        entries = [json.loads(line) for line in queries.read_bytes().splitlines()]
        self.assertEqual(len(entries), len(attacks))
        harness.row("log and header injection", f"{2 * len(attacks)} requests, {2 * len(attacks)} lines")


if __name__ == "__main__":
    harness.main()
