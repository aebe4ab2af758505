// SPDX-License-Identifier: GPL-2.0-or-later
#include "changes.h"

#include "engine/base/bound.h"

#include <signpost/json.h>
#include <signpost/schema.h>
#include <signpost/values.h>

#include <stdlib.h>
#include <xxhash.h>

/* Hashes a document's unique term. A removed document is known only by its term in the old index,
   so documents are compared by terms. */
static uint64_t
hash_of(const char *prefix, sp_bytes id, bool *failed)
{
    SP_AUTO(sp_str_done) sp_str term = {0};
    sp_term_make(&term, prefix, id);
    *failed |= term.failed;
    return XXH64(sp_str_bytes(&term).data, term.len, 0);
}

static void
add_change(sp_change_list *list, enum sp_change change, const char *prefix, sp_bytes id)
{
    list->items = sp_arena_grow(list->arena, list->items, &list->capacity, list->count + 1,
                                sizeof *list->items);
    if (list->items)
        list->items[list->count++] =
            (sp_run_change){.change = change,
                            .resource = strcmp(prefix, SP_PREFIX_RESOURCE) == 0,
                            .id = sp_arena_copy(list->arena, id)};
}

void
sp_change_list_note(sp_change_list *list, const char *prefix, sp_bytes id, const uint64_t *before,
                    const uint64_t *after)
{
    if (!list->arena)
        return;
    if (before && !after)
        add_change(list, SP_CHANGE_REMOVED, prefix, id);
    else if (!before && after)
        add_change(list, SP_CHANGE_ADDED, prefix, id);
    else if (before && *before != *after)
        add_change(list, SP_CHANGE_UPDATED, prefix, id);
    if (!list->full || !before)
        return;
    list->kept = sp_arena_grow(list->arena, list->kept, &list->kept_capacity, list->kept_count + 1,
                               sizeof *list->kept);
    if (list->kept)
        list->kept[list->kept_count++] = hash_of(prefix, id, &list->arena->failed);
}

/* Removed */

struct removed_context {
    sp_change_list *list;
    const char *prefix;
};

static enum sp_status
add_if_removed(void *context, sp_bytes id, sp_error *err)
{
    const struct removed_context *removed = context;
    sp_change_list *list = removed->list;
    uint64_t hash = hash_of(removed->prefix, id, &list->arena->failed);
    if (!sp_has_hash(list->kept, list->kept_count, hash))
        add_change(list, SP_CHANGE_REMOVED, removed->prefix, id);
    return sp_arena_check(list->arena, err);
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
sp_change_list_finish(sp_change_list *list, sp_old_index *old, sp_error *err)
{
    static const char *const prefixes[] = {SP_PREFIX_POST, SP_PREFIX_RESOURCE};
    if (!list->arena)
        return SP_OK;
    enum sp_status status = sp_arena_check(list->arena, err);
    if (status == SP_OK && list->kept_count > 0)
        qsort(list->kept, list->kept_count, sizeof *list->kept, sp_compare_hashes);
    for (size_t i = 0; list->full && status == SP_OK && i < 2; i++) {
        struct removed_context removed = {.list = list, .prefix = prefixes[i]};
        status = sp_old_index_each(old, prefixes[i], add_if_removed, &removed, err);
    }
    if (status == SP_OK && list->count > 0)
        qsort(list->items, list->count, sizeof *list->items, compare_changes);
    return status;
}

/* JSON */

static const char *
change_name(enum sp_change change)
{
    static const char *const names[] = {"added", "updated", "removed"};
    return names[change];
}

void
sp_run_changes_print_json(const sp_run_change *changes, size_t count, sp_str *out)
{
    sp_json_open_array(out, NULL);
    for (size_t i = 0; i < count; i++) {
        sp_json_open_object(out, NULL);
        sp_json_text(out, "change", sp_bytes_of(change_name(changes[i].change)));
        sp_json_text(out, "kind",
                     sp_bytes_of(changes[i].resource ? SP_RESOURCE_NAME : SP_POST_NAME));
        sp_json_text(out, "id", changes[i].id);
        sp_json_close_object(out);
    }
    sp_json_close_array(out);
}
