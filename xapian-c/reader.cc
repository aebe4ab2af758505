// SPDX-License-Identifier: GPL-2.0-or-later
// Opening an index, and moving a reader to a later commit or to another index.
#include "reader.hh"

#include <algorithm>
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
        stub = look(path + "/" + stub_name);
}

Identity::Identity(uint64_t choice_) : choice(choice_)
{
}

bool
Identity::operator==(const Identity &other) const
{
    return choice == other.choice && place == other.place && stub == other.stub;
}

namespace
{

std::vector<Identity>
identify(const xc_reader &reader)
{
    std::vector<Identity> identities;
    identities.reserve(reader.paths.size());
    for (size_t i = 0; i < reader.paths.size(); i++) {
        uint64_t choice =
            reader.choose ? reader.choose(reader.choose_context, i, nullptr, nullptr) : 0;
        if (choice)
            identities.emplace_back(choice);
        else
            identities.emplace_back(reader.paths[i]);
    }
    return identities;
}

// The database that the caller has chosen for a path, or else the one that the path leads to.
Place
find_place(const xc_reader &reader, size_t i)
{
    int folder = -1;
    char name[XC_CHOICE_MAX] = "";
    const std::string &path = reader.paths[i];
    if (!reader.choose || !reader.choose(reader.choose_context, i, &folder, name))
        return Place::find(path);
    Descriptor chosen(folder);
    return Place::chosen(std::move(chosen), name[0] ? path + "/" + name : path);
}

Shard
open_local(Place place)
{
    Shard shard{Xapian::Database(), std::move(place), false, {}, {}};
    shard.db = shard.place.open();
    return shard;
}

std::string
read_revision(const xc_reader &reader, const Shard &shard)
{
    if (reader.revision_key.empty())
        return std::string();
    check_time(reader, 1);
    return shard.db.get_metadata(reader.revision_key);
}

Shard
connect(const xc_reader &reader, const Remote &server)
{
    Shard shard{Xapian::Database(), Place(), true, server, {}};
    check_time(reader, 2);
    shard.db = Xapian::Remote::open(server.host, server.port, reader.timeout_ms, reader.timeout_ms);
    shard.revision = read_revision(reader, shard);
    return shard;
}

Shard
open_source(const xc_reader &reader, const Source &source)
{
    return source.path.empty() ? connect(reader, source.remote)
                               : open_local(Place::find(source.path));
}

std::vector<Shard>
open_all(const xc_reader &reader)
{
    std::vector<Shard> shards;
    for (size_t i = 0; i < reader.paths.size(); i++) {
        const std::string &path = reader.paths[i];
        if (!(reader.allow & XC_ALLOW_STUBS) || !is_stub(path))
            shards.push_back(open_local(find_place(reader, i)));
        else
            for (const Source &source : read_stub(path, reader.allow))
                shards.push_back(open_source(reader, source));
    }
    for (const Remote &server : reader.servers)
        shards.push_back(connect(reader, server));
    return shards;
}

// Identifies what the shards contain; empty if that is unknown. Shards at the same places with
// equal signatures have equal documents with equal ids.
std::string
signature(const xc_reader &reader, const std::vector<Shard> &shards)
{
    std::string all;
    if (reader.revision_key.empty())
        return all;
    for (const Shard &shard : shards)
        all += shard.db.get_uuid() + ' ' +
               (shard.remote ? shard.revision : std::to_string(shard.db.get_revision())) + '\n';
    return all;
}

Xapian::Database
join(const std::vector<Shard> &shards)
{
    if (shards.size() == 1)
        return shards[0].db;
    Xapian::Database all;
    for (const Shard &shard : shards)
        all.add_database(shard.db);
    return all;
}

// Whether a server has been given another index. It goes on reading the old one for a connection
// that is open, even after the index was removed.
bool
is_replaced(const xc_reader &reader, const Shard &shard)
{
    Shard fresh = connect(reader, shard.server);
    return fresh.db.get_uuid() != shard.db.get_uuid() ||
           fresh.revision != read_revision(reader, shard);
}

void
set_options(xc_reader *reader, const xc_reader_options &options)
{
    constexpr unsigned timeout_ms = 10000; // libxapian's own default
    if (options.remote_count && !(options.allow & XC_ALLOW_REMOTE))
        refuse(XC_BAD_ARGUMENT, "remote databases need XC_ALLOW_REMOTE");
    if (options.remote_count)
        need(options.remotes, "remotes");
    reader->allow = options.allow;
    reader->timeout_ms = options.timeout_ms ? options.timeout_ms : timeout_ms;
    reader->revision_key = options.revision_key ? options.revision_key : "";
    reader->choose = options.choose;
    reader->choose_context = options.choose_context;
    for (size_t i = 0; i < options.remote_count; i++) {
        need(options.remotes[i].host, "host");
        reader->servers.push_back({options.remotes[i].host, options.remotes[i].port});
    }
}

// Asks all servers, at intervals. If there is no time now, the next call asks.
bool
any_replaced(xc_reader *reader)
{
    constexpr std::chrono::milliseconds interval(500);
    constexpr unsigned waits = 3; // more than connect() insists on: rather later than not at all
    if (!reader->remote || Clock::now() - reader->probed < interval)
        return false;
    for (const Shard &shard : reader->shards) {
        if (!shard.remote)
            continue;
        if (guard(nullptr, [&] { check_time(*reader, waits); }))
            return false;
        if (is_replaced(*reader, shard))
            return true;
    }
    reader->probed = Clock::now();
    return false;
}

} // namespace

void
xc::check_time(const xc_reader &reader, unsigned waits)
{
    if ((!reader.remote && reader.servers.empty()) || reader.deadline == Clock::time_point::max())
        return;
    if (Clock::now() + waits * std::chrono::milliseconds(reader.timeout_ms) > reader.deadline)
        refuse(XC_TIMEOUT, "no time left to ask a remote database");
}

// After a failure that is not the caller's, an answer to an earlier request may still arrive on a
// connection.
void
xc::note_failure(xc_reader *reader, xc_error *failure) noexcept
{
    // cppcheck-suppress throwInNoexceptFunction ; guard catches what the lambda throws
    guard(nullptr, [&] {
        for (const Shard &shard : reader->shards)
            shard.place.name_in(failure);
    });
    xc_status status = failure->status;
    // After a failed allocation libxapian's cursors can be incomplete, and crash if they are used.
    if (status == XC_NETWORK || status == XC_NO_MEMORY ||
        (reader->remote && (status == XC_IO || status == XC_INTERNAL || status == XC_CORRUPT)))
        reader->lost = true;
}

namespace
{

// Makes the shards, which were opened from places with these identities, those of the reader.
void
adopt(xc_reader *reader, std::vector<Identity> &identities, std::vector<Shard> &shards)
{
    Xapian::Database db = join(shards);
    std::string uuid = db.get_uuid(), contents = signature(*reader, shards);
    bool same =
        !contents.empty() && contents == reader->contents && identities == reader->identities;
    reader->remote =
        std::any_of(shards.begin(), shards.end(), [](const Shard &shard) { return shard.remote; });
    reader->moves += !same;
    reader->contents.swap(contents);
    reader->identities.swap(identities);
    reader->db = db;
    reader->shards.swap(shards);
    reader->uuid.swap(uuid);
    reader->lost = false;
    reader->probed = Clock::now();
}

} // namespace

// A failure to open an index that was replaced meanwhile, and then removed, says nothing.
void
xc::open_afresh(xc_reader *reader)
{
    xc_error fault;
    std::vector<Shard> shards;
    std::vector<Identity> identities = identify(*reader);
    xc_status status = guard(&fault, [&] { shards = open_all(*reader); });
    if (!(identities == identify(*reader)))
        refuse(XC_STALE, "%.150s was replaced while it was being opened", reader->paths[0].c_str());
    if (status)
        throw Failure{fault};
    adopt(reader, identities, shards);
}

// After an index was replaced, reopen() can report the size of the new one and answer from the
// postings of the old one. identify() detects most replacements; the UUID detects those that keep
// the directory.
bool
xc::move_on(xc_reader *reader)
{
    uint64_t before = reader->moves;
    if (reader->lost || !(reader->identities == identify(*reader))) {
        open_afresh(reader);
        return reader->moves != before;
    }
    for (const Shard &shard : reader->shards)
        if (!shard.remote)
            shard.place.check();
    bool changed = false;
    xc_error fault;
    xc_status status = guard(&fault, [&] { changed = reader->db.reopen(); });
    if (status && !(reader->remote && status == XC_NOT_FOUND)) // its generation was removed
        throw Failure{fault};
    if (status || reader->db.get_uuid() != reader->uuid || any_replaced(reader)) {
        open_afresh(reader);
        return reader->moves != before;
    }
    if (changed)
        reader->contents.clear();
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
    return xc_reader_open_with(&path, 1, nullptr, out, err);
}

xc_status
xc_reader_open_many(const char *const *paths, size_t count, xc_reader **out, xc_error *err)
{
    return xc_reader_open_with(paths, count, nullptr, out, err);
}

xc_status
xc_reader_open_with(const char *const *paths, size_t count, const xc_reader_options *options,
                    xc_reader **out, xc_error *err)
{
    std::unique_ptr<xc_reader> reader;
    xc_status status = guard(err, [&] {
        need(out, "out");
        reader = std::make_unique<xc_reader>();
        if (options)
            set_options(reader.get(), *options);
        if (count == 0 && reader->servers.empty())
            refuse(XC_BAD_ARGUMENT, "no index path given");
        if (count > 0)
            need(paths, "paths");
        for (size_t i = 0; i < count; i++) {
            need(paths[i], "path");
            reader->paths.emplace_back(paths[i]);
        }
    });
    if (status)
        return status;
    reader->lost = true; // so that the first attempt opens
    xc_reader_set_timeout(reader.get(), uint64_t{4000} * reader->timeout_ms);
    status = reading(reader.get(), err, [] {});
    xc_reader_set_timeout(reader.get(), 0);
    if (!status) {
        reader->moves = 0;
        *out = reader.release();
    }
    return status;
}

void
xc_reader_set_timeout(xc_reader *reader, uint64_t timeout_us)
{
    constexpr uint64_t year_us = UINT64_C(365) * 24 * 3600 * 1000000;
    reader->deadline = timeout_us == 0 || timeout_us > year_us
                           ? Clock::time_point::max()
                           : Clock::now() + std::chrono::microseconds(timeout_us);
}

void
xc_reader_doubt(xc_reader *reader)
{
    reader->probed = Clock::time_point();
}

bool
xc_reader_is_remote(const xc_reader *reader)
{
    return reader->remote;
}

size_t
xc_reader_database_count(const xc_reader *reader)
{
    return reader->shards.size();
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
