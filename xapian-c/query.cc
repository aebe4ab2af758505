// SPDX-License-Identifier: GPL-2.0-or-later
// Query trees. Xapian's constant query for all documents is a reference-counted global, which
// threads must not share. So this file never uses it and builds a new query for all documents each
// time.
#include "query.hh"

#include <cmath>
#include <memory>
#include <new>
#include <vector>

using namespace xc;

xc_query xc::no_memory(xc_error{XC_NO_MEMORY, "out of memory"});

namespace
{

// Returns the part for use in `whole` and counts it towards the limits of `whole`; throws if the
// part has a fault.
const Xapian::Query &
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
    whole.expansion += part->expansion;
    if (whole.expansion > XC_EXPANSION_MAX)
        refuse(XC_BAD_ARGUMENT, "wildcards of the query may expand to more than %d terms",
               XC_EXPANSION_MAX);
    return part->query;
}

// Returns the query with each OP_AND_MAYBE replaced by its left part, which matches the same
// documents. libxapian 1.4.22 never sets the limits of an OP_AND_MAYBE inside an OP_AND whose
// weights do not count, and then compares uninitialised memory with them: documents are lost.
Xapian::Query
unweighted(const Xapian::Query &query)
{
    std::vector<Xapian::Query> parts;
    switch (query.get_type()) {
    case Xapian::Query::OP_AND_MAYBE:
    case Xapian::Query::OP_SCALE_WEIGHT:
        return unweighted(query.get_subquery(0));
    case Xapian::Query::OP_AND:
    case Xapian::Query::OP_AND_NOT:
    case Xapian::Query::OP_FILTER:
    case Xapian::Query::OP_MAX:
    case Xapian::Query::OP_OR:
    case Xapian::Query::OP_SYNONYM:
    case Xapian::Query::OP_XOR:
        for (size_t i = 0; i < query.get_num_subqueries(); i++)
            parts.push_back(unweighted(query.get_subquery(i)));
        return Xapian::Query(query.get_type(), parts.begin(), parts.end());
    default:
        return query;
    }
}

// Like adopt, for a part whose weights do not count.
Xapian::Query
adopt_unweighted(xc_query &whole, const xc_query *part)
{
    const Xapian::Query &query = adopt(whole, part);
    return part->maybe ? unweighted(query) : query;
}

xc_query *
combine(Xapian::Query::op op, xc_query *const *take, size_t count, uint32_t parameter = 0)
{
    xc_query *whole = build([&](xc_query &query) {
        if (count)
            need(take, "query parts");
        std::vector<Xapian::Query> parts;
        parts.reserve(count);
        for (size_t i = 0; i < count; i++)
            parts.push_back(op == Xapian::Query::OP_SYNONYM ? adopt_unweighted(query, take[i])
                                                            : adopt(query, take[i]));
        query.query = Xapian::Query(op, parts.begin(), parts.end(), parameter);
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
        const Xapian::Query &left = adopt(query, take_left);
        query.query = op == Xapian::Query::OP_AND_NOT
                          ? Xapian::Query(op, left, adopt_unweighted(query, take_right))
                          : Xapian::Query(op, left, adopt(query, take_right));
        query.maybe = query.maybe || op == Xapian::Query::OP_AND_MAYBE;
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
        copy.query = adopt(copy, query);
        copy.depth = query->depth;
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
    return build(
        [](xc_query &query) { query.query = Xapian::Query(0.0, Xapian::Query(std::string())); });
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
        query.query = Xapian::Query(factor, adopt(query, take));
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
        const Xapian::Query &documents = adopt(query, take);
        auto source = std::make_unique<Xapian::FixedWeightPostingSource>(weight);
        Xapian::Query fixed(source->release());
        source.release(); // the query counts references to it now
        query.query = Xapian::Query(Xapian::Query::OP_FILTER, fixed, documents);
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
