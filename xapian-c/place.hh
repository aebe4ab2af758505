// SPDX-License-Identifier: GPL-2.0-or-later
// Where the databases of a reader are: in a folder or file on this machine, or at a server. An
// index is data: what its files say can choose between the folders of the same directory, and
// nothing else.
#pragma once

#include "xapian-c-remote.h"

#include <string>
#include <vector>
#include <xapian.h>

namespace xc
{

// The file that makes a folder a database, and the file of a stub directory.
constexpr char version_name[] = "iamglass";
constexpr char stub_name[] = "XAPIANDB";

// A file descriptor that is closed with its owner.
class Descriptor
{
  public:
    explicit Descriptor(int number_ = -1) : number(number_)
    {
    }
    Descriptor(Descriptor &&other) noexcept : number(other.number)
    {
        other.number = -1;
    }
    Descriptor &operator=(Descriptor &&other) noexcept;
    ~Descriptor();

    int get() const
    {
        return number;
    }
    // Gives the descriptor to the caller, who must close it.
    int take();

  private:
    int number;
};

// A folder that contains a Glass database, or a file that is one. It is held open, so that nobody
// can put another folder or a link in its place while Xapian opens the files in it.
class Place
{
  public:
    // No place.
    Place() = default;

    // The index at a path. If the path is a directory with a file XAPIANDB, which names a folder
    // beside it (`auto gN` or `auto replica_N`), the place is that folder.
    static Place find(const std::string &path);

    // A database's folder that is open, or errno says why not.
    static Place chosen(Descriptor folder, const std::string &path);

    // A folder that must exist and must not be a symbolic link.
    static Place folder(const std::string &path);

    // Whether a path leads to a database in a single file.
    static bool is_database(const std::string &path);

    bool exists() const
    {
        return held.get() >= 0;
    }

    // Whether the folder contains a file of this name, also if it is a link.
    bool contains(const char *name) const;

    // Opens the database, once. An error names the place.
    Xapian::Database open();

    // What Xapian opens instead of the path. It leads to the open folder, where the system has
    // /proc; elsewhere it is the path, and check() notices a folder that was exchanged.
    std::string inside() const;

    // Refuses a folder in which a file of the database is a link, a FIFO or otherwise not a file,
    // and a folder that was exchanged.
    void check() const;

    // Refuses, in addition, a folder that contains a link, a FIFO or a device of any name.
    void check_for_writing() const;

    // Replaces inside(), which would tell readers of the message nothing, by the path. Returns
    // whether the message contained it.
    bool name_in(xc_error *err) const noexcept;

  private:
    Place(Descriptor held_, std::string path_, bool single_file_);
    static Place enter(const Place &directory, const std::string &name);

    bool leads_here(const std::string &name) const;

    Descriptor held;
    std::string path;
    bool single_file = false;
    bool by_descriptor = false; // inside() is below /proc
};

// A database at a server.
struct Remote {
    std::string host;
    unsigned port = 0;
};

// One line of a stub file.
struct Source {
    std::string path; // empty: remote
    Remote remote;
};

// The names in an open folder, without "." and "..". path: the folder's name in messages.
std::vector<std::string> list_folder(int folder, const std::string &path);

// Whether the path leads to a stub: a file that is not an index, or a directory with XAPIANDB.
bool is_stub(const std::string &path);

// Reads a stub. Refuses lines that name programs, and what `allow` (XC_ALLOW_...) does not contain.
std::vector<Source> read_stub(const std::string &path, unsigned allow);

} // namespace xc
