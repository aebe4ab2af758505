// SPDX-License-Identifier: GPL-2.0-or-later
// A reader, and how a read is repeated when a writer overtakes it.
#pragma once

#include "guard.hh"
#include "place.hh"
#include "xapian-c-remote.h"

#include <chrono>
#include <sys/stat.h>
#include <vector>

namespace xc
{

// What a path led to when it was opened, or what options.choose had chosen: enough to detect that
// it is something else now. A directory's times are left out because they change with each commit.
class Identity
{
  public:
    explicit Identity(const std::string &path);
    explicit Identity(uint64_t choice_);
    bool operator==(const Identity &other) const;

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

    uint64_t choice = 0; // of options.choose; then the rest is empty
    Print place, stub;
};

} // namespace xc

namespace xc
{

// One database of a reader.
struct Shard {
    Xapian::Database db;
    Place place; // unused by a remote database
    bool remote = false;
    Remote server;
    std::string revision; // of a remote database: the value of options.revision_key
};

using Clock = std::chrono::steady_clock;

} // namespace xc

struct xc_reader {
    std::vector<std::string> paths;
    std::vector<xc::Remote> servers;
    unsigned allow = 0;
    unsigned timeout_ms = 0;
    std::string revision_key;
    uint64_t (*choose)(void *, size_t, int *, char *) = nullptr;
    void *choose_context = nullptr;
    std::vector<xc::Identity> identities;
    std::vector<xc::Shard> shards;
    Xapian::Database db;        // all shards
    std::string uuid, contents; // contents: signature() when the shards were opened, or empty
    bool remote = false; // has a remote shard: no match decider; hits are fetched in one request
    bool lost = false;   // the connection is lost, or the index is not open yet
    xc::Clock::time_point deadline = xc::Clock::time_point::max(); // of calls to servers
    xc::Clock::time_point probed;                                  // last probe()
    uint64_t moves = 0;
    std::string metadata, suggestion; // the strings that the caller borrows
};

namespace xc
{

// Opens the indexes that the paths lead to now, or those that were chosen. On failure the reader is
// unchanged.
void open_afresh(xc_reader *reader);

// Moves the reader to the latest commit or to the index that is at its paths now. Returns whether
// there was a later commit or another index.
bool move_on(xc_reader *reader);

// Whether a writer may have caused a failed read: a block that the writer has overwritten can look
// like a missing document or an unreadable block. Tries to move the reader to the latest commit and
// returns whether it moved.
bool was_overtaken(xc_reader *reader, xc_status status) noexcept;

// Refuses to wait for a server if `waits` replies might not come before the deadline.
void check_time(const xc_reader &reader, unsigned waits);

// Whether a failure may end with a new connection: the server has closed the old one, or it answers
// that it cannot read its files, for instance because its generation was removed meanwhile.
inline bool
may_reconnect(const xc_reader *reader, xc_status status, bool was_open)
{
    bool remote = reader && (reader->remote || !reader->servers.empty());
    return remote && (status == XC_IO || (status == XC_NETWORK && was_open));
}

constexpr int reconnections_max = 2;

// Says which index a failure concerns, and notes that a connection is lost.
void note_failure(xc_reader *reader, xc_error *failure) noexcept;

// Runs the body, and runs it again while a writer overtakes it, up to `attempts` times. Each
// attempt starts from the beginning, because results from two commits must not be mixed. A
// connection that the server has closed, as servers do after a while, is opened again.
template <class Body>
xc_status
reading(xc_reader *reader, xc_error *err, Body &&body) noexcept
{
    xc_error failure;
    xc_status status = XC_STALE;
    int reconnections = 0;
    for (int i = 0; i < attempts && is_transient(status); i++) {
        bool was_open = reader && reader->remote && !reader->lost;
        // cppcheck-suppress throwInNoexceptFunction ; guard catches what the lambda throws
        status = guard(&failure, [&] {
            need(reader, "reader");
            check_time(*reader, 1);
            if (i > 0 || reader->lost)
                move_on(reader);
            body();
        });
        if (was_overtaken(reader, status))
            status = failure.status = XC_STALE;
        if (may_reconnect(reader, status, was_open) && reconnections++ < reconnections_max) {
            reader->lost = true;
            status = failure.status = XC_STALE;
        }
    }
    if (!status)
        return XC_OK;
    if (reader)
        note_failure(reader, &failure);
    if (err)
        *err = failure;
    return status;
}

} // namespace xc
