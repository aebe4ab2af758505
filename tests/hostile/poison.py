# SPDX-License-Identifier: GPL-2.0-or-later
"""Poison: files that are made to cost much time or to break the reader. Each kind is a function of a size in bytes
and a number, which varies it. What a run must do with a file is GOOD (index it, so that `poisonword` finds
it), BAD (report it with its line) or ANY.

POSTS are posts; SETTINGS, PINS, SYNONYMS and JUDGMENTS are the other files of a site.
"""

from fill import fill

GOOD, BAD, ANY = "good", "bad", "any"


def front(text):
    """A post with this front matter."""
    return f"---\n{text}\n---\n\npoisonword\n"


def body(text):
    return f"---\ntitle: Poison\n---\n\npoisonword\n\n{text}\n"


def bomb(number):
    width = 9 + number % 5
    return "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]\n" for n in range(1, 11))


POSTS = {
    # Front matter
    "front-long": (BAD, lambda size, n: front(fill(lambda k: f"key{n}x{k}: value\n", size))),
    "front-bracket": (BAD, lambda size, n: front("title: " + "[" * (2 + n)) + fill("word ", size)),
    "front-brackets": (BAD, lambda size, n: front("a: " + "[" * 60000)),
    "front-braces": (BAD, lambda size, n: front("{a: " * 15000)),
    "front-dashes": (BAD, lambda size, n: front("- " * (20000 + n))),
    "front-questions": (BAD, lambda size, n: front("? " * (20000 + n))),
    "front-quote": (BAD, lambda size, n: front('title: "open ' + "x" * n) + fill("word ", size)),
    "front-tab": (BAD, lambda size, n: front("title: x\n" + "\t" * (n + 1) + "key: y") + fill("word\n", size)),
    "front-bomb": (BAD, lambda size, n: front(bomb(n).strip())),
    "front-self": (BAD, lambda size, n: front(f"a: &a{n} [*a{n}]")),
    "front-merge": (BAD, lambda size, n: front("a: &a {b: c}\nd:\n  <<: *a")),
    "front-tags": (BAD, lambda size, n: front(fill(lambda k: f"%TAG !a{k}! tag:x,\n", 60000) + "---\na: b")),
    "front-nul": (BAD, lambda size, n: front("title: a\0b") + fill("word ", size)),
    "front-latin1": (BAD, lambda size, n: front("title: x").encode() .replace(b"title: x", b"title: r\xe9") +
                     fill("word ", size).encode()),
    "front-list": (BAD, lambda size, n: front("- a\n" * (n + 1))),
    "front-two": (BAD, lambda size, n: front("a: b\n  c: d\n" + fill("e: f\n", 50000))),
    "front-permalink": (BAD, lambda size, n: front("permalink: /" + "x" * 50000 + "/")),
    "front-placeholders": (BAD, lambda size, n: front("slug: " + "a!" * 15000 + "\npermalink: " + "/:path" * 5000)),
    "front-date": (ANY, lambda size, n: front("date: " + "9" * 60000)),
    "front-redirects": (ANY, lambda size, n: front("redirect_from: [" + fill(lambda k: f"/{k}/, ", 60000) + "/x/]")),
    "front-title": (GOOD, lambda size, n: front("title: " + fill(lambda k: f"w{k} ", 60000))),
    "front-terms": (GOOD, lambda size, n: front("tags: [" + fill(lambda k: f"t{k}, ", 60000) + "x]")),
    "front-open": (ANY, lambda size, n: "---\ntitle: x\n" + fill("poisonword\n", size)),
    # Markdown
    "lists": (GOOD, lambda size, n: body(fill("- ", size // 2) + "\n\n" + fill(lambda k: " " * (k % 900) + "- x\n", size // 2))),
    "numbers": (GOOD, lambda size, n: body(fill("1. ", size))),
    "quotes": (GOOD, lambda size, n: body(fill("> ", size) + "x")),
    "mixed": (GOOD, lambda size, n: body(fill("> - ", size) + "*a")),
    "quoted-stars": (GOOD, lambda size, n: body("\n".join("> " * 50 + "*a" * 500 for _ in range(size // 1100)))),
    "stars": (GOOD, lambda size, n: body(fill("*a _b ", size))),
    "star-pairs": (GOOD, lambda size, n: body(fill("**a *b c** ", size))),
    "images": (GOOD, lambda size, n: body(fill("![[]()", size))),
    "brackets": (GOOD, lambda size, n: body("[" * (size // 2) + "]" * (size // 2))),
    "link-starts": (GOOD, lambda size, n: body(fill("[a](", size))),
    "link-titles": (GOOD, lambda size, n: body(fill('[a](b "', size))),
    "pointy": (GOOD, lambda size, n: body(fill("[a](<b", size))),
    "ticks": (GOOD, lambda size, n: body(fill(lambda k: "`" * (k % 1400) + " ", size))),
    "fences": (GOOD, lambda size, n: body(fill("```\nx\n~~~\n", size))),
    "headings": (GOOD, lambda size, n: body(fill("# same\n\nx\n\n", size))),
    "underlines": (GOOD, lambda size, n: body(fill("x\n===\n", size))),
    "definitions": (GOOD, lambda size, n: body(fill(lambda k: f"[{k}]: https://d.example/{k}\n", size))),
    "same-definition": (GOOD, lambda size, n: body(fill("[a]: /b\n", size // 2) + fill("[a] ", size // 2))),
    "tables": (GOOD, lambda size, n: body("| a | b |\n| - | - |\n" + fill("| c | d |\n", size))),
    "columns": (GOOD, lambda size, n: body(fill("| a ", size // 3) + "\n" + fill("| - ", size // 3) + "\n")),
    "breaks": (GOOD, lambda size, n: body(fill("* * *\n", size))),
    "entities": (GOOD, lambda size, n: body(fill("&amp; &#x110000; &bogus; &", size))),
    "backslashes": (GOOD, lambda size, n: body(fill("\\", size))),
    "line": (GOOD, lambda size, n: body(fill("x", size))),
    "blank-lines": (GOOD, lambda size, n: body("x" + fill("\n", size))),
    "spaces": (GOOD, lambda size, n: body("x" + fill(" ", size) + "y")),
    "attributes": (GOOD, lambda size, n: body(fill("{: #x .y z='\n", size))),
    "footnotes": (GOOD, lambda size, n: body(fill(lambda k: f"[^{k}]: x\n", size))),
    # HTML and Liquid
    "html-deep": (GOOD, lambda size, n: body(fill("<div>", size))),
    "html-open": (GOOD, lambda size, n: body(fill("<b", size))),
    "html-attributes": (GOOD, lambda size, n: body("<a " + fill(lambda k: f"a{k}='b' ", size) + ">")),
    "html-quote": (GOOD, lambda size, n: body(fill("<a href='", size))),
    "html-comments": (GOOD, lambda size, n: body(fill("<!-- ", size))),
    "html-cdata": (GOOD, lambda size, n: body(fill("<![CDATA[", size))),
    "html-declarations": (GOOD, lambda size, n: body(fill("<?php <!A ", size))),
    "html-tables": (GOOD, lambda size, n: body(fill("<table><tr><td>", size))),
    "html-inline": (GOOD, lambda size, n: body("x " + fill("<i>a", size))),
    "liquid-open": (ANY, lambda size, n: body(fill("{{ {% ", size))),
    "liquid-raw": (ANY, lambda size, n: body(fill("{% raw %} {{ ", size))),
    "liquid-comments": (ANY, lambda size, n: body(fill("{% comment %}", size))),
    "liquid-highlights": (GOOD, lambda size, n: body(fill("{% highlight x %}\n", size // 2) +
                                                     fill("x", size // 2) + " endhighlight %}\n")),
    "liquid-quotes": (ANY, lambda size, n: body(fill("{% x '", size))),
    # Bytes
    "invalid": (GOOD, lambda size, n: body("").encode() + b"\xff\xc0\xaf\xed\xa0\x80 " * (size // 7)),
    "cut": (GOOD, lambda size, n: body("").encode() + b"\xf0\x9f\x98" * (size // 3)),
    "nuls": (GOOD, lambda size, n: body(fill("a\0", size))),
    "controls": (GOOD, lambda size, n: body(fill("".join(map(chr, range(1, 32))), size))),
    "combining": (GOOD, lambda size, n: body("a" + fill("\u0301", size))),
    "ligatures": (GOOD, lambda size, n: body(fill("\ufdfa", size))),
    "bidi": (GOOD, lambda size, n: body(fill("\u202e\u2066", size))),
    "returns": (GOOD, lambda size, n: body(fill("x\r", size))),
    "marks": (GOOD, lambda size, n: body(fill("\ufeff", size))),
    "utf16": (ANY, lambda size, n: body(fill("x", size // 2)).encode("utf-16")),
    "huge": (BAD, lambda size, n: body(fill("word ", 9 << 20))),
}

# Settings: BAD ends the run, with file and line.
SETTINGS = {
    "bomb": (BAD, lambda size: "defaults:\n" + "".join(
        f"  - &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" if n else "  - &a0 [x, x]\n" for n in range(10))),
    "merge-bomb": (BAD, lambda size: "a0: &a0 {x: 1}\n" + "".join(
        f"a{n}: &a{n} {{<<: *a{n - 1}, y: *a{n - 1}}}\n" for n in range(1, 30))),
    "merges": (BAD, lambda size: "a0: &a0 {x: 1}\n" + "".join(
        f"a{n}: &a{n} {{<<: *a{n - 1}}}\n" for n in range(1, 5000))),
    "anchors": (ANY, lambda size: fill(lambda n: f"a{n}: &a{n} x\n", size // 2) +
                fill(lambda n: f"b{n}: *a{n}\n", size // 3)),
    "self": (BAD, lambda size: "a: &a [*a]\n"),
    "directives": (BAD, lambda size: fill(lambda n: f"%TAG !a{n}! tag:x,\n", size) + "---\na: b\n"),
    "defaults-globs": (GOOD, lambda size: "defaults:\n" + "".join(
        f'- {{scope: {{path: "*x{n}*"}}, values: {{title: t}}}}\n' for n in range(min(15000, size // 60)))),
    "defaults-deep": (GOOD, lambda size: "defaults:\n" + "".join(
        f'- {{scope: {{path: "**/*{n}*", type: posts}}, values: {{a: b}}}}\n' for n in range(min(15000, size // 70)))),
    "defaults-same": (GOOD, lambda size: "defaults:\n" + "".join(
        f'- {{scope: {{path: "{"_posts" * (n % 2)}"}}, values: {{title: t{n}}}}}\n'
        for n in range(min(15000, size // 60)))),
    "defaults-keys": (GOOD, lambda size: "defaults:\n- scope: {path: ''}\n  values:\n" +
                      fill(lambda n: f"    k{n}: v\n", size)),
    "defaults-long": (BAD, lambda size: "defaults:\n- scope: {path: ''}\n  values: {title: " + fill("t", size) + "}\n"),
    "exclude": (GOOD, lambda size: "exclude:\n" + fill(lambda n: f"- n{n}xxxxx\n", size)),
    "exclude-globs": (GOOD, lambda size: "exclude:\n" + "".join(f"- '*q{n}*z'\n" for n in range(min(20000, size // 14)))),
    "exclude-stars": (GOOD, lambda size: "exclude:\n- '" + fill("*g", size) + "'\n"),
    "exclude-more": (GOOD, lambda size: "exclude:\n" + fill("- '" + "*o" * 40 + "x'\n", size)),
    "exclude-sets": (GOOD, lambda size: "exclude:\n- '" + fill("[a-z]*", size) + "'\n"),
    "include": (GOOD, lambda size: "include:\n" + fill(lambda n: f"- n{n}.md\n", size)),
    "include-same": (ANY, lambda size: "include:\n" + fill("- page.md\n", size - 5)),
    "both": (GOOD, lambda size: "include:\n" + fill(lambda n: f"- nnnnn{n}\n", size // 2) +
             "exclude:\n" + fill(lambda n: f"- mmmmm{n}\n", size // 2)),
    "collections": (GOOD, lambda size: "collections:\n" + fill(lambda n: f"  c{n}: {{output: true}}\n", size)),
    "collections-same": (ANY, lambda size: "collections:\n" + fill("  c: {output: true}\n", size)),
    "extensions": (BAD, lambda size: "markdown_ext: md," + fill(lambda n: f"e{n},", size)),
    "permalink": (BAD, lambda size: "permalink: /" + fill(":title", size)),
    "collection-permalink": (BAD, lambda size: "collections: {posts: {permalink: '/" + fill(":title", size) + "'}}\n"),
    "baseurl": (BAD, lambda size: "baseurl: /" + fill("b", size)),
    "url": (BAD, lambda size: "url: https://" + fill("b", size)),
    "title": (BAD, lambda size: "title: " + fill("b", size)),
    "brackets": (BAD, lambda size: "a: " + fill("[", size)),
    "braces": (BAD, lambda size: fill("{a: ", size)),
    "dashes": (BAD, lambda size: "a:\n" + fill("- ", size)),
    "questions": (BAD, lambda size: fill("? ", size)),
    "colons": (BAD, lambda size: fill("a: ", size)),
    "values": (ANY, lambda size: "a: [" + fill("a,", size) + "]\n"),
    "keys": (ANY, lambda size: fill(lambda n: f"k{n}: v\n", size)),
    "comments": (GOOD, lambda size: fill("#x\n", size) + "title: x\n"),
    "escapes": (GOOD, lambda size: 'a: "' + fill("\\x41", size) + '"\n'),
    "folded": (GOOD, lambda size: "a: >\n" + fill(" x\n\n", size)),
    "blank": (GOOD, lambda size: fill("\n", size) + "title: x\n"),
    "key": (GOOD, lambda size: "? " + fill("x", size) + "\n: y\n"),
    "tag": (GOOD, lambda size: "a: !" + fill("a", size) + " x\n"),
    "tabs": (BAD, lambda size: fill("\t", size)),
    "quote": (BAD, lambda size: "title: 'open\n" + fill("a: b\n", size)),
    "ranking": (BAD, lambda size: "signpost:\n  ranking:\n" + fill(lambda n: f"    s{n}: 1\n", size)),
    "latin1": (BAD, lambda size: "title: x\nb: ".encode() + b"\xe9\n" + fill("a: b\n", size).encode()),
    "nul": (BAD, lambda size: "title: x\nb: \0\n" + fill("a: b\n", size)),
    "too-long": (BAD, lambda size: fill("#", 2 << 20)),
}

PINS = {
    "no-tab": (BAD, lambda size: fill("query\n", size)),
    "many": (GOOD, lambda size: fill(lambda n: f"query {n}\t/x{n}/\n", size)),
    "same": (BAD, lambda size: fill("query\t/x/\n", size)),
    "targets": (BAD, lambda size: "query" + fill(lambda n: f"\t/{n}/", size)),
    "twice": (BAD, lambda size: "query\t/x/\t/x/\n" + fill("#\n", size)),
    "long-query": (GOOD, lambda size: fill("word ", size) + "\t/x/\n"),
    "long-target": (GOOD, lambda size: "query\t/" + fill("x", size) + "/\n"),
    "tabs": (GOOD, lambda size: fill("\t", size)),
    "signs": (BAD, lambda size: fill("!", size) + "\t/x/\n"),
    "latin1": (BAD, lambda size: fill("#\n", size).encode() + b"r\xe9\t/x/\n"),
    "folds": (BAD, lambda size: fill("\ufdfa", size) + "\t/x/\n"),
    "too-long": (BAD, lambda size: fill("# x\n", 2 << 20)),
}

# Mistakes in synonyms do not end the run.
SYNONYMS = {
    "lone": (BAD, lambda size: fill("word\n", size)),
    "many": (BAD, lambda size: fill(lambda n: f"a{n}, b{n}\n", size)),
    "entries": (BAD, lambda size: "a" + fill(lambda n: f", b{n}", size)),
    "entry": (BAD, lambda size: fill("word ", size) + ", b\n"),
    "arrows": (BAD, lambda size: fill("a => ", size)),
    "backslashes": (BAD, lambda size: fill("\\", size)),
    "commas": (BAD, lambda size: fill(",", size)),
    "latin1": (BAD, lambda size: b"r\xe9, b\n" + fill("#\n", size).encode()),
    "folds": (BAD, lambda size: fill("\ufdfa", size) + ", b\n"),
    "same": (GOOD, lambda size: "\n".join(["a, b"] * 5000)),
    "too-long": (BAD, lambda size: fill("# x\n", 2 << 20)),
}

JUDGMENTS = {
    "fields": (BAD, lambda size: fill("query\n", size)),
    "grade": (BAD, lambda size: "query\t/x/\t" + fill("9", size)),
    "targets": (GOOD, lambda size: fill(lambda n: f"query\t/x{n}/\t3\n", size)),
    "same": (GOOD, lambda size: fill("query\t/x/\t3\n", size)),
    "empty": (BAD, lambda size: fill("\t/x/\t3\n", size)),
    "not-wanted": (GOOD, lambda size: "good\t/x/\t1\n" + fill(lambda n: f"q{n}\t/x/\t0\n", size)),
    "query": (GOOD, lambda size: fill("word ", size) + "\t/x/\t3\n"),
    "latin1": (BAD, lambda size: fill("#\n", size).encode() + b"r\xe9\t/x/\t1\n"),
    "tabs": (BAD, lambda size: fill("\t", size) + "x\n"),
}
