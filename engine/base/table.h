// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An open-addressing hash table, which maps a hash to the number of an item in the caller's own
 * array.
 *
 * The table holds hashes and numbers; the caller holds the items and compares them with the key.
 * The functions are inline so that the comparison is compiled into the search. Growing moves slots
 * but not items. Zero-initialise a table; sp_table_done frees it. A table belongs to one thread at
 * a time.
 *
 *     sp_table_slot *slot = sp_table_find(&table, hash, is_word, words, &word);
 *     if (!sp_table_has_item(slot))
 *         sp_table_fill(&table, slot, hash, count), words[count++] = word;
 */
#ifndef SIGNPOST_ENGINE_BASE_TABLE_H
#define SIGNPOST_ENGINE_BASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define SP_TABLE_SLOTS_MIN ((size_t)64)

typedef struct sp_table_slot {
    uint32_t hash;
    uint32_t item_plus_1; /* 0: free */
} sp_table_slot;

typedef struct sp_table {
    sp_table_slot *slots; /* linear probing; at most half of them are filled */
    size_t slot_count;    /* in use: a power of two, or 0 before the first sp_table_reserve */
    size_t allocated;     /* at least slot_count */
    size_t count;         /* filled slots */
    size_t probes_max;    /* slots that one search looks at; 0: no limit. Set it before first use */
} sp_table;

/* Whether item number `item` of `items` has this key. Called only if its hash equals that of the
   key. */
typedef bool sp_table_match(const void *items, uint32_t item, const void *key);

static inline void
sp_table_done(sp_table *table)
{
    free(table->slots);
    *table = (sp_table){.probes_max = table->probes_max};
}

/* Removes all items and keeps the memory. */
static inline void
sp_table_clear(sp_table *table)
{
    if (table->count > 0)
        memset(table->slots, 0, table->slot_count * sizeof *table->slots);
    table->count = 0;
}

static inline bool
sp_table_has_item(const sp_table_slot *slot)
{
    return slot && slot->item_plus_1 != 0;
}

/* The number of the item in a slot that has one. */
static inline uint32_t
sp_table_item(const sp_table_slot *slot)
{
    return slot->item_plus_1 - 1;
}

/* The slot that holds the item, otherwise the free slot for it. NULL when probes_max slots hold
   other items, and before the first sp_table_reserve. Valid until the table grows. */
static inline sp_table_slot *
sp_table_find(const sp_table *table, uint32_t hash, sp_table_match *match, const void *items,
              const void *key)
{
    size_t limit = table->probes_max > 0 ? table->probes_max : table->slot_count;
    for (size_t i = 0; table->slot_count > 0 && i < limit; i++) {
        sp_table_slot *slot = &table->slots[(hash + i) & (table->slot_count - 1)];
        if (slot->item_plus_1 == 0 ||
            (slot->hash == hash && match(items, slot->item_plus_1 - 1, key)))
            return slot;
    }
    return NULL;
}

/* Puts an item into the free slot that sp_table_find returned for its hash. */
static inline void
sp_table_fill(sp_table *table, sp_table_slot *slot, uint32_t hash, uint32_t item)
{
    *slot = (sp_table_slot){hash, item + 1};
    table->count++;
}

static inline bool
sp_table_matches_none(const void *items, uint32_t item, const void *key)
{
    (void)items, (void)item, (void)key;
    return false;
}

static inline size_t
sp_table_slots_for(size_t count)
{
    size_t slots = SP_TABLE_SLOTS_MIN;
    while (slots / 2 < count && slots <= SIZE_MAX / sizeof(sp_table_slot) / 2)
        slots *= 2;
    return slots;
}

/* Makes room for `count` items in total, fewer than 2^31, and keeps the present ones. If probes_max
   is set, an item that finds no slot within that many probes is lost. False when memory is out; the
   table is then unchanged. */
static inline bool
sp_table_reserve(sp_table *table, size_t count)
{
    if (table->slot_count > 0 && count <= table->slot_count / 2)
        return true;
    sp_table grown = {.probes_max = table->probes_max, .slot_count = sp_table_slots_for(count)};
    grown.allocated = grown.slot_count;
    grown.slots = (sp_table_slot *)calloc(grown.slot_count, sizeof *grown.slots);
    if (!grown.slots)
        return false;
    for (size_t i = 0; i < table->slot_count; i++) {
        const sp_table_slot *old = &table->slots[i];
        sp_table_slot *slot =
            old->item_plus_1 == 0
                ? NULL
                : sp_table_find(&grown, old->hash, sp_table_matches_none, NULL, NULL);
        if (slot)
            sp_table_fill(&grown, slot, old->hash, sp_table_item(old));
    }
    free(table->slots);
    *table = grown;
    return true;
}

/* Removes all items and makes room for `count`, in as few slots as possible: for a table that is
   refilled many times. False when memory is out; the table is then empty. */
static inline bool
sp_table_reset(sp_table *table, size_t count)
{
    size_t slots = sp_table_slots_for(count);
    if (!table->slots || slots > table->allocated) {
        sp_table_done(table);
        return sp_table_reserve(table, count);
    }
    memset(table->slots, 0, slots * sizeof *table->slots);
    table->slot_count = slots;
    table->count = 0;
    return true;
}

#endif
