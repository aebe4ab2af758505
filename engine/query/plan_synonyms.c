// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan_private.h"

#include <math.h>

/* The weight of a synonym, relative to that of the word itself. */
#define SYNONYM_SCALE 0.6
#define ACRONYM_SCALE 0.4

/* The cost of all synonyms of a query is limited. A single word costs 1, about as much as a word of
   the query; a phrase costs more because its positions are compared. */
#define COST_MAX 64
#define PHRASE_COST 3

/* libxapian estimates that this share of the documents with all words of a phrase contains the
   phrase, and weights a phrase among synonyms by that estimate. */
#define PHRASE_PART 0.25

/* The synonyms of one clause. */
struct synonym_trees {
    const sp_synonym *sides[SP_SYNONYMS_OTHERS_MAX];
    xc_query *items[SP_SYNONYMS_OTHERS_MAX];
    size_t count;
    double freq; /* estimated number of documents with any of them */
};

static bool
has_side(const struct synonym_trees *trees, const sp_synonym *side)
{
    for (size_t i = 0; i < trees->count; i++) {
        if (trees->sides[i] == side)
            return true;
    }
    return false;
}

/* The estimated number of documents with the phrase; 0 if one of its words is not in the index. */
static double
phrase_freq(struct sp_plan_state *state, const sp_synonym *side)
{
    double all = state->input->doc_count, freq = all * PHRASE_PART;
    for (uint32_t i = 0; i < side->count && freq > 0; i++)
        freq *= sp_plan_term_freq(state, "", side->words[i].word) / all;
    return freq;
}

/* The tree of a synonym, or NULL if no document has it. Adds its pattern and sets *freq to the
   estimated number of documents. */
static xc_query *
plan_synonym(struct sp_plan_state *state, const sp_synonym *side, double *freq)
{
    uint32_t of_word = 0, patterns = state->plan->pattern_count;
    if (side->count > 1) {
        *freq = phrase_freq(state, side);
        if (*freq == 0)
            return NULL;
        sp_plan_add_pattern(state, side->words, side->count, true);
        return sp_plan_phrase(state, "", side->words, side->count);
    }
    xc_query *word = sp_plan_word(state, &side->words[0], 1, &of_word);
    *freq = of_word;
    if (of_word > 0)
        return word;
    state->plan->pattern_count = patterns;
    xc_query_free(word);
    return NULL;
}

static void
add_synonyms(struct sp_plan_state *state, const sp_synonym_match *match,
             struct synonym_trees *trees)
{
    for (uint32_t i = 0; i < match->other_count; i++) {
        double freq = 0;
        uint32_t cost = match->others[i]->count > 1 ? PHRASE_COST : 1;
        if (trees->count == SP_SYNONYMS_OTHERS_MAX || state->synonym_cost + cost > COST_MAX ||
            has_side(trees, match->others[i]))
            continue;
        uint32_t patterns = state->plan->pattern_count;
        xc_query *tree = plan_synonym(state, match->others[i], &freq);
        if (!tree)
            continue;
        for (; patterns < state->plan->pattern_count; patterns++)
            state->plan->patterns[patterns].synonym = true;
        trees->sides[trees->count] = match->others[i];
        trees->items[trees->count++] = tree;
        trees->freq += freq;
        state->synonym_cost += cost;
    }
}

/* The idf of libxapian's BM25 (xapian-core, weight/bm25weight.cc); sp_plan_idf is greater for
   frequent words. */
static double
idf(const struct sp_plan_state *state, double freq)
{
    double count = state->input->doc_count;
    freq = freq < count ? freq : count;
    double odds = (count - freq + 0.5) / (freq + 0.5);
    return log(odds < 2 ? odds * 0.5 + 1 : odds);
}

/* The total weight of a clause's words. */
static double
clause_weight(struct sp_plan_state *state, const sp_clause *clause, uint32_t freq)
{
    double weight = 0;
    if (clause->word_count == 1)
        return idf(state, freq);
    for (uint32_t i = 0; i < clause->word_count; i++)
        weight += idf(state, sp_plan_term_freq(state, "", clause->words[i].word));
    return weight;
}

enum sp_status
sp_plan_match_synonyms(struct sp_plan_state *state)
{
    const sp_plan_input *input = state->input;
    sp_synonym_matches *out = &state->synonyms;
    enum sp_status status =
        sp_synonyms_match(input->synonyms, input->query, input->arena, out, state->err);
    uint64_t written = 0;
    for (size_t i = 0; status == SP_OK && i < out->count; i++)
        written |= out->items[i].clauses;
    for (size_t i = 0; status == SP_OK && i < input->acronyms.count; i++) {
        if (input->acronyms.items[i].clauses & written)
            continue;
        out->items = sp_arena_grow(input->arena, out->items, &out->capacity, out->count + 1,
                                   sizeof *out->items);
        if (out->items)
            out->items[out->count++] = input->acronyms.items[i];
        status = sp_arena_check(input->arena, state->err);
    }
    return status;
}

xc_query *
sp_plan_with_synonyms(struct sp_plan_state *state, const sp_clause *clause, uint32_t wqf,
                      uint32_t freq, xc_query *take)
{
    struct synonym_trees trees = {0};
    size_t index = (size_t)(clause - state->input->query->clauses);
    bool acronym = false;
    if (clause->scope != SP_ANYWHERE)
        return take;
    for (size_t i = 0; i < state->synonyms.count; i++) {
        if (!(state->synonyms.items[i].clauses >> index & 1))
            continue;
        acronym = state->synonyms.items[i].acronym;
        add_synonyms(state, &state->synonyms.items[i], &trees);
    }
    if (trees.count == 0)
        return take;
    /* All synonyms together count as one word, which weighs no more than the clause even if it is
       rarer. */
    double own = clause_weight(state, clause, freq), other = idf(state, trees.freq);
    double scale =
        (acronym ? ACRONYM_SCALE : SYNONYM_SCALE) * wqf * (other > own ? own / other : 1);
    xc_query *synonyms = xc_query_scale(xc_query_synonym(trees.items, trees.count), scale);
    xc_query *both[2] = {take, xc_query_and_not(synonyms, xc_query_copy(take))};
    return xc_query_or(both, 2);
}
