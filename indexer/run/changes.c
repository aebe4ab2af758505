// SPDX-License-Identifier: GPL-2.0-or-later
#include "run_private.h"

#include "engine/base/bound.h"

#include <signpost/schema.h>

#include <stdlib.h>
#include <xxhash.h>

/* The hash of a document's unique term. Of a removed document the index has no more than that. */
static uint64_t
hash_of(const char *prefix, sp_bytes id, bool *failed)
{
    SP_AUTO(sp_str_done) sp_str term = {0};
    sp_term_make(&term, prefix, id);
    *failed |= term.failed;
    return XXH64(sp_str_bytes(&term).data, term.len, 0);
}

static void
add_change(sp_run_report *report, enum sp_change change, const char *prefix, sp_bytes id)
{
    report->changes = sp_arena_grow(&report->arena, report->changes, &report->change_capacity,
                                    report->change_count + 1, sizeof *report->changes);
    if (report->changes)
        report->changes[report->change_count++] =
            (sp_run_change){.change = change,
                            .resource = strcmp(prefix, SP_PREFIX_RESOURCE) == 0,
                            .id = sp_arena_copy(&report->arena, id)};
}

void
sp_run_note(struct sp_run *run, const char *prefix, sp_bytes id, const uint64_t *before,
            const uint64_t *after)
{
    if (!run->options->dry_run)
        return;
    if (before && !after)
        add_change(run->report, SP_CHANGE_REMOVED, prefix, id);
    else if (!before && after)
        add_change(run->report, SP_CHANGE_ADDED, prefix, id);
    else if (before && *before != *after)
        add_change(run->report, SP_CHANGE_UPDATED, prefix, id);
    if (!run->whole || !before)
        return;
    run->kept = sp_arena_grow(&run->report->arena, run->kept, &run->kept_capacity,
                              run->kept_count + 1, sizeof *run->kept);
    if (run->kept)
        run->kept[run->kept_count++] = hash_of(prefix, id, &run->report->arena.failed);
}

void
sp_run_forget_changes(struct sp_run *run)
{
    run->report->change_count = run->kept_count = 0;
}

/* Removed */

struct visit {
    struct sp_run *run;
    const char *prefix;
};

static enum sp_status
note_if_gone(void *context, sp_bytes id, sp_error *err)
{
    const struct visit *visit = context;
    struct sp_run *run = visit->run;
    uint64_t hash = hash_of(visit->prefix, id, &run->report->arena.failed);
    if (!sp_has_hash(run->kept, run->kept_count, hash))
        add_change(run->report, SP_CHANGE_REMOVED, visit->prefix, id);
    return sp_arena_check(&run->report->arena, err);
}

static int
compare_changes(const void *left, const void *right)
{
    const sp_run_change *a = left, *b = right;
    if (a->resource != b->resource)
        return a->resource ? 1 : -1;
    return sp_bytes_compare(a->id, b->id);
}

enum sp_status
sp_run_list_changes(struct sp_run *run, sp_error *err)
{
    static const char *const prefixes[] = {SP_PREFIX_POST, SP_PREFIX_RESOURCE};
    sp_run_report *report = run->report;
    enum sp_status status = sp_arena_check(&report->arena, err);
    if (status != SP_OK || !run->options->dry_run)
        return status;
    if (run->kept_count > 0)
        qsort(run->kept, run->kept_count, sizeof *run->kept, sp_compare_hashes);
    for (size_t i = 0; run->whole && status == SP_OK && i < 2; i++) {
        struct visit visit = {.run = run, .prefix = prefixes[i]};
        status = sp_old_index_each(run->previous, prefixes[i], note_if_gone, &visit, err);
    }
    if (status == SP_OK && report->change_count > 0)
        qsort(report->changes, report->change_count, sizeof *report->changes, compare_changes);
    return status;
}
