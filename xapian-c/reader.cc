// SPDX-License-Identifier: GPL-2.0-or-later
// Opening an index, and moving a reader to a later commit or to another index.
#include "reader.hh"

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <tuple>

using namespace xc;

bool
Identity::Print::operator==(const Print &o) const
{
    return std::tie(exists, is_directory, device, inode, size, seconds, nanoseconds) ==
           std::tie(o.exists, o.is_directory, o.device, o.inode, o.size, o.seconds, o.nanoseconds);
}

Identity::Print
Identity::look(const std::string &path)
{
    Print print;
    struct stat status;
    if (stat(path.c_str(), &status))
        return print;
    print.exists = true;
    print.is_directory = S_ISDIR(status.st_mode);
    print.device = status.st_dev;
    print.inode = status.st_ino;
    if (!print.is_directory) {
        print.size = status.st_size;
        print.seconds = status.st_mtim.tv_sec;
        print.nanoseconds = status.st_mtim.tv_nsec;
    }
    return print;
}

Identity::Identity(const std::string &path) : place(look(path)), stub()
{
    if (place.is_directory)
        stub = look(path + "/XAPIANDB");
}

bool
Identity::operator==(const Identity &other) const
{
    return place == other.place && stub == other.stub;
}

bool
Identity::is_plain_directory() const
{
    return place.is_directory && !stub.exists;
}

bool
Identity::is_stub() const
{
    return stub.exists || (place.exists && !place.is_directory);
}

namespace
{

std::vector<Identity>
identify(const std::vector<std::string> &paths)
{
    std::vector<Identity> identities;
    identities.reserve(paths.size());
    for (const std::string &path : paths)
        identities.emplace_back(path);
    return identities;
}

// The path that Xapian opens, and that its reopen() uses again. With all symlinks resolved, a link
// that is switched to another index between identify() and the reopen cannot make Xapian mix the
// two indexes. A stub keeps its path, because the names in it are relative to its own directory.
std::string
settled(const std::string &path, const Identity &identity)
{
    if (!identity.is_plain_directory())
        return path;
    std::unique_ptr<char, void (*)(void *)> real(realpath(path.c_str(), nullptr), std::free);
    return real ? std::string(real.get()) : path;
}

// Replaces Xapian's text for a missing index, which names a failed call and not the problem. For a
// stub the text is kept, because it names the missing shard.
Xapian::Database
open_one(const std::string &path, const Identity &identity)
{
    Xapian::Database db;
    xc_error fault;
    xc_status status = guard(&fault, [&] { db = Xapian::Database(settled(path, identity)); });
    if (status == XC_NOT_FOUND && identity.is_stub())
        refuse(XC_NOT_FOUND, "index not found: %.100s: %.100s", path.c_str(), fault.text);
    if (status == XC_NOT_FOUND)
        refuse(XC_NOT_FOUND, "index not found: %.200s", path.c_str());
    if (status)
        throw Failure{fault};
    return db;
}

Xapian::Database
open_all(const std::vector<std::string> &paths, const std::vector<Identity> &identities)
{
    if (paths.size() == 1)
        return open_one(paths[0], identities[0]);
    Xapian::Database all;
    for (size_t i = 0; i < paths.size(); i++)
        all.add_database(open_one(paths[i], identities[i]));
    return all;
}

struct AcceptAll : Xapian::MatchDecider {
    bool operator()(const Xapian::Document &) const override
    {
        return true;
    }
};

// Xapian does not report whether a database is remote, but it refuses a match decider for remote
// ones, before it sends anything.
bool
is_remote(const Xapian::Database &db)
{
    xc_error fault;
    xc_status status = guard(&fault, [&] {
        AcceptAll decider;
        Xapian::Enquire enquire(db);
        enquire.set_query(Xapian::Query(std::string()));
        enquire.get_mset(0, 0, nullptr, &decider);
    });
    if (status == XC_NO_MEMORY)
        throw Failure{fault};
    return status == XC_UNSUPPORTED;
}

} // namespace

void
xc::open_afresh(xc_reader *reader)
{
    std::vector<Identity> identities = identify(reader->paths);
    Xapian::Database db = open_all(reader->paths, identities);
    std::string uuid = db.get_uuid();
    if (!(identities == identify(reader->paths)))
        refuse(XC_STALE, "%.150s was replaced while it was being opened", reader->paths[0].c_str());
    reader->remote = is_remote(db);
    reader->identities.swap(identities);
    reader->db = db;
    reader->uuid.swap(uuid);
    reader->lost = false;
    reader->moves++;
}

// After an index was replaced, reopen() can report the size of the new one and answer from the
// postings of the old one. identify() detects most replacements; the UUID detects those that keep
// the directory.
bool
xc::move_on(xc_reader *reader)
{
    if (reader->lost || !(reader->identities == identify(reader->paths))) {
        open_afresh(reader);
        return true;
    }
    bool changed = reader->db.reopen();
    if (reader->db.get_uuid() != reader->uuid) {
        open_afresh(reader);
        return true;
    }
    reader->moves += changed;
    return changed;
}

bool
xc::was_overtaken(xc_reader *reader, xc_status status) noexcept
{
    bool moved = false;
    if (status == XC_NOT_FOUND || status == XC_IO || status == XC_INTERNAL)
        // cppcheck-suppress throwInNoexceptFunction ; guard catches what the lambda throws
        guard(nullptr, [&] { moved = reader && !reader->lost && move_on(reader); });
    return moved;
}

xc_status
xc_reader_open(const char *path, xc_reader **out, xc_error *err)
{
    return xc_reader_open_many(&path, 1, out, err);
}

xc_status
xc_reader_open_many(const char *const *paths, size_t count, xc_reader **out, xc_error *err)
{
    std::unique_ptr<xc_reader> reader;
    xc_status status = guard(err, [&] {
        need(paths, "paths");
        need(out, "out");
        if (count == 0)
            refuse(XC_BAD_ARGUMENT, "no index path given");
        reader = std::make_unique<xc_reader>();
        for (size_t i = 0; i < count; i++) {
            need(paths[i], "path");
            reader->paths.emplace_back(paths[i]);
        }
    });
    if (status)
        return status;
    reader->lost = true; // so that the first attempt opens
    status = reading(reader.get(), err, [] {});
    if (!status) {
        reader->moves = 0;
        *out = reader.release();
    }
    return status;
}

void
xc_reader_close(xc_reader *reader)
{
    guard(nullptr, [&] { delete reader; });
}

xc_status
xc_reader_refresh(xc_reader *reader, bool *changed, xc_error *err)
{
    uint64_t before = xc_reader_moves(reader);
    xc_status status = reading(reader, err, [&] { move_on(reader); });
    if (!status && changed)
        *changed = xc_reader_moves(reader) != before;
    return status;
}

uint64_t
xc_reader_moves(const xc_reader *reader)
{
    return reader ? reader->moves : 0;
}

xc_status
xc_reader_revision(xc_reader *reader, uint64_t *revision, xc_error *err)
{
    return reading(reader, err, [&] {
        need(revision, "revision");
        xc_error fault;
        xc_status status = guard(&fault, [&] { *revision = reader->db.get_revision(); });
        if (status == XC_INTERNAL) // Xapian::InvalidOperationError
            refuse(XC_UNSUPPORTED, "only a single local index has a revision");
        if (status)
            throw Failure{fault};
    });
}

xc_status
xc_reader_info(xc_reader *reader, xc_info *out, xc_error *err)
{
    return reading(reader, err, [&] {
        need(out, "out");
        xc_info info = {};
        info.doc_count = reader->db.get_doccount();
        info.last_docid = reader->db.get_lastdocid();
        info.total_length = reader->db.get_total_length();
        info.average_length = reader->db.get_average_length();
        info.has_positions = reader->db.has_positions();
        info.uuid = borrow(reader->uuid);
        *out = info;
    });
}
