// SPDX-License-Identifier: GPL-2.0-or-later
#include "query_private.h"

static void
append_quoted(sp_str *out, sp_bytes value)
{
    bool quote = sp_bytes_find(value, SP_LITERAL(" "), 0) != SIZE_MAX ||
                 sp_bytes_find(value, SP_LITERAL("("), 0) != SIZE_MAX ||
                 sp_bytes_find(value, SP_LITERAL(")"), 0) != SIZE_MAX;
    sp_str_append_text(out, quote ? "\"" : "");
    sp_str_append(out, value);
    sp_str_append_text(out, quote ? "\"" : "");
}

static void
append_filter(sp_str *out, const sp_filter *filter)
{
    sp_str_append_format(out, "%s:", sp_field_names[filter->field]);
    append_quoted(out, filter->value);
}

static void
append_clause(sp_str *out, const sp_clause *clause)
{
    static const char *const scopes[] = {"", "title:", "under:"};
    sp_str_append_text(out, scopes[clause->scope]);
    sp_str_append_text(out, clause->phrase ? "\"" : "");
    for (uint32_t i = 0; i < clause->word_count; i++) {
        if (i > 0)
            sp_str_append_char(out, clause->phrase ? ' ' : '-');
        sp_word_append_shown(out, clause->words[i].word);
    }
    sp_str_append_text(out, clause->phrase ? "\"" : "");
    sp_str_append_text(out, clause->prefix ? "*" : "");
}

/* alone: the node is the whole query, so alternatives need no parentheses. */
static void
append_node(sp_str *out, const sp_query *query, const sp_node *node, bool alone)
{
    bool scoped = node->kind == SP_NODE_CLAUSE && query->clauses[node->clause].scope != SP_ANYWHERE;
    bool bare = alone && node->kind == SP_NODE_ANY && !node->excluded && !node->required;
    if (node->excluded)
        sp_str_append_char(out, '-');
    else if (node->required && !scoped)
        sp_str_append_char(out, '+');
    if (node->kind == SP_NODE_CLAUSE) {
        append_clause(out, &query->clauses[node->clause]);
        return;
    }
    if (node->kind == SP_NODE_FILTER) {
        append_filter(out, &node->filter);
        return;
    }
    sp_str_append_text(out, bare ? "" : "(");
    for (size_t i = 0; i < node->part_count; i++) {
        if (i > 0)
            sp_str_append_text(out, node->kind == SP_NODE_ANY ? " OR " : " ");
        append_node(out, query, &node->parts[i], false);
    }
    sp_str_append_text(out, bare ? "" : ")");
}

void
sp_query_append(sp_str *out, const sp_query *query)
{
    bool alone = query->part_count + query->filter_count == 1;
    for (size_t i = 0; i < query->part_count; i++) {
        sp_str_append_text(out, i > 0 ? " " : "");
        append_node(out, query, &query->parts[i], alone);
    }
    for (size_t i = 0; i < query->filter_count; i++) {
        sp_str_append_text(out, i + query->part_count > 0 ? " " : "");
        sp_str_append_text(out, query->filters[i].excluded ? "-" : "");
        append_filter(out, &query->filters[i]);
    }
}
