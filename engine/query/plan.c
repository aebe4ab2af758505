// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan_private.h"

static const sp_clause *
clause_of(const sp_query *query, const sp_node *node)
{
    return node->kind == SP_NODE_CLAUSE ? &query->clauses[node->clause] : NULL;
}

/* The part's clause if it may match anywhere in a document, else NULL. */
static const sp_clause *
words_of(const sp_query *query, const sp_node *node)
{
    const sp_clause *clause = clause_of(query, node);
    return clause && clause->scope == SP_ANYWHERE ? clause : NULL;
}

static bool
same_words(const sp_clause *a, const sp_clause *b)
{
    bool as_typed = a->phrase || a->prefix;
    if (a->phrase != b->phrase || a->prefix != b->prefix || a->excluded != b->excluded ||
        a->word_count != b->word_count)
        return false;
    for (uint32_t i = 0; i < a->word_count; i++) {
        const sp_query_word *x = &a->words[i], *y = &b->words[i];
        if (!sp_bytes_equal(as_typed ? x->word : x->stem, as_typed ? y->word : y->stem))
            return false;
    }
    return true;
}

/* How often the query contains the part's words, or 0 if an earlier part has the same words. */
static uint32_t
occurrences(const sp_query *query, size_t part)
{
    uint32_t times = 0;
    const sp_clause *clause = words_of(query, &query->parts[part]);
    for (size_t i = 0; clause && i < query->part_count; i++) {
        const sp_clause *other = words_of(query, &query->parts[i]);
        if (!other || !same_words(clause, other))
            continue;
        if (i < part)
            return 0;
        times++;
    }
    return times > 0 ? times : 1;
}

/* The number of different prefixes in the query, which share the bounds of expansion.h. A prefix
   that is repeated inside parentheses counts again, which only lowers the share of each. */
static uint32_t
count_prefixes(const sp_query *query)
{
    uint32_t count = 0;
    for (size_t i = 0; i < query->clause_count; i++)
        count += query->clauses[i].prefix;
    for (size_t i = 0; i < query->part_count; i++) {
        const sp_clause *clause = words_of(query, &query->parts[i]);
        count -= clause && clause->prefix && occurrences(query, i) == 0;
    }
    return count;
}

/* Stop words are dropped unless the search is exact or the query has no other words. */
static bool
keeps_stop_words(const sp_plan_input *input)
{
    const sp_query *query = input->query;
    for (size_t i = 0; i < query->part_count; i++) {
        const sp_node *part = &query->parts[i];
        const sp_clause *clause = clause_of(query, part);
        if (!part->excluded && !(clause && clause->stop) && !sp_node_only_filters(part))
            return input->exact;
    }
    return true;
}

static bool
is_dropped(const sp_query *query, const sp_node *part, bool keep_stop_words)
{
    const sp_clause *clause = words_of(query, part);
    return clause && clause->stop && !part->excluded && !part->required && !keep_stop_words;
}

/* The most parts of a query that are checked (plan.h). A checked part may cost a search for each
   hit that does not contain every word. */
#define CHECKED_MAX 4

/* Whether a document matches the part if it contains one of its words. It does for `a OR b`, but
   not for `a AND b`, filters and exclusions. */
static bool
words_decide_match(const sp_node *part)
{
    bool decide = part->kind == SP_NODE_CLAUSE || part->kind == SP_NODE_ANY;
    for (size_t i = 0; decide && i < part->part_count; i++)
        decide = part->parts[i].kind == SP_NODE_CLAUSE && !part->parts[i].excluded;
    return decide;
}

static void
add_plan_clause(struct sp_plan_state *state, const sp_node *part, double weight)
{
    sp_plan *plan = state->plan;
    bool checked = !part->required && state->checked < CHECKED_MAX && !words_decide_match(part);
    state->checked += checked;
    plan->clauses = sp_arena_grow(state->input->arena, plan->clauses, &state->clause_capacity,
                                  plan->clause_count + 1, sizeof *plan->clauses);
    if (plan->clauses)
        plan->clauses[plan->clause_count++] =
            (sp_plan_clause){.words = words_of(state->input->query, part),
                             .part = part,
                             .typed = part->typed,
                             .weight = weight,
                             .required = part->required,
                             .checked = checked};
}

/* At most one tree per part of the query; each part has a word or a filter of the text. */
#define TREES_MAX (SP_QUERY_WORDS_MAX + SP_QUERY_FILTERS_MAX)

struct trees {
    xc_query *items[TREES_MAX];
    size_t count;
};

/* The trees of the query's parts. */
struct part_trees {
    struct trees wanted;    /* those of plan.clauses */
    struct trees narrowing; /* must match, but add no weight */
    struct trees excluded;
};

static xc_query *
part_query(struct sp_plan_state *state, size_t part, uint32_t times, double *weight)
{
    const sp_query *query = state->input->query;
    const sp_node *node = &query->parts[part];
    const sp_clause *around[3] = {part > 0 ? words_of(query, node - 1) : NULL,
                                  words_of(query, node),
                                  part + 1 < query->part_count ? words_of(query, node + 1) : NULL};
    return around[1] ? sp_plan_words(state, around, times, weight)
                     : sp_plan_node(state, node, weight);
}

static void
plan_parts(struct sp_plan_state *state, struct part_trees *out)
{
    const sp_query *query = state->input->query;
    bool keep_stop_words = keeps_stop_words(state->input);
    for (size_t i = 0; i < query->part_count && state->status == SP_OK; i++) {
        const sp_node *part = &query->parts[i];
        uint32_t times = occurrences(query, i), patterns = state->plan->pattern_count;
        double weight = 0;
        if (times == 0 || is_dropped(query, part, keep_stop_words))
            continue;
        xc_query *tree = part_query(state, i, times, &weight);
        struct trees *trees = part->excluded               ? &out->excluded
                              : sp_node_only_filters(part) ? &out->narrowing
                                                           : &out->wanted;
        trees->items[trees->count++] = tree;
        if (part->excluded)
            state->plan->pattern_count = patterns; /* excluded words are not shown */
        else if (trees == &out->wanted)
            add_plan_clause(state, part, weight);
    }
}

/* Documents with any of the field's values, or with all if they are dates; NULL if the query does
   not have the field. */
static xc_query *
field_query(struct sp_plan_state *state, enum sp_field field, bool excluded)
{
    const sp_query *query = state->input->query;
    bool dates = field == SP_FIELD_AFTER || field == SP_FIELD_BEFORE;
    xc_query **values =
        sp_arena_array(state->input->arena, query->filter_count, sizeof(xc_query *));
    size_t count = 0;
    for (size_t i = 0; values && i < query->filter_count; i++) {
        const sp_filter *filter = &query->filters[i];
        if (filter->field == field && filter->excluded == excluded)
            values[count++] = sp_plan_filter(state, filter);
    }
    if (count == 0)
        return NULL;
    return dates && !excluded ? xc_query_and(values, count) : xc_query_or(values, count);
}

/* The documents of the tree that pass the filters and dates. */
static xc_query *
filtered(struct sp_plan_state *state, xc_query *tree)
{
    const sp_plan_input *input = state->input;
    for (int field = 0; field < SP_FIELD_COUNT; field++) {
        xc_query *wanted = field_query(state, (enum sp_field)field, false);
        xc_query *unwanted = field_query(state, (enum sp_field)field, true);
        if (wanted)
            tree = xc_query_filter(tree, wanted);
        if (unwanted)
            tree = xc_query_and_not(tree, unwanted);
    }
    if (input->date_low.len == 0 && input->date_high.len == 0)
        return tree;
    return xc_query_filter(tree, sp_plan_dates(input->date_low, input->date_high));
}

static struct trees
copy_trees(const struct trees *trees)
{
    struct trees copies = {.count = trees->count};
    for (size_t i = 0; i < trees->count; i++)
        copies.items[i] = xc_query_copy(trees->items[i]);
    return copies;
}

static xc_query *
without_excluded(xc_query *tree, const struct trees *excluded)
{
    return excluded->count > 0
               ? xc_query_and_not(tree, xc_query_or(excluded->items, excluded->count))
               : tree;
}

/* The documents of the tree that pass the query's filters, exclusions and dates. */
static xc_query *
narrowed(struct sp_plan_state *state, const struct part_trees *part_trees, xc_query *tree)
{
    struct trees narrowing = copy_trees(&part_trees->narrowing),
                 excluded = copy_trees(&part_trees->excluded);
    if (narrowing.count > 0)
        tree = xc_query_filter(tree, xc_query_and(narrowing.items, narrowing.count));
    return filtered(state, without_excluded(tree, &excluded));
}

/* A query without words matches every document that its exclusions and filters leave, or none if it
   has no exclusions or filters. */
static xc_query *
query_without_words(const struct sp_plan_state *state, const struct part_trees *part_trees)
{
    const sp_plan_input *input = state->input;
    bool chooses = part_trees->excluded.count > 0 || part_trees->narrowing.count > 0 ||
                   input->query->filter_count > 0 || input->date_low.len > 0 ||
                   input->date_high.len > 0;
    return chooses ? xc_query_all() : xc_query_none();
}

/* Documents that match the required parts and rank higher with the others; without required parts,
   documents that match any part. */
static xc_query *
match_some(const struct sp_plan_state *state, const struct trees *wanted)
{
    struct trees required = {0}, others = {0};
    for (size_t i = 0; i < wanted->count; i++) {
        struct trees *trees = state->plan->clauses[i].required ? &required : &others;
        trees->items[trees->count++] = xc_query_copy(wanted->items[i]);
    }
    xc_query *any = xc_query_or(others.items, others.count);
    return required.count > 0
               ? xc_query_and_maybe(xc_query_and(required.items, required.count), any)
               : any;
}

static bool
may_relax(const struct sp_plan_state *state, const struct trees *wanted)
{
    size_t required = 0;
    for (size_t i = 0; i < wanted->count; i++)
        required += state->plan->clauses[i].required;
    return !state->input->exact && wanted->count > 1 && required < wanted->count;
}

/* The first failure so far. */
static enum sp_status
check(const struct sp_plan_state *state)
{
    enum sp_status status = state->status;
    if (status == SP_OK)
        status = sp_str_check(&state->term, state->err);
    return status == SP_OK ? sp_arena_check(state->input->arena, state->err) : status;
}

enum sp_status
sp_plan_without_words(const sp_plan_input *input, const sp_plan *plan, xc_query *take,
                      xc_query **out, sp_error *err)
{
    struct sp_plan_state state = {.input = input, .err = err};
    xc_query *tree = filtered(&state, xc_query_and_not(take, xc_query_copy(plan->words)));
    enum sp_status status = check(&state);
    sp_str_done(&state.term);
    if (status == SP_OK)
        *out = tree;
    else
        xc_query_free(tree);
    return status;
}

static void
free_trees(struct trees *trees)
{
    for (size_t i = 0; i < trees->count; i++)
        xc_query_free(trees->items[i]);
    trees->count = 0;
}

static void
keep_trees(struct sp_plan_state *state, const struct trees *wanted)
{
    state->plan->trees =
        sp_arena_array(state->input->arena, wanted->count, sizeof *state->plan->trees);
    for (size_t i = 0; state->plan->trees && i < wanted->count; i++) {
        bool kept = state->input->explain || state->plan->clauses[i].checked;
        state->plan->trees[i] = kept ? xc_query_copy(wanted->items[i]) : NULL;
    }
}

/* Quotes, operators and signs ask for documents that match all parts. */
static bool
mixes(const struct sp_plan_state *state, const struct trees *wanted)
{
    return wanted->count >= SP_MIXED_WORDS && state->input->by_relevance &&
           sp_query_is_plain(state->input->query) && may_relax(state, wanted);
}

/* The tree with the weights that do not come from the words of its documents. */
static xc_query *
weighed(struct sp_plan_state *state, xc_query *tree)
{
    return sp_plan_with_coverage(state, sp_plan_with_bonuses(state, tree));
}

static void
make_trees(struct sp_plan_state *state, struct part_trees *part_trees)
{
    sp_plan *plan = state->plan;
    struct trees *wanted = &part_trees->wanted;
    plan->scored = wanted->count > 0;
    if (!plan->scored) {
        plan->all = narrowed(state, part_trees, query_without_words(state, part_trees));
        return;
    }
    if (state->input->explain || state->checked > 0)
        keep_trees(state, wanted);
    struct trees copies = copy_trees(wanted), any = copy_trees(wanted);
    plan->words = xc_query_or(any.items, any.count);
    xc_query *every = xc_query_and(copies.items, copies.count);
    sp_plan_find_titled(state);
    plan->mixed = mixes(state, wanted);
    if (may_relax(state, wanted)) {
        xc_query *some = match_some(state, wanted);
        if (!plan->mixed) {
            xc_query *rest = weighed(state, xc_query_copy(some));
            plan->rest = narrowed(state, part_trees, xc_query_and_not(rest, xc_query_copy(every)));
            plan->lacking = narrowed(state, part_trees,
                                     xc_query_and_not(xc_query_copy(some), xc_query_copy(every)));
        }
        if (wanted->count > 2) /* with two words, no document of this tree has both */
            some = sp_plan_with_pairs(state, some);
        plan->any = narrowed(state, part_trees, weighed(state, some));
    }
    if (!plan->mixed)
        every = weighed(state, sp_plan_with_pairs(state, every));
    plan->all = narrowed(state, part_trees, every);
    xc_query *pinned = sp_plan_pinned(state);
    plan->pinned = pinned ? narrowed(state, part_trees, pinned) : NULL;
}

enum sp_status
sp_plan_make(const sp_plan_input *input, sp_plan *out, sp_error *err)
{
    struct sp_plan_state state = {.input = input, .plan = out, .err = err};
    struct part_trees part_trees = {0};
    *out = (sp_plan){.lang = input->lang};
    state.prefix_count = count_prefixes(input->query);
    state.other_languages =
        sp_plan_term_freq(&state, SP_PREFIX_LANG, input->lang) < input->doc_count;
    if (state.status == SP_OK && !input->exact)
        state.status = sp_plan_match_synonyms(&state);
    plan_parts(&state, &part_trees);
    state.status = check(&state);
    if (state.status == SP_OK)
        make_trees(&state, &part_trees);
    state.status = check(&state);
    free_trees(&part_trees.wanted);
    free_trees(&part_trees.narrowing);
    free_trees(&part_trees.excluded);
    sp_str_done(&state.term);
    return state.status;
}

void
sp_plan_done(sp_plan *plan)
{
    for (uint32_t i = 0; plan->trees && i < plan->clause_count; i++)
        xc_query_free(plan->trees[i]);
    for (uint32_t i = 0; i < plan->pair_count; i++)
        xc_query_free(plan->pairs[i].tree);
    xc_query_free(plan->all);
    xc_query_free(plan->any);
    xc_query_free(plan->rest);
    xc_query_free(plan->words);
    xc_query_free(plan->lacking);
    xc_query_free(plan->titled);
    xc_query_free(plan->coverage);
    xc_query_free(plan->pinned);
    *plan = (sp_plan){0};
}
