// SPDX-License-Identifier: GPL-2.0-or-later
// The order of hits that Xapian ranks alike, which it leaves to their document ids: those tell how
// the index came about, and differ between two with the same documents.
#pragma once

#include "guard.hh"

#include <vector>

#include <xapian.h>

namespace xc
{

// Which of the ranked hits a page wants: `limit` from `offset` on. To see where the ties at its
// ends begin and end, some before and behind it are matched too.
struct Window {
    uint32_t offset, limit;
    uint32_t spare;
    bool weighs; // hits of different weight rank differently

    uint32_t first() const
    {
        return offset > spare ? offset - spare : 0;
    }

    uint32_t count() const
    {
        return offset - first() + limit + spare;
    }

    // Whether a tie at either end of the page may go on outside of what was matched.
    bool cuts(const Xapian::MSet &found) const;

    // The page's hits as indexes into `found`, ties in the order of the slot's values.
    std::vector<Xapian::doccount> order(const Xapian::MSet &found, uint32_t slot) const;
};

} // namespace xc
