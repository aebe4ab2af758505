// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/evaluate.h>

#include "engine/search/find_by_url.h"

#include <stdlib.h>

struct unknown_state {
    sp_reader *reader;
    const sp_judgments *judgments;
    sp_unknown_targets *out;
    sp_error *err;
};

static int
compare_targets(const void *left, const void *right)
{
    const sp_judgment *a = left, *b = right;
    int order = sp_bytes_compare(a->target, b->target);
    return order != 0 ? order : (a->order > b->order) - (a->order < b->order);
}

static int
compare_order(const void *left, const void *right)
{
    const sp_judgment *a = left, *b = right;
    return (a->order > b->order) - (a->order < b->order);
}

/* Collects the wanted targets, each once, with the line that names it first. */
static enum sp_status
list_targets(struct unknown_state *state)
{
    const sp_judgments *judgments = state->judgments;
    sp_unknown_targets *out = state->out;
    size_t most = 0, kept = 0;
    for (size_t i = 0; i < judgments->count; i++)
        most += judgments->queries[i].target_count;
    sp_arena_clear(&out->arena);
    out->count = 0;
    out->items = sp_arena_array(&out->arena, most, sizeof *out->items);
    if (!out->items)
        return sp_arena_check(&out->arena, state->err);
    for (size_t i = 0; i < judgments->count; i++) {
        const sp_judged_query *query = &judgments->queries[i];
        for (size_t k = 0; k < query->target_count; k++) {
            if (query->targets[k].grade > 0)
                out->items[out->count++] = query->targets[k];
        }
    }
    qsort(out->items, out->count, sizeof *out->items, compare_targets);
    for (size_t i = 0; i < out->count; i++) {
        if (i == 0 || !sp_bytes_equal(out->items[i].target, out->items[kept - 1].target))
            out->items[kept++] = out->items[i];
    }
    out->count = kept;
    return SP_OK;
}

static enum sp_status
is_known(struct unknown_state *state, sp_bytes target, bool *known)
{
    SP_AUTO(sp_str_done) sp_str term = {0};
    uint32_t docid;
    size_t count = 0;
    sp_term_make(&term, SP_PREFIX_URL, target);
    enum sp_status status = sp_str_check(&term, state->err);
    if (status == SP_OK && term.len > 0)
        status =
            sp_first_documents(state->reader, sp_str_bytes(&term), 1, &docid, &count, state->err);
    *known = count > 0;
    return status;
}

static enum sp_status
attempt(void *context)
{
    struct unknown_state *state = context;
    sp_unknown_targets *out = state->out;
    enum sp_status status = list_targets(state);
    size_t kept = 0;
    for (size_t i = 0; status == SP_OK && i < out->count; i++) {
        bool known;
        status = is_known(state, out->items[i].target, &known);
        if (status == SP_OK && !known)
            out->items[kept++] = out->items[i];
    }
    out->count = kept;
    if (kept > 0)
        qsort(out->items, kept, sizeof *out->items, compare_order);
    return status;
}

enum sp_status
sp_unknown_targets_find(sp_reader *reader, const sp_judgments *judgments, sp_unknown_targets *out,
                        sp_error *err)
{
    struct unknown_state state = {.reader = reader, .judgments = judgments, .out = out, .err = err};
    if (judgments->by_name) /* names are not in the index */
        return SP_OK;
    return sp_reader_attempt(reader, attempt, &state, err);
}

void
sp_unknown_targets_done(sp_unknown_targets *targets)
{
    sp_arena_done(&targets->arena);
    *targets = (sp_unknown_targets){0};
}
