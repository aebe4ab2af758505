// SPDX-License-Identifier: GPL-2.0-or-later
// The lines of a stub file.
#pragma once

#include <string>
#include <vector>

namespace xc
{

struct Line {
    unsigned number; // counted from 1
    std::string text;
    std::string shown() const; // for a message: with '?' for anything that is not printable ASCII
};

// Reads the lines of a small file in a folder (AT_FDCWD: the name is a path), without comments (#)
// and empty lines. Never waits. path: the file's name in messages.
std::vector<Line> read_lines(int folder, const char *name, const std::string &path);

// Like read_lines, of the XAPIANDB of an index. Programs write it, so an empty line, or a last line
// without an end, is damage. Does not follow a link.
std::vector<Line> read_whole_lines(int folder, const char *name, const std::string &path);

} // namespace xc
