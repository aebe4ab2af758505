// SPDX-License-Identifier: GPL-2.0-or-later
// A document under construction, for doc.cc and the writer.
#pragma once

#include "guard.hh"

struct xc_doc {
    Xapian::Document document;
    std::string scratch;
};
