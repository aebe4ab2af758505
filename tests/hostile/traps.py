# SPDX-License-Identifier: GPL-2.0-or-later
"""The hostile set: files that a site may contain among good posts, by accident or by intent.

make(site) writes the files and returns, by path below the site, what a run must do with each: GOOD
(index it, so that the given word finds it), BAD (report it) or ANY (index it, report it or leave it
out).
"""

import os
import socket

GOOD, BAD, ANY = "good", "bad", "any"

BOMB = "".join(f"{name}: &{name} [{', '.join(['*' + last] * 9)}]\n"
               for last, name in zip("abcdefgh", "bcdefghi"))
LISTS = "".join("  " * depth + "- item\n" for depth in range(10000))

HTML = """<div><p><table><tr><td>htmlword
<script>alert(1)</script><style>p{}</style><!-- never closed
<a href="javascript:alert(1)">js</a><a href="https://x.example/"<a href='>
</div></div></div></p><![CDATA[ <?php ?> <svg/onload=alert(1)> &#0; &#x110000; &bogus; <a
"""
URLS = """urlword [a](https://) [b](http://[::1) [c](https://exa mple.org) [d](javascript:alert(1))
[e](data:text/html,x) [f](https://user:pass@host.example:99999/) [g](https://%00.example/%zz)
[h](https://ex.example/\u202e\u0000) [i](//host.example/x) [j](https://" onclick="x.example/)
<a href="https://a.example/&#x22;><script>">k</a> [l](https://xn--.example) <https://m.example/<b>>
"""


def front(*lines):
    return "---\n" + "\n".join(lines) + "\n---\n"


# path: (content, GOOD, BAD or ANY, the word that finds it)
FILES = {
    # YAML
    "yaml-open.md": ("---\ntitle: [open\n---\nword\n", BAD, None),
    "yaml-tab.md": ("---\ntitle: x\n\tkey: y\n---\nword\n", BAD, None),
    "yaml-quote.md": ('---\ntitle: "open\n---\nword\n', BAD, None),
    "yaml-bomb.md": (front("a: &a [x, x]", BOMB.strip(), "title: Bomb") + "word\n", BAD, None),
    "yaml-self.md": (front("a: &a [*a]", "title: Self") + "word\n", BAD, None),
    "yaml-deep.md": (front("title: " + "[" * 5000 + "]" * 5000) + "word\n", BAD, None),
    "yaml-long.md": (front(*[f"key{n}: value" for n in range(20000)]) + "word\n", ANY, None),
    "yaml-scalar.md": (front("just text") + "word\n", ANY, None),
    "yaml-list.md": (front("- a", "- b") + "word\n", ANY, None),
    "yaml-types.md": (front("title: {a: b}", "tags: {c: d}", "categories: [[x, [y]], null, 3]",
                            "date: [1]", "permalink: {x: y}") + "typesword\n", ANY, None),
    "yaml-twice.md": (front("title: A", "title: B") + "twiceword\n", ANY, None),
    "yaml-nul.md": (front('title: "a\\0b"', 'tags: ["\\0\\0", "x\\0y"]', 'lang: "\\0"',
                          'category: "' + "\\0" * 300 + '"', 'permalink: "/nul\\0/x/"')
                    + "nulword\n", GOOD, "nulword"),
    "yaml-titles.md": (front("title: " + "long " * 800) + "longtitleword\n", GOOD, "longtitleword"),
    "yaml-title-64k.md": (front("title: " + "t" * 65536) + "word\n", ANY, None),
    "yaml-tags.md": (front("tags: [" + ", ".join(f"t{n}" for n in range(10000)) + "]") + "w\n",
                     ANY, None),
    "yaml-surrogate.md": (front('title: "\\ud800"') + "word\n", ANY, None),
    "yaml-dates.md": (front("date: 99999-99-99 99:99:99") + "word\n", ANY, None),
    "only-front-matter.md": (front("title: Only onlyword"), GOOD, "onlyword"),
    "only-opened.md": ("---\n", ANY, None),
    "unclosed.md": ("---\ntitle: x\nunclosedword\n", ANY, None),
    "empty.md": ("", ANY, None),
    "blank.md": (" \n\t\n\n", ANY, None),
    # Bytes
    "latin1.md": (b"# R\xe9sum\xe9\n\nlatinword \xff\xfe \xc3( \xe2\x82\n", GOOD, "latinword"),
    "overlong.md": (b"overlongword \xc0\xaf \xed\xa0\x80 \xf4\x90\x80\x80\n", GOOD, "overlongword"),
    "nul.md": (b"# T\x00itle\n\nrawnulword a\x00b \x00\x00\n", GOOD, "rawnulword"),
    "front-nul.md": (b"---\ntitle: a\x00b\n---\nword\n", ANY, None),
    "front-latin1.md": (b"---\ntitle: r\xe9sum\xe9\n---\nword\n", ANY, None),
    "bom.md": (b"\xef\xbb\xbf---\ntitle: Bomtitle\n---\n\nbomword\n", GOOD, "bomtitle bomword"),
    "crlf.md": (b"---\r\ntitle: Crlftitle\r\n---\r\n\r\n# Head\r\n\r\ncrlfword\r\n", GOOD,
                "crlftitle crlfword"),
    "cr.md": (b"---\rtitle: x\r---\rcrword\r", ANY, None),
    "utf16.md": ("---\ntitle: x\n---\nword\n".encode("utf-16"), ANY, None),
    "binary.md": (bytes(range(256)) * 200, ANY, None),
    "controls.md": (bytes(range(1, 32)) + b" controlsword \x1b[31m\n", GOOD, "controlsword"),
    "combining.md": ("combiningword " + "a" + "\u0301" * 20000 + "\n", GOOD, "combiningword"),
    "bidi.md": ("\u202ebidiword \u2066\u2069\ufeff\n", ANY, None),
    # Size and shape
    "line.md": (b"# Line\n\nlineword " + b"x" * 50_000_000 + b"\n", BAD, None),
    "big.md": (b"bigword " * 1_100_000, BAD, None),
    "just-fits.md": ("fitsword " + "word " * 1_600_000, GOOD, "fitsword"),
    "words.md": ("longestword " + "y" * 1_000_000 + "\n", GOOD, "longestword"),
    "lists.md": ("listsword\n\n" + LISTS[:4_000_000], GOOD, "listsword"),
    "marks.md": ("marksword\n\n" + "- " * 50000 + "\n\n" + "> " * 50000 + "x\n", GOOD, "marksword"),
    "images.md": ("imagesword\n\n" + "![[]()" * 50000 + "\n", GOOD, "imagesword"),
    "stars.md": ("starsword\n\n" + "*a _b " * 50000 + "\n", GOOD, "starsword"),
    "ticks.md": ("ticksword\n\n" + "".join("`" * n + " " for n in range(600)), GOOD, "ticksword"),
    "brackets.md": ("bracketsword\n\n" + "[" * 50000 + "]" * 50000, GOOD, "bracketsword"),
    "headings.md": ("headingsword\n\n" + "# same\n\nx\n\n" * 10000, GOOD, "headingsword"),
    "links.md": ("linksword\n\n" + "".join(f"[n{n}](https://many.example/{n}) " for n in range(5000)),
                 GOOD, "linksword"),
    "one-link.md": ("onelinkword\n\n" + "- [same](https://one.example/x) text\n" * 5000, GOOD,
                    "onelinkword"),
    "definitions.md": ("definitionsword\n\n" + "".join(f"[{n}]: https://d.example/{n}\n"
                                                       for n in range(20000)), GOOD,
                       "definitionsword"),
    "tables.md": ("tablesword\n\n" + "| a | b |\n| - | - |\n" + "| c | d |\n" * 10000, GOOD,
                  "tablesword"),
    "html-deep.md": ("deepword\n\n" + "<div>" * 20000 + "x" + "</div>" * 20000, GOOD, "deepword"),
    "html-open.md": ("openword\n\n" + "<b" * 50000, GOOD, "openword"),
    "html-comments.md": ("commentsword\n\n" + "<!-- " * 20000, GOOD, "commentsword"),
    "liquid.md": ("liquidword {% raw %} {{ " + "{{ {% " * 20000 + "\n", ANY, None),
    "attributes.md": ("attributesword\n\n" + "{: #x .y z='\n" * 10000, GOOD, "attributesword"),
    # Markup and URLs that attack readers
    "html.md": ("# <script>alert('t')</script>\n\n" + HTML, GOOD, "htmlword"),
    "urls.md": (URLS, GOOD, "urlword"),
    "script-title.md": (front('title: "<script>alert(1)</script> titleword"',
                              'tags: ["<img src=x>"]', "category: '<b>'") + "<script>x</script>\n",
                        GOOD, "titleword"),
    "permalink-1.md": (front("permalink: /same/") + "sameone\n", GOOD, "sameone"),
    "permalink-2.md": (front("permalink: /same/") + "sametwo\n", ANY, None),  # only one can be published
    "permalink-bad.md": (front('permalink: "../../../etc/passwd"') + "upword\n", ANY, None),
    "permalink-js.md": (front('permalink: "javascript:alert(1)"') + "jsword\n", ANY, None),
    # Names
    "name\nline.md": ("newlinename\n", GOOD, "newlinename"),
    "name\x1b[31m.md": ("escapename\n", GOOD, "escapename"),
    "name\udcff\udcfe.md": ("latinname\n", GOOD, "latinname"),
    "-o.md": ("optionname\n", GOOD, "optionname"),
    "n" * 250 + ".md": ("longname\n", GOOD, "longname"),
    "quote\"'<b>&.md": ("quotename\n", GOOD, "quotename"),
    "/".join(["d"] * 200) + "/deep.md": ("deepfolder\n", GOOD, "deepfolder"),
}


def make_specials(site):
    """Makes folders, pipes, links and a socket. A run must not read them, wait for them, or loop in links."""
    (site / "folder.md").mkdir()
    (site / "folder.md/inside.md").write_text("insideword\n")
    os.mkfifo(site / "fifo.md")
    os.symlink(".", site / "loop")
    os.symlink("self.md", site / "self.md")
    os.symlink("nowhere.md", site / "dangling.md")
    os.symlink("/dev/zero", site / "zero.md")
    os.symlink("/etc/passwd", site / "outside.md")
    with socket.socket(socket.AF_UNIX) as bound:
        here = os.getcwd()
        os.chdir(site)
        bound.bind("socket.md")
        os.chdir(here)


def make(site, skip=()):
    site.mkdir(parents=True)
    expected = {}
    for name, (content, what, word) in FILES.items():
        if name in skip:
            continue
        path = site / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else
                         content.encode("utf-8", "surrogatepass"))
        expected[name] = (what, word)
    make_specials(site)
    expected["folder.md/inside.md"] = (GOOD, "insideword")
    return expected
