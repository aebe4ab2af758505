// SPDX-License-Identifier: GPL-2.0-or-later
// What Xapian leaves out of making a commit durable.
#pragma once

#include <string>

namespace xc
{

// An open directory, synced on demand.
class Directory
{
  public:
    explicit Directory(const std::string &path);
    Directory(const Directory &) = delete;
    Directory &operator=(const Directory &) = delete;
    ~Directory();

    // Makes the names in it durable.
    void sync() const;
    // Makes the contents of the plain files in it durable as well.
    void sync_with_files() const;

  private:
    void sync_file(const char *name) const;

    int fd;
    std::string path;
};

// Makes the directory's own name durable, in the one above it.
void sync_parent(const std::string &path);

} // namespace xc
