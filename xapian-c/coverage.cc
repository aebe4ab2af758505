// SPDX-License-Identifier: GPL-2.0-or-later
// How much of the query a short field holds, and how much of the field the query is, as a leaf of
// the query.
#include "query.hh"
#include "xapian-c-scores.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

using namespace xc;

namespace
{

struct Coverage {
    std::vector<std::string> terms;
    std::vector<double> shares;
    Xapian::valueno slot;
    double scale, least;
};

// One document; until it is weighed, `weight` is the sum of the shares of its terms.
struct Covered {
    Xapian::docid id;
    unsigned terms;
    double weight;
};

// Adds the documents of a term to `covered`, which stays in rising order of ids.
void
add_term(const Xapian::Database &db, const std::string &term, double share,
         std::vector<Covered> &covered)
{
    std::vector<Covered> sum;
    auto old = covered.begin();
    for (auto p = db.postlist_begin(term); p != db.postlist_end(term); ++p) {
        while (old != covered.end() && old->id < *p)
            sum.push_back(*old++);
        bool both = old != covered.end() && old->id == *p;
        sum.push_back(both ? Covered{*p, old->terms + 1, old->weight + share}
                           : Covered{*p, 1, share});
        old += both;
    }
    sum.insert(sum.end(), old, covered.end());
    covered.swap(sum);
}

// The number of terms in the field: one byte, the value of the slot.
unsigned
length_at(Xapian::ValueIterator &values, const Xapian::ValueIterator &end, Xapian::docid id)
{
    if (values != end)
        values.skip_to(id);
    if (values == end || values.get_docid() != id || (*values).size() != 1)
        return 0;
    return static_cast<unsigned char>((*values)[0]);
}

// The documents of one shard, with their weights.
std::vector<Covered>
find_covered(const Xapian::Database &db, const Coverage &wanted)
{
    std::vector<Covered> covered;
    for (size_t i = 0; i < wanted.terms.size(); i++)
        add_term(db, wanted.terms[i], wanted.shares[i], covered);
    Xapian::ValueIterator values = db.valuestream_begin(wanted.slot), end;
    size_t kept = 0;
    for (const Covered &one : covered) {
        unsigned length = one.weight < wanted.least ? 0 : length_at(values, end, one.id);
        if (length == 0)
            continue;
        double of_field = std::min(1.0, one.terms / static_cast<double>(length));
        covered[kept++] = {one.id, one.terms, wanted.scale * one.weight * one.weight * of_field};
    }
    covered.resize(kept);
    return covered;
}

// Matches every document, with weight 0 where the field has too few of the terms: next to an
// optional part that matches only some documents, libxapian 1.4.22 loses weights (OR) and documents
// (AND_MAYBE, when it turns into an AND; see `settled` in query.hh).
class CoverageSource : public Xapian::PostingSource
{
  public:
    explicit CoverageSource(std::shared_ptr<const Coverage> what) : wanted(std::move(what))
    {
    }

    Xapian::doccount get_termfreq_min() const override
    {
        return documents;
    }

    Xapian::doccount get_termfreq_est() const override
    {
        return documents;
    }

    Xapian::doccount get_termfreq_max() const override
    {
        return documents;
    }

    double get_weight() const override
    {
        return place < covered.size() && covered[place].id == id ? covered[place].weight : 0;
    }

    void next(double) override
    {
        move(id + 1);
    }

    void skip_to(Xapian::docid to, double) override
    {
        move(std::max(id, to));
    }

    bool check(Xapian::docid to, double) override
    {
        move(to);
        return true;
    }

    bool at_end() const override
    {
        return id > last;
    }

    Xapian::docid get_docid() const override
    {
        return id;
    }

    PostingSource *clone() const override
    {
        return new CoverageSource(wanted);
    }

    void init(const Xapian::Database &db) override
    {
        covered = find_covered(db, *wanted);
        documents = db.get_doccount();
        last = db.get_lastdocid();
        place = 0;
        id = 0;
        double best = 0;
        for (const Covered &one : covered)
            best = std::max(best, one.weight);
        set_maxweight(best);
    }

    std::string get_description() const override
    {
        return "coverage";
    }

  private:
    void move(Xapian::docid to)
    {
        id = to;
        while (place < covered.size() && covered[place].id < id)
            place++;
    }

    std::shared_ptr<const Coverage> wanted;
    std::vector<Covered> covered; // ascending by id
    size_t place = 0;             // the first of them from `id` on
    Xapian::docid id = 0, last = 0;
    Xapian::doccount documents = 0;
};

} // namespace

xc_query *
xc_query_coverage(const xc_bytes *terms, const double *shares, size_t count, uint32_t slot,
                  double scale, double least)
{
    return build([&](xc_query &query) {
        if (count) {
            need(terms, "terms");
            need(shares, "shares");
        }
        check_slot(slot);
        for (double number : {scale, least})
            if (!std::isfinite(number) || number < 0)
                refuse(XC_BAD_ARGUMENT, "scale and least must be finite and not negative (got %g)",
                       number);
        auto wanted = std::make_shared<Coverage>();
        *wanted = {{}, {}, slot, scale, least};
        for (size_t i = 0; i < count; i++) {
            check_term(terms[i]);
            if (!std::isfinite(shares[i]) || shares[i] < 0)
                refuse(XC_BAD_ARGUMENT, "shares must be finite and not negative (got %g)",
                       shares[i]);
            wanted->terms.push_back(to_string(terms[i]));
            wanted->shares.push_back(shares[i]);
        }
        auto source = std::make_unique<CoverageSource>(std::move(wanted));
        query.unsent = true;
        query.settled = true;
        query.query = Xapian::Query(source->release());
        source.release(); // the query counts references to it now
    });
}
