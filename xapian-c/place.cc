// SPDX-License-Identifier: GPL-2.0-or-later
// Folders and files that contain a database. libxapian obeys every line of a stub file, also those
// that name programs to run, so it is never given one: this file reads XAPIANDB, and libxapian
// opens what it names as a Glass database.
#include "place.hh"

#include "guard.hh"
#include "text_file.hh"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

using namespace xc;

namespace
{

const char *const table_names[] = {version_name,     "postlist.glass", "docdata.glass",
                                   "termlist.glass", "position.glass", "spelling.glass",
                                   "synonym.glass"};
constexpr size_t shown_max = 150; // bytes of a path in the messages of check()
constexpr size_t digits_max = 18; // so that the number fits into 64 bits

// The first bytes of a database in a single file.
const char magic[] = "\x0f\x0d"
                     "Xapian Glass";

bool
is_same(const struct stat &a, const struct stat &b)
{
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

[[noreturn]] void
refuse_missing(const std::string &path)
{
    refuse(XC_NOT_FOUND, "index not found: %.200s", path.c_str());
}

[[noreturn]] void
refuse_open(const std::string &path)
{
    if (errno == ENOENT || errno == ENOTDIR)
        refuse_missing(path);
    refuse_system("open", path);
}

bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// Whether text is `prefix` and a number without a sign and leading zeros.
bool
is_numbered(const std::string &text, const char *prefix)
{
    size_t len = std::strlen(prefix);
    if (text.compare(0, len, prefix) || text.size() == len || text.size() > len + digits_max)
        return false;
    for (size_t i = len; i < text.size(); i++)
        if (!is_digit(text[i]))
            return false;
    return text[len] != '0' || text.size() == len + 1;
}

// The folder that XAPIANDB names. xapian-replicate writes comments above its line.
std::string
named_folder(const Descriptor &directory, const std::string &path)
{
    std::string found;
    std::string file = path + "/" + stub_name;
    for (const Line &line : read_whole_lines(directory.get(), stub_name, file)) {
        bool is_auto = found.empty() && line.text.compare(0, 5, "auto ") == 0;
        std::string name = is_auto ? line.text.substr(5) : std::string();
        if ((!is_numbered(name, "g") || name == "g0") && !is_numbered(name, "replica_"))
            refuse(XC_CORRUPT,
                   "%.100s:%u: an index contains one whole line, auto gN or auto replica_N (got "
                   "'%.60s')",
                   file.c_str(), line.number, line.shown().c_str());
        found = name;
    }
    if (found.empty())
        refuse(XC_CORRUPT, "%.150s contains no line auto gN", file.c_str());
    return found;
}

bool
has_magic(const Descriptor &file)
{
    char bytes[sizeof magic - 1];
    return pread(file.get(), bytes, sizeof bytes, 0) == static_cast<ssize_t>(sizeof bytes) &&
           std::memcmp(bytes, magic, sizeof bytes) == 0;
}

// The path without links, so that a link that is turned to another index changes nothing.
std::string
settled(const std::string &path)
{
    std::unique_ptr<char, void (*)(void *)> real(realpath(path.c_str(), nullptr), std::free);
    return real ? std::string(real.get()) : path;
}

} // namespace

Descriptor &
Descriptor::operator=(Descriptor &&other) noexcept
{
    std::swap(number, other.number);
    return *this;
}

Descriptor::~Descriptor()
{
    if (number >= 0)
        close(number);
}

int
Descriptor::take()
{
    int given = number;
    number = -1;
    return given;
}

Place::Place(Descriptor held_, std::string path_, bool single_file_)
    : held(std::move(held_)), path(std::move(path_)), single_file(single_file_)
{
    by_descriptor = leads_here("/proc/self/fd/" + std::to_string(held.get()));
    if (!by_descriptor)
        path = settled(path);
}

bool
Place::leads_here(const std::string &name) const
{
    struct stat here, there;
    return fstat(held.get(), &here) == 0 && stat(name.c_str(), &there) == 0 && is_same(here, there);
}

std::string
Place::inside() const
{
    return by_descriptor ? "/proc/self/fd/" + std::to_string(held.get()) : path;
}

Place
Place::enter(const Place &directory, const std::string &name)
{
    std::string below = directory.path + "/" + name;
    Descriptor folder(openat(directory.held.get(), name.c_str(),
                             O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (folder.get() < 0 && errno != ENOTDIR && errno != ELOOP)
        refuse_open(below);
    if (folder.get() < 0)
        refuse(XC_CORRUPT, "%.150s is not a folder: %s", below.c_str(), std::strerror(errno));
    Place place(std::move(folder), below, false);
    if (!place.contains(version_name))
        refuse_missing(below);
    return place;
}

Place
Place::find(const std::string &path)
{
    struct stat status;
    Descriptor opened(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (opened.get() < 0 || fstat(opened.get(), &status))
        refuse_open(path);
    if (S_ISREG(status.st_mode) && has_magic(opened))
        return Place(std::move(opened), path, true);
    if (!S_ISDIR(status.st_mode))
        refuse(XC_NOT_FOUND, "index not found: %.150s is not a directory", path.c_str());
    Place directory(std::move(opened), path, false);
    if (directory.contains(version_name))
        return directory;
    if (!directory.contains(stub_name))
        refuse_missing(path);
    return enter(directory, named_folder(directory.held, path));
}

Place
Place::chosen(Descriptor folder, const std::string &path)
{
    if (folder.get() < 0)
        refuse_open(path);
    Place place(std::move(folder), path, false);
    if (!place.contains(version_name))
        refuse_missing(path);
    return place;
}

bool
Place::is_database(const std::string &path)
{
    struct stat status;
    Descriptor opened(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    return opened.get() >= 0 && fstat(opened.get(), &status) == 0 && S_ISREG(status.st_mode) &&
           has_magic(opened);
}

Place
Place::folder(const std::string &path)
{
    Descriptor opened(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (opened.get() < 0 && (errno == ENOTDIR || errno == ELOOP))
        refuse(XC_UNSUPPORTED, "%.150s is a link or a file, and not a folder", path.c_str());
    if (opened.get() < 0)
        refuse_open(path);
    return Place(std::move(opened), path, false);
}

bool
Place::contains(const char *name) const
{
    struct stat status;
    return fstatat(held.get(), name, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

Xapian::Database
Place::open()
{
    Xapian::Database db;
    xc_error fault;
    xc_status status = guard(&fault, [&] {
        check();
        db = single_file ? Xapian::Database(held.take(), Xapian::DB_BACKEND_GLASS)
                         : Xapian::Database(inside(), Xapian::DB_BACKEND_GLASS);
        check();
    });
    if (!status)
        return db;
    if (name_in(&fault) || status == XC_NO_MEMORY ||
        std::strncmp(fault.text, path.c_str(), std::min(path.size(), shown_max)) == 0)
        throw Failure{fault};
    refuse(status, "%.150s: %s", path.c_str(), fault.text);
}

// Without /proc, a folder can be exchanged after it was opened: then the name no longer leads here.
void
Place::check() const
{
    struct stat status;
    if (single_file)
        return;
    for (const char *name : table_names)
        if (fstatat(held.get(), name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
            !S_ISREG(status.st_mode))
            refuse(XC_CORRUPT, "%.150s/%s is not a regular file", path.c_str(), name);
    if (!by_descriptor && !leads_here(path))
        refuse(XC_STALE, "%.150s was replaced while it was being opened", path.c_str());
}

// Xapian writes to files of this folder by name, also to new ones (its lock, a new version file,
// changesets), and would follow a link or wait for the reader of a FIFO.
void
Place::check_for_writing() const
{
    for (const std::string &name : list_folder(held.get(), path)) {
        struct stat status;
        if (fstatat(held.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
            !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode))
            refuse(XC_CORRUPT, "%.150s contains a link or a special file, and is not written to",
                   path.c_str());
    }
    check();
}

// The error may be a failed allocation, so another one must do no harm.
bool
Place::name_in(xc_error *err) const noexcept
{
    bool named = false;
    // cppcheck-suppress throwInNoexceptFunction ; guard catches what the lambda throws
    guard(nullptr, [&] {
        std::string name = inside(), text = err->text;
        size_t at = by_descriptor ? text.find(name) : std::string::npos;
        while (at != std::string::npos && is_digit(text[at + name.size()])) // another descriptor
            at = text.find(name, at + 1);
        if (at == std::string::npos)
            return;
        text.replace(at, name.size(), path);
        set_text(err, text.data(), text.size());
        named = true;
    });
    return named;
}

std::vector<std::string>
xc::list_folder(int folder, const std::string &path)
{
    std::vector<std::string> names;
    Descriptor copy(openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    std::unique_ptr<DIR, int (*)(DIR *)> entries(copy.get() < 0 ? nullptr : fdopendir(copy.get()),
                                                 closedir);
    if (!entries)
        refuse_system("read", path);
    copy.take(); // closedir closes it
    for (errno = 0; const dirent *entry = readdir(entries.get()); errno = 0)
        if (std::strcmp(entry->d_name, ".") && std::strcmp(entry->d_name, ".."))
            names.emplace_back(entry->d_name);
    if (errno)
        refuse_system("read", path);
    return names;
}
