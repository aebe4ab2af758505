// SPDX-License-Identifier: GPL-2.0-or-later
// Scores computed by the caller, as a leaf of the query.
#include "query.hh"
#include "xapian-c-scores.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <new>
#include <vector>

using namespace xc;

namespace
{

using Scores = std::shared_ptr<const std::vector<float>>;

// Xapian numbers documents from 1; id is 0 before the first one.
class ScoreSource : public Xapian::PostingSource
{
  public:
    ScoreSource(Scores known, double factor)
        : scores(std::move(known)), scale(factor), best(0), matching(0)
    {
        for (float score : *scores) {
            best = std::max(best, score);
            matching += score > 0;
        }
    }

    Xapian::doccount get_termfreq_min() const override
    {
        return 0;
    }

    Xapian::doccount get_termfreq_est() const override
    {
        return matching;
    }

    Xapian::doccount get_termfreq_max() const override
    {
        return matching;
    }

    double get_weight() const override
    {
        return (*scores)[id - 1] * scale;
    }

    void next(double least) override
    {
        advance(id + 1, least);
    }

    void skip_to(Xapian::docid to, double least) override
    {
        advance(std::max(id, to), least);
    }

    // Tests only this document. If it does not match, the following next() finds the next one that
    // does.
    bool check(Xapian::docid to, double least) override
    {
        (void)least;
        id = to;
        return to > scores->size() || (*scores)[to - 1] * scale > 0;
    }

    bool at_end() const override
    {
        return id > scores->size();
    }

    Xapian::docid get_docid() const override
    {
        return id;
    }

    PostingSource *clone() const override
    {
        return new ScoreSource(scores, scale);
    }

    void init(const Xapian::Database &) override
    {
        set_maxweight(best * scale);
        id = 0;
    }

    std::string get_description() const override
    {
        return "scores";
    }

  private:
    // Moves to the first document from `to` on that matches with at least the weight `least`.
    void advance(Xapian::docid to, double least)
    {
        for (id = std::max(to, Xapian::docid{1}); id <= scores->size(); id++) {
            double weight = (*scores)[id - 1] * scale;
            if (weight > 0 && weight >= least)
                return;
        }
    }

    Scores scores;
    double scale;
    float best;
    Xapian::doccount matching;
    Xapian::docid id = 0;
};

} // namespace

xc_query *
xc_query_scores(const float *scores, size_t count, double scale)
{
    return build([&](xc_query &query) {
        if (count)
            need(scores, "scores");
        if (count >= UINT32_MAX)
            refuse(XC_BAD_ARGUMENT, "number of scores must be below %u (got %zu)", UINT32_MAX,
                   count);
        if (!std::isfinite(scale) || scale < 0)
            refuse(XC_BAD_ARGUMENT, "scale must be finite and not negative (got %g)", scale);
        if (!std::all_of(scores, scores + count, [](float score) { return std::isfinite(score); }))
            refuse(XC_BAD_ARGUMENT, "scores must be finite");
        auto known = std::make_shared<const std::vector<float>>(scores, scores + count);
        auto source = std::make_unique<ScoreSource>(std::move(known), scale);
        query.local = true;
        query.settled = true;
        query.query = Xapian::Query(source->release());
        source.release(); // the query counts references to it now
    });
}
