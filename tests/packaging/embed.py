#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""docs/embed.md lists exactly the words, attributes, properties, parts, events and members of the search
box.

    embed.py ROOT
"""
import json
import pathlib
import re
import sys


def rows(text, heading):
    """The first and second cells of a section's tables."""
    section = text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    cells = [line.strip("|").split(" | ") for line in section.splitlines() if line.startswith("|")]
    return section, [[cell.strip() for cell in row] for row in cells if not row[0].strip().startswith("---")]


def names(cells):
    return {name for cell in cells for name in re.findall(r"`(?:--signpost-)?([\w-]+)(?:\([^`]*\))?`", cell)}


def main():
    root = pathlib.Path(sys.argv[1])
    text = (root / "docs/embed.md").read_text()
    script = "".join((root / f"searchd/web/search-{part}.js").read_text() for part in ("element", "list", "box"))
    style = (root / "searchd/web/search-box.css").read_text()
    wrong = []

    def same(kind, documented, existing):
        for name in sorted(documented - existing):
            wrong.append(f"embed.md documents the {kind} {name}, which the box does not have")
        for name in sorted(existing - documented):
            wrong.append(f"embed.md does not document the {kind} {name}")

    words = json.loads((root / "searchd/web/words/en.json").read_text())["box"]
    table = rows(text, "Words")[1]
    documented = {row[0].strip("`"): row[1] for row in table if row[0].startswith("`text-")}
    existing = {f"text-{key}": value for key, value in words.items() if key not in ("label", "placeholder")}
    same("word", set(map(str, documented.items())), set(map(str, existing.items())))

    attributes = names(row[0] for row in rows(text, "Attributes")[1])
    existing = set(re.findall(r"_get\('([\w-]+)'", script)) | {"disabled", "autofocus", "theme"}
    same("attribute", attributes, existing)
    if not re.search(r":host\(\[theme=dark\]\)", style) or "formDisabledCallback" not in script or "autofocus" not in script:
        wrong.append("the box does not implement theme, disabled or autofocus")

    section, table = rows(text, "Looks")
    same("property", names(row[0] for row in table), set(re.findall(r"--signpost-([\w-]+)", style)))
    parts = names([next(line for line in section.splitlines() if line.startswith("Parts:"))])
    same("part", parts, set(re.findall(r"part: '([\w]+)'", script)) | set(re.findall(r"part: '\w+ (\w+)'", script))
         | set(re.findall(r"line\('(\w+)'", script)))

    _, table = rows(text, "For scripts")
    events = {name for row in table for name in re.findall(r"`(signpost-\w+)`", row[0])}
    existing = {f"signpost-{name}" for call in re.findall(r"_emit\((.*?)[,)]", script)
                for name in re.findall(r"'(\w+)'", call)}
    same("event", events, existing)
    members = names(row[0] for row in table if not row[0].startswith("`signpost-")) - {"event", "member"}
    existing = set(re.findall(r"^  (?:get |async )?([a-z]\w*)\(\w*\) \{", script, re.M)) | {"focus"}
    same("member", members, {name for name in existing if not name.endswith("Callback") and name != "constructor"})

    print("\n".join(wrong), end="\n" if wrong else "")
    return 1 if wrong else 0


sys.exit(main())
