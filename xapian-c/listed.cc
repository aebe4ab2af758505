// SPDX-License-Identifier: GPL-2.0-or-later
#include "listed.hh"

#include <memory>

namespace
{

class TermSource : public Xapian::PostingSource
{
  public:
    explicit TermSource(std::string what) : term(std::move(what))
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

    // Before the first document, the iterator already is at it.
    void next(double) override
    {
        if (started)
            ++place;
        started = true;
    }

    void skip_to(Xapian::docid to, double) override
    {
        started = true;
        if (place != end)
            place.skip_to(to);
    }

    bool at_end() const override
    {
        return started && place == end;
    }

    Xapian::docid get_docid() const override
    {
        return *place;
    }

    PostingSource *clone() const override
    {
        return new TermSource(term);
    }

    void init(const Xapian::Database &db) override
    {
        documents = db.get_termfreq(term);
        place = db.postlist_begin(term);
        started = false;
    }

    std::string get_description() const override
    {
        return term;
    }

  private:
    std::string term;
    Xapian::doccount documents = 0;
    Xapian::PostingIterator place, end;
    bool started = false;
};

} // namespace

Xapian::Query
xc::listed(const std::string &term)
{
    auto source = std::make_unique<TermSource>(term);
    Xapian::Query query(source->release());
    source.release(); // the query counts references to it now
    return query;
}
