// SPDX-License-Identifier: GPL-2.0-or-later
// The syncs that a durable commit needs and Xapian does not make.
#pragma once

#include <string>

namespace xc
{

// An open directory, synced on demand.
class Directory
{
  public:
    explicit Directory(const std::string &path);
    Directory(const std::string &path, const std::string &shown); // shown: its name in messages
    Directory(const Directory &) = delete;
    Directory &operator=(const Directory &) = delete;
    ~Directory();

    // Makes the names of its files durable.
    void sync() const;
    // Makes the names and contents of its regular files durable, except names that start with a
    // dot.
    void sync_with_files() const;

  private:
    void sync_file(const char *name) const;

    int fd;
    std::string path;
};

// Makes the name of the directory `path` durable, by syncing its parent directory.
void sync_parent(const std::string &path);

} // namespace xc
