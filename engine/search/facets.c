// SPDX-License-Identifier: GPL-2.0-or-later
#include "facets.h"

#include <signpost/analyzer.h>
#include <signpost/schema.h>

#include <stdlib.h>

/* The parts of a slot's value, in the order of facet_slot.h. */
static const enum sp_facet_kind parts[SP_FACET_COUNT] = {
    SP_FACET_KIND, SP_FACET_LANG, SP_FACET_YEAR, SP_FACET_TAG, SP_FACET_CATEGORY};

void
sp_facets_request(xc_request *request)
{
    static const uint32_t slots[] = {SP_SLOT_FACETS};
    request->facet_slots = slots;
    request->facet_slot_count = 1;
    request->facet_max = UINT32_MAX;
    request->check_at_least = UINT32_MAX;
}

/* Takes the next piece of *rest, up to the character `end` or the end of *rest. */
static sp_bytes
next_piece(sp_bytes *rest, char end)
{
    const char *found = rest->len > 0 ? memchr(rest->data, end, rest->len) : NULL;
    size_t len = found ? (size_t)(found - rest->data) : rest->len;
    sp_bytes piece = {rest->data, len};
    *rest = sp_bytes_slice(*rest, found ? len + 1 : len, rest->len);
    return piece;
}

static size_t
count_pieces(const xc_facet *counted)
{
    size_t count = 0;
    for (size_t i = 0; i < counted->value_count; i++) {
        count += SP_FACET_COUNT;
        for (size_t k = 0; k < counted->values[i].value.len; k++)
            count += counted->values[i].value.data[k] == SP_FACET_COMMA;
    }
    return count;
}

/* A spelling of a value. Before sum_spellings runs, the count covers only one value of the slot. */
struct spelling {
    enum sp_facet_kind kind;
    sp_bytes folded;
    sp_facet_value as;
};

struct spellings {
    struct spelling *items;
    size_t count;
};

static void
split_value(const xc_facet_value *counted, struct spellings *to)
{
    sp_bytes rest = {counted->value.data, counted->value.len};
    for (size_t i = 0; i < SP_FACET_COUNT; i++) {
        sp_bytes part = next_piece(&rest, SP_FACET_GAP);
        while (part.len > 0) {
            sp_bytes value = next_piece(&part, SP_FACET_COMMA);
            to->items[to->count++] =
                (struct spelling){.kind = parts[i], .as = {value, counted->count}};
        }
    }
}

static int
compare_text(const void *left, const void *right)
{
    const struct spelling *a = left, *b = right;
    return a->kind != b->kind ? (int)a->kind - (int)b->kind
                              : sp_bytes_compare(a->as.value, b->as.value);
}

/* Sorts the spellings of one value next to each other, the most frequent first. */
static int
compare_folded(const void *left, const void *right)
{
    const struct spelling *a = left, *b = right;
    int order =
        a->kind != b->kind ? (int)a->kind - (int)b->kind : sp_bytes_compare(a->folded, b->folded);
    if (order == 0 && a->as.count != b->as.count)
        order = a->as.count < b->as.count ? 1 : -1;
    return order != 0 ? order : sp_bytes_compare(a->as.value, b->as.value);
}

static int
compare_counts(const void *left, const void *right)
{
    const sp_facet_value *a = left, *b = right;
    if (a->count != b->count)
        return a->count < b->count ? 1 : -1;
    return sp_bytes_compare(a->value, b->value);
}

static int
compare_years(const void *left, const void *right)
{
    const sp_facet_value *a = left, *b = right;
    return -sp_bytes_compare(a->value, b->value);
}

/* Merges equal spellings, adds up their counts and folds them. */
static void
sum_spellings(struct spellings *list, sp_arena *arena)
{
    SP_AUTO(sp_str_done) sp_str folded = {0};
    size_t kept = 0;
    qsort(list->items, list->count, sizeof *list->items, compare_text);
    for (size_t i = 0; i < list->count; i++) {
        if (kept > 0 && compare_text(&list->items[kept - 1], &list->items[i]) == 0)
            list->items[kept - 1].as.count += list->items[i].as.count;
        else
            list->items[kept++] = list->items[i];
    }
    list->count = kept;
    for (size_t i = 0; i < kept; i++) {
        sp_str_clear(&folded);
        sp_fold_append(&folded, list->items[i].as.value);
        list->items[i].folded = sp_arena_copy_str(arena, &folded);
    }
    qsort(list->items, kept, sizeof *list->items, compare_folded);
}

/* Makes the facet of the values of one kind, which begin at *next. */
static void
make_facet(enum sp_facet_kind kind, const struct spellings *list, size_t *next, sp_arena *arena,
           sp_facet *out)
{
    out->values = sp_arena_array(arena, list->count - *next, sizeof *out->values);
    const struct spelling *before = NULL;
    for (; out->values && *next < list->count && list->items[*next].kind == kind; ++*next) {
        const struct spelling *spelling = &list->items[*next];
        if (before && sp_bytes_equal(before->folded, spelling->folded)) {
            out->values[out->value_count - 1].count += spelling->as.count;
            continue;
        }
        out->values[out->value_count++] =
            (sp_facet_value){sp_arena_copy(arena, spelling->as.value), spelling->as.count};
        before = spelling;
    }
    if (!out->values)
        return;
    qsort(out->values, out->value_count, sizeof *out->values,
          kind == SP_FACET_YEAR ? compare_years : compare_counts);
    if (out->value_count > SP_FACET_VALUES_MAX)
        out->value_count = SP_FACET_VALUES_MAX;
}

enum sp_status
sp_facets_count(const xc_page *page, sp_answer *answer, sp_error *err)
{
    SP_AUTO(sp_arena_done) sp_arena scratch = {0};
    struct spellings list = {0};
    size_t next = 0;
    const xc_facet *counted = page && page->facet_count > 0 ? &page->facets[0] : NULL;
    answer->facets = sp_arena_array(&answer->arena, SP_FACET_COUNT, sizeof *answer->facets);
    list.items = sp_arena_array(&scratch, counted ? count_pieces(counted) : 0, sizeof *list.items);
    if (!answer->facets || !list.items)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    for (size_t i = 0; counted && i < counted->value_count; i++)
        split_value(&counted->values[i], &list);
    sum_spellings(&list, &scratch);
    for (int kind = 0; kind < SP_FACET_COUNT; kind++)
        make_facet((enum sp_facet_kind)kind, &list, &next, &answer->arena, &answer->facets[kind]);
    return sp_arena_check(scratch.failed ? &scratch : &answer->arena, err);
}
