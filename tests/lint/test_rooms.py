#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""rooms.py reports each kind of mistake, in small trees that the tests write."""

import contextlib
import io
import pathlib
import tempfile
import unittest

import rooms

TABLE = """# made for a test
engine/base|text||utf8proc[.]h
engine/search|answer|engine/base|
search||engine/base;engine/search|
"""


class Rooms(unittest.TestCase):
    def check(self, files, table=TABLE):
        """The exit status and output of rooms.py for a tree of these files."""
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "rooms.txt").write_text(table)
            for name, text in files.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
            with contextlib.redirect_stdout(io.StringIO()) as out:
                status = rooms.main(root / "rooms.txt", root)
            return status, out.getvalue()

    def assert_error(self, files, message, table=TABLE):
        status, out = self.check(files, table)
        self.assertEqual(status, 1)
        self.assertIn(message, out)

    def test_a_tree_without_mistakes_passes(self):
        status, out = self.check({
            "include/signpost/text.h": "#include <stddef.h>\n",
            "include/signpost/answer.h": "#include <signpost/text.h>\n",
            "engine/base/text.c": "#include <signpost/text.h>\n#include <utf8proc.h>\n",
            "engine/search/plan.h": '#include "engine/base/file.h"\n',
            "engine/base/file.h": "",
            "search/main.c": "#include <signpost/answer.h>\n",
        })
        self.assertEqual((status, out), (0, "each room includes only what it may\n"))

    def test_a_room_may_not_include_a_room_above_it(self):
        self.assert_error({"engine/base/text.c": '#include "engine/search/plan.h"\n', "engine/search/plan.h": ""},
                          "engine/base does not use engine/search, but includes engine/search/plan.h")

    def test_a_public_header_counts_for_the_room_that_owns_it(self):
        self.assert_error({"engine/base/text.c": "#include <signpost/answer.h>\n",
                           "include/signpost/answer.h": ""},
                          "engine/base does not use engine/search, but includes include/signpost/answer.h")

    def test_a_public_header_without_a_room_is_an_error(self):
        self.assert_error({"include/signpost/stray.h": ""}, "include/signpost/stray.h is in no room")

    def test_a_circle_of_rooms_is_an_error(self):
        table = "one||two|\ntwo||three|\nthree||one|\n"
        self.assert_error({"one/a.h": '#include "two/b.h"\n', "two/b.h": '#include "three/c.h"\n',
                           "three/c.h": '#include "one/a.h"\n'},
                          "a circle of rooms: one/a.h includes two/b.h", table)

    def test_only_the_rooms_that_name_a_library_may_include_it(self):
        self.assert_error({"engine/search/plan.c": "#include <utf8proc.h>\n"},
                          "engine/search may not include <utf8proc.h>")

    def test_only_the_binding_may_include_libxapian(self):
        for header in "xapian.h", "xapian/database.h":
            for file in "engine/search/plan.c", "tests/unit/test_plan.c":
                self.assert_error({file: f"#include <{header}>\n"}, f"only xapian-c may include <{header}>")

    def test_the_binding_may_not_include_the_engine(self):
        self.assert_error({"xapian-c/doc.cc": "#include <signpost/text.h>\n", "include/signpost/text.h": ""},
                          "xapian-c/doc.cc: the binding may not include include/signpost/text.h")

    def test_programs_may_not_include_private_headers_of_the_engine(self):
        self.assert_error({"search/main.c": '#include "engine/search/plan.h"\n', "engine/search/plan.h": ""},
                          "engine/search/plan.h is private to the engine")

    def test_a_source_outside_of_every_room_is_an_error(self):
        self.assert_error({"engine/stray.c": ""}, "engine/stray.c is in no room")


if __name__ == "__main__":
    unittest.main()
