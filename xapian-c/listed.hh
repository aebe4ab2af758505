// SPDX-License-Identifier: GPL-2.0-or-later
// A term whose weight does not count, as a leaf of the query.
#pragma once

#include "guard.hh"

namespace xc
{

// Documents that contain the term, without weight.
//
// If the weight of a term does not count and every document has the term, libxapian 1.4.22 reads
// the list of all documents instead, and renames that list after the term. If the list has gaps and
// is stored in parts, libxapian then looks for the next part under the term's name, and fails with
// "Unexpected end of posting list". This leaf always reads the list of the term.
Xapian::Query listed(const std::string &term);

} // namespace xc
