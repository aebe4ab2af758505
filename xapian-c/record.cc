// SPDX-License-Identifier: GPL-2.0-or-later
// Reads documents back.
#include "arena.hh"
#include "reader.hh"

using namespace xc;

namespace
{

constexpr unsigned known = XC_FETCH_DATA | XC_FETCH_VALUES | XC_FETCH_TERMS;

// The flags without the slot number that XC_FETCH_VALUE stores in the upper bits.
unsigned
flags_of(unsigned fetch)
{
    const unsigned one = XC_FETCH_ONE_VALUE;
    return fetch & one ? fetch & 0xff & ~one : fetch;
}

void
fill_values(Page<xc_record> &record, const Xapian::Document &document, unsigned fetch)
{
    std::vector<xc_value> values;
    if (fetch & XC_FETCH_VALUES) {
        for (auto it = document.values_begin(); it != document.values_end(); ++it)
            values.push_back({it.get_valueno(), record.arena.copy(*it)});
    } else if (fetch & XC_FETCH_ONE_VALUE) {
        Xapian::valueno slot = fetch >> 8;
        std::string value = document.get_value(slot);
        if (!value.empty())
            values.push_back({slot, record.arena.copy(value)});
    }
    record.values = record.arena.array(values);
    record.value_count = values.size();
}

void
fill_terms(Page<xc_record> &record, const Xapian::Document &document)
{
    std::vector<xc_term> terms;
    for (auto it = document.termlist_begin(); it != document.termlist_end(); ++it)
        terms.push_back({record.arena.copy(*it), it.get_wdf()});
    record.terms = record.arena.array(terms);
    record.term_count = terms.size();
}

xc_record *
fetch_record(const Xapian::Database &db, uint32_t docid, unsigned fetch)
{
    if (flags_of(fetch) & ~known)
        refuse(XC_BAD_ARGUMENT, "unknown fetch flags for a document: %#x", fetch & ~known);
    if (docid == 0)
        refuse(XC_BAD_ARGUMENT, "document id must be at least 1 (got 0)");
    auto record = std::make_unique<Page<xc_record>>();
    record->docid = docid;
    record->length = db.get_doclength(docid);
    Xapian::Document document = db.get_document(docid);
    record->data = fetch & XC_FETCH_DATA ? record->arena.copy(document.get_data()) : xc_bytes();
    fill_values(*record, document, fetch);
    if (fetch & XC_FETCH_TERMS)
        fill_terms(*record, document);
    return record.release();
}

} // namespace

void
xc_record_free(xc_record *record)
{
    free_page(record);
}

xc_bytes
xc_record_value(const xc_record *record, uint32_t slot)
{
    for (size_t i = 0; record && i < record->value_count; i++) {
        if (record->values[i].slot == slot)
            return record->values[i].value;
    }
    return xc_bytes();
}

xc_status
xc_reader_get(xc_reader *reader, uint32_t docid, unsigned fetch, xc_record **out, xc_error *err)
{
    return reading(reader, err, [&] {
        need(out, "out");
        *out = fetch_record(reader->db, docid, fetch);
    });
}

xc_status
xc_reader_find(xc_reader *reader, xc_bytes unique_term, unsigned fetch, xc_record **out,
               xc_error *err)
{
    return reading(reader, err, [&] {
        need(out, "out");
        check_term(unique_term, "unique term");
        std::string name = to_string(unique_term);
        Xapian::PostingIterator it = reader->db.postlist_begin(name);
        if (it == reader->db.postlist_end(name))
            refuse(XC_NOT_FOUND, "no document has the term %.200s", name.c_str());
        *out = fetch_record(reader->db, *it, fetch);
    });
}
