# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks the answer of `search --json` and the indexer's report: that they have exactly the expected keys
and types, and that the values agree with each other."""

import html
import json
import re

DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")
ABSOLUTE = re.compile(r"^[a-z][a-z0-9+.-]*://", re.I)
MARK = re.compile(r"</?mark>")
ENTITY = re.compile(r"&(?:amp|lt|gt|quot|#39);")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

TEXT, NUMBER, TRUTH, LIST = str, int, bool, list
MAYBE_TEXT = (str, type(None))

ANSWER = {"query": dict, "revision": TEXT, "took_us": NUMBER, "total": NUMBER, "total_exact": TRUTH,
          "total_partial": NUMBER, "total_partial_exact": TRUTH, "offset": NUMBER, "limit": NUMBER,
          "hits": LIST, "related": LIST}
QUERY = {"text": TEXT, "parsed": TEXT, "relaxed": TRUTH, "mixed": TRUTH, "corrected": MAYBE_TEXT,
         "did_you_mean": MAYBE_TEXT, "truncated": TRUTH}
POST = {"kind": TEXT, "title": MAYBE_TEXT, "title_html": MAYBE_TEXT, "url": TEXT, "date": MAYBE_TEXT,
        "categories": LIST, "tags": LIST, "lang": MAYBE_TEXT, "score": (int, float), "missing": LIST,
        "source": dict, "passages": LIST, "elsewhere": LIST, "section": MAYBE_TEXT}
SOURCE = {"path": TEXT, "line": NUMBER}
RESOURCE = {"kind": TEXT, "title": MAYBE_TEXT, "title_html": MAYBE_TEXT, "url": TEXT, "description": MAYBE_TEXT,
            "date": MAYBE_TEXT, "categories": LIST, "tags": LIST, "lang": MAYBE_TEXT, "score": (int, float), "missing": LIST, "mentions": LIST,
            "passages": LIST, "elsewhere": LIST, "section": MAYBE_TEXT}
MENTION = {"title": MAYBE_TEXT, "url": TEXT, "heading": LIST, "line": NUMBER}
ELSEWHERE = {"field": TEXT, "html": TEXT}
PASSAGE = {"heading": LIST, "url": TEXT, "text": TEXT, "html": TEXT, "line": NUMBER}
REPORT = {"revision": MAYBE_TEXT, "posts": dict, "resources": dict, "files": NUMBER, "bytes": NUMBER,
          "seconds": (int, float), "errors": LIST, "warnings": LIST, "acronyms": LIST}
POSTS = dict.fromkeys(("added", "updated", "unchanged", "removed", "failed"), NUMBER)
RESOURCES = dict.fromkeys(("added", "updated", "removed", "total"), NUMBER)
CHANGE = {"change": TEXT, "kind": TEXT, "id": TEXT}
JUDGED = {"queries": NUMBER, "required": LIST, "fell": LIST}
REQUIRED = {"metric": TEXT, "wanted": (int, float), "reached": (int, float)}
FELL = {"query": TEXT, "before": (int, float, type(None)), "after": (int, float)}
PREVIEW = {"metric": TEXT, "before": (int, float, type(None)), "after": (int, float), "moved": LIST,
           "moved_held_out": NUMBER}
MOVED = {"query": TEXT, "before": LIST, "after": LIST}
ERROR = {"path": TEXT, "line": NUMBER, "column": NUMBER, "message": TEXT}
WARNING = {"path": TEXT, "line": NUMBER, "column": NUMBER, "name": TEXT, "message": TEXT}


def unique(pairs):
    found = dict(pairs)
    assert len(found) == len(pairs), f"a key is given twice: {[key for key, _ in pairs]}"
    return found


def parse(data):
    """Strict JSON in strict UTF-8: no NaN, no key twice, no lone surrogate."""
    def refuse(constant):
        raise AssertionError(f"not JSON: {constant}")
    parsed = json.loads(data.decode("utf-8"), object_pairs_hook=unique, parse_constant=refuse)
    json.dumps(parsed, ensure_ascii=False).encode("utf-8")
    return parsed


def check_shape(value, shape, where):
    assert set(value) == set(shape), f"{where}: keys {sorted(set(value) ^ set(shape))}"
    for key, kind in shape.items():
        good = isinstance(value[key], kind)
        if isinstance(value[key], bool) and kind is not TRUTH:
            good = False
        assert good, f"{where}.{key}: {value[key]!r}"
        if kind is NUMBER:
            assert value[key] >= 0, f"{where}.{key}: {value[key]}"


def empty_texts(value, where=""):
    """The places of texts that are empty. A value that is absent must be null instead. Only the query's
    own text, and how it was read, may be empty."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from empty_texts(each, f"{where}.{key}" if where else key)
    elif isinstance(value, list):
        for each in value:
            yield from empty_texts(each, where + "[]")
    elif value == "" and where not in ("query", "query.text", "query.parsed"):
        yield where


def check_texts(values, where):
    for value in values:
        assert isinstance(value, str), f"{where}: {value!r}"


def check_html(marked, text, where):
    """Checks that the HTML is the escaped text with marks, which are closed and never nested."""
    inside = False
    for tag in MARK.findall(marked):
        assert (tag == "</mark>") == inside, f"{where}: {marked!r}"
        inside = not inside
    assert not inside, f"{where}: {marked!r}"
    plain = MARK.sub("", marked)
    assert not re.search(r"[<>\"']", plain), f"{where}: {marked!r}"
    assert "&" not in ENTITY.sub("", plain), f"{where}: {marked!r}"
    assert html.unescape(plain) == text or plain == html.escape(text).replace("&#x27;", "&#39;"), \
        f"{where}: {marked!r} is not {text!r}"
    assert "<mark></mark>" not in marked, f"{where}: {marked!r}"


def marks(marked):
    return [html.unescape(piece) for piece in re.findall(r"<mark>(.*?)</mark>", marked, re.S)]


def check_passage(passage, where):
    check_shape(passage, PASSAGE, where)
    check_texts(passage["heading"], where)
    check_html(passage["html"], passage["text"], where)
    assert passage["text"] == passage["text"].strip(), f"{where}: {passage['text']!r}"
    assert not CONTROL.search(passage["text"]), f"{where}: {passage['text']!r}"


def check_post(hit, where):
    check_shape(hit, POST, where)
    check_shape(hit["source"], SOURCE, where)
    assert hit["source"]["path"], where
    for passage in hit["passages"]:
        page = passage["url"].split("#")[0]
        assert page == hit["url"].split("#")[0], f"{where}: {passage['url']}"


def check_resource(hit, where):
    check_shape(hit, RESOURCE, where)
    assert ABSOLUTE.match(hit["url"]), f"{where}: {hit['url']}"
    assert hit["title"], where
    assert hit["mentions"], where
    for mention in hit["mentions"]:
        check_shape(mention, MENTION, where)
        check_texts(mention["heading"], where)


def check_elsewhere(hit, where):
    for place in hit["elsewhere"]:
        check_shape(place, ELSEWHERE, where)
        assert place["field"] in ("url", "tag", "category"), f"{where}: {place}"
        assert "<mark>" in place["html"], f"{where}: {place}"
        text = html.unescape(MARK.sub("", place["html"]))
        check_html(place["html"], text, where)
        if place["field"] != "url":
            values = hit["tags"] if place["field"] == "tag" else hit["categories"]
            assert text in [value.replace("\n", " ") for value in values], f"{where}: {place}"


def check_hit(hit, where):
    assert hit.get("kind") in ("post", "resource"), where
    assert hit.get("pinned", True) is True, where
    hit = {key: value for key, value in hit.items() if key != "pinned"}
    (check_post if hit["kind"] == "post" else check_resource)(hit, where)
    check_html(hit["title_html"] or "", hit["title"] or "", where)
    check_texts(hit["missing"] + hit["categories"] + hit["tags"], where)
    assert hit["date"] is None or DATE.match(hit["date"]), f"{where}: {hit['date']}"
    assert hit["score"] >= 0, where
    assert len(hit["passages"]) <= 3, where
    for passage in hit["passages"]:
        check_passage(passage, where)
    check_elsewhere(hit, where)


def check_counts(answer):
    hits, offset, total = answer["hits"], answer["offset"], answer["total"]
    assert len(hits) <= answer["limit"], "more hits than the limit"
    pinned = [hit for hit in hits if "pinned" in hit]
    assert hits[:len(pinned)] == pinned, "a pinned hit comes after a hit that is not pinned"
    full = [hit for hit in hits if "pinned" in hit or not hit["missing"]]
    partial = [hit for hit in hits if "pinned" not in hit and hit["missing"]]
    mixed, relaxed = answer["query"]["mixed"], answer["query"]["relaxed"]
    assert mixed or hits == full + partial, "a partial match comes before a full one"
    if not mixed and not relaxed and answer["total_exact"]:
        expected = max(0, min(answer["limit"], total - offset))
        assert len(full) == expected, f"{len(full)} full hits, total {total}, offset {offset}"
    if answer["total_exact"] and answer["total_partial_exact"]:
        found = total + answer["total_partial"]
        assert len(hits) == max(0, min(answer["limit"], found - offset)), f"{len(hits)} of {found} hits, offset {offset}"
    if relaxed:
        assert all(hit["missing"] or "pinned" in hit for hit in hits), "relaxed although a document contains every word"
        assert total == 0 and answer["total_partial"] > 0, answer["query"]


def check_shared(hits):
    """Checks that each passage is shown once, and that a hit that shares a section says with which."""
    shown = {}
    for number, hit in enumerate(hits):
        for passage in hit["passages"]:
            assert passage["text"] not in shown, f"hit {number}: repeats {passage['text']!r}"
        shown.update((passage["text"], passage["url"]) for passage in hit["passages"])
    for number, hit in enumerate(hits):
        if hit["section"] is not None:
            assert not hit["passages"], f"hit {number}: shares a section and shows a passage"
            assert hit["section"] in shown.values(), f"hit {number}: no hit shows {hit['section']}"


def check(data):
    """Checks the bytes of an answer and returns it."""
    assert data.endswith(b"\n") and data.count(b"\n") == 1, "one line"
    answer = parse(data)
    shape = dict(ANSWER, facets=dict) if "facets" in answer else ANSWER
    check_shape(answer, shape, "answer")
    check_shape(answer["query"], QUERY, "query")
    empty = list(empty_texts(answer))
    assert not empty, f"empty texts instead of null: {empty}"
    for number, hit in enumerate(answer["hits"]):
        check_hit(hit, f"hit {number}")
    check_shared(answer["hits"])
    check_counts(answer)
    return answer


def check_judged(judged):
    preview = judged.get("preview")
    check_shape({key: judged[key] for key in judged if key != "preview"}, JUDGED, "judged")
    for required in judged["required"]:
        check_shape(required, REQUIRED, "judged.required")
    for fell in judged["fell"]:
        check_shape(fell, FELL, "judged.fell")
    if preview is not None:
        check_shape(preview, PREVIEW, "judged.preview")
        for moved in preview["moved"]:
            check_shape(moved, MOVED, "judged.preview.moved")
            check_texts(moved["before"] + moved["after"], "judged.preview.moved")
            assert moved["before"] != moved["after"], moved


def check_report(report):
    """Checks a report. Only a dry run has `changes`, but it has no `acronyms`, and only a run that evaluates judged
    queries has `judged`."""
    shape = {key: REPORT[key] for key in REPORT if key != "acronyms" or "changes" not in report}
    check_shape({key: report[key] for key in report if key not in ("changes", "judged")}, shape, "report")
    empty = list(empty_texts(report))
    assert not empty, f"empty texts instead of null: {empty}"
    for change in report.get("changes", []):
        check_shape(change, CHANGE, "changes")
        assert change["change"] in ("added", "updated", "removed"), change
        assert change["kind"] in ("post", "resource"), change
    if "judged" in report:
        check_judged(report["judged"])
    check_shape(report["posts"], POSTS, "posts")
    check_shape(report["resources"], RESOURCES, "resources")
    for error in report["errors"]:
        check_shape(error, ERROR, "error")
        assert error["path"] and error["message"], error
        assert error["line"] >= 1 and error["column"] >= 1, error
    for warning in report["warnings"]:
        check_shape(warning, WARNING, "warning")
        assert warning["path"] and warning["message"] and warning["name"], warning
        assert warning["line"] >= 1 and warning["column"] >= 1, warning
