// SPDX-License-Identifier: GPL-2.0-or-later
// Orders hits of equal weight and sort key (ties) by a value.
#include "ties.hh"

#include <algorithm>
#include <string>
#include <utility>

using namespace xc;

namespace
{

// The hits in Xapian's order, before ties are broken.
struct Ranking {
    const Xapian::MSet &found;
    bool weighs;

    bool tie(Xapian::doccount a, Xapian::doccount b) const
    {
        Xapian::MSetIterator left = found[a], right = found[b];
        return left.get_sort_key() == right.get_sort_key() &&
               (!weighs || left.get_weight() == right.get_weight());
    }

    // The index after the last hit that ties with the hit at `index`.
    Xapian::doccount end_of_tie(Xapian::doccount index) const
    {
        Xapian::doccount end = index + 1;
        while (end < found.size() && tie(index, end))
            end++;
        return end;
    }

    Xapian::doccount start_of_tie(Xapian::doccount index) const
    {
        while (index > 0 && tie(index - 1, index))
            index--;
        return index;
    }
};

void
sort_tie(const Xapian::MSet &found, uint32_t slot, Xapian::doccount start, Xapian::doccount end,
         std::vector<Xapian::doccount> &out)
{
    std::vector<std::pair<std::string, Xapian::doccount>> values;
    for (Xapian::doccount i = start; i < end; i++)
        values.emplace_back(found[i].get_document().get_value(slot), i);
    std::sort(values.begin(), values.end());
    for (const auto &value : values)
        out.push_back(value.second);
}

} // namespace

bool
Window::cuts(const Xapian::MSet &found) const
{
    const Ranking ranking{found, weighs};
    Xapian::doccount from = offset - first(), to = from + limit;
    if (limit == 0 || found.size() <= from)
        return false;
    bool before = first() > 0 && ranking.start_of_tie(from) == 0;
    bool after =
        found.size() == count() && to < found.size() && ranking.end_of_tie(to - 1) == found.size();
    return before || after;
}

std::vector<Xapian::doccount>
Window::order(const Xapian::MSet &found, uint32_t slot) const
{
    const Ranking ranking{found, weighs};
    std::vector<Xapian::doccount> page;
    Xapian::doccount from = offset - first(), to = std::min(found.size(), from + limit);
    if (from >= to)
        return page;
    Xapian::doccount at = ranking.start_of_tie(from), skip = from - at;
    while (at < to) {
        Xapian::doccount end = ranking.end_of_tie(at);
        if (end - at == 1)
            page.push_back(at);
        else
            sort_tie(found, slot, at, end, page);
        at = end;
    }
    page.erase(page.begin(), page.begin() + skip);
    page.resize(to - from);
    return page;
}
