// SPDX-License-Identifier: GPL-2.0-or-later
// A reader: what it reads, and how a read survives a writer.
#pragma once

#include "guard.hh"

#include <sys/stat.h>
#include <vector>

namespace xc
{

// What a path led to when it was looked at: enough to see that something else was put there. A
// directory's times are left out, for they change with each commit.
class Identity
{
  public:
    explicit Identity(const std::string &path);
    bool operator==(const Identity &other) const;
    bool is_plain_directory() const;

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
    bool remote = false; // a shard is: no match decider, and documents are fetched in one go
    bool lost = false;   // the connection is
    uint64_t moves = 0;
    std::string metadata, suggestion; // what was last lent out
};

namespace xc
{

// Opens what the paths name now. On failure the reader is as it was.
void open_afresh(xc_reader *reader);

// Moves on to the latest state; whether there was anything to move to.
bool move_on(xc_reader *reader);

// Whether a failure is a writer's doing after all: blocks that it has overwritten meanwhile can
// look like a document that is not there or a block that cannot be read. Moves on if so.
bool was_overtaken(xc_reader *reader, xc_status status) noexcept;

// One attempt after another, as long as it is a writer that was in the way. The body runs from its
// start each time: a part of it that was read from an older state does not fit the rest.
template <class Body>
xc_status
reading(xc_reader *reader, xc_error *err, Body &&body) noexcept
{
    xc_error failure;
    xc_status status = XC_STALE;
    for (int i = 0; i < attempts && is_transient(status); i++) {
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
    if (status == XC_NETWORK && reader)
        reader->lost = true;
    if (err)
        *err = failure;
    return status;
}

} // namespace xc
