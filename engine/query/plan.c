// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan_private.h"

static const sp_clause *
clause_of(const sp_query *query, const sp_node *node)
{
    return node->kind == SP_NODE_CLAUSE ? &query->clauses[node->clause] : NULL;
}

/* A part that is words anywhere in a document. */
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

/* How often the query says what the part says, or 0 where an earlier one stands for it. */
static uint32_t
times_said(const sp_query *query, size_t part)
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

/* Those that are said once more count once more, which only makes them share what there is. */
static uint32_t
count_prefixes(const sp_query *query)
{
    uint32_t count = 0;
    for (size_t i = 0; i < query->clause_count; i++)
        count += query->clauses[i].prefix;
    for (size_t i = 0; i < query->part_count; i++) {
        const sp_clause *clause = words_of(query, &query->parts[i]);
        count -= clause && clause->prefix && times_said(query, i) == 0;
    }
    return count;
}

/* Stop words are dropped unless nothing is left, or the search is exact. */
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

/* Parts whose trees are asked for each hit that lacks something. */
#define ASKED_MAX 4

/* Of `a OR b` a document has what it has a word of. Not so of `a AND b`, filters and exclusions. */
static bool
is_told_by_words(const sp_node *part)
{
    bool told = part->kind == SP_NODE_CLAUSE || part->kind == SP_NODE_ANY;
    for (size_t i = 0; told && i < part->part_count; i++)
        told = part->parts[i].kind == SP_NODE_CLAUSE && !part->parts[i].excluded;
    return told;
}

static void
add_plan_clause(struct sp_planning *at, const sp_node *part, double weight)
{
    sp_plan *plan = at->plan;
    bool asked = !part->required && at->asked < ASKED_MAX && !is_told_by_words(part);
    at->asked += asked;
    plan->clauses = sp_arena_grow(at->input->arena, plan->clauses, &at->clause_capacity,
                                  plan->clause_count + 1, sizeof *plan->clauses);
    if (plan->clauses)
        plan->clauses[plan->clause_count++] =
            (sp_plan_clause){.words = words_of(at->input->query, part),
                             .part = part,
                             .typed = part->typed,
                             .weight = weight,
                             .required = part->required,
                             .asked = asked};
}

/* One for each part of the query at most. A part has a word or a filter of the text. */
#define TREES_MAX (SP_QUERY_WORDS_MAX + SP_QUERY_FILTERS_MAX)

struct trees {
    xc_query *items[TREES_MAX];
    size_t count;
};

/* What the parts come to. */
struct planned {
    struct trees wanted;    /* those of plan.clauses */
    struct trees narrowing; /* must be found too, but rank nothing */
    struct trees excluded;
};

static xc_query *
part_query(struct sp_planning *at, size_t part, uint32_t times, double *weight)
{
    const sp_query *query = at->input->query;
    const sp_node *node = &query->parts[part];
    const sp_clause *around[3] = {part > 0 ? words_of(query, node - 1) : NULL,
                                  words_of(query, node),
                                  part + 1 < query->part_count ? words_of(query, node + 1) : NULL};
    return around[1] ? sp_plan_words(at, around, times, weight) : sp_plan_node(at, node, weight);
}

static void
plan_parts(struct sp_planning *at, struct planned *out)
{
    const sp_query *query = at->input->query;
    bool keep_stop_words = keeps_stop_words(at->input);
    for (size_t i = 0; i < query->part_count && at->status == SP_OK; i++) {
        const sp_node *part = &query->parts[i];
        uint32_t times = times_said(query, i), patterns = at->plan->pattern_count;
        double weight = 0;
        if (times == 0 || is_dropped(query, part, keep_stop_words))
            continue;
        xc_query *tree = part_query(at, i, times, &weight);
        struct trees *trees = part->excluded               ? &out->excluded
                              : sp_node_only_filters(part) ? &out->narrowing
                                                           : &out->wanted;
        trees->items[trees->count++] = tree;
        if (part->excluded)
            at->plan->pattern_count = patterns; /* nothing to show */
        else if (trees == &out->wanted)
            add_plan_clause(at, part, weight);
    }
}

/* Documents with any of the field's values, or with all where they are dates; or NULL when the
   query does not name the field. */
static xc_query *
field_query(struct sp_planning *at, enum sp_field field, bool excluded)
{
    const sp_query *query = at->input->query;
    bool dates = field == SP_FIELD_AFTER || field == SP_FIELD_BEFORE;
    xc_query **values = sp_arena_array(at->input->arena, query->filter_count, sizeof(xc_query *));
    size_t count = 0;
    for (size_t i = 0; values && i < query->filter_count; i++) {
        const sp_filter *filter = &query->filters[i];
        if (filter->field == field && filter->excluded == excluded)
            values[count++] = sp_plan_filter(at, filter);
    }
    if (count == 0)
        return NULL;
    return dates && !excluded ? xc_query_and(values, count) : xc_query_or(values, count);
}

/* The tree kept to what the filters and dates allow. */
static xc_query *
filtered(struct sp_planning *at, xc_query *tree)
{
    const sp_plan_input *input = at->input;
    for (int field = 0; field < SP_FIELD_COUNT; field++) {
        xc_query *wanted = field_query(at, (enum sp_field)field, false);
        xc_query *unwanted = field_query(at, (enum sp_field)field, true);
        if (wanted)
            tree = xc_query_filter(tree, wanted);
        if (unwanted)
            tree = xc_query_and_not(tree, unwanted);
    }
    if (input->date_low.len == 0 && input->date_high.len == 0)
        return tree;
    return xc_query_filter(tree, sp_plan_dates(input->date_low, input->date_high));
}

static void
keep_pair(struct sp_planning *at, uint32_t left, const xc_query *tree)
{
    sp_plan *plan = at->plan;
    for (uint32_t i = 0; i < plan->pair_count; i++) {
        if (plan->pairs[i].left == left)
            return; /* of the other tree */
    }
    if (!plan->pairs)
        plan->pairs = sp_arena_array(at->input->arena, plan->clause_count, sizeof *plan->pairs);
    if (plan->pairs)
        plan->pairs[plan->pair_count++] = (sp_plan_pair){left, xc_query_copy(tree)};
}

/* What has more words was not typed to be found side by side, and a pair costs three look-ups. */
#define PAIRED_MAX 16

/* Adds a bonus for each two words that stand side by side in the query and in the document. */
static xc_query *
with_pairs(struct sp_planning *at, xc_query *tree)
{
    const sp_plan *plan = at->plan;
    double scale = plan->clause_count <= PAIRED_MAX ? at->input->ranking->pair : 0;
    for (uint32_t i = 0; scale > 0 && i + 1 < plan->clause_count; i++) {
        const sp_clause *left = plan->clauses[i].words, *right = plan->clauses[i + 1].words;
        if (!left || !right || !sp_clause_is_plain_word(left) || !sp_clause_is_plain_word(right))
            continue;
        sp_query_word words[2] = {left->words[0], right->words[0]};
        xc_query *pair = xc_query_scale(sp_plan_phrase(at, "", words, 2), scale);
        if (at->input->explain)
            keep_pair(at, i, pair);
        tree = xc_query_and_maybe(tree, pair);
    }
    return tree;
}

static struct trees
copies_of(const struct trees *trees)
{
    struct trees copies = {.count = trees->count};
    for (size_t i = 0; i < trees->count; i++)
        copies.items[i] = xc_query_copy(trees->items[i]);
    return copies;
}

static xc_query *
without(xc_query *tree, const struct trees *excluded)
{
    return excluded->count > 0
               ? xc_query_and_not(tree, xc_query_or(excluded->items, excluded->count))
               : tree;
}

/* The tree with what the query narrows it by. */
static xc_query *
narrowed(struct sp_planning *at, const struct planned *planned, xc_query *tree)
{
    struct trees narrowing = copies_of(&planned->narrowing),
                 excluded = copies_of(&planned->excluded);
    if (narrowing.count > 0)
        tree = xc_query_filter(tree, xc_query_and(narrowing.items, narrowing.count));
    return filtered(at, without(tree, &excluded));
}

/* A query without words: everything that its exclusions and filters leave, if it has any. */
static xc_query *
unworded(const struct sp_planning *at, const struct planned *planned)
{
    const sp_plan_input *input = at->input;
    bool chooses = planned->excluded.count > 0 || planned->narrowing.count > 0 ||
                   input->query->filter_count > 0 || input->date_low.len > 0 ||
                   input->date_high.len > 0;
    return chooses ? xc_query_all() : xc_query_none();
}

/* Documents with what is required and some of the rest; with what is required alone, where that is
   something. */
static xc_query *
some_of(const struct sp_planning *at, const struct trees *wanted)
{
    struct trees required = {0}, others = {0};
    for (size_t i = 0; i < wanted->count; i++) {
        struct trees *trees = at->plan->clauses[i].required ? &required : &others;
        trees->items[trees->count++] = xc_query_copy(wanted->items[i]);
    }
    xc_query *any = xc_query_or(others.items, others.count);
    return required.count > 0
               ? xc_query_and_maybe(xc_query_and(required.items, required.count), any)
               : any;
}

static bool
relaxes(const struct sp_planning *at, const struct trees *wanted)
{
    size_t required = 0;
    for (size_t i = 0; i < wanted->count; i++)
        required += at->plan->clauses[i].required;
    return !at->input->exact && wanted->count > 1 && required < wanted->count;
}

xc_query *
sp_plan_apart(const sp_plan_input *input, const sp_plan *plan, xc_query *take)
{
    struct sp_planning at = {.input = input};
    xc_query *tree = filtered(&at, xc_query_and_not(take, xc_query_copy(plan->words)));
    sp_str_done(&at.term);
    return tree;
}

static void
free_trees(struct trees *trees)
{
    for (size_t i = 0; i < trees->count; i++)
        xc_query_free(trees->items[i]);
    trees->count = 0;
}

static void
keep_trees(struct sp_planning *at, const struct trees *wanted)
{
    at->plan->trees = sp_arena_array(at->input->arena, wanted->count, sizeof *at->plan->trees);
    for (size_t i = 0; at->plan->trees && i < wanted->count; i++) {
        bool kept = at->input->explain || at->plan->clauses[i].asked;
        at->plan->trees[i] = kept ? xc_query_copy(wanted->items[i]) : NULL;
    }
}

static void
make_trees(struct sp_planning *at, struct planned *planned)
{
    sp_plan *plan = at->plan;
    struct trees *wanted = &planned->wanted;
    plan->scored = wanted->count > 0;
    if (!plan->scored) {
        plan->all = narrowed(at, planned, unworded(at, planned));
        return;
    }
    if (at->input->explain || at->asked > 0)
        keep_trees(at, wanted);
    struct trees copies = copies_of(wanted), any = copies_of(wanted);
    plan->words = xc_query_or(any.items, any.count);
    xc_query *every = xc_query_and(copies.items, copies.count);
    if (relaxes(at, wanted)) {
        xc_query *some = some_of(at, wanted);
        xc_query *rest = sp_plan_with_bonuses(at, xc_query_copy(some));
        plan->rest = narrowed(at, planned, xc_query_and_not(rest, xc_query_copy(every)));
        if (wanted->count > 2) /* where none has both of two words, none has the pair */
            some = with_pairs(at, some);
        plan->any = narrowed(at, planned, sp_plan_with_bonuses(at, some));
    }
    every = sp_plan_with_title(at, sp_plan_with_bonuses(at, with_pairs(at, every)));
    plan->all = narrowed(at, planned, every);
    xc_query *pinned = sp_plan_pinned(at);
    plan->pinned = pinned ? narrowed(at, planned, pinned) : NULL;
}

enum sp_status
sp_plan_make(const sp_plan_input *input, sp_plan *out, sp_error *err)
{
    struct sp_planning at = {.input = input, .plan = out, .err = err};
    struct planned planned = {0};
    *out = (sp_plan){.lang = input->lang};
    at.prefix_count = count_prefixes(input->query);
    at.other_languages = sp_plan_term_freq(&at, SP_PREFIX_LANG, input->lang) < input->doc_count;
    if (at.status == SP_OK && !input->exact)
        at.status =
            sp_synonyms_match(input->synonyms, input->query, input->arena, &at.synonyms, err);
    plan_parts(&at, &planned);
    if (at.status == SP_OK)
        at.status = sp_arena_check(input->arena, err);
    if (at.status == SP_OK)
        at.status = sp_str_check(&at.term, err);
    if (at.status == SP_OK)
        make_trees(&at, &planned);
    if (at.status == SP_OK)
        at.status = sp_str_check(&at.term, err);
    free_trees(&planned.wanted);
    free_trees(&planned.narrowing);
    free_trees(&planned.excluded);
    sp_str_done(&at.term);
    return at.status != SP_OK ? at.status : sp_arena_check(input->arena, err);
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
    xc_query_free(plan->pinned);
    *plan = (sp_plan){0};
}
