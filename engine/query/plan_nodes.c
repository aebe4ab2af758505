// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan_private.h"

#include "date_bound.h"
#include "query_private.h"
#include "engine/index/xapian.h"

static const char *const filter_prefixes[SP_FIELD_COUNT] = {
    [SP_FIELD_TAG] = SP_PREFIX_TAG,   [SP_FIELD_CATEGORY] = SP_PREFIX_CATEGORY,
    [SP_FIELD_KIND] = SP_PREFIX_KIND, [SP_FIELD_LANG] = SP_PREFIX_LANG,
    [SP_FIELD_SITE] = SP_PREFIX_HOST,
};

/* The prefixes of a field's terms, for words and for stems. */
static const struct {
    const char *word, *stem;
} scopes[] = {
    [SP_IN_TITLE] = {SP_PREFIX_TITLE, SP_PREFIX_TITLE_STEM},
    [SP_UNDER_HEADING] = {SP_PREFIX_UNDER, SP_PREFIX_UNDER_STEM},
};

/* The most terms that the prefixes in fields (`title:resid*`) of one query may expand to in
   total. */
#define SCOPED_PREFIX_MAX 64

xc_query *
sp_plan_dates(sp_bytes low, sp_bytes high)
{
    /* "0" leaves out documents without a date, ":" sorts after every digit. */
    return xc_query_value_range(SP_SLOT_DATE, low.len > 0 ? to_xc(low) : XC_BYTES("0"),
                                high.len > 0 ? to_xc(high) : XC_BYTES(":"));
}

/* Whether the site's own host is the given one or a subdomain of it. */
static bool
is_own_host(const struct sp_plan_state *state, sp_bytes host)
{
    sp_bytes own = sp_host_in(state->input->base_url);
    if (own.len < host.len ||
        !sp_bytes_equal(sp_bytes_slice(own, own.len - host.len, own.len), host))
        return false;
    return own.len == host.len || own.data[own.len - host.len - 1] == '.';
}

static xc_query *
date_query(struct sp_plan_state *state, const sp_filter *filter)
{
    sp_arena *arena = state->input->arena;
    sp_bytes bound = {0};
    if (state->status == SP_OK)
        state->status =
            sp_date_bound(filter->value, sp_field_names[filter->field], arena, &bound, state->err);
    return filter->field == SP_FIELD_AFTER
               ? sp_plan_dates(bound, (sp_bytes){0})
               : sp_plan_dates((sp_bytes){0}, sp_date_inclusive(bound, arena));
}

xc_query *
sp_plan_filter(struct sp_plan_state *state, const sp_filter *filter)
{
    if (filter->field == SP_FIELD_AFTER || filter->field == SP_FIELD_BEFORE)
        return date_query(state, filter);
    if (filter->field == SP_FIELD_YEAR)
        return sp_plan_dates(filter->value, sp_date_inclusive(filter->value, state->input->arena));
    xc_query *query = sp_plan_term(state, filter_prefixes[filter->field], filter->value, 1);
    if (filter->field != SP_FIELD_SITE || !is_own_host(state, filter->value))
        return query;
    /* Posts have no host term; their host is the site's. */
    xc_query *both[] = {query, sp_plan_term(state, SP_PREFIX_KIND, SP_LITERAL(SP_POST_NAME), 1)};
    return xc_query_or(both, 2);
}

bool
sp_node_only_filters(const sp_node *node)
{
    if (node->kind == SP_NODE_CLAUSE)
        return false;
    for (size_t i = 0; i < node->part_count; i++) {
        if (!sp_node_only_filters(&node->parts[i]))
            return false;
    }
    return true;
}

/* The tree that the field must match: the clause's words in that field. It adds no weight. */
static xc_query *
field_query(struct sp_plan_state *state, const sp_clause *clause)
{
    const char *word = scopes[clause->scope].word, *stem = scopes[clause->scope].stem;
    const sp_query_word *words = clause->words;
    if (clause->prefix) {
        sp_term_make(&state->term, word, words[0].word);
        uint32_t most = SCOPED_PREFIX_MAX / state->prefix_count;
        return xc_query_wildcard(str_to_xc(&state->term), most > 0 ? most : 1, XC_EXPAND_FIRST);
    }
    if (sp_clause_is_plain_word(clause) && clause->form.word.len == 0)
        return sp_plan_term(state, stem, words[0].stem, 1);
    xc_query *phrase = sp_plan_clause_phrase(state, word, clause);
    if (clause->phrase || clause->form.word.len == 0)
        return phrase;
    xc_query *both[] = {phrase, sp_plan_term(state, stem, clause->form.stem, 1)};
    return xc_query_or(both, 2);
}

/* The documents that `there` matches, weighted by the words' stems. */
static xc_query *
weight_phrase(struct sp_plan_state *state, const sp_query_word *words, uint32_t count,
              xc_query *there)
{
    xc_query *terms[SP_QUERY_WORDS_MAX];
    for (uint32_t i = 0; i < count; i++)
        terms[i] = sp_plan_term(state, SP_PREFIX_STEM, words[i].stem, 1);
    return xc_query_filter(xc_query_and(terms, count), there);
}

static xc_query *
scoped_phrase(struct sp_plan_state *state, const sp_clause *clause, double *weight)
{
    const char *field = scopes[clause->scope].word;
    xc_query *trees[1 + SP_PLAN_SPELLINGS_MAX];
    struct sp_plan_phrases phrases;
    *weight = 0;
    for (uint32_t i = 0; i < clause->word_count; i++)
        *weight +=
            sp_plan_idf(state, sp_plan_term_freq(state, SP_PREFIX_STEM, clause->words[i].stem));
    trees[0] = weight_phrase(state, clause->words, clause->word_count, field_query(state, clause));
    sp_plan_add_clause_pattern(state, clause);
    sp_plan_find_phrases(state, field, clause, &phrases);
    for (size_t i = 0; i < phrases.count; i++) {
        const struct sp_plan_phrase *phrase = &phrases.items[i];
        trees[1 + i] = weight_phrase(state, phrase->words, phrase->count,
                                     sp_plan_phrase(state, field, phrase->words, phrase->count));
        sp_plan_add_pattern(state, phrase->words, phrase->count, true);
    }
    return xc_query_or(trees, 1 + phrases.count);
}

/* The documents whose field matches. The words are weighted by the whole text, which contains the
   field. */
static xc_query *
scoped_query(struct sp_plan_state *state, const sp_clause *clause, double *weight)
{
    const sp_clause *around[3] = {NULL, clause, NULL};
    if (clause->phrase)
        return scoped_phrase(state, clause, weight);
    xc_query *there = field_query(state, clause);
    return xc_query_filter(sp_plan_words(state, around, 1, weight), there);
}

/* Combines the trees of a node's parts. Excluded parts of SP_NODE_ALL are subtracted from the
   others, or from all documents if there are no others. */
static xc_query *
bound_query(struct sp_plan_state *state, const sp_node *node, double *weight)
{
    xc_query **wanted = sp_arena_array(state->input->arena, node->part_count, sizeof(xc_query *));
    xc_query **excluded = sp_arena_array(state->input->arena, node->part_count, sizeof(xc_query *));
    size_t wanted_count = 0, excluded_count = 0;
    *weight = 0;
    if (!wanted || !excluded)
        return xc_query_none();
    for (size_t i = 0; i < node->part_count; i++) {
        const sp_node *part = &node->parts[i];
        uint32_t patterns = state->plan->pattern_count;
        double of_part = 0;
        xc_query *tree = sp_plan_node(state, part, &of_part);
        if (part->excluded)
            state->plan->pattern_count = patterns; /* excluded words are not shown */
        else if (of_part > *weight)
            *weight = of_part;
        if (part->excluded)
            excluded[excluded_count++] = tree;
        else
            wanted[wanted_count++] = tree;
    }
    if (node->kind == SP_NODE_ANY) { /* `-a OR -b` matches documents that do not contain both */
        if (excluded_count > 0)
            wanted[wanted_count++] =
                xc_query_and_not(xc_query_all(), xc_query_and(excluded, excluded_count));
        return xc_query_or(wanted, wanted_count);
    }
    xc_query *all = wanted_count > 0 ? xc_query_and(wanted, wanted_count) : xc_query_all();
    return excluded_count > 0 ? xc_query_and_not(all, xc_query_or(excluded, excluded_count)) : all;
}

xc_query *
sp_plan_node(struct sp_plan_state *state, const sp_node *node, double *weight)
{
    *weight = 0;
    if (node->kind == SP_NODE_FILTER)
        return xc_query_scale(sp_plan_filter(state, &node->filter), 0);
    if (node->kind != SP_NODE_CLAUSE)
        return bound_query(state, node, weight);
    const sp_clause *clause = &state->input->query->clauses[node->clause];
    if (clause->scope != SP_ANYWHERE)
        return scoped_query(state, clause, weight);
    const sp_clause *around[3] = {NULL, clause, NULL};
    return sp_plan_words(state, around, 1, weight);
}
