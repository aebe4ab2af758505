// SPDX-License-Identifier: GPL-2.0-or-later
// Stems, and numbers as sortable bytes.
#include "arena.hh"

#include <cmath>

using namespace xc;

struct xc_stemmer {
    explicit xc_stemmer(const std::string &language) : stem(language)
    {
    }

    Xapian::Stem stem;
    std::string word, result;
};

xc_status
xc_stemmer_new(const char *language, xc_stemmer **out, xc_error *err)
{
    return guard(err, [&] {
        need(language, "language");
        need(out, "out");
        *out = new xc_stemmer(language);
    });
}

void
xc_stemmer_free(xc_stemmer *stemmer)
{
    guard(nullptr, [&] { delete stemmer; });
}

xc_bytes
xc_stemmer_stem(xc_stemmer *stemmer, xc_bytes word)
{
    xc_status status = guard(nullptr, [&] {
        need(stemmer, "stemmer");
        assign(stemmer->word, word);
        stemmer->result = stemmer->stem(stemmer->word);
    });
    return status ? xc_bytes{nullptr, 0} : borrow(stemmer->result);
}

// Xapian returns the names in one string, separated by spaces.
xc_status
xc_stemmer_languages(xc_terms **out, xc_error *err)
{
    return guard(err, [&] {
        need(out, "out");
        auto terms = std::make_unique<Page<xc_terms>>();
        std::vector<xc_term> items;
        const std::string all = Xapian::Stem::get_available_languages();
        for (size_t start = 0; start < all.size();) {
            size_t end = std::min(all.find(' ', start), all.size());
            items.push_back({terms->arena.copy(all.substr(start, end - start)), 0});
            start = end + 1;
        }
        terms->items = terms->arena.array(items);
        terms->count = items.size();
        *out = terms.release();
    });
}

size_t
xc_sortable(double number, char out[XC_SORTABLE_MAX])
{
    size_t len = 0;
    guard(nullptr,
          [&] { len = Xapian::sortable_serialise_(std::isnan(number) ? 0 : number, out); });
    return len;
}

double
xc_sortable_read(xc_bytes value)
{
    double number = 0;
    value.len =
        std::min(value.len, size_t{XC_SORTABLE_MAX}); // fits into a string without allocating
    guard(nullptr, [&] { number = Xapian::sortable_unserialise(to_string(value)); });
    return number;
}
