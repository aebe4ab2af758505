// SPDX-License-Identifier: GPL-2.0-or-later
// A query under construction, as the search sees it.
#pragma once

#include "guard.hh"

struct xc_query {
    Xapian::Query query;
    unsigned depth = 0;     // operators above the deepest term
    uint64_t expansion = 0; // terms that its wildcards may add up to
    bool local = false;     // scores are in it, which are of one index's own ids
    bool prunable = true;   // false: OP_MAX is in it, see match() in search.cc
    xc_error fault = {XC_OK, ""};
    std::string description;
};
