// SPDX-License-Identifier: GPL-2.0-or-later
#include "search_private.h"
#include "engine/index/xapian.h"

#include <signpost/schema.h>

/* The term that only this document has, as a query. */
static enum sp_status
find_unique(struct sp_search_state *state, uint32_t docid, xc_query **out)
{
    xc_record *document = NULL;
    xc_error cause;
    xc_status got = xc_reader_get(state->reader->xapian, docid, XC_FETCH_TERMS, &document, &cause);
    if (got != XC_OK)
        return sp_fail_xapian(state->err, got, &cause, NULL);
    for (size_t i = 0; i < document->term_count && !*out; i++) {
        sp_bytes term = from_xc(document->terms[i].term);
        if (sp_bytes_starts_with(term, SP_LITERAL(SP_PREFIX_POST)) ||
            sp_bytes_starts_with(term, SP_LITERAL(SP_PREFIX_RESOURCE)))
            *out = xc_query_term(document->terms[i].term, 0);
    }
    xc_record_free(document);
    return SP_OK;
}

/* Finds the best of several documents of one name. *out stays NULL if no document of the tree has
   the name. */
static enum sp_status
find_best(struct sp_search_state *state, const xc_query *tree, xc_query **out)
{
    struct sp_group group = {0};
    const struct sp_group_request wanted = {.limit = 1};
    xc_query *named = xc_query_filter(xc_query_copy(tree), xc_query_copy(state->plan.titled));
    enum sp_status status = sp_search_run(state, named, &wanted, &group);
    xc_query_free(named);
    if (status == SP_OK && group.page->hit_count > 0)
        status = find_unique(state, group.page->hits[0].docid, out);
    xc_page_free(group.page);
    return status;
}

enum sp_status
sp_titles_place(struct sp_search_state *state)
{
    sp_plan *plan = &state->plan;
    xc_query **tree = plan->mixed ? &plan->any : &plan->all, *first = NULL;
    if (!plan->titled || state->request->sort != SP_SORT_RELEVANCE)
        return SP_OK;
    if (plan->titled_count == 1)
        first = xc_query_copy(plan->titled);
    enum sp_status status = first ? SP_OK : find_best(state, *tree, &first);
    if (status == SP_OK && first)
        *tree = sp_plan_add_weight(*tree, first, SP_BONUS_TITLE);
    return status;
}
