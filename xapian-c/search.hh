// SPDX-License-Identifier: GPL-2.0-or-later
// The two halves of a search: search.cc runs it, page.cc fetches the results.
#pragma once

#include "arena.hh"
#include "ties.hh"

#include <memory>
#include <vector>

namespace xc
{

using Facets = std::vector<std::unique_ptr<Xapian::ValueCountMatchSpy>>;

// Copies everything that the request asks for; the page does not refer to Xapian's objects.
std::unique_ptr<Page<xc_page>> make_page(const xc_request &request, Xapian::Enquire &enquire,
                                         Xapian::MSet &found, const Window &window,
                                         const Facets &facets, bool remote);

} // namespace xc
