// SPDX-License-Identifier: GPL-2.0-or-later
// Query trees. Xapian's constant query for all documents is a reference-counted global, which
// threads must not share. So this file never uses it and builds a new query for all documents each
// time.
#include "query.hh"

#include "listed.hh"

#include <cmath>
#include <memory>
#include <new>
#include <vector>

using namespace xc;

xc_query xc::no_memory(xc_error{XC_NO_MEMORY, "out of memory"});

namespace
{

// Counts a part towards the limits of `whole`; throws if the part has a fault.
void
adopt(xc_query &whole, const xc_query *part)
{
    if (!part)
        refuse(XC_BAD_ARGUMENT, "part of the query is NULL");
    if (part->fault.status)
        throw Failure{part->fault};
    if (part->depth >= XC_QUERY_DEPTH_MAX)
        refuse(XC_BAD_ARGUMENT, "query is nested deeper than %d", XC_QUERY_DEPTH_MAX);
    if (part->depth + 1 > whole.depth)
        whole.depth = part->depth + 1;
    whole.prunable = whole.prunable && part->prunable;
    whole.local = whole.local || part->local;
    whole.unsent = whole.unsent || part->unsent;
    whole.maybe = whole.maybe || part->maybe;
    whole.filters = whole.filters || part->filters;
    whole.expansion += part->expansion;
    if (whole.expansion > XC_EXPANSION_MAX)
        refuse(XC_BAD_ARGUMENT, "wildcards of the query may expand to more than %d terms",
               XC_EXPANSION_MAX);
}

// The two forms of a query: servers do not know our leaves.
enum class Form { SENT, OWN };

const Xapian::Query &
form_of(const xc_query *part, Form form)
{
    return form == Form::OWN && part->filters ? part->own : part->query;
}

// Sets the forms of a query whose parts are adopted. `make` returns the query in one form.
template <class Make>
void
set_forms(xc_query &whole, Make &&make)
{
    whole.query = make(Form::SENT);
    if (whole.filters)
        whole.own = make(Form::OWN);
}

// Returns the query with each OP_AND_MAYBE replaced by its left part, which matches the same
// documents. libxapian 1.4.22 never sets the limits of an OP_AND_MAYBE inside an OP_AND whose
// weights do not count, and then compares uninitialised memory with them: documents are lost.
// In our own form, terms are leaves of ours.
Xapian::Query
unweighted(const Xapian::Query &query, Form form)
{
    std::vector<Xapian::Query> parts;
    switch (query.get_type()) {
    case Xapian::Query::OP_AND_MAYBE:
    case Xapian::Query::OP_SCALE_WEIGHT:
        return unweighted(query.get_subquery(0), form);
    case Xapian::Query::OP_AND:
    case Xapian::Query::OP_AND_NOT:
    case Xapian::Query::OP_FILTER:
    case Xapian::Query::OP_MAX:
    case Xapian::Query::OP_OR:
    case Xapian::Query::OP_SYNONYM:
    case Xapian::Query::OP_XOR:
        for (size_t i = 0; i < query.get_num_subqueries(); i++)
            parts.push_back(unweighted(query.get_subquery(i), form));
        return Xapian::Query(query.get_type(), parts.begin(), parts.end());
    case Xapian::Query::LEAF_TERM:
        return form == Form::OWN ? listed(*query.get_terms_begin()) : query;
    default:
        return query;
    }
}

// A form of a part whose weights do not count.
Xapian::Query
filter_of(const xc_query *part, Form form)
{
    const Xapian::Query &query = form_of(part, form);
    return part->maybe || form == Form::OWN ? unweighted(query, form) : query;
}

xc_query *
combine(Xapian::Query::op op, xc_query *const *take, size_t count, uint32_t parameter = 0)
{
    xc_query *whole = build([&](xc_query &query) {
        if (count)
            need(take, "query parts");
        for (size_t i = 0; i < count; i++)
            adopt(query, take[i]);
        set_forms(query, [&](Form form) {
            std::vector<Xapian::Query> parts;
            parts.reserve(count);
            for (size_t i = 0; i < count; i++)
                parts.push_back(op == Xapian::Query::OP_SYNONYM && take[i]->maybe
                                    ? unweighted(form_of(take[i], form), Form::SENT)
                                    : form_of(take[i], form));
            return Xapian::Query(op, parts.begin(), parts.end(), parameter);
        });
    });
    for (size_t i = 0; take && i < count; i++)
        xc_query_free(take[i]);
    return whole;
}

xc_query *
combine(Xapian::Query::op op, xc_query *take_left, xc_query *take_right)
{
    xc_query *parts[] = {take_left, take_right};
    xc_query *whole = build([&](xc_query &query) {
        for (xc_query *part : parts)
            adopt(query, part);
        bool optional = op == Xapian::Query::OP_AND_MAYBE;
        query.filters = query.filters || !optional;
        set_forms(query, [&](Form form) {
            return Xapian::Query(op, form_of(take_left, form),
                                 optional ? form_of(take_right, form)
                                          : filter_of(take_right, form));
        });
        query.maybe = query.maybe || optional;
        query.prunable = query.prunable && (!optional || take_right->settled);
    });
    for (xc_query *part : parts)
        xc_query_free(part);
    return whole;
}

xc_query *
positional(Xapian::Query::op op, const xc_bytes *terms, size_t count, uint32_t window)
{
    return build([&](xc_query &query) {
        if (count)
            need(terms, "terms");
        if (count > XC_QUERY_DEPTH_MAX)
            refuse(XC_BAD_ARGUMENT, "phrase must have at most %d terms (got %zu)",
                   XC_QUERY_DEPTH_MAX, count);
        std::vector<std::string> names;
        for (size_t i = 0; i < count; i++) {
            check_term(terms[i]);
            names.push_back(to_string(terms[i]));
        }
        uint32_t least = static_cast<uint32_t>(count);
        query.query =
            Xapian::Query(op, names.begin(), names.end(), window < least ? least : window);
    });
}

} // namespace

void
xc_query_free(xc_query *query)
{
    if (query != &no_memory)
        guard(nullptr, [&] { delete query; });
}

xc_query *
xc_query_copy(const xc_query *query)
{
    return build([&](xc_query &copy) {
        adopt(copy, query);
        set_forms(copy, [&](Form form) { return form_of(query, form); });
        copy.depth = query->depth;
        copy.settled = query->settled;
    });
}

xc_query *
xc_query_term(xc_bytes term, uint32_t wqf)
{
    return build([&](xc_query &query) {
        check_term(term);
        query.query = Xapian::Query(to_string(term), wqf);
    });
}

xc_query *
xc_query_all(void)
{
    return build([](xc_query &query) {
        query.query = Xapian::Query(0.0, Xapian::Query(std::string()));
        query.settled = true;
    });
}

xc_query *
xc_query_none(void)
{
    return build([](xc_query &) {});
}

xc_query *
xc_query_and(xc_query *const *take, size_t count)
{
    return combine(Xapian::Query::OP_AND, take, count);
}

xc_query *
xc_query_or(xc_query *const *take, size_t count)
{
    return combine(Xapian::Query::OP_OR, take, count);
}

xc_query *
xc_query_xor(xc_query *const *take, size_t count)
{
    return combine(Xapian::Query::OP_XOR, take, count);
}

xc_query *
xc_query_max(xc_query *const *take, size_t count)
{
    xc_query *best = combine(Xapian::Query::OP_MAX, take, count);
    if (!best->fault.status)
        best->prunable = false;
    return best;
}

xc_query *
xc_query_synonym(xc_query *const *take, size_t count)
{
    return combine(Xapian::Query::OP_SYNONYM, take, count);
}

xc_query *
xc_query_elite(xc_query *const *take, size_t count, uint32_t keep)
{
    return combine(Xapian::Query::OP_ELITE_SET, take, count, keep);
}

xc_query *
xc_query_and_not(xc_query *take_left, xc_query *take_right)
{
    return combine(Xapian::Query::OP_AND_NOT, take_left, take_right);
}

xc_query *
xc_query_and_maybe(xc_query *take_left, xc_query *take_right)
{
    return combine(Xapian::Query::OP_AND_MAYBE, take_left, take_right);
}

xc_query *
xc_query_filter(xc_query *take_left, xc_query *take_right)
{
    return combine(Xapian::Query::OP_FILTER, take_left, take_right);
}

xc_query *
xc_query_scale(xc_query *take, double factor)
{
    xc_query *whole = build([&](xc_query &query) {
        if (!std::isfinite(factor) || factor < 0)
            refuse(XC_BAD_ARGUMENT, "factor must be finite and not negative (got %g)", factor);
        adopt(query, take);
        query.filters = query.filters || factor == 0;
        set_forms(query, [&](Form form) {
            return Xapian::Query(factor, factor > 0 ? form_of(take, form) : filter_of(take, form));
        });
    });
    xc_query_free(take);
    return whole;
}

xc_query *
xc_query_weigh(xc_query *take, double weight)
{
    xc_query *whole = build([&](xc_query &query) {
        if (!std::isfinite(weight) || weight < 0)
            refuse(XC_BAD_ARGUMENT, "weight must be finite and not negative (got %g)", weight);
        adopt(query, take);
        auto source = std::make_unique<Xapian::FixedWeightPostingSource>(weight);
        Xapian::Query fixed(source->release());
        source.release(); // the query counts references to it now
        query.filters = true;
        set_forms(query, [&](Form form) {
            return Xapian::Query(Xapian::Query::OP_FILTER, fixed, filter_of(take, form));
        });
    });
    xc_query_free(take);
    return whole;
}

xc_query *
xc_query_phrase(const xc_bytes *terms, size_t count, uint32_t window)
{
    return positional(Xapian::Query::OP_PHRASE, terms, count, window);
}

xc_query *
xc_query_near(const xc_bytes *terms, size_t count, uint32_t window)
{
    return positional(Xapian::Query::OP_NEAR, terms, count, window);
}

xc_query *
xc_query_value_range(uint32_t slot, xc_bytes low, xc_bytes high)
{
    return build([&](xc_query &query) {
        check_slot(slot);
        query.query =
            Xapian::Query(Xapian::Query::OP_VALUE_RANGE, slot, to_string(low), to_string(high));
    });
}

xc_query *
xc_query_value_ge(uint32_t slot, xc_bytes low)
{
    return build([&](xc_query &query) {
        check_slot(slot);
        query.query = Xapian::Query(Xapian::Query::OP_VALUE_GE, slot, to_string(low));
    });
}

xc_query *
xc_query_value_le(uint32_t slot, xc_bytes high)
{
    return build([&](xc_query &query) {
        check_slot(slot);
        query.query = Xapian::Query(Xapian::Query::OP_VALUE_LE, slot, to_string(high));
    });
}

xc_query *
xc_query_value_weight(uint32_t slot)
{
    return build([&](xc_query &query) {
        check_slot(slot);
        auto source = std::make_unique<Xapian::ValueWeightPostingSource>(slot);
        query.query = Xapian::Query(source->release());
        source.release(); // the query counts references to it now
    });
}

xc_query *
xc_query_wildcard(xc_bytes prefix, uint32_t max, xc_expand expand)
{
    return build([&](xc_query &query) {
        static const int limits[] = {Xapian::Query::WILDCARD_LIMIT_ERROR,
                                     Xapian::Query::WILDCARD_LIMIT_FIRST,
                                     Xapian::Query::WILDCARD_LIMIT_MOST_FREQUENT};
        unsigned limit = raw(expand);
        check_term(prefix, "wildcard prefix");
        if (max == 0 || max > XC_EXPANSION_MAX)
            refuse(XC_BAD_ARGUMENT, "wildcard maximum must be between 1 and %d (got %u)",
                   XC_EXPANSION_MAX, max);
        if (limit >= sizeof limits / sizeof *limits)
            refuse(XC_BAD_ARGUMENT, "unknown wildcard expansion %u", limit);
        query.expansion = max;
        query.query = Xapian::Query(Xapian::Query::OP_WILDCARD, to_string(prefix), max,
                                    limits[limit], Xapian::Query::OP_SYNONYM);
    });
}

xc_status
xc_query_check(const xc_query *query, xc_error *err)
{
    return guard(err, [&] {
        xc_query whole;
        adopt(whole, query);
    });
}

xc_bytes
xc_query_describe(xc_query *query)
{
    if (!query || query->fault.status)
        return {"", 0};
    guard(nullptr, [&] { query->description = query->query.get_description(); });
    return borrow(query->description);
}
