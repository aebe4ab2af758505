#include "plan_private.h"

/* A document's place among those that it ties with must stay as its words have it, so what is added
   to its weight is the same for all of a kind: no term's BM25, which lengths and rarity change. */
static xc_query *
with_bonus(struct sp_planning *at, xc_query *tree, const char *prefix, sp_bytes text, double bonus)
{
    if (bonus <= 0 || sp_plan_term_freq(at, prefix, text) == 0)
        return tree;
    return xc_query_and_maybe(tree, xc_query_weigh(sp_plan_term(at, prefix, text, 0), bonus));
}

static xc_query *
with_title(struct sp_planning *at, xc_query *tree)
{
    SP_AUTO(sp_str_done) sp_str words = {0};
    if (!sp_query_append_words(at->input->query, &words))
        return tree;
    at->term.failed |= words.failed;
    return with_bonus(at, tree, SP_PREFIX_WHOLE_TITLE, sp_str_bytes(&words), SP_BONUS_TITLE);
}

xc_query *
sp_plan_with_bonuses(struct sp_planning *at, xc_query *tree)
{
    return with_title(at, tree);
}

xc_query *
sp_plan_pinned(struct sp_planning *at)
{
    const sp_pinned *pinned = &at->input->pinned;
    xc_query *items[SP_PINNED_MAX];
    size_t count = 0;
    for (uint32_t i = pinned->count; i-- > 0;) {
        xc_query *target = NULL;
        if (sp_plan_term_freq(at, SP_PREFIX_TARGET, pinned->targets[i]) > 0)
            target = sp_plan_term(at, SP_PREFIX_TARGET, pinned->targets[i], 0);
        if (target) {
            items[count] = xc_query_weigh(target, SP_BONUS_PIN * (double)(count + 1));
            count++;
        }
    }
    return count > 0 ? xc_query_or(items, count) : NULL;
}
