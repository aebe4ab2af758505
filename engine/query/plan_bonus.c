// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan_private.h"

#include <math.h>

#include "engine/index/xapian.h"

#include <xapian-c-remote.h>
#include <xapian-c-scores.h>

#define BONUSES_MAX 16

/* Constants added to the weights of documents, whatever their words. A BM25 weight would depend on
   document lengths and so change the order of documents that are otherwise tied. */
struct bonuses {
    xc_query *items[BONUSES_MAX + 1];
    size_t count;
};

/* The words of titles that the query asks for. */
struct sp_covered {
    xc_bytes terms[SP_QUERY_WORDS_MAX];
    double shares[SP_QUERY_WORDS_MAX];
    size_t count;
};

static void
add_bonus(struct bonuses *bonuses, xc_query *documents, double weight)
{
    if (bonuses->count < BONUSES_MAX)
        bonuses->items[bonuses->count++] = xc_query_weigh(documents, weight);
    else
        xc_query_free(documents);
}

static void
add_term_bonus(struct sp_plan_state *state, struct bonuses *bonuses, const char *prefix,
               sp_bytes text, double weight)
{
    if (weight > 0 && sp_plan_term_freq(state, prefix, text) > 0)
        add_bonus(bonuses, sp_plan_term(state, prefix, text, 0), weight);
}

xc_query *
sp_plan_add_bonus(xc_query *tree, xc_query *bonus)
{
    xc_query *either[2] = {bonus, xc_query_all()};
    xc_query *both[2] = {tree, xc_query_or(either, 2)};
    return xc_query_and(both, 2);
}

/* The tree with the bonuses added to its weights. The OR of the bonuses includes every document
   with weight 0, so that documents without a bonus still match. */
static xc_query *
with_bonuses(struct bonuses *bonuses, xc_query *tree)
{
    if (bonuses->count == 0)
        return tree;
    bonuses->items[bonuses->count++] = xc_query_all();
    xc_query *both[2] = {tree, xc_query_or(bonuses->items, bonuses->count)};
    return xc_query_and(both, 2);
}

void
sp_plan_find_titled(struct sp_plan_state *state)
{
    SP_AUTO(sp_str_done) sp_str words = {0};
    if (!sp_query_append_words(state->input->query, &words))
        return;
    state->term.failed |= words.failed;
    sp_bytes title = sp_str_bytes(&words);
    state->plan->titled_count = sp_plan_term_freq(state, SP_PREFIX_WHOLE_TITLE, title);
    if (state->plan->titled_count > 0)
        state->plan->titled = sp_plan_term(state, SP_PREFIX_WHOLE_TITLE, title, 0);
}

xc_query *
sp_plan_add_weight(xc_query *tree, xc_query *documents, double weight)
{
    struct bonuses bonuses = {0};
    add_bonus(&bonuses, documents, weight);
    return with_bonuses(&bonuses, tree);
}

/* The words of a clause share its part of the query. */
static void
cover_clause(struct sp_plan_state *state, const sp_plan_clause *clause, double share,
             struct sp_covered *covered)
{
    uint32_t count = clause->words->word_count;
    for (uint32_t i = 0; i < count && covered->count < SP_QUERY_WORDS_MAX; i++) {
        sp_term_make(&state->term, SP_PREFIX_TITLE_STEM, clause->words->words[i].stem);
        if (state->term.len == 0)
            continue;
        covered->terms[covered->count] =
            to_xc(sp_arena_copy_str(state->input->arena, &state->term));
        covered->shares[covered->count++] = share / count;
    }
}

xc_query *
sp_plan_with_coverage(struct sp_plan_state *state, xc_query *tree)
{
    sp_plan *plan = state->plan;
    struct sp_covered covered = {.count = 0};
    if (plan->clause_count == 0 || !sp_query_is_plain(state->input->query) ||
        xc_reader_is_remote(state->input->reader))
        return tree;
    for (uint32_t i = 0; i < plan->clause_count; i++) {
        if (plan->clauses[i].words)
            cover_clause(state, &plan->clauses[i], 1.0 / plan->clause_count, &covered);
    }
    xc_query *coverage = xc_query_coverage(covered.terms, covered.shares, covered.count,
                                           SP_SLOT_TITLE, SP_BONUS_COVERAGE, SP_COVERAGE_LEAST);
    if (state->input->explain && !plan->coverage)
        plan->coverage = xc_query_copy(coverage);
    return xc_query_and_maybe(tree, coverage);
}

/* Each doubling of mentions has a term and adds the same bonus, so a resource with eight mentions
   gets three times the bonus of one with two. */
static void
add_priors(struct sp_plan_state *state, struct bonuses *bonuses)
{
    static const char *const doublings[SP_DOUBLINGS_MAX] = {"2", "4", "8", "16"};
    const sp_ranking *ranking = state->input->ranking;
    add_term_bonus(state, bonuses, SP_PREFIX_PRIOR, SP_LITERAL("listed"), ranking->listed);
    for (size_t i = 0; i < SP_DOUBLINGS_MAX; i++)
        add_term_bonus(state, bonuses, SP_PREFIX_PRIOR, sp_bytes_of(doublings[i]),
                       ranking->mentions);
}

/* Recency */

/* The bonus for recency falls in this many steps, each half a half-life long. After the last step
   there is no bonus. */
#define AGES 8

/* Converts dates to days since 0000-03-01 and back: Howard Hinnant, "chrono-Compatible Low-Level
   Date Algorithms", days_from_civil and civil_from_days, valid from the year 0 on. */
static long
days_of(long year, long month, long day)
{
    year -= month <= 2;
    long of_era = year % 400, shifted = (month + 9) % 12;
    long of_year = (153 * shifted + 2) / 5 + day - 1;
    return year / 400 * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year;
}

static void
append_date(sp_str *out, long days)
{
    long era = days / 146097, of_era = days % 146097;
    long year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    long of_year = of_era - (365 * year + year / 4 - year / 100), shifted = (5 * of_year + 2) / 153;
    long month = shifted < 10 ? shifted + 3 : shifted - 9;
    sp_str_append_format(out, "%04ld%02ld%02ld", year + era * 400 + (month <= 2), month,
                         of_year - (153 * shifted + 2) / 5 + 1);
}

/* Adds a bonus for documents of this date or later. */
static void
add_date(struct sp_plan_state *state, struct bonuses *bonuses, long days, double weight)
{
    SP_AUTO(sp_str_done) sp_str date = {0};
    if (days < 0)
        return;
    append_date(&date, days);
    state->term.failed |= date.failed;
    add_bonus(bonuses, xc_query_value_ge(SP_SLOT_DATE, (xc_bytes){date.data, date.len}), weight);
}

/* Age is counted from the newest document, not from today, so that an unchanged index gives
   unchanged answers. */
static void
add_recency(struct sp_plan_state *state, struct bonuses *bonuses)
{
    const sp_ranking *ranking = state->input->ranking;
    long newest = (long)state->input->newest;
    if (ranking->recency <= 0 || newest == 0)
        return;
    long today = days_of(newest / 10000, newest / 100 % 100, newest % 100);
    for (int age = 0; age < AGES; age++) {
        double here = ranking->recency * exp2(-age / 2.0);
        double later = age + 1 < AGES ? ranking->recency * exp2(-(age + 1) / 2.0) : 0;
        long days = (long)ceil((age + 1) * ranking->half_life /
                               2); /* at this age the bonus falls to the next step */
        add_date(state, bonuses, today - (days - 1), here - later);
    }
}

xc_query *
sp_plan_with_bonuses(struct sp_plan_state *state, xc_query *tree)
{
    struct bonuses bonuses = {0};
    add_priors(state, &bonuses);
    add_recency(state, &bonuses);
    return with_bonuses(&bonuses, tree);
}

xc_query *
sp_plan_pinned(struct sp_plan_state *state)
{
    const sp_pinned *pinned = &state->input->pinned;
    xc_query *items[SP_PINNED_MAX];
    size_t count = 0;
    for (uint32_t i = pinned->count; i-- > 0;) {
        xc_query *target = NULL;
        if (sp_plan_term_freq(state, SP_PREFIX_URL, pinned->targets[i]) > 0)
            target = sp_plan_term(state, SP_PREFIX_URL, pinned->targets[i], 0);
        if (target) {
            items[count] = xc_query_weigh(target, SP_BONUS_PIN * (double)(count + 1));
            count++;
        }
    }
    return count > 0 ? xc_query_or(items, count) : NULL;
}
