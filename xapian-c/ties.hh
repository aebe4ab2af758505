// SPDX-License-Identifier: GPL-2.0-or-later
// A stable order for hits of equal rank. Xapian orders them by document id, and ids depend on how
// the index was built: two indexes of the same documents would answer differently.
#pragma once

#include "guard.hh"

#include <vector>

#include <xapian.h>

namespace xc
{

// The ranked hits that a page needs: `limit` hits from `offset` on. `spare` more are matched before
// and after them, to see where ties at the ends of the page begin and end.
struct Window {
    uint32_t offset, limit;
    uint32_t spare;
    bool weighs; // weight takes part in the order

    uint32_t first() const
    {
        return offset > spare ? offset - spare : 0;
    }

    uint32_t count() const
    {
        return offset - first() + limit + spare;
    }

    // Whether a tie at either end of the page may extend beyond the hits that were matched.
    bool cuts(const Xapian::MSet &found) const;

    // The page's hits as indexes into `found`, ties ordered by the values of the slot.
    std::vector<Xapian::doccount> order(const Xapian::MSet &found, uint32_t slot) const;
};

} // namespace xc
