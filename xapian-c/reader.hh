// SPDX-License-Identifier: GPL-2.0-or-later
// A reader, and how a read is repeated when a writer overtakes it.
#pragma once

#include "guard.hh"

#include <sys/stat.h>
#include <vector>

namespace xc
{

// What a path led to when it was opened: enough to detect that it leads to something else now. A
// directory's times are left out because they change with each commit.
class Identity
{
  public:
    explicit Identity(const std::string &path);
    bool operator==(const Identity &other) const;
    bool is_plain_directory() const;
    bool is_stub() const; // or a single-file index

  private:
    struct Print {
        bool exists = false, is_directory = false;
        dev_t device = 0;
        ino_t inode = 0;
        off_t size = 0;
        time_t seconds = 0;
        long nanoseconds = 0;
        bool operator==(const Print &other) const;
    };
    static Print look(const std::string &path);

    Print place, stub;
};

} // namespace xc

struct xc_reader {
    std::vector<std::string> paths;
    std::vector<xc::Identity> identities;
    Xapian::Database db;
    std::string uuid;
    bool remote = false; // has a remote shard: no match decider; hits are fetched in one request
    bool lost = false;   // the database must be opened afresh before it is used
    uint64_t moves = 0;
    std::string metadata, suggestion; // the strings that the caller borrows
};

namespace xc
{

// Opens the indexes that the paths lead to now. On failure the reader is unchanged.
void open_afresh(xc_reader *reader);

// Moves the reader to the latest commit or to the index that is at its paths now. Returns whether
// there was a later commit or another index.
bool move_on(xc_reader *reader);

// Whether a writer may have caused a failed read: a block that the writer has overwritten can look
// like a missing document or an unreadable block. Tries to move the reader to the latest commit and
// returns whether it moved.
bool was_overtaken(xc_reader *reader, xc_status status) noexcept;

// Runs the body, and runs it again while a writer overtakes it, up to `attempts` times. Each
// attempt starts from the beginning, because results from two commits must not be mixed.
template <class Body>
xc_status
reading(xc_reader *reader, xc_error *err, Body &&body) noexcept
{
    xc_error failure;
    xc_status status = XC_STALE;
    for (int i = 0; i < attempts && is_transient(status); i++) {
        // cppcheck-suppress throwInNoexceptFunction ; guard catches what the lambda throws
        status = guard(&failure, [&] {
            need(reader, "reader");
            if (i > 0 || reader->lost)
                move_on(reader);
            body();
        });
        if (was_overtaken(reader, status))
            status = failure.status = XC_STALE;
    }
    if (!status)
        return XC_OK;
    // After a failed allocation libxapian's cursors can be incomplete, and it crashes when it uses them.
    if ((status == XC_NETWORK || status == XC_NO_MEMORY) && reader)
        reader->lost = true;
    if (err)
        *err = failure;
    return status;
}

} // namespace xc
