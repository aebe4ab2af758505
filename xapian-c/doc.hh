// A document under construction, as the writer sees it.
#pragma once

#include "guard.hh"

struct xc_doc {
    Xapian::Document document;
    std::string scratch;
};
