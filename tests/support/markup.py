# SPDX-License-Identifier: GPL-2.0-or-later
"""Parses pages strictly: markup that a browser would repair fails the test."""

import html.parser
import re

VOID = {"meta", "link", "input", "br", "hr", "img"}


class Element:
    def __init__(self, tag, attributes, parent):
        self.tag, self.attributes, self.parent, self.children = tag, attributes, parent, []

    def __getitem__(self, name):
        return self.attributes.get(name)

    @property
    def text(self):
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    @property
    def words(self):
        """The text with white space collapsed, as a browser shows it."""
        return re.sub(r"\s+", " ", self.text).strip()

    def all(self, tag=None, **attributes):
        """Descendants in document order. klass must be one of the element's classes; every other attribute
        must have the given value."""
        for child in self.children:
            if isinstance(child, str):
                continue
            wanted = dict(attributes)
            klass = wanted.pop("klass", None)
            if ((tag is None or child.tag == tag)
                    and (klass is None or klass in (child["class"] or "").split())
                    and all(child[name] == value for name, value in wanted.items())):
                yield child
            yield from child.all(tag, **attributes)

    def one(self, tag=None, **attributes):
        found = list(self.all(tag, **attributes))
        assert len(found) == 1, f"{len(found)} of <{tag} {attributes}>"
        return found[0]


class Parser(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.root = self.open = Element("", {}, None)

    def handle_starttag(self, tag, attributes):
        names = [name for name, _ in attributes]
        assert len(set(names)) == len(names), f"an attribute is given twice: {self.get_starttag_text()}"
        element = Element(tag, dict(attributes), self.open)
        self.open.children.append(element)
        if tag not in VOID:
            self.open = element

    def handle_endtag(self, tag):
        assert self.open.tag == tag, f"</{tag}> ends <{self.open.tag}> at {self.getpos()}"
        self.open = self.open.parent

    def handle_data(self, data):
        self.open.children.append(data)


def parse(body):
    text = body.decode("utf-8")
    assert text.startswith("<!DOCTYPE html>\n")
    parser = Parser()
    parser.feed(text)
    parser.close()
    assert parser.open is parser.root, f"<{parser.open.tag}> is not closed"
    ids = [element["id"] for element in parser.root.all() if element["id"] is not None]
    assert len(set(ids)) == len(ids), "an id is used twice"
    return parser.root
