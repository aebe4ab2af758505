// SPDX-License-Identifier: GPL-2.0-or-later
// Stub files that the caller trusts (XC_ALLOW_STUBS): lists of databases. They are read here and
// not by libxapian, which would also run the programs that they name.
#include "guard.hh"
#include "place.hh"
#include "text_file.hh"

#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>

using namespace xc;

namespace
{

constexpr size_t sources_max = 256;
constexpr unsigned long port_max = 65535;

bool
is_directory(const std::string &path)
{
    struct stat status;
    return stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

bool
exists(const std::string &path)
{
    struct stat status;
    return stat(path.c_str(), &status) == 0;
}

// The path of a stub's line, which is relative to the folder of the stub.
std::string
resolved(const std::string &stub, const std::string &path)
{
    size_t slash = stub.rfind('/');
    return path[0] == '/' || slash == std::string::npos ? path : stub.substr(0, slash + 1) + path;
}

Remote
read_remote(const std::string &stub, const Line &line, const std::string &address)
{
    size_t colon = address.rfind(':');
    std::string digits = colon == std::string::npos ? "" : address.substr(colon + 1);
    bool number = !digits.empty() && digits.find_first_not_of("0123456789") == std::string::npos;
    unsigned long port = number ? std::strtoul(digits.c_str(), nullptr, 10) : 0;
    if (colon == 0 || port == 0 || port > port_max)
        refuse(XC_BAD_ARGUMENT, "%.100s:%u: expected remote HOST:PORT (got '%.60s')", stub.c_str(),
               line.number, line.shown().c_str());
    return {address.substr(0, colon), static_cast<unsigned>(port)};
}

Source
read_source(const std::string &stub, const Line &line, unsigned allow)
{
    size_t blank = line.text.find(' ');
    std::string kind = line.text.substr(0, blank);
    std::string rest = blank == std::string::npos ? "" : line.text.substr(blank + 1);
    if ((kind == "auto" || kind == "glass") && !rest.empty())
        return {resolved(stub, rest), {}};
    if (kind != "remote")
        refuse(XC_UNSUPPORTED, "%.100s:%u: expected auto, glass or remote (got '%.60s')",
               stub.c_str(), line.number, line.shown().c_str());
    if (!(allow & XC_ALLOW_REMOTE))
        refuse(XC_UNSUPPORTED, "%.100s:%u: remote databases are not allowed here (got '%.60s')",
               stub.c_str(), line.number, line.shown().c_str());
    return {"", read_remote(stub, line, rest)};
}

} // namespace

bool
xc::is_stub(const std::string &path)
{
    if (is_directory(path))
        return !exists(path + "/" + version_name) && exists(path + "/" + stub_name);
    return exists(path) && !Place::is_database(path);
}

std::vector<Source>
xc::read_stub(const std::string &path, unsigned allow)
{
    std::vector<Source> sources;
    std::string stub = is_directory(path) ? path + "/" + stub_name : path;
    for (const Line &line : read_lines(AT_FDCWD, stub.c_str(), stub))
        sources.push_back(read_source(stub, line, allow));
    if (sources.empty() || sources.size() > sources_max)
        refuse(XC_CORRUPT, "%.150s must name 1 to %zu databases (got %zu)", stub.c_str(),
               sources_max, sources.size());
    return sources;
}
