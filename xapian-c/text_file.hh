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
    bool ended;                // by a newline; if not, the rest of the line may be lost
    std::string shown() const; // for a message: with '?' for anything that is not printable ASCII
};

// Reads the lines of a small file in a folder (AT_FDCWD: the name is a path), without empty lines
// and comments (#). Does not follow a link unless `follow` is set, and never waits. path: the
// file's name in messages.
std::vector<Line> read_lines(int folder, const char *name, const std::string &path,
                             bool follow = false);

} // namespace xc
