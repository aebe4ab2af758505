// SPDX-License-Identifier: GPL-2.0-or-later
// A query under construction, for the constructors and the search.
#pragma once

#include "guard.hh"

struct xc_query {
    Xapian::Query query;
    unsigned depth = 0;     // operators above the deepest term
    uint64_t expansion = 0; // sum of the maxima of its wildcards
    bool local = false;     // contains scores, which refer to the ids of one local index
    bool maybe = false;     // contains OP_AND_MAYBE, see unweighted() in query.cc
    bool prunable = true;   // false: contains OP_MAX, see match() in search.cc
    xc_error fault = {XC_OK, ""};
    std::string description;
};
