// SPDX-License-Identifier: GPL-2.0-or-later
#include "pins.h"

#include "engine/index/xapian.h"

#include <math.h>

/* line: "\tTARGET\tTARGET" */
static void
take_targets(sp_bytes line, sp_arena *arena, sp_pinned *out)
{
    size_t count = 0;
    for (size_t i = 0; i < line.len; i++)
        count += line.data[i] == '\t';
    if (count > SP_PINNED_MAX)
        count = SP_PINNED_MAX;
    out->targets = sp_arena_array(arena, count, sizeof *out->targets);
    for (size_t at = 1; out->targets && out->count < count;) {
        size_t tab = sp_bytes_find(line, SP_LITERAL("\t"), at);
        size_t end = tab == SIZE_MAX ? line.len : tab;
        out->targets[out->count++] = sp_bytes_slice(line, at, end);
        at = end + 1;
    }
}

enum sp_status
sp_pinned_find(sp_bytes packed, const sp_query *query, sp_arena *arena, sp_pinned *out,
               sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str key = {0};
    *out = (sp_pinned){0};
    sp_str_append_char(&key, '\n');
    if (packed.len == 0 || !sp_query_append_words(query, &key))
        return SP_OK;
    sp_str_append_char(&key, '\t');
    if (sp_str_check(&key, err) != SP_OK)
        return SP_NO_MEMORY;
    size_t found = sp_bytes_find(packed, sp_str_bytes(&key), 0);
    if (found == SIZE_MAX)
        return SP_OK;
    size_t start = found + key.len - 1, end = sp_bytes_find(packed, SP_LITERAL("\n"), start);
    take_targets(sp_bytes_slice(packed, start, end == SIZE_MAX ? packed.len : end), arena, out);
    return sp_arena_check(arena, err);
}

static xc_query *
or_pinned(xc_query *tree, xc_query *pinned)
{
    xc_query *both[2] = {tree, pinned};
    return xc_query_or(both, 2);
}

enum sp_status
sp_pinned_place(xc_reader *reader, uint64_t timeout_us, sp_plan *plan, sp_error *err)
{
    xc_error cause;
    xc_page *page;
    const xc_request request = {.query = plan->all, .limit = 1, .timeout_us = timeout_us};
    if (!plan->pinned)
        return SP_OK;
    xc_status searched = xc_search(reader, &request, &page, &cause);
    if (searched != XC_OK)
        return sp_fail_xapian(err, searched, &cause, NULL);
    bool none = page->hit_count == 0;
    xc_page_free(page);
    if (plan->mixed)
        plan->any = or_pinned(plan->any, xc_query_copy(plan->pinned));
    if (none && plan->mixed)
        return SP_OK;
    if (none) {
        plan->any = plan->any ? or_pinned(plan->any, xc_query_copy(plan->pinned))
                              : xc_query_copy(plan->pinned);
    } else {
        plan->all = or_pinned(plan->all, xc_query_copy(plan->pinned));
        if (plan->rest) {
            plan->rest = xc_query_and_not(plan->rest, xc_query_copy(plan->pinned));
            plan->lacking = xc_query_and_not(plan->lacking, xc_query_copy(plan->pinned));
        }
    }
    return SP_OK;
}

bool
sp_pinned_weight(double *weight)
{
    if (*weight < SP_BONUS_PIN)
        return false;
    *weight = fmod(*weight, SP_BONUS_PIN);
    return true;
}
