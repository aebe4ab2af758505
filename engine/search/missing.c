// SPDX-License-Identifier: GPL-2.0-or-later
#include "missing.h"

#include "engine/index/xapian.h"

struct missing_state {
    struct sp_search_state *search;
    uint32_t docid;
    sp_str term;
    enum sp_status status;
};

/* The posting list is asked, not the document: a document has hundreds of terms. */
static bool
has_term(struct missing_state *state, const char *prefix, sp_bytes text)
{
    uint32_t found = 0;
    size_t count = 0;
    xc_error cause;
    sp_term_make(&state->term, prefix, text);
    if (state->status != SP_OK || state->term.len == 0)
        return false;
    xc_status asked = xc_reader_postings(state->search->reader->xapian, str_to_xc(&state->term),
                                         state->docid - 1, 1, &found, &count, &cause);
    if (asked != XC_OK)
        state->status = sp_fail_xapian(state->search->err, asked, &cause, NULL);
    return count > 0 && found == state->docid;
}

/* Whether the document has a word of the clause. Exact patterns are looked up as words, others as
   stems. Foreign ones are only for records: the plan does not search for them. */
static bool
has_word(struct missing_state *state, uint32_t clause)
{
    const sp_plan *plan = &state->search->plan;
    for (uint32_t i = 0; i < plan->pattern_count; i++) {
        const sp_pattern *pattern = &plan->patterns[i];
        if (pattern->clause == clause && pattern->count == 1 && !pattern->foreign &&
            (pattern->exact ? has_term(state, "", pattern->words[0].word)
                            : has_term(state, SP_PREFIX_STEM, pattern->words[0].stem)))
            return true;
    }
    return false;
}

/* Whether a hit matches the clause in its text, or in the words of its tags or host, which are only
   in the index. */
static bool
has_clause(struct missing_state *state, uint32_t clause, const sp_matches *matches)
{
    for (uint32_t i = 0; i < matches->count; i++) {
        if (matches->items[i].clause == clause)
            return true;
    }
    return has_word(state, clause);
}

static bool
has_part(struct missing_state *state, const sp_record *record, const xc_query *tree)
{
    bool has = false;
    sp_term_make(&state->term, SP_PREFIX_URL, sp_target_of(record->url));
    if (state->status == SP_OK)
        state->status = sp_str_check(&state->term, state->search->err);
    if (state->status == SP_OK)
        state->status = sp_search_tree_matches(state->search, tree, sp_str_bytes(&state->term),
                                               state->docid, &has);
    return has;
}

/* A part must be missing, although each part seems to match. The missing part can be a phrase in
   inherited words, whose order is not stored, or a synonym of several words. */
static void
list_unseen(struct missing_state *state, sp_hit *hit)
{
    const sp_plan *plan = &state->search->plan;
    for (uint32_t i = 0; i < plan->clause_count; i++) {
        const sp_plan_clause *clause = &plan->clauses[i];
        bool in_order = !clause->words || clause->words->word_count > 1;
        if (!clause->required && !clause->checked && (in_order || !has_word(state, i)))
            hit->missing[hit->missing_count++] = clause->typed;
    }
}

enum sp_status
sp_missing_list(struct sp_search_state *search, uint32_t docid, const sp_record *record,
                const sp_matches *matches, bool partial, sp_hit *hit)
{
    struct missing_state state = {.search = search, .docid = docid};
    const sp_plan *plan = &search->plan;
    hit->missing = sp_arena_array(&search->answer->arena, plan->clause_count, sizeof *hit->missing);
    for (uint32_t i = 0; hit->missing && i < plan->clause_count && state.status == SP_OK; i++) {
        const sp_plan_clause *clause = &plan->clauses[i];
        bool has = clause->required || (clause->checked ? has_part(&state, record, plan->trees[i])
                                                        : has_clause(&state, i, matches));
        if (!has)
            hit->missing[hit->missing_count++] = clause->typed;
    }
    if (partial && hit->missing && hit->missing_count == 0 && state.status == SP_OK)
        list_unseen(&state, hit);
    if (state.status == SP_OK)
        state.status = sp_str_check(&state.term, search->err);
    sp_str_done(&state.term);
    return state.status;
}
