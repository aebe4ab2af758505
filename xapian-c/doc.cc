// SPDX-License-Identifier: GPL-2.0-or-later
// Documents under construction.
#include "doc.hh"

#include "arena.hh"

using namespace xc;

namespace
{

// Adding terms is the hot path of indexing, so the string for Xapian is built in a reused buffer.
const std::string &
as_term(xc_doc *doc, xc_bytes term)
{
    check_term(term);
    doc->scratch.assign(term.data, term.len);
    return doc->scratch;
}

void
check_size(xc_bytes bytes, const char *what)
{
    constexpr size_t max = size_t{100} << 20;
    if (bytes.len > max)
        refuse(XC_BAD_ARGUMENT, "%s must have at most %zu bytes (got %zu)", what, max, bytes.len);
}

} // namespace

xc_doc *
xc_doc_new(void)
{
    xc_doc *doc = nullptr;
    guard(nullptr, [&] { doc = new xc_doc; });
    return doc;
}

void
xc_doc_free(xc_doc *doc)
{
    guard(nullptr, [&] { delete doc; });
}

void
xc_doc_clear(xc_doc *doc)
{
    guard(nullptr, [&] {
        need(doc, "document");
        doc->document.clear_terms();
        doc->document.clear_values();
        doc->document.set_data(std::string());
    });
}

xc_status
xc_doc_terms(const xc_doc *doc, xc_bytes prefix, xc_terms **out, xc_error *err)
{
    return guard(err, [&] {
        need(doc, "document");
        need(out, "out");
        const std::string start = to_string(prefix);
        auto terms = std::make_unique<Page<xc_terms>>();
        std::vector<xc_term> items;
        Xapian::TermIterator it = doc->document.termlist_begin();
        const Xapian::TermIterator end = doc->document.termlist_end();
        if (!start.empty() && it != end)
            it.skip_to(start);
        for (; it != end; ++it) {
            const std::string name = *it;
            if (name.compare(0, start.size(), start) != 0)
                break;
            items.push_back({terms->arena.copy(name), it.get_wdf()});
        }
        terms->items = terms->arena.array(items);
        terms->count = items.size();
        *out = terms.release();
    });
}

xc_status
xc_doc_add_posting(xc_doc *doc, xc_bytes term, uint32_t position, uint32_t wdf_inc, xc_error *err)
{
    return guard(err, [&] {
        need(doc, "document");
        doc->document.add_posting(as_term(doc, term), position, wdf_inc);
    });
}

xc_status
xc_doc_add_term(xc_doc *doc, xc_bytes term, uint32_t wdf_inc, xc_error *err)
{
    return guard(err, [&] {
        need(doc, "document");
        doc->document.add_term(as_term(doc, term), wdf_inc);
    });
}

xc_status
xc_doc_add_boolean_term(xc_doc *doc, xc_bytes term, xc_error *err)
{
    return xc_doc_add_term(doc, term, 0, err);
}

xc_status
xc_doc_set_value(xc_doc *doc, uint32_t slot, xc_bytes value, xc_error *err)
{
    return guard(err, [&] {
        need(doc, "document");
        check_slot(slot);
        check_size(value, "value");
        assign(doc->scratch, value);
        doc->document.add_value(slot, doc->scratch);
    });
}

xc_status
xc_doc_set_data(xc_doc *doc, xc_bytes data, xc_error *err)
{
    return guard(err, [&] {
        need(doc, "document");
        check_size(data, "data");
        doc->document.set_data(to_string(data));
    });
}
