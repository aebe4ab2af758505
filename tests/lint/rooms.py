#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks that every file includes only what its room may include.

    rooms.py ROOMS [TREE]

ROOMS is the table that cmake/room.cmake writes: for each room its public headers, the rooms it uses and the
headers of external libraries. Prints each include that is not allowed, and each circle of rooms.
Exit status: 0 if there is none, else 1.
"""

import pathlib
import re
import sys

INCLUDE = re.compile(r'^ *# *include *(?:"([^"]+)"|<([^>]+)>)', re.M)


class Room:
    def __init__(self, line):
        name, headers, uses, externals = line.split("|")
        self.name = name
        self.headers = [header for header in headers.split(";") if header]
        self.uses = [room for room in uses.split(";") if room]
        self.externals = [pattern for pattern in externals.split(";") if pattern]


def read_rooms(path):
    lines = pathlib.Path(path).read_text().splitlines()
    rooms = [Room(line) for line in lines if line and not line.startswith("#")]
    return {room.name: room for room in rooms}


class Tree:
    def __init__(self, root, rooms):
        self.root = root
        self.rooms = rooms
        self.patterns = {pattern for room in rooms.values() for pattern in room.externals}
        self.errors = []
        self.edges = {}
        self.owners = {}
        for room in rooms.values():
            for header in room.headers:
                if header in self.owners:
                    self.errors.append(f"{header}.h belongs to {self.owners[header]} and to {room.name}")
                self.owners[header] = room.name

    def sources(self):
        folders = {name.split("/")[0] for name in self.rooms} | {"include/signpost"}
        for folder in sorted(folders):
            files = sorted((self.root / folder).rglob("*.[ch]"))
            yield from (file.relative_to(self.root).as_posix() for file in files)

    def room_of(self, file):
        """The room that a file of the tree belongs to, or None."""
        if file.startswith("include/signpost/"):
            return self.owners.get(pathlib.PurePath(file).stem)
        folder = pathlib.PurePath(file).parent
        for candidate in [folder, *folder.parents]:
            if candidate.as_posix() in self.rooms:
                return candidate.as_posix()
        return None

    def resolve(self, file, quoted, angled):
        """The file of the tree that an include names, or None if the file is not in the tree."""
        name = quoted or angled
        folders = [pathlib.PurePath(file).parent.as_posix(), "."] if quoted else []
        for folder in [*folders, "include"]:
            path = (self.root / folder / name).resolve()
            if path.is_file() and self.root in path.parents:
                return path.relative_to(self.root).as_posix()
        return None

    def check_external(self, file, room, header):
        used = [pattern for pattern in self.patterns if re.fullmatch(pattern, header)]
        if used and not any(re.fullmatch(pattern, header) for pattern in room.externals):
            self.errors.append(f"{file}: {room.name} may not include <{header}>")
        if re.match(r"xapian([.]h|/)", header):
            self.errors.append(f"{file}: only xapian-c may include <{header}>")

    def check_target(self, file, room, target):
        other = self.room_of(target)
        if other == room.name:
            return
        self.edges.setdefault(room.name, {})[other] = f"{file} includes {target}"
        if other not in room.uses:
            self.errors.append(f"{file}: {room.name} does not use {other}, but includes {target}")
        private = other and other.startswith("engine/") and not target.startswith("include/")
        if private and other != "engine/base" and not room.name.startswith("engine/"):
            self.errors.append(f"{file}: {target} is private to the engine")

    def check_file(self, file):
        room = self.rooms.get(self.room_of(file))
        if not room:
            self.errors.append(f"{file} is in no room")
            return
        for quoted, angled in INCLUDE.findall((self.root / file).read_text()):
            target = self.resolve(file, quoted, angled)
            if target and not target.startswith("include/xapian-c"):
                self.check_target(file, room, target)
            elif angled:
                self.check_external(file, room, angled)
            elif not target:
                self.errors.append(f"{file}: there is no {quoted}")

    def check_outside(self):
        """The binding must not use the rooms. Only the binding and bench/ may use libxapian's own headers."""
        for folder in "xapian-c", "tests":
            files = [path for path in (self.root / folder).rglob("*") if path.suffix in (".c", ".cc", ".h", ".hh")]
            for path in sorted(files):
                file = path.relative_to(self.root).as_posix()
                for quoted, angled in INCLUDE.findall(path.read_text(errors="replace")):
                    target = self.resolve(file, quoted, angled) or ""
                    if folder == "xapian-c" and not re.match("(include/)?xapian-c[/.-]", target or "xapian-c/"):
                        self.errors.append(f"{file}: the binding may not include {target}")
                    if folder == "tests" and re.match(r"xapian([.]h|/)", angled):
                        self.errors.append(f"{file}: only xapian-c may include <{angled}>")

    def find_circle(self):
        """Rooms that form a circle: each includes a header of the next, and the last a header of the first."""
        done = set()

        def visit(room, path):
            if room in path:
                return path[path.index(room):]
            if room in done:
                return None
            done.add(room)
            circles = (visit(other, [*path, room]) for other in sorted(self.edges.get(room, {})))
            return next((circle for circle in circles if circle), None)

        return next((circle for room in sorted(self.edges) if (circle := visit(room, []))), None)

    def check(self):
        for file in self.sources():
            self.check_file(file)
        self.check_outside()
        circle = self.find_circle()
        if circle:
            steps = zip(circle, [*circle[1:], circle[0]])
            self.errors.append("a circle of rooms: " + "; ".join(self.edges[a][b] for a, b in steps))
        return self.errors


def main(rooms, root="."):
    errors = Tree(pathlib.Path(root).resolve(), read_rooms(rooms)).check()
    print("\n".join(errors) or "each room includes only what it may")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
