// SPDX-License-Identifier: GPL-2.0-or-later
// A search: translates the request for Xapian and runs it with a deadline.
#include "search.hh"

#include "query.hh"
#include "reader.hh"
#include "ties.hh"

#include <algorithm>
#include <cmath>
#include <time.h>

using namespace xc;

namespace
{

constexpr unsigned known = XC_FETCH_DATA | XC_FETCH_TERMS | XC_FETCH_STATS;

uint64_t
now_us()
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<uint64_t>(now.tv_sec) * 1000000 + static_cast<uint64_t>(now.tv_nsec) / 1000;
}

// Ends a match by throwing, because Xapian's own time limit only stops the counting of matches.
class Deadline : public Xapian::MatchDecider
{
  public:
    explicit Deadline(uint64_t timeout_us) : timeout(timeout_us), start(timeout ? now_us() : 0)
    {
    }

    explicit operator bool() const
    {
        return timeout != 0;
    }

    void check() const
    {
        if (timeout && now_us() - start >= timeout)
            refuse(XC_TIMEOUT, "search took longer than %llu us",
                   static_cast<unsigned long long>(timeout));
    }

    // Reads the clock only at every 32nd candidate, because reading it takes 25 ns and a candidate
    // document only a few times as long.
    bool operator()(const Xapian::Document &) const override
    {
        if (candidates++ % 32 == 0)
            check();
        return true;
    }

  private:
    mutable unsigned candidates = 0;
    uint64_t timeout, start;
};

void
check_request(const xc_request &request)
{
    xc_error fault;
    if (xc_query_check(request.query, &fault))
        throw Failure{fault};
    if (request.fetch & ~known)
        refuse(XC_BAD_ARGUMENT, "unknown fetch flags for a search: %#x", request.fetch & ~known);
    if (request.value_slot_count)
        need(request.value_slots, "value slots");
    if (request.facet_slot_count)
        need(request.facet_slots, "facet slots");
    for (size_t i = 0; i < request.facet_slot_count; i++)
        check_slot(request.facet_slots[i]);
    if (request.break_ties)
        check_slot(request.tie_slot);
}

// Scores need the document ids of one index. The ids of several indexes interleave, and one stub
// can name several indexes.
void
refuse_several(const xc_reader &reader)
{
    if (reader.remote || reader.db.get_uuid().find(':') != std::string::npos)
        refuse(XC_UNSUPPORTED, "scores need a single local index");
}

void
set_bm25(Xapian::Enquire &enquire, const xc_bm25 *given)
{
    const xc_bm25 p = given ? *given : xc_bm25{1, 0, 1, 0.5, 0.5, 0};
    for (double parameter : {p.k1, p.k2, p.k3, p.b, p.min_normlen, p.delta})
        if (!std::isfinite(parameter) || parameter < 0)
            refuse(XC_BAD_ARGUMENT, "BM25 parameters must be finite and not negative (got %g)",
                   parameter);
    if (p.delta > 0)
        enquire.set_weighting_scheme(
            Xapian::BM25PlusWeight(p.k1, p.k2, p.k3, p.b, p.min_normlen, p.delta));
    else
        enquire.set_weighting_scheme(Xapian::BM25Weight(p.k1, p.k2, p.k3, p.b, p.min_normlen));
}

// Gives no weight, but reads the list of each term, unlike BoolWeight: see listed.hh.
class NoWeight : public Xapian::Weight
{
  public:
    NoWeight()
    {
        need_stat(WDF);
    }

    NoWeight *clone() const override
    {
        return new NoWeight;
    }

    double get_sumpart(Xapian::termcount, Xapian::termcount, Xapian::termcount) const override
    {
        return 0;
    }

    double get_maxpart() const override
    {
        return 0;
    }

    double get_sumextra(Xapian::termcount, Xapian::termcount) const override
    {
        return 0;
    }

    double get_maxextra() const override
    {
        return 0;
    }

  private:
    void init(double) override
    {
    }
};

class OneEach : public Xapian::CoordWeight
{
  public:
    OneEach()
    {
        need_stat(WDF); // for the same reason
    }

    OneEach *clone() const override
    {
        return new OneEach;
    }
};

void
set_weighting(Xapian::Enquire &enquire, const xc_request &request, bool local)
{
    switch (raw(request.weighting)) {
    case XC_WEIGHT_BM25:
        return set_bm25(enquire, request.bm25);
    case XC_WEIGHT_BOOLEAN:
        return local ? enquire.set_weighting_scheme(NoWeight())
                     : enquire.set_weighting_scheme(Xapian::BoolWeight());
    case XC_WEIGHT_TFIDF:
        return enquire.set_weighting_scheme(Xapian::TfIdfWeight());
    case XC_WEIGHT_COORDINATE:
        return local ? enquire.set_weighting_scheme(OneEach())
                     : enquire.set_weighting_scheme(Xapian::CoordWeight());
    }
    refuse(XC_BAD_ARGUMENT, "unknown weighting %u", raw(request.weighting));
}

void
set_order(Xapian::Enquire &enquire, const xc_request &request)
{
    if (request.collapse_max) {
        check_slot(request.collapse_slot);
        enquire.set_collapse_key(request.collapse_slot, request.collapse_max);
    }
    if (raw(request.sort) == XC_SORT_RELEVANCE)
        return;
    check_slot(request.sort_slot);
    bool descending = !request.sort_ascending;
    switch (raw(request.sort)) {
    case XC_SORT_RELEVANCE:
        return;
    case XC_SORT_VALUE:
        return enquire.set_sort_by_value(request.sort_slot, descending);
    case XC_SORT_VALUE_THEN_RELEVANCE:
        return enquire.set_sort_by_value_then_relevance(request.sort_slot, descending);
    case XC_SORT_RELEVANCE_THEN_VALUE:
        return enquire.set_sort_by_relevance_then_value(request.sort_slot, descending);
    }
    refuse(XC_BAD_ARGUMENT, "unknown sort order %u", raw(request.sort));
}

Facets
add_facets(Xapian::Enquire &enquire, const xc_request &request)
{
    Facets facets;
    for (size_t i = 0; i < request.facet_slot_count; i++) {
        facets.push_back(std::make_unique<Xapian::ValueCountMatchSpy>(request.facet_slots[i]));
        enquire.add_matchspy(facets.back().get());
    }
    return facets;
}

// The range of ranked hits for the page. Offset and limit are cut to the number of documents,
// because they come from users and Xapian allocates room for them before it knows the number of
// matches.
Window
make_window(const xc_reader &reader, const xc_request &request, uint32_t spare)
{
    uint32_t documents = reader.db.get_doccount();
    uint32_t offset = std::min(request.offset, documents);
    uint32_t limit = std::min({request.limit, uint32_t{XC_LIMIT_MAX}, documents - offset});
    return {offset, limit, limit ? std::min(spare, documents) : 0,
            raw(request.sort) != XC_SORT_VALUE};
}

Xapian::MSet
match(Xapian::Enquire &enquire, const xc_reader &reader, const xc_request &request,
      const Window &window, const Deadline &deadline)
{
    uint32_t documents = reader.db.get_doccount();
    uint32_t check = std::min(request.check_at_least, documents);
    if (!request.query->prunable) // libxapian 1.4.22 skips documents wrongly, see docs/libxapian.md
        check = documents;
    const Xapian::MatchDecider *decider = deadline && !reader.remote ? &deadline : nullptr;
    return enquire.get_mset(window.first(), window.count(), check, nullptr, decider);
}

// Hits matched before and after the page, to see whether a tie crosses its ends. A few are enough
// for most pages; a longer tie costs another match with spare_factor times as many.
constexpr uint32_t spare_first = 8, spare_factor = 16;

// Whether lists of all documents have gaps: see listed.hh.
bool
has_gaps(const xc_reader &reader)
{
    return std::any_of(reader.shards.begin(), reader.shards.end(), [](const Shard &shard) {
        return shard.db.get_doccount() != shard.db.get_lastdocid();
    });
}

std::unique_ptr<Page<xc_page>>
search_once(const xc_reader &reader, const xc_request &request, const Deadline &deadline)
{
    for (uint32_t spare = request.break_ties ? spare_first : 0;; spare *= spare_factor) {
        Xapian::Enquire enquire(reader.db);
        bool local = !reader.remote && has_gaps(reader);
        enquire.set_query(local && request.query->filters ? request.query->own
                                                          : request.query->query);
        set_weighting(enquire, request, local);
        set_order(enquire, request);
        Facets facets = add_facets(enquire, request);
        Window window = make_window(reader, request, spare);
        Xapian::MSet found = match(enquire, reader, request, window, deadline);
        if (request.break_ties && window.cuts(found) && spare < reader.db.get_doccount())
            continue;
        return make_page(request, enquire, found, window, facets, reader.remote);
    }
}

} // namespace

void
xc_page_free(xc_page *page)
{
    free_page(page);
}

xc_status
xc_search(xc_reader *reader, const xc_request *request, xc_page **out, xc_error *err)
{
    const Deadline deadline(request ? request->timeout_us : 0);
    return reading(reader, err, [&] {
        need(request, "request");
        need(out, "out");
        check_request(*request);
        if (request->query->local)
            refuse_several(*reader);
        if (request->query->unsent && reader->remote)
            refuse(XC_UNSUPPORTED, "coverage needs local indexes");
        deadline.check();
        check_time(*reader, 2); // a server first sends statistics, then the matches
        *out = search_once(*reader, *request, deadline).release();
    });
}
