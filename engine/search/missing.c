// SPDX-License-Identifier: GPL-2.0-or-later
#include "missing.h"

#include "engine/index/xapian.h"

static bool
has_term(const xc_hit *hit, const char *prefix, sp_bytes text, sp_str *term)
{
    sp_term_make(term, prefix, text);
    for (size_t i = 0; i < hit->term_count; i++) {
        if (sp_bytes_equal(from_xc(hit->terms[i]), sp_str_bytes(term)))
            return true;
    }
    return false;
}

/* Whether a word of the clause is among the terms that matched. Exact patterns are looked up as
   words, others as stems: the words of the others may match only because of the bonus for pairs. */
static bool
has_word(const sp_plan *plan, uint32_t clause, const xc_hit *hit, sp_str *term)
{
    for (uint32_t i = 0; i < plan->pattern_count; i++) {
        const sp_pattern *pattern = &plan->patterns[i];
        if (pattern->clause == clause && pattern->count == 1 &&
            (pattern->exact ? has_term(hit, "", pattern->words[0].word, term)
                            : has_term(hit, SP_PREFIX_STEM, pattern->words[0].stem, term)))
            return true;
    }
    return false;
}

/* Whether a hit matches the clause in its text, or in the words of its tags or host, which are only
   in the index. */
static bool
has_clause(const sp_plan *plan, uint32_t clause, const xc_hit *hit, const sp_matches *matches,
           sp_str *term)
{
    for (uint32_t i = 0; i < matches->count; i++) {
        if (matches->items[i].clause == clause)
            return true;
    }
    return has_word(plan, clause, hit, term);
}

static enum sp_status
has_part(struct sp_search_state *state, const xc_hit *found, const sp_record *record,
         const xc_query *tree, bool *has)
{
    SP_AUTO(sp_str_done) sp_str term = {0};
    sp_term_make(&term, SP_PREFIX_URL, sp_target_of(record->url));
    enum sp_status status = sp_str_check(&term, state->err);
    return status == SP_OK
               ? sp_search_tree_matches(state, tree, sp_str_bytes(&term), found->docid, has)
               : status;
}

enum sp_status
sp_missing_list(struct sp_search_state *state, const xc_hit *found, const sp_record *record,
                const sp_matches *matches, sp_hit *hit)
{
    SP_AUTO(sp_str_done) sp_str term = {0};
    const sp_plan *plan = &state->plan;
    enum sp_status status = SP_OK;
    hit->missing = sp_arena_array(&state->answer->arena, plan->clause_count, sizeof *hit->missing);
    for (uint32_t i = 0; hit->missing && i < plan->clause_count && status == SP_OK; i++) {
        bool has = plan->clauses[i].required;
        if (!has && plan->clauses[i].checked)
            status = has_part(state, found, record, plan->trees[i], &has);
        else if (!has)
            has = has_clause(plan, i, found, matches, &term);
        if (!has && status == SP_OK)
            hit->missing[hit->missing_count++] = plan->clauses[i].typed;
    }
    /* A part must be missing, although each part seems to match. The missing part can be a phrase
       in inherited words, whose order is not stored, or a synonym of several words. */
    bool unsaid = hit->missing && hit->missing_count == 0 && !hit->pinned;
    for (uint32_t i = 0; unsaid && i < plan->clause_count; i++) {
        const sp_plan_clause *clause = &plan->clauses[i];
        bool in_order = !clause->words || clause->words->word_count > 1;
        if (!clause->required && !clause->checked && (in_order || !has_word(plan, i, found, &term)))
            hit->missing[hit->missing_count++] = clause->typed;
    }
    return status == SP_OK ? sp_str_check(&term, state->err) : status;
}
