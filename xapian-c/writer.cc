// SPDX-License-Identifier: GPL-2.0-or-later
// The writer: every change happens inside a transaction.
#include "doc.hh"
#include "guard.hh"
#include "place.hh"
#include "sync.hh"
#include "written.hh"

#include <cerrno>
#include <memory>
#include <sys/stat.h>

using namespace xc;

// Outside a transaction, Xapian commits by itself every 10,000 documents, and its destructor
// commits the rest. So the first change begins a transaction, and xc_writer_close always closes
// inside one.
struct xc_writer {
    xc_writer(const std::string &path, int flags, int block_size) : db(path, flags, block_size)
    {
    }

    Place place; // of an index that existed
    Xapian::WritableDatabase db;
    std::unique_ptr<Directory> directory; // NULL with no_sync
    bool in_transaction = false;
    uint32_t pending = 0;
    xc_error spoilt = {XC_OK, ""}; // if set, why the transaction cannot be committed any more
    bool notes_writes = false;
    Written written;

    Written *noted()
    {
        return notes_writes ? &written : nullptr;
    }
};

namespace
{

int
xapian_flags(const xc_writer_options &options)
{
    static const int actions[] = {Xapian::DB_CREATE_OR_OPEN, Xapian::DB_OPEN, Xapian::DB_CREATE,
                                  Xapian::DB_CREATE_OR_OVERWRITE};
    unsigned mode = raw(options.mode);
    if (mode >= sizeof actions / sizeof *actions)
        refuse(XC_BAD_ARGUMENT, "unknown open mode %u", mode);
    return actions[mode] | Xapian::DB_BACKEND_GLASS |
           (options.no_termlist ? Xapian::DB_NO_TERMLIST : 0) |
           (options.no_sync ? Xapian::DB_NO_SYNC : 0) |
           (options.wait_for_lock ? Xapian::DB_RETRY_LOCK : 0);
}

// The folder of an existing index; no place if there is none. Refuses stubs and links: a writer
// must sync the folder that contains the files.
Place
find_index(const std::string &path)
{
    struct stat status;
    if (lstat(path.c_str(), &status))
        return Place();
    Place place = Place::folder(path);
    bool is_index = place.contains(version_name);
    if (!is_index && place.contains(stub_name))
        refuse(XC_UNSUPPORTED, "%.150s is not an index directory but a stub: open its shard",
               path.c_str());
    place.check_for_writing();
    return is_index ? std::move(place) : Place();
}

// With a slash at its end, a path leads through a link.
std::string
without_final_slashes(const std::string &path)
{
    size_t end = path.find_last_not_of('/');
    return end == std::string::npos ? path : path.substr(0, end + 1);
}

// Xapian opens the files of an existing index through the open folder, also at later commits.
std::unique_ptr<xc_writer>
open_database(const std::string &path, Place place, const xc_writer_options &options)
{
    std::unique_ptr<xc_writer> writer;
    std::string inside = place.exists() ? place.inside() : path;
    int flags = xapian_flags(options), block_size = checked_block_size(options.block_size);
    xc_error fault;
    xc_status status =
        guard(&fault, [&] { writer = std::make_unique<xc_writer>(inside, flags, block_size); });
    if (status) {
        place.name_in(&fault);
        throw Failure{fault};
    }
    writer->place = std::move(place);
    return writer;
}

std::unique_ptr<xc_writer>
open_writer(const std::string &path, const xc_writer_options &options)
{
    xapian_flags(options); // refuses an unknown mode first
    Place place = find_index(path);
    bool existed = place.exists();
    if (existed && options.mode == XC_CREATE)
        refuse(XC_BAD_ARGUMENT, "index already exists: %.150s", path.c_str());
    if (!existed && options.mode == XC_OPEN)
        refuse(XC_NOT_FOUND, "index not found: %.150s", path.c_str());
    std::unique_ptr<xc_writer> writer = open_database(path, std::move(place), options);
    writer->notes_writes = options.note_writes;
    if (!options.no_sync) {
        writer->directory =
            std::make_unique<Directory>(existed ? writer->place.inside() : path, path);
        if (!existed || options.mode == XC_OVERWRITE) {
            writer->directory->sync();
            sync_parent(path);
        }
    }
    return writer;
}

// Drops all pending changes in any state of the database. After a failed commit, Xapian is outside
// a transaction and its destructor would try to commit again.
void
drop(xc_writer *writer)
{
    Noting noting(writer->noted());
    if (!writer->in_transaction)
        writer->db.begin_transaction(false);
    writer->in_transaction = false;
    writer->db.cancel_transaction();
    writer->pending = 0;
    writer->spoilt.status = XC_OK;
}

void
refuse_if_spoilt(const xc_writer *writer)
{
    if (writer->spoilt.status)
        throw Failure{writer->spoilt};
}

xc_status
fail(xc_error *err, const xc_error &failure)
{
    if (err)
        *err = failure;
    return failure.status;
}

// If adding a document fails, Xapian drops all pending changes. If the caller went on and
// committed, the index would hold only the second half of the batch; so all changes are refused
// until the commit fails too or the transaction is cancelled.
template <class Body>
xc_status
change(xc_writer *writer, xc_error *err, Body &&body)
{
    xc_error failure;
    xc_status status = guard(&failure, [&] {
        refuse_if_spoilt(writer);
        if (!writer->in_transaction) {
            writer->db.begin_transaction(true);
            writer->in_transaction = true;
        }
        Noting noting(writer->noted());
        body(writer->db);
        writer->pending++;
    });
    if (!status)
        return XC_OK;
    writer->place.name_in(&failure);
    writer->spoilt = failure;
    return fail(err, failure);
}

// Readers already see the commit, so a failed sync must not look like a failed commit.
xc_status
sync_commit(const xc_writer *writer, xc_error *err)
{
    xc_error cause;
    xc_status status = guard(&cause, [&] {
        if (writer->directory)
            writer->directory->sync();
    });
    if (!status)
        return XC_OK;
    return guard(err, [&] {
        refuse(status, "the change is in place but may not survive a power cut: %s", cause.text);
    });
}

// Checks arguments in a separate guard, so that a refused argument does not spoil the transaction.
template <class Check, class Body>
xc_status
checked_change(xc_writer *writer, xc_error *err, Check &&check, Body &&body)
{
    xc_status status = guard(err, [&] {
        need(writer, "writer");
        check();
    });
    return status ? status : change(writer, err, body);
}

} // namespace

xc_status
xc_writer_open(const char *path, const xc_writer_options *options, xc_writer **out, xc_error *err)
{
    return guard(err, [&] {
        need(path, "path");
        need(out, "out");
        *out = open_writer(without_final_slashes(path), options ? *options : xc_writer_options())
                   .release();
    });
}

// The destructor of the database cancels an open transaction; outside one it would commit.
void
xc_writer_close(xc_writer *writer)
{
    if (!writer)
        return;
    guard(nullptr, [&] {
        if (!writer->in_transaction)
            writer->db.begin_transaction(false);
    });
    guard(nullptr, [&] { delete writer; });
}

xc_status
xc_writer_cancel(xc_writer *writer, xc_error *err)
{
    return guard(err, [&] {
        need(writer, "writer");
        drop(writer);
    });
}

xc_status
xc_writer_commit(xc_writer *writer, xc_error *err)
{
    xc_error failure;
    xc_status status = guard(&failure, [&] {
        need(writer, "writer");
        refuse_if_spoilt(writer);
        if (!writer->in_transaction)
            return;
        if (writer->place.exists())
            writer->place.check_for_writing();
        Noting noting(writer->noted());
        writer->in_transaction = false;
        writer->db.commit_transaction();
        writer->pending = 0;
    });
    if (!status)
        return sync_commit(writer, err);
    if (writer) {
        writer->place.name_in(&failure);
        writer->spoilt = failure;
        guard(nullptr, [&] { drop(writer); });
    }
    return fail(err, failure);
}

xc_status
xc_writer_add(xc_writer *writer, const xc_doc *doc, uint32_t *docid, xc_error *err)
{
    return checked_change(
        writer, err, [&] { need(doc, "document"); },
        [&](Xapian::WritableDatabase &db) {
            uint32_t id = db.add_document(doc->document);
            if (docid)
                *docid = id;
        });
}

xc_status
xc_writer_replace(xc_writer *writer, xc_bytes unique_term, const xc_doc *doc, uint32_t *docid,
                  xc_error *err)
{
    return checked_change(
        writer, err,
        [&] {
            need(doc, "document");
            check_term(unique_term, "unique term");
        },
        [&](Xapian::WritableDatabase &db) {
            uint32_t id = db.replace_document(to_string(unique_term), doc->document);
            if (docid)
                *docid = id;
        });
}

xc_status
xc_writer_delete(xc_writer *writer, xc_bytes unique_term, xc_error *err)
{
    return checked_change(
        writer, err, [&] { check_term(unique_term, "unique term"); },
        [&](Xapian::WritableDatabase &db) { db.delete_document(to_string(unique_term)); });
}

xc_status
xc_writer_set_metadata(xc_writer *writer, xc_bytes key, xc_bytes value, xc_error *err)
{
    return checked_change(
        writer, err, [&] { check_term(key, "metadata key"); },
        [&](Xapian::WritableDatabase &db) { db.set_metadata(to_string(key), to_string(value)); });
}

// Xapian turns spelling words and synonyms into keys only at the commit, where one that is too long
// would lose the batch. It stores the length of a synonym in one byte.
xc_status
xc_writer_add_spelling(xc_writer *writer, xc_bytes word, uint32_t freq, xc_error *err)
{
    return checked_change(
        writer, err, [&] { check_term(word, "spelling word"); },
        [&](Xapian::WritableDatabase &db) { db.add_spelling(to_string(word), freq); });
}

xc_status
xc_writer_remove_spelling(xc_writer *writer, xc_bytes word, uint32_t freq, xc_error *err)
{
    return checked_change(
        writer, err, [&] { check_term(word, "spelling word"); },
        [&](Xapian::WritableDatabase &db) { db.remove_spelling(to_string(word), freq); });
}

xc_status
xc_writer_add_synonym(xc_writer *writer, xc_bytes term, xc_bytes synonym, xc_error *err)
{
    return checked_change(
        writer, err,
        [&] {
            check_term(term);
            check_term(synonym, "synonym");
        },
        [&](Xapian::WritableDatabase &db) { db.add_synonym(to_string(term), to_string(synonym)); });
}

xc_status
xc_writer_clear_synonyms(xc_writer *writer, xc_bytes term, xc_error *err)
{
    return checked_change(
        writer, err, [&] { check_term(term); },
        [&](Xapian::WritableDatabase &db) { db.clear_synonyms(to_string(term)); });
}

xc_status
xc_writer_doc_count(xc_writer *writer, uint32_t *count, xc_error *err)
{
    return guard(err, [&] {
        need(writer, "writer");
        need(count, "count");
        *count = writer->db.get_doccount();
    });
}

uint32_t
xc_writer_pending(const xc_writer *writer)
{
    return writer ? writer->pending : 0;
}

size_t
xc_writer_written(const xc_writer *writer, const xc_written **ranges, bool *complete)
{
    bool noted = writer && writer->notes_writes;
    *ranges = noted ? writer->written.ranges.data() : nullptr;
    *complete = noted && notes_all_writes() && writer->written.complete;
    return noted ? writer->written.ranges.size() : 0;
}
