// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan_private.h"

#include "engine/index/xapian.h"

#include <math.h>

/* What a synonym is worth where one is the word itself. */
#define SYNONYM_SCALE 0.6

/* What all synonyms of a query may cost, where one of a single word, which costs about what a word
   of the query does, costs 1, and one of several as much as its positions take to compare. */
#define COST_MAX 64
#define PHRASE_COST 3

/* What libxapian takes for the part of the documents with the words in which they follow each
   other; by its estimate it weighs a phrase among synonyms. */
#define PHRASE_PART 0.25

/* Different ways to say one clause. */
struct others {
    const sp_synonym *sides[SP_SYNONYMS_OTHERS_MAX];
    xc_query *items[SP_SYNONYMS_OTHERS_MAX];
    size_t count;
    double freq; /* about how many documents have one */
};

static bool
has(const struct others *others, const sp_synonym *side)
{
    for (size_t i = 0; i < others->count; i++) {
        if (others->sides[i] == side)
            return true;
    }
    return false;
}

/* About how many documents have the words one after the other; 0 where one is in none. */
static double
phrase_freq(struct sp_planning *at, const sp_synonym *side)
{
    double all = at->input->doc_count, freq = all * PHRASE_PART;
    for (uint32_t i = 0; i < side->count && freq > 0; i++)
        freq *= sp_plan_term_freq(at, "", side->words[i].word) / all;
    return freq;
}

/* The tree of a synonym with its pattern, and about how many documents have it; NULL where none
   has. */
static xc_query *
plan_other(struct sp_planning *at, const sp_synonym *side, double *freq)
{
    uint32_t of_word = 0, patterns = at->plan->pattern_count;
    if (side->count > 1) {
        *freq = phrase_freq(at, side);
        if (*freq == 0)
            return NULL;
        sp_plan_add_pattern(at, side->words, side->count, true);
        return sp_plan_phrase(at, "", side->words, side->count);
    }
    xc_query *word = sp_plan_word(at, &side->words[0], 1, &of_word);
    *freq = of_word;
    if (of_word > 0)
        return word;
    at->plan->pattern_count = patterns;
    xc_query_free(word);
    return NULL;
}

static void
add_others(struct sp_planning *at, const sp_synonym_match *match, struct others *others)
{
    for (uint32_t i = 0; i < match->other_count; i++) {
        double freq = 0;
        uint32_t cost = match->others[i]->count > 1 ? PHRASE_COST : 1;
        if (others->count == SP_SYNONYMS_OTHERS_MAX || at->synonym_cost + cost > COST_MAX ||
            has(others, match->others[i]))
            continue;
        xc_query *tree = plan_other(at, match->others[i], &freq);
        if (!tree)
            continue;
        others->sides[others->count] = match->others[i];
        others->items[others->count++] = tree;
        others->freq += freq;
        at->synonym_cost += cost;
    }
}

/* What libxapian's BM25 multiplies by for words of so many documents (xapian-core,
   weight/bm25weight.cc); sp_plan_idf is more for common words. */
static double
idf(const struct sp_planning *at, double freq)
{
    double count = at->input->doc_count;
    freq = freq < count ? freq : count;
    double odds = (count - freq + 0.5) / (freq + 0.5);
    return log(odds < 2 ? odds * 0.5 + 1 : odds);
}

/* What a clause's words weigh together. */
static double
weight_of(struct sp_planning *at, const sp_clause *clause, uint32_t freq)
{
    double weight = 0;
    if (clause->word_count == 1)
        return idf(at, freq);
    for (uint32_t i = 0; i < clause->word_count; i++)
        weight += idf(at, sp_plan_term_freq(at, "", clause->words[i].word));
    return weight;
}

xc_query *
sp_plan_with_synonyms(struct sp_planning *at, const sp_clause *clause, uint32_t wqf, uint32_t freq,
                      xc_query *take)
{
    struct others others = {0};
    size_t index = (size_t)(clause - at->input->query->clauses);
    if (clause->scope != SP_ANYWHERE)
        return take;
    for (size_t i = 0; i < at->synonyms.count; i++) {
        if (at->synonyms.items[i].clauses >> index & 1)
            add_others(at, &at->synonyms.items[i], &others);
    }
    if (others.count == 0)
        return take;
    /* Together they count once, and not by their own rarity. */
    double own = weight_of(at, clause, freq), other = idf(at, others.freq);
    double scale = SYNONYM_SCALE * wqf * (other > own ? own / other : 1);
    xc_query *synonyms = xc_query_scale(xc_query_synonym(others.items, others.count), scale);
    xc_query *both[2] = {take, xc_query_and_not(synonyms, xc_query_copy(take))};
    return xc_query_or(both, 2);
}
