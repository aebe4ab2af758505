// SPDX-License-Identifier: GPL-2.0-or-later
// The vocabulary, metadata, synonyms, spelling, and postings.
#include "arena.hh"
#include "reader.hh"

using namespace xc;

namespace
{

// Whether the name sorts after `after`. Xapian's term iterators can skip to a name but not past it,
// so the caller checks the name that it skipped to.
bool
starts_at(const std::string &name, const std::string &after)
{
    return after.empty() || name > after;
}

// Collects at most `max` names from the iterator on; freq() returns the frequency for each name.
template <class Frequency>
xc_terms *
collect(Xapian::TermIterator it, const Xapian::TermIterator &end, const std::string &after,
        size_t max, Frequency &&freq)
{
    auto terms = std::make_unique<Page<xc_terms>>();
    std::vector<xc_term> items;
    if (!after.empty() && it != end)
        it.skip_to(after);
    for (; it != end; ++it) {
        std::string name = *it;
        if (!starts_at(name, after))
            continue;
        if (items.size() == max) {
            terms->more = true;
            break;
        }
        items.push_back({terms->arena.copy(name), freq(it)});
    }
    terms->items = terms->arena.array(items);
    terms->count = items.size();
    return terms.release();
}

// Passes at most `max` postings after `after` to take(); returns how many.
template <class Take>
size_t
walk(const Xapian::Database &db, const std::string &name, uint32_t after, size_t max, Take &&take)
{
    size_t n = 0;
    Xapian::PostingIterator it = db.postlist_begin(name);
    const Xapian::PostingIterator end = db.postlist_end(name);
    if (after && it != end && *it <= after)
        it.skip_to(after);
    if (it != end && *it == after)
        ++it;
    for (; n < max && it != end; ++it)
        take(n++, it);
    return n;
}

uint32_t
no_frequency(const Xapian::TermIterator &)
{
    return 0;
}

} // namespace

void
xc_terms_free(xc_terms *terms)
{
    free_page(terms);
}

xc_status
xc_reader_metadata(xc_reader *reader, xc_bytes key, xc_bytes *value, xc_error *err)
{
    return reading(reader, err, [&] {
        need(value, "value");
        check_term(key, "metadata key");
        reader->metadata = reader->db.get_metadata(to_string(key));
        *value = borrow(reader->metadata);
    });
}

xc_status
xc_reader_database_metadata(xc_reader *reader, size_t index, xc_bytes key, xc_bytes *value,
                            xc_error *err)
{
    return reading(reader, err, [&] {
        need(value, "value");
        check_term(key, "metadata key");
        if (index >= reader->shards.size())
            refuse(XC_BAD_ARGUMENT, "there is no database %zu", index);
        reader->metadata = reader->shards[index].db.get_metadata(to_string(key));
        *value = borrow(reader->metadata);
    });
}

xc_status
xc_reader_term(xc_reader *reader, xc_bytes term, xc_term_stats *out, xc_error *err)
{
    return reading(reader, err, [&] {
        need(out, "out");
        check_term(term);
        std::string name = to_string(term);
        xc_term_stats stats = {};
        stats.term_freq = reader->db.get_termfreq(name);
        if (stats.term_freq > 0) // each is a request to a remote database
            stats.collection_freq = reader->db.get_collection_freq(name);
        *out = stats;
    });
}

xc_status
xc_reader_vocabulary(xc_reader *reader, xc_bytes prefix, xc_bytes after, size_t max, xc_terms **out,
                     xc_error *err)
{
    return reading(reader, err, [&] {
        need(out, "out");
        std::string start = to_string(prefix);
        *out = collect(reader->db.allterms_begin(start), reader->db.allterms_end(start),
                       to_string(after), max,
                       [](const Xapian::TermIterator &it) { return it.get_termfreq(); });
    });
}

xc_status
xc_reader_metadata_keys(xc_reader *reader, xc_bytes prefix, xc_bytes after, size_t max,
                        xc_terms **out, xc_error *err)
{
    return reading(reader, err, [&] {
        need(out, "out");
        std::string start = to_string(prefix);
        *out = collect(reader->db.metadata_keys_begin(start), reader->db.metadata_keys_end(start),
                       to_string(after), max, no_frequency);
    });
}

xc_status
xc_reader_synonyms(xc_reader *reader, xc_bytes term, size_t max, xc_terms **out, xc_error *err)
{
    return reading(reader, err, [&] {
        need(out, "out");
        check_term(term);
        std::string name = to_string(term);
        *out = collect(reader->db.synonyms_begin(name), reader->db.synonyms_end(name),
                       std::string(), max, no_frequency);
    });
}

xc_status
xc_reader_suggest(xc_reader *reader, xc_bytes word, uint32_t max_distance, xc_bytes *suggestion,
                  xc_error *err)
{
    return reading(reader, err, [&] {
        need(suggestion, "suggestion");
        reader->suggestion = reader->db.get_spelling_suggestion(to_string(word), max_distance);
        *suggestion = borrow(reader->suggestion);
    });
}

xc_status
xc_reader_postings(xc_reader *reader, xc_bytes term, uint32_t after, size_t max, uint32_t *docids,
                   size_t *count, xc_error *err)
{
    return reading(reader, err, [&] {
        need(count, "count");
        if (max)
            need(docids, "docids");
        *count = walk(reader->db, to_string(term), after, max,
                      [&](size_t n, const Xapian::PostingIterator &it) { docids[n] = *it; });
    });
}

xc_status
xc_reader_frequencies(xc_reader *reader, xc_bytes term, uint32_t after, size_t max,
                      uint32_t *docids, uint32_t *wdfs, size_t *count, xc_error *err)
{
    return reading(reader, err, [&] {
        need(count, "count");
        check_term(term);
        if (max) {
            need(docids, "docids");
            need(wdfs, "wdfs");
        }
        *count = walk(reader->db, to_string(term), after, max,
                      [&](size_t n, const Xapian::PostingIterator &it) {
                          docids[n] = *it;
                          wdfs[n] = it.get_wdf();
                      });
    });
}
