# SPDX-License-Identifier: GPL-2.0-or-later
"""The output of `search` for people: plain when piped, coloured on a terminal, and without control
characters of posts, which a terminal would obey."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios

import harness
from harness import post

ESCAPES = re.compile(rb"\x1b\[[0-9;]*m|\x1b\]8;;[^\x1b\x07]*\x1b\\")
CONTROLS = re.compile(rb"[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]")

HOSTILE = {
    "esc.md": '---\ntitle: "\\e[31mred\\e]0;owned\\a"\ntags: ["\\e[2J"]\n---\n\nresidency \x1b[31m '
              "words \x9b31m and \u009b31m \x07 \x7f \b\b\b\n",
    "nul.md": '---\ntitle: "a\\0b\\rc\\nd\\x9b2J"\n---\n\nresidency\n',
    "link.md": "---\ntitle: L\n---\n\nresidency [residency \x1b[5m](https://x.example/\x1b]8;;a) and "
               "[two](https://x.example/%1b%5b31m)\n",
    "\x1b[31m.md": "---\nlayout: x\n---\n\nresidency\n",
    "\u009b31m.md": "---\nlayout: x\n---\n\nresidency\n",
    "new\nline.md": "---\nlayout: x\n---\n\nresidency\n",
    "head.md": "# residency \x1b[2J\u202e\n\nwords residency\n",
}


class Terminal(harness.Case):
    def on_terminal(self, *args, columns=80, env=None):
        """Runs search on a pseudo-terminal and returns its output."""
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        process = subprocess.Popen([harness.SEARCH, "-i", self.index_dir, *args], stdout=slave,
                                   stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                                   env=harness.environment(env))
        os.close(slave)
        out = b""
        while True:
            try:
                piece = os.read(master, 65536)
            except OSError:
                break
            if not piece:
                break
            out += piece
        os.close(master)
        err = process.stderr.read()
        process.stderr.close()
        self.assertIn(process.wait(), (0, 1), err)
        return out.replace(b"\r\n", b"\n")

    def sample(self):
        self.index(self.site({"_posts/2018-04-10-a.md": post(
            "AI residency", "Some words before a residency. " + "More words follow here. " * 30)},
            config="url: https://guide.example\npermalink: /:title/\n"))

    def test_piped_output_has_no_colours(self):
        self.sample()
        self.assertNotIn(b"\x1b", self.search("residency").out)

    def test_colours_are_used_on_a_terminal_or_always(self):
        self.sample()
        colored = self.search("--color", "always", "residency").out
        self.assertIn(b"\x1b[", colored)
        self.assertEqual(ESCAPES.sub(b"", colored), self.search("residency").out)
        self.assertIn(b"\x1b[", self.on_terminal("residency"))
        self.assertNotIn(b"\x1b", self.on_terminal("--color", "never", "residency"))

    def test_no_color_and_dumb_terminals_turn_colours_off(self):
        self.sample()
        self.assertNotIn(b"\x1b", self.on_terminal("residency", env={"NO_COLOR": "1"}))
        self.assertIn(b"\x1b[", self.on_terminal("residency", env={"NO_COLOR": ""}))
        self.assertNotIn(b"\x1b", self.on_terminal("residency", env={"TERM": "dumb"}))
        forced = self.on_terminal("--color", "always", "residency", env={"NO_COLOR": "1"})
        self.assertIn(b"\x1b[", forced)

    def test_every_style_is_closed(self):
        self.sample()
        depth = 0
        for code in re.findall(rb"\x1b\[([0-9;]*)m", self.on_terminal("residency")):
            depth = 0 if code in (b"", b"0") else depth + 1
        self.assertEqual(depth, 0)

    def test_passages_fill_the_width_up_to_100_columns(self):
        self.sample()
        for columns in (30, 60, 80, 200):
            lines = ESCAPES.sub(b"", self.on_terminal("residency", columns=columns)).splitlines()
            widths = [len(line.decode()) for line in lines if line.startswith(b"    ") and
                      b"://" not in line]
            self.assertLessEqual(max(widths), min(columns, 100))
            self.assertGreater(max(widths), min(columns, 100) * 2 // 3)

    def test_titles_and_headings_are_wrapped_and_addresses_are_not(self):
        words = "many words that are more than one line of a narrow terminal can show"
        self.index(self.site({f"{'long-' * 20}a.md": f"---\ntitle: A residency {words}\n---\n\n"
                              f"# Heading {words}\n\n## Below {words}\n\nA residency here.\n"}))
        plain = ESCAPES.sub(b"", self.on_terminal("residency", columns=60)).decode()
        address = f"/{'long-' * 20}a/#below-{words.replace(' ', '-')}"
        self.assertIn(f"    {address}\n", plain)
        lines = [line for line in plain.splitlines() if address not in line]
        self.assertLessEqual(max(map(len, lines)), 60)
        joined = " ".join(line.strip() for line in lines)
        self.assertIn(f"A residency {words}", joined)
        self.assertIn(f"Heading {words} \u203a Below {words}", joined)

    def test_hyperlinks_are_printed_on_terminals_that_support_them(self):
        self.sample()
        linked = self.on_terminal("residency", env={"VTE_VERSION": "7000"})
        self.assertIn(b"\x1b]8;;https://guide.example/a/\x1b\\", linked)
        self.assertEqual(linked.count(b"\x1b]8;;"), 2)
        self.assertNotIn(b"\x1b]8;;", self.on_terminal("residency"))

    def test_control_characters_of_posts_are_not_printed(self):
        self.index(self.site({name: text.encode("utf-8", "surrogateescape")
                              for name, text in HOSTILE.items()}), expect=None)
        for args in (["residency"], ["--urls", "residency"], ["kind:resource", "residency"],
                     ["--json", "residency"], ["--json", "\u009b31m residency"],
                     ["--json", "--suggest", "\u009b31m residenc"]):
            out = self.search("-n", 50, *args).out
            self.assertIsNone(CONTROLS.search(out), CONTROLS.search(out))
        for env in ({}, {"VTE_VERSION": "7000"}):
            out = ESCAPES.sub(b"", self.on_terminal("-n", "50", "residency", env=env))
            self.assertIsNone(CONTROLS.search(out), CONTROLS.search(out))
        self.assertEqual(len(self.answer("-n", 50, "--kind", "post", "residency")["hits"]), len(HOSTILE))

    def test_control_characters_of_file_names_are_not_printed(self):
        """An error is one line even if the file's name contains a line feed and an escape."""
        self.index(self.site({"bad\x1b[31m\nname.md": "---\ntitle: [\n---\nx\n"}), expect=1)
        result = self.indexer("-o", "other", "site", expect=1)
        self.assertEqual(result.err.count(b"\n"), 1)
        self.assertIsNone(CONTROLS.search(result.err), result.err)

    def test_control_characters_of_options_are_not_printed(self):
        self.sample()
        for date in ("\x1b[31m", "\u009b31m", "a\nb", "\x7f"):
            err = self.search("--after", date, "x", expect=2).err
            self.assertIsNone(CONTROLS.search(err), err)
            self.assertEqual(err.count(b"\n"), 1)

    def test_notes_go_to_standard_error(self):
        self.index(self.site({"a.md": post("A", "alpha"), "b.md": post("B", "beta")}))
        result = self.search("alpha", "beta")
        self.assertIn("no result has all the words", result.errors)
        self.assertNotIn("nothing has", result.text)
        self.assertIn("without: beta", result.text)


if __name__ == "__main__":
    harness.main()
