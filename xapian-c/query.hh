// SPDX-License-Identifier: GPL-2.0-or-later
// A query under construction, for the constructors and the search.
#pragma once

#include "guard.hh"

#include <new>

struct xc_query {
    Xapian::Query query;
    Xapian::Query own;      // if it filters: the same for local databases, see listed.hh
    bool filters = false;   // has terms whose weight does not count
    unsigned depth = 0;     // operators above the deepest term
    uint64_t expansion = 0; // sum of the maxima of its wildcards
    bool local = false;     // contains scores, which refer to the ids of one local index
    bool unsent = false;    // contains coverage, which cannot be sent to a server
    bool maybe = false;     // contains OP_AND_MAYBE, see unweighted() in query.cc
    bool prunable = true;   // false: every match must be weighed, see match() in search.cc
    bool settled = false;   // a leaf that is never ahead of the document it was checked at
    xc_error fault = {XC_OK, ""};
    std::string description;

    xc_query() = default;
    explicit xc_query(const xc_error &why) : fault(why)
    {
    }
};

namespace xc
{

// Stands for a query that there was no memory for, so that no caller can take a failed allocation
// for "no query". It is never changed or freed, and any thread may read it.
extern xc_query no_memory;

// Builds a query. If the body fails, the query keeps the fault and reports it when used.
template <class Body>
xc_query *
build(Body &&body) noexcept
{
    auto *query = new (std::nothrow) xc_query;
    if (!query)
        return &no_memory;
    guard(&query->fault, [&] { body(*query); });
    return query;
}

} // namespace xc
