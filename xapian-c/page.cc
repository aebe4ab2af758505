// SPDX-License-Identifier: GPL-2.0-or-later
// Copies Xapian's lazy results into a plain page. After two more commits of a writer, results can
// still be iterated but their data can no longer be read; so everything is read at once.
#include <algorithm>
#include <numeric>
#include <set>
#include "query.hh"
#include "search.hh"

using namespace xc;

namespace
{

void
fill_terms(Page<xc_page> &page, xc_hit &hit, const Xapian::Enquire &enquire,
           const Xapian::MSetIterator &found)
{
    std::vector<xc_bytes> terms;
    for (auto it = enquire.get_matching_terms_begin(found);
         it != enquire.get_matching_terms_end(found); ++it)
        terms.push_back(page.arena.copy(*it));
    hit.terms = page.arena.array(terms);
    hit.term_count = terms.size();
}

void
fill_values(Page<xc_page> &page, xc_hit &hit, const xc_request &request,
            const Xapian::Document &document)
{
    xc_bytes *values = page.arena.array<xc_bytes>(request.value_slot_count);
    for (size_t i = 0; i < request.value_slot_count; i++)
        values[i] = page.arena.copy(document.get_value(request.value_slots[i]));
    hit.values = values;
}

void
fill_hit(Page<xc_page> &page, xc_hit &hit, const xc_request &request,
         const Xapian::Enquire &enquire, const Xapian::MSetIterator &found)
{
    hit.docid = *found;
    hit.weight = found.get_weight();
    hit.percent = found.get_percent();
    hit.collapsed = found.get_collapse_count();
    if (request.fetch & XC_FETCH_DATA || request.value_slot_count) {
        Xapian::Document document = found.get_document();
        if (request.fetch & XC_FETCH_DATA)
            hit.data = page.arena.copy(document.get_data());
        if (request.value_slot_count)
            fill_values(page, hit, request, document);
    }
    if (request.fetch & XC_FETCH_TERMS)
        fill_terms(page, hit, enquire, found);
}

void
fill_facet(Page<xc_page> &page, xc_facet &facet, const xc_request &request,
           const Xapian::ValueCountMatchSpy &spy)
{
    // Xapian allocates room for `max` values up front; there are never more values than matches.
    size_t max = std::min<size_t>(request.facet_max ? request.facet_max : 100, spy.get_total());
    std::vector<xc_facet_value> values;
    for (auto it = spy.top_values_begin(max); it != spy.top_values_end(max); ++it)
        values.push_back({page.arena.copy(*it), it.get_termfreq()});
    facet.seen = static_cast<uint32_t>(spy.get_total());
    facet.values = page.arena.array(values);
    facet.value_count = values.size();
}

// A term that only filters may not be a term of the query that was run: see listed.hh.
void
fill_stats(Page<xc_page> &page, const Xapian::Query &query, const Xapian::Query &run,
           const Xapian::MSet &found)
{
    const std::set<std::string> weighed(run.get_terms_begin(), run.get_terms_end());
    std::vector<xc_query_term_stats> stats;
    for (auto it = query.get_unique_terms_begin(); it != query.get_terms_end(); ++it) {
        const std::string &term = *it;
        stats.push_back({page.arena.copy(term), found.get_termfreq(term),
                         weighed.count(term) ? found.get_termweight(term) : 0});
    }
    page.stats = page.arena.array(stats);
    page.stats_count = stats.size();
}

std::vector<Xapian::doccount>
hits_of(const xc_request &request, const Window &window, const Xapian::MSet &found)
{
    if (request.break_ties)
        return window.order(found, request.tie_slot);
    std::vector<Xapian::doccount> all(found.size());
    std::iota(all.begin(), all.end(), 0);
    return all;
}

} // namespace

std::unique_ptr<Page<xc_page>>
xc::make_page(const xc_request &request, Xapian::Enquire &enquire, Xapian::MSet &found,
              const Window &window, const Facets &facets, bool remote)
{
    auto page = std::make_unique<Page<xc_page>>();
    page->matches_lower = found.get_matches_lower_bound();
    page->matches_estimated = found.get_matches_estimated();
    page->matches_upper = found.get_matches_upper_bound();
    page->max_weight = found.get_max_possible();
    if (request.fetch & XC_FETCH_STATS)
        fill_stats(*page, request.query->query, enquire.get_query(), found);
    enquire.set_query(request.query->query); // hits name its terms
    if (remote && (request.fetch & XC_FETCH_DATA || request.value_slot_count))
        found.fetch(); // one round trip for all hits
    const std::vector<Xapian::doccount> wanted = hits_of(request, window, found);
    xc_hit *hits = page->arena.array<xc_hit>(wanted.size());
    for (Xapian::doccount index : wanted)
        fill_hit(*page, hits[page->hit_count++], request, enquire, found[index]);
    page->hits = hits;
    xc_facet *counts = page->arena.array<xc_facet>(facets.size());
    for (size_t i = 0; i < facets.size(); i++) {
        counts[i].slot = request.facet_slots[i];
        fill_facet(*page, counts[i], request, *facets[i]);
    }
    page->facets = counts;
    page->facet_count = facets.size();
    return page;
}
