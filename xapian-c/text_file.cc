// SPDX-License-Identifier: GPL-2.0-or-later
#include "text_file.hh"

#include "guard.hh"
#include "place.hh"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace xc;

namespace
{

constexpr size_t bytes_max = 65536;
constexpr size_t written_bytes_max = 4096; // of the XAPIANDB of an index, as in engine/verify

std::string
read_file(int folder, const char *name, const std::string &path, size_t max, bool follow)
{
    struct stat status;
    std::string content(max + 1, '\0'); // one byte more, to notice a longer file
    Descriptor file(openat(
        folder, name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW)));
    bool opened = file.get() >= 0 && fstat(file.get(), &status) == 0;
    if ((!opened && (errno == ELOOP || errno == ENXIO)) || (opened && !S_ISREG(status.st_mode)))
        refuse(XC_CORRUPT, "%.200s is not a regular file", path.c_str());
    ssize_t got = 0;
    size_t len = 0;
    while (opened && len < content.size() &&
           (got = read(file.get(), &content[len], content.size() - len)) > 0)
        len += static_cast<size_t>(got);
    if (!opened && errno == ENOENT)
        refuse(XC_NOT_FOUND, "%.150s is missing", path.c_str());
    if (!opened || got < 0)
        refuse_system("read", path);
    if (len > max)
        refuse(XC_CORRUPT, "%.150s is longer than %zu bytes", path.c_str(), max);
    content.resize(len);
    return content;
}

// The lines without comments.
std::vector<Line>
split(const std::string &content, bool with_empty)
{
    std::vector<Line> lines;
    unsigned number = 0;
    for (size_t at = 0; at < content.size();) {
        size_t end = std::min(content.find('\n', at), content.size());
        number++;
        if (end > at ? content[at] != '#' : with_empty)
            lines.push_back({number, content.substr(at, end - at)});
        at = end + 1;
    }
    return lines;
}

} // namespace

std::string
Line::shown() const
{
    std::string safe = text;
    for (char &c : safe)
        c = c < ' ' || c > '~' ? '?' : c;
    return safe;
}

std::vector<Line>
xc::read_lines(int folder, const char *name, const std::string &path)
{
    return split(read_file(folder, name, path, bytes_max, true), false);
}

std::vector<Line>
xc::read_whole_lines(int folder, const char *name, const std::string &path)
{
    std::string content = read_file(folder, name, path, written_bytes_max, false);
    if (!content.empty() && content.back() != '\n')
        refuse(XC_CORRUPT, "%.150s is not complete: its last line has no end", path.c_str());
    return split(content, true);
}
