// SPDX-License-Identifier: GPL-2.0-or-later
// Durability. Xapian renames its new version file into place and never syncs the directory. After a
// power cut, a commit that had returned can be lost, or the index may not open. One fsync of the
// directory after each commit prevents both and takes 0.3 ms.
#include "sync.hh"

#include "guard.hh"
#include "place.hh"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace xc;

Directory::Directory(const std::string &path_) : Directory(path_, path_)
{
}

Directory::Directory(const std::string &path_, const std::string &shown)
    : fd(open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)), path(shown)
{
    if (fd < 0)
        refuse_system("open directory", path);
}

Directory::~Directory()
{
    close(fd);
}

void
Directory::sync() const
{
    if (fsync(fd))
        refuse_system("sync directory", path);
}

void
Directory::sync_file(const char *name) const
{
    int file = openat(fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0)
        refuse_system("open", path + "/" + name);
    struct stat status;
    bool failed = fstat(file, &status) || (S_ISREG(status.st_mode) && fsync(file));
    int reason = errno;
    close(file);
    errno = reason;
    if (failed)
        refuse_system("sync", path + "/" + name);
}

void
Directory::sync_with_files() const
{
    for (const std::string &name : list_folder(fd, path))
        if (name[0] != '.')
            sync_file(name.c_str());
    sync();
}

void
xc::sync_parent(const std::string &path)
{
    size_t end = path.find_last_not_of('/');
    size_t slash = end == std::string::npos ? end : path.rfind('/', end);
    if (slash == std::string::npos)
        Directory(".").sync();
    else
        Directory(slash == 0 ? "/" : path.substr(0, slash)).sync();
}
