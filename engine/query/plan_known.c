// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether a clause of a query is found, asked before the query is planned. */
#include "plan_private.h"

static const sp_clause *
plain_clause(const sp_query *query, const sp_node *node)
{
    const sp_clause *clause = node->kind == SP_NODE_CLAUSE ? &query->clauses[node->clause] : NULL;
    return clause && clause->scope == SP_ANYWHERE ? clause : NULL;
}

/* Sets around[0] and around[2] to the neighbours that the clause may be joined with. */
static void
find_neighbours(const sp_query *query, const sp_clause **around)
{
    for (size_t i = 0; i < query->part_count; i++) {
        if (plain_clause(query, &query->parts[i]) != around[1])
            continue;
        around[0] = i > 0 ? plain_clause(query, &query->parts[i - 1]) : NULL;
        around[2] = i + 1 < query->part_count ? plain_clause(query, &query->parts[i + 1]) : NULL;
        return;
    }
}

enum sp_status
sp_plan_finds_clause(const sp_plan_input *input, size_t clause, bool *found, sp_error *err)
{
    sp_plan scratch = {.lang = input->lang}; /* for the patterns, which nobody needs */
    struct sp_plan_state state = {.input = input, .plan = &scratch, .prefix_count = 1, .err = err};
    const sp_clause *around[3] = {NULL, &input->query->clauses[clause], NULL};
    double weight;
    find_neighbours(input->query, around);
    state.status = sp_plan_match_synonyms(&state);
    *found = sp_plan_finds(&state, sp_plan_words(&state, around, 1, &weight));
    if (state.status == SP_OK)
        state.status = sp_str_check(&state.term, err);
    sp_str_done(&state.term);
    return state.status;
}
