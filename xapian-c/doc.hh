// SPDX-License-Identifier: GPL-2.0-or-later
// A document under construction, as the writer sees it.
#pragma once

#include "guard.hh"

struct xc_doc {
    Xapian::Document document;
    std::string scratch;
};
